//! Proposals to judge a position's applications by another rule.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_access::Context;
use dossier_archive::{Error, NewProposal, Passing, ProposalView, What};
use dossier_domain::{
    Fate, ProposalId,
    text::{Line, Login, PositionName},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::{Asked, At, Body, IfMatch, Paging, tagged},
    positions::{Position, Rule},
    table::Table,
    text,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    let table = table.with(__path_list, list).with(__path_add, add).with(__path_one, one);
    table.with(__path_apply, apply).with(__path_reject, reject)
}

/// A proposal to judge by another rule.
#[derive(Serialize, ToSchema)]
struct Proposal {
    #[schema(value_type = String)]
    id: ProposalId,
    #[schema(value_type = String)]
    position: PositionName,
    /// The rule by which the position judged when this was proposed.
    from: Rule,
    /// The rule that is proposed.
    to: Rule,
    /// Which of the position's past applications it was tried on; empty for all.
    query: String,
    /// What the rule of then meant for them.
    former: Reach,
    /// What the proposed rule would have meant for them.
    revised: Reach,
    /// Why it was proposed.
    #[schema(value_type = Option<String>)]
    reason: Option<Line>,
    /// Who proposed it.
    #[schema(value_type = Option<String>)]
    by: Option<Login>,
    at: DateTime<Utc>,
    /// `open`, `applied` or `rejected`.
    state: &'static str,
    /// Who decided on it.
    #[schema(value_type = Option<String>)]
    decided_by: Option<Login>,
    decided_at: Option<DateTime<Utc>>,
    /// Why it was applied or rejected.
    #[schema(value_type = Option<String>)]
    decided_because: Option<Line>,
    /// Whether the position still judges by the rule of then; else the proposal can't be applied.
    is_current: bool,
}

/// How many a rule lets pass, and what is known of them later.
#[derive(Serialize, ToSchema)]
struct Reach {
    /// How many pass.
    passed: u64,
    /// How many of them have an outcome of the human interview.
    known: u64,
    /// How many of those passed it.
    known_passed: u64,
    /// What finds those whom it lets pass now.
    found_by: String,
}

impl Reach {
    fn new(of: dossier_domain::Reach, passing: &Passing) -> Self {
        let dossier_domain::Reach { passed, known, known_passed } = of;
        Self { passed, known, known_passed, found_by: passing.found_by.to_string() }
    }
}

impl From<ProposalView> for Proposal {
    fn from(of: ProposalView) -> Self {
        let ProposalView { proposal, position, by, decided_by, is_current, former, revised } = of;
        let (state, decision) = match proposal.fate {
            Fate::Open => ("open", None),
            Fate::Applied(decision) => ("applied", Some(decision)),
            Fate::Rejected(decision) => ("rejected", Some(decision)),
        };
        Self {
            id: proposal.id,
            position,
            from: proposal.from.into(),
            to: proposal.to.into(),
            query: proposal.query,
            former: Reach::new(proposal.former, &former),
            revised: Reach::new(proposal.revised, &revised),
            reason: proposal.reason,
            by,
            at: proposal.at,
            state,
            decided_by,
            decided_at: decision.as_ref().map(|decision| decision.at),
            decided_because: decision.and_then(|decision| decision.reason),
            is_current,
        }
    }
}

/// Proposals, the oldest first.
#[derive(Serialize, ToSchema)]
struct Proposals {
    proposals: Vec<Proposal>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
}

/// All proposals, also those that were decided on.
#[utoipa::path(
    get, path = "/api/v1/proposals", tag = "proposals", params(Paging),
    responses((status = 200, description = "The proposals", body = Proposals))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Proposals>> {
    let all = site.archive.proposals(&caller.ctx).await?;
    let (page, next) = paging.page(all, |of| of.proposal.id.to_string())?;
    Ok(Json(Proposals { proposals: page.into_iter().map(Proposal::from).collect(), next }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewProposal)]
#[serde(deny_unknown_fields)]
struct NewOne {
    #[schema(value_type = text::PositionNameText)]
    position: PositionName,
    /// The rule that is proposed.
    to: Rule,
    /// Which of the position's past applications it is tried on, as a search; all if empty.
    #[serde(default)]
    query: String,
    /// Why it is proposed.
    #[schema(value_type = Option<text::LineText>)]
    reason: Option<Line>,
}

/// Keeps a proposal, with what it would have meant for past applications.
#[utoipa::path(
    post, path = "/api/v1/proposals", tag = "proposals", request_body = NewOne,
    responses((status = 201, description = "The proposal", body = Proposal, headers(("ETag", description = "Its state"))))
)]
async fn add(caller: Caller, State(site): State<Arc<Site>>, Body(new): Body<NewOne>) -> Result<Response> {
    let NewOne { position, to, query, reason } = new;
    let new = NewProposal { position, to: to.into(), query, reason };
    let id = site.archive.propose(&caller.ctx, new).await?.id;
    Ok((StatusCode::CREATED, tagged(find(&caller.ctx, &site, id).await?)?).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfProposal {
    /// The proposal's id.
    #[param(value_type = String)]
    proposal: ProposalId,
}

/// One proposal.
#[utoipa::path(
    get, path = "/api/v1/proposals/{proposal}", tag = "proposals", params(OfProposal),
    responses((status = 200, description = "The proposal", body = Proposal, headers(("ETag", description = "Its state"))))
)]
async fn one(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfProposal>) -> Result<Response> {
    tagged(find(&caller.ctx, &site, of.proposal).await?)
}

async fn find(ctx: &Context, site: &Site, id: ProposalId) -> Result<Proposal> {
    let all = site.archive.proposals(ctx).await?;
    let found = all.into_iter().find(|of| of.proposal.id == id).map(Proposal::from);
    found.ok_or_else(|| Error::NotFound { what: What::Proposal, name: id.to_string() }.into())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Applying {
    /// Why it is applied; it goes into the log.
    #[schema(value_type = text::LineText)]
    reason: Line,
}

/// Judges by the proposed rule from now on. Vendors' scores stay as they are.
///
/// If the position judges by another rule by now than when the proposal was made, nothing is changed: 412.
#[utoipa::path(
    post, path = "/api/v1/proposals/{proposal}/apply", tag = "proposals", request_body = Applying,
    params(OfProposal, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The position", body = Position))
)]
async fn apply(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfProposal>,
    when: IfMatch,
    Body(applying): Body<Applying>,
) -> Result<Json<Position>> {
    let ctx = when.holds(caller, &site, async |ctx| find(ctx, &site, of.proposal).await).await?;
    Ok(Json(site.archive.apply_proposal(&ctx, of.proposal, applying.reason).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rejecting {
    /// Why it is rejected; it goes into the log.
    #[schema(value_type = Option<text::LineText>)]
    reason: Option<Line>,
}

/// Decides against a proposal, which is kept.
#[utoipa::path(
    post, path = "/api/v1/proposals/{proposal}/reject", tag = "proposals", request_body = Rejecting,
    params(OfProposal, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The proposal", body = Proposal, headers(("ETag", description = "Its state"))))
)]
async fn reject(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfProposal>,
    when: IfMatch,
    Body(rejecting): Body<Rejecting>,
) -> Result<Response> {
    let ctx = when.holds(caller, &site, async |ctx| find(ctx, &site, of.proposal).await).await?;
    site.archive.reject_proposal(&ctx, of.proposal, rejecting.reason).await?;
    tagged(find(&ctx, &site, of.proposal).await?)
}
