//! Turns the archive's values into files that people take away: the ZIP of a batch retrieval with the start page, the
//! Excel index and the manifest inside, and a page for each structured material.
//!
//! Everything here is a pure function from values to bytes. The crate reads no storage, writes no file, asks no clock,
//! and decides nothing about rights: it shows what it is given, to whom it may be shown is settled before.

mod bundle;
pub mod charts;
mod csv;
mod error;
pub mod figures;
mod format;
mod json;
mod manifest;
pub mod model;
pub mod pages;
mod plain;
mod typesetter;
mod webvtt;
mod xlsx;
pub mod zip;

pub use bundle::{Bundle, BundleFile, BundleRow, Locale, Subject};
pub use csv::report_csv;
pub use error::{Error, ErrorKind, Result};
pub use format::Format;
pub use json::report_json;
pub use manifest::{Manifest, ManifestFile, manifest_sums};
pub use plain::plain;
pub use typesetter::Typesetter;
pub use webvtt::webvtt;
pub use xlsx::{PipelineRow, index_xlsx, pipeline_xlsx, report_xlsx};
