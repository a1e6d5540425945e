//! A position is a job opening.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Language, PositionId, UserId, default_criteria,
    scorecard::MOST_CRITERIA,
    scoring::ScoringError,
    text::{BranchName, Line, PositionName},
};

/// A job opening, with the interviewers who are responsible for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// The position's id.
    pub id: PositionId,
    /// Its name, unique in the archive.
    pub name: PositionName,
    /// Other names under which vendors list it; an interview for one of them belongs here.
    #[serde(default)]
    pub aliases: Vec<PositionName>,
    /// The branch of the bank that hires for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchName>,
    /// Who may see the dossiers of this position as its interviewer.
    #[serde(default)]
    pub interviewers: Vec<UserId>,
    /// The AI score, 0–100, from which the position counts an interview as passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_mark: Option<f64>,
    /// The questions asked.
    #[serde(default)]
    pub questions: Vec<Line>,
    /// The share of each assessment in the weighted score; they need not add up to anything.
    #[serde(default)]
    pub weights: Vec<Weight>,
    /// What its interviewers judge by; where there is nothing, [`crate::default_criteria`].
    #[serde(default)]
    pub criteria: Vec<Line>,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// When it was closed; a closed position gives its interviewers no rights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// What of a position is to be changed; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PositionChange {
    /// Its name. The name before stays one of its other names, since what arrives may still say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<PositionName>,
    /// Other names under which vendors list it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Vec<PositionName>>,
    /// The branch that hires for it, or that none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<Option<BranchName>>,
    /// The pass mark, or that there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_mark: Option<Option<f64>>,
    /// The questions asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub questions: Option<Vec<Line>>,
    /// The shares of assessments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<Weight>>,
    /// What its interviewers judge by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criteria: Option<Vec<Line>>,
}

/// So many other names a position has at most.
pub const MOST_ALIASES: usize = 40;
/// So many questions a position has at most.
pub const MOST_QUESTIONS: usize = 100;

/// Why a position makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Language::English))]
pub enum PositionError {
    /// Too many other names.
    Aliases,
    /// Too many questions.
    Questions,
    /// Too many criteria.
    Criteria,
    /// A criterion stands there twice.
    Twice,
    /// The rule by which it judges makes no sense.
    Scoring(ScoringError),
}

impl PositionError {
    /// What people read.
    pub fn message(self, language: Language) -> String {
        let (zh, en) = match self {
            Self::Aliases => (
                format!("别名最多 {MOST_ALIASES} 个"),
                format!("a position has {MOST_ALIASES} other names at most"),
            ),
            Self::Questions => (
                format!("面试问题最多 {MOST_QUESTIONS} 个"),
                format!("a position has {MOST_QUESTIONS} questions at most"),
            ),
            Self::Criteria => (
                format!("评价标准最多 {MOST_CRITERIA} 条"),
                format!("a position has {MOST_CRITERIA} criteria at most"),
            ),
            Self::Twice => ("同一评价标准出现了两次".to_owned(), "a criterion stands there twice".to_owned()),
            Self::Scoring(error) => (error.message(Language::Chinese), error.message(Language::English)),
        };
        match language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

/// The share of one assessment in a weighted score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weight {
    /// The assessment.
    pub skill: crate::text::SkillName,
    /// Its share; 0.2 is 20 %.
    pub share: f64,
}

impl Position {
    /// An open position with nothing but a name.
    pub fn new(id: PositionId, name: PositionName, created_at: DateTime<Utc>) -> Self {
        Self {
            id,
            name,
            aliases: Vec::new(),
            branch: None,
            interviewers: Vec::new(),
            pass_mark: None,
            questions: Vec::new(),
            weights: Vec::new(),
            criteria: Vec::new(),
            created_at,
            closed_at: None,
        }
    }

