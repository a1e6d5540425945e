//! Syncs: begun, looked at, and followed as they go.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response, sse::Event},
};
use chrono::{DateTime, Utc};
use dossier_archive::{SyncMode, SyncReport};
use dossier_domain::Language;
use futures::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, time::timeout};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    connections::OfConnection,
    extract::{Asked, At},
    table::Table,
};
use crate::{events::told, failure::Result, site::Site, syncs::Running};

/// How often an open stream asks whether it may go on.
const RECHECK: Duration = Duration::from_secs(1);

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_begin, begin).with(__path_state, state).with(__path_events, events)
}

/// How a sync stands, or how the last one since the server began ended.
#[derive(Serialize, ToSchema)]
struct Progress {
    /// Which one it is of this connection since the server began; 0 where there was none.
    number: u64,
    /// Whether one is under way.
    running: bool,
    /// Interviews listed so far.
    listed: u64,
    /// How many of them are taken in.
    ingested: u64,
    /// Videos to be fetched.
    videos_wanted: u64,
    /// How many of them are stored.
    videos: u64,
    /// Their bytes.
    bytes: u64,
    ended_at: Option<DateTime<Utc>>,
    /// What it brought, once it ended well.
    report: Option<Report>,
    /// Why it ended early.
    problem: Option<String>,
    /// What sort of problem that is, as the `type` of a problem.
    problem_type: Option<String>,
}

/// A sync that was asked for.
#[derive(Serialize, ToSchema)]
struct Begun {
    /// Whether this began it; otherwise it was under way already.
    begun: bool,
    #[serde(flatten)]
    progress: Progress,
}

/// What a sync brought.
#[derive(Serialize, ToSchema)]
struct Report {
    listed: u64,
    new: u64,
    updated: u64,
    unchanged: u64,
    videos: u64,
    video_bytes: u64,
    pending: u64,
    quarantined: u64,
}

impl From<&SyncReport> for Report {
    fn from(of: &SyncReport) -> Self {
        Self {
            listed: of.listed,
            new: of.new,
            updated: of.updated,
            unchanged: of.unchanged,
            videos: of.videos,
            video_bytes: of.video_bytes,
            pending: of.pending,
            quarantined: of.quarantined,
        }
    }
}

impl Progress {
    /// None where there was no sync since the server began.
    fn of(running: Option<&Running>, language: Language) -> Self {
        let ended = running.and_then(|running| running.ended.as_ref());
        let result = ended.map(|ended| &ended.result);
        let trouble = result.and_then(|result| result.as_ref().err());
        let state = running.cloned().unwrap_or_default();
        Self {
            number: state.number,
            running: running.is_some() && ended.is_none(),
            listed: state.listed,
            ingested: state.ingested,
            videos_wanted: state.videos_wanted,
            videos: state.videos,
            bytes: state.bytes,
            ended_at: ended.map(|ended| ended.at),
            report: result.and_then(|result| result.as_ref().ok()).map(Report::from),
            problem: trouble.map(|trouble| trouble.text(language).to_owned()),
            problem_type: trouble.map(|trouble| format!("/problems/{}", trouble.name)),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Mode {
    /// To list everything anew, and not only what may have changed.
    #[serde(default)]
    full: bool,
}

/// Begins a sync.
///
/// Where one is under way already, that one is answered.
#[utoipa::path(
    post, path = "/api/v1/connections/{connection}/sync", tag = "syncs", params(OfConnection, Mode),
    responses((status = 202, description = "It is under way", body = Begun))
)]
async fn begin(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
    Asked(mode): Asked<Mode>,
) -> Result<Response> {
    let connection = site.archive.sync_target(&caller.ctx, &of.connection).await?;
    connection.refuse_suspended()?;
    let (name, language) = (connection.name.as_str(), caller.language());
    let mode = if mode.full { SyncMode::Full } else { SyncMode::Incremental };
    let (begun, running) = site.syncs.begin(&site.archive, caller.ctx, name, mode);
    let progress = Progress::of(Some(&running), language);
    Ok((StatusCode::ACCEPTED, Json(Begun { begun, progress })).into_response())
}

/// How a sync stands.
#[utoipa::path(
    get, path = "/api/v1/connections/{connection}/sync", tag = "syncs", params(OfConnection),
    responses((status = 200, description = "How it stands", body = Progress))
)]
async fn state(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
) -> Result<Json<Progress>> {
    let connection = site.archive.sync_target(&caller.ctx, &of.connection).await?;
    Ok(Json(Progress::of(site.syncs.state(connection.name.as_str()).as_ref(), caller.language())))
}

/// How a sync goes on, as server-sent events.
///
/// Each `progress` event holds what the state of the sync holds; the stream ends with the sync, at once where none is
/// under way, and within a second when the right to see it ends.
#[utoipa::path(
    get, path = "/api/v1/connections/{connection}/sync/events", tag = "syncs", params(OfConnection),
    responses((status = 200, description = "The events", content_type = "text/event-stream"))
)]
async fn events(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfConnection>) -> Result<Response> {
    let connection = site.archive.sync_target(&caller.ctx, &of.connection).await?;
    let receiver = site.syncs.watch(connection.name.as_str());
    let ending = site.ending.clone().cancelled_owned();
    let name = connection.name.to_string();
    let stream = follow(Follower { caller, site, name, receiver, said: Said::Nothing }).take_until(ending);
    Ok(told(stream))
}

struct Follower {
    caller: Caller,
    site: Arc<Site>,
    name: String,
    receiver: Option<watch::Receiver<Running>>,
    said: Said,
}

/// What the stream has told so far.
#[derive(PartialEq, Eq)]
enum Said {
    Nothing,
    Something,
    TheEnd,
}

fn follow(follower: Follower) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok(event), follower))
    })
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        match self.said {
            Said::Nothing => {}
            Said::Something => self.wait().await?,
            Said::TheEnd => return None,
        }
        let state = self.receiver.as_mut().map(|receiver| receiver.borrow_and_update().clone());
        let progress = Progress::of(state.as_ref(), self.caller.language());
        self.said = if progress.running { Said::Something } else { Said::TheEnd };
        Event::default().event("progress").json_data(&progress).ok()
    }

    /// Until something changed; nothing where it may no longer be told.
    async fn wait(&mut self) -> Option<()> {
        let receiver = self.receiver.as_mut()?;
        loop {
            match timeout(RECHECK, receiver.changed()).await {
                Ok(changed) => return changed.ok(),
                Err(_) => {
                    let ctx = self.site.rights_now(&self.caller.proof, &self.caller.ctx).await.ok()?;
                    self.site.archive.sync_target(&ctx, &self.name).await.ok()?;
                }
            }
        }
    }
}
