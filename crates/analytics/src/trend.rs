//! Whether values rise or fall over time.

use crate::{
    Estimate,
    math::{Z, count, real, two_sided},
};

/// A trend over places in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// By how much a value rises from one place to the next at a distance of one: the median of the slopes between all
    /// pairs (Theil 1950, Sen 1968), with Sen's interval.
    pub slope: Estimate,
    /// How likely an order at least so clear is by chance (Kendall's test as Mann 1945 uses it, corrected for ties).
    pub p_value: f64,
}

impl Trend {
    /// The trend of values at places; `None` for fewer than three different places. Left out is what is not finite. Work
    /// grows with the square of the number of points, so give one for a month or a week.
    #[must_use]
    pub fn of(points: &[(f64, f64)]) -> Option<Self> {
        let mut points: Vec<(f64, f64)> =
            points.iter().copied().filter(|(place, value)| place.is_finite() && value.is_finite()).collect();
        points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        if points.chunk_by(|a, b| a.0 == b.0).count() < 3 {
            return None;
        }
        let pairs = points.iter().enumerate().flat_map(|(number, from)| {
            points[number + 1..]
                .iter()
                .filter(|to| to.0 > from.0)
                .map(move |to| (to.1 - from.1, to.0 - from.0))
        });
        let mut sum = 0.0;
        let mut slopes: Vec<f64> = pairs
            .map(|(rise, run)| {
                sum += if rise == 0.0 { 0.0 } else { rise.signum() };
                rise / run
            })
            .collect();
        slopes.sort_unstable_by(f64::total_cmp);
        let deviation = variance(&points).max(0.0).sqrt();
        let z = if deviation > 0.0 { (sum.abs() - 1.0).max(0.0) / deviation } else { 0.0 };
        Some(Self { slope: sen(&slopes, deviation)?, p_value: two_sided(z) })
    }
}

/// The middle slope, and those at the ranks that Kendall's deviation sets.
fn sen(slopes: &[f64], deviation: f64) -> Option<Estimate> {
    let last = real(count(slopes.len().checked_sub(1)?));
    let reach = Z * deviation / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the places")]
    let at = |place: f64| slopes[place.clamp(0.0, last) as usize];
    let middle = f64::midpoint(at((last / 2.0).floor()), at((last / 2.0).ceil()));
    Some(Estimate::new(middle, at((last / 2.0 - reach).floor()), at((last / 2.0 + reach).ceil())))
}

/// The variance of Kendall's sum without a trend, for ties among places and among values.
fn variance(points: &[(f64, f64)]) -> f64 {
    let values = |of: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = points.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        let ties: Vec<f64> = values.chunk_by(|a, b| a == b).map(|tie| real(count(tie.len()))).collect();
        let sum = |term: fn(f64) -> f64| ties.iter().copied().map(term).sum::<f64>();
        (sum(|t| t * (t - 1.0) * (2.0 * t + 5.0)), sum(|t| t * (t - 1.0) * (t - 2.0)), sum(|t| t * (t - 1.0)))
    };
    let (x, y) = (values(|point| point.0), values(|point| point.1));
    let n = real(count(points.len()));
    (n * (n - 1.0) * (2.0 * n + 5.0) - x.0 - y.0) / 18.0
        + x.1 * y.1 / (9.0 * n * (n - 1.0) * (n - 2.0))
        + x.2 * y.2 / (2.0 * n * (n - 1.0))
}