    /// The position after a change. Each name stands in it once, and a name that it had is not lost with another one.
    #[must_use]
    pub fn after(&self, change: &PositionChange) -> Self {
        let mut after = self.clone();
        let PositionChange { name, aliases, branch, pass_mark, questions, weights, criteria } =
            change.clone();
        after.aliases = aliases.unwrap_or(after.aliases);
        if let Some(name) = name.filter(|name| *name != self.name) {
            after.aliases.push(std::mem::replace(&mut after.name, name));
        }
        let mut seen = BTreeSet::from([after.name.clone()]);
        after.aliases.retain(|alias| seen.insert(alias.clone()));
        after.branch = branch.unwrap_or(after.branch);
        after.pass_mark = pass_mark.unwrap_or(after.pass_mark);
        after.questions = questions.unwrap_or(after.questions);
        after.weights = weights.unwrap_or(after.weights);
        after.criteria = criteria.unwrap_or(after.criteria);
        after
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    /// What does not.
    pub fn check(&self) -> Result<(), PositionError> {
        if self.aliases.len() > MOST_ALIASES {
            return Err(PositionError::Aliases);
        }
        if self.questions.len() > MOST_QUESTIONS {
            return Err(PositionError::Questions);
        }
        if self.criteria.len() > MOST_CRITERIA {
            return Err(PositionError::Criteria);
        }
        let mut seen = BTreeSet::new();
        if !self.criteria.iter().all(|criterion| seen.insert(criterion)) {
            return Err(PositionError::Twice);
        }
        self.scoring().check().map_err(PositionError::Scoring)
    }

    /// All names that it has.
    pub fn names(&self) -> impl Iterator<Item = &PositionName> {
        std::iter::once(&self.name).chain(&self.aliases)
    }

    /// What its interviewers judge by.
    pub fn criteria(&self, language: Language) -> Vec<Line> {
        if self.criteria.is_empty() { default_criteria(language) } else { self.criteria.clone() }
    }

    /// Whether `name` names this position.
    pub fn is_called(&self, name: &PositionName) -> bool {
        self.names().any(|of| of == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> PositionName {
        PositionName::parse(text).unwrap()
    }

    fn position() -> Position {
        let id = PositionId::from_bytes([1; 16]);
        let aliases = vec![name("AM")];
        Position {
            aliases,
            pass_mark: Some(70.0),
            ..Position::new(id, name("客户经理"), DateTime::default())
        }
    }

    #[test]
    fn a_renamed_position_keeps_every_name_that_it_had() {
        let rename = |of: &Position, to| {
            of.after(&PositionChange { name: Some(name(to)), ..PositionChange::default() })
        };
        let renamed = rename(&position(), "零售客户经理");
        assert_eq!(
            (renamed.name.as_str(), &renamed.aliases),
            ("零售客户经理", &vec![name("AM"), name("客户经理")])
        );
        assert!(renamed.is_called(&name("客户经理")) && renamed.pass_mark == Some(70.0));
        let back = rename(&renamed, "客户经理");
        assert_eq!(
            (back.name.as_str(), &back.aliases),
            ("客户经理", &vec![name("AM"), name("零售客户经理")])
        );
        assert_eq!(rename(&position(), "客户经理"), position());
        let change =
            PositionChange { name: Some(name("x")), aliases: Some(Vec::new()), ..PositionChange::default() };
        assert_eq!(position().after(&change).aliases, [name("客户经理")], "only the name before is kept");
    }

    #[test]
    fn what_is_not_said_stays_and_none_takes_away() {
        let change = PositionChange { pass_mark: Some(None), ..PositionChange::default() };
        assert_eq!(position().after(&change).pass_mark, None);
        assert_eq!(position().after(&PositionChange::default()), position());
    }

    #[test]
    fn a_position_makes_sense_or_says_what_does_not() {
        let line = |text: &str| Line::parse(text).unwrap();
        assert_eq!(position().check(), Ok(()));
        for (wrong, error) in [
            (Position { aliases: vec![name("x"); 41], ..position() }, PositionError::Aliases),
            (Position { questions: vec![line("x"); 101], ..position() }, PositionError::Questions),
            (Position { criteria: vec![line("x"); 21], ..position() }, PositionError::Criteria),
            (Position { criteria: vec![line("x"); 2], ..position() }, PositionError::Twice),
            (
                Position { pass_mark: Some(101.0), ..position() },
                PositionError::Scoring(ScoringError::PassMark),
            ),
        ] {
            assert_eq!(wrong.check(), Err(error));
            assert!(!error.to_string().is_empty());
        }
    }
}
