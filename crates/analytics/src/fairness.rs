//! How groups fare: selection rates, scoring rates, impact ratios.
//!
//! The definitions are the law's: the rate of a group divided by the highest rate (29 CFR 1607.4 D, the "four-fifths rule";
//! 6 RCNY § 5-300 for New York City's Local Law 144, which sets no threshold), and the scoring rate as the share of a group
//! strictly above the median of the whole sample (6 RCNY § 5-300).

use crate::{Comparison, Estimate, Rate, Sample, math::count};

/// Below so many in a group, a ratio is called doubtful whatever it is.
const FEW: u64 = 30;
/// At or above this, a difference may be chance.
const SIGNIFICANT: f64 = 0.05;

/// How a group fares beside the group with the highest rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Impact {
    /// The group's rate.
    pub rate: Rate,
    /// Its rate as a share of the highest; `None` for a group of nobody, and where the highest rate is zero.
    pub ratio: Option<f64>,
    /// The ratio with its interval; `None` for the group with the highest rate, which is compared with nothing.
    pub interval: Option<Estimate>,
    /// Whether the ratio is below four fifths; four fifths themselves are not.
    pub below_four_fifths: bool,
    /// Whether the ratio rests on few people, or on a difference that chance explains as well. The rule itself asks for
    /// this: what small numbers show may be no adverse impact (29 CFR 1607.4 D).
    pub doubtful: bool,
}

/// How each group fares, in the order given. Of groups with the same highest rate, the largest stands for it.
#[must_use]
pub fn impact(groups: &[Rate]) -> Vec<Impact> {
    let highest = groups.iter().copied().reduce(|best, next| {
        let (mine, theirs) = (product(next.hits, best.of), product(best.hits, next.of));
        let higher = mine > theirs || (mine == theirs && next.of > best.of);
        if best.of == 0 || (higher && next.of > 0) { next } else { best }
    });
    let Some(highest) = highest else { return Vec::new() };
    groups.iter().map(|rate| beside(*rate, highest)).collect()
}

fn beside(rate: Rate, highest: Rate) -> Impact {
    let is_highest = rate == highest;
    let sides = Comparison { first: highest, second: rate };
    let ratio = rate.share().zip(highest.share()).filter(|(_, highest)| *highest > 0.0);
    let by_chance = !is_highest && sides.p_value().is_none_or(|p| p >= SIGNIFICANT);
    Impact {
        rate,
        ratio: ratio.map(|(rate, highest)| rate / highest),
        interval: if is_highest { None } else { sides.ratio() },
        // In whole numbers: 0.48 / 0.6 must not fall below 0.8 by rounding.
        below_four_fifths: ratio.is_some()
            && product(rate.hits, highest.of) * 5 < product(highest.hits, rate.of) * 4,
        doubtful: rate.of < FEW || highest.of < FEW || by_chance,
    }
}

fn product(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

/// The median of all groups' scores together, and the share of each group that scored strictly above it; `None` without
/// a score.
#[must_use]
pub fn scoring(groups: &[Sample]) -> Option<(f64, Vec<Rate>)> {
    let all = Sample::of(groups.iter().flat_map(Sample::sorted).copied().collect());
    let median = all.quantile(0.5)?;
    let above = |group: &Sample| {
        let rest = group.sorted().partition_point(|score| *score <= median);
        Rate { hits: group.count() - count(rest), of: group.count() }
    };
    Some((median, groups.iter().map(above).collect()))
}
