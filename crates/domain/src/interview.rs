//! An interview is one sitting at a vendor.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ApplicationId, CandidateId, ConnectionId, InterviewId, Language, Score, ScoreRevision,
    emotion::EmotionLabel,
    text::{Line, RemoteId, VendorName},
};

/// One sitting of an AI interview; belongs to an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interview {
    /// The interview's id.
    pub id: InterviewId,
    /// Whose it is.
    pub candidate: CandidateId,
    /// The application that it belongs to.
    pub application: ApplicationId,
    /// The connection that brought it.
    pub connection: ConnectionId,
    /// The vendor.
    pub vendor: VendorName,
    /// The vendor's id of it.
    pub remote_id: RemoteId,
    /// When it began; absent where the time was not chosen for syncing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// The questions, in the order asked.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// The states of the overall AI score, oldest first; the last one holds.
    #[serde(default)]
    pub scores: Vec<ScoreRevision>,
    /// The vendor's scores for single criteria, such as communication.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// The label of the emotion data, from the thresholds in the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emotion: Option<EmotionLabel>,
    /// When its materials were last found whole at the vendor.
    pub synced_at: DateTime<Utc>,
}

impl Interview {
    /// The AI score that holds now.
    pub fn score(&self) -> Option<Score> {
        self.scores.last().map(|revision| revision.score)
    }
}

/// A question and when, in seconds from the start, it was asked and answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The question.
    pub text: Line,
    /// Where it begins, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<f64>,
    /// Where the answer ends, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<f64>,
}

/// A vendor's score for one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// The criterion.
    pub name: Line,
    /// The score.
    pub score: Score,
}

impl Criterion {
    /// What people call it: vendors name the usual ones by keys of theirs, and others in words.
    pub fn label(&self, language: Language) -> &str {
        let (zh, en) = match self.name.as_str() {
            "communication" => ("沟通表达", "Communication"),
            "motivation" => ("求职动机", "Motivation"),
            "skills" => ("专业技能", "Skills"),
            "language_vocabulary_and_expression" => {
                ("语言：词汇与表达", "Language: vocabulary and expression")
            }
            "language_grammar_and_structure" => ("语言：语法与结构", "Language: grammar and structure"),
            "language_fluency_and_pace" => ("语言：流利度与语速", "Language: fluency and pace"),
            "language_comprehension" => ("语言：理解", "Language: comprehension"),
            other => return other,
        };
        language.pick(zh, en)
    }
}
