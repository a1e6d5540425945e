//! Scorecards of an application, and what an interviewer has before them.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use dossier_archive::{ApplicationView, ComingInterview, MyInterviews, Progress};
use dossier_domain::{
    ApplicationId, MaterialKind, PositionId, Stage, UserId,
    text::{Line, PersonName, PositionName, Prose},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    applications::{OfApplication, shape},
    caller::Caller,
    extract::{At, Body},
    table::Table,
};
use crate::{
    failure::{Failure, Result},
    site::Site,
};

pub(super) fn routes(table: Table) -> Table {
    let table = table.with(__path_list, list).with(__path_write, write).with(__path_change, change);
    table.with(__path_mine, mine)
}

/// Whether the candidate should be taken.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum RecommendationName {
    StronglyFor,
    For,
    Against,
    StronglyAgainst,
}

/// One interviewer's scorecard.
#[derive(Serialize, ToSchema)]
struct Scorecard {
    #[schema(value_type = String)]
    by: UserId,
    /// Their name.
    #[schema(value_type = Option<String>)]
    name: Option<PersonName>,
    marks: Vec<Marked>,
    #[schema(value_type = Option<RecommendationName>)]
    recommendation: Option<dossier_domain::Recommendation>,
    summary: String,
    notes: Vec<Note>,
    /// How often it was written.
    revision: u32,
    written_at: DateTime<Utc>,
    /// When it was handed in; null while it is a draft.
    handed_in_at: Option<DateTime<Utc>>,
}

/// The score for a criterion.
#[derive(Serialize, ToSchema)]
struct Marked {
    criterion: String,
    /// The score, from `lowest` to `highest`.
    score: f64,
    lowest: f64,
    highest: f64,
}

/// A note, tied to a place in the video where it has one.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Note {
    /// The second of the video.
    #[schema(minimum = 0)]
    at: Option<f64>,
    #[schema(value_type = super::text::LineText)]
    text: Line,
}

impl Note {
    fn read(self) -> dossier_domain::Note {
        dossier_domain::Note { at: self.at, text: self.text }
    }
}

impl Scorecard {
    fn new(of: dossier_domain::Scorecard, people: &BTreeMap<UserId, PersonName>) -> Self {
        let mark = |of: dossier_domain::Mark| Marked {
            criterion: of.criterion.to_string(),
            score: of.score.raw(),
            lowest: of.score.scale().min(),
            highest: of.score.scale().max(),
        };
        let note = |of: dossier_domain::Note| Note { at: of.at, text: of.text };
        Self {
            by: of.by,
            name: people.get(&of.by).cloned(),
            marks: of.judgement.marks.into_iter().map(mark).collect(),
            recommendation: of.judgement.recommendation,
            summary: of.judgement.summary.into(),
            notes: of.judgement.notes.into_iter().map(note).collect(),
            revision: of.revision,
            written_at: of.written_at,
            handed_in_at: of.handed_in_at,
        }
    }
}

/// The scorecards of an application, as far as the caller may see them.
#[derive(Serialize, ToSchema)]
struct Scorecards {
    /// What is judged, each from 1 to 5.
    #[schema(value_type = Vec<String>)]
    criteria: Vec<Line>,
    scorecards: Vec<Scorecard>,
    /// How far those that were handed in agree; null while none is seen.
    agreement: Option<Agreement>,
    /// What is worth asking.
    prompts: Vec<Prompt>,
}

/// How far people agree with one another, and with the AI. Scores are 0 to 100.
#[derive(Serialize, ToSchema)]
struct Agreement {
    /// How many scorecards were handed in.
    people: usize,
    /// How many of them speak for the candidate.
    in_favour: usize,
    mean: Option<f64>,
    /// The AI score.
    ai: Option<f64>,
    criteria: Vec<Judged>,
}

/// A criterion, as people and the AI see it.
#[derive(Serialize, ToSchema)]
struct Judged {
    criterion: String,
    lowest: f64,
    mean: f64,
    highest: f64,
    /// The AI's score for what has the same name.
    ai: Option<f64>,
}

impl From<dossier_domain::Agreement> for Agreement {
    fn from(of: dossier_domain::Agreement) -> Self {
        let dossier_domain::Agreement { people, in_favour, mean, ai, criteria } = of;
        let judged = |of: dossier_domain::scorecard::Judged| Judged {
            criterion: of.criterion.to_string(),
            lowest: of.lowest,
            mean: of.mean,
            highest: of.highest,
            ai: of.ai,
        };
        Self { people, in_favour, mean, ai, criteria: criteria.into_iter().map(judged).collect() }
    }
}

