//! Positions and their interviewers.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_access::Context;
use dossier_archive::{Error, NewPosition, What};
use dossier_domain::{
    PositionChange, PositionId, Scoring, UserId,
    text::{BranchName, Line, Login, PositionName, SkillName},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::{Asked, At, Body, IfMatch, Paging, tagged},
    imports::{self, Imported, Trial},
    table::Table,
    text,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    let table =
        table.with(__path_list, list).with(__path_add, add).with(__path_import, import).with(__path_one, one);
    let table = table
        .with(__path_edit, edit)
        .with(__path_set_branch, set_branch)
        .with(__path_close, close)
        .with(__path_open, open);
    table.with(__path_add_interviewer, add_interviewer).with(__path_remove_interviewer, remove_interviewer)
}

/// A job opening.
#[derive(Serialize, ToSchema)]
pub(super) struct Position {
    #[schema(value_type = String)]
    id: PositionId,
    #[schema(value_type = String, min_length = 1)]
    name: PositionName,
    /// Other names under which vendors list it.
    #[schema(value_type = Vec<String>)]
    aliases: Vec<PositionName>,
    /// The branch of the bank that hires for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    branch: Option<BranchName>,
    /// The users who are responsible for it.
    #[schema(value_type = Vec<String>)]
    interviewers: Vec<UserId>,
    /// The AI score from which an interview counts as passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pass_mark: Option<f64>,
    #[schema(value_type = Vec<String>)]
    questions: Vec<Line>,
    weights: Vec<Weight>,
    /// What its interviewers judge by; empty for what is common to all.
    #[schema(value_type = Vec<String>)]
    criteria: Vec<Line>,
    created_at: DateTime<Utc>,
    /// Since when it is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    closed_at: Option<DateTime<Utc>>,
}

/// How much an assessment counts.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Weight {
    /// The assessment.
    #[schema(value_type = text::SkillText)]
    skill: SkillName,
    /// Its share of the whole: 0.3 is 30 %.
    #[schema(minimum = 0, maximum = 1)]
    share: f64,
}

impl From<dossier_domain::position::Weight> for Weight {
    fn from(of: dossier_domain::position::Weight) -> Self {
        Self { skill: of.skill, share: of.share }
    }
}

/// By what an AI interview counts as passed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScoringRule)]
pub(super) struct Rule {
    /// The shares of assessments; what they leave of the whole is the AI score's.
    #[serde(default)]
    weights: Vec<Weight>,
    /// The weighted score from which it is passed.
    #[schema(minimum = 0, maximum = 100)]
    pass_mark: Option<f64>,
}

impl From<Scoring> for Rule {
    fn from(of: Scoring) -> Self {
        Self { weights: of.weights.into_iter().map(Weight::from).collect(), pass_mark: of.pass_mark }
    }
}

impl From<Rule> for Scoring {
    fn from(of: Rule) -> Self {
        let weight = |of: Weight| dossier_domain::position::Weight { skill: of.skill, share: of.share };
        Self { weights: of.weights.into_iter().map(weight).collect(), pass_mark: of.pass_mark }
    }
}

impl From<dossier_domain::Position> for Position {
    fn from(of: dossier_domain::Position) -> Self {
        Self {
            id: of.id,
            name: of.name,
            aliases: of.aliases,
            branch: of.branch,
            interviewers: of.interviewers,
            pass_mark: of.pass_mark,
            questions: of.questions,
            criteria: of.criteria,
            weights: of.weights.into_iter().map(Weight::from).collect(),
            created_at: of.created_at,
            closed_at: of.closed_at,
        }
    }
}

/// Positions, by id.
#[derive(Serialize, ToSchema)]
struct Positions {
    positions: Vec<Position>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
}

