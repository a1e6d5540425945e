//! Applications along the bank's process: boards, moves of many, and what changes while one looks.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_archive::{Move, Moved, Watched};
use dossier_domain::{
    ApplicationId, Place, PositionId, Stage,
    text::{Line, PersonName, PositionName, StepKey},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    applications::{
        OfApplication,
        shape::{Application, StageName},
    },
    caller::Caller,
    extract::{At, Body},
    table::Table,
    text,
};
use crate::{
    events,
    failure::{Failure, Result},
    site::Site,
};

pub(super) fn routes(table: Table) -> Table {
    let table = table.with(__path_undo, undo).with(__path_move_many, move_many).with(__path_board, board);
    let table = table.with(__path_confirm, confirm).with(__path_of_application, of_application);
    table.with(__path_of_board, of_board).with(__path_of_interviews, of_interviews)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Undo {
    /// Why.
    #[schema(value_type = Option<text::LineText>)]
    reason: Option<Line>,
}

/// Takes the last move back that was not taken back yet, a rejection too.
#[utoipa::path(
    post, path = "/api/v1/applications/{application}/stage/undo", tag = "process", request_body = Undo,
    params(OfApplication),
    responses((status = 200, description = "The application's own record as it is now", body = Application))
)]
async fn undo(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    Body(asked): Body<Undo>,
) -> Result<Json<Application>> {
    let moved = site.archive.undo_move(&caller.ctx, of.application, None, asked.reason).await?;
    Ok(Json(moved.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveMany {
    /// The applications, 5000 at most.
    #[schema(value_type = Vec<text::ApplicationIdText>)]
    applications: Vec<ApplicationId>,
    /// Where to.
    #[schema(value_type = StageName)]
    to: Stage,
    /// To which of the bank's steps in that stage.
    #[schema(value_type = Option<text::StepKeyText>)]
    step: Option<StepKey>,
    /// Why; a rejection needs a reason.
    #[schema(value_type = Option<text::LineText>)]
    reason: Option<Line>,
}

/// What came of a move of many.
#[derive(Serialize, ToSchema)]
struct MovedMany {
    /// Those that were moved, all together.
    #[schema(value_type = Vec<String>)]
    moved: Vec<ApplicationId>,
    /// Those that could not be, and stayed.
    refused: Vec<Refused>,
}

/// An application that was not moved.
#[derive(Serialize, ToSchema)]
struct Refused {
    #[schema(value_type = String)]
    application: ApplicationId,
    /// The sort of problem, as in `type` of a problem.
    problem: String,
    /// What is wrong, in words.
    detail: String,
}

impl MovedMany {
    fn new(of: Moved, caller: &Caller) -> Self {
        let refused = |(application, error): (ApplicationId, dossier_archive::Error)| {
            let failure = Failure::from(error);
            Refused { application, problem: failure.kind(), detail: failure.detail(caller.language()) }
        };
        Self { moved: of.moved, refused: of.refused.into_iter().map(refused).collect() }
    }
}

/// Moves many applications to another stage.
///
/// All that can be moved are moved in one commit; the others are named, each with the reason.
#[utoipa::path(
    post, path = "/api/v1/moves", tag = "process", request_body = MoveMany,
    responses((status = 200, description = "Which were moved", body = MovedMany))
)]
async fn move_many(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Body(asked): Body<MoveMany>,
) -> Result<Json<MovedMany>> {
    let MoveMany { applications, to: stage, step, reason } = asked;
    let to = Move::to(Place { stage, step }).because(reason);
    let moved = site.archive.move_many(&caller.ctx, &applications, &to).await?;
    Ok(Json(MovedMany::new(moved, &caller)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfBoard {
    /// The position's id.
    position: String,
}

impl OfBoard {
    fn id(&self) -> Result<PositionId> {
        self.position.parse().map_err(|_| Failure::NoPage)
    }
}

/// The applications of a position by stage, as far as the caller may see them.
#[derive(Serialize, ToSchema)]
struct Board {
    #[schema(value_type = String)]
    position: PositionId,
    #[schema(value_type = String)]
    name: PositionName,
    columns: Vec<Column>,
}

/// The applications that stand in one stage.
#[derive(Serialize, ToSchema)]
struct Column {
    #[schema(value_type = StageName)]
    stage: Stage,
    /// What the bank calls the stage.
    label: String,
    /// How many there are.
    total: u64,
    /// How many a rule suggests to move on.
    suggested: u64,
    /// The first of them, the highest AI score first.
    cards: Vec<Card>,
}

/// An application on the board.
#[derive(Serialize, ToSchema)]
struct Card {
    #[schema(value_type = String)]
    application: ApplicationId,
    #[schema(value_type = Option<String>)]
    name: Option<PersonName>,
    /// The AI score, 0 to 100.
    score: Option<f64>,
    /// The AI score and the assessments as one, by the position's weights.
    weighted: Option<f64>,
    stage_since: DateTime<Utc>,
    /// Where a rule suggests to move it.
    #[schema(value_type = Option<PlaceOf>)]
    suggested: Option<Place>,
}

/// A stage, and one of the bank's steps in it.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it is described, never made")]
pub(super) struct PlaceOf {
    stage: StageName,
    #[schema(nullable = false)]
    step: Option<text::StepKeyText>,
}

/// The board of a position.
#[utoipa::path(
    get, path = "/api/v1/positions/{position}/board", tag = "process", params(OfBoard),
    responses((status = 200, description = "The board", body = Board))
)]
async fn board(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfBoard>) -> Result<Json<Board>> {
    let board = site.archive.board(&caller.ctx, of.id()?).await?;
    let settings = site.archive.settings();
    let card = |card: dossier_archive::Card| Card {
        application: card.hit.application,
        name: card.hit.name,
        score: card.hit.score,
        weighted: card.hit.weighted,
        stage_since: card.hit.stage_since,
        suggested: card.suggested,
    };
    let column = |column: dossier_archive::Column| Column {
        stage: column.stage,
        label: settings.process.name(column.stage, caller.language()).to_owned(),
        total: column.total,
        suggested: column.suggested,
        cards: column.cards.into_iter().map(card).collect(),
    };
    let columns = board.columns.into_iter().map(column).collect();
    Ok(Json(Board { position: board.position.id, name: board.position.name, columns }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirm {
    /// The stage from which the rule leads.
    #[schema(value_type = StageName)]
    from: Stage,
}

/// Moves all of a position that the rule of a stage suggests to move.
#[utoipa::path(
    post, path = "/api/v1/positions/{position}/suggestions", tag = "process", request_body = Confirm,
    params(OfBoard), responses((status = 200, description = "Which were moved", body = MovedMany))
)]
async fn confirm(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfBoard>,
    Body(asked): Body<Confirm>,
) -> Result<Json<MovedMany>> {
    let moved = site.archive.confirm_suggestions(&caller.ctx, of.id()?, &asked.from.into()).await?;
    Ok(Json(MovedMany::new(moved, &caller)))
}

/// Tells whenever an application looks different to the caller, as server-sent events.
///
/// `changed` says that it does, and `gone` that it may not be seen any more, with which the stream ends.
#[utoipa::path(
    get, path = "/api/v1/applications/{application}/events", tag = "process", params(OfApplication),
    responses((status = 200, description = "The events", content_type = "text/event-stream"))
)]
async fn of_application(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
) -> Result<Response> {
    Ok(events::follow(caller, site, Watched::Application(of.application)).await?.into_response())
}

/// Tells whenever a board looks different to the caller, as server-sent events.
#[utoipa::path(
    get, path = "/api/v1/positions/{position}/events", tag = "process", params(OfBoard),
    responses((status = 200, description = "The events", content_type = "text/event-stream"))
)]
async fn of_board(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfBoard>) -> Result<Response> {
    Ok(events::follow(caller, site, Watched::Board(of.id()?)).await?.into_response())
}

/// Tells whenever what the caller has before them as interviewer looks different, as server-sent events.
#[utoipa::path(
    get, path = "/api/v1/me/interviews/events", tag = "process",
    responses((status = 200, description = "The events", content_type = "text/event-stream"))
)]
async fn of_interviews(caller: Caller, State(site): State<Arc<Site>>) -> Result<Response> {
    Ok(events::follow(caller, site, Watched::Interviews).await?.into_response())
}
