//! Counts and rates by one or two groupings.

use crate::{Rate, Rows};

/// Rates in cells: a row of cells for each group of one grouping, a column for each of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    columns: usize,
    cells: Vec<Rate>,
}

impl Tally {
    /// Nothing counted yet, in so many groups of two groupings; a single grouping is one with a second of one group.
    #[must_use]
    pub fn new(rows: usize, columns: usize) -> Self {
        Self { columns, cells: vec![Rate::default(); rows * columns] }
    }

    /// Counts a chunk: `group` gives the two groups of a row, and `hit` whether it fits. Not counted are rows whose group
    /// is beyond those that there are, and rows of which it is not known whether they fit.
    #[inline]
    pub fn add(
        &mut self,
        rows: Rows<'_>,
        group: impl Fn(usize) -> (u32, u32),
        hit: impl Fn(usize) -> Option<bool>,
    ) {
        rows.each(|row| {
            let (first, second) = group(row);
            if second as usize >= self.columns {
                return;
            }
            let cell = first as usize * self.columns + second as usize;
            if let (Some(cell), Some(hit)) = (self.cells.get_mut(cell), hit(row)) {
                cell.count(hit);
            }
        });
    }

    /// The rate in a cell; of nothing where there is no such cell.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Rate {
        self.row(row).get(column).copied().unwrap_or_default()
    }

    /// The cells of a row; none where there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[Rate] {
        self.cells.get(row * self.columns..(row + 1) * self.columns).unwrap_or_default()
    }

    /// All of a row together.
    #[must_use]
    pub fn of_row(&self, row: usize) -> Rate {
        self.row(row).iter().copied().sum()
    }

    /// All of a column together.
    #[must_use]
    pub fn of_column(&self, column: usize) -> Rate {
        if column >= self.columns {
            return Rate::default();
        }
        self.cells.iter().skip(column).step_by(self.columns).copied().sum()
    }

    /// All together.
    #[must_use]
    pub fn total(&self) -> Rate {
        self.cells.iter().copied().sum()
    }
}
