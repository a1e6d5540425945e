//! Sealing a stream.

use zeroize::Zeroizing;

use super::{Layout, TAG_LEN, cipher::FileCipher, header};
use crate::{Entropy, Error, Key, Result};

/// Seals one file from pieces of plaintext of any size, in memory of one chunk.
///
/// The sealed file is [`header`](Self::header), then what each [`push`](Self::push) appends, then what
/// [`finish`](Self::finish) appends. A full chunk is held back until more plaintext or the end comes, since
/// only then it is known whether it is the last. A file whose sealer was dropped without `finish` does not
/// open.
///
/// Plaintext is copied once or twice on its way. Who can read it to where it will be sealed saves that with a
/// [`ChunkSealer`].
pub struct Sealer {
    chunks: ChunkSealer,
    /// The plaintext of the chunk that is not yet known to be the last or not.
    held: Zeroizing<Vec<u8>>,
}

impl Sealer {
    /// A sealer for a new file.
    ///
    /// `key` is the owner's key for a blob, which wraps a random data key, and the index key for an index
    /// file. `context` says which file this is (archive, blob id or file name); the same is needed to open
    /// it.
    ///
    /// # Errors
    /// When there is no entropy.
    pub fn new(layout: Layout, key: &Key, context: &[u8], entropy: &dyn Entropy) -> Result<Self> {
        let chunks = ChunkSealer::new(layout, key, context, entropy)?;
        Ok(Self { chunks, held: Zeroizing::new(Vec::with_capacity(layout.chunk_len())) })
    }

    /// The header: the first bytes of the sealed file.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        self.chunks.header()
    }

    /// Takes plaintext and appends the chunks that it completes to `out`.
    ///
    /// # Errors
    /// As [`ChunkSealer::seal`].
    pub fn push(&mut self, mut plaintext: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let chunk_len = self.chunks.layout.chunk_len();
        if !self.held.is_empty() {
            let (head, rest) = plaintext.split_at(plaintext.len().min(chunk_len - self.held.len()));
            self.held.extend_from_slice(head);
            if rest.is_empty() {
                return Ok(());
            }
            plaintext = rest;
            append(&self.held, out, |chunk| self.chunks.seal(chunk))?;
            self.held.clear();
        }
        while plaintext.len() > chunk_len {
            let (chunk, rest) = plaintext.split_at(chunk_len);
            append(chunk, out, |chunk| self.chunks.seal(chunk))?;
            plaintext = rest;
        }
        self.held.extend_from_slice(plaintext);
        Ok(())
    }

    /// Appends the last chunk to `out`.
    ///
    /// # Errors
    /// As [`ChunkSealer::seal_last`].
    pub fn finish(self, out: &mut Vec<u8>) -> Result<()> {
        append(&self.held, out, |chunk| self.chunks.seal_last(chunk))
    }
}

/// Copies a chunk to the end of `out`, seals it there and adds its tag.
fn append(
    plaintext: &[u8],
    out: &mut Vec<u8>,
    seal: impl FnOnce(&mut [u8]) -> Result<[u8; TAG_LEN]>,
) -> Result<()> {
    let start = out.len();
    out.reserve(plaintext.len() + TAG_LEN);
    out.extend_from_slice(plaintext);
    match seal(&mut out[start..]) {
        Ok(tag) => out.extend_from_slice(&tag),
        Err(error) => {
            out.truncate(start);
            return Err(error);
        }
    }
    Ok(())
}

/// Seals the chunks of one file where they lie, at the speed of the cipher.
///
/// The sealed file is [`header`](Self::header), then each chunk followed by its tag, in order; the caller
/// cuts the plaintext into chunks and has to know which one is the last.
pub struct ChunkSealer {
    header: Vec<u8>,
    layout: Layout,
    cipher: FileCipher,
    next: u64,
}

impl ChunkSealer {
    /// A sealer for a new file; see [`Sealer::new`].
    ///
    /// # Errors
    /// When there is no entropy.
    pub fn new(layout: Layout, key: &Key, context: &[u8], entropy: &dyn Entropy) -> Result<Self> {
        let (header, cipher) = header::create(layout, key, context, entropy)?;
        Ok(Self { header, layout, cipher, next: 0 })
    }

    /// The header: the first bytes of the sealed file.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// Seals the next chunk in place, which more plaintext will follow, and returns its tag.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if it has not the layout's [`chunk_len`](Layout::chunk_len), or is the 2³²nd
    /// (256 TiB for blobs).
    pub fn seal(&mut self, chunk: &mut [u8]) -> Result<[u8; TAG_LEN]> {
        if chunk.len() != self.layout.chunk_len() {
            return Err(Error::OutOfRange("a chunk that is not the last must be full"));
        }
        if self.next >= u64::from(u32::MAX) {
            return Err(Error::OutOfRange("a sealed file has at most 4,294,967,296 chunks"));
        }
        let tag = self.cipher.seal(self.next, false, chunk);
        self.next += 1;
        Ok(tag)
    }

    /// Seals the last chunk in place and returns its tag. It is empty only if the whole file is.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if it is longer than [`chunk_len`](Layout::chunk_len), or empty after others.
    pub fn seal_last(self, chunk: &mut [u8]) -> Result<[u8; TAG_LEN]> {
        if chunk.len() > self.layout.chunk_len() || (chunk.is_empty() && self.next > 0) {
            return Err(Error::OutOfRange("the last chunk must be neither empty nor more than full"));
        }
        Ok(self.cipher.seal(self.next, true, chunk))
    }
}
