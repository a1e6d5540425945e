//! Files among the materials: what they are by their content, and how they stand in the records.

use dossier_domain::{CandidateId, StoredFile, text::Line};
use dossier_storage::{BlobId, BlobRef, CandidateKey, Error as StorageError};
use std::sync::Arc;

use crate::{Archive, Error, Result};

/// So many first bytes tell what a file is.
const HEAD: usize = 8192;

/// The first bytes of a file that is streaming by.
#[derive(Default)]
pub(crate) struct Head(std::sync::Mutex<Vec<u8>>);

impl Head {
    pub(crate) fn take(&self, bytes: &[u8]) {
        let mut head = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let room = HEAD.saturating_sub(head.len()).min(bytes.len());
        head.extend_from_slice(&bytes[..room]);
    }

    /// The media type by the content, whatever the name says.
    pub(crate) fn media_type(&self) -> &'static str {
        let head = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        infer::get(&head).map_or("application/octet-stream", |found| found.mime_type())
    }
}

/// A stored blob as the records name it.
pub(crate) fn stored(blob: &BlobRef, name: Line, media_type: &str) -> StoredFile {
    StoredFile {
        blob: blob.id.to_string(),
        name,
        media_type: media_type.to_owned(),
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
