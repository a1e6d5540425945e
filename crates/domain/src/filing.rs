//! Filing: the rules, as data, that derive an application's folder and its automatic tags. Pure functions of the
//! facts about the application, so that a changed rule can be previewed and run again at any time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    BankZone, EmotionLabel, Language, MaterialKind, Stage, Tag, TagOrigin,
    text::{Line, PositionName, TagName},
};

/// What rules may look at.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The position's name.
    pub position: &'a PositionName,
    /// The stage in which the application stands.
    pub stage: Stage,
    /// When the latest interview began.
    pub interviewed_at: Option<DateTime<Utc>>,
    /// The AI score, 0–100.
    pub score: Option<f64>,
    /// The emotion label.
    pub emotion: Option<EmotionLabel>,
    /// The skills assessed and their scores, 0–100.
    pub skills: Vec<(&'a str, f64)>,
    /// What the résumé report found to fit.
    pub keywords: Vec<&'a str>,
}

/// The rule by which applications are filed: one folder level after another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FilingRule {
    /// The levels, from the outermost.
    pub levels: Vec<Level>,
}

/// What one folder level is made from. Nothing here tells what only some roles may know, so a folder's name can be
/// shown to everyone who may see the application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Level {
    /// The position's name.
    Position,
    /// The stage.
    Stage,
    /// The month of the interview, in the bank's zone.
    Month,
    /// The AI score's band. `from` holds the lower ends of the bands, in any order.
    ScoreBand {
        /// Lower ends of the bands.
        #[serde(deserialize_with = "whole")]
        from: Vec<u8>,
    },
}

/// Whole numbers of JSON, in whatever way they are written: 80 and 80.0.
fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let numbers = Vec::<f64>::deserialize(from)?;
    let whole =
        |number: f64| (number.fract() == 0.0 && (0.0..=255.0).contains(&number)).then_some(number as u8);
    let whole: Option<_> = numbers.into_iter().map(whole).collect();
    whole.ok_or_else(|| D::Error::custom("a band begins at a whole number from 0 to 255"))
}

impl Default for FilingRule {
    /// `客户经理/AI面试/2023年10月/得分80以上`
    fn default() -> Self {
        Self {
            levels: vec![
                Level::Position,
                Level::Stage,
                Level::Month,
                Level::ScoreBand { from: vec![80, 60] },
            ],
        }
    }
}

impl FilingRule {
    /// The folder of an application, from the outermost level. A level whose fact is missing says so.
    pub fn folder(&self, facts: &Facts<'_>, zone: BankZone) -> Vec<String> {
        self.levels.iter().map(|level| level.name(facts, zone)).collect()
    }
}

impl Level {
    fn name(&self, facts: &Facts<'_>, zone: BankZone) -> String {
        let language = Language::Chinese; // folder names are data, the same for every reader
        match self {
            Self::Position => facts.position.to_string(),
            Self::Stage => facts.stage.label(language).to_owned(),
            Self::Month => {
                facts.interviewed_at.map_or_else(|| "未面试".to_owned(), |at| zone.month(at).label(language))
            }
            Self::ScoreBand { from } => {
                facts.score.map_or_else(|| "无得分".to_owned(), |score| band(score, from))
            }
        }
    }
}

/// The name of the band of `score` among bands with the lower ends `from`.
fn band(score: f64, from: &[u8]) -> String {
    let lower = from.iter().copied().filter(|end| f64::from(*end) <= score).max();
    let upper = from.iter().copied().filter(|end| f64::from(*end) > score).min();
    match (lower, upper) {
        (Some(lower), None) => format!("得分{lower}以上"),
        (Some(lower), Some(upper)) => format!("得分{lower}至{upper}"),
        (None, Some(upper)) => format!("得分{upper}以下"),
        (None, None) => "全部得分".to_owned(),
    }
}

/// A rule that puts an automatic tag on an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "when")]
pub enum TagRule {
    /// `AI得分85`: the score, rounded down, where it is at least `at_least`.
    Score {
        /// The lowest score that gets a tag.
        at_least: f64,
    },
    /// `Python技能优秀`: each skill with at least this score.
    Skill {
        /// Only this skill; any skill where absent.
        skill: Option<Line>,
        /// The lowest score that gets a tag.
        at_least: f64,
    },
    /// `情绪积极`: the emotion label.
    Emotion {
        /// The label.
        label: EmotionLabel,
    },
    /// `CFA证书`: a keyword of the résumé report that contains `keyword`.
    Keyword {
        /// What to look for.
        keyword: Line,
        /// The tag to put.
        tag: TagName,
    },
}

impl TagRule {
    /// The rules of a new archive.
    pub fn defaults() -> Vec<Self> {
        let keyword = |keyword: &str, tag: &str| {
            Some(Self::Keyword { keyword: Line::parse(keyword).ok()?, tag: TagName::parse(tag).ok()? })
        };
        let mut rules = vec![
            Self::Score { at_least: 80.0 },
            Self::Skill { skill: None, at_least: 85.0 },
            Self::Emotion { label: EmotionLabel::Positive },
        ];
        rules
            .extend([keyword("CFA", "CFA证书"), keyword("银行从业", "有银行从业经验")].into_iter().flatten());
        rules
    }

