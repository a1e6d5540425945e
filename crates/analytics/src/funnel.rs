//! How many come how far.

use crate::{Rate, Rows};

/// Steps that follow each other, and how many came to each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funnel {
    /// How many came to this step and no further.
    ended: Vec<u64>,
}

/// A step of a funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// How many came so far, of those who came to the step before; of all for the first.
    pub of_previous: Rate,
    /// How many came so far, of all.
    pub of_all: Rate,
}

impl Funnel {
    /// A funnel of so many steps, empty.
    #[must_use]
    pub fn new(steps: usize) -> Self {
        Self { ended: vec![0; steps] }
    }

    /// Counts a chunk: `furthest` gives the furthest step that a row came to. Who came to a step came through those
    /// before it, even if they were skipped. Not counted is who came to no step of the funnel.
    #[inline]
    pub fn add(&mut self, rows: Rows<'_>, furthest: impl Fn(usize) -> Option<usize>) {
        rows.each(|row| {
            if let Some(ended) = furthest(row).and_then(|step| self.ended.get_mut(step)) {
                *ended += 1;
            }
        });
    }

    /// The steps, from the first.
    pub fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        let all: u64 = self.ended.iter().sum();
        let mut here = all;
        let mut previous = all;
        self.ended.iter().map(move |ended| {
            let step =
                Step { of_previous: Rate { hits: here, of: previous }, of_all: Rate { hits: here, of: all } };
            previous = here;
            here -= ended;
            step
        })
    }
}
