//! What another rule would have changed: who would have passed, and how the later pass rate would have moved.
//!
//! The past knows the later outcome of those whom the rule of then let through, and hardly of anybody else. So those whom
//! only the new rule lets through are kept apart, with how many outcomes of theirs are known: what they would have done
//! later is open, and no statistic closes it. [`Later::bounds`] says how far it is open.

use crate::{
    Estimate, Rate, Rows,
    math::{Z, real},
};

/// People parted by two rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WhatIf {
    /// Passed by both.
    pub kept: Later,
    /// Passed by the new rule alone.
    pub gained: Later,
    /// Passed by the old rule alone.
    pub lost: Later,
    /// Passed by neither.
    pub out: Later,
    /// Without a score by one of the rules.
    pub unjudged: u64,
}

/// People, and what is known of them later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Later {
    /// How many they are.
    pub count: u64,
    /// Those whose later outcome is known, and how many of them passed.
    pub known: Rate,
}

impl Later {
    /// Those whose later outcome is not known.
    #[must_use]
    pub fn unknown(self) -> u64 {
        self.count - self.known.of
    }

    /// The later pass rate of all of them at the least and at the most: if all unknown ones had failed, or passed (Manski
    /// 1989, "Anatomy of the selection problem"); `None` of nobody.
    #[must_use]
    pub fn bounds(self) -> Option<(f64, f64)> {
        let share = |hits| Rate { hits, of: self.count }.share();
        Some((share(self.known.hits)?, share(self.known.hits + self.unknown())?))
    }

    fn and(self, other: Self) -> Self {
        let known = [self.known, other.known].into_iter().sum();
        Self { count: self.count + other.count, known }
    }
}

impl WhatIf {
    /// Parts a chunk: whether the old and the new rule let a row pass (`None`: it has no score), and whether it passed
    /// later (`None`: that is not known).
    pub fn add(
        &mut self,
        rows: Rows<'_>,
        old: impl Fn(usize) -> Option<bool>,
        new: impl Fn(usize) -> Option<bool>,
        later: impl Fn(usize) -> Option<bool>,
    ) {
        rows.each(|row| {
            let people = match (old(row), new(row)) {
                (Some(true), Some(true)) => &mut self.kept,
                (Some(false), Some(true)) => &mut self.gained,
                (Some(true), Some(false)) => &mut self.lost,
                (Some(false), Some(false)) => &mut self.out,
                (None, _) | (_, None) => {
                    self.unjudged += 1;
                    return;
                }
            };
            people.count += 1;
            if let Some(passed) = later(row) {
                people.known.count(passed);
            }
        });
    }

    /// Those whom the old rule lets pass.
    #[must_use]
    pub fn former(&self) -> Later {
        self.kept.and(self.lost)
    }

    /// Those whom the new rule lets pass.
    #[must_use]
    pub fn revised(&self) -> Later {
        self.kept.and(self.gained)
    }

    /// By how much the later pass rate of those whose outcome is known is higher under the new rule, −1 to 1, with its
    /// interval; `None` where nothing is known of one side.
    ///
    /// Most people are the same under both rules, so the change is a sum of the rates of three groups that have nobody in
    /// common, each times what the rules give to it; its interval is that of such a sum (Zou, Huang and Zhang 2009, "A note
    /// on confidence interval estimation for a linear function of binomial proportions"), widened by how far the sizes of
    /// the groups are chance as well.
    #[must_use]
    pub fn change(&self) -> Option<Estimate> {
        let part = |part: Later, all: Later| Rate { hits: part.known.of, of: all.known.of };
        let (gained, lost) = (part(self.gained, self.revised()), part(self.lost, self.former()));
        let terms = [
            (lost.share()? - gained.share()?, self.kept),
            (gained.share()?, self.gained),
            (-lost.share()?, self.lost),
        ];
        let sizes = sway(gained, self.gained, self.kept).hypot(sway(lost, self.lost, self.kept));
        let (mut value, mut below, mut above) = (0.0, sizes, sizes);
        for (factor, people) in terms {
            // A group of which nothing is known has no part in either rate.
            let Some(rate) = people.known.estimate() else { continue };
            let (down, up) = (factor * (rate.value - rate.low), factor * (rate.high - rate.value));
            value += factor * rate.value;
            below = below.hypot(if factor < 0.0 { up } else { down });
            above = above.hypot(if factor < 0.0 { down } else { up });
        }
        Some(Estimate::new(value, (value - below).max(-1.0), (value + above).min(1.0)))
    }
}

/// How far a rate over two groups may be off because one of them is by chance as large a part as it is.
fn sway(part: Rate, one: Later, other: Later) -> f64 {
    let (Some(share), Some(one), Some(other)) = (part.share(), one.known.share(), other.known.share()) else {
        return 0.0; // there is one group only
    };
    Z * (one - other).abs() * (share * (1.0 - share) / real(part.of)).sqrt()
}