/// Something worth asking about.
#[derive(Serialize, ToSchema)]
struct Prompt {
    text: String,
    /// The kind of material that it was found in.
    #[schema(value_type = shape::KindName)]
    source: MaterialKind,
    /// The second of the video, where it is known.
    at: Option<f64>,
}

/// The scorecards of an application, what they say together, and what is worth asking.
///
/// Colleagues' scorecards are there once both theirs and one's own are handed in.
#[utoipa::path(
    get, path = "/api/v1/applications/{application}/scorecards", tag = "scorecards", params(OfApplication),
    responses((status = 200, description = "The scorecards that the caller may see", body = Scorecards))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
) -> Result<Json<Scorecards>> {
    let view = site.archive.show(&caller.ctx, of.application).await?;
    let prompt = |of: dossier_domain::Prompt| Prompt {
        text: of.text(caller.language()),
        source: of.source,
        at: of.at,
    };
    let prompts = view.prompts().into_iter().map(prompt).collect();
    let criteria = view.position.criteria(site.archive.settings().language);
    let agreement = view.agreement().map(Agreement::from);
    let ApplicationView { scorecards, people, .. } = view;
    let scorecards = scorecards.into_iter().map(|card| Scorecard::new(card, &people)).collect();
    Ok(Json(Scorecards { criteria, scorecards, agreement, prompts }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The scores; in a draft some may be missing.
    #[serde(default)]
    marks: Vec<Mark>,
    #[schema(value_type = Option<RecommendationName>)]
    recommendation: Option<dossier_domain::Recommendation>,
    #[serde(default)]
    #[schema(value_type = super::text::ProseText)]
    summary: Prose,
    #[serde(default)]
    notes: Vec<Note>,
    /// Whether to hand it in, after which it can't be changed.
    #[serde(default)]
    hand_in: bool,
    /// The revision that is to be replaced, 0 for none; without it whatever is there is replaced.
    #[serde(default, deserialize_with = "super::extract::whole")]
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    revision: Option<u32>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Mark {
    /// One of the position's criteria.
    #[schema(value_type = super::text::LineText)]
    criterion: Line,
    #[schema(minimum = 1, maximum = 5)]
    score: f64,
}

/// Writes one's own scorecard, as a draft or to hand it in.
///
/// An application that has left the interviews or has ended takes none, and looks like one that is not there.
#[utoipa::path(
    put, path = "/api/v1/applications/{application}/scorecards/mine", tag = "scorecards",
    request_body = Written, params(OfApplication),
    responses((status = 200, description = "The scorecard", body = Scorecard))
)]
async fn write(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    Body(written): Body<Written>,
) -> Result<Json<Scorecard>> {
    let marks = written.marks.into_iter().map(|of| mark(of.criterion, of.score)).collect::<Result<_>>()?;
    let judgement = dossier_domain::Judgement {
        marks,
        recommendation: written.recommendation,
        summary: written.summary,
        notes: written.notes.into_iter().map(Note::read).collect(),
    };
    let (known, hand_in) = (written.revision, written.hand_in);
    let card = site.archive.write_scorecard(&caller.ctx, of.application, judgement, known, hand_in).await?;
    Ok(own(card, &caller))
}

/// One's own scorecard, with one's own name.
fn own(card: dossier_domain::Scorecard, caller: &Caller) -> Json<Scorecard> {
    let own = caller.ctx.actor().user().map(|user| (user.id, user.name.clone()));
    Json(Scorecard::new(card, &own.into_iter().collect()))
}

fn mark(criterion: Line, score: f64) -> Result<dossier_domain::Mark> {
    let score = dossier_domain::Score::new(score, dossier_domain::Scale::FIVE);
    let score = score.map_err(|error| Failure::bad("评分须为 1 至 5", error.to_string()))?;
    Ok(dossier_domain::Mark { criterion, score })
}

/// What of one's scorecard is to be changed; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScorecardChange {
    /// Scores, instead of those before for the same criteria.
    #[serde(default)]
    marks: Vec<MarkChange>,
    /// The recommendation; null for none.
    #[serde(default, deserialize_with = "super::extract::said")]
    #[schema(value_type = Option<RecommendationName>)]
    recommendation: Option<Option<dossier_domain::Recommendation>>,
    #[serde(default)]
    #[schema(value_type = Option<super::text::ProseText>, nullable = false)]
    summary: Option<Prose>,
    /// Notes to be taken away.
    #[serde(default)]
    remove_notes: Vec<NoteNamed>,
    /// Notes to be added.
    #[serde(default)]
    add_notes: Vec<Note>,
    /// Whether to hand it in, after which it can't be changed.
    #[serde(default)]
    hand_in: bool,
    /// The revision that is to be changed, 0 for none; without it whatever is there is changed.
    #[serde(default, deserialize_with = "super::extract::whole")]
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    revision: Option<u32>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MarkChange {
    /// One of the position's criteria.
    #[schema(value_type = super::text::LineText)]
    criterion: Line,
    /// The score; null takes it away.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(minimum = 1, maximum = 5, required = true)]
    score: Option<f64>,
}

/// A note by its place in the video, by its text, or by both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteNamed {
    /// The second of the video; a part of a second does not count.
    #[schema(minimum = 0)]
    at: Option<f64>,
    #[schema(value_type = Option<super::text::LineText>)]
    text: Option<Line>,
}