/// All positions, open and closed.
#[utoipa::path(
    get, path = "/api/v1/positions", tag = "positions", params(Paging),
    responses((status = 200, description = "The positions", body = Positions))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Positions>> {
    let (page, next) = paging.page(site.archive.positions(&caller.ctx).await?, |of| of.id.to_string())?;
    Ok(Json(Positions { positions: page.into_iter().map(Position::from).collect(), next }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewPosition)]
#[serde(deny_unknown_fields)]
struct NewOne {
    #[schema(value_type = text::PositionNameText)]
    name: PositionName,
    /// Other names under which vendors list it.
    #[serde(default)]
    #[schema(value_type = Vec<text::PositionNameText>)]
    aliases: Vec<PositionName>,
    /// The branch of the bank that hires for it.
    #[schema(value_type = Option<text::BranchText>)]
    branch: Option<BranchName>,
    /// The AI score from which an interview counts as passed.
    #[schema(minimum = 0, maximum = 100)]
    pass_mark: Option<f64>,
    /// The questions asked.
    #[serde(default)]
    #[schema(value_type = Vec<text::LineText>)]
    questions: Vec<Line>,
}

/// Sets up a position.
#[utoipa::path(
    post, path = "/api/v1/positions", tag = "positions", request_body = NewOne,
    responses((status = 201, description = "The position", body = Position, headers(("ETag", description = "Its state"))))
)]
async fn add(caller: Caller, State(site): State<Arc<Site>>, Body(new): Body<NewOne>) -> Result<Response> {
    let NewOne { name, aliases, branch, pass_mark, questions } = new;
    let new = NewPosition { name, aliases, branch, pass_mark, questions };
    let position = Position::from(site.archive.add_position(&caller.ctx, new).await?);
    Ok((StatusCode::CREATED, tagged(position)?).into_response())
}

/// Sets up and changes positions by a table.
///
/// Excel (`.xlsx`) or CSV (UTF-8, UTF-16 or GBK), by the content; the first row names the columns, in Chinese or English:
/// `name` (which must be there), `aliases`, `branch`, `pass_mark`, `questions`, `weights` (`Python=30%;SQL=20%`),
/// `criteria`, `interviewers` (sign-in names), `state` (`open`, `closed`). An empty cell leaves things as they are. Rows
/// that can't be taken are named and left out, the others are one change.
#[utoipa::path(
    post, path = "/api/v1/imports/positions", tag = "positions", params(Trial),
    request_body(content = inline(super::text::Raw), content_type = "application/octet-stream"),
    responses((status = 200, description = "What came of each row", body = Imported))
)]
async fn import(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(Trial { trial }): Asked<Trial>,
    body: axum::body::Body,
) -> Result<Json<Imported>> {
    let table = imports::table(body).await?;
    let done = site.archive.import_positions(&caller.ctx, table, trial).await?;
    Ok(Json(Imported::new(done, trial, caller.language())))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfPosition {
    /// The position's name, one of its other names, or its id.
    position: String,
}

/// One position.
#[utoipa::path(
    get, path = "/api/v1/positions/{position}", tag = "positions", params(OfPosition),
    responses((status = 200, description = "The position", body = Position, headers(("ETag", description = "Its state"))))
)]
async fn one(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfPosition>) -> Result<Response> {
    tagged(find(&caller.ctx, &site, &of.position).await?)
}

async fn find(ctx: &Context, site: &Site, called: &str) -> Result<Position> {
    let all = site.archive.positions(ctx).await?;
    let name = PositionName::parse(called).ok();
    let is_it = |of: &dossier_domain::Position| {
        name.as_ref().is_some_and(|name| of.is_called(name)) || of.id.to_string() == called
    };
    let name = || called.chars().take(80).collect();
    let absent = || Error::NotFound { what: What::Position, name: name() }.into();
    all.into_iter().find(is_it).map(Position::from).ok_or_else(absent)
}

/// The name of the position that is to be changed, and the context for it: only in the state that is demanded.
async fn holding(
    when: IfMatch,
    caller: Caller,
    site: &Site,
    called: &str,
) -> Result<(Context, PositionName)> {
    let ctx = when.holds(caller, site, async |ctx| find(ctx, site, called).await).await?;
    let is_id = called.parse::<PositionId>().is_ok();
    match PositionName::parse(called) {
        Ok(name) if !is_id => Ok((ctx, name)),
        _ => {
            let name = find(&ctx, site, called).await?.name;
            Ok((ctx, name))
        }
    }
}

/// What is to be changed; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PositionEdit {
    /// Another name. The name before stays one of its other names.
    #[serde(default)]
    #[schema(value_type = Option<text::PositionNameText>, nullable = false)]
    name: Option<PositionName>,
    /// Other names under which vendors list it.
    #[serde(default)]
    #[schema(value_type = Option<Vec<text::PositionNameText>>, nullable = false)]
    aliases: Option<Vec<PositionName>>,
    /// The branch; null where none hires for it.
    #[serde(default, deserialize_with = "super::extract::said")]
    #[schema(value_type = Option<text::BranchText>)]
    branch: Option<Option<BranchName>>,
    /// The score from which an interview counts as passed; null for none.
    #[serde(default, deserialize_with = "super::extract::said")]
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 100)]
    pass_mark: Option<Option<f64>>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<text::LineText>>, nullable = false)]
    questions: Option<Vec<Line>>,
    /// The shares of assessments; 1 at most in all.
    #[serde(default)]
    #[schema(nullable = false)]
    weights: Option<Vec<Weight>>,
    /// What its interviewers judge by; empty for what is common to all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<text::LineText>>, nullable = false)]
    criteria: Option<Vec<Line>>,
}

