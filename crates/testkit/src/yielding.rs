//! Records in memory that give way before they answer, as a database does: what runs at once interleaves. What is asked
//! of them is counted.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use dossier_storage::{Batch, Change, Entry, Key, MemoryRecords, Records, Result, Scan, Sequence};
use tokio::task::yield_now;

/// How often records were asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    reads: Arc<AtomicU64>,
    commits: Arc<AtomicU64>,
}

impl Asked {
    /// So many reads by now.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::SeqCst)
    }

    /// So many reads, of however many records each, and so many commits since this was last asked.
    pub fn take(&self) -> (u64, u64) {
        (self.reads.swap(0, Ordering::SeqCst), self.commits.swap(0, Ordering::SeqCst))
    }
}

pub(crate) struct Yielding(pub(crate) MemoryRecords, pub(crate) Asked);

#[async_trait]
impl Records for Yielding {
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        self.1.reads.fetch_add(1, Ordering::SeqCst);
        yield_now().await;
        self.0.get_many(keys).await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<(Key, Entry)>> {
        self.1.reads.fetch_add(1, Ordering::SeqCst);
        yield_now().await;
        self.0.scan(scan).await
    }

    async fn commit(&self, batch: Batch) -> Result<Sequence> {
        self.1.commits.fetch_add(1, Ordering::SeqCst);
        yield_now().await;
        self.0.commit(batch).await
    }

    async fn changes(&self, since: Sequence, limit: usize) -> Result<Vec<Change>> {
        self.0.changes(since, limit).await
    }

    async fn trim_changes(&self, through: Sequence) -> Result<()> {
        self.0.trim_changes(through).await
    }

    async fn sequence(&self) -> Result<Sequence> {
        self.0.sequence().await
    }
}
