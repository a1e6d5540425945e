//! The threshold finder: which assessment, cut where, tells best who will pass later.
//!
//! Who looks at many assessments and many cut-offs always finds one that seems to tell. So each finding is corrected for
//! all that was looked at: for the cut-offs of one assessment by the distribution of the largest of such statistics (Miller
//! and Siegmund 1982, "Maximally selected chi square statistics", as Altman, Lausen, Sauerbrei and Schumacher use it,
//! 1994), and for the number of assessments by Holm (1979). It is then looked for in one half of the data and checked in
//! the other.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use crate::{Comparison, Rate, Rows, math};

/// Scores are told apart by whole points, 0–100.
const POINTS: usize = 101;
/// Each side of a cut-off has at least this share of all.
const SMALLEST_SHARE: f64 = 0.1;
/// With fewer known outcomes nothing is looked for.
const FEWEST: u64 = 40;
/// Each outcome, and each side of a cut-off, has at least so many.
const FEWEST_OF_EACH: u64 = 10;
/// Below this, chance is no longer taken for the cause.
const SIGNIFICANT: f64 = 0.05;

/// Scores of several assessments and what came later, counted by points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    assessments: Vec<[Rate; POINTS]>,
}

/// What was found for one assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Those with a score and a known outcome, and how many of them passed later.
    pub known: Rate,
    /// What can be said.
    pub verdict: Verdict,
}

/// What can be said of an assessment.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nothing: there is not enough data.
    NotEnough(Lack),
    /// The best cut-off tells no more than chance would.
    Chance(Separation),
    /// The best cut-off tells more than chance would, but the hold-out check did not show it.
    Unconfirmed(Separation),
    /// The best cut-off tells more than chance would, and the hold-out check showed it as well.
    Confirmed(Separation),
}

/// What is lacking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Known outcomes.
    Outcomes {
        /// So many would be needed.
        needed: u64,
    },
    /// Later passes, or later failures.
    EachOutcome {
        /// So many of each would be needed.
        needed: u64,
    },
    /// Scores that differ: no cut-off has enough people on both sides.
    Spread,
}

/// A cut-off and its two sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Separation {
    /// The cut-off: scores below it against scores at or above it.
    pub cut: u8,
    /// The later pass rate below the cut-off, and at or above it. The intervals of the two sides don't know that the
    /// cut-off was chosen for their sake; those of the hold-out do.
    pub sides: Comparison,
    /// How likely so clear a separation is by chance, for all that was looked at.
    pub p_value: f64,
    /// The check in the other half of the data; `None` where one half alone has too few.
    pub held_out: Option<HeldOut>,
}

/// A cut-off that was found in one half of the data, in the other half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldOut {
    /// The cut-off that was best in the first half.
    pub cut: u8,
    /// Its two sides in the second half.
    pub sides: Comparison,
}

impl Separation {
    /// Whether the other half shows the same direction, and not by chance.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.held_out.is_some_and(|held| {
            held.sides.z() * self.sides.z() > 0.0 && held.sides.p_value().is_some_and(|p| p < SIGNIFICANT)
        })
    }
}

impl Scan {
    /// So many assessments, nothing counted yet.
    #[must_use]
    pub fn new(assessments: usize) -> Self {
        Self { assessments: vec![[Rate::default(); POINTS]; assessments] }
    }

    /// Counts a chunk for one assessment: the scores, 0–100, and whether each row passed later. Left out are scores that
    /// are not finite, and unknown outcomes; scores outside of 0–100 count as the nearest end.
    #[inline]
    pub fn add(
        &mut self,
        rows: Rows<'_>,
        assessment: usize,
        score: impl Fn(usize) -> f64,
        passed: impl Fn(usize) -> Option<bool>,
    ) {
        let Some(points) = self.assessments.get_mut(assessment) else { return };
        rows.each(|row| {
            let score = score(row);
            if let Some(passed) = passed(row).filter(|_| score.is_finite()) {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "clamped to the points"
                )]
                points[score.clamp(0.0, 100.0) as usize].count(passed);
            }
        });
    }

    /// What can be said of each assessment. The same counts and seed give the same findings.
    #[must_use]
    pub fn findings(&self, seed: u64) -> Vec<Finding> {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut found: Vec<Result<Separation, Lack>> =
            self.assessments.iter().map(|points| separation(points, &mut chance)).collect();
        hold_for_all(found.iter_mut().flatten().map(|separation| &mut separation.p_value).collect());
        let finding = |(points, found): (&[Rate; POINTS], Result<Separation, Lack>)| Finding {
            known: points.iter().copied().sum(),
            verdict: match found {
                Err(lack) => Verdict::NotEnough(lack),
                Ok(separation) if separation.p_value >= SIGNIFICANT => Verdict::Chance(separation),
                Ok(separation) if separation.is_confirmed() => Verdict::Confirmed(separation),
                Ok(separation) => Verdict::Unconfirmed(separation),
            },
        };
        self.assessments.iter().zip(found).map(finding).collect()
    }
}

fn separation(points: &[Rate; POINTS], chance: &mut ChaCha8Rng) -> Result<Separation, Lack> {
    let all: Rate = points.iter().copied().sum();
    if all.of < FEWEST {
        return Err(Lack::Outcomes { needed: FEWEST });
    }
    if all.hits.min(all.misses()) < FEWEST_OF_EACH {
        return Err(Lack::EachOutcome { needed: FEWEST_OF_EACH });
    }
    let cuts: Vec<(u8, Comparison)> = cuts(points, FEWEST_OF_EACH).collect();
    let (cut, sides) = best(&cuts).ok_or(Lack::Spread)?;
    let (training, rest) = halves(points, chance);
    let found = best(&self::cuts(&training, FEWEST_OF_EACH / 2).collect::<Vec<_>>());
    let held_out = found.map(|(cut, _)| HeldOut { cut, sides: at(&rest, cut) });
    let held_out = held_out.filter(|held| held.sides.first.of > 0 && held.sides.second.of > 0);
    Ok(Separation { cut, sides, p_value: corrected(&cuts, sides), held_out })
}

