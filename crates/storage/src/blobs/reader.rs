//! Reading a blob, or any range of it.

use std::{ops::Range, sync::Arc};

use bytes::{Bytes, BytesMut};
use dossier_seal::{
    Key as SealKey,
    chunked::{FileKind, Layout, Opener},
};
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, path::Path};
use ring::digest::{Context as Digest, SHA256};

use super::BlobRef;
use crate::{Error, Result};

/// So many chunks (512 KiB) are a batch, which is fetched as one.
const FETCH: usize = 8;
/// So many batches are fetched, or wait to be opened, besides the one that is being opened.
const AT_ONCE: usize = 2;

/// An open blob. Cheap to clone; any number of ranges can be read at a time.
#[derive(Clone)]
pub struct BlobReader {
    store: Arc<dyn ObjectStore>,
    opener: Arc<Opener>,
    path: Path,
    blob: BlobRef,
}

impl BlobReader {
    pub(super) async fn open(
        store: Arc<dyn ObjectStore>,
        key: &SealKey,
        context: &[u8],
        blob: &BlobRef,
    ) -> Result<Self> {
        let path = blob.id.path();
        let size = store.head(&path).await.map_err(|cause| failed(blob, cause))?.size;
        if Layout::BLOB.sealed_len(blob.len) != Some(size) {
            return Err(damaged(
                blob,
                None,
                format!("its file has {size} bytes, which is not the right length"),
            ));
        }
        let header = 0..Layout::BLOB.header_len() as u64;
        let header = store.get_range(&path, header).await.map_err(|cause| failed(blob, cause))?;
        let opener = Opener::new(FileKind::Blob, key, context, &header, blob.len)
            .map_err(|cause| damaged(blob, None, cause.to_string()))?;
        if opener.layout() != Layout::BLOB {
            return Err(damaged(blob, None, "its chunks are of another size".into()));
        }
        Ok(Self { store, opener: Arc::new(opener), path, blob: *blob })
    }

    /// What was opened.
    pub fn blob(&self) -> &BlobRef {
        &self.blob
    }

    /// The bytes of a range, in pieces of up to 64 KiB. Only the chunks it touches are fetched, half a MiB at a time,
    /// and each is authenticated before any byte of it is given out.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] at once; the stream ends with [`Error::DamagedBlob`] at the first bad chunk.
    pub fn range(&self, range: Range<u64>) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let out_of_range = |_| Error::OutOfRange {
            blob: self.blob.id.to_string(),
            start: range.start,
            end: range.end,
            length: self.blob.len,
        };
        let sealed = self.opener.sealed_range(range.clone()).map_err(out_of_range)?;
        let trim = Trim { skip: sealed.skip, left: range.end - range.start };
        let pieces = self.clone().chunks(sealed.chunks);
        Ok(stream::try_unfold((Box::pin(pieces), trim), |(mut pieces, mut trim)| async move {
            Ok(pieces.try_next().await?.map(|piece| (trim.cut(&piece), (pieces, trim))))
        }))
    }

    /// The whole blob in memory: for small ones.
    ///
    /// # Errors
    /// As [`range`](Self::range).
    pub async fn read_all(&self) -> Result<Bytes> {
        let mut all = BytesMut::new();
        let mut pieces = Box::pin(self.range(0..self.blob.len)?);
        while let Some(piece) = pieces.try_next().await? {
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// Reads the whole blob and compares it with its reference.
    ///
    /// # Errors
    /// [`Error::DamagedBlob`] if any chunk, or a sum over all of it, is not right.
    pub async fn check(&self) -> Result<()> {
        let mut sha256 = Digest::new(&SHA256);
        let mut crc32 = crc32fast::Hasher::new();
        let mut pieces = Box::pin(self.clone().chunks(0..self.opener.chunk_count()));
        while let Some(piece) = pieces.try_next().await? {
            sha256.update(&piece);
            crc32.update(&piece);
            tokio::task::yield_now().await;
        }
        if sha256.finish().as_ref() != self.blob.sha256 || crc32.finalize() != self.blob.crc32 {
            return Err(damaged(&self.blob, None, "its sums are not those it was stored with".into()));
        }
        Ok(())
    }

    /// The plaintext of these chunks, one after another. While a batch is opened and sent, the next is fetched.
    fn chunks(self, chunks: Range<u64>) -> impl Stream<Item = Result<Bytes>> + Send {
        let end = chunks.end;
        let reader = self.clone();
        let batches = stream::iter(chunks.step_by(FETCH)).map(move |first| {
            let (reader, batch) = (reader.clone(), first..end.min(first + FETCH as u64));
            async move { Ok((batch.clone(), reader.fetch(batch).await?)) }
        });
        batches
            .buffered(AT_ONCE)
            .map_ok(move |(batch, fetched)| self.clone().opened(batch, fetched))
            .try_flatten()
    }

    /// The plaintext of a batch that was fetched, one chunk after another.
    fn opened(self, batch: Range<u64>, mut fetched: BytesMut) -> impl Stream<Item = Result<Bytes>> + Send {
        stream::iter(batch.map(move |index| {
            let sealed = fetched.split_to(fetched.len().min(Layout::BLOB.sealed_chunk_len()));
            self.open_chunk(index, sealed)
        }))
    }

    async fn fetch(&self, chunks: Range<u64>) -> Result<BytesMut> {
        let chunk = Layout::BLOB.chunk_len() as u64;
        let plain = chunks.start * chunk..self.blob.len.min(chunks.end * chunk);
        // The only chunk of an empty blob holds no byte, yet has to be looked at.
        let bytes = match self.opener.sealed_range(plain) {
            Ok(sealed) if !sealed.chunks.is_empty() => GetRange::Bounded(sealed.bytes),
            _ => GetRange::Offset(Layout::BLOB.header_len() as u64),
        };
        let options = GetOptions { range: Some(bytes), ..GetOptions::default() };
        let failed = |cause| failed(&self.blob, cause);
        let fetched =
            self.store.get_opts(&self.path, options).await.map_err(failed)?.bytes().await.map_err(failed)?;
        Ok(fetched.try_into_mut().unwrap_or_else(|shared| BytesMut::from(&shared[..])))
    }

    fn open_chunk(&self, index: u64, mut sealed: BytesMut) -> Result<Bytes> {
        let opened = self.opener.open_chunk(index, &mut sealed).map(|plaintext| plaintext.len());
        let len = opened.map_err(|cause| damaged(&self.blob, Some(index), cause.to_string()))?;
        sealed.truncate(len);
        Ok(sealed.freeze())
    }
}

/// What of the chunks belongs to a range.
struct Trim {
    skip: usize,
    left: u64,
}

impl Trim {
    fn cut(&mut self, piece: &Bytes) -> Bytes {
        let start = std::mem::take(&mut self.skip).min(piece.len());
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let end = piece.len().min(start.saturating_add(left));
        self.left -= (end - start) as u64;
        piece.slice(start..end)
    }
}

fn damaged(blob: &BlobRef, chunk: Option<u64>, reason: String) -> Error {
    Error::DamagedBlob { blob: blob.id.to_string(), chunk, reason }
}

fn failed(blob: &BlobRef, cause: object_store::Error) -> Error {
    match cause {
        object_store::Error::NotFound { .. } => Error::MissingBlob { blob: blob.id.to_string() },
        cause => Error::backend("reading a blob", cause),
    }
}
