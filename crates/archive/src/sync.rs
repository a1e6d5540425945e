//! Sync: brings in what a vendor holds.
//!
//! A sync lists what may have changed, fetches what is not known in that state, takes it in batch by batch, then
//! fetches videos. The durable cursor moves only when everything listed is stored or noted as pending or quarantined,
//! so a sync that is killed at any point is simply begun again: what is stored is recognised by its mark or hash.
//! What fails for one interview is noted for that one; what fails for the connection ends the sync, and keeps what came.
//! HR's decisions reach a sync that is under way: the connection is read again before each batch and each video, and
//! every few seconds while the vendor is waited for.

mod fetch;
mod hooks;
mod video;

pub use hooks::Heard;

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
    time::Duration,
};

use dossier_access::{Action, Context, Resource};
use dossier_domain::text::RemoteId;
use dossier_storage::Scope;
use dossier_vendor::{Adapter, Got, Malformed, Page, PageToken, Phrase, RemoteStatus, SyncPoint};

use crate::{
    Archive, Connection, Error, Problem, QuarantinedPart, Result,
    ingest::WantedVideo,
    permit::{Intent, Permit},
    quarantine::Aside,
    records::{CONNECTIONS, QUARANTINE},
};

/// So often it is looked whether HR decided otherwise, while the vendor is waited for.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// So many interviews in a row that the vendor refuses, none given, tell of the connection and not of the interviews.
const REFUSALS: usize = 3;
/// So many pages in a row that list nothing but what was listed before will not come to an end.
const REPETITIONS: usize = 3;

/// How much a sync lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SyncMode {
    /// What may have changed since the last sync.
    #[default]
    Incremental,
    /// Everything.
    Full,
    /// Nothing but these, which a webhook named; the place in the listing stays where it is.
    Interviews(Vec<RemoteId>),
}

/// What a sync brought.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct SyncReport {
    /// Interviews listed by the vendor as over.
    pub listed: u64,
    /// Interviews that were not known.
    pub new: u64,
    /// Interviews of which something was new.
    pub updated: u64,
    /// Interviews of which everything was here.
    pub unchanged: u64,
    /// Videos fetched.
    pub videos: u64,
    /// Bytes of these videos.
    pub video_bytes: u64,
    /// Interviews of which something is still to come.
    pub pending: u64,
    /// Interviews, videos, or entries of a listing, that were set aside.
    pub quarantined: u64,
}

/// How far a sync has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncProgress {
    /// So many interviews are listed so far.
    Listed(u64),
    /// So many of them are taken in.
    Ingested(u64),
    /// So many videos are to be fetched.
    VideosWanted(u64),
    /// So many videos are stored, with so many bytes in all.
    Videos(u64, u64),
}

/// Told how far a sync has come.
pub type OnSync<'a> = &'a (dyn Fn(SyncProgress) + Send + Sync);

/// A sync under way.
struct Run<'a> {
    archive: &'a Archive,
    ctx: &'a Context,
    permit: &'a Permit,
    connection: &'a Connection,
    adapter: &'a Arc<dyn Adapter>,
    progress: OnSync<'a>,
    report: SyncReport,
    seen: BTreeSet<RemoteId>,
    /// Entries of this listing that make no sense, by where they are noted.
    rejected: BTreeSet<Vec<u8>>,
    /// How many interviews the vendor gave, and how many it refused that it had not refused before.
    given: usize,
    refused: usize,
    videos: Vec<WantedVideo>,
}

impl Archive {
    /// The connection that would be synced, by its name or id: to begin a sync that nobody waits for, and to watch one. Only
    /// a refusal is recorded; the sync itself is when it begins.
    ///
    /// # Errors
    /// [`Error::Denied`] for who may not sync, [`Error::NotFound`].
    pub async fn sync_target(&self, ctx: &Context, connection: &str) -> Result<Connection> {
        let _permit = self.authorise(ctx, Action::Sync, &Resource::Archive).await?;
        Ok(self.connection_called(connection).await?.value)
    }

    /// Syncs a connection, by its name or id.
    ///
    /// # Errors
    /// [`Error::Vendor`] when the connection as a whole fails; what came before is stored. [`Error::Invalid`] while the
    /// connection is suspended; [`Error::Interrupted`] when it is suspended, removed or changed meanwhile.
    pub async fn sync(
        &self,
        ctx: &Context,
        connection: &str,
        mode: SyncMode,
        progress: OnSync<'_>,
    ) -> Result<SyncReport> {
        let permit = self.authorise(ctx, Action::Sync, &Resource::Archive).await?;
        let connection = self.connection_called(connection).await?.value;
        connection.refuse_suspended()?;
        let part = permit.part("sync")?.on(connection.id);
        let intent: Intent = self.journal.intend(permit.on(connection.id)).await?;
        let adapter = self.adapter(&connection).await;
        let report = match adapter {
            Err(error) => Err(error),
            Ok(adapter) => {
                let run = Run {
                    archive: self,
                    ctx,
                    permit: &part,
                    connection: &connection,
                    adapter: &adapter,
                    progress,
                    report: SyncReport::default(),
                    seen: BTreeSet::new(),
                    rejected: BTreeSet::new(),
                    given: 0,
                    refused: 0,
                    videos: Vec::new(),
                };
                run.all(mode).await
            }
        };
        let counts = report
            .as_ref()
            .map_or([("new", 0), ("videos", 0)], |report| [("new", report.new), ("videos", report.videos)]);
        self.conclude(intent, &report, &counts);
        // That HR ended it is no trouble.
        let failed = report.as_ref().err().filter(|error| !matches!(error, Error::Interrupted { .. }));
        let failed = failed.map(Problem::of_ours);
        self.note_sync(ctx, &part, connection.id, failed).await?;
        self.journal.flush().await?;
        report
    }
}

