//! Samples of time, taken in turns.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// How long something took, many times, in seconds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// Samples that somebody else took, in seconds.
    pub(crate) fn of(seconds: Vec<f64>) -> Self {
        Self(seconds)
    }

    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64());
    }

    /// Adds another's samples.
    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The time that this share of the samples, 0 to 1, did not exceed, in seconds.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// Does something and notes how long it took.
pub(crate) fn timed<T>(samples: &mut Samples, act: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let result = act();
    samples.push(begun.elapsed());
    result
}

/// Seconds as milliseconds.
pub(crate) fn milliseconds(seconds: f64) -> String {
    format!("{:.2} ms", seconds * 1e3)
}
