//! How a position judges: scores of several assessments as one, and the mark from which an interview is passed.

use serde::{Deserialize, Serialize};

use crate::{
    Language,
    position::{Position, Weight},
    text::SkillName,
};

/// The rule by which a position counts an AI interview as passed. Vendors' scores are no part of it: they stay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scoring {
    /// The share of each assessment in the weighted score; what they leave of the whole is the AI score's.
    #[serde(default)]
    pub weights: Vec<Weight>,
    /// The weighted score, 0–100, from which an interview is passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_mark: Option<f64>,
}

/// Why a rule makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Language::English))]
pub enum ScoringError {
    /// More assessments have shares than anybody weighs.
    TooMany,
    /// A share is not between 0 and 1, or together they are more than the whole.
    Share,
    /// An assessment has two shares.
    Twice,
    /// The pass mark is no score.
    PassMark,
}

impl ScoringError {
    /// What people read.
    pub fn message(self, language: Language) -> String {
        let most = Scoring::MOST_WEIGHTS;
        let (zh, en) = match self {
            Self::TooMany => (
                format!("有占比的测评最多 {most} 项"),
                format!("no more than {most} assessments have shares"),
            ),
            Self::Share => (
                "各测评的占比须在 0 到 100% 之间，合计不超过 100%".to_owned(),
                "the shares of assessments are between 0 and 100 %, and come to 100 % at most".to_owned(),
            ),
            Self::Twice => ("同一测评有两个占比".to_owned(), "an assessment has two shares".to_owned()),
            Self::PassMark => (
                "通过分数线须在 0 到 100 之间".to_owned(),
                "a pass mark must be between 0 and 100".to_owned(),
            ),
        };
        match language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

impl Scoring {
    /// So many assessments have a share at most.
    pub const MOST_WEIGHTS: usize = 40;

    /// Whether the rule makes sense.
    ///
    /// # Errors
    /// What does not.
    pub fn check(&self) -> Result<(), ScoringError> {
        if self.weights.len() > Self::MOST_WEIGHTS {
            return Err(ScoringError::TooMany);
        }
        let shares = || self.weights.iter().map(|weight| weight.share);
        // A little more than the whole is rounding, as in 0.1 + 0.2 + 0.7.
        if !shares().all(|share| (0.0..=1.0).contains(&share)) || shares().sum::<f64>() > 1.0 + 1e-9 {
            return Err(ScoringError::Share);
        }
        let is_twice = |(place, weight): (usize, &Weight)| {
            self.weights[..place].iter().any(|other| other.skill == weight.skill)
        };
        if self.weights.iter().enumerate().any(is_twice) {
            return Err(ScoringError::Twice);
        }
        if self.pass_mark.is_some_and(|mark| !(0.0..=100.0).contains(&mark)) {
            return Err(ScoringError::PassMark);
        }
        Ok(())
    }
}

impl Scoring {
    /// Whether it says nothing: no weights, no pass mark.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The weighted mean of the AI score and the scores of the assessments, 0–100.
    ///
    /// What is missing leaves its share to what is there, in proportion. `None` where less than half of the whole is there:
    /// a score that rests on little else than what happens to be known would be compared with whole ones.
    pub fn weighted(&self, ai: Option<f64>, assessment: impl Fn(&SkillName) -> Option<f64>) -> Option<f64> {
        let shares: f64 = self.weights.iter().map(|weight| weight.share).sum();
        let parts = self.weights.iter().map(|weight| (weight.share, assessment(&weight.skill)));
        let (mut whole, mut there, mut sum) = (0.0, 0.0, 0.0);
        for (share, score) in parts.chain([((1.0 - shares).max(0.0), ai)]) {
            whole += share;
            if let Some(score) = score.filter(|score| score.is_finite()) {
                there += share;
                sum += share * score;
            }
        }
        (there > 0.0 && there * 2.0 >= whole).then(|| sum / there)
    }

    /// Whether an interview is passed; `None` where there is no pass mark, or too little to judge by.
    pub fn passes(&self, ai: Option<f64>, assessment: impl Fn(&SkillName) -> Option<f64>) -> Option<bool> {
        self.pass_mark.and(self.weighted(ai, assessment)).and_then(|score| self.reaches(score))
    }

    /// Whether the score by which it judges reaches the pass mark.
    fn reaches(&self, score: f64) -> Option<bool> {
        // Sums of shares are rounded: what is 74 on paper must not miss 74 by the last bit.
        let rounded = |score: f64| (score * 1e9).round() / 1e9;
        self.pass_mark.map(|mark| rounded(score) >= mark)
    }
}

impl Scoring {
    /// What people read: `客户沟通模拟测评 30%，分数线 74`.
    pub fn label(&self, language: Language) -> String {
        let percent = |share: f64| (share * 1e4).round() / 1e2;
        let weights =
            self.weights.iter().map(|weight| format!("{} {}%", weight.skill, percent(weight.share)));
        let mark = self.pass_mark.map(|mark| format!("{} {mark}", language.pick("分数线", "pass mark")));
        let parts: Vec<String> = weights.chain(mark).collect();
        match parts.is_empty() {
            true => language.pick("未设规则", "no rule").to_owned(),
            false => parts.join(language.pick("，", ", ")),
        }
    }
}

impl Position {
    /// The rule by which it judges now.
    pub fn scoring(&self) -> Scoring {
        Scoring { weights: self.weights.clone(), pass_mark: self.pass_mark }
    }

    /// Whether it lets an application with these scores pass: by the weighted one where it has weights, else by the AI
    /// score. `None` where there is no pass mark, or no such score.
    pub fn passes(&self, ai: Option<f64>, weighted: Option<f64>) -> Option<bool> {
        let score = if self.weights.is_empty() { ai } else { weighted };
        self.scoring().reaches(score.filter(|score| score.is_finite())?)
    }

    /// The same position, judging by another rule.
    #[must_use]
    pub fn judging_by(self, rule: Scoring) -> Self {
        Self { weights: rule.weights, pass_mark: rule.pass_mark, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scoring(shares: &[(&str, f64)], pass_mark: Option<f64>) -> Scoring {
        let weight =
            |(skill, share): &(&str, f64)| Weight { skill: SkillName::parse(skill).unwrap(), share: *share };
        Scoring { weights: shares.iter().map(weight).collect(), pass_mark }
    }

    #[test]
    fn a_rule_makes_sense_or_says_what_does_not() {
        for (rule, answer) in [
            (scoring(&[("Python", 0.1), ("SQL", 0.2), ("Java", 0.7)], Some(70.0)), Ok(())),
            (scoring(&[], None), Ok(())),
            (scoring(&[("Python", 0.6), ("SQL", 0.5)], None), Err(ScoringError::Share)),
            (scoring(&[("Python", -0.1)], None), Err(ScoringError::Share)),
            (scoring(&[("Python", f64::NAN)], None), Err(ScoringError::Share)),
            (scoring(&[("Python", 0.1), ("Python", 0.1)], None), Err(ScoringError::Twice)),
            (scoring(&[], Some(100.5)), Err(ScoringError::PassMark)),
            (scoring(&[], Some(f64::NAN)), Err(ScoringError::PassMark)),
            (scoring(&[("SQL", 0.0); 41], None), Err(ScoringError::TooMany)),
        ] {
            assert_eq!(rule.check(), answer, "{rule:?}");
        }
    }

    fn weighted(shares: &[(&str, f64)], ai: Option<f64>, scores: &[(&str, f64)]) -> Option<f64> {
        let of = |skill: &SkillName| {
            scores.iter().find(|(name, _)| *name == skill.as_str()).map(|(_, score)| *score)
        };
        let weighted = scoring(shares, None).weighted(ai, of);
        weighted.map(|score| (score * 1e6).round() / 1e6)
    }

    #[test]
    fn the_ai_score_has_what_the_assessments_leave() {
        assert_eq!(weighted(&[("沟通", 0.2)], Some(80.0), &[("沟通", 60.0)]), Some(76.0));
        assert_eq!(weighted(&[("沟通", 0.3)], Some(80.0), &[("沟通", 60.0)]), Some(74.0));
        assert_eq!(weighted(&[], Some(80.0), &[("沟通", 60.0)]), Some(80.0));
        assert_eq!(weighted(&[("沟通", 1.0)], Some(80.0), &[("沟通", 60.0)]), Some(60.0));
    }

    #[test]
    fn what_is_missing_leaves_its_share_to_the_rest() {
        let shares = [("沟通", 0.2), ("Python", 0.3)];
        assert_eq!(weighted(&shares, Some(80.0), &[("沟通", 60.0)]), Some(74.285_714));
        assert_eq!(weighted(&shares, None, &[("沟通", 60.0)]), None, "a fifth is not enough");
        assert_eq!(weighted(&shares, None, &[("沟通", 60.0), ("Python", 80.0)]), Some(72.0));
        assert_eq!(weighted(&shares, Some(f64::NAN), &[("Python", f64::INFINITY)]), None);
    }

    #[test]
    fn a_rule_is_told_in_words() {
        let rule = scoring(&[("沟通", 0.3), ("Python", 0.125)], Some(74.5));
        assert_eq!(rule.label(Language::Chinese), "沟通 30%，Python 12.5%，分数线 74.5");
        assert_eq!(scoring(&[], Some(60.0)).label(Language::English), "pass mark 60");
        assert_eq!(scoring(&[], None).label(Language::English), "no rule");
    }

    #[test]
    fn the_mark_itself_is_passed() {
        let rule = scoring(&[("沟通", 0.1), ("Python", 0.2)], Some(74.0));
        let of = |score: f64| move |_: &SkillName| Some(score);
        assert_eq!(rule.passes(Some(74.0), of(74.0)), Some(true));
        assert_eq!(rule.passes(Some(74.0), of(73.5)), Some(false));
        assert_eq!(rule.passes(None, |_| None), None);
        assert_eq!(scoring(&[], None).passes(Some(74.0), of(74.0)), None);
    }

    fn score() -> impl Strategy<Value = Option<f64>> {
        prop::option::weighted(0.8, 0.0f64..=100.0)
    }

    proptest! {
        #[test]
        fn a_weighted_score_lies_between_its_parts_and_rises_with_them(
            shares in prop::collection::vec(0.0f64..0.33, 3),
            scores in prop::collection::vec(score(), 3),
            ai in score(),
            place in 0usize..3,
        ) {
            let names = ["沟通", "Python", "SQL"];
            let rule = scoring(&names.into_iter().zip(shares).collect::<Vec<_>>(), None);
            let of = |scores: &[Option<f64>]| {
                let scores = scores.to_vec();
                move |skill: &SkillName| names.iter().position(|name| *name == skill.as_str()).and_then(|place| scores[place])
            };
            let here = rule.weighted(ai, of(&scores));
            let there = || scores.iter().copied().chain([ai]).flatten();
            let (low, high) = (there().fold(100.0, f64::min), there().fold(0.0, f64::max));
            prop_assert!(here.is_none_or(|here| (low - 1e-9..=high + 1e-9).contains(&here)));
            let mut better = scores.clone();
            better[place] = better[place].map(|score| score + 1.0);
            let raised = rule.weighted(ai, of(&better));
            prop_assert_eq!(here.is_some(), raised.is_some());
            prop_assert!(here.zip(raised).is_none_or(|(here, raised)| raised >= here - 1e-9));
        }
    }
}
