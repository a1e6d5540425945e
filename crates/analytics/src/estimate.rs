//! A number that was estimated, and how far it can be trusted.

/// An estimate with the ends of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// The lower end, never above the estimate.
    pub low: f64,
    /// The upper end, never below the estimate; infinite where data sets no bound.
    pub high: f64,
}

impl Estimate {
    /// An estimate whose ends may have crossed it by rounding.
    pub(crate) fn new(value: f64, low: f64, high: f64) -> Self {
        Self { value, low: low.min(value), high: high.max(value) }
    }

    /// By how much it lies above another one, of other people, with the interval by the method of variance estimates
    /// recovery (Zou and Donner 2008, "Construction of confidence limits about effect measures: a general approach").
    #[must_use]
    pub fn above(self, other: Self) -> Self {
        let value = self.value - other.value;
        let low = value - (self.value - self.low).hypot(other.high - other.value);
        let high = value + (self.high - self.value).hypot(other.value - other.low);
        Self::new(value, low, high)
    }
}
