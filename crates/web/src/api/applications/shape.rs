//! How applications look in the API.

pub(in crate::api) mod contents;

use chrono::{DateTime, Utc};
use dossier_archive::{ApplicationView, SearchAnswer};
use dossier_domain::{
    ApplicationId, CandidateId, EmotionLabel, Language, MaterialKind, Month, PositionId, Stage, StageMove,
    Tag,
    text::{PersonName, PositionName, TagName, VendorName},
};
use dossier_search::{Chip, Counts, ScoreBand};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::positions::Position;

/// A name from a fixed list, for the description alone.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident { $($value:ident),+ $(,)? })+) => {
        $($(#[$doc])*
        #[derive(ToSchema)]
        #[schema(rename_all = "snake_case")]
        #[allow(dead_code, reason = "it is described, never made")]
        pub(in crate::api) enum $name { $($value),+ })+
    };
}

names! {
    /// The order of hits.
    Order { Relevance, Newest, Oldest, HighestScore, LowestScore, Name }
    /// A stage of the hiring process.
    StageName { ResumeScreening, AiInterview, HumanInterview, BackgroundCheck, Offer, Hired, Rejected, Withdrawn }
    /// How a stage ended.
    OutcomeName { Entered, Passed, Failed, Withdrawn, Undone }
    /// A kind of material.
    KindName { ResumeReport, Video, Transcript, Emotion, SkillAssessment, Supplement }
    /// An interview's emotion.
    EmotionName { Positive, Neutral, Negative }
}

/// What a search found, and how the query was understood.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Found {
    /// The query in canonical form.
    query: String,
    /// The parts of the query as they were understood.
    chips: Vec<Part>,
    /// How many applications there are in all.
    total: u64,
    hits: Vec<Hit>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
    /// The counts, where they were asked for.
    facets: Vec<Count>,
}

impl Found {
    pub(super) fn new(answer: SearchAnswer, language: Language) -> Self {
        Self {
            query: answer.query.text(language),
            chips: answer.chips(language).into_iter().map(Part::from).collect(),
            total: answer.hits.total,
            next: answer.hits.next.as_ref().map(ToString::to_string),
            hits: answer.hits.hits.into_iter().map(Hit::from).collect(),
            facets: answer.hits.facets.into_iter().map(Count::from).collect(),
        }
    }
}

/// A part of a query, which can be taken away.
#[derive(Serialize, ToSchema)]
struct Part {
    /// What is asked, in words.
    label: String,
    /// Where it stands in what was typed, in characters.
    span: Span,
    /// The query without it.
    without: String,
}

/// A range of places, the last one excluded.
#[derive(Serialize, ToSchema)]
struct Span {
    start: usize,
    end: usize,
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

impl From<Chip> for Part {
    fn from(chip: Chip) -> Self {
        Self { label: chip.label, span: chip.span.into(), without: chip.without }
    }
}

/// An application that was found. What the caller may not see is null or absent.
#[derive(Serialize, ToSchema)]
struct Hit {
    #[schema(value_type = String)]
    application: ApplicationId,
    #[schema(value_type = String)]
    candidate: CandidateId,
    #[schema(value_type = Option<String>)]
    name: Option<PersonName>,
    #[schema(value_type = String)]
    position: PositionId,
    #[schema(value_type = String)]
    position_name: PositionName,
    #[schema(value_type = StageName)]
    stage: Stage,
    stage_since: DateTime<Utc>,
    created_at: DateTime<Utc>,
    interviewed_at: Option<DateTime<Utc>>,
    /// The AI score, 0 to 100.
    score: Option<f64>,
    /// The AI score and the assessments as one, by the position's weights.
    weighted: Option<f64>,
    #[schema(value_type = Option<EmotionName>)]
    emotion: Option<EmotionLabel>,
    #[schema(value_type = Vec<String>)]
    tags: Vec<TagName>,
    /// The folder, from the outer to the inner.
    folder: Vec<String>,
    #[schema(value_type = Option<String>)]
    vendor: Option<VendorName>,
    /// The kinds of material that are there.
    #[schema(value_type = Vec<KindName>)]
    kinds: Vec<MaterialKind>,
    snippets: Vec<Snippet>,
}

/// A piece of text in which something was found.
#[derive(Serialize, ToSchema)]
struct Snippet {
    text: String,
    /// What was found, as ranges of the text's UTF-8 bytes.
    marks: Vec<Span>,
    /// The kind of material that it is from.
    #[schema(value_type = KindName)]
    source: MaterialKind,
    /// The second of the video, where it is known.
    starts: Option<f64>,
}

impl From<dossier_search::Hit> for Hit {
    fn from(hit: dossier_search::Hit) -> Self {
        let snippet = |of: dossier_search::Snippet| Snippet {
            text: of.text,
            marks: of.marks.into_iter().map(Span::from).collect(),
            source: of.source,
            starts: of.starts,
        };
        Self {
            application: hit.application,
            candidate: hit.candidate,
            name: hit.name,
            position: hit.position,
            position_name: hit.position_name,
            stage: hit.stage,
            stage_since: hit.stage_since,
            created_at: hit.created_at,
            interviewed_at: hit.interviewed_at,
            score: hit.score,
            weighted: hit.weighted,
            emotion: hit.emotion,
            tags: hit.tags,
            folder: hit.folder,
            vendor: hit.vendor,
            kinds: hit.kinds,
            snippets: hit.snippets.into_iter().map(snippet).collect(),
        }
    }
}

/// Counts of the hits: pairs of a value and how many there are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Count {
    Position(Vec<(String, u64)>),
    #[schema(value_type = Vec<(StageName, u64)>)]
    Stage(Vec<(Stage, u64)>),
    /// By the bank's month, `{"year","month"}`.
    #[schema(value_type = Vec<(BankMonth, u64)>)]
    Month(Vec<(Month, u64)>),
    /// By the AI score, `{"from","below"}`.
    #[schema(value_type = Vec<(Band, u64)>)]
    ScoreBand(Vec<(ScoreBand, u64)>),
    #[schema(value_type = Vec<(EmotionName, u64)>)]
    Emotion(Vec<(EmotionLabel, u64)>),
    Tag(Vec<(String, u64)>),
    Folder(Vec<(String, u64)>),
}

