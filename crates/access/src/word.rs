//! The words that the operation log is made of.

use std::{fmt, str::FromStr};

use dossier_domain::id::{Id, Kind};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A name of an action, an id, a code, an address: 1 to 80 ASCII letters, digits and signs out of `_-.:/`.
///
/// Nothing in it can break a line, colour a terminal or turn the direction of writing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Word(String);

impl Word {
    /// The longest word, in characters.
    pub const LIMIT: usize = 80;

    /// Parses a word.
    ///
    /// # Errors
    /// [`Error::NotAWord`] for an empty or long text, or one with other characters.
    pub fn parse(text: &str) -> Result<Self> {
        let fits = (1..=Self::LIMIT).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:/".contains(&b)) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::NotAWord { text: text.chars().take(40).flat_map(char::escape_default).collect() })
    }

    /// The word of a name that stands in this crate; the tests parse them all.
    pub(crate) fn of(name: impl fmt::Display) -> Self {
        Self(name.to_string())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Word {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Word {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        Self::parse(&text)
    }
}

impl From<Word> for String {
    fn from(word: Word) -> String {
        word.0
    }
}

impl<K: Kind> From<Id<K>> for Word {
    fn from(id: Id<K>) -> Self {
        Self::of(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hold_nothing_that_could_spoil_a_terminal_or_a_line() {
        for good in ["a", "cli", "192.0.2.7", "2001:db8::1", "view_material/video", &"x".repeat(80)] {
            assert_eq!(Word::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", " a", "a b", "a\nb", "a\u{1b}[31m", "a\u{202e}b", "张三", "a\"b", &"x".repeat(81)] {
            assert!(Word::parse(bad).is_err(), "{bad:?}");
            assert!(serde_json::from_value::<Word>(bad.into()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_refused_text_is_quoted_harmlessly() {
        let text = Word::parse(&"\u{1b}[2J\u{202e}".repeat(1000)).unwrap_err().to_string();
        assert!(text.is_ascii() && text.len() < 500 && !text.contains('\u{1b}'), "{text}");
    }
}
