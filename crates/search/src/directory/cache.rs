//! Opened ranges of sealed files, up to a number of bytes.

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use quick_cache::{Weighter, sync};
use tantivy::directory::OwnedBytes;

/// A file of this process, and the range of its plaintext.
type Place = (u64, Range<usize>);

pub(super) struct Cache {
    ranges: sync::Cache<Place, OwnedBytes, Bytes>,
    next_file: AtomicU64,
}

/// An entry weighs its bytes and a little for itself.
#[derive(Clone)]
struct Bytes;

impl Weighter<Place, OwnedBytes> for Bytes {
    fn weight(&self, _: &Place, bytes: &OwnedBytes) -> u64 {
        bytes.len() as u64 + 100
    }
}

impl Cache {
    pub(super) fn new(capacity: u64) -> Self {
        let usual_entry = 32 << 10;
        let items = usize::try_from(capacity / usual_entry).unwrap_or(usize::MAX).max(16);
        Self { ranges: sync::Cache::with_weighter(items, capacity, Bytes), next_file: AtomicU64::new(0) }
    }

    /// A number for a file that no other file has.
    pub(super) fn new_file(&self) -> u64 {
        self.next_file.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn get(&self, file: u64, range: &Range<usize>) -> Option<OwnedBytes> {
        self.ranges.get(&(file, range.clone()))
    }

    pub(super) fn insert(&self, file: u64, range: Range<usize>, bytes: OwnedBytes) {
        self.ranges.insert((file, range), bytes);
    }
}