/// The cut-offs with enough people on both sides.
fn cuts(points: &[Rate; POINTS], fewest: u64) -> impl Iterator<Item = (u8, Comparison)> + '_ {
    let all: Rate = points.iter().copied().sum();
    let enough =
        move |side: Rate| side.of >= fewest && math::real(side.of) >= SMALLEST_SHARE * math::real(all.of);
    let mut below = Rate::default();
    (1u8..).zip(points).filter_map(move |(cut, point)| {
        below += *point;
        let sides =
            Comparison { first: below, second: Rate { hits: all.hits - below.hits, of: all.of - below.of } };
        // A cut-off between points that nobody has is the same as the one before.
        (point.of > 0 && enough(sides.first) && enough(sides.second)).then_some((cut, sides))
    })
}

fn at(points: &[Rate; POINTS], cut: u8) -> Comparison {
    let (below, above) = points.split_at(usize::from(cut).min(POINTS));
    Comparison { first: below.iter().copied().sum(), second: above.iter().copied().sum() }
}

/// The cut-off whose sides differ most; the lowest of equals.
fn best(cuts: &[(u8, Comparison)]) -> Option<(u8, Comparison)> {
    cuts.iter().rev().max_by(|a, b| a.1.z().abs().total_cmp(&b.1.z().abs())).copied()
}

/// The p-value of the best of these cut-offs: by Miller and Siegmund, but never above what counting each cut-off as a look
/// of its own gives, nor below what a single look would.
fn corrected(cuts: &[(u8, Comparison)], best: Comparison) -> f64 {
    let single = math::two_sided(best.z());
    let share =
        |sides: &Comparison| math::real(sides.first.of) / math::real(sides.first.of + sides.second.of);
    let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else { return 1.0 };
    let selected = maximally_selected(best.z().abs(), share(&first.1), share(&last.1));
    selected.min(single * math::real(math::count(cuts.len()))).clamp(single, 1.0)
}

/// How likely the largest of the standardised statistics over cut-offs between two shares of all reaches `z`.
fn maximally_selected(z: f64, from: f64, to: f64) -> f64 {
    if z <= 1.0 {
        return 1.0; // the approximation is one for the tail
    }
    let range = ((to * (1.0 - from)) / (from * (1.0 - to))).ln();
    math::density(z) * ((z - 1.0 / z) * range + 4.0 / z)
}

/// Two random halves. People with the same points and outcome are alike here, so it is enough to halve each such count.
fn halves(points: &[Rate; POINTS], chance: &mut ChaCha8Rng) -> ([Rate; POINTS], [Rate; POINTS]) {
    let mut heads = |coins: u64| -> u64 {
        let whole: u64 = (0..coins / 64).map(|_| u64::from(chance.next_u64().count_ones())).sum();
        whole + u64::from((chance.next_u64() & ((1 << (coins % 64)) - 1)).count_ones())
    };
    let first = points.map(|point| {
        let (hits, misses) = (heads(point.hits), heads(point.misses()));
        Rate { hits, of: hits + misses }
    });
    let mut second = *points;
    for (rest, taken) in second.iter_mut().zip(&first) {
        *rest = Rate { hits: rest.hits - taken.hits, of: rest.of - taken.of };
    }
    (first, second)
}

/// Corrects p-values for their number, by Holm.
fn hold_for_all(mut p_values: Vec<&mut f64>) {
    p_values.sort_unstable_by(|a, b| a.total_cmp(b));
    let mut looks = math::count(p_values.len());
    let mut lowest = 0.0f64;
    for p_value in p_values {
        lowest = lowest.max(*p_value * math::real(looks)).min(1.0);
        *p_value = lowest;
        looks -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_correction_is_that_of_altman_and_others() {
        // Altman et al. 1994, eq. 2 and 3: their simple forms for 5 % and 10 % on each side, good from 0.0001 to 0.1.
        for z in [2.8, 3.0, 3.3, 3.6] {
            let p = math::two_sided(z);
            for (share, simple) in
                [(0.05, -3.13 * p * (1.0 + 1.65 * p.ln())), (0.1, -1.63 * p * (1.0 + 2.35 * p.ln()))]
            {
                let full = maximally_selected(z, share, 1.0 - share);
                assert!((full / simple - 1.0).abs() < 0.06, "{z} {share}: {full} {simple}");
            }
        }
    }

    #[test]
    fn holm_corrects_in_order() {
        // Holm's procedure by hand: 4 × 0.005, 3 × 0.011, 2 × 0.02, and the last not below the one before.
        let mut p = [0.02, 0.005, 0.03, 0.011];
        hold_for_all(p.iter_mut().collect());
        for (found, wanted) in p.into_iter().zip([0.04, 0.02, 0.04, 0.033]) {
            assert!((found - wanted).abs() < 1e-12, "{p:?}");
        }
    }

    #[test]
    fn halves_are_halves() {
        let mut points = [Rate::default(); POINTS];
        points[70] = Rate { hits: 100_000, of: 300_000 };
        let (first, second) = halves(&points, &mut ChaCha8Rng::seed_from_u64(1));
        assert_eq!(first[70].hits + second[70].hits, 100_000);
        assert_eq!(first[70].of + second[70].of, 300_000);
        assert!(first[70].of.abs_diff(150_000) < 1500, "within five standard deviations: {first:?}");
    }
}
