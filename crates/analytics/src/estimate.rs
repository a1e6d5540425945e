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

    /// The same of a number that can't be lower or higher than this; ends that data does not set stay so.
    #[must_use]
    pub fn within(self, lowest: f64, highest: f64) -> Self {
        let at_least = |low: f64| if low.is_finite() { low.max(lowest) } else { low };
        let at_most = |high: f64| if high.is_finite() { high.min(highest) } else { high };
        Self::new(self.value, at_least(self.low), at_most(self.high))
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
