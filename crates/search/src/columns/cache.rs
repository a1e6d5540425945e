//! Columns that were gathered, by segment.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use dossier_domain::BankZone;
use tantivy::{Searcher, SegmentReader, index::SegmentId, schema::Field};

use super::{Codes, Dimension, Number, Numbers};

/// The columns of the segments that there are. Those of a segment that is merged away go when others are asked for.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// Months are this zone's.
    zone: BankZone,
    segments: HashMap<SegmentId, Segment>,
}

#[derive(Default)]
struct Segment {
    codes: HashMap<Dimension, Arc<Codes>>,
    numbers: HashMap<Number, Arc<Numbers>>,
}

impl Cache {
    /// Forgets what is not of these segments, or of another zone.
    pub(super) fn keep(&self, searcher: &Searcher, zone: BankZone) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.zone != zone {
            *kept = Kept { zone, ..Kept::default() };
        }
        let is_there =
            |id: &SegmentId| searcher.segment_readers().iter().any(|segment| segment.segment_id() == *id);
        kept.segments.retain(|id, _| is_there(id));
    }

    pub(super) fn codes(
        &self,
        dimension: Dimension,
        zone: BankZone,
        segment: &SegmentReader,
    ) -> tantivy::Result<Arc<Codes>> {
        if let Some(found) = self.of(segment, |kept| kept.codes.get(&dimension).cloned()) {
            return Ok(found);
        }
        let read = Arc::new(Codes::read(dimension, zone, segment)?);
        self.of(segment, |kept| kept.codes.insert(dimension, Arc::clone(&read)));
        Ok(read)
    }

    pub(super) fn numbers(
        &self,
        number: &Number,
        skills: Field,
        segment: &SegmentReader,
    ) -> tantivy::Result<Arc<Numbers>> {
        if let Some(found) = self.of(segment, |kept| kept.numbers.get(number).cloned()) {
            return Ok(found);
        }
        let read = Arc::new(Numbers::keep(number.read(skills, segment)?));
        self.of(segment, |kept| kept.numbers.insert(number.clone(), Arc::clone(&read)));
        Ok(read)
    }

    fn of<T>(&self, segment: &SegmentReader, act: impl FnOnce(&mut Segment) -> T) -> T {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(kept.segments.entry(segment.segment_id()).or_default())
    }
}
