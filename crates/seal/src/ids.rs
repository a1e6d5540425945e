//! The ids that ciphertexts are bound to.

use std::fmt;

/// The id of an archive: random, and bound into everything that is sealed for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ArchiveId([u8; 16]);

impl ArchiveId {
    /// The archive with this id.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The id's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Tells root keys apart without giving anything of them away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RootId([u8; 8]);

impl RootId {
    /// The root with this id.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The id that is the start of this digest.
    pub(crate) fn from_digest(&[a, b, c, d, e, f, g, h, ..]: &[u8; 32]) -> Self {
        Self([a, b, c, d, e, f, g, h])
    }

    /// The id's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// As sixteen hexadecimal digits.
impl fmt::Display for RootId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
