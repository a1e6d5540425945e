//! Key hierarchy, sealed records and sealed files of a Dossier archive.
//!
//! Everything here works on bytes in memory: nothing is stored, sent or logged. What a format looks like,
//! byte by byte, stands with it:
//!
//! | what | where | vectors in `fixtures/seal` |
//! |---|---|---|
//! | keys of an archive, rotation | [`Keyring`] | `keyrings.json` |
//! | the operator's root key | [`RootKey`], [`KeyFile`], [`Passphrase`] | `key_files.json` |
//! | candidates' keys | [`WrappedKey`] | `wrapped_keys.json` |
//! | records | [`RecordCipher`] | `records.json` |
//! | blobs and index files | [`chunked`] | `files.json` |
//! | derived keys, keyed hashes | [`Key::derive`], [`lookup_hash`] | `derivations.json` |
//!
//! All of it is AES-256-GCM, HKDF-SHA256, HMAC-SHA256 and Argon2id. Keys are wiped from memory when dropped,
//! and so are those expanded by `aes-gcm`; the ones expanded by `ring` (of a file while it is sealed or
//! opened) are not, since that library offers no way.

pub mod chunked;
mod encoding;
mod entropy;
mod error;
mod gcm;
mod ids;
mod key;
pub mod keyring;
pub mod record;
pub mod root;
mod wrap;

pub use entropy::{Entropy, OsEntropy};
pub use error::{Error, ErrorKind, Result};
pub use ids::{ArchiveId, RootId};
pub use key::{Key, lookup_hash};
pub use keyring::Keyring;
pub use record::RecordCipher;
pub use root::{KeyFile, Passphrase, PassphraseCost, PassphraseParams, RootKey, RootMethod};
pub use wrap::WrappedKey;
