//! The transcript: who said what, when.

use serde::{Deserialize, Serialize};

use crate::text::Prose;

/// What was said, in order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Transcript {
    /// The utterances, in order of time.
    pub utterances: Vec<Utterance>,
}

/// One person's turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Utterance {
    /// Who spoke.
    pub speaker: Speaker,
    /// Where it begins, in seconds from the start of the video; absent where the vendor gives no times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<f64>,
    /// Where it ends, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<f64>,
    /// What was said.
    pub text: Prose,
}

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The AI interviewer.
    Interviewer,
    /// The candidate.
    Candidate,
}
