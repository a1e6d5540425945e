//! Storing a blob: hash, sum, seal and send on, a chunk at a time.

use std::{pin::pin, sync::Arc};

use bytes::{Bytes, BytesMut};
use dossier_seal::{
    Key as SealKey,
    chunked::{ChunkSealer, Layout, TAG_LEN},
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
/// The plaintext of a chunk; so much is hashed and sealed before other tasks get their turn.
const CHUNK: usize = Layout::BLOB.chunk_len();

pub(super) async fn put<E>(
    blobs: &Blobs,
    key: &SealKey,
    input: impl Stream<Item = Result<Bytes, E>> + Send,
) -> Result<BlobRef>
where
    E: std::error::Error + Send + Sync + 'static,
{
    blobs.check_room()?;
    let upload = Upload::begin(blobs, key)?;
    let id = upload.id;
    let _uploading = Uploading::begin(blobs, id);
    let multipart = blobs.store.put_multipart(&id.path()).await.map_err(writing)?;
    let mut parts = WriteMultipart::new_with_chunk_size(multipart, PART);
    match upload.run(input, &mut parts, blobs).await {
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
    sealer: ChunkSealer,
    /// The plaintext of the chunk that is not yet known to be the last or not, with room for its tag.
    chunk: BytesMut,
    sha256: Digest,
    crc32: crc32fast::Hasher,
    len: u64,
}

impl Upload {
    fn begin(blobs: &Blobs, key: &SealKey) -> Result<Self> {
        let mut id = [0; 16];
        blobs.entropy.fill(&mut id).map_err(sealing)?;
        let id = BlobId::from_bytes(id);
        let sealer =
            ChunkSealer::new(Layout::BLOB, key, &blobs.context(id), &*blobs.entropy).map_err(sealing)?;
        Ok(Self {
            id,
            sealer,
            chunk: empty_chunk(),
            sha256: Digest::new(&SHA256),
            crc32: crc32fast::Hasher::new(),
            len: 0,
        })
    }

    async fn run<E>(
        mut self,
        input: impl Stream<Item = Result<Bytes, E>> + Send,
        parts: &mut WriteMultipart,
        blobs: &Blobs,
    ) -> Result<BlobRef>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let mut input = pin!(input);
        parts.put(Bytes::copy_from_slice(self.sealer.header()));
        while let Some(piece) = input.next().await {
            let mut piece = piece.map_err(|cause| Error::Input { cause: Arc::new(cause) })?;
            while !piece.is_empty() {
                if self.chunk.len() == CHUNK {
                    parts.put(self.seal()?);
                    if self.len.is_multiple_of(PART as u64) {
                        blobs.check_room()?;
                    }
                    parts.wait_for_capacity(IN_FLIGHT).await.map_err(writing)?;
                    tokio::task::yield_now().await;
                }
                self.take(&mut piece);
            }
        }
        let tag = self.sealer.seal_last(&mut self.chunk).map_err(sealing)?;
        parts.put(with_tag(self.chunk, &tag));
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(self.sha256.finish().as_ref());
        Ok(BlobRef { id: self.id, len: self.len, sha256, crc32: self.crc32.finalize() })
    }

    /// Takes what the chunk has room for.
    fn take(&mut self, piece: &mut Bytes) {
        let taken = piece.split_to(piece.len().min(CHUNK - self.chunk.len()));
        self.sha256.update(&taken);
        self.crc32.update(&taken);
        self.len += taken.len() as u64;
        self.chunk.extend_from_slice(&taken);
    }

    /// Seals the full chunk where it lies; more follows it.
    fn seal(&mut self) -> Result<Bytes> {
        let mut chunk = std::mem::replace(&mut self.chunk, empty_chunk());
        let tag = self.sealer.seal(&mut chunk).map_err(sealing)?;
        Ok(with_tag(chunk, &tag))
    }
}

fn empty_chunk() -> BytesMut {
    BytesMut::with_capacity(CHUNK + TAG_LEN)
}

fn with_tag(mut chunk: BytesMut, tag: &[u8; TAG_LEN]) -> Bytes {
    chunk.extend_from_slice(tag);
    chunk.freeze()
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
