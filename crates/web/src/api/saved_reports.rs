//! Reports that are kept under a name, and shared with roles: the question, which each reader asks under their own rights.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_access::Role;
use dossier_archive::{NewSavedReport, ReportWords, Rhythm};
use dossier_domain::{
    SavedReportId,
    text::{Line, Login},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::{Asked, At, Body, Paging, Removed},
    saved::NewName,
    table::Table,
    users::RoleName,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    let table = table.with(__path_list, list).with(__path_add, add).with(__path_rename, rename);
    table.with(__path_share, share).with(__path_remind, remind).with(__path_remove, remove)
}

/// What is asked of a report, in the words of `/api/v1/reports/{measure}`.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct ReportQuestion {
    /// What is measured: `pass_rate`.
    measure: String,
    /// Of which applications.
    query: String,
    /// What it is grouped by.
    by: Vec<String>,
    /// A time that is compared with an earlier one.
    period: String,
    /// The earlier time.
    against: String,
    /// The position of which a rule is tried.
    position: String,
    /// The shares of assessments in that rule: `Python=30`.
    weights: Vec<String>,
    /// Its pass mark.
    pass_mark: String,
}

impl From<ReportWords> for ReportQuestion {
    fn from(of: ReportWords) -> Self {
        let ReportWords { measure, query, by, period, against, position, weights, pass_mark } = of;
        Self { measure, query, by, period, against, position, weights, pass_mark }
    }
}

impl From<ReportQuestion> for ReportWords {
    fn from(of: ReportQuestion) -> Self {
        let ReportQuestion { measure, query, by, period, against, position, weights, pass_mark } = of;
        Self { measure, query, by, period, against, position, weights, pass_mark }
    }
}

/// How often readers are reminded.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum RhythmName {
    Weekly,
    Monthly,
}

/// A report that is kept.
#[derive(Serialize, ToSchema)]
struct SavedReport {
    #[schema(value_type = String)]
    id: SavedReportId,
    #[schema(value_type = super::text::LineText)]
    name: Line,
    question: ReportQuestion,
    /// The roles with which it is shared.
    #[schema(value_type = Vec<RoleName>)]
    shared_with: BTreeSet<Role>,
    /// Whose it is.
    #[schema(value_type = Option<String>)]
    owner: Option<Login>,
    /// Whether it is the caller's own.
    is_own: bool,
    saved_at: DateTime<Utc>,
    /// How often its readers are reminded of it.
    #[schema(value_type = Option<RhythmName>)]
    reminds: Option<Rhythm>,
}

impl From<dossier_archive::SavedReport> for SavedReport {
    fn from(of: dossier_archive::SavedReport) -> Self {
        let dossier_archive::SavedReport { id, name, words, shared_with, owner, is_own, saved_at, reminds } =
            of;
        Self { id, name, question: words.into(), shared_with, owner, is_own, saved_at, reminds }
    }
}

/// Reports, by name.
#[derive(Serialize, ToSchema)]
struct SavedReports {
    saved_reports: Vec<SavedReport>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
}

/// The caller's reports, and those that were shared with a role of theirs.
#[utoipa::path(
    get, path = "/api/v1/saved-reports", tag = "saved-reports", params(Paging),
    responses((status = 200, description = "The reports", body = SavedReports))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<SavedReports>> {
    let saved = site.archive.saved_reports(&caller.ctx).await?;
    let (page, next) = paging.page(saved, |one| format!("{}\n{}", one.name, one.id))?;
    Ok(Json(SavedReports { saved_reports: page.into_iter().map(SavedReport::from).collect(), next }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewSavedReport)]
#[serde(deny_unknown_fields)]
struct NewOne {
    /// What it is called.
    #[schema(value_type = super::text::LineText)]
    name: Line,
    question: ReportQuestion,
    /// The roles with which it is shared; none for the caller alone.
    #[serde(default)]
    #[schema(value_type = Vec<RoleName>)]
    shared_with: BTreeSet<Role>,
}

/// Keeps a report under a name.
#[utoipa::path(
    post, path = "/api/v1/saved-reports", tag = "saved-reports", request_body = NewOne,
    responses((status = 201, description = "The report", body = SavedReport))
)]
async fn add(caller: Caller, State(site): State<Arc<Site>>, Body(new): Body<NewOne>) -> Result<Response> {
    let NewOne { name, question, shared_with } = new;
    let new = NewSavedReport { name, words: question.into(), shared_with };
    let saved = site.archive.save_report(&caller.ctx, new).await?;
    Ok((StatusCode::CREATED, Json(SavedReport::from(saved))).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfReport {
    /// The kept report's id.
    #[param(value_type = String)]
    report: SavedReportId,
}

/// Gives a report of the caller another name.
#[utoipa::path(
    put, path = "/api/v1/saved-reports/{report}/name", tag = "saved-reports", params(OfReport), request_body = NewName,
    responses((status = 200, description = "The report", body = SavedReport))
)]
async fn rename(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfReport>,
    Body(new): Body<NewName>,
) -> Result<Json<SavedReport>> {
    Ok(Json(site.archive.rename_saved_report(&caller.ctx, of.report, new.name).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sharing {
    /// The roles that can open it from now on; none for the caller alone.
    #[schema(value_type = Vec<RoleName>)]
    roles: BTreeSet<Role>,
}

/// Shares a report of the caller with just these roles. Each reader sees in it what they may see, and nothing of the caller's.
#[utoipa::path(
    put, path = "/api/v1/saved-reports/{report}/sharing", tag = "saved-reports", params(OfReport), request_body = Sharing,
    responses((status = 200, description = "The report", body = SavedReport))
)]
async fn share(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfReport>,
    Body(sharing): Body<Sharing>,
) -> Result<Json<SavedReport>> {
    Ok(Json(site.archive.share_saved_report(&caller.ctx, of.report, sharing.roles).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reminder {
    /// On Mondays, on the first of a month, or, where it is null, never.
    #[schema(value_type = Option<RhythmName>)]
    rhythm: Option<Rhythm>,
}

/// Says how often the readers of a report of the caller are reminded of it: by a notice with a link, without figures.
#[utoipa::path(
    put, path = "/api/v1/saved-reports/{report}/reminder", tag = "saved-reports", params(OfReport), request_body = Reminder,
    responses((status = 200, description = "The report", body = SavedReport))
)]
async fn remind(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfReport>,
    Body(reminder): Body<Reminder>,
) -> Result<Json<SavedReport>> {
    Ok(Json(site.archive.remind_of_saved_report(&caller.ctx, of.report, reminder.rhythm).await?.into()))
}

/// Forgets a report of the caller.
#[utoipa::path(
    delete, path = "/api/v1/saved-reports/{report}", tag = "saved-reports", params(OfReport),
    responses((status = 200, description = "It is forgotten", body = Removed))
)]
async fn remove(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfReport>,
) -> Result<Json<Removed>> {
    site.archive.remove_saved_report(&caller.ctx, of.report).await?;
    Ok(Removed::new(of.report))
}
