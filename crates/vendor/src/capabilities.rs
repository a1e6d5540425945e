//! What an adapter can do, as data: it chooses the schedule, the pages and the tests that run.

use chrono::TimeDelta;
use dossier_domain::{MaterialKind, text::VendorName};

/// What an adapter can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// The vendor.
    pub vendor: VendorName,
    /// How the vendor tells what changed.
    pub incremental: Incremental,
    /// Whether the vendor sends webhooks that this connection can verify.
    pub webhook: bool,
    /// The kinds of material that can come.
    pub materials: Vec<MaterialKind>,
}

/// How a vendor tells what changed since the last sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incremental {
    /// The vendor hands out a cursor that sees every change.
    Cursor,
    /// The vendor filters by time of change.
    Window {
        /// The longest span that one request may ask for.
        longest: TimeDelta,
    },
    /// The vendor has no such filter: everything is listed, and what is older than the look-back is left out.
    FullScan {
        /// How far before the sync point interviews are listed again, so that late videos and corrections are seen.
        look_back: TimeDelta,
    },
}
