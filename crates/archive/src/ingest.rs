//! Ingest: turns arrivals from a vendor into dossiers, in one commit a batch.
//!
//! Everything of a batch (candidates, applications, interviews, materials, look-ups, log entries) is in one commit, so a
//! crash leaves a batch whole or absent. Videos come after it, one commit each: the rest of a dossier need not wait for
//! them, and an interrupted download is known as pending and begun again.

mod batch;
mod merge;
mod select;

use dossier_access::{Action, Context, Resource};
use dossier_domain::{CandidateId, InterviewId, StoredFile, text::RemoteId};
use dossier_vendor::{Fetched, MediaRef};

use crate::{
    Archive, Connection, Error, Result,
    permit::Permit,
    records::{self, BY_REMOTE_ID, INTERVIEWS, MATERIALS, PENDING, scope_of},
};
use batch::Batch;
pub(crate) use select::select;

/// So often a batch is tried again when somebody else changed the same dossiers.
const ATTEMPTS: usize = 4;

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
    /// Takes in a batch of arrivals of a connection. The same arrival twice changes nothing the second time.
    ///
    /// # Errors
    /// [`Error::Denied`] for who may not sync; [`Error::Conflict`] if others keep changing the same dossiers.
    pub async fn ingest(
        &self,
        ctx: &Context,
        connection: &Connection,
        arrivals: Vec<Arrival>,
    ) -> Result<Ingested> {
        let permit =
            self.authorise_on(ctx, Action::Sync, &Resource::Archive, &[connection.id.into()]).await?;
        self.ingest_permitted(ctx, &permit, connection, arrivals).await
    }

    pub(crate) async fn ingest_permitted(
        &self,
        ctx: &Context,
        permit: &Permit,
        connection: &Connection,
        arrivals: Vec<Arrival>,
    ) -> Result<Ingested> {
        for _ in 1..ATTEMPTS {
            match self.try_ingest(ctx, permit, connection, arrivals.clone()).await {
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
        connection: &Connection,
        arrivals: Vec<Arrival>,
    ) -> Result<Ingested> {
        let mut batch = Batch::read(self, ctx, connection, &arrivals).await?;
        for arrival in arrivals {
            batch.take(arrival)?;
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
        let remote = records::remote_key(interview.connection, remote_id.as_str());
        let mut tx = self.store.batch();
        tx.insert(MATERIALS, scope, material.id.to_bytes(), &material)?;
        if let Some(mut known) = self.known(&remote).await? {
            known.missing.retain(|kind| *kind != material.kind());
            if known.missing.is_empty() {
                let key = known.pending_key(interview.connection);
                tx.delete(PENDING, dossier_storage::Scope::Archive, key)?;
            }
            tx.point(BY_REMOTE_ID, &remote, &known.to_bytes())?;
        }
        let done = permit.part("ingest_video")?.on(material.application).on(material.id);
        self.journal.change([done], tx).await?;
        Ok(())
    }

    pub(crate) async fn known(&self, remote: &[u8]) -> Result<Option<records::Known>> {
        let bytes = self.store.lookup(BY_REMOTE_ID, remote).await?;
        Ok(bytes.and_then(|bytes| records::Known::from_bytes(&bytes)))
    }
}
