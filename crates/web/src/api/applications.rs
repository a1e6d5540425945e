//! Applications: searching them, reading one, its tags, its stage.

pub(super) mod shape;

use std::sync::Arc;

use axum::{Json, extract::State, response::Response};
use dossier_access::Context;
use dossier_archive::SearchRequest;
use dossier_domain::{
    ApplicationId, Outcome, Place, Stage,
    text::{Line, StepKey},
};
use dossier_search::{Facet, Sort};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::{Asked, At, Body, IfMatch, bounded, parsed, tagged},
    table::Table,
    text,
};
use crate::{
    failure::{Failure, Result},
    site::Site,
};
use shape::{Application, Found, Shown};

/// So many hits are on a page unless said otherwise, and at most.
const PAGE: usize = 20;
const LONGEST_PAGE: usize = 1000;

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_search, search).with(__path_show, show).with(__path_tag, tag).with(__path_stage, stage)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Search {
    /// The query as people type it, such as `张三+客户经理+80分` or `position:"Account manager" score>=80`.
    #[serde(default)]
    q: String,
    /// In what order: by relevance where words are looked for, else the newest first, unless said otherwise.
    #[param(value_type = Option<shape::Order>)]
    sort: Option<Sort>,
    /// How many hits at most; 20 unless said otherwise.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
    /// Whether to count the hits by position, stage, month, score, emotion and tag.
    #[serde(default)]
    facets: bool,
}

/// Searches applications.
///
/// What was saved before is found. A query that can't be read is answered with 422 and where the mistake is.
#[utoipa::path(
    get, path = "/api/v1/applications", tag = "applications", params(Search),
    responses((status = 200, description = "What was found, as far as the caller may see it", body = Found))
)]
async fn search(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<Search>,
) -> Result<Json<Found>> {
    let facets = [Facet::Position, Facet::Stage, Facet::Month, Facet::ScoreBand, Facet::Emotion, Facet::Tag];
    let request = SearchRequest {
        query: asked.q,
        sort: asked.sort,
        limit: Some(bounded(asked.limit, PAGE, LONGEST_PAGE)?),
        after: asked
            .after
            .as_deref()
            .map(|text| parsed(("游标", "the cursor"), text, str::parse))
            .transpose()?,
        facets: if asked.facets { facets.to_vec() } else { Vec::new() },
    };
    let answer = site.archive.search(&caller.ctx, request).await?;
    Ok(Json(Found::new(answer, caller.language())))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OfApplication {
    /// The application's id.
    #[param(value_type = String, example = "app_01J2Z3K4M5N6P7Q8R9S0T1V2W3")]
    pub(super) application: ApplicationId,
}

/// One application.
///
/// With identity, history, interviews, structured materials and what is missing. What the caller may not see is absent.
#[utoipa::path(
    get, path = "/api/v1/applications/{application}", tag = "applications", params(OfApplication),
    responses((status = 200, description = "The application", body = Shown, headers(("ETag", description = "Its state"))))
)]
async fn show(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfApplication>) -> Result<Response> {
    tagged(shown(&caller.ctx, &site, of.application).await?)
}

/// The application as it is answered.
async fn shown(ctx: &Context, site: &Site, id: ApplicationId) -> Result<Shown> {
    Ok(Shown::from(site.archive.show(ctx, id).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Tags {
    /// Tags to put.
    #[serde(default)]
    #[schema(value_type = Vec<text::TagText>)]
    add: Vec<String>,
    /// Tags of people to take away; automatic ones follow from the rules.
    #[serde(default)]
    #[schema(value_type = Vec<text::TagText>)]
    remove: Vec<String>,
}

/// Puts tags on an application and takes tags away.
#[utoipa::path(
    post, path = "/api/v1/applications/{application}/tags", tag = "applications", request_body = Tags,
    params(OfApplication, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The application's own record as it is now", body = Application))
)]
async fn tag(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    when: IfMatch,
    Body(tags): Body<Tags>,
) -> Result<Json<Application>> {
    let names = |given: &[String]| {
        given
            .iter()
            .map(|name| parsed(("标签", "a tag"), name, dossier_domain::text::TagName::parse))
            .collect::<Result<Vec<_>>>()
    };
    let (add, remove) = (names(&tags.add)?, names(&tags.remove)?);
    let ctx = when.holds(caller, &site, async |ctx| shown(ctx, &site, of.application).await).await?;
    let changed = site.archive.tag(&ctx, &[of.application], &add, &remove).await?;
    changed.into_iter().next().map(|application| Json(application.into())).ok_or(Failure::NoPage)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Move {
    /// Where to.
    #[schema(value_type = shape::StageName)]
    to: Stage,
    /// To which of the bank's steps in that stage.
    #[schema(value_type = Option<text::StepKeyText>)]
    step: Option<StepKey>,
    /// How the stage that is left ended. It follows from the move; where it is given it must be that.
    #[schema(value_type = Option<shape::OutcomeName>)]
    outcome: Option<Outcome>,
    /// Why; a rejection needs a reason.
    #[schema(value_type = Option<text::LineText>)]
    reason: Option<Line>,
}

/// Moves an application to another stage.
#[utoipa::path(
    post, path = "/api/v1/applications/{application}/stage", tag = "applications", request_body = Move,
    params(OfApplication, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The application's own record as it is now", body = Application))
)]
async fn stage(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    when: IfMatch,
    Body(asked): Body<Move>,
) -> Result<Json<Application>> {
    let ctx = when.holds(caller, &site, async |ctx| shown(ctx, &site, of.application).await).await?;
    let Move { to: stage, step, outcome, reason } = asked;
    let asked = dossier_archive::Move { to: Place { stage, step }, reason, seen: None, outcome };
    let moved = site.archive.move_to(&ctx, of.application, &asked).await?;
    Ok(Json(moved.into()))
}
