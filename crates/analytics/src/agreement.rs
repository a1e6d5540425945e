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

    /// Cohen's kappa; see [`Grades::kappa`].
    #[must_use]
    pub fn kappa(self) -> Option<Estimate> {
        Grades { size: 2, cells: vec![self.both, self.only_first, self.only_second, self.neither] }.kappa()
    }
}

/// How often two judges gave which grades, of the same few, which are in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grades {
    size: usize,
    /// For each grade of the first judge the counts of the second's.
    cells: Vec<u64>,
}

impl Grades {
    /// How often the first judge gave this grade and the second that one; grades are counted from 0.
    #[must_use]
    pub fn count(&self, first: usize, second: usize) -> u64 {
        let is_grade = first < self.size && second < self.size;
        self.cells.get(first * self.size + second).copied().filter(|_| is_grade).unwrap_or(0)
    }

    /// Cohen's kappa (Cohen 1960), weighted by the squares of distances (Cohen 1968), which is the plain one of two
    /// grades: agreement beyond chance, 1 at most, 0 for chance alone; with the interval by its full standard error
    /// (Fleiss, Cohen and Everitt 1969). `None` where one of them gave the same grade to all, so that nothing can be told;
    /// and of nothing.
    #[must_use]
    pub fn kappa(&self) -> Option<Estimate> {
        let grades = || 0..self.size;
        let given = |first: bool| {
            let is_given =
                |a: &usize| grades().any(|b| (if first { self.count(*a, b) } else { self.count(b, *a) }) > 0);
            grades().filter(is_given).count()
        };
        if given(true) < 2 || given(false) < 2 {
            return None;
        }
        let n = real(self.cells.iter().sum());
        let farthest = real(count(self.size - 1));
        let share = |i: usize, j: usize| real(self.count(i, j)) / n;
        let weight = |i: usize, j: usize| 1.0 - (real(count(i.abs_diff(j))) / farthest).powi(2);
        let sum = |of: &dyn Fn(usize, usize) -> f64| {
            grades().flat_map(|i| grades().map(move |j| of(i, j))).sum::<f64>()
        };
        let first: Vec<f64> = grades().map(|i| grades().map(|j| share(i, j)).sum()).collect();
        let second: Vec<f64> = grades().map(|j| grades().map(|i| share(i, j)).sum()).collect();
        let chance = sum(&|i, j| first[i] * second[j] * weight(i, j));
        let rest = 1.0 - chance;
        let kappa = (sum(&|i, j| share(i, j) * weight(i, j)) - chance) / rest;
        // What the grade of one judge would agree by chance with the other's.
        let of_first: Vec<f64> = grades().map(|i| grades().map(|j| second[j] * weight(i, j)).sum()).collect();
        let of_second: Vec<f64> = grades().map(|j| grades().map(|i| first[i] * weight(i, j)).sum()).collect();
        let apart = |i: usize, j: usize| weight(i, j) - (of_first[i] + of_second[j]) * (1.0 - kappa);
        let spread =
            sum(&|i, j| share(i, j) * apart(i, j).powi(2)) - (kappa - chance * (1.0 - kappa)).powi(2);
        let reach = Z * (spread.max(0.0) / n).sqrt() / rest;
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

    /// The first numbers, and the second ones.
    #[must_use]
    pub fn samples(&self) -> [Sample; 2] {
        let (first, second) = self.pairs.iter().copied().unzip();
        [first, second].map(Sample::of)
    }

    /// The pairs as grades of so many; those beyond are left out.
    #[must_use]
    pub fn grades(&self, size: usize, grade: impl Fn(f64) -> usize) -> Grades {
        let mut cells = vec![0; size * size];
        for (first, second) in &self.pairs {
            let (first, second) = (grade(*first), grade(*second));
            if first < size && second < size {
                cells[first * size + second] += 1;
            }
        }
        Grades { size, cells }
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