/// A month in the bank's time zone.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, never made")]
struct BankMonth {
    year: i32,
    month: u32,
}

/// A band of scores.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, never made")]
struct Band {
    from: u8,
    below: u8,
}

impl From<Counts> for Count {
    fn from(counts: Counts) -> Self {
        match counts {
            Counts::Position(of) => Self::Position(of),
            Counts::Stage(of) => Self::Stage(of),
            Counts::Month(of) => Self::Month(of),
            Counts::ScoreBand(of) => Self::ScoreBand(of),
            Counts::Emotion(of) => Self::Emotion(of),
            Counts::Tag(of) => Self::Tag(of),
            Counts::Folder(of) => Self::Folder(of),
        }
    }
}

/// An application's own record.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Application {
    #[schema(value_type = String)]
    id: ApplicationId,
    #[schema(value_type = String)]
    candidate: CandidateId,
    #[schema(value_type = String)]
    position: PositionId,
    /// Every move through the stages; the last one tells where it stands.
    #[schema(value_type = Vec<contents::Moved>)]
    moves: Vec<StageMove>,
    /// The tags that people put.
    #[schema(value_type = Vec<contents::TagOf>)]
    tags: Vec<Tag>,
    created_at: DateTime<Utc>,
}

impl From<dossier_domain::Application> for Application {
    fn from(of: dossier_domain::Application) -> Self {
        let dossier_domain::Application { id, candidate, position, moves, tags, created_at } = of;
        Self { id, candidate, position, moves, tags, created_at }
    }
}

/// An application with all that the caller may see of it.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Shown {
    application: Application,
    #[schema(value_type = String)]
    candidate: CandidateId,
    #[schema(value_type = contents::Person)]
    identity: dossier_domain::Identity,
    position: Position,
    /// The folder, from the outer to the inner.
    folder: Vec<String>,
    /// All tags, automatic ones included.
    #[schema(value_type = Vec<contents::TagOf>)]
    tags: Vec<Tag>,
    /// The AI score that holds, 0 to 100.
    score: Option<f64>,
    /// The AI score and the assessments as one, by the position's weights.
    weighted: Option<f64>,
    #[schema(value_type = Option<EmotionName>)]
    emotion: Option<EmotionLabel>,
    #[schema(value_type = Vec<contents::Sitting>)]
    interviews: Vec<dossier_domain::Interview>,
    #[schema(value_type = Vec<contents::Kept>)]
    materials: Vec<dossier_domain::Material>,
    /// The kinds that an interview leaves, that the caller may see, and that are not there.
    #[schema(value_type = Vec<KindName>)]
    missing: Vec<MaterialKind>,
    /// How many records of the candidate are there and can't be read.
    damaged: usize,
}

impl From<ApplicationView> for Shown {
    fn from(view: ApplicationView) -> Self {
        Self {
            application: view.application.into(),
            candidate: view.candidate,
            identity: view.identity,
            position: view.position.into(),
            folder: view.folder,
            tags: view.tags,
            score: view.score.map(dossier_domain::Score::normalised),
            weighted: view.weighted,
            emotion: view.emotion,
            interviews: view.interviews,
            materials: view.materials,
            missing: view.missing,
            damaged: view.damaged,
        }
    }
}
