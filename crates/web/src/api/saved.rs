//! Searches that whoever calls keeps under a name.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_archive::NewSavedSearch;
use dossier_domain::{SavedSearchId, text::Line};
use dossier_search::Sort;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    applications::shape::Order,
    caller::Caller,
    extract::{Asked, At, Body, Paging, Removed},
    table::Table,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table
        .with(__path_list, list)
        .with(__path_add, add)
        .with(__path_rename, rename)
        .with(__path_remove, remove)
}

/// A search that is kept.
#[derive(Serialize, ToSchema)]
struct SavedSearch {
    #[schema(value_type = String)]
    id: SavedSearchId,
    #[schema(value_type = super::text::LineText)]
    name: Line,
    /// What is searched for, as it was typed.
    query: String,
    /// The order of the hits, if another than usual.
    #[schema(value_type = Option<Order>)]
    sort: Option<Sort>,
    saved_at: DateTime<Utc>,
}

impl From<dossier_archive::SavedSearch> for SavedSearch {
    fn from(of: dossier_archive::SavedSearch) -> Self {
        let dossier_archive::SavedSearch { id, name, query, sort, saved_at } = of;
        Self { id, name, query, sort, saved_at }
    }
}

/// Searches, by name.
#[derive(Serialize, ToSchema)]
struct SavedSearches {
    saved_searches: Vec<SavedSearch>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
}

/// The caller's searches.
#[utoipa::path(
    get, path = "/api/v1/saved-searches", tag = "saved-searches", params(Paging),
    responses((status = 200, description = "The searches", body = SavedSearches))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<SavedSearches>> {
    let saved = site.archive.saved_searches(&caller.ctx).await?;
    let (page, next) = paging.page(saved, |one| one.name.to_string())?;
    Ok(Json(SavedSearches { saved_searches: page.into_iter().map(SavedSearch::from).collect(), next }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewSavedSearch)]
#[serde(deny_unknown_fields)]
struct NewOne {
    /// What it is called.
    #[schema(value_type = super::text::LineText)]
    name: Line,
    /// What is searched for, in the language of the search box.
    query: String,
    /// The order of the hits, if another than usual.
    #[schema(value_type = Option<Order>)]
    sort: Option<Sort>,
}

/// Keeps a search under a name.
#[utoipa::path(
    post, path = "/api/v1/saved-searches", tag = "saved-searches", request_body = NewOne,
    responses((status = 201, description = "The search", body = SavedSearch))
)]
async fn add(caller: Caller, State(site): State<Arc<Site>>, Body(new): Body<NewOne>) -> Result<Response> {
    let NewOne { name, query, sort } = new;
    let saved = site.archive.save_search(&caller.ctx, NewSavedSearch { name, query, sort }).await?;
    Ok((StatusCode::CREATED, Json(SavedSearch::from(saved))).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfSearch {
    /// The search's id.
    #[param(value_type = String)]
    search: SavedSearchId,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewName {
    #[schema(value_type = super::text::LineText)]
    pub(super) name: Line,
}

/// Gives a search another name.
#[utoipa::path(
    put, path = "/api/v1/saved-searches/{search}/name", tag = "saved-searches", params(OfSearch), request_body = NewName,
    responses((status = 200, description = "The search", body = SavedSearch))
)]
async fn rename(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfSearch>,
    Body(new): Body<NewName>,
) -> Result<Json<SavedSearch>> {
    Ok(Json(site.archive.rename_saved_search(&caller.ctx, of.search, new.name).await?.into()))
}

/// Forgets a search.
#[utoipa::path(
    delete, path = "/api/v1/saved-searches/{search}", tag = "saved-searches", params(OfSearch),
    responses((status = 200, description = "It is forgotten", body = Removed))
)]
async fn remove(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfSearch>,
) -> Result<Json<Removed>> {
    site.archive.remove_saved_search(&caller.ctx, of.search).await?;
    Ok(Removed::new(of.search))
}
