//! What can go wrong with the index.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tantivy::{
    TantivyError,
    directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
};

/// The result of a call on the index.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The cause beneath an error, without its type.
pub type Cause = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why the index could not do what it was asked. The texts hold nothing from entries or queries.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The index was sealed with another key, or its first bytes were altered.
    #[error("the search index cannot be opened with this key; rebuild it")]
    WrongKey(#[source] Cause),
    /// A file of the index was altered, cut off or is missing.
    #[error("the search index is damaged; rebuild it")]
    Damaged(#[source] Cause),
    /// The index was made by another version, with other fields.
    #[error("the search index was made by another version of Dossier; rebuild it")]
    Outdated,
    /// Another process is writing to the index.
    #[error("the search index is being written by another process")]
    Locked,
    /// The operating system refused.
    #[error("the search index in {} could not be read or written", path.display())]
    Io {
        /// The folder of the index.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The cursor is not one of this search.
    #[error("this page's cursor does not belong to this search; start at the first page")]
    Cursor,
    /// The engine failed in a way that none of the above describes.
    #[error("the search engine failed")]
    Engine(#[source] Cause),
}

/// The classes of [`Error`] that callers act upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The key is not the one of this index. Check it, or rebuild.
    WrongKey,
    /// Throw the index away and rebuild it: nothing is lost, since it only mirrors the records.
    Rebuild,
    /// Wait for the other process.
    Locked,
    /// The operating system failed; trying again may help.
    System,
    /// The caller asked for something impossible.
    Invalid,
    /// A fault in Dossier.
    Internal,
}

impl Error {
    /// The class of this error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::WrongKey(_) => ErrorKind::WrongKey,
            Self::Damaged(_) | Self::Outdated => ErrorKind::Rebuild,
            Self::Locked => ErrorKind::Locked,
            Self::Io { .. } => ErrorKind::System,
            Self::Cursor => ErrorKind::Invalid,
            Self::Engine(_) => ErrorKind::Internal,
        }
    }
}

impl Error {
    /// What the engine's failure means while an index is opened, where the first file tells whether the key fits.
    pub(crate) fn at_opening(path: &Path, error: TantivyError) -> Self {
        match Self::engine(path, error) {
            Self::Damaged(cause) if is_unauthentic(cause.as_ref()) => Self::WrongKey(cause),
            error => error,
        }
    }

    /// What the engine's failure means.
    pub(crate) fn engine(path: &Path, error: TantivyError) -> Self {
        let io = match &error {
            TantivyError::IoError(io)
            | TantivyError::LockFailure(LockError::IoError(io), _)
            | TantivyError::OpenReadError(OpenReadError::IoError { io_error: io, .. })
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: io, .. })
            | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: io, .. }) => io,
            TantivyError::LockFailure(..) => return Self::Locked,
            TantivyError::SchemaError(_)
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_)) => return Self::Outdated,
            TantivyError::OpenReadError(_) | TantivyError::DataCorruption(_) => {
                return Self::Damaged(error.into());
            }
            _ => return Self::Engine(error.into()),
        };
        match io.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged(Arc::clone(io).into()),
            kind => Self::Io { path: path.to_owned(), source: io::Error::new(kind, Arc::clone(io)) },
        }
    }
}

/// Whether something was opened with a key that does not fit, beneath this error.
fn is_unauthentic(error: &(dyn std::error::Error + 'static)) -> bool {
    let seal = error.downcast_ref::<Arc<io::Error>>().and_then(|io| io.get_ref());
    let seal = seal.and_then(|inner| inner.downcast_ref::<dossier_seal::Error>());
    matches!(seal, Some(dossier_seal::Error::Unauthentic { .. }))
}
