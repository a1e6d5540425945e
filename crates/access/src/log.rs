//! The operation log: who did what, when, from where, with what outcome; made so that it cannot be changed unnoticed.
//!
//! Each [record] names the hash of the one before, so that records cannot be edited, dropped, doubled or
//! swapped in the middle. All of them are leaves of a [Merkle tree](merkle) as in RFC 6962, whose root is signed in a
//! [`Checkpoint`] every [`CHECKPOINT_EVERY`] records or [`CHECKPOINT_AFTER`], so that the whole cannot be written anew
//! without the signing key. A checkpoint that was sent off the machine is an anchor: a log that does not continue it
//! is found out even if its writer has the key.
//!
//! **What remains:** whoever owns the machine, and with it the signing key, can alter what is newer than the last
//! checkpoint that left it. Without an anchor the end of the log can be cut off together with its checkpoints; without
//! a pinned key the whole can be replaced by another, signed with another key.
//!
//! [`LogHead`] writes, [`Verifier`] reads, [`export`] is the form in which a log leaves the archive; the script
//! `tools/verify_log.py` checks that form without any of this code.

pub mod checkpoint;
pub mod export;
pub mod head;
pub mod merkle;
pub mod record;
pub mod verify;

pub use checkpoint::{Checkpoint, PublicKey, Signer};
pub use export::{ExportVerifier, checkpoint_line, header_line, verify_export};
pub use head::{CHECKPOINT_AFTER, CHECKPOINT_EVERY, LogHead};
pub use merkle::Frontier;
pub use record::{Appended, Boot, BootId, Entry, LogRecord, Moment, Outcome};
pub use verify::{Finding, Trust, Verified, Verifier, verify};
