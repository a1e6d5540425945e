//! Text from outside, parsed: no control characters, no invisible direction changes, bounded length.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Language;

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing was left after trimming.
    #[error("{what} is empty")]
    Empty {
        /// What the text was to be.
        what: &'static str,
    },
    /// Longer than allowed.
    #[error("{what} has {length} characters; at most {limit} are allowed")]
    TooLong {
        /// What the text was to be.
        what: &'static str,
        /// Its length in characters.
        length: usize,
        /// The longest allowed.
        limit: usize,
    },
    /// Holds a control character or an invisible direction change.
    #[error("{what} holds the character U+{code:04X} at place {place}, which is not allowed there")]
    Forbidden {
        /// What the text was to be.
        what: &'static str,
        /// The character's code point.
        code: u32,
        /// Its place, counted in characters from 1.
        place: usize,
    },
}

impl TextError {
    /// What people read; in Chinese it goes on from what the text was to be, which the caller names.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        if language == Language::English {
            return self.to_string();
        }
        match self {
            Self::Empty { .. } => "不能为空".to_owned(),
            Self::TooLong { length, limit, .. } => format!("有 {length} 个字符，最多 {limit} 个"),
            Self::Forbidden { code, place, .. } => format!("的第 {place} 个字符（U+{code:04X}）不可用"),
        }
    }
}

/// Whether a character changes how the text around it is shown without being seen itself.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// Parses one line: trimmed, 1 to `limit` characters, no control characters.
pub fn parse_line(what: &'static str, text: &str, limit: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty { what });
    }
    check(what, text, limit, |c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))?;
    Ok(text.to_owned())
}

/// Parses running text: may be empty and may hold line breaks and tabs, up to `limit` characters.
pub fn parse_prose(what: &'static str, text: &str, limit: usize) -> Result<String, TextError> {
    check(what, text, limit, |c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))?;
    Ok(text.to_owned())
}

fn check(
    what: &'static str,
    text: &str,
    limit: usize,
    is_control: impl Fn(char) -> bool,
) -> Result<(), TextError> {
    // More bytes than four a character can hold need no counting.
    let length = if text.len() > limit * 4 { text.len() / 4 } else { text.chars().count() };
    if length > limit {
        return Err(TextError::TooLong { what, length, limit });
    }
    match text.chars().position(|c| is_control(c) || is_unseen(c)) {
        None => Ok(()),
        Some(place) => {
            let code = text.chars().nth(place).map_or(0, u32::from);
            Err(TextError::Forbidden { what, code, place: place + 1 })
        }
    }
}

macro_rules! lines {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $limit:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Parses ", $what, ": one line of at most ", stringify!($limit), " characters.")]
            pub fn parse(text: &str) -> Result<Self, TextError> {
                parse_line($what, text, $limit).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = TextError;
            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    )*};
}

lines! {
    /// A person's name.
    PersonName, "the name", 80;
    /// A telephone number as given; compared by [`crate::candidate::normal_phone`].
    Phone, "the telephone number", 40;
    /// An e-mail address as given; compared without regard to case.
    Email, "the e-mail address", 254;
    /// The number of an identity card or passport.
    IdNumber, "the identity number", 40;
    /// The name of a position, such as 客户经理.
    PositionName, "the position's name", 80;
    /// The name of a branch of the bank, such as 上海分行.
    BranchName, "the branch", 80;
    /// A sign-in name.
    Login, "the sign-in name", 60;
    /// The text of a tag.
    TagName, "the tag", 60;
    /// What moves and the API call a step of the bank's process.
    StepKey, "the step's key", 40;
    /// The name of a skill or assessment, such as Python or 客户沟通模拟测评.
    SkillName, "the skill", 80;
    /// A vendor's short name, such as `ribbon`.
    VendorName, "the vendor's name", 40;
    /// The vendor's own id of a thing; opaque.
    RemoteId, "the vendor's id", 200;
    /// The name of a theme, such as 企业文化.
    ThemeName, "the theme's name", 40;
    /// A word or phrase by which an answer names a theme.
    ThemeWord, "the theme's word", 40;
    /// The name of an emotion dimension, such as 紧张度.
    Dimension, "the emotion dimension", 60;
    /// A short free text in one line: a title, a label, a file name, a reason.
    Line, "the text", 400;
}

/// Running text of up to a million characters: an answer, a summary, an explanation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prose(String);

impl Prose {
    /// Parses running text: line breaks and tabs are allowed, other control characters are not.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        parse_prose("the text", text, 1_000_000).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Prose {
    type Error = TextError;
    fn try_from(text: String) -> Result<Self, TextError> {
        Self::parse(&text)
    }
}

impl From<Prose> for String {
    fn from(value: Prose) -> String {
        value.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_kept_as_they_are() {
        assert_eq!(PersonName::parse("  张三 ").unwrap().as_str(), "张三");
        assert_eq!(PersonName::parse("../../etc").unwrap().as_str(), "../../etc");
        assert!(PersonName::parse("𠮷野").is_ok());
    }

    #[test]
    fn errors_are_wholly_in_one_language() {
        for text in ["", "a\u{7}b", &"x".repeat(81)] {
            let error = PersonName::parse(text).unwrap_err();
            let (zh, en) = (error.message(Language::Chinese), error.message(Language::English));
            assert!(!zh.contains("the") && en.is_ascii(), "{zh} {en}");
        }
    }

    #[test]
    fn control_and_direction_characters_are_named_with_their_place() {
        let error = PersonName::parse("张\u{1b}[31m三").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the name holds the character U+001B at place 2, which is not allowed there"
        );
        assert!(matches!(
            Line::parse("a\u{202E}b"),
            Err(TextError::Forbidden { code: 0x202E, place: 2, .. })
        ));
        assert!(Line::parse("a\nb").is_err());
        assert!(Prose::parse("a\nb\tc").is_ok());
    }

    #[test]
    fn lengths_are_bounded_without_counting_huge_texts() {
        assert!(matches!(Line::parse(&"长".repeat(401)), Err(TextError::TooLong { length: 401, .. })));
        assert!(Line::parse(&"x".repeat(50_000_000)).is_err());
        assert!(matches!(TagName::parse(" "), Err(TextError::Empty { .. })));
    }

    #[test]
    fn deserialising_parses() {
        assert!(serde_json::from_str::<TagName>("\"\\u0000\"").is_err());
    }
}
