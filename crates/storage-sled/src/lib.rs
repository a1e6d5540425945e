//! [`Records`](dossier_storage::Records) over sled 0.34, hardened.
//!
//! sled as documented loses acknowledged data when the power fails, because its `flush` does not make the kernel
//! write the file's data through to the disk. [`SledRecords`] adds what is missing:
//!
//! - a commit is acknowledged only after sled's `flush` **and** an `fsync` of its `db` file;
//! - one thread applies all commits and makes those that wait durable together; nothing is readable before;
//! - a failed flush or sync stops the store: it is never retried and then taken for success;
//! - values are cut into parts so small that sled never moves them to files of their own, which it does not sync;
//! - what a killed process left half made is cleared away before sled opens, and a panic of sled is an error;
//! - the newest durable sequence is noted beside the data, so that a store that lost its newest commits is refused.
//!
//! What sled cannot tell: damage to the log written since the last opening may look to it like a write that was cut
//! off. Then single records of that stretch can be missing, or stand in an older version, without an error.
//!
//! One process at a time can have a folder open. sled blocks, so no call of it runs on an async worker:
//! the module `engine` is the border.

mod committer;
mod engine;
mod folder;
mod layout;
mod records;

pub use records::{Options, SledRecords};
