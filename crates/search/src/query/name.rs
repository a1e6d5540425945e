//! Names in conditions, and when two of them are the same.

use super::lexer::plain;
use crate::analysis::folded;

/// A name that is looked for. Case and width make no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub(crate) text: String,
    pub(crate) whole: bool,
}

impl Named {
    /// Names that hold this, not in the middle of a word.
    pub fn holding(text: &str) -> Self {
        Self { text: sayable(text), whole: false }
    }

    /// This name and no other.
    pub fn exactly(text: &str) -> Self {
        Self { text: sayable(text), whole: true }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it must be the whole name.
    pub fn is_whole(&self) -> bool {
        self.whole
    }
}

/// The text as a query can say it.
pub(crate) fn sayable(text: &str) -> String {
    text.chars().map(plain).collect::<String>().trim().to_owned()
}

/// The form in which whole names are compared: names with one key are one name to a query.
pub(crate) fn key(text: &str) -> String {
    folded(&sayable(text))
}
