//! What applications can be grouped by, and the condition that finds a group.

use chrono::Datelike;
use dossier_domain::{EmotionLabel, Language, MaterialKind, Month, Stage, Standing};

use crate::{
    ScoreBand,
    query::{Condition, Days, Fact, Named, Node, Scores, key},
};

/// A property that applications can be grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The position's name.
    Position,
    /// The branch that hires.
    Branch,
    /// The stage in which the application stands.
    Stage,
    /// The bank's month of the interview.
    Month,
    /// The bank's quarter of the interview.
    Quarter,
    /// The vendor.
    Vendor,
    /// The vendor's model that gave the score.
    Model,
    /// The emotion label.
    Emotion,
    /// The band of the AI score.
    ScoreBand,
    /// The tags: an application counts with each of its own.
    Tag,
    /// How it stands with a stage.
    Standing(Stage),
    /// Whether the AI score reaches the position's pass mark.
    PassMark,
    /// Whether this kind of material is there.
    Has(MaterialKind),
}

impl Dimension {
    /// Those that people choose to group by.
    pub const CHOICES: [Self; 10] = [
        Self::Position,
        Self::Branch,
        Self::Stage,
        Self::Month,
        Self::Quarter,
        Self::Vendor,
        Self::Model,
        Self::Emotion,
        Self::ScoreBand,
        Self::Tag,
    ];

    /// The name in code, API and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Position => "position",
            Self::Branch => "branch",
            Self::Stage => "stage",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Vendor => "vendor",
            Self::Model => "model",
            Self::Emotion => "emotion",
            Self::ScoreBand => "score",
            Self::Tag => "tag",
            Self::Standing(_) => "standing",
            Self::PassMark => "pass_mark",
            Self::Has(kind) => kind.name(),
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Position => ("岗位", "Position"),
            Self::Branch => ("分行", "Branch"),
            Self::Stage => ("阶段", "Stage"),
            Self::Month => ("月份", "Month"),
            Self::Quarter => ("季度", "Quarter"),
            Self::Vendor => ("供应商", "Vendor"),
            Self::Model => ("模型版本", "Model version"),
            Self::Emotion => ("情绪", "Emotion"),
            Self::ScoreBand => ("得分段", "Score band"),
            Self::Tag => ("标签", "Tag"),
            Self::Standing(stage) => return stage.label(language),
            Self::PassMark => ("分数线", "Pass mark"),
            Self::Has(kind) => return kind.label(language),
        };
        language.pick(chinese, english)
    }

    /// The dimension that people choose by this name, in either language.
    pub fn find(name: &str) -> Option<Self> {
        let wanted = name.trim().to_lowercase();
        let called = |of: &Self| {
            let labels = [Language::Chinese, Language::English].map(|language| of.label(language));
            of.name() == wanted || labels.iter().any(|label| label.to_lowercase() == wanted)
        };
        Self::CHOICES.into_iter().find(called)
    }

    /// Whether it tells when something was.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Month | Self::Quarter)
    }

    /// The kind of material about which its values tell something.
    pub(super) fn reveals(self) -> Option<MaterialKind> {
        match self {
            Self::Emotion => Some(MaterialKind::Emotion),
            Self::Has(kind) => Some(kind),
            _ => None,
        }
    }

    /// The condition that finds the applications with this value.
    pub fn condition(self, value: &Value) -> Node {
        match value {
            Value::Nothing => Node::Is(self.missing()),
            Value::Name { text, .. } => {
                let name = Named::exactly(text);
                Node::Is(match self {
                    Self::Branch => Condition::Branch(name),
                    Self::Vendor => Condition::Vendor(name),
                    Self::Model => Condition::Model(name),
                    Self::Tag => Condition::Tag(name),
                    _ => Condition::Position(name),
                })
            }
            Value::Stage(stage) => Node::Is(Condition::Stage(*stage)),
            Value::Month(month) => days(*month, month.next()),
            Value::Quarter(first) => days(*first, first.next().next().next()),
            Value::Emotion(label) => Node::Is(Condition::Emotion(*label)),
            Value::Band(band) => {
                let lower = (band.from > 0).then(|| Scores::AtLeast(band.from.into()));
                let upper = (band.below < 100).then(|| Scores::Below(band.below.into()));
                let scores = |scores| Node::Is(Condition::Score(scores));
                Node::All(lower.into_iter().chain(upper).map(scores).collect())
            }
            Value::Standing(standing) => self.standing(*standing),
            Value::Is(holds) => Node::Is(match self {
                Self::Has(kind) if *holds => Condition::Has(kind),
                Self::Has(kind) => Condition::Lacks(kind),
                _ => Condition::PassMark { reached: *holds },
            }),
        }
    }

    /// The condition that finds the applications of which it is not known.
    fn missing(self) -> Condition {
        Condition::Without(match self {
            Self::Branch => Fact::Branch,
            Self::Month | Self::Quarter => Fact::Date,
            Self::Vendor => Fact::Vendor,
            Self::Model => Fact::Model,
            Self::Emotion => Fact::Emotion,
            Self::Tag => Fact::Tag,
            Self::PassMark => Fact::PassMark,
            // Of the others something is always known.
            _ => Fact::Score,
        })
    }

    fn standing(self, standing: Standing) -> Node {
        let Self::Standing(stage) = self else { return Node::All(Vec::new()) };
        let not = |condition| Node::Not(Box::new(Node::Is(condition)));
        match standing {
            Standing::NotReached => not(Condition::Reached(stage)),
            Standing::Open => Node::All(vec![
                Node::Is(Condition::Reached(stage)),
                not(Condition::Passed(stage)),
                not(Condition::Failed(stage)),
            ]),
            Standing::Passed => Node::Is(Condition::Passed(stage)),
            Standing::Failed => Node::Is(Condition::Failed(stage)),
        }
    }
}

