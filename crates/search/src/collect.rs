//! One pass over what fits: total, the best of it, and all counts.

mod facets;
mod known;
mod rank;
mod shown;

use std::sync::Arc;

use dossier_domain::BankZone;
use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

use self::{
    facets::{Counted, SegmentFacet, merged},
    known::Whole,
    rank::SegmentRank,
};
pub(crate) use self::{known::Known, rank::Ranked, shown::Shown};
use crate::{Counts, Cursor, Facet, Scope, Sort};

/// What to collect.
pub(crate) struct Collect<'a> {
    pub(crate) sort: Sort,
    pub(crate) limit: usize,
    pub(crate) after: Option<&'a Cursor>,
    pub(crate) facets: &'a [Facet],
    pub(crate) scope: &'a Scope,
    pub(crate) zone: BankZone,
    /// Where counts of whole segments are kept, if all that there is fits and is shown.
    pub(crate) known: Option<&'a Arc<Known>>,
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
    facets: Vec<Count>,
    /// Where to keep what is counted, if all of the segment is.
    keep: Option<(Arc<Known>, BankZone, Whole)>,
}

/// The counts of one facet in one segment.
enum Count {
    Known(Arc<Counted>),
    Open(SegmentFacet),
}

pub(crate) struct SegmentAnswer {
    total: u64,
    best: Vec<Ranked>,
    facets: Vec<Arc<Counted>>,
}

impl Collector for Collect<'_> {
    type Fruit = Collected;
    type Child = Segment;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Segment> {
        let rank = SegmentRank::new(self, ordinal, segment)?;
        let keep = self.known.map(|known| (Arc::clone(known), self.zone, Whole::of(segment)));
        let count = |facet: &Facet| -> tantivy::Result<Count> {
            let known = keep.as_ref().and_then(|(known, zone, whole)| known.find(*zone, *whole, facet));
            Ok(match known {
                Some(known) => Count::Known(known),
                None => Count::Open(SegmentFacet::new(facet, self.scope, self.zone, segment)?),
            })
        };
        let facets = self.facets.iter().map(count).collect::<tantivy::Result<_>>()?;
        Ok(Segment { total: 0, rank, facets, keep })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.limit > 0
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<SegmentAnswer>>) -> tantivy::Result<Collected> {
        let mut total = 0;
        let mut best = Vec::new();
        let mut counted: Vec<Counted> = self.facets.iter().map(|_| Counted::new()).collect();
        for segment in segments {
            let segment = segment?;
            total += segment.total;
            best.extend(segment.best);
            for (sum, counts) in counted.iter_mut().zip(segment.facets) {
                for (value, count) in &*counts {
                    *sum.entry(value.clone()).or_default() += count;
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
        for count in &mut self.facets {
            if let Count::Open(facet) = count {
                facet.collect(document);
            }
        }
    }

    fn collect_block(&mut self, documents: &[DocId]) {
        self.total += documents.len() as u64;
        for document in documents {
            self.rank.collect(*document, 0.0);
        }
        for count in &mut self.facets {
            if let Count::Open(facet) = count {
                documents.iter().for_each(|document| facet.collect(*document));
            }
        }
    }

    fn harvest(self) -> tantivy::Result<SegmentAnswer> {
        let harvest = |count: Count| -> tantivy::Result<Arc<Counted>> {
            match count {
                Count::Known(counted) => Ok(counted),
                Count::Open(open) => {
                    let facet = open.facet().clone();
                    let counted = Arc::new(open.harvest()?);
                    if let Some((known, zone, whole)) = &self.keep {
                        known.keep(*zone, *whole, &facet, &counted);
                    }
                    Ok(counted)
                }
            }
        };
        let facets = self.facets.into_iter().map(harvest).collect::<tantivy::Result<_>>()?;
        Ok(SegmentAnswer { total: self.total, best: self.rank.harvest()?, facets })
    }
}
