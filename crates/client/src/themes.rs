//! The lexicon: what answers are about.

use dossier_domain::{Lexicon, Theme, text::ThemeName};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Client, Result};

/// Words that many say in answers to a question, and that no theme has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The question, as it is spelled most often.
    pub question: String,
    /// How many answered it.
    pub answers: u64,
    /// The words, the most frequent first.
    pub words: Vec<SuggestedWord>,
}

/// A word, and in how many answers it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedWord {
    /// The word.
    pub word: String,
    /// The answers.
    pub answers: u64,
}

#[derive(Deserialize)]
struct Suggestions {
    suggestions: Vec<Suggestion>,
}

impl Client {
    /// All themes, in their order.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn themes(&self) -> Result<Lexicon> {
        self.read(self.get(&["themes"])?).await
    }

    /// What themes might be added, from answers of the applications that a query finds.
    ///
    /// # Errors
    /// As [`Client::themes`].
    pub async fn suggested_words(&self, query: &str) -> Result<Vec<Suggestion>> {
        let request = self.get(&["themes", "suggestions"])?.query(&json!({ "q": query }));
        Ok(self.read::<Suggestions>(request).await?.suggestions)
    }

    /// Keeps a theme, or gives one that is kept other words.
    ///
    /// # Errors
    /// As [`Client::themes`].
    pub async fn set_theme(&self, theme: &Theme) -> Result<Lexicon> {
        let request = self.request(Method::PUT, &["themes", theme.name.as_str()])?;
        self.read(request.json(&json!({ "en": theme.en, "words": theme.words }))).await
    }

    /// Forgets a theme.
    ///
    /// # Errors
    /// As [`Client::themes`].
    pub async fn remove_theme(&self, name: &ThemeName) -> Result<()> {
        let request = self.request(Method::DELETE, &["themes", name.as_str()])?;
        self.read::<Value>(request).await.map(drop)
    }
}
