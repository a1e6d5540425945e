//! What can go wrong in storage, whatever stands behind it.

use std::sync::Arc;

use crate::{Key, Sequence};

/// The cause underneath an [`Error`], shared so that one failure can answer many waiting callers.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of the record store, the typed collections or the blobs.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A precondition of a commit did not hold, so nothing of it was written. Read again and decide anew.
    #[error("record {key} was changed by someone else in the meantime")]
    Conflict {
        /// The first record whose precondition failed.
        key: Key,
    },
    /// A key has no valid form, or is longer than [`Key::MAX_LEN`].
    #[error("a record key is malformed: {reason}")]
    BadKey {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A value is longer than the store accepts.
    #[error("the value of record {key} has {length} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The record that was to be written.
        key: Key,
        /// Its length in bytes.
        length: usize,
        /// The greatest length in bytes that is accepted.
        limit: usize,
    },
    /// A value has no JSON form, such as a map whose keys are no text.
    #[error("record {key} cannot be written as JSON")]
    Unwritable {
        /// The record that was to be written.
        key: Key,
        /// The serializer's failure.
        #[source]
        cause: Cause,
    },
    /// The change feed no longer reaches back to the position asked for. Rebuild from the records themselves.
    #[error("changes since {since} are no longer kept, only those after {kept}")]
    ChangesTrimmed {
        /// The position asked for.
        since: Sequence,
        /// The oldest position that can be asked for.
        kept: Sequence,
    },
    /// The candidate has been erased: their key is destroyed, and nothing can be written for them again.
    #[error("candidate {} has been erased", hex::encode(candidate))]
    Erased {
        /// The candidate's random id.
        candidate: [u8; 16],
    },
    /// A record is there but cannot be what was written: it was altered, moved, cut, or written by newer software.
    #[error("record {key} is damaged: {reason}")]
    Damaged {
        /// The record.
        key: Key,
        /// What about it is wrong.
        reason: String,
    },
    /// A blob is there but cannot be what was written.
    #[error("blob {blob} is damaged{}: {reason}", chunk_place(*chunk))]
    DamagedBlob {
        /// The blob's id in hex.
        blob: String,
        /// The chunk that failed, if it was one chunk.
        chunk: Option<u64>,
        /// What about it is wrong.
        reason: String,
    },
    /// A blob is referred to but not there.
    #[error("blob {blob} is missing")]
    MissingBlob {
        /// The blob's id in hex.
        blob: String,
    },
    /// A range reaches beyond the end of its blob.
    #[error("bytes {start}..{end} are outside blob {blob} of {length} bytes")]
    OutOfRange {
        /// The blob's id in hex.
        blob: String,
        /// First byte asked for.
        start: u64,
        /// The byte after the last one asked for.
        end: u64,
        /// The blob's length in bytes.
        length: u64,
    },
    /// The bytes to be stored could not be read from where they come from. Nothing was stored.
    #[error("the bytes to store could not be read")]
    Input {
        /// The failure of the incoming stream.
        #[source]
        cause: Cause,
    },
    /// Another process has the store open.
    #[error("{place} is in use by another process; end that process first, or use another data folder")]
    Locked {
        /// The folder of the store.
        place: String,
    },
    /// The store cannot be opened because its files are damaged or of another version.
    #[error("the store in {place} cannot be opened: {reason}")]
    Unreadable {
        /// The folder of the store.
        place: String,
        /// What about it is wrong.
        reason: String,
    },
    /// An earlier write or sync failed, so the store accepts no more commits until it is opened anew.
    ///
    /// The outcome of the commit that met the failure is unknown until then; it was never acknowledged.
    #[error(
        "the store stopped accepting commits after a failure ({reason}); make room or repair the disk, then restart"
    )]
    Stopped {
        /// The first failure.
        reason: String,
    },
    /// A key could not be wrapped or unwrapped, or sealing failed.
    #[error("sealing failed while {doing}")]
    Seal {
        /// What was being done.
        doing: &'static str,
        /// The failure in the sealing layer.
        #[source]
        cause: Cause,
    },
    /// The back end failed.
    #[error("storage failed while {doing}")]
    Backend {
        /// What was being done.
        doing: &'static str,
        /// The back end's own failure.
        #[source]
        cause: Cause,
    },
}

/// What a caller can do about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Someone else was faster: read again and retry.
    Conflict,
    /// The request itself is wrong; retrying cannot help.
    Invalid,
    /// A reader fell behind what is kept and has to start from the beginning.
    Trimmed,
    /// The candidate is erased, by decision.
    Erased,
    /// Stored bytes are not what was written: restore them from a backup.
    Damaged,
    /// What is referred to is not there.
    Missing,
    /// Another process holds the store.
    Locked,
    /// The disk, the network or the store failed: an operator has to look.
    Unavailable,
    /// The stream that delivers the bytes failed.
    Input,
}

impl Error {
    /// What a caller can do about it.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Conflict { .. } => ErrorKind::Conflict,
            Self::BadKey { .. }
            | Self::TooLarge { .. }
            | Self::Unwritable { .. }
            | Self::OutOfRange { .. } => ErrorKind::Invalid,
            Self::ChangesTrimmed { .. } => ErrorKind::Trimmed,
            Self::Erased { .. } => ErrorKind::Erased,
            Self::Damaged { .. } | Self::DamagedBlob { .. } | Self::Unreadable { .. } => ErrorKind::Damaged,
            Self::MissingBlob { .. } => ErrorKind::Missing,
            Self::Locked { .. } => ErrorKind::Locked,
            Self::Stopped { .. } | Self::Seal { .. } | Self::Backend { .. } => ErrorKind::Unavailable,
            Self::Input { .. } => ErrorKind::Input,
        }
    }

    /// Whether the same call, made again, may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), ErrorKind::Conflict | ErrorKind::Input)
    }

    /// A failure of the back end while it was `doing` something, with its cause.
    pub fn backend(doing: &'static str, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Backend { doing, cause: Arc::new(cause) }
    }

    /// A record that is not what was written.
    pub fn damaged(key: &Key, reason: impl Into<String>) -> Self {
        Self::Damaged { key: key.clone(), reason: reason.into() }
    }

    pub(crate) fn seal(doing: &'static str, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Seal { doing, cause: Arc::new(cause) }
    }
}

fn chunk_place(chunk: Option<u64>) -> String {
    chunk.map(|chunk| format!(" in chunk {chunk}")).unwrap_or_default()
}
