//! Batch retrieval: any number of applications, chosen contents, one ZIP.
//!
//! Length, names and sums are known before the first byte leaves, because everything about a file was noted when it came
//! in; the ZIP streams in bounded memory. Every item has an entry of its own in the log, durable before it leaves, with
//! the reason that was given.

mod contents;

use bytes::Bytes;
use dossier_access::{Action, Context, Resource};
use dossier_domain::{ApplicationId, Language, MaterialKind, text::Line};
use dossier_report::{
    Bundle, Locale, Manifest, index_xlsx, manifest_sums,
    pages::index_html,
    zip::{Plan, Source},
};
use dossier_search::{Query, Sort};
use futures::{Stream, StreamExt, TryStreamExt, future::Either, stream};

use crate::{
    ApplicationView, Archive, Error, Result,
    permit::Intent,
    search::{LONGEST_PAGE, SearchRequest},
};
use contents::{Content, Item, generated};

/// What is to be fetched.
#[derive(Debug, Clone)]
pub struct FetchRequest {
    /// Which applications: those that the query finds, in its order.
    pub query: String,
    /// In what order; as in a search, unless said otherwise.
    pub sort: Option<Sort>,
    /// Only these of them; all where empty.
    pub only: Vec<ApplicationId>,
    /// At most so many; up to 1,000.
    pub limit: Option<usize>,
    /// Which kinds of material.
    pub contents: Vec<MaterialKind>,
    /// What for.
    pub reason: Line,
    /// The language of the pages in the ZIP.
    pub language: Language,
}

/// A ZIP that is ready to be sent.
pub struct Download<'a> {
    archive: &'a Archive,
    plan: Plan,
    items: Vec<Item>,
    intents: Vec<Intent>,
    /// How many applications are in it.
    pub applications: usize,
}

impl Archive {
    /// Makes a ZIP of the chosen contents.
    ///
    /// # Errors
    /// [`Error::Query`]; [`Error::Denied`] for who may look but not take away; [`Error::Invalid`] where nothing is found.
    pub async fn fetch(&self, ctx: &Context, request: FetchRequest) -> Result<Download<'_>> {
        let permit = self.authorise(ctx, Action::Search, &Resource::Archive).await?;
        let query = Query::parse(&request.query)?;
        let intent = self.journal.intend(permit).await?;
        let views = self.chosen(ctx, query, &request).await;
        let found = views.as_ref().map_or(0, |views| views.len() as u64);
        self.conclude(intent, &views, &[("hits", found)]);
        let views = views?;

