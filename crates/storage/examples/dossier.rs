//! A candidate's sealed record and video: put in, found by phone, read in part, and erased.
//!
//! `cargo run -p dossier-storage --example dossier`

use std::{
    convert::Infallible,
    sync::{Arc, RwLock},
};

use bytes::Bytes;
use dossier_seal::{Entropy, KeyFile, Keyring, OsEntropy};
use dossier_storage::{
    BlobRef, Blobs, CandidateKeys, Collection, KeyState, MemoryRecords, Records, Scope, SealedRecords, Store,
    Table,
};
use futures::{TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Interview {
    candidate: String,
    video: BlobRef,
}

const INTERVIEWS: Table<Interview> = Table::new(Collection::new(1));

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The layers: data and keys in two stores, sealing over them, typed collections on top, blobs beside them.
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let root = KeyFile::generate(&*entropy)?;
    let keyring = Keyring::create(&root, &*entropy)?;
    let (archive, lookup_key) = (keyring.archive(), keyring.archive_key("look-up"));
    let keyring = Arc::new(RwLock::new(keyring));
    let keys: Arc<dyn Records> = Arc::new(MemoryRecords::new());
    let candidates = Arc::new(CandidateKeys::new(keys, keyring.clone(), entropy.clone()));
    let data = Arc::new(MemoryRecords::new());
    let sealed = SealedRecords::new(data, keyring, candidates.clone(), entropy.clone());
    let store = Store::new(Arc::new(sealed), lookup_key);
    let folder = tempfile::tempdir()?;
    let blobs = Blobs::in_folder(folder.path(), archive, entropy)?;

    // In: the video is streamed and durable before the record that names it is.
    let zhang = [0x5A; 16];
    let key = candidates.create_missing([zhang]).await?.remove(&zhang).ok_or("a key was made")?;
    let pieces = ["first minute, ", "second minute, ", "last words"]
        .map(|piece| Ok::<_, Infallible>(Bytes::from(piece)));
    let video = blobs.put(&key.blobs, stream::iter(pieces)).await?;
    let mut tx = store.batch();
    tx.insert(
        INTERVIEWS,
        Scope::Candidate(zhang),
        "interview 1",
        &Interview { candidate: "张三".into(), video },
    )?;
    tx.claim("candidate phone", b"13800138000", &zhang)?;
    store.commit(tx).await?;

    // Out: by phone, then a part of the video.
    let found = store.lookup("candidate phone", b"13800138000").await?.ok_or("the phone is known")?;
    let scope = Scope::Candidate(found[..].try_into()?);
    let interview = store.get(INTERVIEWS, scope, "interview 1").await?.ok_or("the interview is there")?.value;
    assert_eq!(interview.candidate, "张三");
    let part: Vec<Bytes> =
        blobs.open(&key.blobs, &interview.video).await?.range(14..27)?.try_collect().await?;
    assert_eq!(part.concat(), b"second minute");

    // Erased: the key is gone, and with it all in the candidate's scope.
    candidates.destroy(zhang).await?;
    assert!(store.get(INTERVIEWS, scope, "interview 1").await?.is_none());
    assert!(matches!(candidates.get(zhang).await?, KeyState::Erased));
    Ok(())
}
