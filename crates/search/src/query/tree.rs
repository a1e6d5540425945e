//! A query as it was understood.

use std::ops::Bound;

use chrono::NaiveDate;
use dossier_domain::{EmotionLabel, MaterialKind, Scoring, Stage};

use super::{fact::Fact, name::Named, wording::Wording};

/// A condition on applications, or several that are combined.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// All of these; without any, every application fits.
    All(Vec<Node>),
    /// At least one of these.
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// One condition.
    Is(Condition),
}

/// One condition. Texts are compared without regard to case and width.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Words that may stand in a name, position, tag, skill, résumé report or transcript.
    Words {
        /// The words.
        text: String,
        /// Whether they must stand together in this order.
        phrase: bool,
    },
    /// The candidate is so called: by characters, Pinyin or initials.
    Name(String),
    /// The position is called so.
    Position(Named),
    /// The branch that hires is called so.
    Branch(Named),
    /// The application stands in this stage.
    Stage(Stage),
    /// The interview was within these days of the bank.
    Interviewed(Days),
    /// The AI score lies in here.
    Score(Scores),
    /// The emotion label is this.
    Emotion(EmotionLabel),
    /// A tag is called so.
    Tag(Named),
    /// A skill that is called so was assessed, with a score in `score`.
    Skill {
        /// The skill.
        name: Named,
        /// The scores.
        score: Scores,
    },
    /// The application lies in the folder with this path, `/` between its levels, or below it.
    Folder(String),
    /// The vendor is called so.
    Vendor(Named),
    /// The vendor's model that gave the score is called so.
    Model(Named),
    /// The application came to this stage.
    Reached(Stage),
    /// It left this stage as passed.
    Passed(Stage),
    /// It left this stage as not passed.
    Failed(Stage),
    /// It stayed in this stage, and left it after so many days.
    Stayed {
        /// The stage.
        stage: Stage,
        /// The days.
        days: Scores,
    },
    /// The AI score reaches the position's pass mark, or misses it.
    PassMark {
        /// Whether it reaches it.
        reached: bool,
    },
    /// By this rule the AI interview would be passed, or would not; what the rule can't judge is neither.
    Judged {
        /// The rule.
        rule: Scoring,
        /// Whether it would be passed.
        passed: bool,
    },
    /// The mean of the scorecards that were handed in lies in here.
    Human(Scores),
    /// The candidate was hired so many days after the interview.
    Cycle(Scores),
    /// A question that is called so was asked and answered: whole names are compared as [`Wording`].
    Answered(Named),
    /// The answer to this question names one of these words or phrases.
    Mentions {
        /// The question.
        question: Wording,
        /// The words; see [`Condition::mentions`].
        words: Vec<String>,
    },
    /// All materials of the interview were here so many minutes after its end.
    Held(Scores),
    /// This is not known of the application.
    Without(Fact),
    /// This kind of material is there.
    Has(MaterialKind),
    /// This kind of material is not there.
    Lacks(MaterialKind),
}

impl Condition {
    /// Whether this and the other one ask for different values of something that an application has one of, or for the
    /// same.
    pub(super) fn gives_way_to(&self, other: &Self) -> bool {
        let is_single = matches!(
            self,
            Self::Position(_)
                | Self::Stage(_)
                | Self::Interviewed(_)
                | Self::Score(_)
                | Self::Emotion(_)
                | Self::Folder(_)
                | Self::Vendor(_)
                | Self::Branch(_)
                | Self::Model(_)
        );
        self == other || (is_single && std::mem::discriminant(self) == std::mem::discriminant(other))
    }
}

/// Numbers that fit a condition: scores of 0–100, days, minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scores {
    /// Every one.
    Any,
    /// This or more.
    AtLeast(f64),
    /// More.
    Above(f64),
    /// This or less.
    AtMost(f64),
    /// Less.
    Below(f64),
    /// From the first to the second, both included.
    Between(f64, f64),
}

impl Scores {
    /// The lower and the upper end.
    pub fn bounds(self) -> (Bound<f64>, Bound<f64>) {
        match self {
            Self::Any => (Bound::Unbounded, Bound::Unbounded),
            Self::AtLeast(end) => (Bound::Included(end), Bound::Unbounded),
            Self::Above(end) => (Bound::Excluded(end), Bound::Unbounded),
            Self::AtMost(end) => (Bound::Unbounded, Bound::Included(end)),
            Self::Below(end) => (Bound::Unbounded, Bound::Excluded(end)),
            Self::Between(from, to) => (Bound::Included(from), Bound::Included(to)),
        }
    }
}

/// A range of days, both ends included; at least one is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: Option<NaiveDate>,
    /// The last day.
    pub last: Option<NaiveDate>,
}
