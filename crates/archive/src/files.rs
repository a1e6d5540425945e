//! Files among the materials: what they are by their content, and how they stand in the records.

use bytes::{Bytes, BytesMut};
use dossier_domain::{CandidateId, StoredFile, text::Line};
use dossier_storage::{BlobId, BlobRef, CandidateKey, Error as StorageError};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use std::sync::Arc;

use crate::{Archive, Error, Result};

/// So many first bytes tell what a file is.
const HEAD: usize = 8192;
/// The most characters of a stored name, its ending included.
const NAME: usize = 200;

/// What a file is by its content, whatever its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileType {
    pub(crate) media_type: &'static str,
    /// The usual ending of its name.
    ending: &'static str,
}

impl FileType {
    fn of(head: &[u8]) -> Self {
        let unknown = Self { media_type: "application/octet-stream", ending: "bin" };
        infer::get(head)
            .map_or(unknown, |found| Self { media_type: found.mime_type(), ending: found.extension() })
    }

    /// A name with an ending of this type: programs open a file by its ending, so it must tell what is inside.
    pub(crate) fn name(self, given: &str) -> Result<Line> {
        let given = line(given)?;
        let has = given.as_str().rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        let fits = has.is_some_and(|has| has == self.ending || self.other_endings().contains(&&*has));
        let most = NAME - if fits { 0 } else { self.ending.len() + 1 };
        if fits && given.as_str().chars().count() <= most {
            return Ok(given);
        }
        let stem =
            if fits { given.as_str().rsplit_once('.').map_or("", |(stem, _)| stem) } else { given.as_str() };
        let stem: String = stem.chars().take(NAME - self.ending.len() - 1).collect();
        line(&format!("{stem}.{}", self.ending))
    }

    fn other_endings(self) -> &'static [&'static str] {
        match self.media_type {
            "image/jpeg" => &["jpg", "jpeg", "jpe", "jfif"],
            "image/tiff" => &["tif", "tiff"],
            "image/heif" => &["heif", "heic"],
            "video/mp4" => &["mp4", "m4v"],
            "video/mpeg" => &["mpg", "mpeg"],
            "video/x-matroska" => &["mkv", "mk3d"],
            "audio/midi" => &["mid", "midi"],
            "audio/ogg" => &["ogg", "oga", "opus"],
            "audio/x-aiff" => &["aif", "aiff"],
            _ => &[],
        }
    }
}

/// What a stream begins with, and the whole stream. Nothing but its beginning was taken from it.
pub(crate) async fn peek<E>(
    input: impl Stream<Item = Result<Bytes, E>> + Send,
) -> Result<(FileType, impl Stream<Item = Result<Bytes, E>> + Send), E>
where
    E: Send,
{
    let mut input = Box::pin(input);
    let mut taken: Vec<Bytes> = Vec::new();
    let mut head = BytesMut::new();
    while head.len() < HEAD {
        let Some(piece) = input.try_next().await? else { break };
        head.extend_from_slice(&piece[..piece.len().min(HEAD - head.len())]);
        taken.push(piece);
    }
    Ok((FileType::of(&head), stream::iter(taken.into_iter().map(Ok)).chain(input)))
}

/// The stream up to `limit` bytes; beyond them it fails, after `over` was told.
pub(crate) fn bounded<E>(
    input: impl Stream<Item = Result<Bytes, E>> + Send,
    limit: u64,
    over: impl Fn() + Send,
) -> impl Stream<Item = std::io::Result<Bytes>> + Send
where
    E: std::error::Error + Send + Sync + 'static,
{
    let mut taken: u64 = 0;
    input.map(move |piece| {
        let piece = piece.map_err(std::io::Error::other)?;
        taken = taken.saturating_add(piece.len() as u64);
        if taken > limit {
            over();
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        Ok(piece)
    })
}

/// A stored blob as the records name it.
pub(crate) fn stored(blob: &BlobRef, name: Line, file_type: FileType) -> StoredFile {
    StoredFile {
        blob: blob.id.to_string(),
        name,
        media_type: file_type.media_type.to_owned(),
        length: blob.len,
        sha256: hex::encode(blob.sha256),
        crc32: blob.crc32,
        seconds: None,
    }
}

/// The blob that a record names.
pub(crate) fn blob_of(file: &StoredFile) -> Result<BlobRef> {
    let mut id = [0; 16];
    let mut sha256 = [0; 32];
    let parsed =
        hex::decode_to_slice(&file.blob, &mut id).and(hex::decode_to_slice(&file.sha256, &mut sha256));
    parsed.map_err(|_| {
        Error::Storage(StorageError::DamagedBlob {
            blob: file.blob.chars().take(40).collect(),
            chunk: None,
            reason: "its record names no blob".to_owned(),
        })
    })?;
    Ok(BlobRef { id: BlobId::from_bytes(id), len: file.length, sha256, crc32: file.crc32 })
}

pub(crate) fn line(text: &str) -> Result<Line> {
    Line::parse(text).map_err(|error| Error::invalid(format!("文字不可用：{error}"), error.to_string()))
}

impl Archive {
    /// The key that seals a candidate's blobs; made where there is none yet.
    pub(crate) async fn blob_key(&self, candidate: CandidateId) -> Result<Arc<CandidateKey>> {
        let id = candidate.to_bytes();
        let mut keys = self.candidate_keys.create_missing([id]).await?;
        keys.remove(&id).ok_or(Error::Storage(StorageError::Erased { candidate: id }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: FileType = FileType { media_type: "image/jpeg", ending: "jpg" };

    #[test]
    fn a_name_ends_as_its_content_does() {
        let named = |given: &str| JPEG.name(given).unwrap().to_string();
        assert_eq!(named("证书.JPEG"), "证书.JPEG");
        assert_eq!(named("a.html"), "a.html.jpg");
        assert_eq!(named("报告 v1.2"), "报告 v1.2.jpg");
        assert_eq!(named("jpg"), "jpg.jpg");
        for long in ["字".repeat(390), format!("{}.jpg", "字".repeat(390))] {
            let name = named(&long);
            assert!(name.chars().count() == NAME && name.ends_with("字.jpg"), "{name}");
        }
        assert!(JPEG.name("a\u{202E}gpj.exe").is_err());
    }

    #[tokio::test]
    async fn a_stream_is_whole_after_a_look_at_its_beginning_and_ends_at_its_bound() {
        let pieces = || stream::iter([&b"%PD"[..], b"F-1.7 ", b"rest"].map(|piece| Ok(Bytes::from(piece))));
        let (file_type, whole) = peek::<std::io::Error>(pieces()).await.unwrap();
        assert_eq!(file_type.media_type, "application/pdf");
        let whole: Vec<Bytes> = whole.try_collect().await.unwrap();
        assert_eq!(whole.concat(), b"%PDF-1.7 rest");
        for (limit, fits) in [(13, true), (12, false)] {
            let over = std::sync::atomic::AtomicBool::new(false);
            let told = || over.store(true, std::sync::atomic::Ordering::Relaxed);
            let taken: Result<Vec<Bytes>, _> =
                bounded::<std::io::Error>(pieces(), limit, told).try_collect().await;
            assert_eq!((taken.is_ok(), !over.into_inner()), (fits, fits));
        }
    }
}
