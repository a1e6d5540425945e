//! The journal: the one way by which anything is changed, and by which the operation log grows.
//!
//! One batch carries the records, the log's entries about them and the head of the log, so there is no instant at which
//! they disagree. Log records and head are chained: a commit waits for the one before it. Outcomes of reads need not be
//! waited for; they go with the next commit, or with [`Journal::tend`]. Their intents were durable before anything was
//! shown. A commit runs on a task of its own, so that nothing is lost when who asked for it goes away in the middle.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dossier_access::log::{Boot, Entry, LogHead, Outcome, Signer};
use dossier_domain::Clock;
use dossier_storage::{Batch, Error as StorageError, Key, Scope, Sequence, Store, Stored, Tx};

use crate::{
    Error, Result,
    permit::{Intent, Permit},
    records::{CHECKPOINTS, LOG, LOG_HEAD},
};

/// So often a commit is tried again when the log's head is not what this process took it to be.
const ATTEMPTS: usize = 4;

pub(crate) struct Journal(Arc<Inner>);

struct Inner {
    store: Store,
    signer: Signer,
    boot: Boot,
    clock: Arc<dyn Clock>,
    /// The head as this process last wrote or read it.
    head: tokio::sync::Mutex<Option<Stored<LogHead>>>,
    /// Outcomes that wait for the next commit.
    waiting: Mutex<Vec<Entry>>,
}

impl Journal {
    pub(crate) fn new(store: Store, signer: Signer, boot: Boot, clock: Arc<dyn Clock>) -> Self {
        let head = tokio::sync::Mutex::default();
        Self(Arc::new(Inner { store, signer, boot, clock, head, waiting: Mutex::default() }))
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.0.signer
    }

    /// Commits changes together with the permits under which they are made.
    ///
    /// # Errors
    /// [`Error::Changed`] if the actor relies on a state, and what is to be changed is newer.
    pub(crate) async fn change(
        &self,
        permits: impl IntoIterator<Item = Permit>,
        tx: Tx<'_>,
    ) -> Result<Sequence> {
        let permits: Vec<Permit> = permits.into_iter().collect();
        let base = permits.iter().filter_map(Permit::base).min();
        if base.is_some_and(|base| tx.batch().newest_expected() > base) {
            return Err(Error::Changed);
        }
        match self.commit(permits.into_iter().map(Permit::into_entry).collect(), tx).await {
            Ok((sequence, _)) => Ok(sequence),
            Err(Error::Conflict) if base.is_some() => Err(Error::Changed),
            Err(error) => Err(error),
        }
    }

    /// Writes down what is about to be shown. Only then may it be.
    pub(crate) async fn intend(&self, permit: Permit) -> Result<Intent> {
        self.intend_all(vec![permit]).await?.pop().ok_or(Error::Conflict)
    }

    /// As [`Journal::intend`], with changes that stand only if the intent does.
    pub(crate) async fn intend_with(&self, permit: Permit, tx: Tx<'_>) -> Result<(Intent, Sequence)> {
        let entry = Entry { outcome: Outcome::Intended, ..permit.into_entry() };
        let (sequence, number) = self.commit(vec![entry.clone()], tx).await?;
        Ok((Intent { entry, number }, sequence))
    }

    /// As [`Journal::intend`], for many things at once.
    pub(crate) async fn intend_all(&self, permits: Vec<Permit>) -> Result<Vec<Intent>> {
        let entries: Vec<Entry> = permits
            .into_iter()
            .map(|permit| Entry { outcome: Outcome::Intended, ..permit.into_entry() })
            .collect();
        let (_, first) = self.log(entries.clone()).await?;
        Ok(entries.into_iter().zip(first..).map(|(entry, number)| Intent { entry, number }).collect())
    }

    /// Notes how an intent ended; durable with the next commit.
    pub(crate) fn conclude(&self, outcome: Entry) {
        self.0.waiting().push(outcome);
    }

    /// Writes down that something was refused.
    pub(crate) async fn refuse(&self, entry: Entry) -> Result<()> {
        self.log(vec![Entry { outcome: Outcome::Denied, ..entry }]).await.map(drop)
    }

    /// Makes all outcomes durable, and signs a checkpoint over all that it does not cover yet.
    pub(crate) async fn flush(&self) -> Result<()> {
        self.log(Vec::new()).await?;
        let inner = Arc::clone(&self.0);
        to_the_end(async move { inner.cover().await }).await
    }

    /// Makes outcomes durable that wait for a commit, and signs a checkpoint that is due, if anything is to be done.
    pub(crate) async fn tend(&self) -> Result<()> {
        let is_idle = self.0.waiting().is_empty() && {
            let mut head = self.0.head.lock().await;
            let current = self.0.current(&mut head).await?;
            !current.value.checkpoint_due(self.0.clock.now())
        };
        if is_idle { Ok(()) } else { self.log(Vec::new()).await.map(drop) }
    }

