//! Opening any part of a sealed file.

use std::ops::Range;

use super::{FileKind, Layout, WHAT, cipher::FileCipher, header};
use crate::{Error, Key, Result};

/// Opens the chunks of one sealed file, in any order and from any thread.
pub struct Opener {
    layout: Layout,
    cipher: FileCipher,
    plain_len: u64,
}

/// Where a range of plaintext lies in the sealed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRange {
    /// The bytes of the sealed file to fetch: whole chunks.
    pub bytes: Range<u64>,
    /// Their numbers. Each but the file's last takes [`Layout::sealed_chunk_len`] bytes.
    pub chunks: Range<u64>,
    /// How many bytes of the first chunk's plaintext precede the range.
    pub skip: usize,
}

impl Opener {
    /// An opener for a file whose plaintext length is known from a sealed record.
    ///
    /// `header` is the file's first [`FileKind::header_len`] bytes, or more; key and context are those it was
    /// sealed with.
    ///
    /// # Errors
    /// [`Error::Unauthentic`] when key, context or header do not belong together; [`Error::Damaged`] or
    /// [`Error::Newer`] when the header can't be read; [`Error::OutOfRange`] when no file is so long.
    pub fn new(kind: FileKind, key: &Key, context: &[u8], header: &[u8], plain_len: u64) -> Result<Self> {
        let (layout, cipher) = header::read(kind, key, context, header)?;
        layout.sealed_len(plain_len).ok_or(Error::OutOfRange("no sealed file is so long"))?;
        Ok(Self { layout, cipher, plain_len })
    }

    /// An opener for a file of which only the stored length is known, which anyone could have altered: the
    /// last chunk has to prove it.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::Damaged`] when no sealed file has this length.
    pub fn with_sealed_len(
        kind: FileKind,
        key: &Key,
        context: &[u8],
        header: &[u8],
        sealed_len: u64,
    ) -> Result<UnprovenOpener> {
        let (layout, cipher) = header::read(kind, key, context, header)?;
        let plain_len = layout
            .plain_len(sealed_len)
            .ok_or(Error::Damaged { what: WHAT, why: "its length is impossible" })?;
        Ok(UnprovenOpener(Self { layout, cipher, plain_len }))
    }

    /// Kind and chunk size.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Length of the plaintext in bytes.
    #[must_use]
    pub fn plain_len(&self) -> u64 {
        self.plain_len
    }

    /// Number of chunks, at least one.
    #[must_use]
    pub fn chunk_count(&self) -> u64 {
        self.layout.chunk_count(self.plain_len)
    }

    /// What to fetch and open for a range of the plaintext. An empty range needs nothing.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if it goes beyond the end or backwards.
    pub fn sealed_range(&self, plain: Range<u64>) -> Result<SealedRange> {
        if plain.start > plain.end || plain.end > self.plain_len {
            return Err(Error::OutOfRange("the range goes beyond the end of the sealed file"));
        }
        let bits = self.layout.chunk_bits();
        let first = plain.start >> bits;
        let end = if plain.is_empty() { first } else { ((plain.end - 1) >> bits) + 1 };
        let skip = plain.start & (self.layout.chunk_len() as u64 - 1);
        #[expect(clippy::cast_possible_truncation, reason = "smaller than a chunk")]
        let skip = skip as usize;
        Ok(SealedRange { bytes: self.offset(first)..self.offset(end), chunks: first..end, skip })
    }

    /// Opens a chunk in place: from its ciphertext and tag to its plaintext at the start of `chunk`.
    ///
    /// # Errors
    /// [`Error::BadChunk`] if it is not this file's chunk of this number, unaltered and of full length;
    /// [`Error::OutOfRange`] if there is none of this number. The content of `chunk` is then unspecified.
    pub fn open_chunk<'a>(&self, index: u64, chunk: &'a mut [u8]) -> Result<&'a mut [u8]> {
        if index >= self.chunk_count() {
            return Err(Error::OutOfRange("the sealed file has no chunk of this number"));
        }
        let last = index + 1 == self.chunk_count();
        let bytes = self.chunk_bytes(index);
        if chunk.len() as u64 != bytes.end - bytes.start {
            return Err(Error::BadChunk { index });
        }
        self.cipher.open(index, last, chunk).ok_or(Error::BadChunk { index })
    }

    fn chunk_bytes(&self, index: u64) -> Range<u64> {
        self.offset(index)..self.offset(index + 1)
    }

    /// Where chunk `index` begins, or the file ends.
    fn offset(&self, index: u64) -> u64 {
        if index < self.chunk_count() {
            self.layout.chunk_offset(index)
        } else {
            self.layout.sealed_len(self.plain_len).unwrap_or(u64::MAX)
        }
    }
}

/// An [`Opener`] whose length has yet to be proven.
pub struct UnprovenOpener(Opener);

impl UnprovenOpener {
    /// Where the last chunk lies in the sealed file.
    #[must_use]
    pub fn last_chunk(&self) -> Range<u64> {
        self.0.chunk_bytes(self.0.chunk_count() - 1)
    }

    /// Opens the last chunk in place, which proves the length, and gives the opener and the chunk's
    /// plaintext.
    ///
    /// # Errors
    /// [`Error::BadChunk`] if this is not the file's last chunk: the file was altered, cut off or extended.
    pub fn prove(self, last_chunk: &mut [u8]) -> Result<(Opener, &mut [u8])> {
        let plaintext = self.0.open_chunk(self.0.chunk_count() - 1, last_chunk)?;
        Ok((self.0, plaintext))
    }
}
