//! What is wrong with a query, and where.

use std::{fmt, ops::Range as Span};

use dossier_domain::Language;
use unicode_width::UnicodeWidthChar;

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// Where in the text, in characters.
    pub span: Span<usize>,
    chinese: String,
    english: String,
    /// What would be right in place of the span, where that can be guessed.
    pub suggestion: Option<String>,
}

/// How many columns of a long query are shown around the spot.
const SHOWN: usize = 60;

impl QueryError {
    pub(super) fn new(span: Span<usize>, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { span, chinese: chinese.into(), english: english.into(), suggestion: None }
    }

    pub(super) fn suggest(self, suggestion: Option<String>) -> Self {
        Self { suggestion, ..self }
    }

    /// What is wrong, in one sentence.
    pub fn message(&self, language: Language) -> &str {
        language.pick(&self.chinese, &self.english)
    }

    /// The text with the suggestion in place of what is wrong, where there is a suggestion.
    pub fn mended(&self, text: &str) -> Option<String> {
        let suggestion = self.suggestion.as_deref()?;
        let before = text.chars().take(self.span.start);
        let behind = text.chars().skip(self.span.end.max(self.span.start));
        Some(before.chain(suggestion.chars()).chain(behind).collect())
    }

    /// As [`point_at`] shows it.
    pub fn render(&self, text: &str, language: Language) -> String {
        point_at(text, self.span.clone(), self.message(language), self.suggestion.as_deref(), language)
    }
}

/// The part of the query around the spot, carets below it, and what is wrong there, as a terminal shows them.
pub fn point_at(
    text: &str,
    span: Span<usize>,
    message: &str,
    suggestion: Option<&str>,
    language: Language,
) -> String {
    let from = span.start.saturating_sub(SHOWN / 3);
    let shown: Vec<char> = text.chars().skip(from).take(SHOWN).map(printable).collect();
    let spot = span.start - from..span.end.saturating_sub(from).clamp(0, shown.len());
    let width = |chars: &[char]| chars.iter().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    let before = width(&shown[..spot.start.min(shown.len())]);
    let carets = shown.get(spot).map_or(1, width).max(1);
    let line: String = shown.iter().collect();
    let mut rendered = format!("{line}\n{}{}\n{message}", " ".repeat(before), "^".repeat(carets));
    if let Some(suggestion) = suggestion {
        let hint = language.pick("可以写：", "try: ");
        rendered.push_str(&format!("\n{hint}{suggestion}"));
    }
    rendered
}

/// What a terminal can show in place of a character.
fn printable(c: char) -> char {
    if c.is_control() || c.width().unwrap_or(0) == 0 { ' ' } else { c }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl std::error::Error for QueryError {}
