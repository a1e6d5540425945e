//! Measures as pure functions over columns: rates, funnels, distributions, thresholds, what-if, intervals.
//!
//! Nothing here reads, asks for the time or knows what a column means: numbers come in, and numbers go out. Data comes
//! chunk by chunk: a chunk is the [`Rows`] that are counted, and columns, each a closure from a row's place to its value
//! (mostly `|row| column[row]`). What is missing is `NaN`, `None`, or a number that no group has; it is left out, never
//! taken for zero. How rows are cut into chunks, and their order, changes no result.
//!
//! Intervals are of 95 %, p-values two-sided. Where a method comes from stands beside it.

mod agreement;
mod comparison;
pub mod cube;
mod estimate;
pub mod fairness;
mod math;
mod rate;
mod rows;
mod sample;
mod scan;
mod trend;
mod what_if;

pub use agreement::{Grades, Pairs, Verdicts};
pub use comparison::Comparison;
pub use estimate::Estimate;
pub use rate::Rate;
pub use rows::Rows;
pub use sample::{Bin, FiveNumbers, Sample, Samples};
pub use scan::{Finding, HeldOut, Lack, Scan, Separation, Verdict};
pub use trend::Trend;
pub use what_if::{Later, WhatIf};
