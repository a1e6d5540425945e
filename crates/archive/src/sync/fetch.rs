//! Fetching interviews, several at a time, and noting those that can't be fetched.

use dossier_domain::text::RemoteId;
use dossier_storage::Scope;
use dossier_vendor::{Listed, Remedy};
use futures::{StreamExt, stream};

use super::{Run, SyncProgress};
use crate::{
    Error, Result,
    connection::{Pending, Problem, Quarantined},
    ingest::Arrival,
    records::{BY_REMOTE_ID, Known, PENDING, QUARANTINE, postponed_key, remote_key, stamp},
};

/// So many interviews are fetched at the same time.
const AT_ONCE: usize = 8;
/// So many are taken in with one commit.
const BATCH: usize = 50;

impl Run<'_> {
    /// Fetches and takes in what is listed, leaving out what is stored in just this state.
    pub(super) async fn fetch_all(&mut self, listed: Vec<Listed>) -> Result<()> {
        let wanted = self.not_yet_stored(listed).await?;
        for batch in wanted.chunks(BATCH) {
            self.fetch_batch(batch).await?;
        }
        Ok(())
    }

    /// Asks again for everything of which something is still to come.
    pub(super) async fn again_for_pending(&mut self) -> Result<()> {
        let pending = self.archive.of_connection(PENDING, self.connection.id).await?;
        let again: Vec<Listed> = pending
            .into_iter()
            .map(|stored| stored.value.remote_id)
            .filter(|id| self.seen.insert(id.clone()))
            .map(|remote_id| Listed {
                remote_id,
                status: dossier_vendor::RemoteStatus::Finished,
                ended_at: None,
                mark: None,
            })
            .collect();
        for batch in again.chunks(BATCH) {
            self.fetch_batch(batch).await?;
        }
        Ok(())
    }

    async fn not_yet_stored(&mut self, listed: Vec<Listed>) -> Result<Vec<Listed>> {
        let keys: Vec<_> =
            listed.iter().map(|of| remote_key(self.connection.id, of.remote_id.as_str())).collect();
        let found =
            self.archive.store.lookup_many(keys.iter().map(|key| (BY_REMOTE_ID, key.as_slice()))).await?;
        let mut wanted = Vec::new();
        for (of, bytes) in listed.into_iter().zip(found) {
            let known = bytes.and_then(|bytes| Known::from_bytes(&bytes));
            let mark = of.mark.as_ref().map(|mark| stamp(mark, &self.connection.fields));
            let is_stored = known.is_some_and(|known| known.missing.is_empty() && Some(known.mark) == mark);
            match is_stored {
                true => self.report.unchanged += 1,
                false => wanted.push(of),
            }
        }
        self.tell_ingested();
        Ok(wanted)
    }

    async fn fetch_batch(&mut self, batch: &[Listed]) -> Result<()> {
        let adapter = self.adapter;
        let fetched: Vec<_> = stream::iter(batch)
            .map(|listed| async move { (listed, adapter.fetch(&listed.remote_id).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut arrivals = Vec::new();
        let mut fatal = None;
        for (listed, result) in fetched {
            match result {
                Ok(fetched) => arrivals.push(Arrival { fetched, mark: listed.mark.clone() }),
                Err(error) => match error.remedy() {
                    Remedy::Person | Remedy::FullSync => fatal = Some(error),
                    Remedy::SetAside => self.quarantine(Some(&listed.remote_id), &error).await?,
                    Remedy::Retry => self.postpone(&listed.remote_id, &error).await?,
                },
            }
        }
        let ingested =
            self.archive.ingest_permitted(self.ctx, self.permit, self.connection, arrivals).await?;
        self.report.new += ingested.new;
        self.report.updated += ingested.updated;
        self.report.unchanged += ingested.unchanged;
        self.videos.extend(ingested.videos);
        self.tell_ingested();
        fatal.map_or(Ok(()), |error| Err(Error::Vendor(error)))
    }

    fn tell_ingested(&self) {
        let done = self.report.new + self.report.updated + self.report.unchanged;
        (self.progress)(SyncProgress::Ingested(done));
    }

    /// Notes what makes no sense; it goes from there once the vendor has mended it.
    pub(super) async fn quarantine(
        &mut self,
        remote_id: Option<&RemoteId>,
        error: &dossier_vendor::Error,
    ) -> Result<()> {
        self.report.quarantined += 1;
        let pointer = match error {
            dossier_vendor::Error::Malformed(malformed) => malformed.pointer.clone(),
            _ => String::new(),
        };
        let name = remote_id.map_or_else(|| format!("listing{pointer}"), ToString::to_string);
        let key = remote_key(self.connection.id, &name);
        let before =
            self.archive.store.get(QUARANTINE, Scope::Archive, &key).await?.map(|stored| stored.value);
        let quarantined = Quarantined {
            connection: self.connection.id,
            remote_id: remote_id.cloned(),
            pointer,
            problem: Problem::of(error),
            first_seen: before.as_ref().map_or_else(|| self.ctx.now(), |before| before.first_seen),
            last_seen: self.ctx.now(),
            attempts: before.map_or(1, |before| before.attempts.saturating_add(1)),
        };
        let mut tx = self.archive.store.batch();
        tx.put(QUARANTINE, Scope::Archive, &key, &quarantined)?;
        let permit = self.permit.part("quarantine")?.on(self.connection.id);
        self.archive.journal.change([permit], tx).await?;
        Ok(())
    }

    /// Notes that an interview is to be asked for again.
    pub(super) async fn postpone(&self, remote_id: &RemoteId, error: &dossier_vendor::Error) -> Result<()> {
        let id = self.connection.id;
        let known = self.archive.known(&remote_key(id, remote_id.as_str())).await?;
        let key = known.map_or_else(|| postponed_key(id, remote_id.as_str()), |known| known.pending_key(id));
        let before = self.archive.store.get(PENDING, Scope::Archive, &key).await?.map(|stored| stored.value);
        let pending = Pending {
            connection: self.connection.id,
            remote_id: remote_id.clone(),
            kinds: before.as_ref().map(|before| before.kinds.clone()).unwrap_or_default(),
            since: before.map_or_else(|| self.ctx.now(), |before| before.since),
            problem: Some(Problem::of(error)),
        };
        let mut tx = self.archive.store.batch();
        tx.put(PENDING, Scope::Archive, &key, &pending)?;
        let permit = self.permit.part("postpone")?.on(self.connection.id);
        self.archive.journal.change([permit], tx).await?;
        Ok(())
    }
}