/// Changes a position: its names, its branch, how it judges.
///
/// Applications that are there follow: they are found under the new name, and the pass mark and the weights tell anew
/// who reaches it. What vendors scored stays as it is.
#[utoipa::path(
    patch, path = "/api/v1/positions/{position}", tag = "positions", request_body = PositionEdit,
    params(OfPosition, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The position", body = Position, headers(("ETag", description = "Its state"))))
)]
async fn edit(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfPosition>,
    when: IfMatch,
    Body(asked): Body<PositionEdit>,
) -> Result<Response> {
    let (ctx, called) = holding(when, caller, &site, &of.position).await?;
    let PositionEdit { name, aliases, branch, pass_mark, questions, weights, criteria } = asked;
    let weight = |of: Weight| dossier_domain::position::Weight { skill: of.skill, share: of.share };
    let weights = weights.map(|weights| weights.into_iter().map(weight).collect());
    let change = PositionChange { name, aliases, branch, pass_mark, questions, weights, criteria };
    tagged(Position::from(site.archive.edit_position(&ctx, &called, &change).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfBranch {
    /// The branch; null where none hires for it.
    #[schema(value_type = Option<text::BranchText>)]
    branch: Option<BranchName>,
}

/// Says which branch of the bank hires for a position.
#[utoipa::path(
    put, path = "/api/v1/positions/{position}/branch", tag = "positions", request_body = OfBranch,
    params(OfPosition, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The position", body = Position, headers(("ETag", description = "Its state"))))
)]
async fn set_branch(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfPosition>,
    when: IfMatch,
    Body(wanted): Body<OfBranch>,
) -> Result<Response> {
    let (ctx, name) = holding(when, caller, &site, &of.position).await?;
    tagged(Position::from(site.archive.set_branch(&ctx, &name, wanted.branch).await?))
}

/// Closes a position, which takes its interviewers' rights away.
#[utoipa::path(
    post, path = "/api/v1/positions/{position}/close", tag = "positions",
    params(OfPosition, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The position", body = Position, headers(("ETag", description = "Its state"))))
)]
async fn close(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfPosition>,
    when: IfMatch,
) -> Result<Response> {
    let (ctx, name) = holding(when, caller, &site, &of.position).await?;
    tagged(Position::from(site.archive.close_position(&ctx, &name, true).await?))
}

/// Opens a position again.
#[utoipa::path(
    post, path = "/api/v1/positions/{position}/open", tag = "positions",
    params(OfPosition, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The position", body = Position, headers(("ETag", description = "Its state"))))
)]
async fn open(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfPosition>,
    when: IfMatch,
) -> Result<Response> {
    let (ctx, name) = holding(when, caller, &site, &of.position).await?;
    tagged(Position::from(site.archive.close_position(&ctx, &name, false).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfInterviewer {
    /// The position's name, one of its other names, or its id.
    position: String,
    /// The interviewer's sign-in name.
    #[param(value_type = String)]
    login: Login,
}

/// Makes somebody an interviewer of a position.
#[utoipa::path(
    put, path = "/api/v1/positions/{position}/interviewers/{login}", tag = "positions",
    params(OfInterviewer, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The position", body = Position, headers(("ETag", description = "Its state"))))
)]
async fn add_interviewer(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfInterviewer>,
    when: IfMatch,
) -> Result<Response> {
    let (ctx, name) = holding(when, caller, &site, &of.position).await?;
    tagged(Position::from(site.archive.set_interviewer(&ctx, &name, &of.login, true).await?))
}

/// Ends that somebody is an interviewer of a position.
#[utoipa::path(
    delete, path = "/api/v1/positions/{position}/interviewers/{login}", tag = "positions",
    params(OfInterviewer, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The position", body = Position, headers(("ETag", description = "Its state"))))
)]
async fn remove_interviewer(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfInterviewer>,
    when: IfMatch,
) -> Result<Response> {
    let (ctx, name) = holding(when, caller, &site, &of.position).await?;
    tagged(Position::from(site.archive.set_interviewer(&ctx, &name, &of.login, false).await?))
}
