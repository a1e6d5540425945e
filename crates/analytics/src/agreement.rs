//! How far two judges agree: an AI and people.

use crate::{
    Estimate, Rate, Rows, Sample,
    math::{Z, count, real},
};

/// What two judges said yes or no to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdicts {
    /// Both said yes.
    pub both: u64,
    /// Only the first said yes.
    pub only_first: u64,
    /// Only the second said yes.
    pub only_second: u64,
    /// Both said no.
    pub neither: u64,
}

impl Verdicts {
    /// How often they said the same.
    #[must_use]
    pub fn agreed(self) -> Rate {
        let same = self.both + self.neither;
        Rate { hits: same, of: same + self.only_first + self.only_second }
    }

    /// Cohen's kappa (Cohen 1960): agreement beyond chance, 1 at most, 0 for chance alone; with the interval by its full
    /// standard error (Fleiss, Cohen and Everitt 1969). `None` where chance alone agrees always: of nothing, or when both
    /// gave one and the same answer to all.
    #[must_use]
    pub fn kappa(self) -> Option<Estimate> {
        let n = real(self.agreed().of);
        let share = |cells: u64| real(cells) / n;
        let cells =
            [[share(self.both), share(self.only_first)], [share(self.only_second), share(self.neither)]];
        let first = [cells[0][0] + cells[0][1], cells[1][0] + cells[1][1]];
        let second = [cells[0][0] + cells[1][0], cells[0][1] + cells[1][1]];
        let chance = first[0] * second[0] + first[1] * second[1];
        let rest = 1.0 - chance;
        if n == 0.0 || rest <= f64::EPSILON {
            return None;
        }
        let kappa = (cells[0][0] + cells[1][1] - chance) / rest;
        let same = |i: usize| cells[i][i] * (1.0 - (first[i] + second[i]) * (1.0 - kappa)).powi(2);
        let apart = |i: usize, j: usize| cells[i][j] * (second[i] + first[j]).powi(2);
        let sum = same(0) + same(1) + (1.0 - kappa).powi(2) * (apart(0, 1) + apart(1, 0))
            - (kappa - chance * (1.0 - kappa)).powi(2);
        let reach = Z * (sum.max(0.0) / n).sqrt() / rest;
        Some(Estimate::new(kappa, (kappa - reach).max(-1.0), (kappa + reach).min(1.0)))
    }
}

/// What two judges gave as numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pairs {
    pairs: Vec<(f64, f64)>,
}

impl Pairs {
    /// Collects a chunk: the first and the second number of each row. Left out is what is not finite in one of them.
    pub fn add(&mut self, rows: Rows<'_>, first: impl Fn(usize) -> f64, second: impl Fn(usize) -> f64) {
        rows.each(|row| {
            let pair = (first(row), second(row));
            if pair.0.is_finite() && pair.1.is_finite() {
                self.pairs.push(pair);
            }
        });
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        count(self.pairs.len())
    }

    /// By how much the second number is higher on average, with the interval by Student's distribution; `None` of
    /// nothing.
    #[must_use]
    pub fn mean_difference(&self) -> Option<Estimate> {
        Sample::of(self.pairs.iter().map(|(first, second)| second - first).collect()).mean()
    }

    /// Pearson's correlation, with the interval by Fisher's transformation (Fisher 1921); `None` for fewer than four
    /// pairs, and where one of the numbers is always the same.
    #[must_use]
    pub fn pearson(&self) -> Option<Estimate> {
        transformed(correlation(&self.pairs)?, self.count(), 1.0)
    }

    /// Spearman's correlation of ranks, equal numbers sharing the mean of their ranks, with the interval by Bonett and
    /// Wright (2000, "Sample size requirements for estimating Pearson, Kendall and Spearman correlations"); `None` as for
    /// [`Pairs::pearson`].
    #[must_use]
    pub fn spearman(&self) -> Option<Estimate> {
        let first = ranks(self.pairs.iter().map(|pair| pair.0));
        let second = ranks(self.pairs.iter().map(|pair| pair.1));
        let ranked: Vec<(f64, f64)> = first.into_iter().zip(second).collect();
        let correlation = correlation(&ranked)?;
        transformed(correlation, self.count(), 1.0 + correlation * correlation / 2.0)
    }
}

fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let (origin, n) = (pairs.first()?, real(count(pairs.len())));
    // From the first pair on, so that what is always the same differs from its mean by nothing at all.
    let mean = |of: fn(&(f64, f64)) -> f64| {
        of(origin) + pairs.iter().map(|pair| of(pair) / n - of(origin) / n).sum::<f64>()
    };
    let (first, second) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sums = pairs.iter().fold((0.0, 0.0, 0.0), |(a, b, both), pair| {
        let (x, y) = (pair.0 - first, pair.1 - second);
        (a + x * x, b + y * y, both + x * y)
    });
    let correlation = sums.2 / (sums.0.sqrt() * sums.1.sqrt());
    correlation.is_finite().then(|| correlation.clamp(-1.0, 1.0))
}

/// A correlation with the interval that is symmetric after Fisher's transformation.
fn transformed(correlation: f64, pairs: u64, variance: f64) -> Option<Estimate> {
    let degrees = pairs.checked_sub(3).filter(|degrees| *degrees > 0)?;
    let (middle, reach) = (correlation.atanh(), Z * (variance / real(degrees)).sqrt());
    Some(Estimate::new(correlation, (middle - reach).tanh(), (middle + reach).tanh()))
}

/// The rank of each number, from 1.
fn ranks(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = numbers.zip(0..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0.0; order.len()];
    let mut before = 0;
    for equal in order.chunk_by(|a, b| a.0 == b.0) {
        let rank = real(count(before)) + (real(count(equal.len())) + 1.0) / 2.0;
        equal.iter().for_each(|(_, place)| ranks[*place] = rank);
        before += equal.len();
    }
    ranks
}
