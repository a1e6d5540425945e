//! Checking and mending the set-up.

use std::sync::Arc;

use axum::{Json, extract::State, response::Response};
use dossier_archive::{Check, Gone, State as Health};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::Asked,
    gradual::{self, ReadsEvents},
    table::Table,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_doctor, doctor).with(__path_repair, repair).with(__path_rebuild, rebuild)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Depth {
    /// To open every record and read every file, which takes its time.
    #[serde(default)]
    everything: bool,
}

/// What was looked at.
#[derive(Serialize, ToSchema)]
struct Checks {
    checks: Vec<Looked>,
}

/// One thing that was looked at, and how it is.
#[derive(Serialize, ToSchema)]
struct Looked {
    what: String,
    #[schema(value_type = HealthName)]
    state: Health,
    found: String,
}

/// How something is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum HealthName {
    Good,
    Attention,
    Broken,
}

/// Checks the set-up: users, log, index, connections.
///
/// With `Accept: text/event-stream`, what takes its time tells by `progress` events how many records are opened, as
/// `{"progress": 1200}`, and ends with `{"done": …}`, which holds the answer, or `{"problem": …}`.
#[utoipa::path(
    get, path = "/api/v1/doctor", tag = "doctor", params(Depth),
    responses((status = 200, description = "What was found", body = Checks))
)]
async fn doctor(
    caller: Caller,
    State(site): State<Arc<Site>>,
    reads: ReadsEvents,
    Asked(depth): Asked<Depth>,
) -> Result<Response> {
    let language = caller.language();
    gradual::answered(reads, language, move |count| async move {
        let gone = |gone: Gone| count.at(gone.records);
        let everything = depth.everything.then_some(&gone as dossier_archive::doctor::OnCheck<'_>);
        let checks = site.archive.doctor(&caller.ctx, everything).await?;
        let looked = |check: &Check| Looked {
            what: check.title(language).to_owned(),
            state: check.state,
            found: check.text(language).to_owned(),
        };
        Ok(Checks { checks: checks.iter().map(looked).collect() })
    })
    .await
}

/// How many left-over files are gone.
#[derive(Serialize, ToSchema)]
struct Repaired {
    removed: u64,
}

/// Removes files that belong to nothing.
#[utoipa::path(
    post, path = "/api/v1/doctor/repair", tag = "doctor",
    responses((status = 200, description = "How many were removed", body = Repaired))
)]
async fn repair(caller: Caller, State(site): State<Arc<Site>>) -> Result<Json<Repaired>> {
    Ok(Json(Repaired { removed: site.archive.remove_left_over_files(&caller.ctx).await? }))
}

/// How many applications the new index holds.
#[derive(Serialize, ToSchema)]
struct Rebuilt {
    entries: u64,
}

/// Throws the search index away and builds it from the records.
///
/// With `Accept: text/event-stream`, `progress` events tell how many applications are indexed, as `{"progress": 1200}`; it
/// ends with `{"done": …}`, which holds the answer, or `{"problem": …}`.
#[utoipa::path(
    post, path = "/api/v1/index/rebuild", tag = "doctor",
    responses((status = 200, description = "It is rebuilt", body = Rebuilt))
)]
async fn rebuild(caller: Caller, State(site): State<Arc<Site>>, reads: ReadsEvents) -> Result<Response> {
    gradual::answered(reads, caller.language(), move |count| async move {
        Ok(Rebuilt { entries: site.archive.rebuild_index(&caller.ctx, &|entries| count.at(entries)).await? })
    })
    .await
}
