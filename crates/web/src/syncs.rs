//! Syncs by themselves: each connection in its turn, and whenever somebody asks. How far each has come is kept here to be
//! shown; what it brought is in the archive.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
    time::Duration,
};

use chrono::{DateTime, Utc};
use dossier_access::{Actor, Context, Job, Word};
use dossier_archive::{Archive, Error, SyncMode, SyncProgress, SyncReport};
use dossier_domain::{Language, text::RemoteId};
use tokio::sync::watch;

use crate::{failure::Failure, metrics::count};

/// How long hints are gathered before they are followed: vendors send several about one interview.
const GATHER: Duration = Duration::from_secs(1);
/// So many interviews are remembered from hints for a connection; more are found by its next listing.
const HINTS: usize = 10_000;

/// The syncs of this process.
#[derive(Default)]
pub(crate) struct Syncs {
    running: Mutex<HashMap<String, watch::Sender<Running>>>,
    /// Interviews that webhooks named and that are not fetched yet, by connection.
    hinted: Mutex<HashMap<String, BTreeSet<RemoteId>>>,
    pub(crate) done: AtomicU64,
    pub(crate) failed: AtomicU64,
}

/// How a sync stands, or how the last one ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Running {
    /// Which one it is of this connection since the process began.
    pub(crate) number: u64,
    pub(crate) listed: u64,
    pub(crate) ingested: u64,
    pub(crate) videos_wanted: u64,
    pub(crate) videos: u64,
    pub(crate) bytes: u64,
    pub(crate) ended: Option<Ended>,
}

/// How a sync ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub(crate) at: DateTime<Utc>,
    /// What it brought, or why it ended early.
    pub(crate) result: Result<SyncReport, Trouble>,
}

/// Why a sync ended early.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    /// The stable name of the sort of problem.
    pub(crate) name: &'static str,
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl Trouble {
    /// What is wrong, in words.
    pub(crate) fn text(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let failure = Failure::from(error);
        let (zh, en) = (failure.detail(Language::Chinese), failure.detail(Language::English));
        Self { name: failure.name(), zh, en }
    }
}

impl Syncs {
    /// How the sync of a connection stands, if there was one since this process began.
    pub(crate) fn state(&self, connection: &str) -> Option<Running> {
        self.lock().get(connection).map(|running| running.borrow().clone())
    }

    /// As [`Syncs::state`], and how it goes on.
    pub(crate) fn watch(&self, connection: &str) -> Option<watch::Receiver<Running>> {
        self.lock().get(connection).map(watch::Sender::subscribe)
    }

    /// Begins a sync, unless one is under way; whether it did, and how the one under way stands.
    pub(crate) fn begin(
        self: &Arc<Self>,
        archive: &Arc<Archive>,
        ctx: Context,
        connection: &str,
        mode: SyncMode,
    ) -> (bool, Running) {
        let name = connection.to_owned();
        let begun = {
            let mut all = self.lock();
            let before = all.get(&name).map(|running| running.borrow().clone());
            let number = match before {
                Some(running) if running.ended.is_none() => return (false, running),
                Some(running) => running.number + 1,
                None => 1,
            };
            let begun = Running { number, ..Running::default() };
            match all.get(&name) {
                Some(running) => drop(running.send_replace(begun.clone())),
                None => drop(all.insert(name.clone(), watch::Sender::new(begun.clone()))),
            }
            begun
        };
        let (this, archive) = (Arc::clone(self), Arc::clone(archive));
        tokio::spawn(async move {
            // Whatever becomes of it, the next one may begin.
            let mut unfinished = Unfinished { syncs: &this, name: &name, ctx: &ctx, result: None };
            let progress = |progress| this.note(&name, progress);
            unfinished.result = Some(archive.sync(&ctx, &name, mode, &progress).await);
        });
        (true, begun)
    }

    fn note(&self, connection: &str, progress: SyncProgress) {
        let all = self.lock();
        let Some(running) = all.get(connection) else { return };
        running.send_modify(|running| match progress {
            SyncProgress::Listed(count) => running.listed = count,
            SyncProgress::Ingested(count) => running.ingested = count,
            SyncProgress::VideosWanted(count) => running.videos_wanted = count,
            SyncProgress::Videos(count, bytes) => (running.videos, running.bytes) = (count, bytes),
        });
    }

    /// Takes hints, to be followed soon: at once if no sync is under way, else when it has ended.
    pub(crate) fn hint(
        self: &Arc<Self>,
        archive: &Arc<Archive>,
        connection: &str,
        interviews: Vec<RemoteId>,
    ) {
        if interviews.is_empty() {
            return;
        }
        let mut all = self.hinted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = !all.contains_key(connection);
        let hinted = all.entry(connection.to_owned()).or_default();
        let room = HINTS.saturating_sub(hinted.len());
        hinted.extend(interviews.into_iter().take(room));
        if is_first {
            let (this, archive, name) = (Arc::clone(self), Arc::clone(archive), connection.to_owned());
            tokio::spawn(async move {
                if let Err(error) = this.follow(&archive, &name).await {
                    tracing::error!(%error, "could not follow a webhook");
                }
            });
        }
    }

    async fn follow(self: &Arc<Self>, archive: &Arc<Archive>, name: &str) -> Result<(), Error> {
        loop {
            tokio::time::sleep(GATHER).await;
            if self.state(name).is_some_and(|running| running.ended.is_none()) {
                continue;
            }
            let hinted = self.hinted.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
            let interviews: Vec<RemoteId> = hinted.unwrap_or_default().into_iter().collect();
            let ctx = archive.context(Actor::system(Job::Sync), Word::parse("webhook")?)?;
            if !self.begin(archive, ctx, name, SyncMode::Interviews(interviews.clone())).0 {
                // Another sync came in between, and may have passed these by.
                self.hint(archive, name, interviews);
            }
            return Ok(());
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, watch::Sender<Running>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Unfinished<'a> {
    syncs: &'a Syncs,
    name: &'a str,
    ctx: &'a Context,
    result: Option<Result<SyncReport, Error>>,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        let result = match self.result.take() {
            Some(Ok(report)) => Ok(report),
            Some(Err(error)) => Err(error.into()),
            None => Err(Trouble {
                name: "unavailable",
                zh: "同步意外中断".to_owned(),
                en: "the sync broke off".to_owned(),
            }),
        };
        count(if result.is_ok() { &self.syncs.done } else { &self.syncs.failed });
        if let Some(running) = self.syncs.lock().get(self.name) {
            running.send_modify(|running| running.ended = Some(Ended { at: self.ctx.now(), result }));
        }
    }
}

/// Syncs every connection that is not suspended, again and again, until it is dropped.
pub(crate) async fn poll(archive: Arc<Archive>, syncs: Arc<Syncs>, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = poll_once(&archive, &syncs).await {
            tracing::error!(%error, "could not look for connections to sync");
        }
    }
}

async fn poll_once(archive: &Arc<Archive>, syncs: &Arc<Syncs>) -> Result<(), Error> {
    let origin = Word::parse("schedule")?;
    for name in archive.connections_to_sync().await? {
        let ctx = archive.context(Actor::system(Job::Sync), origin.clone())?;
        syncs.begin(archive, ctx, name.as_str(), SyncMode::Incremental);
    }
    Ok(())
}
