//! Uploads that can be interrupted and gone on with.
//!
//! What arrives is cut into parts. Each is sealed with the candidate's key and durable, with its place in the upload's
//! record, before more is taken: nothing readable is kept while an upload waits, and erasing the candidate erases it. Once
//! all of it is there, the parts are streamed into [`Archive::upload`], which looks at the content as it always does.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Action, Actor, Context, Job, Resource, Word};
use dossier_domain::{ApplicationId, CandidateId, Material, MaterialId, UploadId, UserId, text::Line};
use dossier_storage::{BlobRef, Scope, Stored};
use futures::{FutureExt, Stream, StreamExt, TryStreamExt, stream, stream::BoxStream};
use serde::{Deserialize, Serialize};

use crate::{
    Archive, Error, ErrorKind, LARGEST_UPLOAD, Result, What,
    dossier::ApplicationFile,
    files,
    permit::{Permit, person},
    records::{OPEN_UPLOADS, UPLOADS, scope_of},
};

/// So much is taken before it is sealed and stored.
const PART: usize = 8 << 20;
/// So many parts an upload has at most: as many as the largest one needs, and as many again for interruptions.
const MOST_PARTS: usize = (2 * LARGEST_UPLOAD / PART as u64) as usize;
/// So many uploads one user has at the same time.
const MOST_OPEN: usize = 50;
/// So long an upload may take.
const LASTS: TimeDelta = TimeDelta::hours(24);
/// So many that are too old are removed at once.
const AT_ONCE: usize = 16;

/// An upload that is to be begun.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// To which application.
    pub application: ApplicationId,
    /// The file's name, for people to read.
    pub name: Line,
    /// How many bytes it has.
    pub length: u64,
    /// The claim for which it is evidence, if it is.
    pub claim: Option<Line>,
}

/// How an upload stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadState {
    /// Its id.
    pub id: UploadId,
    /// How many bytes it has in all.
    pub length: u64,
    /// How many of them are durable.
    pub offset: u64,
    /// Until when it must be complete.
    pub expires_at: DateTime<Utc>,
    /// What became of it, once it is complete.
    pub material: Option<MaterialId>,
}

/// An upload, as it is stored in the candidate's scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Upload {
    application: ApplicationId,
    name: Line,
    length: u64,
    by: UserId,
    expires_at: DateTime<Utc>,
    pub(crate) parts: Vec<BlobRef>,
    material: Option<MaterialId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claim: Option<Line>,
}

/// An upload that somebody goes on with.
struct UnderWay {
    file: ApplicationFile,
    candidate: CandidateId,
    stored: Stored<Upload>,
    permit: Permit,
}

/// Where an upload is, in the archive's scope: ids grow with time, so the first ones end first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenUpload {
    candidate: CandidateId,
    by: UserId,
    expires_at: DateTime<Utc>,
}

/// What sending a file is: evidence is a checker's, everything else HR's.
fn action(claim: Option<&Line>) -> Action {
    if claim.is_some() { Action::CheckClaims } else { Action::Upload }
}

impl Upload {
    fn offset(&self) -> u64 {
        match self.material {
            Some(_) => self.length,
            None => self.parts.iter().map(|part| part.len).sum(),
        }
    }

    fn state(&self, id: UploadId) -> UploadState {
        let Self { length, expires_at, material, .. } = *self;
        UploadState { id, length, offset: self.offset(), expires_at, material }
    }
}

