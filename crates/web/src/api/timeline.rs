//! The timeline of an application.

use std::sync::Arc;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use dossier_domain::{UserId, text::PersonName};
use serde::Serialize;
use utoipa::ToSchema;

use super::{applications::OfApplication, caller::Caller, extract::At, table::Table};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_show, show)
}

/// What happened.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum HappeningName {
    Interviewed,
    Arrived,
    Moved,
    Judged,
    Checked,
    Offered,
    Answered,
    Looked,
}

/// What happened to an application, the newest first.
#[derive(Serialize, ToSchema)]
struct Timeline {
    events: Vec<Event>,
    /// Since when it is told who looked, where the log is longer than what was looked through; null where all of it was.
    looks_since: Option<DateTime<Utc>>,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
struct Event {
    at: DateTime<Utc>,
    #[schema(value_type = HappeningName)]
    what: &'static str,
    /// The same in words, in the language that was asked for.
    text: String,
    /// Who did it; null where the archive did.
    #[schema(value_type = Option<String>)]
    by: Option<UserId>,
    /// Their name.
    #[schema(value_type = Option<String>)]
    name: Option<PersonName>,
}

/// What happened to an application, as far as the caller may see.
///
/// What came, moves, scorecards handed in, claims, offers; and for HR, who looked at it and took something away.
#[utoipa::path(
    get, path = "/api/v1/applications/{application}/timeline", tag = "applications", params(OfApplication),
    responses((status = 200, description = "The timeline", body = Timeline))
)]
async fn show(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
) -> Result<Json<Timeline>> {
    let found = site.archive.timeline(&caller.ctx, of.application).await?;
    let (settings, people) = (site.archive.settings(), found.people);
    let event = |of: dossier_archive::Event| Event {
        at: of.at,
        what: of.what.name(),
        text: of.what.text(&settings.process, caller.language()),
        name: of.by.and_then(|by| people.get(&by).cloned()),
        by: of.by,
    };
    let events = found.events.into_iter().map(event).collect();
    Ok(Json(Timeline { events, looks_since: found.looks_since }))
}
