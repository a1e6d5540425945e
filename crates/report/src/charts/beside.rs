//! Labels to the left of what they name.

use maud::Markup;

use super::{
    sheet::{EDGE, text},
    words::{self, LINE},
};

/// Labels of up to two lines each, one below the other.
pub(super) struct Beside {
    labels: Vec<Vec<String>>,
}

impl Beside {
    /// Labels that are at most so wide.
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a String>, room: f64) -> Self {
        Self { labels: names.map(|name| words::wrap(name, room, 2)).collect() }
    }

    /// Where the labels end.
    pub(super) fn right(&self) -> f64 {
        EDGE + self.labels.iter().flatten().map(|line| words::width(line)).fold(0.0, f64::max)
    }

    /// How many lines the highest label has.
    pub(super) fn lines(&self) -> usize {
        self.labels.iter().map(Vec::len).max().unwrap_or(1)
    }

    /// A label that ends at `x`, its middle at `y`.
    pub(super) fn label(&self, index: usize, x: f64, y: f64) -> Markup {
        let lines = self.labels.get(index).map_or(&[][..], Vec::as_slice);
        text(x, y + 4.0 - lines.len().saturating_sub(1) as f64 * LINE / 2.0, "end", lines)
    }
}
