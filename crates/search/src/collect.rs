//! One pass over what fits: total, the best of it, and all counts.

mod facets;
mod rank;
mod shown;

use dossier_domain::BankZone;
use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

use self::{
    facets::{SegmentFacet, merged},
    rank::SegmentRank,
};
pub(crate) use self::{rank::Ranked, shown::Shown};
use crate::{Counts, Cursor, Facet, Scope, Sort};

/// What to collect.
pub(crate) struct Collect<'a> {
    pub(crate) sort: Sort,
    pub(crate) limit: usize,
    pub(crate) after: Option<&'a Cursor>,
    pub(crate) facets: &'a [Facet],
    pub(crate) scope: &'a Scope,
    pub(crate) zone: BankZone,
}

/// What was collected.
pub(crate) struct Collected {
    pub(crate) total: u64,
    /// The best, in order.
    pub(crate) best: Vec<Ranked>,
    pub(crate) facets: Vec<Counts>,
}

pub(crate) struct Segment {
    total: u64,
    rank: SegmentRank,
    facets: Vec<SegmentFacet>,
}

pub(crate) struct SegmentAnswer {
    total: u64,
    best: Vec<Ranked>,
    facets: Vec<facets::Counted>,
}

impl Collector for Collect<'_> {
    type Fruit = Collected;
    type Child = Segment;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Segment> {
        let rank = SegmentRank::new(self, ordinal, segment)?;
        let facets = self.facets.iter().map(|facet| SegmentFacet::new(facet, self.scope, self.zone, segment));
        Ok(Segment { total: 0, rank, facets: facets.collect::<tantivy::Result<_>>()? })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.limit > 0
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<SegmentAnswer>>) -> tantivy::Result<Collected> {
        let mut total = 0;
        let mut best = Vec::new();
        let mut counted: Vec<facets::Counted> = self.facets.iter().map(|_| facets::Counted::new()).collect();
        for segment in segments {
            let segment = segment?;
            total += segment.total;
            best.extend(segment.best);
            for (sum, counts) in counted.iter_mut().zip(segment.facets) {
                for (value, count) in counts {
                    *sum.entry(value).or_default() += count;
                }
            }
        }
        best.sort_unstable_by(Ranked::compare);
        best.truncate(self.limit);
        let facets = self.facets.iter().zip(counted).map(|(facet, counted)| merged(facet, counted)).collect();
        Ok(Collected { total, best, facets })
    }
}

impl SegmentCollector for Segment {
    type Fruit = tantivy::Result<SegmentAnswer>;

    fn collect(&mut self, document: DocId, score: Score) {
        self.total += 1;
        self.rank.collect(document, score);
        for facet in &mut self.facets {
            facet.collect(document);
        }
    }

    fn collect_block(&mut self, documents: &[DocId]) {
        self.total += documents.len() as u64;
        for document in documents {
            self.rank.collect(*document, 0.0);
        }
        for facet in &mut self.facets {
            for document in documents {
                facet.collect(*document);
            }
        }
    }

    fn harvest(self) -> tantivy::Result<SegmentAnswer> {
        let facets = self.facets.into_iter().map(SegmentFacet::harvest);
        Ok(SegmentAnswer {
            total: self.total,
            best: self.rank.harvest()?,
            facets: facets.collect::<tantivy::Result<_>>()?,
        })
    }
}
