//! Batch retrieval: any number of applications, chosen contents, one ZIP.
//!
//! Length, names and sums are known before the first byte leaves, because everything about a file was noted when it came
//! in; the ZIP streams in bounded memory. Every item has an entry of its own in the log, durable before it leaves, with
//! the reason that was given.

mod contents;

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use dossier_access::{Action, Context, Resource, log::Outcome};
use dossier_domain::{ApplicationId, Language, MaterialKind, ReleaseId, text::Line};
use dossier_report::{
    Bundle, Locale, Manifest, index_xlsx, manifest_sums,
    pages::index_html,
    zip::{Entry, Piece, Plan, Source},
};
use dossier_search::{Query, Sort};
use futures::{Stream, StreamExt, TryStreamExt, future::Either, stream};

use crate::{
    ApplicationView, Archive, Error, Result,
    permit::{Intent, Permit, person},
    search::{LONGEST_PAGE, SearchRequest},
};
use contents::{Content, Item, generated};

/// So many stored files are opened at the same time before a ZIP is sent.
const AT_ONCE: usize = 8;

/// What is to be fetched.
#[derive(Debug, Clone)]
pub struct FetchRequest {
    /// Which applications: those that the query finds, in its order.
    pub query: String,
    /// In what order; as in a search, unless said otherwise.
    pub sort: Option<Sort>,
    /// Only these of them, up to 1,000; all where empty.
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

/// A ZIP that is ready to be sent. The log says once how it ended: when its last byte has been taken, when it fails, or
/// when it is dropped before.
pub struct Download<'a> {
    archive: &'a Archive,
    plan: Plan,
    items: Vec<Item>,
    intents: Vec<Intent>,
    is_concluded: AtomicBool,
    /// What is in it, as it stood when it was made ready.
    inside: Vec<(ApplicationId, Action, Resource)>,
    /// How many applications are in it.
    pub applications: usize,
}

/// What a request finds, and the leave to take each of it away.
pub(crate) struct Chosen {
    pub(crate) views: Vec<ApplicationView>,
    permits: Vec<Permit>,
    inside: Vec<(ApplicationId, Action, Resource)>,
}

