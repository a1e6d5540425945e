//! What is withheld besides what is too small: one row alone could be worked out from the others and from what they come
//! to together, so along each grouping at least two are withheld, or none.

use std::collections::BTreeMap;

use dossier_report::model::{Cell, Value};

use super::figures::withheld;

/// A row of figures: the place of its group along each grouping, what it is about where a group has several, how many the
/// group has, and its cells.
pub(super) struct Row<'a> {
    pub(super) places: &'a [usize],
    pub(super) thing: String,
    pub(super) count: u64,
    pub(super) cells: Vec<Cell>,
}

impl Row<'_> {
    pub(super) fn is_withheld(&self) -> bool {
        self.cells.iter().any(|cell| cell.value == Value::Withheld)
    }

    /// What it weighs: its first figure where that is known, else its group.
    fn weight(&self) -> u64 {
        match self.cells.first().map(|cell| &cell.value) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a count")]
            Some(Value::Number(count)) => *count as u64,
            _ => self.count,
        }
    }
}

/// Withholds the smallest row besides, wherever one is withheld alone along a grouping.
pub(super) fn never_one_alone(rows: &mut [Row<'_>]) {
    if !rows.iter().any(Row::is_withheld) {
        return;
    }
    let groupings = rows.iter().map(|row| row.places.len()).max().unwrap_or(0);
    while (0..groupings).map(|grouping| seconds(rows, grouping)).fold(false, |any, more| any | more) {}
}

/// The same along one grouping; whether there was any.
fn seconds(rows: &mut [Row<'_>], along: usize) -> bool {
    let mut lines: BTreeMap<(&str, Vec<usize>), Vec<usize>> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        let others = row.places.iter().enumerate().filter(|(grouping, _)| *grouping != along);
        let line = (row.thing.as_str(), others.map(|(_, place)| *place).collect());
        lines.entry(line).or_default().push(number);
    }
    let mut any = false;
    let lines: Vec<Vec<usize>> = lines.into_values().collect();
    for line in lines {
        let (hidden, shown): (Vec<usize>, Vec<usize>) =
            line.into_iter().partition(|number| rows[*number].is_withheld());
        // What is nothing hides nothing.
        let smallest = shown.into_iter().filter(|number| rows[*number].weight() > 0);
        if let (1, Some(second)) = (hidden.len(), smallest.min_by_key(|number| rows[*number].weight())) {
            rows[second].cells = withheld(rows[second].cells.len());
            any = true;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The counts of rows by two groupings after withholding those under five; `None` where one is withheld.
    fn shown(table: &[&[u64]]) -> Vec<Vec<Option<u64>>> {
        let width = table[0].len();
        let places: Vec<[usize; 2]> =
            (0..table.len() * width).map(|place| [place / width, place % width]).collect();
        let counts = table.iter().flat_map(|row| row.iter().copied());
        let mut rows: Vec<Row<'_>> = counts
            .zip(&places)
            .map(|(count, places)| {
                let cells =
                    if (1..5).contains(&count) { withheld(1) } else { vec![Cell::count(count, None)] };
                Row { places, thing: String::new(), count, cells }
            })
            .collect();
        never_one_alone(&mut rows);
        let seen = |row: &Row<'_>| (!row.is_withheld()).then(|| row.weight());
        rows.chunks(width).map(|line| line.iter().map(seen).collect()).collect()
    }

    #[test]
    fn along_no_grouping_is_one_withheld_alone() {
        assert_eq!(shown(&[&[9, 9], &[9, 9]]), [[Some(9), Some(9)], [Some(9), Some(9)]]);
        assert_eq!(shown(&[&[3, 9, 7, 0]]), [[None, Some(9), None, Some(0)]]);
        assert_eq!(shown(&[&[3, 4, 9]]), [[None, None, Some(9)]], "two hide each other");
        // One cell of nine: a second in its row, one in its column, and the one where these two meet.
        let seen = shown(&[&[2, 20, 30], &[40, 50, 60], &[70, 80, 90]]);
        for line in 0..3 {
            let row = seen[line].iter().filter(|cell| cell.is_none()).count();
            let column = seen.iter().filter(|row| row[line].is_none()).count();
            assert!(row != 1 && column != 1, "{seen:?}");
        }
        assert_eq!(seen[0][0], None);
    }
}
