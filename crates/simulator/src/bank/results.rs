//! Scores, emotion readings, skills and résumé reports that hang together: all follow from how able someone is.

use rand::{Rng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use super::positions::{PositionTemplate, SkillTemplate};
use crate::video::Clip;

/// An emotion reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// 紧张度, 积极度 or 自信.
    pub dimension: &'static str,
    /// 0–100.
    pub value: f64,
    /// The question during which it was read, by its number in the film.
    pub question: usize,
    /// From what it was read.
    pub modality: &'static str,
}

/// The result of one assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct Skill {
    /// What was assessed.
    pub name: &'static str,
    /// 0–100.
    pub score: f64,
    /// What was answered wrongly.
    pub mistakes: Vec<SkillMistake>,
    /// What the candidate is weak in.
    pub weak_points: Vec<&'static str>,
}

/// A wrong answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillMistake {
    /// The question.
    pub question: &'static str,
    /// The answer given.
    pub answer: &'static str,
    /// What would have been right.
    pub explanation: &'static str,
}

/// What the screening of the résumé found.
#[derive(Debug, Clone, PartialEq)]
pub struct ResumeResult {
    /// 0–100.
    pub score: f64,
    /// The keywords found.
    pub keywords: Vec<&'static str>,
    /// Why the candidate is recommended, or not.
    pub reasons: Vec<String>,
}

/// The model that reads emotions.
pub const EMOTION_SOURCE: &str = "ribbon-affect-1.4";

/// Half points from 0 to 100.
pub(super) fn halves(value: f64) -> f64 {
    (value.clamp(0.0, 100.0) * 2.0).round() / 2.0
}

/// The overall score: mean 74, deviation 11.
pub(super) fn score(rng: &mut ChaCha8Rng, ability: f64) -> f64 {
    halves((74.0 + 10.0 * ability + rng.random_range(-6.0..6.0)).clamp(32.0, 98.5))
}

/// A value near another.
pub(super) fn near(rng: &mut ChaCha8Rng, value: f64) -> f64 {
    halves(value + rng.random_range(-12.0..12.0))
}

/// How positive someone is on the whole.
pub(super) fn mood(rng: &mut ChaCha8Rng, ability: f64) -> f64 {
    (57.0 + 8.0 * ability + rng.random_range(-22.0..22.0)).clamp(8.0, 95.0)
}

/// Three readings for each question: nervous at first, and less so the more positive one is.
pub(super) fn emotions(rng: &mut ChaCha8Rng, clip: &Clip, mood: f64) -> Vec<Reading> {
    let mut readings = Vec::new();
    for (question, settled) in (0..clip.questions.len()).zip([0.0, 8.0, 4.0, 14.0]) {
        let mut read = |dimension, modality, base: f64| {
            let value = halves(base + rng.random_range(-6.0..6.0));
            readings.push(Reading { dimension, value, question, modality });
        };
        read("紧张度", "voice", 85.0 - mood * 0.7 - settled);
        read("积极度", "face", mood + settled / 4.0);
        read("自信", "words", 25.0 + mood * 0.6 + settled);
    }
    readings
}

/// The assessments of the position.
pub(super) fn skills(rng: &mut ChaCha8Rng, position: &PositionTemplate, score: f64) -> Vec<Skill> {
    position.skills.iter().map(|template| skill(rng, template, score)).collect()
}

fn skill(rng: &mut ChaCha8Rng, template: &'static SkillTemplate, overall: f64) -> Skill {
    let score = halves(overall + rng.random_range(-20.0..14.0));
    let faults = if score >= 90.0 {
        0
    } else if score >= 75.0 {
        1
    } else {
        2
    };
    let mistake = |&(question, answer, explanation): &(&'static str, &'static str, &'static str)| {
        SkillMistake { question, answer, explanation }
    };
    Skill {
        name: template.name,
        score,
        mistakes: template.mistakes.choose_multiple(rng, faults).map(mistake).collect(),
        weak_points: template.weak_points.choose_multiple(rng, faults).copied().collect(),
    }
}

/// The résumé report. The first candidate's always matches the first two keywords.
pub(super) fn resume(
    rng: &mut ChaCha8Rng,
    position: &PositionTemplate,
    score: f64,
    index: usize,
) -> ResumeResult {
    let count = rng.random_range(0..4);
    let drawn: Vec<&'static str> = position.keywords.choose_multiple(rng, count).copied().collect();
    let keywords = if index == 0 { position.keywords[..2].to_vec() } else { drawn };
    let score = near(rng, score);
    let verdict = if score >= 75.0 { "建议进入面试" } else { "匹配度一般，建议核实经历" };
    let mut reasons = vec![format!("与{}岗位匹配度 {score} 分，{verdict}。", position.name)];
    reasons.extend(keywords.iter().map(|keyword| format!("简历中提到{keyword}，符合岗位要求。")));
    ResumeResult { score, keywords, reasons }
}
