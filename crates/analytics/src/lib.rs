//! Measures as pure functions over columns: rates, funnels, distributions, thresholds, what-if, intervals.
//!
//! Nothing here reads, asks for the time or knows what a column means: numbers come in as slices, and numbers go out.

mod rate;

pub use rate::Rate;
