//! What the index answers.

use std::ops::Range;

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, CandidateId, EmotionLabel, MaterialKind, Month, PositionId, Stage,
    text::{PersonName, PositionName, TagName, VendorName},
};
use serde::Serialize;

use crate::Cursor;

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hits {
    /// How many applications were found in all.
    pub total: u64,
    /// This page of them.
    pub hits: Vec<Hit>,
    /// Where the next page begins; `None` at the end.
    #[serde(serialize_with = "written")]
    pub next: Option<Cursor>,
    /// The counts that were asked for, in the order asked.
    pub facets: Vec<Counts>,
}

fn written<S: serde::Serializer>(cursor: &Option<Cursor>, serializer: S) -> Result<S::Ok, S::Error> {
    cursor.as_ref().map(Cursor::to_string).serialize(serializer)
}

/// One application that was found, with what a line of the list shows. What the asker may not see is absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// The application.
    pub application: ApplicationId,
    /// Whose it is.
    pub candidate: CandidateId,
    /// The candidate's name.
    pub name: Option<PersonName>,
    /// The position.
    pub position: PositionId,
    /// The position's name.
    pub position_name: PositionName,
    /// The stage.
    pub stage: Stage,
    /// When the stage was entered.
    pub stage_since: DateTime<Utc>,
    /// When the application came in.
    pub created_at: DateTime<Utc>,
    /// When the latest interview began.
    pub interviewed_at: Option<DateTime<Utc>>,
    /// The AI score, 0–100.
    pub score: Option<f64>,
    /// The AI score and the assessments as one, 0–100, by the position's weights; absent where it has none.
    pub weighted: Option<f64>,
    /// The emotion label.
    pub emotion: Option<EmotionLabel>,
    /// The tags.
    pub tags: Vec<TagName>,
    /// The folder, from the outermost level.
    pub folder: Vec<String>,
    /// The vendor.
    pub vendor: Option<VendorName>,
    /// The kinds of material that are there and may be seen.
    pub kinds: Vec<MaterialKind>,
    /// Where the words of the query were found.
    pub snippets: Vec<Snippet>,
}

/// A piece of text in which words of the query were found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Snippet {
    /// The piece.
    pub text: String,
    /// What was found, as byte ranges of `text`, in order, without overlap.
    pub marks: Vec<Range<usize>>,
    /// The material that it is from.
    pub source: MaterialKind,
    /// For the transcript: the second of the video at which the piece is said.
    pub starts: Option<f64>,
}

/// Counts of hits by one property, the values in their own order (folders, positions and tags by name).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// By position's name.
    Position(Vec<(String, u64)>),
    /// By stage.
    Stage(Vec<(Stage, u64)>),
    /// By the bank's month, oldest first.
    Month(Vec<(Month, u64)>),
    /// By band of the score, highest first.
    ScoreBand(Vec<(ScoreBand, u64)>),
    /// By emotion label.
    Emotion(Vec<(EmotionLabel, u64)>),
    /// By tag, the most frequent first.
    Tag(Vec<(String, u64)>),
    /// By the folder level asked for.
    Folder(Vec<(String, u64)>),
}

/// A band of scores: from `from` to below `below`; the highest one includes 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ScoreBand {
    /// The lower end, included.
    pub from: u8,
    /// The upper end, not included, except for 100.
    pub below: u8,
}

impl ScoreBand {
    /// The bands, lowest first.
    pub const ALL: [Self; 5] = [
        Self { from: 0, below: 60 },
        Self { from: 60, below: 70 },
        Self { from: 70, below: 80 },
        Self { from: 80, below: 90 },
        Self { from: 90, below: 100 },
    ];

    /// Which of [`ScoreBand::ALL`] holds this score.
    pub(crate) fn index_of(score: f64) -> usize {
        Self::ALL.iter().rposition(|band| f64::from(band.from) <= score).unwrap_or_default()
    }
}
