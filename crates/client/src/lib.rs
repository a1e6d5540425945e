//! The HTTP API of Dossier from the side of whoever asks. One module per noun, as in the API: the shapes of what is asked
//! and answered, and what a [`Client`] of a server asks.
//!
//! Shapes are those that `/api/openapi.json` describes. What a candidate, position, user or record of the log is, is said
//! by the types of `dossier_domain` and `dossier_access`, which the API writes as they are.

pub mod applications;
pub mod channels;
pub mod checks;
mod client;
pub mod connections;
pub mod doctor;
pub mod download;
pub mod error;
mod events;
pub mod log;
pub mod materials;
pub mod notices;
pub mod offers;
pub mod people;
pub mod policy;
pub mod presets;
pub mod process;
pub mod proposals;
pub mod releases;
pub mod reports;
pub mod saved;
pub mod scorecards;
mod sync;
pub mod tables;
pub mod themes;
pub mod timeline;
pub mod upload;

pub use client::{Client, Options};
pub use error::{Error, ErrorKind, Problem, Result};
pub use events::OnCount;
pub use upload::Source;
