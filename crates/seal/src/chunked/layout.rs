//! Where chunks lie in a sealed file.

use super::{
    TAG_LEN, WHAT,
    header::{MAGIC, VERSION},
};
use crate::{Error, Result, encoding::Reader, wrap::BOX_LEN};

/// What a sealed file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A candidate's file with a random data key, which the candidate's key wraps.
    Blob,
    /// A file of the search index, whose key derives from the index key.
    Index,
}

impl FileKind {
    /// Length of the header in bytes.
    #[must_use]
    pub const fn header_len(self) -> usize {
        match self {
            Self::Blob => 70 + BOX_LEN,
            Self::Index => 70,
        }
    }

    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Blob => 1,
            Self::Index => 2,
        }
    }
}

/// Kind and chunk size of a sealed file, and with them where everything lies in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    kind: FileKind,
    chunk_bits: u8,
}

impl Layout {
    /// A blob: chunks of 64 KiB.
    pub const BLOB: Self = Self { kind: FileKind::Blob, chunk_bits: 16 };
    /// A file of the search index: chunks of 16 KiB.
    pub const INDEX: Self = Self { kind: FileKind::Index, chunk_bits: 14 };

    /// A layout with chunks of 2 to the power of `chunk_bits` bytes.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] unless it is 8 to 24 (256 bytes to 16 MiB).
    pub fn new(kind: FileKind, chunk_bits: u8) -> Result<Self> {
        if (8..=24).contains(&chunk_bits) {
            Ok(Self { kind, chunk_bits })
        } else {
            Err(Error::OutOfRange("a chunk of a sealed file has 256 bytes to 16 MiB"))
        }
    }

    /// The layout that a sealed file's first bytes name. It is authentic once an [`Opener`](super::Opener)
    /// took them.
    ///
    /// # Errors
    /// [`Error::Damaged`] or [`Error::Newer`].
    pub fn of_header(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(WHAT, bytes);
        reader.version(VERSION)?;
        if reader.array()? != MAGIC {
            return Err(reader.damaged("it is something else"));
        }
        let kind = match reader.u8()? {
            1 => FileKind::Blob,
            2 => FileKind::Index,
            _ => return Err(reader.damaged("its kind is unknown")),
        };
        Self::new(kind, reader.u8()?).map_err(|_| reader.damaged("its chunk size is impossible"))
    }

    /// What the file is.
    #[must_use]
    pub const fn kind(self) -> FileKind {
        self.kind
    }

    /// The chunk size as a power of two.
    #[must_use]
    pub const fn chunk_bits(self) -> u8 {
        self.chunk_bits
    }

    /// Length of the header in bytes.
    #[must_use]
    pub const fn header_len(self) -> usize {
        self.kind.header_len()
    }

    /// Plaintext bytes in each chunk but the last.
    #[must_use]
    pub const fn chunk_len(self) -> usize {
        1 << self.chunk_bits
    }

    /// Sealed bytes of each chunk but the last.
    #[must_use]
    pub const fn sealed_chunk_len(self) -> usize {
        self.chunk_len() + TAG_LEN
    }

    /// Number of chunks of a plaintext of this length in bytes; at least one.
    #[must_use]
    pub const fn chunk_count(self, plain_len: u64) -> u64 {
        if plain_len == 0 { 1 } else { plain_len.div_ceil(self.chunk_len() as u64) }
    }

    /// Length of the sealed file of a plaintext of this length, in bytes; none if it exceeds `u64`.
    #[must_use]
    pub fn sealed_len(self, plain_len: u64) -> Option<u64> {
        let tags = self.chunk_count(plain_len).checked_mul(TAG_LEN as u64)?;
        plain_len.checked_add(tags)?.checked_add(self.header_len() as u64)
    }

    /// Length of the plaintext in a sealed file of this length, in bytes; none if no sealed file has this
    /// length.
    #[must_use]
    pub fn plain_len(self, sealed_len: u64) -> Option<u64> {
        let body = sealed_len.checked_sub(self.header_len() as u64)?;
        let chunks = body.div_ceil(self.sealed_chunk_len() as u64);
        let plain_len = body.checked_sub(chunks * TAG_LEN as u64)?;
        (self.sealed_len(plain_len) == Some(sealed_len)).then_some(plain_len)
    }

    /// Offset of a chunk in the sealed file.
    pub(super) const fn chunk_offset(self, index: u64) -> u64 {
        self.header_len() as u64 + index * self.sealed_chunk_len() as u64
    }

    /// [`sealed_len`](Self::sealed_len) of what is in memory, which leaves room for it.
    pub(super) fn sealed_len_of(self, plaintext: &[u8]) -> usize {
        self.header_len() + plaintext.len() + plaintext.len().div_ceil(self.chunk_len()).max(1) * TAG_LEN
    }
}
