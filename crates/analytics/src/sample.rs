//! How values are distributed.

use crate::{
    Estimate, Rate, Rows,
    math::{count, real, student},
};

/// Values in groups, as they are collected.
#[derive(Debug, Clone)]
pub struct Samples {
    groups: Vec<Vec<f64>>,
}

impl Samples {
    /// So many groups, without values.
    #[must_use]
    pub fn new(groups: usize) -> Self {
        Self { groups: vec![Vec::new(); groups] }
    }

    /// Collects a chunk: `group` gives the group of a row, `value` its value. Left out are values that are not finite, and
    /// groups beyond those that there are.
    #[inline]
    pub fn add(&mut self, rows: Rows<'_>, group: impl Fn(usize) -> u32, value: impl Fn(usize) -> f64) {
        rows.each(|row| {
            let value = value(row);
            if let Some(values) = self.groups.get_mut(group(row) as usize).filter(|_| value.is_finite()) {
                values.push(value);
            }
        });
    }

    /// The groups, ready to be asked.
    #[must_use]
    pub fn finish(self) -> Vec<Sample> {
        self.groups.into_iter().map(Sample::of).collect()
    }
}

/// Values of one group, in order of size.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    sorted: Vec<f64>,
}

/// Where values begin and end, and the quarters between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FiveNumbers {
    /// The lowest.
    pub lowest: f64,
    /// A quarter lies below.
    pub first_quartile: f64,
    /// Half lies below.
    pub median: f64,
    /// Three quarters lie below.
    pub third_quartile: f64,
    /// The highest.
    pub highest: f64,
}

/// A bin of a histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Where it begins; this value is in it.
    pub from: f64,
    /// Where it ends; this value is in the next one, or in this if it is the last.
    pub to: f64,
    /// How many values are in it.
    pub count: u64,
}

impl Sample {
    /// The finite ones of these values.
    #[must_use]
    pub fn of(mut values: Vec<f64>) -> Self {
        values.retain(|value| value.is_finite());
        values.sort_unstable_by(f64::total_cmp);
        Self { sorted: values }
    }

    /// How many values there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        count(self.sorted.len())
    }

    /// The values, in order of size.
    #[must_use]
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }

    /// The value below which a share of all lies, between two values in proportion (Hyndman and Fan 1996, definition 7,
    /// that of R and Excel); `None` of nothing, and for a share that is no number.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.sorted.len().checked_sub(1).filter(|_| !share.is_nan())?;
        let place = share.clamp(0.0, 1.0) * real(count(last));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to the last place")]
        let below = (place.floor() as usize).min(last);
        let (low, high) = (self.sorted[below], self.sorted[(below + 1).min(last)]);
        let part = place - place.floor();
        Some((low * (1.0 - part) + high * part).clamp(low, high))
    }

    /// The middle value, with its interval by order statistics (Conover 1999, "Practical Nonparametric Statistics", §3.2:
    /// ranks n/2 ∓ z√n/2), which fewer than six values have none of; `None` of nothing.
    #[must_use]
    pub fn median(&self) -> Option<Estimate> {
        let last = self.sorted.len().checked_sub(1)?;
        let n = real(self.count());
        let reach = crate::math::Z * n.sqrt() / 2.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the places")]
        let at = |rank: f64| self.sorted[(rank.clamp(1.0, n) as usize - 1).min(last)];
        let ends = match self.count() {
            // Even the lowest and the highest of five hold the median with less than 95 %.
            0..6 => [f64::NEG_INFINITY, f64::INFINITY],
            _ => [at((n / 2.0 - reach).floor()), at((n / 2.0 + reach + 1.0).ceil())],
        };
        Some(Estimate::new(self.quantile(0.5)?, ends[0], ends[1]))
    }

    /// The five numbers of a box; `None` of nothing.
    #[must_use]
    pub fn five_numbers(&self) -> Option<FiveNumbers> {
        Some(FiveNumbers {
            lowest: self.quantile(0.0)?,
            first_quartile: self.quantile(0.25)?,
            median: self.quantile(0.5)?,
            third_quartile: self.quantile(0.75)?,
            highest: self.quantile(1.0)?,
        })
    }

    /// The mean, with its interval by Student's distribution; infinite ends for a single value, `None` of nothing.
    #[must_use]
    pub fn mean(&self) -> Option<Estimate> {
        let degrees = self.count().checked_sub(1)?;
        let n = real(self.count());
        // Summed as shares, so that even the largest numbers don't overflow.
        let mean = self.sorted.iter().map(|value| value / n).sum::<f64>();
        let reach = if degrees == 0 {
            f64::INFINITY
        } else {
            let variance = self
                .sorted
                .iter()
                .map(|value| (value - mean) * ((value - mean) / real(degrees)))
                .sum::<f64>();
            student(degrees) * (variance / n).sqrt()
        };
        Some(Estimate::new(mean, mean - reach, mean + reach))
    }

    /// How many are at or above a value.
    #[must_use]
    pub fn at_least(&self, value: f64) -> Rate {
        let below = self.sorted.partition_point(|other| *other < value);
        Rate { hits: count(self.sorted.len() - below), of: self.count() }
    }

    /// How many values are between each edge and the next; edges ascend, and the last is in the last bin. Values outside
    /// are in none.
    pub fn bins(&self, edges: impl IntoIterator<Item = f64>) -> Vec<Bin> {
        let edges: Vec<f64> = edges.into_iter().collect();
        let place = |edge: f64| self.sorted.partition_point(|value| *value < edge);
        let mut bins: Vec<Bin> = edges
            .windows(2)
            .map(|ends| Bin {
                from: ends[0],
                to: ends[1],
                count: count(place(ends[1]).saturating_sub(place(ends[0]))),
            })
            .collect();
        if let Some(last) = bins.last_mut() {
            last.count += count(
                self.sorted
                    .iter()
                    .rev()
                    .skip_while(|value| **value > last.to)
                    .take_while(|value| **value == last.to)
                    .count(),
            );
        }
        bins
    }
}
