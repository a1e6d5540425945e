//! The words of notices: texts with places for a few facts, none of which is about a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{NoticeKind, UnknownWord, words};
use crate::{
    Language,
    text::{Line, TextError},
};
use std::str::FromStr;

words! {
    /// What a text of a notice may have filled in. There is none for a candidate's name, nor for anything else about one.
    Placeholder {
        /// The name of the position.
        Position "position" "岗位" "Position";
        /// How many applications, interviews or entries.
        Count "count" "数量" "Count";
        /// The name of the connection.
        Connection "connection" "集成" "Connection";
        /// The name of the channel.
        Channel "channel" "渠道" "Channel";
    }
}

/// Why a text can't be one of a notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It is no line of text.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A brace that belongs to no placeholder.
    #[error("a brace stands alone; placeholders are written {{position}}")]
    Brace,
    /// A placeholder that there is not, or not for this kind of notice.
    #[error("{{{name}}} can't be filled in here; there are: {known}")]
    Placeholder {
        /// What stands between the braces, cut.
        name: String,
        /// What may stand there.
        known: String,
    },
}

impl TemplateError {
    /// The sentence for whoever wrote the text.
    pub fn message(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, other) => other.to_string(),
            (_, Self::Text(error)) => format!("通知文字不可用：{error}"),
            (_, Self::Brace) => "大括号不成对；占位符写作 {position}".to_owned(),
            (_, Self::Placeholder { name, known }) => format!("此处不能使用 {{{name}}}；可用的有：{known}"),
        }
    }
}

/// A text of a notice: one line with placeholders, such as `{position}：{count} 位候选人有新资料`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template {
    text: Line,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Plain(String),
    Filled(Placeholder),
}

impl Template {
    /// Reads a text for notices of a kind.
    ///
    /// # Errors
    /// [`TemplateError`]
    pub fn parse(kind: NoticeKind, text: &str) -> Result<Self, TemplateError> {
        let template = Self::read(text)?;
        template.check(kind)?;
        Ok(template)
    }

    /// Refuses what can't be filled in for notices of a kind.
    ///
    /// # Errors
    /// [`TemplateError::Placeholder`]
    pub fn check(&self, kind: NoticeKind) -> Result<(), TemplateError> {
        let known = kind.placeholders();
        let strange = self.parts.iter().find_map(|part| match part {
            Part::Filled(place) if !known.contains(place) => Some(*place),
            _ => None,
        });
        strange.map_or(Ok(()), |place| Err(unknown(place.name(), known)))
    }

    fn read(text: &str) -> Result<Self, TemplateError> {
        let text = Line::parse(text)?;
        let (mut parts, mut rest) = (Vec::new(), text.as_str());
        while let Some(at) = rest.find(['{', '}']) {
            let (plain, from) = rest.split_at(at);
            let inside = from.strip_prefix('{').ok_or(TemplateError::Brace)?;
            let (name, after) = inside.split_once('}').ok_or(TemplateError::Brace)?;
            let place: Placeholder =
                name.parse().map_err(|_: UnknownWord| unknown(name, Placeholder::ALL))?;
            if !plain.is_empty() {
                parts.push(Part::Plain(plain.to_owned()));
            }
            parts.push(Part::Filled(place));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Plain(rest.to_owned()));
        }
        Ok(Self { text, parts })
    }

    /// The text with its places filled in.
    pub fn fill(&self, word: impl Fn(Placeholder) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Plain(text) => text.clone(),
            Part::Filled(place) => word(*place),
        };
        self.parts.iter().map(part).collect()
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }
}

fn unknown(name: &str, known: &[Placeholder]) -> TemplateError {
    let known: Vec<String> = known.iter().map(|place| format!("{{{place}}}")).collect();
    TemplateError::Placeholder { name: name.chars().take(40).collect(), known: known.join(" ") }
}

impl TryFrom<String> for Template {
    type Error = TemplateError;
    fn try_from(text: String) -> Result<Self, TemplateError> {
        Self::read(&text)
    }
}

impl From<Template> for String {
    fn from(template: Template) -> String {
        template.text.into()
    }
}

/// The text of a kind of notice in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// In Chinese.
    pub zh: Template,
    /// In English.
    pub en: Template,
}

