//! The bundled vendor adapters, and the one place that knows their names.
//!
//! Each adapter is a file and a folder of the same shape: `ribbon.rs` (the adapter and its settings), `ribbon/api.rs`
//! (addresses and requests), `ribbon/normalise.rs` (the vendor's JSON in the words of the domain), `ribbon/webhook.rs`.
//! No adapter knows another.

pub mod registry;
pub mod ribbon;

pub use registry::{Description, Setting, catalogue, open};
