//! Two persons for large downloads: asked for by one, released by another.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_archive::{ReleaseRule, ReleaseState};
use dossier_domain::{
    MaterialKind, ReleaseId, UserId,
    text::{Line, Login},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    applications::shape,
    caller::Caller,
    extract::{Asked, At, Body, Paging, whole},
    folders::{self, Fetch},
    table::Table,
    text,
};
use crate::{failure::Result, site::Site, zips::Contents};

pub(super) fn routes(table: Table) -> Table {
    let table = table.with(__path_list, list).with(__path_ask, ask).with(__path_decide, decide);
    let table = table.with(__path_fetch, fetch);
    table.with(__path_rule, rule).with(__path_set_rule, set_rule)
}

/// A batch download that waits for another person's release, or has it.
#[derive(Serialize, ToSchema)]
struct Release {
    #[schema(value_type = String)]
    id: ReleaseId,
    /// Who asks, by their id.
    #[schema(value_type = String)]
    by: UserId,
    /// Their sign-in name.
    #[schema(value_type = Option<String>)]
    login: Option<Login>,
    asked_at: DateTime<Utc>,
    /// What they searched for.
    q: String,
    #[schema(value_type = Vec<shape::KindName>)]
    contents: Vec<MaterialKind>,
    /// What for.
    #[schema(value_type = String)]
    reason: Line,
    /// How many applications are in it.
    applications: u64,
    state: StateName,
    /// The sign-in name of who has decided.
    #[schema(value_type = Option<String>)]
    decided_by: Option<Login>,
    /// Until when it waits, or is good.
    ends_at: DateTime<Utc>,
}

/// Whether it is released.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StateName {
    Waiting,
    Released,
    Refused,
}

impl Release {
    fn new(of: dossier_archive::Release) -> Self {
        let state = match of.state {
            ReleaseState::Waiting => StateName::Waiting,
            ReleaseState::Released => StateName::Released,
            ReleaseState::Refused => StateName::Refused,
        };
        Self {
            id: of.id,
            by: of.by,
            login: of.login,
            asked_at: of.asked_at,
            q: of.query,
            contents: of.contents,
            reason: of.reason,
            applications: of.applications,
            state,
            decided_by: of.decided_by,
            ends_at: of.ends_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct Releases {
    releases: Vec<Release>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
}

/// Requests for a release that have not ended.
///
/// One's own, and for who may release them those of all others.
#[utoipa::path(
    get, path = "/api/v1/releases", tag = "releases", params(Paging),
    responses((status = 200, description = "The requests", body = Releases))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Releases>> {
    let all = site.archive.releases(&caller.ctx).await?;
    let (page, next) = paging.page(all, |of| of.id.to_string())?;
    Ok(Json(Releases { releases: page.into_iter().map(Release::new).collect(), next }))
}

/// Asks another person to release a batch download.
///
/// It is for the very applications that are found now, and waits for a day.
#[utoipa::path(
    post, path = "/api/v1/releases", tag = "releases", request_body = Fetch,
    responses((status = 201, description = "The request", body = Release))
)]
async fn ask(caller: Caller, State(site): State<Arc<Site>>, Body(asked): Body<Fetch>) -> Result<Response> {
    let request = asked.request(caller.language())?;
    let asked = site.archive.ask_release(&caller.ctx, request).await?;
    Ok((StatusCode::CREATED, Json(Release::new(asked))).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfRelease {
    /// The request's id.
    #[param(value_type = String)]
    release: ReleaseId,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// Whether it may be taken away; else it is refused.
    released: bool,
}

/// Releases what somebody else asked for, or refuses it.
///
/// Persons alone do this, and nobody for themselves: a token can't.
#[utoipa::path(
    put, path = "/api/v1/releases/{release}/decision", tag = "releases", params(OfRelease), request_body = Decision,
    responses((status = 200, description = "The request", body = Release))
)]
async fn decide(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfRelease>,
    Body(decision): Body<Decision>,
) -> Result<Json<Release>> {
    let decided = site.archive.decide_release(&caller.ctx, of.release, decision.released).await?;
    Ok(Json(Release::new(decided)))
}

/// Takes what was released away as one ZIP, as `POST /api/v1/fetch` does.
#[utoipa::path(
    post, path = "/api/v1/releases/{release}/fetch", tag = "releases", params(OfRelease),
    responses((status = 200, description = "The ZIP", content_type = "application/zip", body = inline(text::Raw)))
)]
async fn fetch(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfRelease>) -> Result<Response> {
    let contents = Contents::Released(of.release, caller.language());
    folders::zip(site, caller, contents).await
}

/// When a batch download needs another person's release.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReleaseRule)]
struct Rule {
    /// From so many applications within a day on; never where it is null.
    #[schema(minimum = 1, maximum = 1000)]
    #[serde(deserialize_with = "whole")]
    #[schema(required)]
    from: Option<u32>,
}

/// When a batch download needs another person's release.
#[utoipa::path(
    get, path = "/api/v1/release-rule", tag = "releases",
    responses((status = 200, description = "The rule", body = Rule))
)]
async fn rule(_: Caller, State(site): State<Arc<Site>>) -> Result<Json<Rule>> {
    Ok(Json(Rule { from: site.archive.release_rule().await?.from }))
}

/// Changes when a batch download needs another person's release.
#[utoipa::path(
    put, path = "/api/v1/release-rule", tag = "releases", request_body = Rule,
    responses((status = 200, description = "The rule", body = Rule))
)]
async fn set_rule(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Body(rule): Body<Rule>,
) -> Result<Json<Rule>> {
    site.archive.change_release_rule(&caller.ctx, ReleaseRule { from: rule.from }).await?;
    Ok(Json(rule))
}