impl Texts {
    /// The text of one language.
    pub fn of(&self, language: Language) -> &Template {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

impl NoticeKind {
    /// What can be filled in.
    pub fn placeholders(self) -> &'static [Placeholder] {
        match self {
            Self::Materials | Self::NewCase | Self::SuggestedMove | Self::Scorecard => {
                &[Placeholder::Position, Placeholder::Count]
            }
            Self::SyncTrouble | Self::Lateness => &[Placeholder::Connection, Placeholder::Count],
            Self::ChannelTrouble => &[Placeholder::Channel],
            // Its name is somebody's free text, so it stays behind the link.
            Self::Report => &[Placeholder::Count],
        }
    }

    /// The usual text, as it is written.
    pub fn usual_text(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Materials => (
                "{position}：有新的面试资料（{count} 份应聘）",
                "{position}: new interview materials (applications: {count})",
            ),
            Self::NewCase => (
                "{position}：新进入背景调查（{count} 份应聘）",
                "{position}: new in the background check (applications: {count})",
            ),
            Self::SuggestedMove => (
                "{position}：按规则建议推进（{count} 份应聘），待您确认",
                "{position}: a rule suggests to move on (applications: {count}); confirm it",
            ),
            Self::Scorecard => (
                "{position}：面试评分表已提交（{count} 份应聘）",
                "{position}: scorecards were handed in (applications: {count})",
            ),
            Self::SyncTrouble => (
                "集成“{connection}”同步异常：失败或有内容被隔离（{count} 次）",
                "Connection {connection}: a sync failed or something was quarantined ({count} times)",
            ),
            Self::Lateness => (
                "集成“{connection}”有资料迟到（{count} 场面试）",
                "Connection {connection}: materials are late (interviews: {count})",
            ),
            Self::Report => ("有定期报表可以查看（{count} 次）", "A scheduled report is due ({count} times)"),
            Self::ChannelTrouble => (
                "通知渠道“{channel}”无法送达，请检查",
                "Channel {channel}: notices can't be delivered; look at it",
            ),
        };
        language.pick(zh, en)
    }

    /// The usual text, filled in.
    pub fn say(
        self,
        texts: Option<&Texts>,
        language: Language,
        word: impl Fn(Placeholder) -> String,
    ) -> String {
        match texts {
            Some(texts) => texts.of(language).fill(word),
            // Each of ours is read by a test.
            None => Template::read(self.usual_text(language)).map(|text| text.fill(word)).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(place: Placeholder) -> String {
        format!("<{place}>")
    }

    #[test]
    fn the_usual_texts_are_texts_and_name_what_they_are_about() {
        for kind in NoticeKind::ALL {
            for language in [Language::Chinese, Language::English] {
                let text = Template::parse(*kind, kind.usual_text(language)).unwrap();
                let filled = text.fill(word);
                assert_eq!(filled, kind.say(None, language, word));
                assert!(filled.contains(&word(kind.placeholders()[0])), "{filled}");
            }
        }
    }

    #[test]
    fn a_text_is_filled_in_once_and_what_is_filled_in_is_no_text() {
        let text = Template::parse(NoticeKind::Materials, "{position}{count}：{position}").unwrap();
        assert_eq!(text.fill(|place| format!("{{{place}}}")), "{position}{count}：{position}");
    }

    #[test]
    fn nothing_else_can_be_filled_in() {
        for (text, part) in [
            ("{candidate}", "{candidate}"),
            ("{name} in {position}", "{name}"),
            ("{connection}", "{connection}"),
            ("{position", "stands alone"),
            ("position}", "stands alone"),
            ("", "empty"),
            ("a\nb", "U+000A"),
        ] {
            let error = Template::parse(NoticeKind::Materials, text).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
            assert!(!error.message(Language::Chinese).is_empty());
        }
    }

    #[test]
    fn texts_are_stored_as_they_were_written() {
        let texts = Texts {
            zh: Template::parse(NoticeKind::NewCase, "{position} 新背调").unwrap(),
            en: Template::parse(NoticeKind::NewCase, "{position}: new").unwrap(),
        };
        let json = serde_json::to_string(&texts).unwrap();
        assert_eq!(json, r#"{"zh":"{position} 新背调","en":"{position}: new"}"#);
        assert_eq!(serde_json::from_str::<Texts>(&json).unwrap(), texts);
    }
}