    /// The kind of material that a tag of this rule tells something about; who may not see it sees no such tag.
    pub fn reveals(&self) -> Option<MaterialKind> {
        match self {
            Self::Score { .. } => None,
            Self::Skill { .. } => Some(MaterialKind::SkillAssessment),
            Self::Emotion { .. } => Some(MaterialKind::Emotion),
            Self::Keyword { .. } => Some(MaterialKind::ResumeReport),
        }
    }

    /// The tags that this rule puts.
    fn names(&self, facts: &Facts<'_>) -> Vec<TagName> {
        let parsed = |text: String| TagName::parse(&text).ok();
        match self {
            Self::Score { at_least } => facts
                .score
                .filter(|score| score >= at_least)
                .and_then(|score| parsed(format!("AI得分{}", score.floor())))
                .into_iter()
                .collect(),
            Self::Skill { skill, at_least } => facts
                .skills
                .iter()
                .filter(|(name, score)| {
                    score >= at_least && skill.as_ref().is_none_or(|wanted| wanted.as_str() == *name)
                })
                .filter_map(|(name, _)| parsed(format!("{name}技能优秀")))
                .collect(),
            Self::Emotion { label } => (facts.emotion == Some(*label))
                .then(|| parsed(format!("情绪{}", label.label(Language::Chinese))))
                .flatten()
                .into_iter()
                .collect(),
            Self::Keyword { keyword, tag } => {
                let found = facts.keywords.iter().any(|text| text.contains(keyword.as_str()));
                found.then(|| tag.clone()).into_iter().collect()
            }
        }
    }
}

/// The automatic tags of an application, each once, in the order of the rules.
pub fn automatic_tags(rules: &[TagRule], facts: &Facts<'_>) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    for rule in rules {
        for name in rule.names(facts) {
            if tags.iter().all(|tag| tag.name != name) {
                tags.push(Tag { name, origin: TagOrigin::Rule { reveals: rule.reveals() } });
            }
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position() -> PositionName {
        PositionName::parse("客户经理").unwrap()
    }

    fn facts(position: &PositionName) -> Facts<'_> {
        Facts {
            position,
            stage: Stage::AiInterview,
            interviewed_at: Some("2023-10-31T15:00:00Z".parse().unwrap()),
            score: Some(85.4),
            emotion: Some(EmotionLabel::Positive),
            skills: vec![("Python", 91.0), ("Excel函数应用能力", 60.0)],
            keywords: vec!["CFA证书二级"],
        }
    }

    #[test]
    fn bands_begin_at_whole_numbers_however_they_are_written() {
        let rule = |from: &str| {
            serde_json::from_str::<FilingRule>(&format!(r#"[{{"by":"score_band","from":{from}}}]"#))
        };
        let known = FilingRule { levels: vec![Level::ScoreBand { from: vec![80, 60] }] };
        assert_eq!(rule("[80, 60.0]").unwrap(), known);
        for wrong in ["[80.5]", "[-1]", "[256]", "[\"80\"]"] {
            assert!(rule(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_articles_folder() {
        let position = position();
        let folder = FilingRule::default().folder(&facts(&position), BankZone::default());
        assert_eq!(folder.join("/"), "客户经理/AI面试/2023年10月/得分80以上");
    }

    #[test]
    fn the_articles_tags() {
        let position = position();
        let tags = automatic_tags(&TagRule::defaults(), &facts(&position));
        let tags: Vec<_> = tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(tags, ["AI得分85", "Python技能优秀", "情绪积极", "CFA证书"]);
    }

    #[test]
    fn what_is_missing_is_said() {
        let position = position();
        let facts = Facts { interviewed_at: None, score: None, ..facts(&position) };
        let folder = FilingRule::default().folder(&facts, BankZone::default());
        assert_eq!(folder[2..], ["未面试", "无得分"]);
    }

    #[test]
    fn bands_meet_without_a_gap() {
        let names: Vec<_> = [100.0, 80.0, 79.99, 60.0, 59.99, 0.0].map(|score| band(score, &[60, 80])).into();
        assert_eq!(
            names,
            ["得分80以上", "得分80以上", "得分60至80", "得分60至80", "得分60以下", "得分60以下"]
        );
    }

    proptest! {
        #[test]
        fn a_higher_score_is_never_in_a_lower_band(a in 0.0f64..=100.0, b in 0.0f64..=100.0) {
            let lower_end = |score: f64| [60u8, 80].into_iter().filter(|end| f64::from(*end) <= score).max();
            let (low, high) = if a <= b { (a, b) } else { (b, a) };
            prop_assert!(lower_end(low) <= lower_end(high));
            prop_assert_eq!(lower_end(a) == lower_end(b), band(a, &[60, 80]) == band(b, &[60, 80]));
        }
    }
}
