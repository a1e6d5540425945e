//! The operation log: read, verified, exported, anchored. Reading it is logged.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_access::log::{Checkpoint, LogRecord, Outcome, PublicKey, Trust};
use dossier_archive::LogFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    applications::shape::contents::Record,
    caller::Caller,
    extract::{Asked, Body, bounded, parsed},
    table::Table,
};
use crate::{
    failure::{Failure, Result},
    pages,
    site::Site,
};

/// So many records are on a page unless said otherwise, and at most.
const PAGE: usize = 50;
const LONGEST_PAGE: usize = 1000;

pub(super) fn routes(table: Table) -> Table {
    let table = table.with(__path_list, list).with(__path_verify, verify);
    table.with(__path_export, export).with(__path_checkpoint, checkpoint)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// By this actor: a user's sign-in name or their name, in any case, or an id.
    actor: Option<String>,
    /// Actions whose names begin with this.
    action: Option<String>,
    /// About this object: an id.
    object: Option<String>,
    /// With this outcome.
    #[param(inline, value_type = Option<LogOutcome>)]
    outcome: Option<Outcome>,
    /// Not written before this instant.
    from: Option<DateTime<Utc>>,
    /// Written before this instant.
    until: Option<DateTime<Utc>>,
    /// How many records at most; 50 unless said otherwise.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// `next` of the page before.
    #[param(minimum = 0)]
    after: Option<i64>,
}

/// How something went.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum LogOutcome {
    Intended,
    Done,
    Denied,
    Failed,
}

/// Records of the log.
#[derive(Serialize, ToSchema)]
struct Records {
    /// The newest first, each as it is stored and hashed.
    #[schema(value_type = Vec<Record>)]
    records: Vec<LogRecord>,
    /// The sign-in names of the users who acted, by their ids.
    logins: BTreeMap<String, String>,
    /// How many records were met that are damaged; verifying the log names them.
    damaged: u64,
    /// Where the next page begins; null on the last one.
    next: Option<u64>,
}

/// The newest records.
#[utoipa::path(
    get, path = "/api/v1/log", tag = "log", params(Filter),
    responses((status = 200, description = "The records", body = Records))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<Filter>,
) -> Result<Json<Records>> {
    let limit = bounded(asked.limit, PAGE, LONGEST_PAGE)?;
    let Filter { actor, action, object, outcome, from, until, after, .. } = asked;
    let before = after.map(u64::try_from).transpose();
    let before = before.map_err(|_| Failure::bad("游标有误", "the cursor makes no sense"))?;
    let filter = LogFilter {
        actor,
        action,
        object,
        outcome,
        from,
        until,
        limit: Some(limit),
        before,
        ..LogFilter::default()
    };
    let found = site.archive.log_records(&caller.ctx, filter).await?;
    let next = found.records.last().map(|last| last.sequence).filter(|_| found.records.len() == limit);
    let logins = found.logins.into_iter().map(|(id, login)| (id.to_string(), login.to_string())).collect();
    Ok(Json(Records { records: found.records, logins, damaged: found.damaged, next }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Known {
    /// The signing key as it is known from elsewhere, in hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    key: Option<String>,
    /// A checkpoint that was kept elsewhere.
    anchor: Option<String>,
}

/// What verifying found.
#[derive(Serialize, ToSchema)]
struct Verdict {
    verified: bool,
    /// How many records were verified.
    records: Option<u64>,
    /// How many of them signed checkpoints vouch for.
    covered: Option<u64>,
    /// The root of the tree, in hexadecimal.
    root: Option<String>,
    /// The key that signed, in hexadecimal.
    key: Option<String>,
    /// What is wrong.
    findings: Vec<String>,
}

/// Verifies the whole log.
#[utoipa::path(
    post, path = "/api/v1/log/verify", tag = "log", request_body = Known,
    responses((status = 200, description = "Whether it holds", body = Verdict))
)]
async fn verify(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Body(known): Body<Known>,
) -> Result<Json<Verdict>> {
    let key = known.key.as_deref().map(|text| parsed(("公钥", "the key"), text, str::parse::<PublicKey>));
    let anchor =
        known.anchor.as_deref().map(|text| parsed(("检查点", "the anchor"), text, str::parse::<Checkpoint>));
    let trust = Trust { key: key.transpose()?, anchor: anchor.transpose()? };
    Ok(Json(match site.archive.verify_log(&caller.ctx, trust).await? {
        Ok(verified) => Verdict {
            verified: true,
            records: Some(verified.records),
            covered: Some(verified.covered),
            root: Some(verified.root.to_string()),
            key: verified.key.map(|key| key.to_string()),
            findings: Vec::new(),
        },
        Err(findings) => Verdict {
            verified: false,
            records: None,
            covered: None,
            root: None,
            key: None,
            findings: findings.iter().map(|finding| finding.describe(caller.language())).collect(),
        },
    }))
}

/// The whole log, line by line, in the form that the independent verifier reads.
#[utoipa::path(
    get, path = "/api/v1/log/export", tag = "log",
    responses((status = 200, description = "The log", content_type = "application/jsonl", body = inline(super::text::Raw)))
)]
async fn export(caller: Caller, State(site): State<Arc<Site>>) -> Result<Response> {
    pages::log::exported(site, caller.into()).await
}

/// The newest signed checkpoint, to be kept away from the machine.
#[utoipa::path(
    get, path = "/api/v1/log/checkpoint", tag = "log",
    responses(
        (status = 200, description = "The checkpoint", content_type = "text/plain", body = String),
        (status = 204, description = "There is none yet"),
    )
)]
async fn checkpoint(caller: Caller, State(site): State<Arc<Site>>) -> Result<Response> {
    let Some(newest) = site.archive.log_checkpoint(&caller.ctx).await? else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], newest.to_string()).into_response())
}
