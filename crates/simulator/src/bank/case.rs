//! The case: a bank of which the truth is known, so that reports can be held against it.
//!
//! It is the bank that introduces an archive such as ours in 2023. Its account managers pass the AI interview by a
//! weighted score of which the test of talking to customers is a fifth. Those weak in it do well in the AI interview and
//! badly with people, so in October the bank raises its part to three tenths, and more of those who come to the human
//! interview pass it. Hiring takes 45 days until July, and 30 from then on.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use dossier_domain::{BankZone, Outcome, Stage};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{POSITIONS, PositionTemplate, Sitting, ability, milliseconds, results, speech};

/// The share of account managers who pass the AI interview under the first weight.
pub const AI_PASS_RATE: f64 = 0.75;
/// The part of the test of talking to customers in the weighted score: at first, and from October on.
pub const WEIGHTS: (f64, f64) = (0.2, 0.3);
/// The weighted score from which account managers pass the AI interview.
pub const PASS_MARK: f64 = 74.0;
/// The score in that test below which few pass the human interview.
pub const THRESHOLD: f64 = 70.0;
/// The share of those below the threshold who pass the human interview.
pub const PASS_RATE_BELOW: f64 = 0.3;
/// The share of those at or above it who do.
pub const PASS_RATE_ABOVE: f64 = 0.587;
/// The share of all who came to the human interview and pass it: under the first weight, and under the second.
pub const HUMAN_PASS_RATES: (f64, f64) = (0.44, 0.5);
/// The share of answers to 为什么选择我们银行 that name 企业文化, and 发展前景.
pub const THEMES: [(&str, f64); 2] = [("企业文化", 0.4), ("发展前景", 0.35)];
/// The share of developers with at least 80 in Python.
pub const PYTHON_FROM_80: f64 = 0.6;
/// Days from the AI interview to being hired: until July, and from then on.
pub const CYCLES: (f64, f64) = (45.0, 30.0);

/// The month with which hiring becomes quicker.
const QUICKER: u32 = 7;
/// The month with which the weight changes.
const REWEIGHTED: u32 = 10;
/// The parts of a cycle that the AI interview, the human interview, the background check and the offer take.
const PARTS: [f64; 4] = [0.15, 0.4, 0.25, 0.2];

/// What people decided about an application, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: DateTime<Utc>,
    /// The stage to which it moves.
    pub to: Stage,
    /// The outcome of the stage that it leaves.
    pub outcome: Outcome,
    /// Why.
    pub reason: &'static str,
}

/// Mostly account managers, then developers, then the others.
pub(super) fn position(
    rng: &mut ChaCha8Rng,
    positions: &'static [PositionTemplate],
) -> &'static PositionTemplate {
    let number = match rng.random_range(0..100) {
        0..60 => 0,
        60..85 => 1,
        _ => rng.random_range(0..positions.len()),
    };
    positions.get(number).unwrap_or(&POSITIONS[0])
}

/// Makes an interview one of the case.
pub(super) fn tell(rng: &mut ChaCha8Rng, sitting: &mut Sitting) {
    for turn in &mut sitting.turns {
        if turn.question == speech::WHY_US {
            turn.answer = speech::why_us_naming(rng, THEMES.map(|(_, share)| share));
        }
    }
    let Some(first) = sitting.skills.first_mut() else { return };
    if is_account_manager(sitting.position) {
        let talking =
            if rng.random_bool(0.55) { rng.random_range(30.0..70.0) } else { rng.random_range(70.0..100.5) };
        first.score = (talking * 2.0_f64).floor() / 2.0;
        sitting.score = results::halves(78.0 - 0.2 * (first.score - THRESHOLD) + 4.0 * ability(rng));
    } else if first.name == "Python" {
        let able = rng.random_bool(PYTHON_FROM_80);
        let score = if able { rng.random_range(80.0..100.5) } else { rng.random_range(40.0..80.0) };
        first.score = (score * 2.0_f64).floor() / 2.0;
    }
}

/// What people decide about an interview of the case.
pub(super) fn decisions(rng: &mut ChaCha8Rng, sitting: &Sitting) -> Vec<Decision> {
    let passes_human = rng.random_bool(human_pass_rate(sitting));
    let accepts = rng.random_bool(0.95);
    let ends = [
        (passes_ai(sitting), Stage::Rejected, Outcome::Failed, "加权得分未达到分数线"),
        (passes_human, Stage::Rejected, Outcome::Failed, "人工面试评价不符合岗位要求"),
        (true, Stage::Rejected, Outcome::Failed, "背景调查不符"),
        (accepts, Stage::Withdrawn, Outcome::Withdrawn, "候选人接受了其他机会"),
    ];
    let next = [Stage::HumanInterview, Stage::BackgroundCheck, Stage::Offer, Stage::Hired];
    let cycle = (if month(sitting) < QUICKER { CYCLES.0 } else { CYCLES.1 }) + 3.0 * ability(rng);
    let mut at = sitting.ended_at;
    let mut decisions = Vec::new();
    for ((passes, end, outcome, reason), (to, part)) in ends.into_iter().zip(next.into_iter().zip(PARTS)) {
        at += TimeDelta::milliseconds(milliseconds(cycle * part * 86_400.0));
        if !passes {
            decisions.push(Decision { at, to: end, outcome, reason });
            break;
        }
        decisions.push(Decision { at, to, outcome: Outcome::Passed, reason: "符合要求" });
    }
    decisions
}

fn passes_ai(sitting: &Sitting) -> bool {
    if !is_account_manager(sitting.position) {
        return sitting.score >= 70.0;
    }
    let talking = sitting.skills.first().map_or(0.0, |skill| skill.score);
    let weight = if month(sitting) < REWEIGHTED { WEIGHTS.0 } else { WEIGHTS.1 };
    (1.0 - weight) * sitting.score + weight * talking >= PASS_MARK
}

fn human_pass_rate(sitting: &Sitting) -> f64 {
    match sitting.skills.first() {
        Some(talking) if is_account_manager(sitting.position) => {
            if talking.score < THRESHOLD {
                PASS_RATE_BELOW
            } else {
                PASS_RATE_ABOVE
            }
        }
        _ => 0.5,
    }
}

fn is_account_manager(position: &PositionTemplate) -> bool {
    position.flow == POSITIONS[0].flow
}

/// The month in which it was, for the bank.
fn month(sitting: &Sitting) -> u32 {
    BankZone::default().date(sitting.started_at).month()
}
