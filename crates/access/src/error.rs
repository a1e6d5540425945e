//! What can go wrong here.

use crate::{Cell, Role};

/// The result of this crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was refused. The texts may be shown to whoever gave the input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No role has this name.
    #[error(
        "`{0}` is not a role; use hr_administrator, interviewer, background_checker, auditor or system_administrator"
    )]
    UnknownRole(String),
    /// A user was to have no role at all.
    #[error("a user needs at least one role")]
    NoRole,
    /// A role that must stand alone was combined with others.
    #[error("the role {0} cannot be combined with another: system, security and audit duties are kept apart")]
    ExclusiveRole(Role),
    /// No scope of tokens has this name.
    #[error("`{0}` is not a scope; use read, write, sync, manage or log")]
    UnknownScope(String),
    /// A token was to have no scope at all.
    #[error("a token needs at least one scope")]
    NoScope,
    /// Nothing that can be done with a material has this name.
    #[error("`{0}` is none of nothing, view, download")]
    UnknownSight(String),
    /// A role was to see more of a kind of material than anybody may decide.
    #[error(
        "the {} can't be given that: {} in the stage {} is kept from this role, or can't be taken away by it",
        .0.role, .0.kind, .0.stage
    )]
    OutsideLimits(Cell),
    /// The text is no word of the log.
    #[error("`{text}` must be 1 to {limit} letters, digits and signs out of `_-.:/`", limit = crate::Word::LIMIT)]
    NotAWord {
        /// The text, cut and made safe to print.
        text: String,
    },
    /// The text is no SHA-256 hash.
    #[error("a hash must be 64 hexadecimal digits in lower case")]
    NotADigest,
    /// The text is no public key.
    #[error("a public key must be 64 hexadecimal digits in lower case")]
    NotAKey,
    /// The source of random bytes failed.
    #[error("there are no random bytes to make an id or a secret from")]
    Entropy(#[source] dossier_seal::Error),
    /// The cost of hashing a password is out of bounds.
    #[error("the password can't be hashed at this cost")]
    PasswordCost,
    /// The bytes are no record of the operation log.
    #[error("this is no record of the operation log: {0}")]
    Record(String),
    /// The text is no checkpoint.
    #[error("this is no checkpoint of an operation log: {0}")]
    Checkpoint(&'static str),
    /// The stored state of the log's tree contradicts itself.
    #[error("the stored state of the log's tree is damaged: its size does not fit its hashes")]
    Frontier,
    /// The seed is no Ed25519 key.
    #[error("the log's signing key cannot be used")]
    SigningKey,
    /// The record could not be written as JSON.
    #[error("the log record cannot be written")]
    Encode(#[source] serde_json::Error),
}

/// What an [`Error`] means to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is wrong; giving it again will not help.
    Invalid,
    /// What was stored is not what was written.
    Damaged,
    /// The machine failed; trying again may help.
    Internal,
}

impl Error {
    /// What the error means to the caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownRole(_)
            | Self::NoRole
            | Self::ExclusiveRole(_)
            | Self::UnknownScope(_)
            | Self::NoScope
            | Self::UnknownSight(_)
            | Self::OutsideLimits(_)
            | Self::NotAWord { .. }
            | Self::NotADigest
            | Self::NotAKey => ErrorKind::Invalid,
            Self::Record(_) | Self::Checkpoint(_) | Self::Frontier => ErrorKind::Damaged,
            Self::Entropy(_) | Self::PasswordCost | Self::Encode(_) | Self::SigningKey => ErrorKind::Internal,
        }
    }
}
