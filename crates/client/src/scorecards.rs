//! Scorecards of an application.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, MaterialKind, Note, Recommendation, UserId,
    text::{Line, PersonName, Prose},
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Client, Result};

/// The scorecards of an application, what they say together, and what is worth asking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorecards {
    /// What is judged, each from 1 to 5.
    pub criteria: Vec<Line>,
    /// Those that the asker may see.
    pub scorecards: Vec<Scorecard>,
    /// How far those that were handed in agree.
    pub agreement: Option<Agreement>,
    /// What is worth asking.
    pub prompts: Vec<Prompt>,
}

/// One interviewer's scorecard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// Whose it is.
    pub by: UserId,
    /// Their name.
    pub name: Option<PersonName>,
    /// The scores.
    pub marks: Vec<Marked>,
    /// Whether the candidate should be taken.
    pub recommendation: Option<Recommendation>,
    /// In a few words.
    pub summary: String,
    /// Notes, tied to a second of the video where they have one.
    pub notes: Vec<Note>,
    /// How often it was written.
    pub revision: u32,
    /// When it was written last.
    pub written_at: DateTime<Utc>,
    /// When it was handed in; absent while it is a draft.
    pub handed_in_at: Option<DateTime<Utc>>,
}

/// The score for a criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marked {
    /// The criterion.
    pub criterion: String,
    /// The score, from `lowest` to `highest`.
    pub score: f64,
    /// The lowest score of the scale.
    pub lowest: f64,
    /// The highest score of the scale.
    pub highest: f64,
}

/// How far people agree with one another, and with the AI. Scores are 0–100.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// How many scorecards were handed in.
    pub people: usize,
    /// How many of them speak for the candidate.
    pub in_favour: usize,
    /// The mean of their scores.
    pub mean: Option<f64>,
    /// The AI score.
    pub ai: Option<f64>,
    /// Criterion by criterion.
    pub criteria: Vec<Judged>,
}

/// A criterion, as people and the AI see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The criterion.
    pub criterion: String,
    /// The lowest score.
    pub lowest: f64,
    /// The mean.
    pub mean: f64,
    /// The highest score.
    pub highest: f64,
    /// The AI's score for what has the same name.
    pub ai: Option<f64>,
}

/// Something worth asking about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// What.
    pub text: String,
    /// The kind of material that it was found in.
    pub source: MaterialKind,
    /// The second of the video, where it is known.
    pub at: Option<f64>,
}

/// What an interviewer changes of their scorecard; what is left out stays.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ScorecardChange {
    /// Scores, instead of those before for the same criteria.
    pub marks: Vec<MarkChange>,
    /// Whether the candidate should be taken, or that nothing is said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<Option<Recommendation>>,
    /// In a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Prose>,
    /// Notes to be taken away.
    pub remove_notes: Vec<NoteNamed>,
    /// Notes to be added.
    pub add_notes: Vec<Note>,
    /// Whether to hand it in, after which it can't be changed.
    pub hand_in: bool,
}

/// The score for a criterion, or that there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarkChange {
    /// The criterion.
    pub criterion: Line,
    /// The score, from 1 to 5.
    pub score: Option<f64>,
}

/// A note by its place in the video, by its text, or by both.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct NoteNamed {
    /// The second of the video; a part of a second does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Line>,
}

impl Client {
    /// The scorecards of an application.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn scorecards(&self, id: ApplicationId) -> Result<Scorecards> {
        self.read(self.get(&["applications", &id.to_string(), "scorecards"])?).await
    }

    /// Changes one's own scorecard and lets the rest of it stay, or begins it.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn change_scorecard(&self, id: ApplicationId, change: &ScorecardChange) -> Result<Scorecard> {
        let request =
            self.request(Method::PATCH, &["applications", &id.to_string(), "scorecards", "mine"])?;
        self.read(request.json(change)).await
    }
}
