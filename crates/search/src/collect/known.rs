//! What all that lies in a segment counts up to. Nothing but deletions changes a segment, so this is counted once: pages
//! that list everything ask for it again and again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use dossier_domain::BankZone;
use tantivy::{SegmentReader, index::SegmentId};

use super::facets::Counted;
use crate::Facet;

/// So many counts are kept. Beyond that all are forgotten, those of segments that are merged away among them.
const MOST: usize = 1000;

/// The counts of whole segments.
#[derive(Default)]
pub(crate) struct Known(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// Months are this zone's.
    zone: BankZone,
    counts: HashMap<(Whole, Facet), Arc<Counted>>,
}

/// A segment with so many documents that are not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Whole {
    segment: SegmentId,
    documents: u32,
}

impl Whole {
    pub(super) fn of(segment: &SegmentReader) -> Self {
        Self { segment: segment.segment_id(), documents: segment.num_docs() }
    }
}

impl Known {
    pub(super) fn find(&self, zone: BankZone, whole: Whole, facet: &Facet) -> Option<Arc<Counted>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.counts.get(&(whole, facet.clone()));
        found.filter(|_| kept.zone == zone).cloned()
    }

    pub(super) fn keep(&self, zone: BankZone, whole: Whole, facet: &Facet, counted: &Arc<Counted>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.zone != zone || kept.counts.len() >= MOST {
            *kept = Kept { zone, counts: HashMap::new() };
        }
        kept.counts.insert((whole, facet.clone()), Arc::clone(counted));
    }
}
