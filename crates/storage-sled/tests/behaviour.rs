//! The behaviour suite on sled.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::sync::Arc;

use async_trait::async_trait;
use dossier_storage::{Records, suite::Place};
use dossier_storage_sled::SledRecords;
use tempfile::TempDir;

struct Folder(TempDir);

#[async_trait]
impl Place for Folder {
    async fn open(&self) -> Arc<dyn Records> {
        let path = self.0.path().join("records");
        Arc::new(tokio::task::spawn_blocking(move || SledRecords::open(path)).await.unwrap().unwrap())
    }
}

dossier_storage::behaviour_suite!(async { Folder(tempfile::tempdir().unwrap()) });
