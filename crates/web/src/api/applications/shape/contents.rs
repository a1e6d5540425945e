//! The inside of an application as it is described: interviews and materials, which are answered as the domain writes them.
//! A test reads real answers by these shapes, strictly, so that none of them says anything else.
#![allow(dead_code, reason = "they are described, never made")]

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use utoipa::ToSchema;

use super::{EmotionName, KindName, OutcomeName, StageName};

/// A move from one stage to another.
#[derive(ToSchema)]
pub(in crate::api) struct Moved {
    from: Option<StageName>,
    to: StageName,
    /// The bank's step in that stage.
    #[schema(nullable = false)]
    step: Option<String>,
    at: DateTime<Utc>,
    /// The user; null where it followed from a sync.
    by: Option<String>,
    outcome: OutcomeName,
    #[schema(nullable = false)]
    reason: Option<String>,
}

/// A tag and where it comes from.
#[derive(ToSchema)]
pub(in crate::api) struct TagOf {
    name: String,
    origin: TagOrigin,
}

/// Where a tag comes from.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[serde(tag = "kind")]
pub(in crate::api) enum TagOrigin {
    /// A rule, which may reveal a kind of material.
    Rule {
        #[schema(nullable = false)]
        reveals: Option<KindName>,
    },
    /// Somebody put it.
    Person { by: String, at: DateTime<Utc> },
}

/// Identity data; all but the name for those alone who may see it.
#[derive(ToSchema)]
pub(in crate::api) struct Person {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(nullable = false)]
    phone: Option<String>,
    #[schema(nullable = false)]
    email: Option<String>,
    #[schema(nullable = false)]
    id_number: Option<String>,
}

/// A score on its own scale.
#[derive(ToSchema)]
struct RawScore {
    raw: f64,
    scale: Scale,
}

#[derive(ToSchema)]
struct Scale {
    min: f64,
    max: f64,
}

/// One sitting at a vendor.
#[derive(ToSchema)]
pub(in crate::api) struct Sitting {
    id: String,
    candidate: String,
    application: String,
    connection: String,
    vendor: String,
    remote_id: String,
    #[schema(nullable = false)]
    started_at: Option<DateTime<Utc>>,
    #[schema(nullable = false)]
    ended_at: Option<DateTime<Utc>>,
    questions: Vec<Question>,
    /// Every score that came, the last of which holds.
    scores: Vec<ScoreRevision>,
    criteria: Vec<Criterion>,
    #[schema(nullable = false)]
    emotion: Option<EmotionName>,
    synced_at: DateTime<Utc>,
}

#[derive(ToSchema)]
struct Question {
    text: String,
    #[schema(nullable = false)]
    starts: Option<f64>,
    #[schema(nullable = false)]
    ends: Option<f64>,
}

#[derive(ToSchema)]
struct ScoreRevision {
    score: RawScore,
    received_at: DateTime<Utc>,
    provenance: Source,
}

#[derive(ToSchema)]
struct Criterion {
    name: String,
    score: RawScore,
}

/// Where something comes from.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[serde(tag = "from")]
enum Source {
    Vendor {
        connection: String,
        vendor: String,
        remote_id: String,
        #[schema(nullable = false)]
        model: Option<String>,
        payload_sha256: String,
    },
    Upload {
        by: String,
    },
}

/// A material.
#[derive(ToSchema)]
pub(in crate::api) struct Kept {
    id: String,
    candidate: String,
    application: String,
    #[schema(nullable = false)]
    interview: Option<String>,
    content: Content,
    received_at: DateTime<Utc>,
    provenance: Source,
    revision: u32,
}

/// What a material is, under the name of its kind.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum Content {
    ResumeReport(Resume),
    Video(File),
    Transcript(Transcript),
    Emotion(Emotion),
    SkillAssessment(Skills),
    Supplement(File),
}

/// A file; its bytes are at `…/materials/{material}`.
#[derive(ToSchema)]
struct File {
    blob: String,
    name: String,
    media_type: String,
    length: u64,
    sha256: String,
    crc32: u32,
    #[schema(nullable = false)]
    seconds: Option<f64>,
}

#[derive(ToSchema)]
struct Resume {
    #[schema(nullable = false)]
    score: Option<RawScore>,
    matched_keywords: Vec<String>,
    reasons: Vec<String>,
}

#[derive(ToSchema)]
struct Transcript {
    utterances: Vec<Utterance>,
}

#[derive(ToSchema)]
struct Utterance {
    speaker: Speaker,
    #[schema(nullable = false)]
    starts: Option<f64>,
    #[schema(nullable = false)]
    ends: Option<f64>,
    text: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum Speaker {
    Interviewer,
    Candidate,
}

#[derive(ToSchema)]
struct Emotion {
    readings: Vec<Reading>,
}

#[derive(ToSchema)]
struct Reading {
    /// `tension`, `positivity`, `confidence`, or the vendor's own name.
    dimension: serde_json::Value,
    value: f64,
    #[schema(nullable = false)]
    question: Option<String>,
    #[schema(nullable = false)]
    starts: Option<f64>,
    #[schema(nullable = false)]
    ends: Option<f64>,
    #[schema(nullable = false)]
    modality: Option<String>,
    #[schema(nullable = false)]
    source: Option<String>,
}

#[derive(ToSchema)]
struct Skills {
    results: Vec<Skill>,
}

#[derive(ToSchema)]
struct Skill {
    skill: String,
    score: RawScore,
    wrong_answers: Vec<WrongAnswer>,
    weak_points: Vec<String>,
}

#[derive(ToSchema)]
struct WrongAnswer {
    question: String,
    answer: String,
    explanation: String,
}

/// A record of the operation log.
#[derive(ToSchema)]
pub(in crate::api) struct Record {
    v: u32,
    sequence: u64,
    previous: String,
    moment: Moment,
    entry: Entry,
}

#[derive(ToSchema)]
struct Moment {
    at: DateTime<Utc>,
    boot: String,
    uptime_ms: u64,
}

/// Who did what to what.
#[derive(ToSchema)]
struct Entry {
    actor: String,
    roles: Vec<String>,
    #[schema(nullable = false)]
    session: Option<String>,
    origin: String,
    request: String,
    action: String,
    #[schema(nullable = false)]
    objects: Option<Vec<String>>,
    outcome: LogOutcome,
    #[schema(nullable = false)]
    reason: Option<String>,
    #[schema(nullable = false)]
    of: Option<u64>,
    #[schema(nullable = false)]
    purpose: Option<String>,
    #[schema(nullable = false)]
    counts: Option<BTreeMap<String, u64>>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum LogOutcome {
    Intended,
    Done,
    Denied,
    Failed,
}
