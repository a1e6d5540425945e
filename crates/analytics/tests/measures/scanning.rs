//! The threshold finder finds what is there, and nothing where nothing is.

use dossier_analytics::{Finding, Lack, Rows, Scan, Separation, Verdict};
use proptest::prelude::*;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

/// Candidates with the scores of assessments, and whether they passed later.
struct Candidates {
    scores: Vec<Vec<f64>>,
    passed: Vec<Option<bool>>,
}

fn share(chance: &mut ChaCha8Rng) -> f64 {
    f64::from(chance.next_u32()) / f64::from(u32::MAX)
}

impl Candidates {
    /// Scores of 40–100; who is below 70 in the first assessment passes with one probability, who is not with another.
    fn made(seed: u64, count: usize, assessments: usize, below: f64, above: f64) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut scores = vec![Vec::new(); assessments];
        let mut passed = Vec::new();
        for _ in 0..count {
            for column in &mut scores {
                column.push((80.0 + 120.0 * share(&mut chance)).round() / 2.0);
            }
            let likely = if scores[0].last().is_some_and(|score| *score < 70.0) { below } else { above };
            passed.push(Some(share(&mut chance) < likely));
        }
        Self { scores, passed }
    }

    fn scan(&self, cuts: &[usize]) -> Scan {
        let mut scan = Scan::new(self.scores.len());
        let ends = cuts.iter().copied().chain([self.passed.len()]);
        let mut from = 0;
        for to in ends {
            for (assessment, scores) in self.scores.iter().enumerate() {
                scan.add(
                    Rows::all(to - from),
                    assessment,
                    |row| scores[from + row],
                    |row| self.passed[from + row],
                );
            }
            from = to;
        }
        scan
    }

    fn findings(&self) -> Vec<Finding> {
        self.scan(&[]).findings(7)
    }
}

fn confirmed(finding: &Finding) -> Option<&Separation> {
    match &finding.verdict {
        Verdict::Confirmed(separation) => Some(separation),
        _ => None,
    }
}

#[test]
fn a_planted_cut_off_is_found_with_its_rates() {
    let findings = Candidates::made(3, 2000, 20, 0.3, 0.6).findings();
    let found = confirmed(&findings[0]).expect("the first assessment tells");
    assert!((68..=72).contains(&found.cut), "{found:?}");
    let (below, above) = (found.sides.first.estimate().unwrap(), found.sides.second.estimate().unwrap());
    assert!(below.low < 0.3 && 0.3 < below.high && above.low < 0.6 && 0.6 < above.high, "{found:?}");
    let difference = found.sides.difference().map(|of| of.value);
    assert!(found.p_value < 1e-6 && difference.is_some_and(|of| (0.2..0.4).contains(&of)), "{found:?}");
    assert!(findings[1..].iter().all(|other| matches!(other.verdict, Verdict::Chance(_))), "{findings:?}");
}

#[test]
fn noise_is_called_noise() {
    let confirmed =
        |seed| Candidates::made(seed, 400, 10, 0.5, 0.5).findings().iter().any(|it| confirmed(it).is_some());
    let significant = |seed| {
        let findings = Candidates::made(seed, 400, 10, 0.5, 0.5).findings();
        findings.iter().any(|found| !matches!(found.verdict, Verdict::Chance(_)))
    };
    // Of 200 banks without any effect, 10 are expected to look significant; more than 20 would come once in 700 times.
    assert!((0..200).filter(|seed| significant(*seed)).count() <= 20);
    assert!((0..200).filter(|seed| confirmed(*seed)).count() <= 5);
}

#[test]
fn too_little_data_is_called_that() {
    let verdict =
        |count, below, above| Candidates::made(1, count, 1, below, above).findings()[0].verdict.clone();
    assert_eq!(verdict(39, 0.0, 1.0), Verdict::NotEnough(Lack::Outcomes { needed: 40 }));
    assert_eq!(verdict(500, 1.0, 1.0), Verdict::NotEnough(Lack::EachOutcome { needed: 10 }));
    assert!(matches!(verdict(500, 0.1, 0.9), Verdict::Confirmed(_)));
}

#[test]
fn an_assessment_that_misleads_is_found_as_well() {
    let findings = Candidates::made(5, 1000, 2, 0.7, 0.3).findings();
    let found = confirmed(&findings[0]).expect("lower scores pass more often");
    assert!(found.sides.difference().unwrap().high < 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn neither_chunks_nor_order_change_a_finding(seed: u64, cut in 0usize..=300) {
        let candidates = Candidates::made(seed, 300, 3, 0.4, 0.6);
        let mut turned = Candidates { scores: candidates.scores.clone(), passed: candidates.passed.clone() };
        turned.scores.iter_mut().for_each(|scores| scores.reverse());
        turned.passed.reverse();
        let findings = candidates.findings();
        prop_assert_eq!(&candidates.scan(&[cut]).findings(7), &findings);
        prop_assert_eq!(&turned.findings(), &findings);
    }

    #[test]
    fn the_sides_of_a_cut_off_are_those_that_a_search_finds(seed: u64) {
        let candidates = Candidates::made(seed, 200, 1, 0.2, 0.8);
        let finding = &candidates.findings()[0];
        let (Verdict::Chance(found) | Verdict::Unconfirmed(found) | Verdict::Confirmed(found)) = &finding.verdict else {
            return Ok(());
        };
        let below = candidates.scores[0].iter().zip(&candidates.passed).filter(|(score, _)| **score < f64::from(found.cut));
        let (of, hits) = below.fold((0, 0), |(of, hits), (_, passed)| (of + 1, hits + u64::from(*passed == Some(true))));
        prop_assert_eq!((found.sides.first.of, found.sides.first.hits), (of, hits));
        prop_assert_eq!(found.sides.first.of + found.sides.second.of, finding.known.of);
    }
}
