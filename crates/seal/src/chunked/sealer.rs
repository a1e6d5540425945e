//! Sealing a stream.

use zeroize::Zeroize;

use super::{Layout, cipher::FileCipher, header};
use crate::{Entropy, Error, Key, Result};

/// Seals one file from a stream of plaintext, in memory of one chunk.
///
/// The sealed file is [`header`](Self::header), then what each [`push`](Self::push) appends, then what
/// [`finish`](Self::finish) appends. A full chunk is held back until more data or the end comes, since only then it is
/// known whether it is the last. A sealer that is dropped without `finish` leaves a file that does not open.
pub struct Sealer {
    header: Vec<u8>,
    cipher: FileCipher,
    chunk_len: usize,
    next: u64,
    held: Held,
}

impl Sealer {
    /// A sealer for a new file.
    ///
    /// `key` is the owner's key for a blob, which wraps a random data key, and the index key for an index file. `context`
    /// says which file this is (archive, blob id or file name); the same is needed to open it.
    ///
    /// # Errors
    /// When there is no entropy.
    pub fn new(layout: Layout, key: &Key, context: &[u8], entropy: &dyn Entropy) -> Result<Self> {
        let (header, cipher) = header::create(layout, key, context, entropy)?;
        Ok(Self { header, cipher, chunk_len: layout.chunk_len(), next: 0, held: Held(Vec::new()) })
    }

    /// The header: the first bytes of the sealed file.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// Takes plaintext and appends the chunks that are complete to `out`.
    ///
    /// Whole chunks are copied once, into `out`, and sealed there. Reserve room in `out` where it is reused.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] at the 2³²nd chunk (256 TiB for blobs).
    pub fn push(&mut self, mut plaintext: &[u8], out: &mut Vec<u8>) -> Result<()> {
        if !self.held.0.is_empty() {
            let room = plaintext.len().min(self.chunk_len - self.held.0.len());
            let (head, rest) = plaintext.split_at(room);
            self.held.0.extend_from_slice(head);
            plaintext = rest;
            if plaintext.is_empty() {
                return Ok(());
            }
            self.seal_held(false, out)?;
        }
        while plaintext.len() > self.chunk_len {
            let (chunk, rest) = plaintext.split_at(self.chunk_len);
            self.seal(chunk, false, out)?;
            plaintext = rest;
        }
        self.held.0.reserve_exact(self.chunk_len);
        self.held.0.extend_from_slice(plaintext);
        Ok(())
    }

    /// Appends the last chunk to `out`.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<()> {
        self.seal_held(true, out)
    }

    fn seal_held(&mut self, last: bool, out: &mut Vec<u8>) -> Result<()> {
        let mut held = std::mem::replace(&mut self.held, Held(Vec::new()));
        self.seal(&held.0, last, out)?;
        held.0.clear();
        self.held = held;
        Ok(())
    }

    fn seal(&mut self, chunk: &[u8], last: bool, out: &mut Vec<u8>) -> Result<()> {
        if self.next > u64::from(u32::MAX) {
            return Err(Error::OutOfRange("a sealed file has at most 4,294,967,296 chunks"));
        }
        let start = out.len();
        out.reserve(chunk.len() + super::TAG_LEN);
        out.extend_from_slice(chunk);
        let tag = self.cipher.seal(self.next, last, &mut out[start..]);
        out.extend_from_slice(&tag);
        self.next += 1;
        Ok(())
    }
}

/// Plaintext that waits for its end; wiped when dropped.
struct Held(Vec<u8>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