/// Changes one's own scorecard, and lets the rest of it stay; or begins it.
#[utoipa::path(
    patch, path = "/api/v1/applications/{application}/scorecards/mine", tag = "scorecards",
    request_body = ScorecardChange, params(OfApplication),
    responses((status = 200, description = "The scorecard", body = Scorecard))
)]
async fn change(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    Body(asked): Body<ScorecardChange>,
) -> Result<Json<Scorecard>> {
    let (known, hand_in) = (asked.revision, asked.hand_in);
    let (marked, unmarked): (Vec<_>, Vec<_>) = asked.marks.into_iter().partition(|of| of.score.is_some());
    let marks = marked.into_iter().filter_map(|of| Some(mark(of.criterion, of.score?)));
    let named = |of: NoteNamed| dossier_domain::scorecard::NoteNamed { at: of.at, text: of.text };
    let change = dossier_domain::scorecard::JudgementChange {
        marks: marks.collect::<Result<_>>()?,
        unmarked: unmarked.into_iter().map(|of| of.criterion).collect(),
        recommendation: asked.recommendation,
        summary: asked.summary,
        removed: asked.remove_notes.into_iter().map(named).collect(),
        notes: asked.add_notes.into_iter().map(Note::read).collect(),
    };
    let card = site.archive.change_scorecard(&caller.ctx, of.application, &change, known, hand_in).await?;
    Ok(own(card, &caller))
}

/// What an interviewer has before them.
#[derive(Serialize, ToSchema)]
struct Interviews {
    /// In the human interview, with the scorecard still to be handed in.
    waiting: Vec<Coming>,
    /// Still in the AI interview.
    coming: Vec<Coming>,
    /// In the human interview, with the scorecard handed in.
    done: Vec<Coming>,
}

/// An application to be interviewed.
#[derive(Serialize, ToSchema)]
struct Coming {
    #[schema(value_type = String)]
    application: ApplicationId,
    #[schema(value_type = Option<String>)]
    name: Option<PersonName>,
    #[schema(value_type = String)]
    position: PositionId,
    #[schema(value_type = String)]
    position_name: PositionName,
    #[schema(value_type = shape::StageName)]
    stage: Stage,
    stage_since: DateTime<Utc>,
    interviewed_at: Option<DateTime<Utc>>,
    /// The AI score, 0 to 100.
    score: Option<f64>,
    /// How far one's scorecard is.
    scorecard: ScorecardState,
}

/// How far a scorecard is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ScorecardState {
    None,
    Draft,
    HandedIn,
}

impl From<ComingInterview> for Coming {
    fn from(of: ComingInterview) -> Self {
        let scorecard = match of.progress {
            Progress::Open => ScorecardState::None,
            Progress::Draft => ScorecardState::Draft,
            Progress::HandedIn(_) => ScorecardState::HandedIn,
        };
        Self {
            application: of.hit.application,
            name: of.hit.name,
            position: of.hit.position,
            position_name: of.hit.position_name,
            stage: of.hit.stage,
            stage_since: of.hit.stage_since,
            interviewed_at: of.hit.interviewed_at,
            score: of.hit.score,
            scorecard,
        }
    }
}

/// What the caller has before them as interviewer of their positions.
#[utoipa::path(
    get, path = "/api/v1/me/interviews", tag = "scorecards",
    responses((status = 200, description = "The applications", body = Interviews))
)]
async fn mine(caller: Caller, State(site): State<Arc<Site>>) -> Result<Json<Interviews>> {
    let MyInterviews { waiting, coming, done } = site.archive.my_interviews(&caller.ctx).await?;
    let list = |of: Vec<ComingInterview>| of.into_iter().map(Coming::from).collect();
    Ok(Json(Interviews { waiting: list(waiting), coming: list(coming), done: list(done) }))
}