        let mut permits = Vec::new();
        for view in &views {
            for material in view.materials.iter().filter(|of| request.contents.contains(&of.kind())) {
                let action = Action::DownloadMaterial(material.kind());
                let objects = [view.application.id.into(), material.id.into()];
                let resource = Resource::of(&view.application);
                let permit = self.authorise_on(ctx, action, &resource, &objects).await?;
                permits.push(permit.for_purpose(request.reason.clone()));
            }
        }
        if permits.is_empty() {
            return Err(Error::invalid(
                "没有符合条件、可以调取的资料",
                "nothing that matches the query can be fetched",
            ));
        }
        let intents = self.journal.intend_all(permits).await?;
        let (plan, items) = self.plan(ctx, &request, &views)?;
        Ok(Download { archive: self, plan, items, intents, applications: views.len() })
    }

    async fn chosen(
        &self,
        ctx: &Context,
        query: Query,
        request: &FetchRequest,
    ) -> Result<Vec<ApplicationView>> {
        let limit = request.limit.unwrap_or(LONGEST_PAGE);
        let asked = SearchRequest { sort: request.sort, limit: Some(limit), ..SearchRequest::default() };
        let hits = self.search_index(ctx, query, asked).await?.hits;
        if request.limit.is_none() && hits.next.is_some() && request.only.is_empty() {
            return Err(Error::invalid(
                format!("找到 {} 份应聘，一次最多调取 {LONGEST_PAGE} 份；请缩小范围", hits.total),
                format!(
                    "{} applications were found, at most {LONGEST_PAGE} can be fetched at once; narrow the query",
                    hits.total
                ),
            ));
        }
        let chosen = hits.hits.into_iter().map(|hit| hit.application);
        let chosen = chosen.filter(|id| request.only.is_empty() || request.only.contains(id));
        let mut views = Vec::new();
        for id in chosen {
            // Gone since the index answered: as if it had not been found.
            let Some((file, identity, damaged)) = self.read_application(id).await? else { continue };
            if ctx.decide(Action::ViewApplication, &Resource::of(&file.application)).is_allowed() {
                views.push(self.visible(ctx, file, identity, damaged));
            }
        }
        Ok(views)
    }

    fn plan(
        &self,
        ctx: &Context,
        request: &FetchRequest,
        views: &[ApplicationView],
    ) -> Result<(Plan, Vec<Item>)> {
        let settings = self.settings();
        let locale = Locale { language: request.language, zone: settings.zone };
        let now = ctx.now();
        let mut plan = Plan::new(settings.zone);
        let mut items = Vec::new();
        let mut rows = Vec::new();
        for (number, view) in views.iter().enumerate() {
            rows.push(contents::add(&mut plan, &mut items, locale, number, view, &request.contents, now)?);
        }
        let user = ctx.actor().user().ok_or(Error::Denied(dossier_access::Reason::NotYourDuty))?;
        let bundle = Bundle {
            made_at: now,
            made_by: user.login.clone(),
            query: request.query.clone(),
            reason: request.reason.clone(),
            contents: request.contents.clone(),
            rows,
        };
        generated(&mut plan, &mut items, "index.html", index_html(locale, &bundle).into_bytes(), now)?;
        generated(&mut plan, &mut items, "index.xlsx", index_xlsx(locale, &bundle)?, now)?;
        let manifest = Manifest {
            format: Manifest::FORMAT,
            made_at: now,
            made_by: user.login.clone(),
            query: bundle.query,
            reason: bundle.reason,
            files: items.iter().zip(plan.entries()).map(|(item, entry)| item.line(entry)).collect(),
        };
        generated(&mut plan, &mut items, "manifest.json", manifest.to_json()?.into_bytes(), now)?;
        let with_itself = Manifest {
            files: items.iter().zip(plan.entries()).map(|(item, entry)| item.line(entry)).collect(),
            ..manifest
        };
        generated(&mut plan, &mut items, "SHA256SUMS", manifest_sums(&with_itself).into_bytes(), now)?;
        Ok((plan, items))
    }
}

impl Download<'_> {
    /// The exact length of the ZIP in bytes.
    pub fn length(&self) -> u64 {
        self.plan.length()
    }

    /// How many files are in it.
    pub fn files(&self) -> usize {
        self.plan.entries().len()
    }

    /// The ZIP's bytes. When the last of them has been taken, the log says that it was done.
    pub fn stream(&self) -> impl Stream<Item = Result<Bytes>> + Send + '_ {
        let pieces: Vec<_> = self.plan.pieces().collect();
        let last = pieces.len().saturating_sub(1);
        stream::iter(pieces.into_iter().enumerate())
            .then(move |(number, piece)| async move {
                let bytes = self.piece(piece.source).await;
                if number == last || bytes.is_err() {
                    self.conclude(bytes.as_ref().map(|_| ()));
                }
                bytes
            })
            .try_flatten()
    }

    async fn piece(&self, source: Source) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let whole = |bytes: Bytes| Either::Left(stream::iter([Ok(bytes)]));
        Ok(match source {
            Source::LocalHeader(entry) => whole(self.plan.local_header(entry).into()),
            Source::CentralDirectory => whole(self.plan.central_directory().into()),
            Source::Content(entry) => match &self.items[entry].content {
                Content::Made(bytes) => whole(bytes.clone()),
                Content::Stored { candidate, file } => {
                    let open = self.archive.open_stored(*candidate, file).await?;
                    Either::Right(open.range(0..file.length)?.boxed())
                }
            },
        })
    }

    fn conclude(&self, result: Result<(), &Error>) {
        let outcome = match result {
            Ok(()) => dossier_access::log::Outcome::Done,
            Err(_) => dossier_access::log::Outcome::Failed,
        };
        for intent in &self.intents {
            self.archive.journal.conclude(intent.entry.outcome(intent.number, outcome));
        }
    }
}