    async fn log(&self, entries: Vec<Entry>) -> Result<(Sequence, u64)> {
        self.commit(entries, self.0.store.batch()).await.map_err(|error| match error {
            Error::Conflict => Error::Conflict,
            other => Error::Log(Box::new(other)),
        })
    }

    async fn commit(&self, entries: Vec<Entry>, mut tx: Tx<'_>) -> Result<(Sequence, u64)> {
        let inner = Arc::clone(&self.0);
        let batch = std::mem::take(tx.raw());
        to_the_end(async move { inner.commit(&entries, &batch).await }).await
    }
}

/// Runs to its end, whoever waits for it.
async fn to_the_end<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let done = tokio::spawn(work).await;
    done.map_err(|error| Error::Io { doing: "writing the log", source: std::io::Error::other(error) })?
}

impl Inner {
    fn waiting(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends the waiting outcomes and `entries` to the log in one commit with `batch`; gives the number of the first
    /// of `entries`.
    async fn commit(&self, entries: &[Entry], batch: &Batch) -> Result<(Sequence, u64)> {
        let mut head = self.head.lock().await;
        let mut attempts = 1;
        loop {
            let current = self.current(&mut head).await?;
            let mut tx = self.store.batch();
            *tx.raw() = batch.clone();
            // They stay where they are until the commit stands; others may only be added behind them meanwhile.
            let outcomes = self.waiting().clone();
            let first = current.value.size() + outcomes.len() as u64;
            let mut next = current.value.clone();
            for entry in outcomes.iter().chain(entries) {
                let appended = next.append(entry.clone(), self.boot.moment(&*self.clock))?;
                let key = Key::new(Scope::Archive, LOG, appended.record.sequence.to_be_bytes())?;
                tx.raw().put(key, appended.bytes);
            }
            if next.checkpoint_due(self.clock.now()) {
                next = self.sign(&next, &mut tx)?;
            }
            match self.write(&mut head, current, next, tx).await {
                Ok(sequence) => {
                    self.waiting().drain(..outcomes.len());
                    return Ok((sequence, first));
                }
                Err(StorageError::Conflict { key })
                    if key.collection() == LOG_HEAD.collection() && attempts < ATTEMPTS =>
                {
                    attempts += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Signs a checkpoint over all that none covers yet.
    async fn cover(&self) -> Result<()> {
        let mut head = self.head.lock().await;
        let current = self.current(&mut head).await?;
        if current.value.covered() < current.value.size() {
            let mut tx = self.store.batch();
            let next = self.sign(&current.value, &mut tx)?;
            self.write(&mut head, current, next, tx).await?;
        }
        Ok(())
    }

    fn sign(&self, head: &LogHead, tx: &mut Tx<'_>) -> Result<LogHead> {
        let checkpoint = self.signer.sign(head, self.clock.now());
        tx.put(CHECKPOINTS, Scope::Archive, checkpoint.size().to_be_bytes(), &checkpoint.to_string())?;
        let mut noted = head.clone();
        noted.note(&checkpoint);
        Ok(noted)
    }

    /// The head, read if this process does not know it; a new archive's is empty.
    async fn current(&self, head: &mut Option<Stored<LogHead>>) -> Result<Stored<LogHead>> {
        if let Some(known) = head {
            return Ok(known.clone());
        }
        let key = Key::new(Scope::Archive, LOG_HEAD.collection(), [])?;
        let empty = Stored { key, value: LogHead::default(), revision: Sequence::ZERO };
        Ok(self.store.get(LOG_HEAD, Scope::Archive, []).await?.unwrap_or(empty))
    }

    async fn write(
        &self,
        head: &mut Option<Stored<LogHead>>,
        current: Stored<LogHead>,
        next: LogHead,
        mut tx: Tx<'_>,
    ) -> dossier_storage::Result<Sequence> {
        if next.size() > current.value.size() || next != current.value {
            match current.revision {
                Sequence::ZERO => drop(tx.insert(LOG_HEAD, Scope::Archive, [], &next)?),
                _ => drop(tx.update(LOG_HEAD, &current, &next)?),
            }
        }
        // Whatever happens, what this process believed of the head is forgotten until the commit is known to stand.
        *head = None;
        let sequence = self.store.commit(tx).await?;
        let revision = if next == current.value { current.revision } else { sequence };
        *head = (revision != Sequence::ZERO).then_some(Stored { key: current.key, value: next, revision });
        Ok(sequence)
    }
}
