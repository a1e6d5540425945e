//! Records in memory: for tests, and for what need not outlive the process.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Batch, Change, Direction, Entry, Error, Key, Records, Result, Scan, Sequence};

/// [`Records`] in a sorted map. Clones share their contents; durable means here: until the last clone is gone.
#[derive(Clone, Default)]
pub struct MemoryRecords(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    entries: BTreeMap<Bytes, Entry>,
    changes: BTreeMap<Sequence, Vec<Key>>,
    newest: Sequence,
    trimmed: Sequence,
}

impl MemoryRecords {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// A panic elsewhere can't leave the state half changed: every change of it is made of steps that don't fail.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Records for MemoryRecords {
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        let state = self.state();
        Ok(keys.iter().map(|key| state.entries.get(key.as_bytes()).cloned()).collect())
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<(Key, Entry)>> {
        if scan.is_empty() {
            return Ok(Vec::new());
        }
        let state = self.state();
        let end = scan.end.map_or(Bound::Unbounded, Bound::Excluded);
        let range = state.entries.range((Bound::Included(scan.start), end));
        let keyed = |(key, entry): (&Bytes, &Entry)| Ok((Key::from_bytes(key.clone())?, entry.clone()));
        match scan.direction {
            Direction::Forward => range.take(scan.limit).map(keyed).collect(),
            Direction::Backward => range.rev().take(scan.limit).map(keyed).collect(),
        }
    }

    async fn commit(&self, batch: Batch) -> Result<Sequence> {
        batch.check()?;
        let mut state = self.state();
        for expect in batch.expects() {
            expect.check(state.entries.get(expect.key().as_bytes()).map(|entry| entry.revision))?;
        }
        if batch.writes().len() == 0 {
            return Ok(state.newest);
        }
        let sequence = state.newest.next();
        for (key, value) in batch.writes() {
            match value {
                Some(value) => {
                    let entry = Entry { value: value.clone(), revision: sequence };
                    state.entries.insert(key.to_bytes(), entry);
                }
                None => {
                    state.entries.remove(key.as_bytes());
                }
            }
        }
        state.changes.insert(sequence, batch.writes().map(|(key, _)| key.clone()).collect());
        state.newest = sequence;
        Ok(sequence)
    }

    async fn changes(&self, since: Sequence, limit: usize) -> Result<Vec<Change>> {
        let state = self.state();
        if since < state.trimmed {
            return Err(Error::ChangesTrimmed { since, kept: state.trimmed });
        }
        let newer = state.changes.range((Bound::Excluded(since), Bound::Unbounded));
        Ok(newer.take(limit).map(|(&sequence, keys)| Change { sequence, keys: keys.clone() }).collect())
    }

    async fn trim_changes(&self, through: Sequence) -> Result<()> {
        let mut state = self.state();
        state.trimmed = through.min(state.newest).max(state.trimmed);
        let kept_from = state.trimmed.next();
        state.changes = state.changes.split_off(&kept_from);
        Ok(())
    }

    async fn sequence(&self) -> Result<Sequence> {
        Ok(self.state().newest)
    }
}
