//! The index on disk.

mod bulk;
mod files;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use dossier_domain::{ApplicationId, BankZone, CandidateId, MaterialKind, Position, Stage, text::SkillName};
use dossier_seal::Key;
use serde::{Deserialize, Serialize};
use tantivy::{
    Directory, IndexReader, ReloadPolicy, Searcher, TantivyDocument, Term,
    collector::DocSetCollector,
    directory::MmapDirectory,
    query::{BooleanQuery, Occur, TermQuery},
    schema::{Field, IndexRecordOption, Value},
};

pub use self::bulk::Bulk;
use crate::{
    Counts, Entry, Error, Facet, Grant, Hit, Hits, Positions, Query, Request, Result, Scope, Sort,
    collect::{Collect, Collected, Known, Ranked},
    columns::{self, Answered, Cache, Columns, Gather, Question, Wish},
    compile::Compiler,
    directory::SealedDirectory,
    request::Cursor,
    schema::{self, Fields, Texts},
    snippet::Marker,
};

/// How an index is opened.
#[derive(Clone)]
pub struct Options {
    /// The folder. It is made where it is missing.
    pub path: PathBuf,
    /// The key that seals the files; `None` leaves them readable, which only comparisons of speed want.
    pub key: Option<Arc<Key>>,
    /// How many threads write.
    pub writer_threads: usize,
    /// Memory of each writing thread, in bytes, at least 16 MiB; used from the first write on.
    pub writer_memory: usize,
    /// Memory for opened parts of sealed files, in bytes.
    pub cache: u64,
}

impl Options {
    /// A sealed index with one writing thread, 128 MiB for it and 64 MiB of cache.
    pub fn sealed(path: impl Into<PathBuf>, key: impl Into<Arc<Key>>) -> Self {
        Self {
            path: path.into(),
            key: Some(key.into()),
            writer_threads: 1,
            writer_memory: 128 << 20,
            cache: 64 << 20,
        }
    }
}

/// A search index. All calls block; it may be shared between threads.
pub struct Index {
    options: Options,
    fields: Fields,
    engine: tantivy::Index,
    reader: IndexReader,
    position: AtomicU64,
    columns: Cache,
    known: Arc<Known>,
    /// Made at the first write.
    writer: Mutex<Option<tantivy::IndexWriter>>,
}

/// Whether all that there is fits, and all of it is shown.
fn is_whole(request: &Request<'_>) -> bool {
    let is_everything = |grant: &Grant| {
        matches!(grant.positions, Positions::All)
            && grant.stages.len() == Stage::ALL.len()
            && grant.kinds.len() == MaterialKind::ALL.len()
    };
    request.query.is_everything() && request.scope.grants.iter().any(is_everything)
}

/// What each commit says about itself.
#[derive(Serialize, Deserialize)]
struct Payload {
    version: u32,
    position: u64,
}

