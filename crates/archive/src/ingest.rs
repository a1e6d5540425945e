//! Ingest: turns arrivals from a vendor into dossiers, in one commit a batch.
//!
//! Everything of a batch (candidates, applications, interviews, materials, look-ups, log entries) is in one commit, so a
//! crash leaves a batch whole or absent. Videos come after it, one commit each: the rest of a dossier need not wait for
//! them, and an interrupted download is known as pending and begun again.
//!
//! A batch that fails for one of its interviews (too large, erased, built upon something damaged) is taken in one by one,
//! and the interview that fails is quarantined with the reason.

mod batch;
mod merge;
mod read;
mod select;
mod working;

use bytes::Bytes;
use dossier_access::{Action, Context, Resource};
use dossier_domain::{CandidateId, ConnectionId, InterviewId, StoredFile, text::RemoteId};
use dossier_storage::{Scope, Stored};
use dossier_vendor::{Fetched, MediaRef};

use crate::{
    Archive, Error, Problem, Result, What,
    permit::Permit,
    quarantine::Aside,
    records::{BY_REMOTE_ID, CONNECTIONS, INTERVIEWS, Known, MATERIALS, PENDING, remote_key, scope_of},
};
use batch::Batch;
pub(crate) use select::select;

/// So often a batch is tried again when somebody else changed the same dossiers.
const ATTEMPTS: usize = 4;
/// So many bytes of payloads go into one commit, which is held in memory; a larger interview goes alone.
pub(crate) const BATCH_BYTES: u64 = 8 << 20;

/// An interview as it came from a vendor, with the mark of the listing that named it.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The interview.
    pub fetched: Fetched,
    /// The listing's mark of it.
    pub mark: Option<String>,
}

impl From<Fetched> for Arrival {
    fn from(fetched: Fetched) -> Self {
        Self { fetched, mark: None }
    }
}

/// What a batch brought.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ingested {
    /// Interviews that were not known.
    pub new: u64,
    /// Interviews of which something was new.
    pub updated: u64,
    /// Interviews of which everything was here.
    pub unchanged: u64,
    /// Interviews that can't be stored, and were quarantined.
    pub quarantined: u64,
    /// Videos that the vendor has and the archive has not.
    pub videos: Vec<WantedVideo>,
}

/// A video that is to be fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedVideo {
    /// What to ask the vendor for.
    pub media: MediaRef,
    /// Whose it is.
    pub candidate: CandidateId,
    /// The interview.
    pub interview: InterviewId,
    /// The payload that named it.
    pub payload_sha256: String,
}

impl Archive {
    /// Takes in arrivals of a connection, batch by batch. The same arrival twice changes nothing the second time. One
    /// that can't be stored is quarantined, and harms no other.
    ///
    /// # Errors
    /// [`Error::Denied`] for who may not sync; [`Error::NotFound`] and [`Error::Invalid`] for a connection that was
    /// removed or suspended; [`Error::Conflict`] if others keep changing the same dossiers.
    pub async fn ingest(
        &self,
        ctx: &Context,
        connection: ConnectionId,
        arrivals: Vec<Arrival>,
    ) -> Result<Ingested> {
        let permit = self.authorise_on(ctx, Action::Sync, &Resource::Archive, &[connection.into()]).await?;
        self.ingest_permitted(ctx, &permit, connection, &arrivals).await
    }

    pub(crate) async fn ingest_permitted(
        &self,
        ctx: &Context,
        permit: &Permit,
        connection: ConnectionId,
        arrivals: &[Arrival],
    ) -> Result<Ingested> {
        let mut all = Ingested::default();
        let mut rest = arrivals;
        while !rest.is_empty() {
            self.blobs.check_room()?;
            let (batch, others) = rest.split_at(fitting(rest));
            rest = others;
            match self.ingest_together(ctx, permit, connection, batch).await {
                Err(error) if batch.len() > 1 && (is_conflict(&error) || error.concerns_one_record()) => {
                    tracing::warn!(
                        "a batch can't be stored together, so its interviews are taken in one by one"
                    );
                    for arrival in batch {
                        all.add(self.ingest_one(ctx, permit, connection, arrival).await?);
                    }
                }
                Err(error) if error.concerns_one_record() => {
                    all.add(self.ingest_one(ctx, permit, connection, &batch[0]).await?);
                }
                other => all.add(other?),
            }
        }
        Ok(all)
    }

