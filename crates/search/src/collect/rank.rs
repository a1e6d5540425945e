//! The order of hits, and the best of a segment.

use std::{cmp::Ordering, collections::BinaryHeap, sync::Arc};

use dossier_domain::ApplicationId;
use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    columnar::{Column, Dictionary, TermOrdHit},
    f64_to_u64, i64_to_u64,
};

use super::Collect;
use crate::{
    Sort,
    request::Key,
    schema::{column, halves},
};

/// A hit and what it is ordered by.
pub(crate) struct Ranked {
    pub(crate) key: Key,
    pub(crate) application: ApplicationId,
    pub(crate) address: DocAddress,
}

impl Ranked {
    /// By key; equal ones by id, which begins with the time of creation, newest first.
    pub(super) fn compare(a: &Self, b: &Self) -> Ordering {
        a.key.cmp(&b.key).then(b.application.cmp(&a.application))
    }
}

/// Key and both halves of the id, turned so that the smaller comes first.
type Place = (u64, u64, u64);

/// Where a hit without the value stands: behind all others.
const LAST: u64 = u64::MAX;
const LAST_NAME: &str = "\u{10FFFF}";

pub(super) struct SegmentRank {
    keys: Keys,
    ids: [Column<u64>; 2],
    after: Option<Place>,
    limit: usize,
    /// The best so far, the worst of them on top.
    best: BinaryHeap<(Place, DocId)>,
    ordinal: SegmentOrdinal,
}

/// Where the key of a hit comes from.
enum Keys {
    Relevance,
    Interviewed { column: Column<i64>, newest_first: bool },
    Score { column: Column<f64>, highest_first: bool },
    Name(Option<(Arc<Dictionary>, Column<u64>)>),
}

impl SegmentRank {
    pub(super) fn new(
        wanted: &Collect<'_>,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let interviewed =
            |newest_first| Ok(Keys::Interviewed { column: columns.i64(column::INTERVIEWED)?, newest_first });
        let score = |highest_first| Ok(Keys::Score { column: columns.f64(column::SCORE)?, highest_first });
        let keys: tantivy::Result<Keys> = match wanted.sort {
            Sort::Relevance => Ok(Keys::Relevance),
            Sort::Newest => interviewed(true),
            Sort::Oldest => interviewed(false),
            Sort::HighestScore => score(true),
            Sort::LowestScore => score(false),
            Sort::Name => Ok(Keys::Name(columns.str(column::NAME_ORDER)?.map(|names| names.into_parts()))),
        };
        let keys = keys?;
        let after = match wanted.after {
            Some(cursor) => {
                let [high, low] = halves(u128::from_be_bytes(cursor.application.to_bytes()));
                Some((keys.of_cursor(&cursor.key)?, !high, !low))
            }
            None => None,
        };
        let ids = [columns.u64(column::ID_HIGH)?, columns.u64(column::ID_LOW)?];
        Ok(Self { keys, ids, after, limit: wanted.limit, best: BinaryHeap::new(), ordinal })
    }

    pub(super) fn collect(&mut self, document: DocId, score: Score) {
        if self.limit == 0 {
            return;
        }
        let key = self.keys.of(document, score);
        let is_full = self.best.len() >= self.limit;
        if is_full && self.best.peek().is_some_and(|((worst, ..), _)| key > *worst) {
            return;
        }
        let [high, low] = [0, 1].map(|half| !self.ids[half].first(document).unwrap_or_default());
        let place = (key, high, low);
        if self.after.is_some_and(|after| place <= after) {
            return;
        }
        if is_full {
            if self.best.peek().is_some_and(|(worst, _)| place >= *worst) {
                return;
            }
            self.best.pop();
        }
        self.best.push((place, document));
    }

    pub(super) fn harvest(self) -> tantivy::Result<Vec<Ranked>> {
        let (keys, ordinal) = (self.keys, self.ordinal);
        let ranked = |((key, high, low), document): (Place, DocId)| {
            let id = (u128::from(!high) << 64) | u128::from(!low);
            Ok(Ranked {
                key: keys.written(key)?,
                application: ApplicationId::from_bytes(id.to_be_bytes()),
                address: DocAddress::new(ordinal, document),
            })
        };
        self.best.into_iter().map(ranked).collect()
    }
}

impl Keys {
    fn of(&self, document: DocId, score: Score) -> u64 {
        let directed = |value: Option<u64>, turn: bool| match value {
            Some(value) if turn => (!value).min(LAST - 1),
            Some(value) => value.min(LAST - 1),
            None => LAST,
        };
        match self {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "sums of small whole weights"
            )]
            Self::Relevance => !(score as u64),
            Self::Interviewed { column, newest_first } => {
                directed(column.first(document).map(i64_to_u64), *newest_first)
            }
            Self::Score { column, highest_first } => {
                directed(column.first(document).map(f64_to_u64), *highest_first)
            }
            Self::Name(names) => {
                let ordinal = names.as_ref().and_then(|(_, ordinals)| ordinals.first(document));
                ordinal.map_or(LAST, |ordinal| 2 * ordinal + 1)
            }
        }
    }

    /// Where a cursor stands in this segment. Names have odd numbers, so that one that is not here stands between two.
    fn of_cursor(&self, key: &Key) -> tantivy::Result<u64> {
        Ok(match (self, key) {
            (_, Key::Number(number)) => *number,
            (_, Key::Text(name)) if name == LAST_NAME => LAST,
            (Self::Name(Some((names, _))), Key::Text(name)) => match names.term_ord_or_next(name)? {
                TermOrdHit::Exact(ordinal) => 2 * ordinal + 1,
                TermOrdHit::Next(ordinal) => ordinal.saturating_mul(2).min(LAST - 1),
            },
            (_, Key::Text(_)) => 0,
        })
    }

    /// The key as all segments understand it.
    fn written(&self, key: u64) -> tantivy::Result<Key> {
        let Self::Name(names) = self else { return Ok(Key::Number(key)) };
        let mut name = Vec::new();
        if let Some((names, _)) = names.as_ref().filter(|_| key != LAST) {
            names.ord_to_term(key / 2, &mut name)?;
            return Ok(Key::Text(String::from_utf8_lossy(&name).into_owned()));
        }
        Ok(Key::Text(LAST_NAME.to_owned()))
    }
}
