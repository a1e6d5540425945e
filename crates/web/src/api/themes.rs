//! The lexicon: what answers are about, for the trends in answers.

use std::sync::Arc;

use axum::{Json, extract::State, response::Response};
use dossier_archive::{Error, lexicon::SuggestedWords};
use dossier_domain::{
    Theme,
    text::{ThemeName, ThemeWord},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::{Asked, At, Body, IfMatch, Removed, tagged},
    table::Table,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table
        .with(__path_list, list)
        .with(__path_suggestions, suggestions)
        .with(__path_set, set)
        .with(__path_remove, remove)
}

/// A theme.
#[derive(Serialize, ToSchema)]
struct AnswerTheme {
    #[schema(value_type = super::text::ThemeText)]
    name: ThemeName,
    /// What it is called in English; null where that is the same.
    #[schema(value_type = Option<super::text::ThemeText>)]
    en: Option<ThemeName>,
    /// The words and phrases that name it, in any language.
    #[schema(value_type = Vec<super::text::ThemeText>)]
    words: Vec<ThemeWord>,
}

/// The lexicon.
#[derive(Serialize, ToSchema)]
struct Themes {
    /// The themes, in their order.
    themes: Vec<AnswerTheme>,
}

impl From<dossier_domain::Lexicon> for Themes {
    fn from(of: dossier_domain::Lexicon) -> Self {
        let theme = |Theme { name, en, words }| AnswerTheme { name, en, words };
        Self { themes: of.themes.into_iter().map(theme).collect() }
    }
}

/// All themes.
#[utoipa::path(
    get, path = "/api/v1/themes", tag = "themes",
    responses((status = 200, description = "The themes", body = Themes, headers(("ETag", description = "Their state"))))
)]
async fn list(caller: Caller, State(site): State<Arc<Site>>) -> Result<Response> {
    tagged(Themes::from(site.archive.lexicon(&caller.ctx).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Among {
    /// In answers of which applications: those that this query finds.
    #[serde(default)]
    q: String,
}

/// Words that many say in answers to a question, and that no theme has.
#[derive(Serialize, ToSchema)]
struct Suggestions {
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize, ToSchema)]
struct Suggestion {
    /// The question, as it is spelled most often.
    question: String,
    /// How many answered it.
    answers: u64,
    /// The words, the most frequent first.
    words: Vec<SuggestedWord>,
}

#[derive(Serialize, ToSchema)]
struct SuggestedWord {
    word: String,
    /// In how many answers it is.
    answers: u64,
}

impl From<SuggestedWords> for Suggestion {
    fn from(of: SuggestedWords) -> Self {
        let word = |(word, answers)| SuggestedWord { word, answers };
        Self { question: of.question, answers: of.answers, words: of.words.into_iter().map(word).collect() }
    }
}

/// What themes might be added.
///
/// They are found in the answers that the caller may see; words that few say are left out.
#[utoipa::path(
    get, path = "/api/v1/themes/suggestions", tag = "themes", params(Among),
    responses((status = 200, description = "The words, by question", body = Suggestions))
)]
async fn suggestions(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(among): Asked<Among>,
) -> Result<Json<Suggestions>> {
    let found = site.archive.suggested_words(&caller.ctx, among.q).await?;
    Ok(Json(Suggestions { suggestions: found.into_iter().map(Suggestion::from).collect() }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfTheme {
    /// The theme's name.
    #[param(value_type = super::text::ThemeText)]
    theme: ThemeName,
}

/// A theme to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTheme {
    /// What it is called in English; left out where that is the same.
    #[schema(value_type = Option<super::text::ThemeText>)]
    en: Option<ThemeName>,
    /// The words and phrases that name it, 40 at most, with 300 characters together; its names where there are none.
    #[serde(default)]
    #[schema(value_type = Vec<super::text::ThemeText>)]
    words: Vec<ThemeWord>,
}

/// Keeps a theme, or gives one that is kept other words.
///
/// Reports go by it at once.
#[utoipa::path(
    put, path = "/api/v1/themes/{theme}", tag = "themes", params(OfTheme, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    request_body = NewTheme,
    responses((status = 200, description = "All themes", body = Themes, headers(("ETag", description = "Their state"))))
)]
async fn set(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfTheme>,
    when: IfMatch,
    Body(new): Body<NewTheme>,
) -> Result<Response> {
    let theme = Theme::new(of.theme, new.en, new.words).map_err(Error::from)?;
    let ctx = when.holds(caller, &site, async |ctx| known(&site, ctx).await).await?;
    tagged(Themes::from(site.archive.set_theme(&ctx, theme).await?))
}

/// Forgets a theme.
#[utoipa::path(
    delete, path = "/api/v1/themes/{theme}", tag = "themes", params(OfTheme, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "It is forgotten", body = Removed))
)]
async fn remove(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfTheme>,
    when: IfMatch,
) -> Result<Json<Removed>> {
    let ctx = when.holds(caller, &site, async |ctx| known(&site, ctx).await).await?;
    site.archive.remove_theme(&ctx, &of.theme).await?;
    Ok(Removed::new(of.theme))
}

async fn known(site: &Site, ctx: &dossier_access::Context) -> Result<Themes> {
    Ok(site.archive.lexicon(ctx).await?.into())
}
