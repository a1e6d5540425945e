//! A whole archive as bytes, to be kept and read forever: keys, keyring, sealed records and sealed blobs, in hexadecimal.

use std::collections::BTreeMap;

use dossier_storage::{Batch, Key, MemoryRecords, Records, Scan};
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, memory::InMemory, path::Path};
use serde::{Deserialize, Serialize};

use crate::TestResult;

/// The stored bytes of an archive, and the key file that opens them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Golden {
    /// The key file's text.
    pub key_file: String,
    /// The keyring.
    pub keyring: String,
    /// The candidates' wrapped keys, by record key.
    pub keys: BTreeMap<String, String>,
    /// The sealed records, by record key.
    pub records: BTreeMap<String, String>,
    /// The sealed blobs, by path.
    pub blobs: BTreeMap<String, String>,
}

/// All records of a store.
pub(crate) async fn read(records: &MemoryRecords) -> TestResult<BTreeMap<String, String>> {
    let all = records.scan(Scan::prefix(Vec::new()).limit(usize::MAX)).await?;
    Ok(all.into_iter().map(|(key, entry)| (hex::encode(key), hex::encode(entry.value))).collect())
}

/// A store with these records.
pub(crate) async fn write(all: &BTreeMap<String, String>) -> TestResult<MemoryRecords> {
    let records = MemoryRecords::new();
    let mut batch = Batch::new();
    for (key, value) in all {
        batch.put(Key::from_bytes(hex::decode(key)?)?, hex::decode(value)?);
    }
    records.commit(batch).await?;
    Ok(records)
}

/// All objects of a store.
pub(crate) async fn read_blobs(objects: &InMemory) -> TestResult<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    let listed: Vec<_> = objects.list(None).try_collect().await?;
    for meta in listed {
        let bytes = objects.get(&meta.location).await?.bytes().await?;
        all.insert(meta.location.to_string(), hex::encode(bytes));
    }
    Ok(all)
}

/// A store with these objects.
pub(crate) async fn write_blobs(all: &BTreeMap<String, String>) -> TestResult<InMemory> {
    let objects = InMemory::new();
    for (path, bytes) in all {
        objects.put(&Path::from(path.as_str()), hex::decode(bytes)?.into()).await?;
    }
    Ok(objects)
}
