//! Two shares beside each other.

use crate::{
    Estimate, Rate,
    math::{count, ln_choose, real, two_sided},
};

/// Two shares of different people: two periods, two groups, two sides of a cut-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// What is compared with.
    pub first: Rate,
    /// What is compared.
    pub second: Rate,
}

impl Comparison {
    /// By how much the second share is higher than the first, −1 to 1, with the interval by Newcombe's hybrid score
    /// (Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10); `None` if
    /// either is of nothing.
    #[must_use]
    pub fn difference(self) -> Option<Estimate> {
        let Estimate { value, low, high } = self.second.estimate()?.above(self.first.estimate()?);
        Some(Estimate::new(value, low.max(-1.0), high.min(1.0)))
    }

    /// How many times as high the second share is as the first, with the interval by the method of variance estimates
    /// recovery (Donner and Zou 2012, "Closed-form confidence intervals for functions of the normal mean and standard
    /// deviation") from Wilson's limits; `None` if either is of nothing, or the first is zero.
    #[must_use]
    pub fn ratio(self) -> Option<Estimate> {
        let (first, second) = (self.first.estimate()?, self.second.estimate()?);
        if self.first.hits == 0 {
            return None;
        }
        let product = first.value * second.value;
        let end = |top: f64, bottom: f64, sign: f64| {
            let under =
                product * product - top * bottom * (2.0 * second.value - top) * (2.0 * first.value - bottom);
            (product + sign * under.max(0.0).sqrt()) / (bottom * (2.0 * first.value - bottom))
        };
        let low = end(second.low, first.high, -1.0).max(0.0);
        let high = if first.low > 0.0 { end(second.high, first.low, 1.0) } else { f64::INFINITY };
        Some(Estimate::new(second.value / first.value, low, high))
    }

    /// How likely shares at least so different are by chance alone: the "N − 1" chi-squared test, or Fisher's exact test
    /// where fewer than one hit or miss would be expected on a side (Campbell 2007, "Chi-squared and Fisher–Irwin tests
    /// of two-by-two tables with small sample recommendations"); `None` if either is of nothing.
    #[must_use]
    pub fn p_value(self) -> Option<f64> {
        let all: Rate = [self.first, self.second].into_iter().sum();
        if self.first.of == 0 || self.second.of == 0 {
            return None;
        }
        if all.hits == 0 || all.misses() == 0 {
            return Some(1.0);
        }
        let smaller = real(self.first.of.min(self.second.of)) / real(all.of);
        let expected = smaller * real(all.hits.min(all.misses()));
        Some(if expected < 1.0 { self.fisher() } else { two_sided(self.z()) })
    }

    /// How many standard errors the second share lies above the first, if both came from one; 0 where nothing differs.
    pub(crate) fn z(self) -> f64 {
        let all: Rate = [self.first, self.second].into_iter().sum();
        let cross = real(self.second.hits) * real(self.first.misses())
            - real(self.first.hits) * real(self.second.misses());
        let margins = real(all.hits) * real(all.misses()) * real(self.first.of) * real(self.second.of);
        if margins > 0.0 { cross * (real(all.of - 1) / margins).sqrt() } else { 0.0 }
    }

    /// Fisher's exact test: the tables with these margins that are no likelier than this one, together.
    fn fisher(self) -> f64 {
        let all: Rate = [self.first, self.second].into_iter().sum();
        let fewest = all.hits.saturating_sub(self.second.of);
        let most = all.hits.min(self.first.of);
        let ln_likelihood = |hits: u64| {
            ln_choose(self.first.of, hits) + ln_choose(self.second.of, all.hits - hits)
                - ln_choose(all.of, all.hits)
        };
        let mine = ln_likelihood(self.first.hits) + 1e-9;
        // The table on the other side may be the large one: then there are many, and the far ones weigh nothing.
        let reach = count(1 << 16);
        let (from, to) =
            (fewest.max(self.first.hits.saturating_sub(reach)), most.min(self.first.hits + reach));
        (from..=to).map(ln_likelihood).filter(|other| *other <= mine).map(f64::exp).sum::<f64>().min(1.0)
    }
}
