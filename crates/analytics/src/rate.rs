//! A share of a count, with its interval.

use std::{iter::Sum, ops::AddAssign};

use crate::{
    Estimate,
    math::{Z, real},
};

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// How many fit.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
}

impl Rate {
    /// The share, 0–1; `None` of nothing.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| real(self.hits) / real(self.of))
    }

    /// The ends of the 95 % interval of the share, by Wilson's score (Wilson 1927); `None` of nothing.
    ///
    /// Unlike the textbook interval it stays within 0–1, and says something for small counts and for shares at an end.
    #[must_use]
    pub fn interval(self) -> Option<(f64, f64)> {
        let (share, n) = (self.share()?, real(self.of));
        let scale = 1.0 / (1.0 + Z * Z / n);
        let centre = share + Z * Z / (2.0 * n);
        let reach = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        Some(((scale * (centre - reach)).max(0.0), (scale * (centre + reach)).min(1.0)))
    }

    /// The share with its interval.
    #[must_use]
    pub fn estimate(self) -> Option<Estimate> {
        let (low, high) = self.interval()?;
        Some(Estimate::new(self.share()?, low, high))
    }

    /// Counts one more.
    #[inline]
    pub fn count(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.of += 1;
    }

    /// How many do not fit.
    #[must_use]
    pub fn misses(self) -> u64 {
        self.of - self.hits
    }
}

impl AddAssign for Rate {
    fn add_assign(&mut self, other: Self) {
        self.hits += other.hits;
        self.of += other.of;
    }
}

impl Sum for Rate {
    fn sum<I: Iterator<Item = Self>>(rates: I) -> Self {
        rates.fold(Self::default(), |mut sum, rate| {
            sum += rate;
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_interval_is_wilson_s() {
        // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (hits, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (l, h) = Rate { hits, of }.interval().unwrap();
            assert!((l - low).abs() < 5e-5 && (h - high).abs() < 5e-5, "{hits}/{of}: {l} {h}");
        }
        assert_eq!(Rate::default().interval(), None);
    }

    proptest! {
        #[test]
        fn more_data_narrows_and_more_hits_raise(of in 1u64..10_000, part in 0.0f64..=1.0) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let hits = (real(of) * part) as u64;
            let now = Rate { hits, of }.estimate().unwrap();
            prop_assert!(0.0 <= now.low && now.low <= now.value && now.value <= now.high && now.high <= 1.0);
            let tenfold = Rate { hits: hits * 10, of: of * 10 }.estimate().unwrap();
            prop_assert!(tenfold.high - tenfold.low < now.high - now.low);
            if hits < of {
                let more = Rate { hits: hits + 1, of }.estimate().unwrap();
                prop_assert!(more.low >= now.low && more.high >= now.high);
            }
        }
    }
}
