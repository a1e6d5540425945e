//! The behaviour suite on sealed sled: data in one store, candidates' keys in another.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::{
    path::Path,
    sync::{Arc, RwLock},
};

use async_trait::async_trait;
use dossier_seal::{Entropy, KeyFile, Keyring, OsEntropy};
use dossier_storage::{CandidateKeys, Records, SealedRecords, SharedKeyring, suite::Place};
use dossier_storage_sled::SledRecords;
use tempfile::TempDir;

struct Sealed {
    folder: TempDir,
    keyring: SharedKeyring,
}

impl Sealed {
    fn new() -> Self {
        let root = KeyFile::generate(&OsEntropy).unwrap();
        let keyring = Keyring::create(&root, &OsEntropy).unwrap();
        Self { folder: tempfile::tempdir().unwrap(), keyring: Arc::new(RwLock::new(keyring)) }
    }
}

fn open(folder: &Path, keyring: SharedKeyring) -> Arc<dyn Records> {
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let keys = Arc::new(SledRecords::open(folder.join("keys")).unwrap());
    let data = Arc::new(SledRecords::open(folder.join("records")).unwrap());
    let candidates = Arc::new(CandidateKeys::new(keys, keyring.clone(), entropy.clone()));
    Arc::new(SealedRecords::new(data, keyring, candidates, entropy))
}

#[async_trait]
impl Place for Sealed {
    async fn open(&self) -> Arc<dyn Records> {
        let (folder, keyring) = (self.folder.path().to_owned(), self.keyring.clone());
        tokio::task::spawn_blocking(move || open(&folder, keyring)).await.unwrap()
    }
}

dossier_storage::behaviour_suite!(async { Sealed::new() });
