//! A root key computed from a passphrase with Argon2id (RFC 9106, version 0x13).

use argon2::{Algorithm, Argon2, Params, Version};

use super::{LocalRoot, RootKey, RootMethod};
use crate::{Entropy, Error, Key, Result, RootId, entropy::random};

/// What computing the key costs whoever tries a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassphraseCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl PassphraseCost {
    /// A cost of this much memory in KiB, this many passes over it, and lanes.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] beyond 8 KiB per lane to 1 GiB, 1 to 64 passes, 1 to 16 lanes: a keyring from
    /// elsewhere must not be able to exhaust the machine that tries to open it.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self> {
        let allowed = (1..=16).contains(&lanes)
            && (8 * lanes..=1024 * 1024).contains(&memory_kib)
            && (1..=64).contains(&passes);
        if allowed {
            Ok(Self { memory_kib, passes, lanes })
        } else {
            Err(Error::OutOfRange(
                "the passphrase's cost must be 8 KiB per lane to 1 GiB, 1-64 passes, 1-16 lanes",
            ))
        }
    }
}

/// 64 MiB, three passes, one lane: above the second recommendation of RFC 9106 but for the lanes, which this
/// implementation would compute one after the other.
impl Default for PassphraseCost {
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

/// All that is needed besides the passphrase, kept in the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassphraseParams {
    cost: PassphraseCost,
    salt: [u8; 16],
}

impl PassphraseParams {
    pub(crate) const LEN: usize = 12 + 16;

    /// Parameters of this cost with a new random salt.
    ///
    /// # Errors
    /// When there is no entropy.
    pub fn generate(cost: PassphraseCost, entropy: &dyn Entropy) -> Result<Self> {
        Ok(Self { cost, salt: random(entropy)? })
    }

    /// `memory in KiB (4) ‖ passes (4) ‖ lanes (4) ‖ salt (16)`, numbers big-endian.
    pub(crate) fn to_bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[..4].copy_from_slice(&self.cost.memory_kib.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.cost.passes.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.cost.lanes.to_be_bytes());
        bytes[12..].copy_from_slice(&self.salt);
        bytes
    }

    pub(crate) fn new(cost: PassphraseCost, salt: [u8; 16]) -> Self {
        Self { cost, salt }
    }
}

/// A root key computed from a passphrase.
pub struct Passphrase {
    root: LocalRoot,
    params: PassphraseParams,
}

impl Passphrase {
    /// Computes the root key. This takes as long as its cost says (about 0.2 s by default): keep it off async
    /// workers.
    ///
    /// The passphrase counts as its UTF-8 bytes, unchanged; take line ends off before.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the passphrase is empty or longer than 4 GiB.
    pub fn new(passphrase: &str, params: PassphraseParams) -> Result<Self> {
        const REFUSED: Error = Error::OutOfRange("the passphrase is empty or too long");
        if passphrase.is_empty() {
            return Err(REFUSED);
        }
        let PassphraseCost { memory_kib, passes, lanes } = params.cost;
        let cost = Params::new(memory_kib, passes, lanes, Some(Key::LEN)).map_err(|_| REFUSED)?;
        let mut key = zeroize::Zeroizing::new([0; Key::LEN]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
            .hash_password_into(passphrase.as_bytes(), &params.salt, key.as_mut_slice())
            .map_err(|_| REFUSED)?;
        Ok(Self { root: LocalRoot(Key::from_bytes(&key)), params })
    }
}

impl RootKey for Passphrase {
    fn id(&self) -> RootId {
        self.root.id()
    }

    fn method(&self) -> RootMethod {
        RootMethod::Passphrase(self.params)
    }

    fn wrap_key(&self, key: &Key, associated: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>> {
        self.root.wrap_key(key, associated, entropy)
    }

    fn unwrap_key(&self, wrapped: &[u8], associated: &[u8]) -> Result<Key> {
        self.root.unwrap_key(wrapped, associated)
    }
}
