//! Searching, within what the actor may see.

use std::sync::Arc;

use dossier_access::{Action, Context, Resource, Scope};
use dossier_search::{Cursor, Facet, Hits, Index, Query, Request, Sort, query::Chip};

use crate::{
    Archive, Result,
    projector::{blocking, wants_rebuild},
};

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest {
    /// What HR typed.
    pub query: String,
    /// In what order; by relevance where words are looked for, else the newest first, unless said otherwise.
    pub sort: Option<Sort>,
    /// How many hits at most; 20 unless said otherwise.
    pub limit: Option<usize>,
    /// The last hit of the page before.
    pub after: Option<Cursor>,
    /// What to count.
    pub facets: Vec<Facet>,
}

/// What was found, and how the query was understood.
#[derive(Debug, Clone)]
pub struct SearchAnswer {
    /// The query as it was understood.
    pub query: Query,
    /// The hits.
    pub hits: Hits,
}

impl SearchAnswer {
    /// The parts of the query as they were understood.
    pub fn chips(&self, language: dossier_domain::Language) -> Vec<Chip> {
        self.query.chips(language)
    }
}

/// The most hits of one page.
pub const LONGEST_PAGE: usize = 1000;

impl Archive {
    /// Searches. What was committed before the call is found.
    ///
    /// # Errors
    /// [`Error::Query`](crate::Error::Query) that points at the mistake.
    pub async fn search(&self, ctx: &Context, request: SearchRequest) -> Result<SearchAnswer> {
        let permit = self.authorise(ctx, Action::Search, &Resource::Archive).await?;
        let query = Query::parse(&request.query)?;
        let intent = self.journal.intend(permit).await?;
        let answer = self.search_index(ctx, query, request).await;
        let hits = answer.as_ref().map_or(0, |answer| answer.hits.total);
        self.conclude(intent, &answer, &[("hits", hits)]);
        answer
    }

    /// The folders right below `parent` with the number of applications in each.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied) for who may not search.
    pub async fn folders(&self, ctx: &Context, parent: Vec<String>) -> Result<Vec<(String, u64)>> {
        let permit = self.authorise(ctx, Action::Search, &Resource::Archive).await?;
        let intent = self.journal.intend(permit).await?;
        let scope = ctx.scope();
        let folders = self.with_index(move |index| index.folders(&scope, &parent)).await;
        self.conclude(intent, &folders, &[]);
        folders
    }

    /// Searches without asking or recording; for use cases that do both themselves.
    pub(crate) async fn search_index(
        &self,
        ctx: &Context,
        query: Query,
        asked: SearchRequest,
    ) -> Result<SearchAnswer> {
        self.search_within(ctx.scope(), query, asked).await
    }

    /// As [`Archive::search_index`], within a part of what the actor may see.
    pub(crate) async fn search_within(
        &self,
        scope: Scope,
        query: Query,
        asked: SearchRequest,
    ) -> Result<SearchAnswer> {
        let zone = self.settings().zone;
        self.with_index(move |index| {
            let request = Request::new(&query, &scope);
            let request = Request {
                zone,
                sort: asked.sort.unwrap_or(request.sort),
                limit: asked.limit.unwrap_or(request.limit).min(LONGEST_PAGE),
                after: asked.after.clone(),
                facets: asked.facets.clone(),
                ..request
            };
            let hits = index.search(&request)?;
            Ok(SearchAnswer { query: query.clone(), hits })
        })
        .await
    }

    /// Asks the index, once it has taken in everything. One that turns out to be damaged is built anew and asked again.
    async fn with_index<T: Send + 'static>(
        &self,
        ask: impl Fn(&Index) -> dossier_search::Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let ask = Arc::new(ask);
        let ask_of = |index: &Arc<Index>| {
            let (ask, index) = (Arc::clone(&ask), Arc::clone(index));
            blocking(move || ask(&index))
        };
        let index = self.projector.current(&self.store, &self.settings()).await?;
        match ask_of(&index).await {
            Err(error) if wants_rebuild(&error) => {
                let index = self.projector.renewed(&self.store, index).await?;
                ask_of(&index).await
            }
            other => other,
        }
    }
}