impl Archive {
    /// Begins an upload.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`]; [`Error::Invalid`] for nothing, for more than [`LARGEST_UPLOAD`], and for more
    /// uploads at once than anybody needs.
    pub async fn begin_upload(&self, ctx: &Context, new: NewUpload) -> Result<UploadState> {
        let (file, _, _, permit) = self.find(ctx, action(new.claim.as_ref()), new.application).await?;
        let by = person(ctx)?.id;
        if !(1..=LARGEST_UPLOAD).contains(&new.length) {
            let most = LARGEST_UPLOAD >> 30;
            return Err(Error::invalid(
                format!("文件须有内容，且不超过 {most} GiB"),
                format!("a file has some content, and {most} GiB of it at most"),
            ));
        }
        let open = self.store.all(OPEN_UPLOADS, Scope::Archive).await?;
        if open.iter().filter(|stored| stored.value.by == by).count() >= MOST_OPEN {
            return Err(Error::invalid(
                format!("每人最多同时有 {MOST_OPEN} 个未完成的上传"),
                format!("nobody has more than {MOST_OPEN} uploads at the same time"),
            ));
        }
        let (id, candidate): (UploadId, _) = (ctx.new_id()?, file.application.candidate);
        // Without a key there would be nothing to seal the parts with.
        self.blob_key(candidate).await?;
        let expires_at = ctx.now() + LASTS;
        let NewUpload { application, name, length, claim } = new;
        let (parts, material) = (Vec::new(), None);
        let upload = Upload { application, name, length, by, expires_at, parts, material, claim };
        let mut tx = self.store.batch();
        tx.insert(UPLOADS, scope_of(candidate), id.to_bytes(), &upload)?;
        tx.insert(OPEN_UPLOADS, Scope::Archive, id.to_bytes(), &OpenUpload { candidate, by, expires_at })?;
        self.journal.change([permit.part("begin_upload")?.on(application).on(id)], tx).await?;
        Ok(upload.state(id))
    }

    /// How an upload stands.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that is not there, has expired, or is somebody else's; all look alike.
    pub async fn upload_state(
        &self,
        ctx: &Context,
        application: ApplicationId,
        id: UploadId,
    ) -> Result<UploadState> {
        Ok(self.upload_under_way(ctx, application, id).await?.stored.value.state(id))
    }

    /// How an upload stands, and what it has become: for who sent it, to learn what is kept.
    ///
    /// # Errors
    /// As [`Archive::upload_state`].
    pub async fn uploaded(
        &self,
        ctx: &Context,
        application: ApplicationId,
        id: UploadId,
    ) -> Result<(UploadState, Option<Material>)> {
        let UnderWay { file, stored, permit, .. } = self.upload_under_way(ctx, application, id).await?;
        let state = stored.value.state(id);
        let material = file.materials.into_iter().find(|of| Some(of.id) == state.material);
        let permit = permit.part("show_upload")?.on(application).on(id);
        let intent = self.journal.intend(material.iter().fold(permit, |permit, of| permit.on(of.id))).await?;
        let shown = Ok((state, material));
        self.conclude(intent, &shown, &[]);
        shown
    }

    /// Takes more of an upload, from `offset` on, and completes it when that was all. What came before the stream broke
    /// off is kept.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] if it stands elsewhere than at `offset`, or somebody else goes on with it;
    /// [`Error::Invalid`] for more than was announced, and for content that [`Archive::upload`] does not take, of which
    /// nothing is kept then.
    pub async fn continue_upload<E>(
        &self,
        ctx: &Context,
        application: ApplicationId,
        id: UploadId,
        offset: u64,
        input: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<UploadState>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let UnderWay { candidate, mut stored, permit, .. } =
            self.upload_under_way(ctx, application, id).await?;
        if stored.value.offset() != offset {
            return Err(Error::Conflict);
        }
        let mut input = std::pin::pin!(input);
        let mut ended = Ok(false);
        while let Ok(false) = ended {
            let mut part = BytesMut::new();
            while part.len() < PART {
                match input.next().await {
                    Some(Ok(piece)) => part.extend_from_slice(&piece),
                    Some(Err(cause)) => {
                        let source = std::io::Error::other(cause);
                        ended = Err(Error::Io { doing: "reading the upload", source });
                        break;
                    }
                    None => {
                        ended = Ok(true);
                        break;
                    }
                }
            }
            if !part.is_empty() {
                let permit =
                    permit.part("upload_part")?.on(application).on(id).count("bytes", part.len() as u64);
                stored = self.keep_part(permit, candidate, &stored, part.freeze()).await?;
            }
        }
        ended?;
        if stored.value.offset() == stored.value.length && stored.value.material.is_none() {
            stored = self.complete(ctx, candidate, id, &stored).await?;
        }
        Ok(stored.value.state(id))
    }

