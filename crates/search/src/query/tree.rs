//! A query as it was understood.

use std::ops::Bound;

use chrono::NaiveDate;
use dossier_domain::{EmotionLabel, MaterialKind, Stage};

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
    /// The position's name holds this.
    Position(String),
    /// The application stands in this stage.
    Stage(Stage),
    /// The interview was within these days of the bank.
    Interviewed(Days),
    /// The AI score lies in here.
    Score(Range),
    /// The emotion label is this.
    Emotion(EmotionLabel),
    /// A tag holds this.
    Tag(String),
    /// A skill of which the name holds `name` was assessed, with a score in `score`.
    Skill {
        /// The skill.
        name: String,
        /// The scores.
        score: Range,
    },
    /// The application lies in this folder or below it.
    Folder(Vec<String>),
    /// The vendor's name holds this.
    Vendor(String),
    /// This kind of material is there.
    Has(MaterialKind),
    /// This kind of material is not there.
    Lacks(MaterialKind),
}

/// A range of scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lower end.
    pub lower: Bound<f64>,
    /// The upper end.
    pub upper: Bound<f64>,
}

impl Range {
    /// Every score.
    pub const ALL: Self = Self { lower: Bound::Unbounded, upper: Bound::Unbounded };
}

/// A range of days, both ends included; at least one is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: Option<NaiveDate>,
    /// The last day.
    pub last: Option<NaiveDate>,
}
