//! Skill assessments: scores per skill, wrong answers, weak points.

use serde::{Deserialize, Serialize};

use crate::{
    Score,
    text::{Line, Prose, SkillName},
};

/// The results of the assessments made for one application.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SkillAssessment {
    /// One result per skill or assessment.
    pub results: Vec<SkillResult>,
}

/// The result in one skill or assessment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SkillResult {
    /// What was assessed: Python, 客户沟通模拟测评.
    pub skill: SkillName,
    /// The score.
    pub score: Score,
    /// What was answered wrongly.
    #[serde(default)]
    pub wrong_answers: Vec<WrongAnswer>,
    /// What the candidate is weak in.
    #[serde(default)]
    pub weak_points: Vec<Line>,
}

/// A question that was answered wrongly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WrongAnswer {
    /// The question.
    pub question: Line,
    /// What the candidate answered.
    pub answer: Prose,
    /// What would have been right, and why.
    pub explanation: Prose,
}
