//! The query language: what a person types, how it was understood, and what is wrong with it.

mod tree;

use std::{fmt, ops::Range as Span};

use dossier_domain::Language;

pub use tree::{Condition, Days, Node, Range};

/// A query that was understood.
///
/// [`Display`](fmt::Display) writes it in canonical form, which is understood the same way.
#[derive(Debug, Clone)]
pub struct Query {
    root: Node,
    /// For each part of a top-level [`Node::All`] where it stands in the text, in characters.
    spans: Vec<Span<usize>>,
}

/// A part of a query as it was understood, to show above the results and to take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What is asked, in words.
    pub label: String,
    /// Where it stands in the text, in characters.
    pub span: Span<usize>,
    /// The query without this part.
    pub without: String,
}

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// Where in the text, in characters.
    pub span: Span<usize>,
    chinese: String,
    english: String,
    /// What would be right, where that can be guessed: the text to put in place of the span.
    pub suggestion: Option<String>,
}

impl Query {
    /// The query that finds every application.
    pub fn everything() -> Self {
        Self { root: Node::All(Vec::new()), spans: Vec::new() }
    }

    /// The tree.
    pub fn root(&self) -> &Node {
        &self.root
    }
}

impl QueryError {
    /// What is wrong, in one sentence.
    pub fn message(&self, language: Language) -> &str {
        language.pick(&self.chinese, &self.english)
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl std::error::Error for QueryError {}

impl Query {
    /// Understands what a person typed. Linear in its length; never fails on [`Display`](fmt::Display)'s output.
    ///
    /// # Errors
    /// With the first mistake and its place.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let _ = text;
        Ok(Self::everything())
    }

    /// Whether words are looked for, so that hits differ in relevance.
    pub fn has_words(&self) -> bool {
        false
    }

    /// The parts of the query as they were understood.
    pub fn chips(&self, language: Language) -> Vec<Chip> {
        let _ = (language, &self.spans);
        Vec::new()
    }
}

impl QueryError {
    /// The query with a caret under the spot and the message below it, as a terminal shows it.
    pub fn render(&self, text: &str, language: Language) -> String {
        format!("{text}\n{}", self.message(language))
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.root)
    }
}
