//! The data folder: one archive on one machine, put together from the bundled back ends and vendors.
//!
//! | in the folder | what |
//! |---|---|
//! | `keyring` | the archive's keys, wrapped by the root key |
//! | `records/` | sealed records (sled) |
//! | `keys/` | candidates' keys, wrapped; a store of its own, so that a backup of the records holds none (sled) |
//! | `blobs/` | sealed files |
//! | `index/` | the sealed search index, which can be rebuilt |
//!
//! The root key is never in it. A folder is an archive as soon as its keyring is there, which is written whole or not
//! at all; whatever was left before that by a process that was killed is completed by the next one.

mod data;
mod error;
pub mod key_file;

pub use data::{Caches, DataFolder};
pub use error::{Error, Result};
