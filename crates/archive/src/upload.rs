//! Supplements that HR adds by hand.

use bytes::Bytes;
use dossier_access::{Action, Context};
use dossier_domain::{ApplicationId, Content, Material, Provenance, text::Line};
use futures::{Stream, TryStreamExt};

use crate::{
    Archive, Error, Result, files,
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

impl Archive {
    /// Adds a file to an application. Its name is for people to read; what it is, is found by its content.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`]; [`Error::Invalid`] for content of another kind, after which nothing of it is
    /// kept.
    pub async fn upload<E>(
        &self,
        ctx: &Context,
        application: ApplicationId,
        name: &str,
        input: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<Material>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let (file, _, _, permit) = self.find(ctx, Action::Upload, application).await?;
        let Some(user) = ctx.actor().user() else {
            return Err(Error::Denied(dossier_access::Reason::NotYourDuty));
        };
        let name: Line = files::line(name)?;
        let candidate = file.application.candidate;
        let head = files::Head::default();
        let key = self.blob_key(candidate).await?;
        let blob = self.blobs.put(&key.blobs, input.inspect_ok(|bytes| head.take(bytes))).await?;
        let media_type = head.media_type();
        if !is_allowed(media_type) || blob.len == 0 {
            self.blobs.delete(blob.id).await?;
            return Err(Error::invalid(
                format!("“{name}”的内容不是 PDF、Word、图片、音频或视频（识别为 {media_type}），未保存"),
                format!(
                    "{name} is no PDF, Word file, image, sound or video by its content ({media_type}); it was not kept"
                ),
            ));
        }
        let material = Material {
            id: ctx.new_id()?,
            candidate,
            application,
            interview: None,
            content: Content::Supplement(files::stored(&blob, name, media_type)),
            received_at: ctx.now(),
            provenance: Provenance::Upload { by: user.id },
            revision: 1,
        };
        let mut tx = self.store.batch();
        tx.insert(MATERIALS, scope_of(candidate), material.id.to_bytes(), &material)?;
        let committed = self.journal.change([permit.on(material.id).count("bytes", blob.len)], tx).await;
        if let Err(error) = committed {
            // After any other failure the commit may stand, and needs its blob.
            if matches!(error, Error::Conflict) {
                self.blobs.delete(blob.id).await?;
            }
            return Err(error);
        }
        Ok(material)
    }
}

fn is_allowed(media_type: &str) -> bool {
    ALLOWED.contains(&media_type) || media_type.starts_with("video/") || media_type.starts_with("audio/")
}
