//! Records, blobs and typed collections over any ordered key-value back end.
//!
//! From the bottom up:
//!
//! - [`Records`] is all that a database has to offer: an ordered key–value space with atomic batches,
//!   preconditions and a change feed. [`MemoryRecords`] is the simplest one; others are crates of their own.
//! - [`SealedRecords`] seals between callers and any of them; [`CandidateKeys`] holds the key of each candidate, and
//!   destroying one erases the candidate.
//! - [`Store`] has typed collections and look-ups by keyed hash.
//! - [`Blobs`] streams large files, sealed in chunks, to and from any object store.
//! - `suite` is the behaviour that every implementation shows, exported (feature `suite`) for their tests.

mod blobs;
mod candidate_keys;
mod error;
mod key;
mod memory;
mod records;
mod sealed;
mod store;
#[cfg(feature = "suite")]
pub mod suite;

pub use blobs::{BlobId, BlobReader, BlobRef, Blobs};
pub use candidate_keys::{CandidateKey, CandidateKeys, KeyState, Rewrapped, SharedKeyring};
pub use error::{Cause, Error, ErrorKind, Result};
pub use key::{Collection, Key, Scope};
pub use memory::MemoryRecords;
pub use records::{Batch, Change, Direction, Entry, Expect, MAX_VALUE, Records, Scan, Sequence};
pub use sealed::SealedRecords;
pub use store::{Store, Stored, Table, Tx};
