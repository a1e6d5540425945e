//! How far the people agree with one another, and with the AI.

use super::{Scorecard, mean};
use crate::{Interview, SkillAssessment, text::Line};

/// From how many points of 100 on two judgements differ: one step of the scale from 1 to 5. Less is no disagreement,
/// since nobody could have said it more finely.
pub const STEP: f64 = 25.0;

/// What the scorecards that were handed in say together, beside what the AI says. All values are 0–100.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// How many scorecards there are.
    pub people: usize,
    /// How many of them speak for the candidate.
    pub in_favour: usize,
    /// The mean of the people's means.
    pub mean: Option<f64>,
    /// The AI score.
    pub ai: Option<f64>,
    /// Each criterion that somebody scored.
    pub criteria: Vec<Judged>,
}

/// One criterion, as people and the AI see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The criterion.
    pub criterion: Line,
    /// The lowest score that somebody gave.
    pub lowest: f64,
    /// The mean.
    pub mean: f64,
    /// The highest.
    pub highest: f64,
    /// The AI's score for what has the same name: a criterion of the vendor's, or a skill.
    pub ai: Option<f64>,
}

impl Agreement {
    /// Of these scorecards, drafts left out; `None` while none was handed in.
    pub fn of<'a>(
        cards: impl IntoIterator<Item = &'a Scorecard>,
        interview: Option<&Interview>,
        skills: Option<&SkillAssessment>,
    ) -> Option<Self> {
        let cards: Vec<&Scorecard> = cards.into_iter().filter(|card| card.is_final()).collect();
        let mut criteria: Vec<&Line> = Vec::new();
        for mark in cards.iter().flat_map(|card| &card.judgement.marks) {
            if !criteria.contains(&&mark.criterion) {
                criteria.push(&mark.criterion);
            }
        }
        let judged = |criterion: &Line| {
            let marks = cards.iter().filter_map(|card| card.judgement.mark(criterion));
            Judged::of(criterion, marks.map(crate::Score::normalised), interview, skills)
        };
        let in_favour = |card: &&&Scorecard| card.judgement.recommendation.is_some_and(|of| of.is_for());
        (!cards.is_empty()).then(|| Self {
            people: cards.len(),
            in_favour: cards.iter().filter(in_favour).count(),
            mean: mean(cards.iter().filter_map(|card| card.judgement.mean())),
            ai: interview.and_then(Interview::score).map(crate::Score::normalised),
            criteria: criteria.into_iter().filter_map(judged).collect(),
        })
    }

    /// By how much the people stand above the AI; below it where it is negative.
    pub fn gap(&self) -> Option<f64> {
        Some(self.mean? - self.ai?)
    }

    /// Whether some speak for the candidate and others against.
    pub fn is_split(&self) -> bool {
        self.in_favour > 0 && self.in_favour < self.people
    }
}

impl Judged {
    fn of(
        criterion: &Line,
        marks: impl Iterator<Item = f64> + Clone,
        interview: Option<&Interview>,
        skills: Option<&SkillAssessment>,
    ) -> Option<Self> {
        let is_it = |name: &str| name.to_lowercase() == criterion.as_str().to_lowercase();
        let by_vendor = interview.and_then(|of| of.criteria.iter().find(|of| is_it(of.name.as_str())));
        let by_test = skills.and_then(|of| of.results.iter().find(|of| is_it(of.skill.as_str())));
        Some(Self {
            criterion: criterion.clone(),
            lowest: marks.clone().reduce(f64::min)?,
            highest: marks.clone().reduce(f64::max)?,
            mean: mean(marks)?,
            ai: by_vendor.map(|of| of.score).or(by_test.map(|of| of.score)).map(crate::Score::normalised),
        })
    }

    /// By how much the people stand above the AI.
    pub fn gap(&self) -> Option<f64> {
        Some(self.mean - self.ai?)
    }

    /// Whether the people differ by a step or more.
    pub fn is_split(&self) -> bool {
        self.highest - self.lowest >= STEP
    }
}
