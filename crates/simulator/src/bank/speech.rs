//! Answers put together from parts, so that a word which one candidate says is missing in most others.

use rand::{Rng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    positions::PositionTemplate,
    words::{
        CAREERS, CASES, CERTIFICATES, CLOSINGS, COMPLAINT_RESULTS, COMPLAINT_STEPS, DATA_CASES, DATA_STEPS,
        EXPERIENCES, HABITS, LOAN_CASES, LOAN_FACTORS, MAJORS, REASONS, STRENGTHS, UNIVERSITIES,
    },
};

/// The question of which the answers have themes.
pub(super) const WHY_US: &str = "为什么选择我们银行";

/// An answer to one of the films' questions.
pub(super) fn answer(rng: &mut ChaCha8Rng, position: &PositionTemplate, question: &str) -> String {
    let mut parts = match question {
        "请介绍一下你自己" => introduction(rng, position),
        WHY_US => why_us(rng),
        "如何应对客户投诉" => steps(rng, COMPLAINT_STEPS, CASES, COMPLAINT_RESULTS),
        "如何判断一笔贷款的风险" => steps(rng, LOAN_FACTORS, LOAN_CASES, CLOSINGS),
        "你怎样用数据发现问题" => steps(rng, DATA_STEPS, DATA_CASES, CLOSINGS),
        _ => career(rng),
    };
    if rng.random_ratio(1, 3) {
        parts.push(one(rng, CLOSINGS).to_owned());
    }
    parts.concat()
}

fn one(rng: &mut ChaCha8Rng, of: &[&'static str]) -> &'static str {
    of.choose(rng).copied().unwrap_or_default()
}

fn some(rng: &mut ChaCha8Rng, of: &[&'static str], count: usize) -> Vec<String> {
    of.choose_multiple(rng, count).map(|part| (*part).to_owned()).collect()
}

fn introduction(rng: &mut ChaCha8Rng, position: &PositionTemplate) -> Vec<String> {
    let (university, major) = (one(rng, UNIVERSITIES), one(rng, MAJORS));
    let mut parts = vec![format!("您好，我毕业于{university}，学的是{major}，应聘{}。", position.name)];
    parts.extend(some(rng, EXPERIENCES, 2));
    parts.extend(some(rng, STRENGTHS, 2));
    parts.push(one(rng, HABITS).to_owned());
    parts
}

/// One to three of the themes, each in one of its wordings.
fn why_us(rng: &mut ChaCha8Rng) -> Vec<String> {
    let count = rng.random_range(1..4);
    let themes: Vec<&[&str]> = REASONS.choose_multiple(rng, count).copied().collect();
    let mut parts: Vec<String> = themes.into_iter().map(|wordings| one(rng, wordings).to_owned()).collect();
    parts.push(one(rng, STRENGTHS).to_owned());
    parts
}

/// An answer that names the first themes, each with its likelihood, and one of the others.
pub(super) fn why_us_naming<const N: usize>(rng: &mut ChaCha8Rng, likelihoods: [f64; N]) -> String {
    let mut parts = Vec::new();
    for (wordings, likelihood) in REASONS.iter().zip(likelihoods) {
        if rng.random_bool(likelihood) {
            parts.push(one(rng, wordings));
        }
    }
    if let Some(wordings) = REASONS.get(N..).unwrap_or_default().choose(rng) {
        parts.push(one(rng, wordings));
    }
    parts.push(one(rng, STRENGTHS));
    parts.concat()
}

fn steps(
    rng: &mut ChaCha8Rng,
    steps: &[&'static str],
    cases: &[&'static str],
    ends: &[&'static str],
) -> Vec<String> {
    let mut parts = some(rng, steps, 3);
    parts.push(one(rng, cases).to_owned());
    parts.push(one(rng, ends).to_owned());
    parts
}

fn career(rng: &mut ChaCha8Rng) -> Vec<String> {
    let mut parts = some(rng, CAREERS, 2);
    parts.push(format!(
        "我计划在{}内考取{}。",
        one(rng, &["半年", "一年", "两年", "三年"]),
        one(rng, CERTIFICATES)
    ));
    parts.push(one(rng, EXPERIENCES).to_owned());
    parts
}
