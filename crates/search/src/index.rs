//! The index on disk.

use std::{path::PathBuf, sync::Arc};

use dossier_domain::ApplicationId;
use dossier_seal::Key;

use crate::{Entry, Hits, Request, Result, Scope};

/// How an index is opened.
#[derive(Clone)]
pub struct Options {
    /// The folder. It is made where it is missing.
    pub path: PathBuf,
    /// The key that seals the files; `None` leaves them readable, which only comparisons of speed want.
    pub key: Option<Arc<Key>>,
    /// How many threads write.
    pub writer_threads: usize,
    /// Memory of each writing thread, in bytes; used from the first write on.
    pub writer_memory: usize,
    /// Memory for opened parts of sealed files, in bytes.
    pub cache: u64,
}

impl Options {
    /// A sealed index with one writing thread, 128 MiB for it and 64 MiB of cache.
    pub fn sealed(path: impl Into<PathBuf>, key: Key) -> Self {
        Self {
            path: path.into(),
            key: Some(Arc::new(key)),
            writer_threads: 1,
            writer_memory: 128 << 20,
            cache: 64 << 20,
        }
    }
}

/// A search index. All calls block; it may be shared between threads.
pub struct Index(());

/// Writes many entries with one commit at the end. Dropped without it, nothing of it is kept.
pub struct Bulk<'a>(std::marker::PhantomData<&'a Index>);

fn unbuilt<T>() -> Result<T> {
    Err(crate::Error::Engine("not built yet".into()))
}

impl Index {
    /// Opens the index in the folder, or makes an empty one there. Takes neither the writer's lock nor its memory.
    ///
    /// # Errors
    /// [`WrongKey`](crate::Error::WrongKey), [`Damaged`](crate::Error::Damaged), [`Outdated`](crate::Error::Outdated):
    /// [`Index::discard`] it and rebuild.
    pub fn open(options: Options) -> Result<Self> {
        let _ = options;
        unbuilt()
    }

    /// Whether there is an index in the folder, readable or not.
    pub fn exists(path: &std::path::Path) -> bool {
        path.join("meta.json").exists()
    }

    /// Removes all that an index has put into the folder, readable or not.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn discard(path: &std::path::Path) -> Result<()> {
        let _ = path;
        unbuilt()
    }

    /// The position in the feed up to which the index follows the records; 0 for a new one.
    pub fn position(&self) -> u64 {
        0
    }

    /// Number of entries.
    pub fn len(&self) -> u64 {
        0
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds, replaces and removes entries and takes `position` as the index's, all in one commit that is durable and
    /// found by searches when this returns.
    ///
    /// # Errors
    /// [`Locked`](crate::Error::Locked) when another process writes. After an error nothing of it is kept.
    pub fn apply(&self, upserts: &[Entry], deletes: &[ApplicationId], position: u64) -> Result<()> {
        let _ = (upserts, deletes, position);
        unbuilt()
    }

    /// Begins a large write; others wait until it is committed or dropped.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn bulk(&self) -> Result<Bulk<'_>> {
        unbuilt()
    }

    /// Removes all entries and sets the position to 0.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn clear(&self) -> Result<()> {
        unbuilt()
    }

    /// Takes over what another process has written.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn reload(&self) -> Result<()> {
        unbuilt()
    }

    /// Answers a search.
    ///
    /// # Errors
    /// [`Damaged`](crate::Error::Damaged); [`Cursor`](crate::Error::Cursor) when the cursor is another search's.
    pub fn search(&self, request: &Request<'_>) -> Result<Hits> {
        let _ = request;
        unbuilt()
    }

    /// The folders right below `parent` and how many applications lie in each; the outermost ones below the empty path.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn folders(&self, scope: &Scope, parent: &[String]) -> Result<Vec<(String, u64)>> {
        let _ = (scope, parent);
        unbuilt()
    }
}

impl Bulk<'_> {
    /// Adds or replaces an entry.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn add(&mut self, entry: &Entry) -> Result<()> {
        let _ = entry;
        unbuilt()
    }

    /// Removes an entry.
    pub fn remove(&mut self, application: ApplicationId) {
        let _ = application;
    }

    /// Commits what was written so far, with the position; the next write begins a new commit.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn commit(&mut self, position: u64) -> Result<()> {
        let _ = position;
        unbuilt()
    }
}