/// The days from the beginning of a month to that of a later one.
fn days(first: Month, after: Month) -> Node {
    let (first, last) = (Some(first.first_day()), after.first_day().pred_opt());
    Node::Is(Condition::Interviewed(Days { first, last }))
}

/// A value of a [`Dimension`]. They sort as they are shown, what is not known at the end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A name. Names with one key are one name.
    Name {
        /// The form in which it is compared.
        key: String,
        /// The name.
        text: String,
    },
    /// A stage.
    Stage(Stage),
    /// A month.
    Month(Month),
    /// A quarter, by its first month.
    Quarter(Month),
    /// An emotion label.
    Emotion(EmotionLabel),
    /// A band of scores.
    Band(ScoreBand),
    /// How it stands with a stage.
    Standing(Standing),
    /// Whether something holds.
    Is(bool),
    /// Not known.
    Nothing,
}

impl Value {
    pub(super) fn name(text: &str) -> Self {
        Self::Name { key: key(text), text: text.to_owned() }
    }

    /// The quarter of a month.
    pub fn quarter(month: Month) -> Self {
        let day = month.first_day();
        Self::Quarter(Month::new(day.year(), day.month0() / 3 * 3 + 1).unwrap_or(month))
    }

    /// The name that people read.
    pub fn label(&self, language: Language) -> String {
        let picked = match self {
            Self::Name { text, .. } => return text.clone(),
            Self::Month(month) => return month.label(language),
            Self::Quarter(first) => return quarter(*first, language),
            Self::Band(band) => return format!("{}–{}", band.from, band.below),
            Self::Stage(stage) => stage.label(language),
            Self::Emotion(label) => label.label(language),
            Self::Standing(standing) => standing.label(language),
            Self::Is(true) => language.pick("是", "yes"),
            Self::Is(false) => language.pick("否", "no"),
            Self::Nothing => language.pick("未知", "unknown"),
        };
        picked.to_owned()
    }
}

fn quarter(first: Month, language: Language) -> String {
    let day = first.first_day();
    let (year, quarter) = (day.year(), day.month0() / 3);
    match language {
        Language::Chinese => {
            let number = ["一", "二", "三", "四"].get(quarter as usize).copied().unwrap_or_default();
            format!("{year}年第{number}季度")
        }
        Language::English => format!("{year} Q{}", quarter + 1),
    }
}