impl Archive {
    /// Makes a ZIP of the chosen contents.
    ///
    /// # Errors
    /// [`Error::ReleaseNeeded`] for so much that another person releases it;
    /// [`Error::Query`]; [`Error::Denied`] for who may look but not take away; [`Error::Invalid`] where nothing is found, or
    /// too much; [`Error::InFile`] for a file that is damaged or missing.
    pub async fn fetch(&self, ctx: &Context, request: FetchRequest) -> Result<Download<'_>> {
        self.fetch_as(ctx, request, None).await
    }

    /// As [`Archive::fetch`], by a release where there is one.
    pub(crate) async fn fetch_as(
        &self,
        ctx: &Context,
        request: FetchRequest,
        released: Option<ReleaseId>,
    ) -> Result<Download<'_>> {
        let Chosen { views, mut permits, inside } = self.choose(ctx, &request).await?;
        let (plan, items) = self.plan(ctx, &request, &views)?;
        self.check_files(&plan, &items).await?;
        match released {
            Some(release) => permits = permits.into_iter().map(|permit| permit.on(release)).collect(),
            None => self.count_taken(ctx, views.len() as u64).await?,
        }
        let intents = self.journal.intend_all(permits).await?;
        let is_concluded = AtomicBool::new(false);
        Ok(Download { archive: self, plan, items, intents, is_concluded, inside, applications: views.len() })
    }

    /// Finds what is asked for, and the leave to take each of it away.
    pub(crate) async fn choose(&self, ctx: &Context, request: &FetchRequest) -> Result<Chosen> {
        let permit = self.authorise(ctx, Action::Search, &Resource::Archive).await?;
        if request.limit.unwrap_or(0).max(request.only.len()) > LONGEST_PAGE {
            return Err(Error::invalid(
                format!("一次最多调取 {LONGEST_PAGE} 份应聘"),
                format!("at most {LONGEST_PAGE} applications can be fetched at once"),
            ));
        }
        let query = Query::parse(&request.query)?;
        let intent = self.journal.intend(permit).await?;
        let views = self.chosen(ctx, query, request).await;
        let found = views.as_ref().map_or(0, |views| views.len() as u64);
        self.conclude(intent, &views, &[("hits", found)]);
        // Who has nothing of what was asked for is not in the ZIP.
        let has_any = |view: &ApplicationView| {
            view.materials.iter().any(|material| request.contents.contains(&material.kind()))
        };
        let views: Vec<_> = views?.into_iter().filter(has_any).collect();

        let (mut permits, mut inside) = (Vec::new(), Vec::new());
        for view in &views {
            for material in view.materials.iter().filter(|of| request.contents.contains(&of.kind())) {
                let action = Action::DownloadMaterial(material.kind());
                let objects = [view.application.id.into(), material.id.into()];
                let resource = Resource::of(&view.application);
                let permit = self.authorise_on(ctx, action, &resource, &objects).await?;
                permits.push(permit.for_purpose(request.reason.clone()));
                inside.push((view.application.id, action, resource));
            }
        }
        if permits.is_empty() {
            return Err(Error::invalid(
                "没有符合条件、可以调取的资料",
                "nothing that matches the query can be fetched",
            ));
        }
        Ok(Chosen { views, permits, inside })
    }

    /// Opens every stored file: that its blob is there, of its length and the right key's, is known before the first byte
    /// leaves. Damage further inside shows only when it is read.
    async fn check_files(&self, plan: &Plan, items: &[Item]) -> Result<()> {
        let open = |(item, entry): (&Item, &Entry)| {
            let path = entry.name.clone();
            let stored = match &item.content {
                Content::Stored { candidate, file } => Some((*candidate, file.clone())),
                Content::Made(_) => None,
            };
            async move {
                let Some((candidate, file)) = stored else { return Ok(()) };
                self.open_stored(candidate, &file).await.map(drop).map_err(|error| in_file(path, error))
            }
        };
        let opening: Vec<_> = items.iter().zip(plan.entries()).map(open).collect();
        stream::iter(opening).buffered(AT_ONCE).try_collect().await
    }

    async fn chosen(
        &self,
        ctx: &Context,
        query: Query,
        request: &FetchRequest,
    ) -> Result<Vec<ApplicationView>> {
        let chosen = match request.only.is_empty() {
            true => self.found(ctx, query, request).await?,
            false => self.found_of(ctx, query, request).await?,
        };
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

    /// The first applications that the query finds.
    async fn found(&self, ctx: &Context, query: Query, request: &FetchRequest) -> Result<Vec<ApplicationId>> {
        let limit = request.limit.unwrap_or(LONGEST_PAGE);
        let asked = SearchRequest { sort: request.sort, limit: Some(limit), ..SearchRequest::default() };
        let hits = self.search_index(ctx, query, asked).await?.hits;
        if request.limit.is_none() && hits.next.is_some() {
            return Err(Error::invalid(
                format!("找到 {} 份应聘，一次最多调取 {LONGEST_PAGE} 份；请缩小范围", hits.total),
                format!(
                    "{} applications were found, at most {LONGEST_PAGE} can be fetched at once; narrow the query",
                    hits.total
                ),
            ));
        }
        Ok(hits.hits.into_iter().map(|hit| hit.application).collect())
    }

    /// Of all that the query finds, those that were named, page by page until they are found.
    async fn found_of(
        &self,
        ctx: &Context,
        query: Query,
        request: &FetchRequest,
    ) -> Result<Vec<ApplicationId>> {
        let mut named: BTreeSet<ApplicationId> = request.only.iter().copied().collect();
        let limit = request.limit.unwrap_or(LONGEST_PAGE);
        let mut found = Vec::new();
        let mut asked =
            SearchRequest { sort: request.sort, limit: Some(LONGEST_PAGE), ..SearchRequest::default() };
        loop {
            let hits = self.search_index(ctx, query.clone(), asked.clone()).await?.hits;
            found.extend(hits.hits.iter().map(|hit| hit.application).filter(|id| named.remove(id)));
            asked.after = hits.next;
            if named.is_empty() || asked.after.is_none() || found.len() >= limit {
                found.truncate(limit);
                return Ok(found);
            }
        }
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
        let user = person(ctx)?;
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

    /// Whether everything in it may still be taken away, before it is gone on with; a refusal is recorded.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn still_allowed(&self, ctx: &Context) -> Result<()> {
        let inside: BTreeSet<_> =
            self.inside.iter().map(|(application, action, _)| (application, action)).collect();
        for (application, action) in inside {
            let _permit = self.archive.find(ctx, *action, *application).await?.3;
        }
        Ok(())
    }

    /// Whether the rights of this context include everything in it, as it stood when it was made ready: quick enough to be
    /// asked again and again while it is under way. A refusal is recorded.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn rights_hold(&self, ctx: &Context) -> Result<()> {
        let is_refused =
            |(_, action, resource): &&(_, Action, Resource)| !ctx.decide(*action, resource).is_allowed();
        match self.inside.iter().find(is_refused) {
            Some((application, action, resource)) => {
                let objects = [(*application).into()];
                self.archive.authorise_on(ctx, *action, resource, &objects).await.map(drop)
            }
            None => Ok(()),
        }
    }

    /// The ZIP's bytes.
    pub fn stream(&self) -> impl Stream<Item = Result<Bytes>> + Send + '_ {
        self.stream_from(0)
    }

    /// The ZIP's bytes from one of them on, for whoever has those before.
    pub fn stream_from(&self, offset: u64) -> impl Stream<Item = Result<Bytes>> + Send + '_ {
        let pieces: Vec<_> = self.plan.pieces_in(offset..self.length()).collect();
        let last = pieces.len().saturating_sub(1);
        let whole = stream::iter(pieces.into_iter().enumerate())
            .then(move |(number, piece)| async move {
                let bytes = self.piece(piece).await;
                if number == last && bytes.is_ok() {
                    self.conclude(Outcome::Done);
                }
                bytes
            })
            .try_flatten();
        whole.inspect_err(|_| self.conclude(Outcome::Failed))
    }

    async fn piece(&self, piece: Piece) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let wanted = piece.bytes;
        let part = |bytes: Bytes| {
            let (first, end) = (usize::try_from(wanted.start), usize::try_from(wanted.end));
            let (first, end) = (first.unwrap_or(usize::MAX), end.unwrap_or(usize::MAX).min(bytes.len()));
            Either::Left(stream::iter([Ok(bytes.slice(first.min(end)..end))]))
        };
        Ok(match piece.source {
            Source::LocalHeader(entry) => part(self.plan.local_header(entry).into()),
            Source::CentralDirectory => part(self.plan.central_directory().into()),
            Source::Content(entry) => match &self.items[entry].content {
                Content::Made(bytes) => part(bytes.clone()),
                Content::Stored { candidate, file } => {
                    let path = self.plan.entries()[entry].name.clone();
                    let open = self.archive.open_stored(*candidate, file).await;
                    let bytes = open.and_then(|open| open.range(wanted.clone()));
                    let bytes = bytes.map_err(|error| in_file(path.clone(), error))?;
                    Either::Right(bytes.map_err(move |error| in_file(path.clone(), error)).boxed())
                }
            },
        })
    }

    /// Notes once how it ended.
    fn conclude(&self, outcome: Outcome) {
        if !self.is_concluded.swap(true, Ordering::Relaxed) {
            for intent in &self.intents {
                self.archive.journal.conclude(intent.entry.outcome(intent.number, outcome));
            }
        }
    }
}

impl Drop for Download<'_> {
    fn drop(&mut self) {
        self.conclude(Outcome::Failed);
    }
}

fn in_file(path: String, error: Error) -> Error {
    Error::InFile { path, source: Box::new(error) }
}
