//! Materials: taking many away at once.

use dossier_domain::{MaterialKind, text::Line};
use serde::Serialize;

use crate::applications::Sort;

/// Which materials are to be taken away as one ZIP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fetch {
    /// Which applications: those that this query finds.
    #[serde(rename = "q")]
    pub query: String,
    /// In what order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// At most so many, up to 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Which kinds of material; at least one.
    pub contents: Vec<MaterialKind>,
    /// What for: it stands in the log and in the ZIP.
    pub reason: Line,
}

/// What is in a ZIP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetched {
    /// How many applications.
    pub applications: u64,
    /// How many files.
    pub files: u64,
    /// How many bytes it has.
    pub bytes: u64,
}
