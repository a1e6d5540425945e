//! Sealed records.
//!
//! # Format 1
//!
//! ```text
//! offset  length  content
//!      0       1  format version, 1
//!      1      12  nonce, random
//!     13       n  ciphertext, as long as the plaintext
//!   13+n      16  tag
//! ```
//!
//! AES-256-GCM. The associated data binds the record to its place: the label `dossier record`, the version
//! byte, the archive's id and the record's key, each preceded by its length as a big-endian `u64`. A record
//! that was altered, moved to another key or another archive, or cut off does not open. That an older state
//! of the same record was put back does not show here; the store's history has to show it.
//!
//! Nonces are random, so one key seals at most 2³² records. Vectors: `fixtures/seal/records.json`.

use crate::{
    ArchiveId, Entropy, Error, Key, Result,
    encoding::{Reader, joined},
    gcm::{self, Gcm},
};

const VERSION: u8 = 1;
const WHAT: &str = "record";

/// Seals and opens the records of one archive with one key.
///
/// Making it expands the key, so keep it while its key is in use; what it holds is wiped when dropped.
pub struct RecordCipher {
    gcm: Gcm,
    archive: ArchiveId,
}

impl RecordCipher {
    /// By how many bytes a sealed record is longer than its plaintext.
    pub const OVERHEAD: usize = 1 + gcm::OVERHEAD;

    /// A cipher for the archive's records under this key.
    #[must_use]
    pub fn new(key: &Key, archive: ArchiveId) -> Self {
        Self { gcm: Gcm::new(key), archive }
    }

    /// Seals what is to be stored under `record_key`.
    ///
    /// # Errors
    /// When there is no entropy.
    pub fn seal(&self, record_key: &[u8], plaintext: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>> {
        let mut sealed = Vec::with_capacity(Self::OVERHEAD + plaintext.len());
        sealed.push(VERSION);
        self.gcm.seal(&self.place(record_key), plaintext, &mut sealed, entropy)?;
        Ok(sealed)
    }

    /// Opens what was found under `record_key`.
    ///
    /// # Errors
    /// [`Error::Unauthentic`] unless it is what was sealed for this place with this key; [`Error::Newer`] and
    /// [`Error::Damaged`] for another version byte.
    pub fn open(&self, record_key: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        Reader::new(WHAT, sealed).version(VERSION)?;
        self.gcm.open(&self.place(record_key), &sealed[1..]).ok_or(Error::Unauthentic { what: WHAT })
    }

    fn place(&self, record_key: &[u8]) -> Vec<u8> {
        joined(&[b"dossier record", &[VERSION], self.archive.as_bytes(), record_key])
    }
}
