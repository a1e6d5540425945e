//! Files among the materials: read whole or in part, and added in one go. For large ones there are [`uploads`](super::uploads).

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use dossier_domain::{ApplicationId, MaterialId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    applications::{OfApplication, shape::contents::Kept},
    caller::Caller,
    extract::{Asked, At},
    table::Table,
};
use crate::{failure::Result, media, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_file, file).with(__path_add, add)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfMaterial {
    /// The application's id.
    #[param(value_type = String)]
    application: ApplicationId,
    /// The material's id.
    #[param(value_type = String)]
    material: MaterialId,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// To take the file away rather than look at it: another right, and another entry in the log.
    #[serde(default)]
    download: bool,
}

/// The file of a video or supplement.
///
/// One range of bytes is answered with 206; whoever asks for several gets the whole.
#[utoipa::path(
    get, path = "/api/v1/applications/{application}/materials/{material}", tag = "materials",
    params(OfMaterial, Wanted, ("Range" = Option<String>, Header, description = "`bytes=first-last`")),
    responses(
        (status = 200, description = "The whole file", content_type = "application/octet-stream", body = inline(super::text::Raw)),
        (status = 206, description = "The part that was asked for", content_type = "application/octet-stream", body = inline(super::text::Raw)),
        (status = 416, description = "No part of the range is in the file"),
    )
)]
async fn file(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfMaterial>,
    Asked(wanted): Asked<Wanted>,
    headers: HeaderMap,
) -> Result<Response> {
    media::serve(site, caller.into(), of.application, of.material, wanted.download, &headers).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Named {
    /// The file's name, for people to read; what it is, is found by its content.
    name: String,
}

/// Adds a file to an application.
///
/// PDF, Word, images, sound or video, by the content and not by the name.
#[utoipa::path(
    post, path = "/api/v1/applications/{application}/materials", tag = "materials", params(OfApplication, Named),
    request_body(content = inline(super::text::Raw), content_type = "application/octet-stream"),
    responses((status = 201, description = "The material as it is stored", body = Kept))
)]
async fn add(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    Asked(named): Asked<Named>,
    body: Body,
) -> Result<Response> {
    let input = body.into_data_stream();
    let material = site.archive.upload(&caller.ctx, of.application, &named.name, None, input).await?;
    Ok((StatusCode::CREATED, Json(material)).into_response())
}
