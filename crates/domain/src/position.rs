//! A position is a job opening.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Language, PositionId, UserId, default_criteria,
    text::{Line, PositionName},
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
            interviewers: Vec::new(),
            pass_mark: None,
            questions: Vec::new(),
            weights: Vec::new(),
            criteria: Vec::new(),
            created_at,
            closed_at: None,
        }
    }

    /// What its interviewers judge by.
    pub fn criteria(&self, language: Language) -> Vec<Line> {
        if self.criteria.is_empty() { default_criteria(language) } else { self.criteria.clone() }
    }

    /// Whether `name` names this position.
    pub fn is_called(&self, name: &PositionName) -> bool {
        self.name == *name || self.aliases.contains(name)
    }
}
