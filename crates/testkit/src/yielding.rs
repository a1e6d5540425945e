//! Records in memory that give way before they answer, as a database does: what runs at once interleaves.

use async_trait::async_trait;
use dossier_storage::{Batch, Change, Entry, Key, MemoryRecords, Records, Result, Scan, Sequence};
use tokio::task::yield_now;

pub(crate) struct Yielding(pub(crate) MemoryRecords);

#[async_trait]
impl Records for Yielding {
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        yield_now().await;
        self.0.get_many(keys).await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<(Key, Entry)>> {
        yield_now().await;
        self.0.scan(scan).await
    }

    async fn commit(&self, batch: Batch) -> Result<Sequence> {
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
