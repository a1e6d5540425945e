//! The journal: the one way by which anything is changed, and by which the operation log grows.
//!
//! One batch carries the records, the log's entries about them and the head of the log, so there is no instant at which
//! they disagree. Log records and head are chained: a commit waits for the one before it. Outcomes of reads need not be
//! waited for; they go with the next commit, or with [`Journal::flush`]. Their intents were durable before anything was
//! shown.

use std::sync::{Arc, Mutex, PoisonError};

use dossier_access::log::{Boot, Entry, LogHead, Outcome, Signer};
use dossier_domain::Clock;
use dossier_storage::{Key, Scope, Sequence, Store, Stored, Tx};

use crate::{
    Error, Result,
    permit::{Intent, Permit},
    records::{CHECKPOINTS, LOG, LOG_HEAD},
};

pub(crate) struct Journal {
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
        Self { store, signer, boot, clock, head: tokio::sync::Mutex::default(), waiting: Mutex::default() }
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Commits changes together with the permits under which they are made.
    pub(crate) async fn change(
        &self,
        permits: impl IntoIterator<Item = Permit>,
        tx: Tx<'_>,
    ) -> Result<Sequence> {
        let entries = permits.into_iter().map(Permit::into_entry).collect();
        self.commit(entries, tx).await.map(|(sequence, _)| sequence)
    }

    /// Writes down what is about to be shown. Only then may it be.
    pub(crate) async fn intend(&self, permit: Permit) -> Result<Intent> {
        self.intend_all(vec![permit]).await?.pop().ok_or(Error::Conflict)
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
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
    }

    /// Writes down that something was refused.
    pub(crate) async fn refuse(&self, entry: Entry) -> Result<()> {
        self.log(vec![Entry { outcome: Outcome::Denied, ..entry }]).await.map(drop)
    }

    /// Makes all outcomes durable, and signs a checkpoint over all that it does not cover yet.
    pub(crate) async fn flush(&self) -> Result<()> {
        self.log(Vec::new()).await?;
        let mut head = self.head.lock().await;
        let current = self.current(&mut head).await?;
        if current.value.covered() < current.value.size() {
            let mut tx = self.store.batch();
            let next = self.sign(&current.value, &mut tx)?;
            self.write(&mut head, current, next, tx).await?;
        }
        Ok(())
    }

    async fn log(&self, entries: Vec<Entry>) -> Result<(Sequence, u64)> {
        self.commit(entries, self.store.batch()).await.map_err(|error| match error {
            Error::Conflict => Error::Conflict,
            other => Error::Log(Box::new(other)),
        })
    }

    /// Appends the waiting outcomes and `entries` to the log in one batch with `tx`; gives the number of the first of
    /// `entries`.
    async fn commit(&self, entries: Vec<Entry>, mut tx: Tx<'_>) -> Result<(Sequence, u64)> {
        let mut head = self.head.lock().await;
        let current = self.current(&mut head).await?;
        let outcomes = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        let first = current.value.size() + outcomes.len() as u64;
        let mut next = current.value.clone();
        for entry in outcomes.iter().cloned().chain(entries) {
            let appended = next.append(entry, self.boot.moment(&*self.clock))?;
            let key = Key::new(Scope::Archive, LOG, appended.record.sequence.to_be_bytes())?;
            tx.raw().put(key, appended.bytes);
        }
        if next.checkpoint_due(self.clock.now()) {
            next = self.sign(&next, &mut tx)?;
        }
        let written = self.write(&mut head, current, next, tx).await;
        if written.is_err() {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.splice(..0, outcomes);
        }
        written.map(|sequence| (sequence, first))
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
    ) -> Result<Sequence> {
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
