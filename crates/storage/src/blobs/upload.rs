//! Storing a blob: hash, sum, seal and send on, a chunk at a time.

use std::{pin::pin, sync::Arc};

use bytes::Bytes;
use dossier_seal::{
    Key as SealKey,
    chunked::{Layout, Sealer},
};
use futures::{Stream, StreamExt as _};
use object_store::{ObjectStoreExt as _, WriteMultipart};
use ring::digest::{Context as Digest, SHA256};

use super::{BlobId, BlobRef, Blobs};
use crate::{Error, Result};

/// Parts that the object store is sent; S3 wants 5 MiB or more.
const PART: usize = 8 << 20;
/// So many parts may be on their way while the next one is filled.
const IN_FLIGHT: usize = 1;
/// So much is hashed and sealed before other tasks get their turn.
const STEP: usize = 64 << 10;

pub(super) async fn put<E>(
    blobs: &Blobs,
    key: &SealKey,
    input: impl Stream<Item = Result<Bytes, E>> + Send,
) -> Result<BlobRef>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let upload = Upload::begin(blobs, key)?;
    let id = upload.id;
    let _uploading = Uploading::begin(blobs, id);
    let multipart = blobs.store.put_multipart(&id.path()).await.map_err(writing)?;
    let mut parts = WriteMultipart::new_with_chunk_size(multipart, PART);
    match upload.run(input, &mut parts).await {
        Ok(blob) => {
            // Completing syncs the file and its folder where the store is a local one.
            parts.finish().await.map_err(writing)?;
            Ok(blob)
        }
        Err(error) => {
            // What can't be removed now is swept away later; the first failure is the one to tell.
            drop(parts.abort().await);
            Err(error)
        }
    }
}

/// The state of one upload.
struct Upload {
    id: BlobId,
    sealer: Sealer,
    sha256: Digest,
    crc32: crc32fast::Hasher,
    len: u64,
}

impl Upload {
    fn begin(blobs: &Blobs, key: &SealKey) -> Result<Self> {
        let mut id = [0; 16];
        blobs.entropy.fill(&mut id).map_err(sealing)?;
        let id = BlobId::from_bytes(id);
        let sealer = Sealer::new(Layout::BLOB, key, &blobs.context(id), &*blobs.entropy).map_err(sealing)?;
        Ok(Self { id, sealer, sha256: Digest::new(&SHA256), crc32: crc32fast::Hasher::new(), len: 0 })
    }

    async fn run<E>(
        mut self,
        input: impl Stream<Item = Result<Bytes, E>> + Send,
        parts: &mut WriteMultipart,
    ) -> Result<BlobRef>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let mut input = pin!(input);
        parts.put(Bytes::copy_from_slice(self.sealer.header()));
        while let Some(piece) = input.next().await {
            let piece = piece.map_err(|cause| Error::Input { cause: Arc::new(cause) })?;
            for step in piece.chunks(STEP) {
                parts.put(self.step(step)?);
                parts.wait_for_capacity(IN_FLIGHT).await.map_err(writing)?;
                tokio::task::yield_now().await;
            }
        }
        let mut last = Vec::new();
        self.sealer.finish(&mut last).map_err(sealing)?;
        parts.put(last.into());
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(self.sha256.finish().as_ref());
        Ok(BlobRef { id: self.id, len: self.len, sha256, crc32: self.crc32.finalize() })
    }

    /// Takes at most [`STEP`] bytes and gives the sealed chunks they complete.
    fn step(&mut self, plaintext: &[u8]) -> Result<Bytes> {
        self.sha256.update(plaintext);
        self.crc32.update(plaintext);
        self.len += plaintext.len() as u64;
        let mut sealed = Vec::new();
        self.sealer.push(plaintext, &mut sealed).map_err(sealing)?;
        Ok(sealed.into())
    }
}

/// Marks a blob as being uploaded, so that it is not swept away.
struct Uploading<'a>(&'a Blobs, BlobId);

impl<'a> Uploading<'a> {
    fn begin(blobs: &'a Blobs, id: BlobId) -> Self {
        blobs.uploading().insert(id);
        Self(blobs, id)
    }
}

impl Drop for Uploading<'_> {
    fn drop(&mut self) {
        self.0.uploading().remove(&self.1);
    }
}

fn writing(cause: object_store::Error) -> Error {
    Error::backend("writing a blob", cause)
}

fn sealing(cause: dossier_seal::Error) -> Error {
    Error::seal("sealing a blob", cause)
}
