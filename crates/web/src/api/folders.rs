//! Folders, and taking many files away at once.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use dossier_archive::FetchRequest;
use dossier_domain::{ApplicationId, Language, MaterialKind, text::Line};
use dossier_search::Sort;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    applications::shape,
    caller::Caller,
    extract::{Asked, At, Body, whole},
    table::Table,
    text,
};
use crate::{
    failure::{Failure, Result},
    site::Site,
    zips::{self, Contents},
};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_folders, folders).with(__path_fetch, fetch).with(__path_go_on, go_on)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Below {
    /// The folder whose folders are wanted, its levels apart by `/`; the outermost ones unless said otherwise.
    #[serde(default)]
    path: String,
}

/// Folders and how many applications are in each.
#[derive(Serialize, ToSchema)]
struct Folders {
    folders: Vec<Folder>,
}

/// A folder.
#[derive(Serialize, ToSchema)]
struct Folder {
    /// From the outer to the inner.
    path: Vec<String>,
    /// How many applications are in it.
    count: u64,
}

/// The folders right below one.
///
/// They are derived by rule from the applications that the caller may see.
#[utoipa::path(
    get, path = "/api/v1/folders", tag = "applications", params(Below),
    responses((status = 200, description = "The folders", body = Folders))
)]
async fn folders(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(below): Asked<Below>,
) -> Result<Json<Folders>> {
    let parent: Vec<String> =
        below.path.split('/').filter(|level| !level.is_empty()).map(str::to_owned).collect();
    let found = site.archive.folders(&caller.ctx, parent.clone()).await?;
    let folder = |(name, count)| Folder { path: parent.iter().cloned().chain([name]).collect(), count };
    Ok(Json(Folders { folders: found.into_iter().map(folder).collect() }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fetch {
    /// Which applications: those that this query finds.
    #[serde(default)]
    q: String,
    /// Only these of them; all where empty.
    #[serde(default)]
    #[schema(value_type = Vec<text::ApplicationIdText>, max_items = 1000)]
    only: Vec<ApplicationId>,
    /// In what order.
    #[schema(value_type = Option<shape::Order>)]
    sort: Option<Sort>,
    /// At most so many.
    #[schema(minimum = 1, maximum = 1000)]
    #[serde(default, deserialize_with = "whole")]
    limit: Option<usize>,
    /// Which kinds of material; at least one.
    #[schema(value_type = Vec<shape::KindName>, min_items = 1)]
    contents: Vec<MaterialKind>,
    /// What for: it stands in the log and in the ZIP.
    #[schema(value_type = text::LineText)]
    reason: Line,
}

impl Fetch {
    pub(super) fn request(self, language: Language) -> Result<FetchRequest> {
        if self.contents.is_empty() {
            return Err(Failure::bad("请至少选择一种资料", "choose at least one kind of material"));
        }
        let Self { q, only, sort, limit, contents, reason } = self;
        Ok(FetchRequest { query: q, sort, only, limit, contents, reason, language })
    }
}

/// A ZIP that is on its way, and where to go on with it.
pub(super) async fn zip(site: Arc<Site>, caller: Caller, contents: Contents) -> Result<Response> {
    let (name, mut response) = zips::begun(site, caller.into(), contents, true).await?;
    let location = name.and_then(|name| HeaderValue::from_str(&format!("/api/v1/fetch/{name}")).ok());
    response.headers_mut().extend(location.map(|location| (header::CONTENT_LOCATION, location)));
    Ok(response)
}

/// Takes materials away as one ZIP.
///
/// With a manifest of SHA-256 sums, an index.html and an index.xlsx; each file has an entry of its own in the log.
/// `Dossier-Applications` and `Dossier-Files` say how much is in it; `Content-Location`, where to go on with it when the
/// connection breaks. So much at once that another person must release it is refused with `/problems/release-needed`; see
/// `POST /api/v1/releases`.
#[utoipa::path(
    post, path = "/api/v1/fetch", tag = "materials", request_body = Fetch,
    responses((status = 200, description = "The ZIP", content_type = "application/zip", body = inline(super::text::Raw)))
)]
async fn fetch(caller: Caller, State(site): State<Arc<Site>>, Body(asked): Body<Fetch>) -> Result<Response> {
    let request = asked.request(caller.language())?;
    zip(site, caller, Contents::Asked(request)).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfZip {
    /// What `Content-Location` named.
    #[param(pattern = "^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    fetch: String,
}

/// Goes on with a ZIP.
///
/// Within five minutes after its connection broke, with `Range: bytes=first-`, for whoever began it and may still have all
/// that is in it.
#[utoipa::path(
    get, path = "/api/v1/fetch/{fetch}", tag = "materials",
    params(OfZip, ("Range" = Option<String>, Header, description = "`bytes=first-`")),
    responses(
        (status = 200, description = "The whole ZIP", content_type = "application/zip", body = inline(super::text::Raw)),
        (status = 206, description = "The ZIP from there on", content_type = "application/zip", body = inline(super::text::Raw)),
        (status = 416, description = "The range is beyond its end"),
    )
)]
async fn go_on(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfZip>,
    headers: HeaderMap,
) -> Result<Response> {
    zips::continued(&site, caller.into(), &of.fetch, &headers).await
}
