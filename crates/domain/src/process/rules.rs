//! Rules that suggest moves. A rule moves nothing by itself: a person confirms.

use serde::{Deserialize, Serialize};

use super::{Place, Process};
use crate::{Language, Stage};

/// Suggests to move what stands in one place, and has the score for it, to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveRule {
    /// From where.
    pub from: Place,
    /// To where.
    pub to: Place,
    /// From which score on it is suggested.
    pub at_least: Bar,
}

/// A score to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// The position's pass mark, by the score by which the position judges; where it has none, nothing reaches it.
    PassMark,
    /// This AI score, 0–100.
    Score(f64),
}

impl Bar {
    /// Whether it is reached with this AI score, at a position that lets pass or not.
    pub(super) fn is_reached(self, score: Option<f64>, passes: Option<bool>) -> bool {
        match self {
            Self::PassMark => passes == Some(true),
            Self::Score(bar) => score.is_some_and(|score| score >= bar),
        }
    }
}

/// Why a rule is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Language::English))]
pub enum RuleError {
    /// Rules that lead back to where they began, by the names of the places on the way.
    Circle(Vec<String>, Vec<String>),
    /// Only a person rejects, and only the candidate withdraws.
    Ends,
    /// A step that there is not, or that was given up.
    NoPlace,
    /// The score is none.
    NoScore,
}

impl RuleError {
    /// What people read.
    pub fn message(&self, language: Language) -> String {
        let (zh, en) = match self {
            Self::Circle(zh, en) => (
                format!("流转规则循环：{}", zh.join(" → ")),
                format!("the rules move in a circle: {}", en.join(" → ")),
            ),
            Self::Ends => (
                "规则不能淘汰候选人，也不能替其放弃；这只能由人决定".to_owned(),
                "a rule neither rejects nor withdraws anybody; only a person does".to_owned(),
            ),
            Self::NoPlace => (
                "规则中的环节不存在或已停用".to_owned(),
                "a rule names a step that does not exist or was given up".to_owned(),
            ),
            Self::NoScore => (
                "规则的分数须在 0 到 100 之间".to_owned(),
                "the score of a rule must be between 0 and 100".to_owned(),
            ),
        };
        match language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

impl MoveRule {
    /// Whoever reaches the pass mark goes on to the human interview.
    pub fn defaults() -> Vec<Self> {
        vec![Self {
            from: Stage::AiInterview.into(),
            to: Stage::HumanInterview.into(),
            at_least: Bar::PassMark,
        }]
    }
}

/// Whether all rules of a process make sense together.
pub(super) fn check(process: &Process) -> Result<(), RuleError> {
    for rule in &process.rules {
        if rule.to.stage.is_end_without_hire() || rule.from.stage.is_end_without_hire() {
            return Err(RuleError::Ends);
        }
        if [&rule.from, &rule.to].into_iter().any(|place| !process.has(place)) {
            return Err(RuleError::NoPlace);
        }
        if matches!(rule.at_least, Bar::Score(score) if !(0.0..=100.0).contains(&score)) {
            return Err(RuleError::NoScore);
        }
    }
    match circle(&process.rules) {
        Some(places) => {
            let names = |language| places.iter().map(|place| process.label(place, language)).collect();
            Err(RuleError::Circle(names(Language::Chinese), names(Language::English)))
        }
        None => Ok(()),
    }
}

/// The places that rules lead around, the first one twice.
fn circle(rules: &[MoveRule]) -> Option<Vec<&Place>> {
    let mut left: Vec<&MoveRule> = rules.iter().collect();
    // A rule that leads to where no rule begins is a part of no circle.
    loop {
        let (before, begins): (_, Vec<&Place>) = (left.len(), left.iter().map(|rule| &rule.from).collect());
        left.retain(|rule| begins.contains(&&rule.to));
        if left.len() == before {
            break;
        }
    }
    let mut way = vec![&left.first()?.from];
    loop {
        let at = *way.last()?;
        let next = &left.iter().find(|rule| rule.from == *at)?.to;
        let been = way.iter().position(|place| *place == next);
        way.push(next);
        if let Some(begin) = been {
            return Some(way.split_off(begin));
        }
    }
}
