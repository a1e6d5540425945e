//! A scorecard is one interviewer's judgement of one application, after the human interview.

mod agreement;
mod change;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use agreement::{Agreement, Judged, STEP};
pub use change::{JudgementChange, NoteNamed};

use crate::{
    ApplicationId, CandidateId, Language, Scale, Score, UserId,
    text::{Line, Prose},
};

/// So many criteria a position has at most.
pub const MOST_CRITERIA: usize = 20;
/// So many notes a scorecard holds at most.
pub const MOST_NOTES: usize = 200;
/// So many characters a summary has at most.
pub const LONGEST_SUMMARY: usize = 10_000;
/// No video is longer than a day, in seconds.
const LONGEST_VIDEO: f64 = 86_400.0;

/// One interviewer's judgement of one application: a draft until it is handed in, and final from then on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// Whom it is about.
    pub candidate: CandidateId,
    /// The application.
    pub application: ApplicationId,
    /// Who judges.
    pub by: UserId,
    /// What they say.
    pub judgement: Judgement,
    /// How often it was written; the first time is 1.
    pub revision: u32,
    /// When it was written last.
    pub written_at: DateTime<Utc>,
    /// When it was handed in; absent while it is a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_in_at: Option<DateTime<Utc>>,
}

impl Scorecard {
    /// Whether it was handed in, and can't be changed any more.
    pub fn is_final(&self) -> bool {
        self.handed_in_at.is_some()
    }
}

/// What an interviewer says of a candidate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Judgement {
    /// The scores, each for one criterion; in a draft some may be missing.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// Whether the candidate should be taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<Recommendation>,
    /// In their own words.
    #[serde(default)]
    pub summary: Prose,
    /// What they noted while they watched or talked.
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// The score for one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// The criterion, as the position names it.
    pub criterion: Line,
    /// The score, on the scale on which it was given.
    pub score: Score,
}

/// A note, tied to a place in the video where it has one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// The second of the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    /// What was noted.
    pub text: Line,
}

/// Whether the candidate should be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recommendation {
    /// 强烈推荐
    StronglyFor,
    /// 推荐
    For,
    /// 不推荐
    Against,
    /// 强烈不推荐
    StronglyAgainst,
}

impl Recommendation {
    /// All recommendations, the most favourable first.
    pub const ALL: [Self; 4] = [Self::StronglyFor, Self::For, Self::Against, Self::StronglyAgainst];

    /// The name in code and API.
    pub fn name(self) -> &'static str {
        match self {
            Self::StronglyFor => "strongly_for",
            Self::For => "for",
            Self::Against => "against",
            Self::StronglyAgainst => "strongly_against",
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::StronglyFor => ("强烈推荐", "Strongly for"),
            Self::For => ("推荐", "For"),
            Self::Against => ("不推荐", "Against"),
            Self::StronglyAgainst => ("强烈不推荐", "Strongly against"),
        };
        language.pick(chinese, english)
    }

    /// Whether it speaks for the candidate.
    pub fn is_for(self) -> bool {
        matches!(self, Self::StronglyFor | Self::For)
    }
}

/// No recommendation has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no recommendation; use strongly_for, for, against or strongly_against")]
pub struct UnknownRecommendation(String);

impl std::str::FromStr for Recommendation {
    type Err = UnknownRecommendation;

    /// Takes the name (with `-` or `_`) and both labels, without regard to case.
    fn from_str(text: &str) -> Result<Self, UnknownRecommendation> {
        let wanted = text.trim().to_lowercase();
        let is_called = |of: &Self| {
            of.name() == wanted.replace(['-', ' '], "_")
                || of.label(Language::Chinese).to_lowercase() == wanted
        };
        let found = Self::ALL.into_iter().find(is_called);
        found.ok_or_else(|| UnknownRecommendation(text.chars().take(40).collect()))
    }
}

/// Why a judgement can't be kept, or not be handed in.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", self.message(Language::English))]
pub enum JudgementError {
    /// The position has no such criterion.
    NoCriterion(Line),
    /// A criterion was scored twice.
    Twice(Line),
    /// A score is not on the scale on which people judge.
    OtherScale(Line),
    /// A note's second can't be in a video.
    NoSecond(f64),
    /// There are more notes than are kept.
    TooManyNotes,
    /// The summary is too long.
    TooLong,
    /// A note that is to be taken away is not there.
    NoNote(NoteNamed),
    /// It is to be handed in, and this criterion has no score.
    Unscored(Line),
    /// It is to be handed in without a recommendation.
    NoRecommendation,
}

