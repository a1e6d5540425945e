//! What can go wrong when sealing or opening.

use crate::RootId;

/// The result of sealing or opening.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something could not be sealed or opened.
///
/// The texts name neither keys nor plaintext and may be shown to the operator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The root key is a key file, but another one than the keyring was made with.
    #[error("this is another archive's key file: this archive wants {expected}, the file is {given}")]
    WrongKeyFile {
        /// The key file that the keyring was made with.
        expected: RootId,
        /// The key file that was given.
        given: RootId,
    },
    /// The passphrase is not the one the keyring was made with.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The keyring is opened by another kind of root key than was given.
    #[error("this archive is opened with {expected}, not with {given}")]
    OtherRootMethod {
        /// What opens the keyring.
        expected: &'static str,
        /// What was given.
        given: &'static str,
    },
    /// The text is no key file at all.
    #[error("this is not a Dossier key file: its first line must be `{}`", crate::root::KEY_FILE_HEADER)]
    NotAKeyFile,
    /// The bytes are damaged or cut off, or were never what they are taken for.
    #[error("the {what} is damaged: {why}")]
    Damaged {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The bytes are intact so far as one can tell, but of a later format.
    #[error("the {what} has format {found}, this version of Dossier reads up to {known}: upgrade to open it")]
    Newer {
        /// What was read.
        what: &'static str,
        /// The format found.
        found: u8,
        /// The latest format known.
        known: u8,
    },
    /// The authentication failed. Cryptography cannot tell the three causes apart.
    #[error("the {what} cannot be opened: it was altered, belongs to another place, or has another key")]
    Unauthentic {
        /// What was opened.
        what: &'static str,
    },
    /// A chunk of a sealed file failed its authentication.
    #[error("chunk {index} of the sealed file cannot be opened: it was altered, moved or cut off")]
    BadChunk {
        /// Number of the chunk, from 0.
        index: u64,
    },
    /// The key was wrapped in an epoch that the keyring does not hold (any more).
    #[error("the keyring holds no key of epoch {epoch}")]
    UnknownEpoch {
        /// The epoch asked for.
        epoch: u32,
    },
    /// The current epoch cannot be retired: new keys are wrapped with it.
    #[error("epoch {epoch} is the current one and cannot be retired: rotate first")]
    CurrentEpoch {
        /// The current epoch.
        epoch: u32,
    },
    /// A size, range or number lies outside what the formats allow.
    #[error("{0}")]
    OutOfRange(&'static str),
    /// The operating system gave no random bytes. Trying again may help.
    #[error("no random bytes could be had from the operating system")]
    Entropy,
}

/// The classes of [`Error`] that callers act upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Another root key, passphrase or kind of root is needed: ask the operator.
    WrongRoot,
    /// The bytes are not what was sealed: restore them from a backup.
    Damaged,
    /// The bytes were written by a later version: upgrade.
    Newer,
    /// The key is not in the keyring (any more).
    MissingKey,
    /// The caller asked for something impossible.
    Invalid,
    /// The operating system failed; trying again may help.
    System,
}

impl Error {
    /// The class of this error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::WrongKeyFile { .. }
            | Self::WrongPassphrase
            | Self::OtherRootMethod { .. }
            | Self::NotAKeyFile => ErrorKind::WrongRoot,
            Self::Damaged { .. } | Self::Unauthentic { .. } | Self::BadChunk { .. } => ErrorKind::Damaged,
            Self::Newer { .. } => ErrorKind::Newer,
            Self::UnknownEpoch { .. } => ErrorKind::MissingKey,
            Self::CurrentEpoch { .. } | Self::OutOfRange(_) => ErrorKind::Invalid,
            Self::Entropy => ErrorKind::System,
        }
    }

    /// Whether the same call may succeed when tried again.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.kind() == ErrorKind::System
    }
}
