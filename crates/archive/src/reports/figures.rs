//! Cells that several measures make, and the rows of a group.

use dossier_analytics::{Estimate, Sample};
use dossier_report::model::{Cell, Value};

use super::sheet::{Group, Sheet};

/// A cell that is withheld, so many times.
pub(super) fn withheld(cells: usize) -> Vec<Cell> {
    (0..cells).map(|_| Cell { value: Value::Withheld, behind: None }).collect()
}

/// An estimate. What has no finite ends is shown without them.
pub(crate) fn estimated(estimate: Option<Estimate>) -> Cell {
    let Some(Estimate { value, low, high }) = estimate else { return Cell::nothing() };
    let is_whole = value.is_finite() && low.is_finite() && high.is_finite();
    let value = if is_whole { Value::Estimate { value, low, high } } else { return Cell::number(value) };
    Cell { value, behind: None }
}

/// The mean of scores, which lies on their scale.
pub(super) fn mean_score(scores: &Sample) -> Option<Estimate> {
    scores.mean().map(|mean| mean.within(0.0, 100.0))
}

/// The mean of lengths of time, of which none is less than nothing.
pub(super) fn mean_length(lengths: &Sample) -> Option<Estimate> {
    lengths.mean().map(|mean| mean.within(0.0, f64::INFINITY))
}

/// A difference of shares in percentage points, as each report gives it.
pub(super) fn in_points(Estimate { value, low, high }: Estimate) -> Estimate {
    Estimate { value: value * 100.0, low: low * 100.0, high: high * 100.0 }
}

impl Sheet<'_> {
    /// For each part of the columns the rows that belong to a group, as bits.
    pub(super) fn rows_of(&self, group: &Group) -> Vec<Vec<u64>> {
        let belongs = |part: &dossier_search::columns::Part, row: usize| {
            group.places.iter().enumerate().all(|(of, place)| {
                let coded = &part.dimensions[of];
                let fits = |code: &u16| *code > 0 && coded.places.get(usize::from(*code)) == Some(place);
                coded.shown.as_ref().is_none_or(|shown| shown.has(row))
                    && coded.codes.of(row).iter().any(fits)
            })
        };
        let of_part = |part: &dossier_search::columns::Part| {
            let mut bits = part.rows.words().to_vec();
            dossier_analytics::Rows::with_bits(part.rows.words(), part.len)
                .each(|row| bits[row / 64] &= !(u64::from(!belongs(part, row)) << (row % 64)));
            bits
        };
        self.columns.parts.iter().map(of_part).collect()
    }

    /// The number of a row, where there is one that may be seen; else what is no number.
    pub(super) fn score(&self, part: usize, number: usize, row: usize) -> f64 {
        let numbered = &self.columns.parts[part].numbers[number];
        match numbered.shown.as_ref().is_none_or(|shown| shown.has(row)) {
            true => numbered.values.of(row),
            false => f64::NAN,
        }
    }

    /// Whether a row belongs to a subset.
    pub(super) fn is_in(&self, part: usize, subset: usize, row: usize) -> bool {
        self.columns.parts[part].subsets[subset].has(row)
    }
}
