//! The one unambiguous encoding of several byte strings as one, and a reader for fixed layouts.

use crate::{Error, Result};

/// Joins byte strings so that different lists never give the same bytes: each part is preceded by its length
/// as a big-endian `u64`. Associated data, derivation contexts and keyed hashes all use it.
pub(crate) fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum());
    for part in parts {
        bytes.extend_from_slice(&length_prefix(part));
        bytes.extend_from_slice(part);
    }
    bytes
}

/// What precedes a part in [`joined`].
pub(crate) fn length_prefix(part: &[u8]) -> [u8; 8] {
    (part.len() as u64).to_be_bytes()
}

/// Reads a layout from its start; every shortage is the same error.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    what: &'static str,
}

impl<'a> Reader<'a> {
    /// A reader of `bytes`, which are named `what` in errors.
    pub(crate) fn new(what: &'static str, bytes: &'a [u8]) -> Self {
        Self { rest: bytes, what }
    }

    pub(crate) fn slice(&mut self, len: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(len).ok_or(self.damaged("it is cut off"))?;
        self.rest = rest;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk().ok_or(self.damaged("it is cut off"))?;
        self.rest = rest;
        Ok(*head)
    }

    pub(crate) fn u8(&mut self) -> Result<u8> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// The leading version byte, which must be `known`.
    pub(crate) fn version(&mut self, known: u8) -> Result<()> {
        match self.u8()? {
            found if found == known => Ok(()),
            0 => Err(self.damaged("it has no format version")),
            found => Err(Error::Newer { what: self.what, found, known }),
        }
    }

    /// All must have been read.
    pub(crate) fn end(&self) -> Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.damaged("there is more than belongs to it")) }
    }

    pub(crate) fn damaged(&self, why: &'static str) -> Error {
        Error::Damaged { what: self.what, why }
    }
}
