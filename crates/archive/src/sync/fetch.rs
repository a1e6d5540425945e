//! Fetching interviews, several at a time, and noting those that can't be fetched.

use std::{pin::pin, sync::Arc};

use bytes::Bytes;
use dossier_domain::text::RemoteId;
use dossier_storage::{Scope, Stored};
use dossier_vendor::{Listed, Remedy, RemoteStatus};
use futures::{FutureExt, StreamExt, stream};

use super::{REFUSALS, Run, SyncProgress};
use crate::{
    Error, Result,
    connection::{Pending, Problem, QuarantinedPart},
    ingest::{Arrival, BATCH_BYTES},
    quarantine::{Aside, past_damage},
    records::{BY_REMOTE_ID, Known, PENDING, postponed_key, remote_key, stamp},
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
        self.fetch_again(pending.into_iter().map(|stored| stored.value.remote_id).collect()).await
    }

    /// Asks for these interviews, whatever is known of them, unless this sync has done that already.
    pub(super) async fn fetch_again(&mut self, ids: Vec<RemoteId>) -> Result<()> {
        let listed =
            |remote_id| Listed { remote_id, status: RemoteStatus::Finished, ended_at: None, mark: None };
        let again: Vec<Listed> =
            ids.into_iter().filter(|id| self.seen.insert(id.clone())).map(listed).collect();
        for batch in again.chunks(BATCH) {
            self.fetch_batch(batch).await?;
        }
        Ok(())
    }

    async fn not_yet_stored(&mut self, listed: Vec<Listed>) -> Result<Vec<Listed>> {
        let keys: Vec<_> =
            listed.iter().map(|of| remote_key(self.connection.id, of.remote_id.as_str())).collect();
        let mut wanted = Vec::new();
        for (of, known) in listed.into_iter().zip(self.all_known(&keys).await?) {
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

    /// What is known of each. One that can't be read counts as not stored here: it is fetched, and ingest says what is
    /// wrong with it.
    async fn all_known(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Known>>> {
        let store = &self.archive.store;
        let found = store.find_many(keys.iter().map(|key| (BY_REMOTE_ID, key.as_slice()))).await;
        if let Some(found) = past_damage(found.map_err(Error::from))? {
            let read = |found: Option<Stored<Bytes>>| found.and_then(|found| Known::read(&found).ok());
            return Ok(found.into_iter().map(read).collect());
        }
        let mut known = Vec::new();
        for key in keys {
            known.push(past_damage(self.archive.known(key).await)?.flatten().map(|(_, known)| known));
        }
        Ok(known)
    }

    async fn fetch_batch(&mut self, batch: &[Listed]) -> Result<()> {
        self.still_wanted().await?;
        let adapter = Arc::clone(self.adapter);
        let fetch = |listed: &'_ Listed| {
            let (adapter, listed) = (Arc::clone(&adapter), listed.clone());
            async move { (listed.clone(), adapter.fetch(&listed.remote_id).await) }.boxed()
        };
        let fetching: Vec<_> = batch.iter().map(fetch).collect();
        let fetching = stream::iter(fetching).buffered(AT_ONCE);
        let mut fetching = pin!(fetching);
        let (mut arrivals, mut bytes) = (Vec::new(), 0);
        let mut refused = Vec::new();
        let mut fatal = None;
        while let Some((listed, result)) = self.while_wanted(fetching.next()).await? {
            match result {
                Ok(fetched) => {
                    self.given += 1;
                    bytes += fetched.payload_bytes;
                    arrivals.push(Arrival { fetched, mark: listed.mark.clone() });
                }
                Err(error) => match error.remedy() {
                    Remedy::Person if !error.may_concern_one() => fatal = Some(error),
                    Remedy::Person => refused.push((listed, error)),
                    Remedy::FullSync => fatal = Some(error),
                    Remedy::SetAside => self.quarantine_interview(&listed.remote_id, &error).await?,
                    Remedy::Retry => self.postpone(&listed.remote_id, &error).await?,
                },
            }
            if fatal.is_some() {
                break;
            }
            if bytes >= BATCH_BYTES {
                self.take_in(std::mem::take(&mut arrivals)).await?;
                bytes = 0;
            }
        }
        self.take_in(arrivals).await?;
        if fatal.is_none() {
            fatal = self.note_refused(refused).await?;
        }
        fatal.map_or(Ok(()), |error| Err(Error::Vendor(error)))
    }

    async fn take_in(&mut self, arrivals: Vec<Arrival>) -> Result<()> {
        let id = self.connection.id;
        let ingested = self.archive.ingest_permitted(self.ctx, self.permit, id, &arrivals).await?;
        self.report.new += ingested.new;
        self.report.updated += ingested.updated;
        self.report.unchanged += ingested.unchanged;
        self.report.quarantined += ingested.quarantined;
        self.videos.extend(ingested.videos);
        self.tell_ingested();
        Ok(())
    }

    /// Notes what the vendor refused to give, to be asked for again; unless it gives nothing at all, which is said
    /// instead.
    async fn note_refused(
        &mut self,
        refused: Vec<(Listed, dossier_vendor::Error)>,
    ) -> Result<Option<dossier_vendor::Error>> {
        let mut anew = Vec::new();
        for (listed, error) in refused {
            match self.is_postponed(&listed.remote_id).await? {
                true => self.postpone(&listed.remote_id, &error).await?,
                false => anew.push((listed, error)),
            }
        }
        self.refused += anew.len();
        if self.given == 0 && self.refused >= REFUSALS {
            return Ok(anew.pop().map(|(_, error)| error));
        }
        for (listed, error) in anew {
            self.postpone(&listed.remote_id, &error).await?;
        }
        Ok(None)
    }

    fn tell_ingested(&self) {
        let done = self.report.new + self.report.updated + self.report.unchanged;
        (self.progress)(SyncProgress::Ingested(done));
    }

    /// Notes what is set aside.
    pub(super) async fn quarantine(&mut self, aside: Aside<'_>) -> Result<()> {
        self.report.quarantined += 1;
        self.archive.set_aside(self.ctx, self.permit, aside).await
    }

    async fn quarantine_interview(
        &mut self,
        remote_id: &RemoteId,
        error: &dossier_vendor::Error,
    ) -> Result<()> {
        let part = QuarantinedPart::Interview;
        self.quarantine(Aside::vendors(self.connection.id, Some(remote_id), part, error)).await
    }

    async fn is_postponed(&self, remote_id: &RemoteId) -> Result<bool> {
        let key = self.pending_key(remote_id).await?;
        Ok(self.pending(&key).await?.is_some_and(|pending| pending.problem.is_some()))
    }

    /// Where it is noted that something of an interview is still to come.
    async fn pending_key(&self, remote_id: &RemoteId) -> Result<Vec<u8>> {
        let id = self.connection.id;
        let known = self.archive.known(&remote_key(id, remote_id.as_str())).await;
        let known = past_damage(known)?.flatten();
        Ok(known.map_or_else(|| postponed_key(id, remote_id.as_str()), |(_, known)| known.pending_key(id)))
    }

    async fn pending(&self, key: &[u8]) -> Result<Option<Pending>> {
        let found = self.archive.store.get(PENDING, Scope::Archive, key).await.map_err(Error::from);
        Ok(past_damage(found)?.flatten().map(|stored| stored.value))
    }

    /// Notes that an interview is to be asked for again.
    pub(super) async fn postpone(&self, remote_id: &RemoteId, error: &dossier_vendor::Error) -> Result<()> {
        let key = self.pending_key(remote_id).await?;
        let before = self.pending(&key).await?;
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