impl Run<'_> {
    async fn all(mut self, mode: SyncMode) -> Result<SyncReport> {
        let since = match mode {
            SyncMode::Incremental => Some(self.connection.cursor.clone()),
            SyncMode::Full => Some(SyncPoint::beginning()),
            SyncMode::Interviews(ids) => {
                self.fetch_again(ids).await?;
                None
            }
        };
        let mut cursor = None;
        if let Some(since) = since {
            cursor = Some(match self.listing(&since).await {
                Err(Error::Vendor(dossier_vendor::Error::CursorExpired)) => {
                    self.listing(&SyncPoint::beginning()).await?
                }
                other => other?,
            });
            self.again_for_pending().await?;
        }
        self.fetch_videos().await?;
        if let Some(cursor) = cursor {
            self.move_cursor(cursor).await?;
        }
        self.report.pending = self.archive.pending_where(self.connection.id, |_| true).await?;
        Ok(self.report)
    }

    /// Goes through the listing page by page; gives the cursor to keep.
    async fn listing(&mut self, since: &SyncPoint) -> Result<SyncPoint> {
        let mut token: Option<PageToken> = None;
        let (mut tokens, mut ids, mut repetitions) = (HashSet::new(), HashSet::new(), 0);
        let cursor = loop {
            self.still_wanted().await?;
            if token.as_ref().is_some_and(|token| !tokens.insert(token.as_str().to_owned())) {
                return Err(repeated());
            }
            let page = self.while_wanted(self.adapter.changed(since, token.as_ref())).await?;
            let Page { interviews, rejected, next, cursor } = page?;
            for rejected in rejected {
                let (id, remote_id) = (self.connection.id, rejected.remote_id.as_ref());
                let aside = Aside::vendors(id, remote_id, QuarantinedPart::ListingEntry, &rejected.error);
                self.rejected.insert(aside.key());
                self.quarantine(aside).await?;
            }
            let is_repeated = interviews
                .iter()
                .fold(!interviews.is_empty(), |all, of| !ids.insert(of.remote_id.clone()) && all);
            repetitions = if is_repeated { repetitions + 1 } else { 0 };
            if repetitions >= REPETITIONS {
                return Err(repeated());
            }
            let over = interviews.into_iter().filter(|listed| listed.status == RemoteStatus::Finished);
            let new: Vec<_> = over.filter(|listed| self.seen.insert(listed.remote_id.clone())).collect();
            self.report.listed += new.len() as u64;
            (self.progress)(SyncProgress::Listed(self.report.listed));
            self.fetch_all(new).await?;
            match next {
                Some(next) => token = Some(next),
                None => break cursor,
            }
        };
        if *since == SyncPoint::beginning() {
            self.forget_mended_entries().await?;
        }
        Ok(cursor)
    }

    /// Ends the quarantine of entries that a listing of everything showed in order, or no more.
    async fn forget_mended_entries(&self) -> Result<()> {
        let id = self.connection.id;
        let mut tx = self.archive.store.batch();
        let mut count = 0;
        for entry in self.archive.of_connection(QUARANTINE, id).await? {
            let is_entry =
                entry.value.part == QuarantinedPart::ListingEntry || entry.value.remote_id.is_none();
            if is_entry && !self.rejected.contains(entry.key.id()) {
                tx.expect_unchanged(&entry).delete(QUARANTINE, Scope::Archive, entry.key.id())?;
                count += 1;
            }
        }
        if count > 0 {
            let permit = self.permit.part("quarantine_ended")?.on(id).count("entries", count);
            self.archive.journal.change([permit], tx).await?;
        }
        Ok(())
    }

    /// Ends the sync if HR removed, suspended or changed the connection meanwhile.
    async fn still_wanted(&self) -> Result<()> {
        let id = self.connection.id.to_bytes();
        let now = self.archive.store.get(CONNECTIONS, Scope::Archive, id).await?;
        self.connection.refuse_changed(now.as_ref().map(|stored| &stored.value))
    }

    /// Waits for the vendor as long as the connection stays what it was when the sync began.
    async fn while_wanted<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        let changed = async {
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                if let Err(error) = self.still_wanted().await {
                    return error;
                }
            }
        };
        tokio::select! {
            done = work => Ok(done),
            error = changed => Err(error),
        }
    }

    /// Keeps the place, unless HR changed the connection meanwhile: then the next sync looks again.
    async fn move_cursor(&self, cursor: SyncPoint) -> Result<()> {
        let id = self.connection.id.to_bytes();
        let Some(stored) = self.archive.store.get(CONNECTIONS, Scope::Archive, id).await? else {
            return Ok(());
        };
        if stored.value.cursor != self.connection.cursor || stored.value.fields != self.connection.fields {
            return Ok(());
        }
        let moved = Connection { cursor, synced_at: Some(self.ctx.now()), ..stored.value.clone() };
        let mut tx = self.archive.store.batch();
        tx.update(CONNECTIONS, &stored, &moved)?;
        let permit = self.permit.part("sync_point")?.on(self.connection.id);
        match self.archive.journal.change([permit], tx).await {
            Ok(_) | Err(Error::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The listing goes round in circles.
fn repeated() -> Error {
    let expected = Phrase::new("列表的下一页", "the next page of the listing");
    Error::Vendor(Malformed { pointer: String::new(), expected, got: Got::Repeated }.into())
}
