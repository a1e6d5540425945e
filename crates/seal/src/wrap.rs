//! Keys wrapped by keys.

use zeroize::Zeroizing;

use crate::{
    Entropy, Error, Key, Result,
    encoding::Reader,
    gcm::{self, Gcm},
};

const VERSION: u8 = 1;
const WHAT: &str = "wrapped key";

/// Length of a key in a box: `nonce (12) ‖ ciphertext (32) ‖ tag (16)`.
pub(crate) const BOX_LEN: usize = Key::LEN + gcm::OVERHEAD;

/// A key wrapped by an epoch key of the keyring.
///
/// # Format 1
///
/// ```text
/// offset  length  content
///      0       1  format version, 1
///      1       4  epoch whose key wraps, big-endian
///      5      12  nonce, random
///     17      32  ciphertext
///     49      16  tag
/// ```
///
/// AES-256-GCM under the epoch key. The associated data is `dossier wrapped key`, the version byte, the epoch
/// (4 bytes), the archive's id, the purpose (`candidate` or `archive`) and the id of the owner (the
/// candidate's or the archive's), each preceded by its length as a big-endian `u64`. Vectors:
/// `fixtures/seal/wrapped_keys.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrappedKey([u8; WrappedKey::LEN]);

impl WrappedKey {
    /// Length in bytes.
    pub const LEN: usize = 5 + BOX_LEN;

    /// Reads a wrapped key; whether it is authentic shows when it is unwrapped.
    ///
    /// # Errors
    /// [`Error::Damaged`] or [`Error::Newer`] when it can't be one of this format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(WHAT, bytes);
        reader.version(VERSION)?;
        bytes.try_into().map(Self).map_err(|_| reader.damaged("its length is wrong"))
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The epoch whose key wraps this one.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        let [_, a, b, c, d, ..] = self.0;
        u32::from_be_bytes([a, b, c, d])
    }

    pub(crate) fn wrap(
        epoch: u32,
        epoch_key: &Key,
        owner: &Owner<'_>,
        key: &Key,
        entropy: &dyn Entropy,
    ) -> Result<Self> {
        let mut bytes = Vec::with_capacity(Self::LEN);
        bytes.push(VERSION);
        bytes.extend_from_slice(&epoch.to_be_bytes());
        wrap(epoch_key, key, &owner.associated(epoch), &mut bytes, entropy)?;
        Self::from_bytes(&bytes)
    }

    pub(crate) fn unwrap(&self, epoch_key: &Key, owner: &Owner<'_>) -> Result<Key> {
        unwrap(epoch_key, &self.0[5..], &owner.associated(self.epoch()), WHAT)
    }
}

/// Whose key is wrapped.
pub(crate) struct Owner<'a> {
    pub(crate) archive: &'a [u8; 16],
    pub(crate) purpose: &'static str,
    pub(crate) id: &'a [u8; 16],
}

impl Owner<'_> {
    fn associated(&self, epoch: u32) -> Vec<u8> {
        crate::encoding::joined(&[
            b"dossier wrapped key",
            &[VERSION],
            &epoch.to_be_bytes(),
            self.archive,
            self.purpose.as_bytes(),
            self.id,
        ])
    }
}

/// Appends the box that holds `key` to `out`.
pub(crate) fn wrap(by: &Key, key: &Key, aad: &[u8], out: &mut Vec<u8>, entropy: &dyn Entropy) -> Result<()> {
    Gcm::new(by).seal(aad, key.expose(), out, entropy)
}

/// The key in a box; `what` names it in errors.
pub(crate) fn unwrap(by: &Key, wrapped: &[u8], aad: &[u8], what: &'static str) -> Result<Key> {
    let content = Gcm::new(by).open(aad, wrapped).map(Zeroizing::new).ok_or(Error::Unauthentic { what })?;
    let bytes = content.as_slice().try_into().map_err(|_| Error::Unauthentic { what })?;
    Ok(Key::from_bytes(bytes))
}
