//! The behaviour suite on the memory store.

use std::sync::Arc;

use async_trait::async_trait;
use dossier_storage::{MemoryRecords, Records, suite::Place};

struct Memory(MemoryRecords);

#[async_trait]
impl Place for Memory {
    async fn open(&self) -> Arc<dyn Records> {
        Arc::new(self.0.clone())
    }
}

dossier_storage::behaviour_suite!(async { Memory(MemoryRecords::new()) });
