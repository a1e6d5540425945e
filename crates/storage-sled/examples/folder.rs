//! A store in a folder, opened by several tasks at once: their commits share one sync.
//!
//! `cargo run -p dossier-storage-sled --example folder -- /path/to/folder`

use std::{path::PathBuf, sync::Arc};

use dossier_storage::{Batch, Collection, Expect, Key, Records, Result, Scope, Sequence};
use dossier_storage_sled::SledRecords;

const VISITS: Collection = Collection::new(1);

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let usual = || PathBuf::from("target/example-records");
    let folder = std::env::args_os().nth(1).map_or_else(usual, PathBuf::from);
    let records = Arc::new(SledRecords::open(folder)?);

    let visitors = (0..8_u8).map(|visitor| tokio::spawn(visit(records.clone(), visitor)));
    for visit in visitors.collect::<Vec<_>>() {
        visit.await??;
    }

    let newest = records.sequence().await?;
    let changes = records.changes(Sequence::new(newest.number() - 8), 8).await?;
    assert_eq!(changes.len(), 8, "each visit is one commit, and one entry of the change feed");
    Ok(())
}

/// Counts a visit. The precondition makes sure that none is lost, whoever else is counting.
async fn visit(records: Arc<SledRecords>, visitor: u8) -> Result<Sequence> {
    let key = Key::new(Scope::Archive, VISITS, [visitor])?;
    let mut batch = Batch::new();
    let visits = match records.get(&key).await? {
        Some(entry) => {
            batch.expect(Expect::Revision(key.clone(), entry.revision));
            entry.value[0].wrapping_add(1)
        }
        None => {
            batch.expect(Expect::Absent(key.clone()));
            1
        }
    };
    batch.put(key, vec![visits]);
    records.commit(batch).await
}
