//! Writing.

use std::sync::{MutexGuard, PoisonError};

use dossier_domain::ApplicationId;
use tantivy::{IndexWriter, TantivyError, Term, indexer::IndexWriterOptions};

use super::{Index, Payload};
use crate::{Entry, Error, Result, schema};

/// Writes many entries in few commits. What is not committed when it is dropped is not kept.
pub struct Bulk<'a> {
    index: &'a Index,
    /// Holds a writer from the start to the end.
    writer: MutexGuard<'a, Option<IndexWriter>>,
    is_clean: bool,
}

impl<'a> Bulk<'a> {
    pub(super) fn new(index: &'a Index) -> Result<Self> {
        let mut writer = index.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.is_none() {
            let options = IndexWriterOptions::builder()
                .num_worker_threads(index.options.writer_threads)
                .memory_budget_per_thread(index.options.writer_memory)
                .num_merge_threads(1)
                .build();
            *writer = Some(index.engine.writer_with_options(options).map_err(|error| index.failed(error))?);
        }
        Ok(Self { index, writer, is_clean: true })
    }

    /// Adds or replaces an entry.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn add(&mut self, entry: &Entry) -> Result<()> {
        let document = self.index.fields.document(entry).map_err(|error| Error::Engine(error.into()))?;
        self.remove(entry.application);
        self.with(|writer| writer.add_document(document)).map(drop)
    }

    /// Removes an entry.
    pub fn remove(&mut self, application: ApplicationId) {
        self.is_clean = false;
        let term = Term::from_field_text(self.index.fields.application, &application.to_string());
        if let Some(writer) = self.writer.as_mut() {
            writer.delete_term(term);
        }
    }

    /// Commits what was written so far, with the position; durable and found by searches when this returns. The next
    /// write begins another commit.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn commit(&mut self, position: u64) -> Result<()> {
        let payload = serde_json::to_string(&Payload { version: schema::VERSION, position })
            .map_err(|error| Error::Engine(error.into()))?;
        self.with(|writer| {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&payload);
            commit.commit()
        })?;
        self.is_clean = true;
        self.index.reload()
    }

    pub(super) fn remove_all(&mut self) -> Result<()> {
        self.with(|writer| writer.delete_all_documents()).map(drop)
    }

    /// Lets the writer do something; after a failure it is given up, since it does not say what became of the rest.
    fn with<T>(&mut self, act: impl FnOnce(&mut IndexWriter) -> Result<T, TantivyError>) -> Result<T> {
        self.is_clean = false;
        let gone = || Error::Engine("the writer stopped after an earlier failure".into());
        let result = act(self.writer.as_mut().ok_or_else(gone)?);
        result.map_err(|error| {
            *self.writer = None;
            self.index.failed(error)
        })
    }
}

impl Drop for Bulk<'_> {
    fn drop(&mut self) {
        if self.is_clean {
            return;
        }
        if let Some(writer) = self.writer.as_mut()
            && let Err(error) = writer.rollback()
        {
            tracing::warn!(%error, "index writer could not be rolled back, starting another");
            *self.writer = None;
        }
    }
}
