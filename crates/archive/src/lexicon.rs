//! The lexicon: what HR wants to hear of in answers.

use dossier_access::{Action, Context, Resource};
use dossier_domain::{Language, Lexicon, Theme, lexicon::LexiconError, text::ThemeName};
use dossier_storage::{Scope, Stored};

use crate::{Archive, Error, Result, What, permit::Permit, records::LEXICON};

/// Words that many say in answers to a question, and that no theme has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedWords {
    /// The question, as it is spelled most often.
    pub question: String,
    /// How many answered it.
    pub answers: u64,
    /// The words with how many answers have them, the most frequent first.
    pub words: Vec<(String, u64)>,
}

impl Archive {
    /// What themes might be added: words of the answers that are found by a query and that the actor may see. Words that
    /// few say are left out, and questions that too few answered.
    ///
    /// # Errors
    /// [`Error::Denied`] for who makes no reports; [`Error::Query`].
    pub async fn suggested_words(&self, ctx: &Context, query: String) -> Result<Vec<SuggestedWords>> {
        let permit = self.authorise(ctx, Action::Report, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("suggest_themes")?).await?;
        let found = self.words_of_no_theme(ctx, query).await;
        self.conclude(intent, &found, &[]);
        found
    }

    /// The themes, in their order.
    ///
    /// # Errors
    /// [`Error::Denied`] for who makes no reports.
    pub async fn lexicon(&self, ctx: &Context) -> Result<Lexicon> {
        let permit = self.authorise(ctx, Action::Report, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("list_themes")?).await?;
        let known = self.known_lexicon().await;
        self.conclude(intent, &known, &[]);
        known
    }

    /// Keeps a theme, or gives one that is kept other words. Reports go by it at once.
    ///
    /// # Errors
    /// [`Error::Denied`] for who manages no rules; [`Error::Invalid`] for too many themes; [`Error::Changed`].
    pub async fn set_theme(&self, ctx: &Context, theme: Theme) -> Result<Lexicon> {
        let permit = self.authorise(ctx, Action::ManageRules, &Resource::Archive).await?;
        let (stored, known) = self.stored_lexicon(&permit).await?;
        let changed = known.with(theme)?;
        self.keep_lexicon(permit.part("set_theme")?, stored, changed).await
    }

    /// Forgets a theme.
    ///
    /// # Errors
    /// [`Error::Denied`] for who manages no rules; [`Error::NotFound`]; [`Error::Changed`].
    pub async fn remove_theme(&self, ctx: &Context, name: &ThemeName) -> Result<Lexicon> {
        let permit = self.authorise(ctx, Action::ManageRules, &Resource::Archive).await?;
        let (stored, known) = self.stored_lexicon(&permit).await?;
        let changed = known.without(name).ok_or_else(|| Error::not_found(What::Theme, name))?;
        self.keep_lexicon(permit.part("remove_theme")?, stored, changed).await
    }

    async fn keep_lexicon(
        &self,
        permit: Permit,
        stored: Option<Stored<Lexicon>>,
        changed: Lexicon,
    ) -> Result<Lexicon> {
        let mut tx = self.store.batch();
        match &stored {
            Some(stored) => tx.update(LEXICON, stored, &changed)?,
            None => tx.insert(LEXICON, Scope::Archive, [], &changed)?,
        };
        self.journal.change([permit], tx).await?;
        Ok(changed)
    }

    async fn stored_lexicon(&self, permit: &Permit) -> Result<(Option<Stored<Lexicon>>, Lexicon)> {
        let stored = self.store.get(LEXICON, Scope::Archive, []).await?;
        if let Some(stored) = &stored {
            permit.relies_on(stored)?;
        }
        let known = stored.as_ref().map_or_else(Lexicon::default, |stored| stored.value.clone());
        Ok((stored, known))
    }

    /// The lexicon that holds, for use cases that ask and record themselves.
    pub(crate) async fn known_lexicon(&self) -> Result<Lexicon> {
        let stored = self.store.get(LEXICON, Scope::Archive, []).await?;
        Ok(stored.map_or_else(Lexicon::default, |stored| stored.value))
    }
}

impl From<LexiconError> for Error {
    fn from(error: LexiconError) -> Self {
        Self::invalid(error.message(Language::Chinese), error.message(Language::English))
    }
}
