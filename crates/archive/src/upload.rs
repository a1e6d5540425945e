//! Supplements that HR adds by hand.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use dossier_access::{Action, Context};
use dossier_domain::{ApplicationId, CandidateId, Content, Material, Provenance};
use dossier_storage::{Error as StorageError, Tx};
use futures::Stream;

use crate::{
    Archive, Error, Result, files,
    permit::{Permit, person},
    records::{MATERIALS, scope_of},
};

/// What a supplement may be, by its content: PDF, Word, images, sound, video.
const ALLOWED: &[&str] = &[
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/tiff",
    "image/bmp",
    "image/heif",
];

/// The largest file that is taken, in bytes: ten hours of video of a good quality fit, while nobody fills the disk with one
/// upload by mistake or on purpose.
pub const LARGEST_UPLOAD: u64 = 8 << 30;

impl Archive {
    /// Adds a file to an application. Its name is for people to read; what it is, is found by its content, and the name
    /// gets an ending that says so. `length` is what the sender announced, if anything.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`]; [`Error::Invalid`] for content of another kind, of which nothing is stored,
    /// and for more than [`LARGEST_UPLOAD`], of which nothing is kept.
    pub async fn upload<E>(
        &self,
        ctx: &Context,
        application: ApplicationId,
        name: &str,
        length: Option<u64>,
        input: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<Material>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let (file, _, _, permit) = self.find(ctx, Action::Upload, application).await?;
        let owner = (file.application.candidate, application);
        let material = self.keep_file(ctx, owner, name, length, input).await?;
        self.keep_material(permit, self.store.batch(), material).await
    }

    /// Takes a file in, and makes the material that [`Archive::keep_material`] keeps.
    pub(crate) async fn keep_file<E>(
        &self,
        ctx: &Context,
        (candidate, application): (CandidateId, ApplicationId),
        name: &str,
        length: Option<u64>,
        input: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<Material>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let user = person(ctx)?;
        files::line(name)?;
        if length.is_some_and(|length| length > LARGEST_UPLOAD) {
            return Err(too_large());
        }
        let (file_type, input) =
            files::peek(input).await.map_err(|cause| StorageError::Input { cause: Arc::new(cause) })?;
        let media_type = file_type.media_type;
        if !is_allowed(media_type) {
            return Err(Error::invalid(
                format!(
                    "“{name}”未保存：按内容看，它不是可以上传的文件；可以上传 PDF、Word、图片、音频和视频"
                ),
                format!(
                    "{name} was not kept: by its content it is no PDF, Word file, picture, sound or video, which is what can be uploaded"
                ),
            ));
        }
        let name = file_type.name(name)?;
        let key = self.blob_key(candidate).await?;
        let is_over = AtomicBool::new(false);
        let over = || is_over.store(true, Ordering::Relaxed);
        let stored = self.blobs.put(&key.blobs, files::bounded(input, LARGEST_UPLOAD, over)).await;
        if is_over.load(Ordering::Relaxed) {
            return Err(too_large());
        }
        Ok(Material {
            id: ctx.new_id()?,
            candidate,
            application,
            interview: None,
            content: Content::Supplement(files::stored(&stored?, name, file_type)),
            received_at: ctx.now(),
            provenance: Provenance::Upload { by: user.id },
            revision: 1,
        })
    }

    /// Commits a material whose file was taken in, with whatever else is in the commit.
    pub(crate) async fn keep_material(
        &self,
        permit: Permit,
        mut tx: Tx<'_>,
        material: Material,
    ) -> Result<Material> {
        let length = material.content.file().map_or(0, |file| file.length);
        tx.insert(MATERIALS, scope_of(material.candidate), material.id.to_bytes(), &material)?;
        match self.journal.change([permit.on(material.id).count("bytes", length)], tx).await {
            Ok(_) => Ok(material),
            // After any other failure the commit may stand, and needs its blob.
            Err(Error::Conflict) => {
                self.forget_file(&material).await?;
                Err(Error::Conflict)
            }
            Err(error) => Err(error),
        }
    }

    /// Removes the file of a material that was not kept.
    pub(crate) async fn forget_file(&self, material: &Material) -> Result<()> {
        if let Some(file) = material.content.file() {
            self.blobs.delete(files::blob_of(file)?.id).await?;
        }
        Ok(())
    }
}

fn too_large() -> Error {
    let most = LARGEST_UPLOAD >> 30;
    Error::invalid(
        format!("文件超过 {most} GiB 的上限，未保存"),
        format!("the file is larger than the limit of {most} GiB; it was not kept"),
    )
}

fn is_allowed(media_type: &str) -> bool {
    ALLOWED.contains(&media_type) || media_type.starts_with("video/") || media_type.starts_with("audio/")
}