    /// Takes in one arrival, or quarantines it.
    async fn ingest_one(
        &self,
        ctx: &Context,
        permit: &Permit,
        connection: ConnectionId,
        arrival: &Arrival,
    ) -> Result<Ingested> {
        match self.ingest_together(ctx, permit, connection, std::slice::from_ref(arrival)).await {
            Err(error) if error.concerns_one_record() => {
                let aside =
                    Aside::interview(connection, &arrival.fetched.remote_id, Problem::of_ours(&error));
                self.set_aside(ctx, permit, aside).await?;
                Ok(Ingested { quarantined: 1, ..Ingested::default() })
            }
            other => other,
        }
    }

    /// Takes in arrivals with one commit.
    async fn ingest_together(
        &self,
        ctx: &Context,
        permit: &Permit,
        connection: ConnectionId,
        arrivals: &[Arrival],
    ) -> Result<Ingested> {
        for _ in 1..ATTEMPTS {
            match self.try_ingest(ctx, permit, connection, arrivals).await {
                Err(Error::Conflict) => {}
                other => return other,
            }
        }
        self.try_ingest(ctx, permit, connection, arrivals).await
    }

    async fn try_ingest(
        &self,
        ctx: &Context,
        permit: &Permit,
        connection: ConnectionId,
        arrivals: &[Arrival],
    ) -> Result<Ingested> {
        let stored = self.store.get(CONNECTIONS, Scope::Archive, connection.to_bytes()).await?;
        let stored = stored.ok_or_else(|| Error::not_found(What::Connection, &connection))?;
        stored.value.refuse_suspended()?;
        let mut batch = Batch::read(self, ctx, stored, arrivals).await?;
        for arrival in arrivals {
            batch.take(arrival.clone())?;
        }
        batch.write(self, permit).await
    }

    /// Files a video that was stored as a blob: the material, the look-up, the log's entry, and the end of waiting.
    pub(crate) async fn file_video(
        &self,
        ctx: &Context,
        permit: &Permit,
        remote_id: &RemoteId,
        wanted: &WantedVideo,
        file: StoredFile,
    ) -> Result<()> {
        let scope = scope_of(wanted.candidate);
        let Some(interview) = self.store.get(INTERVIEWS, scope, wanted.interview.to_bytes()).await? else {
            return Err(Error::Conflict);
        };
        let interview = interview.value;
        let material = merge::video(&interview, file, wanted.payload_sha256.clone(), ctx.now());
        let remote = remote_key(interview.connection, remote_id.as_str());
        let mut tx = self.store.batch();
        tx.insert(MATERIALS, scope, material.id.to_bytes(), &material)?;
        if let Some((read, mut known)) = self.known(&remote).await? {
            known.missing.retain(|kind| *kind != material.kind());
            if known.missing.is_empty() {
                tx.delete(PENDING, Scope::Archive, known.pending_key(interview.connection))?;
            }
            tx.repoint(&read, &known.to_bytes());
        }
        let done = permit.part("ingest_video")?.on(material.application).on(material.id);
        self.journal.change([done], tx).await?;
        Ok(())
    }

    /// What is known of a vendor's interview, with the look-up that says so.
    pub(crate) async fn known(&self, remote: &[u8]) -> Result<Option<(Stored<Bytes>, Known)>> {
        let found = self.store.find_many([(BY_REMOTE_ID, remote)]).await?.pop().flatten();
        found.map(|found| Ok((found.clone(), Known::read(&found)?))).transpose()
    }
}

impl Ingested {
    fn add(&mut self, other: Self) {
        self.new += other.new;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.quarantined += other.quarantined;
        self.videos.extend(other.videos);
    }
}

/// How many of the arrivals go into one commit; one at least.
fn fitting(arrivals: &[Arrival]) -> usize {
    let mut bytes: u64 = 0;
    let fits = |arrival: &&Arrival| {
        bytes = bytes.saturating_add(arrival.fetched.payload_bytes);
        bytes <= BATCH_BYTES
    };
    arrivals.iter().take_while(fits).count().max(1)
}

fn is_conflict(error: &Error) -> bool {
    matches!(error, Error::Conflict)
}
