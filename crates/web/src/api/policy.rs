//! The table of who sees which materials at which stages.

use std::sync::Arc;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use dossier_access::{PolicyTable, Role, Sight};
use dossier_domain::{MaterialKind, Stage, UserId, text::PersonName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    applications::shape::{KindName, StageName},
    caller::Caller,
    extract::Body,
    table::Table,
    users::RoleName,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_show, show).with(__path_change, change)
}

/// What a role may do with a kind of material.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum SightName {
    Nothing,
    View,
    Download,
}

/// Who sees which materials at which stages.
#[derive(Serialize, ToSchema)]
struct Policy {
    /// How often it was changed.
    revision: u32,
    /// When it was changed last.
    changed_at: Option<DateTime<Utc>>,
    /// By whom.
    #[schema(value_type = Option<String>)]
    changed_by: Option<UserId>,
    /// Their name.
    #[schema(value_type = Option<String>)]
    changed_by_name: Option<PersonName>,
    /// All cells, role by role and stage by stage.
    cells: Vec<PolicyCell>,
}

/// A cell of the table.
#[derive(Serialize, ToSchema)]
struct PolicyCell {
    #[schema(value_type = RoleName)]
    role: Role,
    #[schema(value_type = StageName)]
    stage: Stage,
    #[schema(value_type = KindName)]
    kind: MaterialKind,
    /// What the role may do.
    #[schema(value_type = SightName)]
    sight: Sight,
    /// What it is where nobody has decided otherwise.
    #[schema(value_type = SightName)]
    usual: Sight,
    /// The most that anybody may decide.
    #[schema(value_type = SightName)]
    limit: Sight,
}

impl From<dossier_archive::Policy> for Policy {
    fn from(of: dossier_archive::Policy) -> Self {
        let (changed_at, changed_by) = of.changed.unzip();
        let cell = |cell: dossier_access::Cell| PolicyCell {
            role: cell.role,
            stage: cell.stage,
            kind: cell.kind,
            sight: of.table.sight(cell),
            usual: PolicyTable::usual(cell),
            limit: PolicyTable::limit(cell),
        };
        let cells = dossier_access::Cell::all().map(cell).collect();
        Self { revision: of.revision, changed_at, changed_by, changed_by_name: of.changed_by, cells }
    }
}

/// Who sees which materials at which stages.
#[utoipa::path(
    get, path = "/api/v1/policy", tag = "settings",
    responses((status = 200, description = "The table", body = Policy))
)]
async fn show(caller: Caller, State(site): State<Arc<Site>>) -> Result<Json<Policy>> {
    Ok(Json(site.archive.policy(&caller.ctx).await?.into()))
}

/// Cells to be decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PolicyChange {
    #[schema(max_items = 240)]
    cells: Vec<CellChange>,
    /// The revision on which this is based.
    revision: Option<u32>,
}

/// What a role may do with a kind of material at a stage.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CellChange {
    #[schema(value_type = RoleName)]
    role: Role,
    #[schema(value_type = StageName)]
    stage: Stage,
    #[schema(value_type = KindName)]
    kind: MaterialKind,
    #[schema(value_type = SightName)]
    sight: Sight,
}

/// Decides cells of the table, within the limits.
///
/// It holds from the next request of everybody. Sessions of roles from which something is taken end.
#[utoipa::path(
    patch, path = "/api/v1/policy", tag = "settings", request_body = PolicyChange,
    responses((status = 200, description = "The table", body = Policy))
)]
async fn change(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Body(asked): Body<PolicyChange>,
) -> Result<Json<Policy>> {
    let cell =
        |of: CellChange| (dossier_access::Cell { role: of.role, stage: of.stage, kind: of.kind }, of.sight);
    let cells: Vec<_> = asked.cells.into_iter().map(cell).collect();
    Ok(Json(site.archive.change_policy(&caller.ctx, &cells, asked.revision).await?.into()))
}
