//! Records, blobs and typed collections over any ordered key-value back end.
//!
//! From the bottom up:
//!
//! - [`Records`] is all that a database has to offer: an ordered key–value space with atomic batches,
//!   preconditions and a change feed. [`MemoryRecords`] is the simplest one; others are crates of their own.
//! - [`suite`] is the behaviour that every implementation shows, exported (feature `suite`) for their tests.

mod error;
mod key;
mod memory;
mod records;
#[cfg(feature = "suite")]
pub mod suite;

pub use error::{Cause, Error, ErrorKind, Result};
pub use key::{Collection, Key, Scope};
pub use memory::MemoryRecords;
pub use records::{Batch, Change, Direction, Entry, Expect, MAX_VALUE, Records, Scan, Sequence};
