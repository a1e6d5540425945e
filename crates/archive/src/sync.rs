//! Sync: brings in what a vendor holds.
//!
//! A sync lists what may have changed, fetches what is not known in that state, takes it in batch by batch, then
//! fetches videos. The durable cursor moves only when everything listed is stored or noted as pending or quarantined,
//! so a sync that is killed at any point is simply begun again: what is stored is recognised by its mark or hash.
//! What fails for one interview is noted for that one; what fails for the connection ends the sync, and keeps what came.

mod fetch;
mod video;

use std::{collections::BTreeSet, sync::Arc};

use dossier_access::{Action, Context, Resource};
use dossier_domain::text::RemoteId;
use dossier_storage::Scope;
use dossier_vendor::{Adapter, Page, PageToken, RemoteStatus, SyncPoint};

use crate::{
    Archive, Connection, Error, Result,
    ingest::WantedVideo,
    permit::{Intent, Permit},
    records::{CONNECTIONS, PENDING},
};

/// How much a sync lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SyncMode {
    /// What may have changed since the last sync.
    #[default]
    Incremental,
    /// Everything.
    Full,
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
    /// Interviews, or entries of a listing, that make no sense.
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
    videos: Vec<WantedVideo>,
}

impl Archive {
    /// Syncs a connection, by its name or id.
    ///
    /// # Errors
    /// [`Error::Vendor`] when the connection as a whole fails; what came before is stored. [`Error::Invalid`] while the
    /// connection is suspended.
    pub async fn sync(
        &self,
        ctx: &Context,
        connection: &str,
        mode: SyncMode,
        progress: OnSync<'_>,
    ) -> Result<SyncReport> {
        let permit = self.authorise(ctx, Action::Sync, &Resource::Archive).await?;
        let connection = self.connection_called(connection).await?.value;
        if connection.suspended_at.is_some() {
            return Err(Error::invalid(
                format!("集成“{}”已暂停；恢复后再同步", connection.name),
                format!("the connection {} is suspended; resume it first", connection.name),
            ));
        }
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
                    videos: Vec::new(),
                };
                run.all(mode).await
            }
        };
        let counts = report
            .as_ref()
            .map_or([("new", 0), ("videos", 0)], |report| [("new", report.new), ("videos", report.videos)]);
        self.conclude(intent, &report, &counts);
        self.journal.flush().await?;
        report
    }
}

impl Run<'_> {
    async fn all(mut self, mode: SyncMode) -> Result<SyncReport> {
        let since = match mode {
            SyncMode::Incremental => self.connection.cursor.clone(),
            SyncMode::Full => SyncPoint::beginning(),
        };
        let cursor = match self.listing(&since).await {
            Err(Error::Vendor(dossier_vendor::Error::CursorExpired)) => {
                self.listing(&SyncPoint::beginning()).await?
            }
            other => other?,
        };
        self.again_for_pending().await?;
        self.fetch_videos().await?;
        self.move_cursor(cursor).await?;
        self.report.pending = self.archive.of_connection(PENDING, self.connection.id).await?.len() as u64;
        Ok(self.report)
    }

    /// Goes through the listing page by page; gives the cursor to keep.
    async fn listing(&mut self, since: &SyncPoint) -> Result<SyncPoint> {
        let mut token: Option<PageToken> = None;
        loop {
            let Page { interviews, rejected, next, cursor } =
                self.adapter.changed(since, token.as_ref()).await?;
            for rejected in rejected {
                self.quarantine(rejected.remote_id.as_ref(), &rejected.error).await?;
            }
            let over = interviews.into_iter().filter(|listed| listed.status == RemoteStatus::Finished);
            let new: Vec<_> = over.filter(|listed| self.seen.insert(listed.remote_id.clone())).collect();
            self.report.listed += new.len() as u64;
            (self.progress)(SyncProgress::Listed(self.report.listed));
            self.fetch_all(new).await?;
            match next {
                Some(next) => token = Some(next),
                None => return Ok(cursor),
            }
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
