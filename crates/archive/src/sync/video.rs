//! Fetching videos: vendor → hash, CRC-32 and seal → blob, in bounded memory, a few at a time.

use std::sync::{Arc, Mutex, PoisonError};

use dossier_domain::StoredFile;
use dossier_storage::BlobRef;
use dossier_vendor::{Got, Malformed, MediaLimits, Phrase, Remedy, ResumingMedia};
use futures::{FutureExt, StreamExt, TryStreamExt, stream};

use super::{REFUSALS, Run, SyncProgress};
use crate::{
    Error, Problem, QuarantinedPart, Result,
    files::{self, FileType},
    ingest::WantedVideo,
    quarantine::Aside,
};

/// So many videos are fetched at the same time.
const AT_ONCE: usize = 3;

impl Run<'_> {
    pub(super) async fn fetch_videos(&mut self) -> Result<()> {
        let wanted = std::mem::take(&mut self.videos);
        (self.progress)(SyncProgress::VideosWanted(wanted.len() as u64));
        let mut aside = Vec::new();
        let mut refused = Vec::new();
        let mut fatal = None;
        let mut count = 0;
        let mut bytes = 0;
        {
            let this = &*self;
            let fetching: Vec<_> = wanted
                .iter()
                .map(|video| async move { (video, this.fetch_video(video).await) }.boxed())
                .collect();
            let mut done = stream::iter(fetching).buffer_unordered(AT_ONCE);
            while let Some((video, result)) = done.next().await {
                let interview = &video.media.interview;
                match result {
                    Ok(length) => {
                        count += 1;
                        bytes += length;
                        (this.progress)(SyncProgress::Videos(count, bytes));
                    }
                    Err(Error::Vendor(error)) => match error.remedy() {
                        Remedy::SetAside => {
                            let part = QuarantinedPart::Video;
                            let id = this.connection.id;
                            aside.push(Aside::vendors(id, Some(interview), part, &error));
                        }
                        Remedy::Person if error.may_concern_one() => refused.push((interview, error)),
                        Remedy::Person => {
                            this.postpone(interview, &error).await?;
                            fatal = Some(error);
                            break;
                        }
                        Remedy::Retry | Remedy::FullSync => this.postpone(interview, &error).await?,
                    },
                    Err(error) if error.concerns_one_record() => {
                        let problem = Problem::of_ours(&error);
                        let part = QuarantinedPart::Video;
                        aside
                            .push(Aside { part, ..Aside::interview(this.connection.id, interview, problem) });
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        self.report.videos += count;
        self.report.video_bytes += bytes;
        for aside in aside {
            self.quarantine(aside).await?;
        }
        let is_all = count == 0 && refused.len() >= REFUSALS;
        for (interview, error) in refused {
            self.postpone(interview, &error).await?;
            fatal = fatal.or(is_all.then_some(error));
        }
        fatal.map_or(Ok(()), |error| Err(Error::Vendor(error)))
    }

    /// Fetches one video and files it; gives its length.
    async fn fetch_video(&self, wanted: &WantedVideo) -> Result<u64> {
        self.still_wanted().await?;
        let (blob, file_type) = self.while_wanted(self.download(wanted)).await??;
        let name = file_type.name(&wanted.interview.to_string())?;
        let file: StoredFile = files::stored(&blob, name, file_type);
        let filed =
            self.archive.file_video(self.ctx, self.permit, &wanted.media.interview, wanted, file).await;
        match filed {
            // Another sync was quicker. After any other failure the commit may stand, and needs its blob.
            Err(Error::Conflict) => self.archive.blobs.delete(blob.id).await?,
            other => other?,
        }
        Ok(blob.len)
    }

    /// Stores what the vendor gives as a blob, if it is a video, which its first bytes tell.
    async fn download(&self, wanted: &WantedVideo) -> Result<(BlobRef, FileType)> {
        let media =
            ResumingMedia::open(Arc::clone(self.adapter), wanted.media.clone(), MediaLimits::default())
                .await?;
        let (file_type, body) = files::peek(media.into_stream()).await?;
        if !file_type.media_type.starts_with("video/") {
            return Err(Error::Vendor(dossier_vendor::Error::Malformed(Malformed {
                pointer: wanted.media.file.to_string(),
                expected: Phrase::new("视频文件", "a video"),
                got: Got::Media(file_type.media_type),
            })));
        }
        let failure = Mutex::new(None);
        let body = body.map_err(|error| {
            *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            std::io::Error::other("the vendor failed")
        });
        let key = self.archive.blob_key(wanted.candidate).await?;
        let stored = self.archive.blobs.put(&key.blobs, body).await;
        let failure = failure.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (stored, failure) {
            (Ok(blob), _) => Ok((blob, file_type)),
            (Err(_), Some(vendor)) => Err(Error::Vendor(vendor)),
            (Err(error), None) => Err(error.into()),
        }
    }
}
