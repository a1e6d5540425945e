//! Sets of applications in a segment, as bits.

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

/// A set of the rows of one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    words: Vec<u64>,
}

impl Rows {
    fn none(len: DocId) -> Self {
        Self { words: vec![0; (len as usize).div_ceil(64)] }
    }

    pub(super) fn of(len: DocId, holds: impl Fn(DocId) -> bool) -> Self {
        let mut rows = Self::none(len);
        (0..len).filter(|row| holds(*row)).for_each(|row| rows.insert(row));
        rows
    }

    fn insert(&mut self, row: DocId) {
        if let Some(word) = self.words.get_mut(row as usize / 64) {
            *word |= 1 << (row % 64);
        }
    }

    /// The bits, 64 rows to a word, the first row lowest.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Whether the row is in the set.
    pub fn has(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// How many are in the set.
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let words = self.words.iter().zip(&other.words).map(|(a, b)| a & b).collect();
        Self { words }
    }
}

/// Collects the rows that fit, segment by segment, in the order of the segments.
pub(super) struct CollectRows;

pub(super) struct SegmentRows {
    ordinal: SegmentOrdinal,
    rows: Rows,
}

impl Collector for CollectRows {
    type Fruit = Vec<Rows>;
    type Child = SegmentRows;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentRows> {
        Ok(SegmentRows { ordinal, rows: Rows::none(segment.max_doc()) })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, mut segments: Vec<(SegmentOrdinal, Rows)>) -> tantivy::Result<Vec<Rows>> {
        segments.sort_unstable_by_key(|(ordinal, _)| *ordinal);
        Ok(segments.into_iter().map(|(_, rows)| rows).collect())
    }
}

impl SegmentCollector for SegmentRows {
    type Fruit = (SegmentOrdinal, Rows);

    fn collect(&mut self, document: DocId, _: Score) {
        self.rows.insert(document);
    }

    fn harvest(self) -> (SegmentOrdinal, Rows) {
        (self.ordinal, self.rows)
    }
}
