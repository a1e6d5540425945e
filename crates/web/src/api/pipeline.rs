//! The whole pipeline as a table.

use std::sync::Arc;

use axum::{Json, extract::State, response::Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    caller::Caller,
    extract::Asked,
    imports::{self, Imported, Trial},
    table::Table,
};
use crate::{failure::Result, pages::pipeline::workbook, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_export, export).with(__path_import, import)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Which applications: those that this query finds; all without one.
    #[serde(default)]
    q: String,
}

/// Where applications stand and since when, as an Excel file that can be changed and handed in again.
#[utoipa::path(
    get, path = "/api/v1/exports/pipeline", tag = "process", params(Which),
    responses((
        status = 200, description = "The workbook", body = inline(super::text::Raw),
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ))
)]
async fn export(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(Which { q }): Asked<Which>,
) -> Result<Response> {
    Ok(workbook(site.archive.export_pipeline(&caller.ctx, &q, caller.language()).await?))
}

/// Moves applications to the stages that a table gives them.
///
/// Excel (`.xlsx`) or CSV, with the columns `id`, `stage`, `step`, `reason`, `moves`. A row of which the application was
/// moved since (`moves` is another number) is refused. All moves are one commit.
#[utoipa::path(
    post, path = "/api/v1/imports/pipeline", tag = "process", params(Trial),
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
    let done = site.archive.import_pipeline(&caller.ctx, table, trial).await?;
    Ok(Json(Imported::new(done, trial, caller.language())))
}
