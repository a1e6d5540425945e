//! Root keys: what the operator holds, and everything else hangs from.

mod key_file;
mod passphrase;

pub(crate) use key_file::HEADER as KEY_FILE_HEADER;
pub use key_file::KeyFile;
pub use passphrase::{Passphrase, PassphraseCost, PassphraseParams};

use crate::{Entropy, Key, Result, RootId, lookup_hash};

/// A root key. It wraps the keyring's epoch keys and nothing else, so that an outside key service can stand
/// in.
pub trait RootKey: Send + Sync {
    /// Which root this is. It is stored in the keyring and gives nothing of the root away.
    fn id(&self) -> RootId;

    /// How this root is obtained. It is stored in the keyring, readable to anyone.
    fn method(&self) -> RootMethod;

    /// Wraps a key so that only this root, given the same associated data, opens it. At most 65,535 bytes.
    ///
    /// # Errors
    /// When there is no entropy, or the key service fails.
    fn wrap_key(&self, key: &Key, associated: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>>;

    /// Opens what [`wrap_key`](Self::wrap_key) made.
    ///
    /// # Errors
    /// [`Unauthentic`](crate::Error::Unauthentic) if it was made by another root, for other data, or altered.
    fn unwrap_key(&self, wrapped: &[u8], associated: &[u8]) -> Result<Key>;
}

/// How an archive's root key is obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RootMethod {
    /// It is read from a [`KeyFile`].
    KeyFile,
    /// It is computed from a [`Passphrase`] with these parameters.
    Passphrase(PassphraseParams),
}

impl RootMethod {
    /// What to ask the operator for.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::KeyFile => "a key file",
            Self::Passphrase(_) => "a passphrase",
        }
    }
}

/// A root key that is in memory; both methods end in one.
struct LocalRoot(Key);

impl LocalRoot {
    fn id(&self) -> RootId {
        let digest = lookup_hash(&self.0, &[b"dossier root id"]);
        RootId::from_digest(&digest)
    }

    fn wrap_key(&self, key: &Key, associated: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>> {
        let mut wrapped = Vec::new();
        crate::wrap::wrap(&self.wrapping_key(), key, associated, &mut wrapped, entropy)?;
        Ok(wrapped)
    }

    fn unwrap_key(&self, wrapped: &[u8], associated: &[u8]) -> Result<Key> {
        crate::wrap::unwrap(&self.wrapping_key(), wrapped, associated, "epoch key")
    }

    fn wrapping_key(&self) -> Key {
        self.0.derive("dossier root wrap", b"")
    }
}