impl JudgementError {
    /// What people read.
    pub fn message(&self, language: Language) -> String {
        let (zh, en) = match self {
            Self::NoCriterion(of) => {
                (format!("该岗位没有评分项“{of}”"), format!("the position has no criterion `{of}`"))
            }
            Self::Twice(of) => (format!("评分项“{of}”出现了两次"), format!("`{of}` is scored twice")),
            Self::OtherScale(of) => {
                (format!("“{of}”的评分须为 1 至 5"), format!("the score of `{of}` must be between 1 and 5"))
            }
            Self::NoSecond(at) => (format!("{at} 不是视频中的时间"), format!("{at} is no second of a video")),
            Self::TooManyNotes => {
                (format!("笔记最多 {MOST_NOTES} 条"), format!("there can be {MOST_NOTES} notes at most"))
            }
            Self::TooLong => (
                format!("总评最多 {LONGEST_SUMMARY} 字"),
                format!("the summary can have {LONGEST_SUMMARY} characters at most"),
            ),
            Self::NoNote(NoteNamed { at, text }) => {
                let of = text.as_ref().map(ToString::to_string).or_else(|| at.map(|at| format!("{at} s")));
                let of = of.unwrap_or_default();
                (format!("没有这条笔记：{of}"), format!("there is no such note: {of}"))
            }
            Self::Unscored(of) => (
                format!("提交前请为“{of}”评分"),
                format!("`{of}` needs a score before the scorecard is handed in"),
            ),
            Self::NoRecommendation => (
                "提交前请选择是否推荐".to_owned(),
                "a recommendation is needed before the scorecard is handed in".to_owned(),
            ),
        };
        match language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

impl Judgement {
    /// Whether this can be kept for a position with these criteria; and, if it is to be handed in, whether it is whole.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self, criteria: &[Line], to_hand_in: bool) -> Result<(), JudgementError> {
        for (place, mark) in self.marks.iter().enumerate() {
            let criterion = || mark.criterion.clone();
            if !criteria.contains(&mark.criterion) {
                return Err(JudgementError::NoCriterion(criterion()));
            }
            if self.marks[..place].iter().any(|earlier| earlier.criterion == mark.criterion) {
                return Err(JudgementError::Twice(criterion()));
            }
            if mark.score.scale() != Scale::FIVE {
                return Err(JudgementError::OtherScale(criterion()));
            }
        }
        let is_second = |at: &f64| (0.0..=LONGEST_VIDEO).contains(at);
        if let Some(at) = self.notes.iter().filter_map(|note| note.at).find(|at| !is_second(at)) {
            return Err(JudgementError::NoSecond(at));
        }
        if self.notes.len() > MOST_NOTES {
            return Err(JudgementError::TooManyNotes);
        }
        if self.summary.as_str().chars().count() > LONGEST_SUMMARY {
            return Err(JudgementError::TooLong);
        }
        if to_hand_in { self.check_whole(criteria) } else { Ok(()) }
    }

    fn check_whole(&self, criteria: &[Line]) -> Result<(), JudgementError> {
        let is_scored = |criterion: &&Line| self.mark(criterion).is_some();
        match criteria.iter().find(|criterion| !is_scored(criterion)) {
            Some(criterion) => Err(JudgementError::Unscored(criterion.clone())),
            None if self.recommendation.is_none() => Err(JudgementError::NoRecommendation),
            None => Ok(()),
        }
    }

    /// The score for a criterion.
    pub fn mark(&self, criterion: &Line) -> Option<Score> {
        self.marks.iter().find(|mark| mark.criterion == *criterion).map(|mark| mark.score)
    }

    /// The mean of the scores, 0–100.
    pub fn mean(&self) -> Option<f64> {
        mean(self.marks.iter().map(|mark| mark.score.normalised()))
    }
}

/// The mean of some numbers, rounded to a hundredth as scores are.
fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.into_iter().fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| (sum / f64::from(count) * 100.0).round() / 100.0)
}

/// What people judge by where a position names nothing of its own.
pub fn default_criteria(language: Language) -> Vec<Line> {
    let names = [
        ("专业能力", "Professional knowledge"),
        ("沟通表达", "Communication"),
        ("岗位匹配", "Fit for the position"),
        ("求职动机", "Motivation"),
        ("职业素养", "Professional conduct"),
    ];
    names.iter().filter_map(|(zh, en)| Line::parse(language.pick(zh, en)).ok()).collect()
}

#[cfg(test)]
mod tests;