impl Index {
    /// Opens the index in the folder, or makes an empty one there. Takes neither the writer's lock nor its memory.
    ///
    /// # Errors
    /// [`WrongKey`](Error::WrongKey), [`Damaged`](Error::Damaged), [`Outdated`](Error::Outdated): [`Index::discard`]
    /// it and rebuild.
    pub fn open(options: Options) -> Result<Self> {
        let path = options.path.clone();
        let failed = |error| Error::at_opening(&path, error);
        std::fs::create_dir_all(&path).map_err(|source| Error::Io { path: path.clone(), source })?;
        let files = MmapDirectory::open(&path).map_err(|error| failed(error.into()))?;
        let directory: Box<dyn Directory> = match &options.key {
            Some(key) => Box::new(SealedDirectory::new(files, Arc::clone(key), options.cache)),
            None => Box::new(files),
        };
        let (fields, schema) = Fields::new();
        let engine = tantivy::Index::open_or_create(directory, schema).map_err(failed)?;
        schema::register(&engine);
        let position = position(&engine, &path)?;
        let reader = engine
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| Error::engine(&path, error))?;
        let (position, writer) = (AtomicU64::new(position), Mutex::new(None));
        Ok(Self {
            options,
            fields,
            engine,
            reader,
            position,
            columns: Cache::default(),
            known: Arc::default(),
            writer,
        })
    }

    /// Whether there is an index in the folder, readable or not.
    pub fn exists(path: &Path) -> bool {
        files::exist(path)
    }

    /// Removes all that an index has put into the folder, readable or not. No index there may be open.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn discard(path: &Path) -> Result<()> {
        files::remove(path).map_err(|source| Error::Io { path: path.to_owned(), source })
    }

    /// The position in the feed up to which the index follows the records; 0 for a new one.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Acquire)
    }

    /// Number of entries.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds, replaces and removes entries and takes `position` as the index's, all in one commit that is durable and
    /// found by searches when this returns.
    ///
    /// # Errors
    /// [`Locked`](Error::Locked) when another process writes. After an error nothing of it is kept.
    pub fn apply(&self, upserts: &[Entry], deletes: &[ApplicationId], position: u64) -> Result<()> {
        let mut bulk = self.bulk()?;
        for application in deletes {
            bulk.remove(*application);
        }
        for entry in upserts {
            bulk.add(entry)?;
        }
        bulk.commit(position)
    }

    /// Begins a large write; other writes wait until it is dropped.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn bulk(&self) -> Result<Bulk<'_>> {
        Bulk::new(self)
    }

    /// Removes all entries and sets the position to 0.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn clear(&self) -> Result<()> {
        let mut bulk = self.bulk()?;
        bulk.remove_all()?;
        bulk.commit(0)
    }

    /// Takes over what another process has written.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn reload(&self) -> Result<()> {
        // The position first: what is read after it is at least as new.
        let position = position(&self.engine, &self.options.path)?;
        self.reader.reload().map_err(|error| self.failed(error))?;
        self.position.store(position, Ordering::Release);
        Ok(())
    }

    /// Answers a search.
    ///
    /// # Errors
    /// [`Damaged`](Error::Damaged); [`Cursor`](Error::Cursor) when the cursor is another search's.
    pub fn search(&self, request: &Request<'_>) -> Result<Hits> {
        if request.after.as_ref().is_some_and(|cursor| cursor.sort != request.sort) {
            return Err(Error::Cursor);
        }
        let searcher = self.reader.searcher();
        let mut found = self.collect(&searcher, request)?;
        let has_more = found.best.len() > request.limit;
        found.best.truncate(request.limit);
        let last = found.best.last().filter(|_| has_more);
        let next = last.map(|last| Cursor {
            sort: request.sort,
            key: last.key.clone(),
            application: last.application,
        });
        let marker = Marker::new(request.query.root());
        let hits = found.best.iter().map(|ranked| self.hit(&searcher, ranked, request.scope, &marker));
        Ok(Hits { total: found.total, hits: hits.collect::<Result<_>>()?, next, facets: found.facets })
    }

    /// The columns of what a query finds.
    ///
    /// # Errors
    /// [`Damaged`](Error::Damaged)
    pub fn columns(&self, wanted: &columns::Wanted<'_>) -> Result<Columns> {
        let searcher = self.reader.searcher();
        let gather = Gather { fields: &self.fields, searcher: &searcher, cache: &self.columns };
        gather.columns(wanted).map_err(|error| self.failed(error))
    }

    /// The names of the skills that were assessed in what a query finds, those that most have first.
    ///
    /// # Errors
    /// [`Damaged`](Error::Damaged)
    pub fn skills(&self, query: &Query, scope: &Scope, zone: BankZone) -> Result<Vec<SkillName>> {
        let searcher = self.reader.searcher();
        let gather = Gather { fields: &self.fields, searcher: &searcher, cache: &self.columns };
        gather.skills(query, scope, zone).map_err(|error| self.failed(error))
    }

    /// The questions to which there are answers in what a query finds, those with most answers first; and how many questions
    /// there are.
    ///
    /// # Errors
    /// [`Damaged`](Error::Damaged)
    pub fn questions(&self, asked: &columns::Wanted<'_>, wish: &Wish<'_>) -> Result<Answered> {
        let searcher = self.reader.searcher();
        let gather = Gather { fields: &self.fields, searcher: &searcher, cache: &self.columns };
        gather.questions(asked, wish).map_err(|error| self.failed(error))
    }

    /// The words that stand out in answers to this question among those to `questions`, in what a query finds: words that
    /// say something, with how many answers have them, the most frequent first.
    ///
    /// # Errors
    /// [`Damaged`](Error::Damaged)
    pub fn outstanding(
        &self,
        asked: &columns::Wanted<'_>,
        question: &Question,
        others: &[Question],
        wish: &Wish<'_>,
    ) -> Result<Vec<(String, u64)>> {
        let searcher = self.reader.searcher();
        let gather = Gather { fields: &self.fields, searcher: &searcher, cache: &self.columns };
        gather.outstanding(asked, question, others, wish).map_err(|error| self.failed(error))
    }

    /// The candidates whose entries say something else of this position than it says itself: its name, branch or pass
    /// mark was changed.
    ///
    /// # Errors
    /// [`Damaged`](Error::Damaged)
    pub fn out_of_step(&self, position: &Position) -> Result<Vec<CandidateId>> {
        let facts = schema::position_term(&position.name, position.branch.as_ref(), &position.scoring());
        let term = |field, text: &str| -> Box<dyn tantivy::query::Query> {
            Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
        };
        let query = BooleanQuery::new(vec![
            (Occur::Must, term(self.fields.position, &position.id.to_string())),
            (Occur::MustNot, term(self.fields.position_facts, &facts)),
        ]);
        let searcher = self.reader.searcher();
        let found = searcher.search(&query, &DocSetCollector).map_err(|error| self.failed(error))?;
        let candidate = |address| {
            let document: TantivyDocument = searcher.doc(address).map_err(|error| self.failed(error))?;
            Ok(stored::<Entry>(&document, self.fields.row)?.candidate)
        };
        found.into_iter().map(candidate).collect()
    }

    /// The folders right below `parent` and how many applications lie in each; the outermost ones below the empty path.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn folders(&self, scope: &Scope, parent: &[String]) -> Result<Vec<(String, u64)>> {
        let query = Query::everything();
        let facets = vec![Facet::Folder(parent.to_vec())];
        let request = Request { limit: 0, facets, sort: Sort::Newest, ..Request::new(&query, scope) };
        let counts = self.search(&request)?.facets.pop();
        Ok(if let Some(Counts::Folder(folders)) = counts { folders } else { Vec::new() })
    }

    fn collect(&self, searcher: &Searcher, request: &Request<'_>) -> Result<Collected> {
        let compiler = Compiler { fields: &self.fields, searcher, scope: request.scope, zone: request.zone };
        let collect = Collect {
            sort: request.sort,
            // One more than asked for tells whether there is a next page.
            limit: if request.limit == 0 { 0 } else { request.limit.saturating_add(1) },
            after: request.after.as_ref(),
            facets: &request.facets,
            scope: request.scope,
            zone: request.zone,
            known: is_whole(request).then_some(&self.known),
        };
        let query = compiler.compile(request.query.root()).map_err(|error| self.failed(error))?;
        searcher.search(&query, &collect).map_err(|error| self.failed(error))
    }

    /// A hit, without what the scope does not show.
    fn hit(&self, searcher: &Searcher, ranked: &Ranked, scope: &Scope, marker: &Marker) -> Result<Hit> {
        let document: TantivyDocument = searcher.doc(ranked.address).map_err(|error| self.failed(error))?;
        let entry: Entry = stored(&document, self.fields.row)?;
        let texts: Texts = stored(&document, self.fields.texts)?;
        let shows = |kind: MaterialKind| scope.allows(entry.position, entry.stage, Some(kind));
        let weighted = entry.weighted().filter(|_| shows(MaterialKind::SkillAssessment));
        let tags = entry.tags.into_iter().filter(|tag| tag.reveals.is_none_or(shows));
        Ok(Hit {
            weighted,
            application: entry.application,
            candidate: entry.candidate,
            name: entry.name,
            position: entry.position,
            position_name: entry.position_name,
            stage: entry.stage,
            stage_since: entry.stage_since,
            created_at: entry.created_at,
            interviewed_at: entry.interviewed_at,
            score: entry.score,
            emotion: entry.emotion.filter(|_| shows(MaterialKind::Emotion)),
            tags: tags.map(|tag| tag.name).collect(),
            folder: entry.folder,
            vendor: entry.vendor,
            kinds: entry.kinds.into_iter().filter(|kind| shows(*kind)).collect(),
            snippets: marker.snippets(&texts, shows),
        })
    }

    fn failed(&self, error: tantivy::TantivyError) -> Error {
        Error::engine(&self.options.path, error)
    }
}

/// The position that the latest commit says.
fn position(engine: &tantivy::Index, path: &Path) -> Result<u64> {
    let Some(payload) = engine.load_metas().map_err(|error| Error::engine(path, error))?.payload else {
        return Ok(0);
    };
    let payload: Payload = serde_json::from_str(&payload).map_err(|error| Error::Damaged(error.into()))?;
    if payload.version == schema::VERSION { Ok(payload.position) } else { Err(Error::Outdated) }
}

/// A stored part of a document.
fn stored<T: serde::de::DeserializeOwned>(document: &TantivyDocument, field: Field) -> Result<T> {
    let bytes = document.get_first(field).and_then(|value| value.as_bytes());
    serde_json::from_slice(bytes.unwrap_or_default()).map_err(|error| Error::Damaged(error.into()))
}
