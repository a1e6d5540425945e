//! Which kinds of material of an application a scope shows, while a segment is read.

use dossier_domain::{MaterialKind, Stage};
use tantivy::{DocId, SegmentReader, columnar::Column};

use crate::{Positions, Scope, schema::column};

/// Which kinds of material of a document the scope shows; `None` for all.
pub(crate) struct Shown(Option<Box<ByPlace>>);

/// The kinds shown, as bits, by position and stage.
struct ByPlace {
    positions: Column<u64>,
    stages: Column<u64>,
    kinds: Vec<u8>,
}

impl Shown {
    pub(crate) fn everything() -> Self {
        Self(None)
    }

    pub(crate) fn new(scope: &Scope, segment: &SegmentReader) -> tantivy::Result<Self> {
        if scope.grants.iter().all(|grant| grant.kinds.len() == MaterialKind::ALL.len()) {
            return Ok(Self(None)); // what is outside of the scope is not counted at all
        }
        let stages = segment.fast_fields().u64(column::STAGE)?;
        let Some(ids) = segment.fast_fields().str(column::POSITION)? else { return Ok(Self(None)) };
        let (ids, positions) = ids.into_parts();
        let mut kinds = Vec::with_capacity(ids.num_terms() * Stage::ALL.len());
        let mut stream = ids.stream()?;
        while stream.advance() {
            kinds.extend(kinds_by_stage(scope, &String::from_utf8_lossy(stream.key())));
        }
        Ok(Self(Some(Box::new(ByPlace { positions, stages, kinds }))))
    }

    /// Whether all is shown of whatever lies in the scope.
    pub(crate) fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn shows(&self, document: DocId, kind: MaterialKind) -> bool {
        let Some(by_place) = &self.0 else { return true };
        let place = by_place.positions.first(document).zip(by_place.stages.first(document));
        let place = place
            .and_then(|(position, stage)| usize::try_from(position * Stage::ALL.len() as u64 + stage).ok());
        place.and_then(|place| by_place.kinds.get(place)).is_some_and(|shown| shown & bit(kind) != 0)
    }
}

fn bit(kind: MaterialKind) -> u8 {
    1 << kind as u8
}

/// For each stage the kinds that the scope shows of applications for this position, as bits.
fn kinds_by_stage(scope: &Scope, position: &str) -> [u8; Stage::ALL.len()] {
    let id = position.parse().ok();
    let mut shown = [0; Stage::ALL.len()];
    for grant in &scope.grants {
        let covers = match &grant.positions {
            Positions::All => true,
            Positions::Only(ids) => id.is_some_and(|id| ids.contains(&id)),
        };
        if covers {
            let kinds = grant.kinds.iter().fold(0, |bits, kind| bits | bit(*kind));
            for stage in &grant.stages {
                shown[*stage as usize] |= kinds;
            }
        }
    }
    shown
}
