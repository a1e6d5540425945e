//! What a sync lists, page by page, and the two cursors that keep the place.

use chrono::{DateTime, Utc};
use dossier_domain::text::RemoteId;
use serde::{Deserialize, Serialize};

use crate::Error;

/// Up to where the interviews of a connection are stored. Durable; its text belongs to the adapter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SyncPoint(String);

impl SyncPoint {
    /// The beginning: everything is listed.
    pub fn beginning() -> Self {
        Self::default()
    }

    /// A sync point with the adapter's own text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The adapter's text; empty at the beginning.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the next page begins. Volatile: good for the listing that gave it and for a short while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageToken(String);

impl PageToken {
    /// A token with the adapter's own text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The adapter's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One page of a listing.
#[derive(Debug)]
pub struct Page {
    /// The interviews listed.
    pub interviews: Vec<Listed>,
    /// Entries of the page that make no sense. They do not harm the others.
    pub rejected: Vec<Rejected>,
    /// The next page; `None` on the last.
    pub next: Option<PageToken>,
    /// The sync point to keep once everything up to and including this page is stored. Stays at the old one until a
    /// page completes what the adapter can promise.
    pub cursor: SyncPoint,
}

/// An interview as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The vendor's id.
    pub remote_id: RemoteId,
    /// Whether it is over.
    pub status: RemoteStatus,
    /// When it ended, where the listing says so.
    pub ended_at: Option<DateTime<Utc>>,
    /// Equal as long as the vendor's record is the same, where the listing shows enough to tell: what was stored with
    /// this mark need not be fetched again.
    pub mark: Option<String>,
}

/// Whether an interview is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemoteStatus {
    /// Invited, or still going on: nothing can be fetched yet.
    Open,
    /// Over and processed by the vendor.
    Finished,
}

/// An entry of a listing that makes no sense.
#[derive(Debug)]
pub struct Rejected {
    /// Which one, if at least that could be read.
    pub remote_id: Option<RemoteId>,
    /// What is wrong, and where in the page.
    pub error: Error,
}
