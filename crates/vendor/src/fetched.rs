//! One interview as an adapter hands it over: the vendor's data in the words of the domain.

use chrono::{DateTime, Utc};
use dossier_domain::{
    EmotionProfile, Identity, Question, ResumeReport, Score, SkillAssessment, Transcript,
    interview::Criterion,
    text::{Line, PositionName, RemoteId},
};
use serde::{Deserialize, Serialize};

/// One interview and its parts. The payload that it came from is not kept, only its hash: what was not chosen for
/// syncing must not be stored in a roundabout way.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// The vendor's id of the interview.
    pub remote_id: RemoteId,
    /// What it was for.
    pub position: RemotePosition,
    /// Whose it is.
    pub candidate: RemoteCandidate,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The questions, in the order asked.
    pub questions: Vec<Question>,
    /// The overall AI score.
    pub score: Option<Score>,
    /// Scores for single criteria.
    pub criteria: Vec<Criterion>,
    /// The model that scored, where the vendor says which.
    pub model: Option<Line>,
    /// SHA-256 of the payload as it was received, in hexadecimal.
    pub payload_sha256: String,
    /// Length of that payload in bytes, by which batches are bounded.
    pub payload_bytes: u64,
    /// The résumé-screening report.
    pub resume_report: Part<ResumeReport>,
    /// What was said.
    pub transcript: Part<Transcript>,
    /// The emotion readings.
    pub emotion: Part<EmotionProfile>,
    /// The skill assessments.
    pub skill_assessment: Part<SkillAssessment>,
    /// The video; open it with [`crate::ResumingMedia`].
    pub video: Part<MediaRef>,
}

/// One part of an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<T> {
    /// Here it is.
    Ready(T),
    /// The vendor is still working on it.
    NotYet,
    /// There is none.
    Absent,
    /// There was one, and the vendor has deleted it.
    Expired,
}

impl<T> Part<T> {
    /// The part, if it is ready.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(part) => Some(part),
            _ => None,
        }
    }

    /// The part, if it is ready, by value.
    pub fn into_ready(self) -> Option<T> {
        match self {
            Self::Ready(part) => Some(part),
            _ => None,
        }
    }
}

/// A position at the vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemotePosition {
    /// The vendor's id of it.
    pub remote_id: RemoteId,
    /// Its name there.
    pub name: PositionName,
}

/// A candidate at the vendor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RemoteCandidate {
    /// The vendor's id of the person, where there is one.
    pub remote_id: Option<RemoteId>,
    /// Who it is, as far as the vendor knows.
    pub identity: Identity,
}

/// Names media at the vendor; stays good when links expire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRef {
    /// The interview.
    pub interview: RemoteId,
    /// The adapter's own name for the file among the interview's media.
    pub file: Line,
}