    /// Gives an upload up, and removes what came of it.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn end_upload(&self, ctx: &Context, application: ApplicationId, id: UploadId) -> Result<()> {
        let UnderWay { candidate, stored, permit, .. } = self.upload_under_way(ctx, application, id).await?;
        self.drop_upload(permit.part("end_upload")?.on(application).on(id), candidate, id, &stored).await
    }

    /// Removes uploads that are too old.
    pub(crate) async fn expire_uploads(&self) -> Result<()> {
        let now = self.now();
        for open in self.store.page(OPEN_UPLOADS, Scope::Archive, None, AT_ONCE).await? {
            if now < open.value.expires_at {
                break;
            }
            let bytes: Option<[u8; 16]> = open.key.id().try_into().ok();
            let id = UploadId::from_bytes(bytes.unwrap_or_default());
            let ctx = self.context(Actor::system(Job::Sync), Word::parse("archive")?)?;
            let candidate = open.value.candidate;
            // One whose candidate was erased or damaged has no record that could be read; its parts are swept away.
            let stored = self.store.get(UPLOADS, scope_of(candidate), id.to_bytes()).await;
            let done = match stored.ok().flatten() {
                Some(stored) => {
                    let permit = self.find(&ctx, Action::Upload, stored.value.application).await?.3;
                    self.drop_upload(permit.part("expire_upload")?.on(id), candidate, id, &stored).await
                }
                None => self.forget(&ctx, id, &open).await,
            };
            match done {
                // Another node did the same.
                Ok(()) | Err(Error::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// An upload of whoever asks, as long as they may send such a file. What is not there is asked for like any file.
    async fn upload_under_way(
        &self,
        ctx: &Context,
        application: ApplicationId,
        id: UploadId,
    ) -> Result<UnderWay> {
        let own = self.own_upload(ctx, application, id).await;
        let claim = own.as_ref().ok().and_then(|(_, stored)| stored.value.claim.as_ref());
        let (file, _, _, permit) = self.find(ctx, action(claim), application).await?;
        let (candidate, stored) = own?;
        Ok(UnderWay { file, candidate, stored, permit })
    }

    async fn own_upload(
        &self,
        ctx: &Context,
        application: ApplicationId,
        id: UploadId,
    ) -> Result<(CandidateId, Stored<Upload>)> {
        let absent = || Error::not_found(What::Upload, &id);
        let open =
            self.store.get(OPEN_UPLOADS, Scope::Archive, id.to_bytes()).await?.ok_or_else(absent)?.value;
        let is_theirs = open.by == person(ctx)?.id && ctx.now() < open.expires_at;
        let stored = match is_theirs {
            true => self.store.get(UPLOADS, scope_of(open.candidate), id.to_bytes()).await?,
            false => None,
        };
        let stored = stored.filter(|stored| stored.value.application == application).ok_or_else(absent)?;
        Ok((open.candidate, stored))
    }

    /// Seals a part and notes it; the part is removed again unless it is noted.
    async fn keep_part(
        &self,
        permit: Permit,
        candidate: CandidateId,
        stored: &Stored<Upload>,
        part: Bytes,
    ) -> Result<Stored<Upload>> {
        let mut upload = stored.value.clone();
        if upload.offset().saturating_add(part.len() as u64) > upload.length {
            return Err(Error::invalid("内容超过上传时声明的长度", "this is more than was announced"));
        }
        if upload.parts.len() >= MOST_PARTS {
            return Err(Error::invalid(
                "分段过多；请以更大的分段重新上传",
                "it came in too many parts; begin anew with larger ones",
            ));
        }
        let key = self.blob_key(candidate).await?;
        let blob = self.blobs.put(&key.blobs, stream::iter([Ok::<_, std::io::Error>(part)])).await?;
        upload.parts.push(blob);
        let mut tx = self.store.batch();
        tx.update(UPLOADS, stored, &upload)?;
        match self.journal.change([permit], tx).await {
            Ok(revision) => Ok(Stored { key: stored.key.clone(), value: upload, revision }),
            Err(Error::Conflict) => {
                self.blobs.delete(blob.id).await?;
                Err(Error::Conflict)
            }
            // After any other failure the commit may stand, and needs its blob.
            Err(error) => Err(error),
        }
    }

    /// Makes a material of an upload that is all there.
    async fn complete(
        &self,
        ctx: &Context,
        candidate: CandidateId,
        id: UploadId,
        stored: &Stored<Upload>,
    ) -> Result<Stored<Upload>> {
        let Upload { application, name, length, parts, claim, .. } = stored.value.clone();
        let pieces = self.pieces(candidate, parts.clone()).await?;
        let (name, length) = (name.as_str(), Some(length));
        let made = match &claim {
            Some(claim) => self.add_evidence(ctx, application, claim, name, length, pieces).await,
            None => self.upload(ctx, application, name, length, pieces).await,
        };
        let permit = self.find(ctx, action(claim.as_ref()), application).await?.3;
        let material = match made {
            Ok(material) => material.id,
            Err(error) if error.kind() == ErrorKind::Invalid => {
                self.drop_upload(permit.part("end_upload")?.on(application).on(id), candidate, id, stored)
                    .await?;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        // It stays for as long as it would have, so that who missed the answer learns that it is done.
        let done = Upload { parts: Vec::new(), material: Some(material), ..stored.value.clone() };
        let mut tx = self.store.batch();
        tx.update(UPLOADS, stored, &done)?;
        let permit = permit.part("complete_upload")?.on(application).on(id).on(material);
        let revision = self.journal.change([permit], tx).await?;
        self.drop_parts(&parts).await?;
        Ok(Stored { key: stored.key.clone(), value: done, revision })
    }

    /// What the parts hold, one after the other.
    async fn pieces(
        &self,
        candidate: CandidateId,
        parts: Vec<BlobRef>,
    ) -> Result<BoxStream<'_, dossier_storage::Result<Bytes>>> {
        let key = self.blob_key(candidate).await?;
        let open = move |part: BlobRef| {
            let key = Arc::clone(&key);
            async move { self.blobs.open(&key.blobs, &part).await?.range(0..part.len) }.boxed()
        };
        Ok(stream::iter(parts).then(open).try_flatten().boxed())
    }

    async fn drop_upload(
        &self,
        permit: Permit,
        candidate: CandidateId,
        id: UploadId,
        stored: &Stored<Upload>,
    ) -> Result<()> {
        let mut tx = self.store.batch();
        tx.expect_unchanged(stored);
        tx.delete(UPLOADS, scope_of(candidate), id.to_bytes())?;
        tx.delete(OPEN_UPLOADS, Scope::Archive, id.to_bytes())?;
        self.journal.change([permit], tx).await?;
        self.drop_parts(&stored.value.parts).await
    }

    async fn drop_parts(&self, parts: &[BlobRef]) -> Result<()> {
        for part in parts {
            self.blobs.delete(part.id).await?;
        }
        Ok(())
    }

    async fn forget(&self, ctx: &Context, id: UploadId, open: &Stored<OpenUpload>) -> Result<()> {
        let permit = self.authorise(ctx, Action::Sync, &Resource::Archive).await?;
        let mut tx = self.store.batch();
        tx.expect_unchanged(open);
        tx.delete(OPEN_UPLOADS, Scope::Archive, id.to_bytes())?;
        self.journal.change([permit.part("expire_upload")?.on(id)], tx).await?;
        Ok(())
    }
}

/// A file's name as it can be kept.
///
/// # Errors
/// [`Error::Invalid`]
pub fn upload_name(name: &str) -> Result<Line> {
    files::line(name)
}
