//! Applications: searching them, reading one, its folders and tags.

use std::ops::Range;

use chrono::{DateTime, Utc};
use dossier_domain::{
    Application, ApplicationId, CandidateId, EmotionLabel, Identity, Interview, Material, MaterialKind,
    Month, Position, PositionId, Stage, Tag,
    text::{PersonName, PositionName, TagName, VendorName},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Result};

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Search {
    /// The query as people type it.
    #[serde(rename = "q")]
    pub query: String,
    /// In what order; by relevance where words are looked for, else the newest first, unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// How many hits at most, up to 1,000; 20 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// [`Found::next`] of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Whether to count by position, stage, month, score, emotion and tag.
    pub facets: bool,
}

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Words found in a name first.
    Relevance,
    /// The latest interview first.
    Newest,
    /// The earliest interview first.
    Oldest,
    /// The highest AI score first.
    HighestScore,
    /// The lowest AI score first.
    LowestScore,
    /// By the candidate's name, Chinese ones by Pinyin.
    Name,
}

/// What a search found, and how the query was understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The query in canonical form.
    pub query: String,
    /// The parts of the query as they were understood.
    pub chips: Vec<Chip>,
    /// How many applications there are in all.
    pub total: u64,
    /// This page of them.
    pub hits: Vec<Hit>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<String>,
    /// The counts, where they were asked for.
    pub facets: Vec<Counts>,
}

/// A part of a query, which can be taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// What is asked, in words.
    pub label: String,
    /// Where it stands in what was typed, in characters.
    pub span: Range<usize>,
    /// The query without it.
    pub without: String,
}

/// An application that was found. What the asker may not see is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// The AI score and the assessments as one, by the position's weights.
    pub weighted: Option<f64>,
    /// The emotion label.
    pub emotion: Option<EmotionLabel>,
    /// The tags.
    pub tags: Vec<TagName>,
    /// The folder, from the outer to the inner.
    pub folder: Vec<String>,
    /// The vendor.
    pub vendor: Option<VendorName>,
    /// The kinds of material that are there.
    pub kinds: Vec<MaterialKind>,
    /// Where the words of the query were found.
    pub snippets: Vec<Snippet>,
}

/// A piece of text in which something was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snippet {
    /// The piece.
    pub text: String,
    /// What was found, as ranges of the text's UTF-8 bytes.
    pub marks: Vec<Range<usize>>,
    /// The kind of material that it is from.
    pub source: MaterialKind,
    /// The second of the video, where it is known.
    pub starts: Option<f64>,
}

/// Counts of the hits by one property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// By the position's name.
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
    /// By folder.
    Folder(Vec<(String, u64)>),
}

/// A band of scores: from `from` to below `below`; the highest one includes 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreBand {
    /// The lower end, included.
    pub from: u8,
    /// The upper end, not included, except for 100.
    pub below: u8,
}

/// An application with all that the asker may see of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The application's own record.
    pub application: Application,
    /// Whose it is.
    pub candidate: CandidateId,
    /// Who that is: the name, and for those who may see it the rest.
    pub identity: Identity,
    /// What for.
    pub position: Position,
    /// The folder, from the outer to the inner.
    pub folder: Vec<String>,
    /// The tags, automatic ones included.
    pub tags: Vec<Tag>,
    /// The AI score that holds, 0–100.
    pub score: Option<f64>,
    /// The AI score and the assessments as one, by the position's weights.
    pub weighted: Option<f64>,
    /// The emotion label.
    pub emotion: Option<EmotionLabel>,
    /// The interviews.
    pub interviews: Vec<Interview>,
    /// The materials.
    pub materials: Vec<Material>,
    /// The kinds that an interview leaves, that the asker may see, and that are not there.
    pub missing: Vec<MaterialKind>,
    /// How many records of the candidate are there and can't be read.
    pub damaged: usize,
}

/// A folder, which rules derive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// From the outer to the inner.
    pub path: Vec<String>,
    /// How many applications are in it.
    pub count: u64,
}

/// The folders of an answer.
#[derive(Deserialize)]
struct Folders {
    folders: Vec<Folder>,
}

impl Client {
    /// Searches. What was saved before is found.
    ///
    /// # Errors
    /// [`Error::Refused`](crate::Error::Refused) with [`Problem::mistake`](crate::Problem::mistake) for a query that can't be read.
    pub async fn search(&self, asked: &Search) -> Result<Found> {
        self.read(self.get(&["applications"])?.query(asked)).await
    }

    /// The folders right below one.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn folders(&self, parent: &[String]) -> Result<Vec<Folder>> {
        let request = self.get(&["folders"])?.query(&json!({ "path": parent.join("/") }));
        Ok(self.read::<Folders>(request).await?.folders)
    }

    /// One application, with all that the asker may see of it.
    ///
    /// # Errors
    /// Not found if it is not there or may not be seen; both look alike.
    pub async fn show(&self, id: ApplicationId) -> Result<Shown> {
        self.read(self.get(&["applications", &id.to_string()])?).await
    }

    /// Puts tags on an application and takes tags away.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn tag(&self, id: ApplicationId, add: &[TagName], remove: &[TagName]) -> Result<Application> {
        let tags = json!({ "add": add, "remove": remove });
        self.read(self.post(&["applications", &id.to_string(), "tags"])?.json(&tags)).await
    }
}
