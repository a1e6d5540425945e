//! Sealing over the memory store: the behaviour suite, and what only sealing promises.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::sync::{Arc, RwLock};

use async_trait::async_trait;
use dossier_seal::{Entropy, KeyFile, Keyring, OsEntropy};
use dossier_storage::{
    Batch, CandidateKeys, Collection, Entry, Error, ErrorKind, Key, KeyState, MemoryRecords, Records,
    Rewrapped, Scan, Scope, SealedRecords, SharedKeyring, suite::Place,
};

const THINGS: Collection = Collection::new(3);
const ALICE: [u8; 16] = [0xA1; 16];
const BOB: [u8; 16] = [0xB0; 16];
const CANARY: &[u8] = b"canary in the coal mine";

/// A sealed store whose layers can be looked at.
struct Sealed {
    root: KeyFile,
    keyring: SharedKeyring,
    data: MemoryRecords,
    keys: MemoryRecords,
}

impl Sealed {
    fn new() -> Self {
        let root = KeyFile::generate(&OsEntropy).unwrap();
        let keyring = Arc::new(RwLock::new(Keyring::create(&root, &OsEntropy).unwrap()));
        Self { root, keyring, data: MemoryRecords::new(), keys: MemoryRecords::new() }
    }

    fn candidates(&self) -> Arc<CandidateKeys> {
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        Arc::new(CandidateKeys::new(Arc::new(self.keys.clone()), self.keyring.clone(), entropy))
    }

    fn records(&self, candidates: &Arc<CandidateKeys>) -> SealedRecords {
        let entropy = Arc::new(OsEntropy);
        SealedRecords::new(Arc::new(self.data.clone()), self.keyring.clone(), candidates.clone(), entropy)
    }
}

#[async_trait]
impl Place for Sealed {
    async fn open(&self) -> Arc<dyn Records> {
        Arc::new(self.records(&self.candidates()))
    }
}

dossier_storage::behaviour_suite!(async { Sealed::new() });

fn of(candidate: [u8; 16], id: &str) -> Key {
    Key::new(Scope::Candidate(candidate), THINGS, id).unwrap()
}

fn own(id: &str) -> Key {
    Key::new(Scope::Archive, THINGS, id).unwrap()
}

fn canaries(keys: impl IntoIterator<Item = Key>) -> Batch {
    let mut batch = Batch::new();
    for key in keys {
        batch.put(key, CANARY);
    }
    batch
}

async fn everything(records: &dyn Records) -> Vec<(Key, Entry)> {
    records.scan(Scan::prefix(Vec::new()).limit(10_000)).await.unwrap()
}

#[tokio::test]
async fn no_plaintext_reaches_the_store_below() {
    let place = Sealed::new();
    place.open().await.commit(canaries([own("a"), of(ALICE, "a"), of(BOB, "a")])).await.unwrap();
    let below = everything(&place.data).await;
    assert_eq!(below.len(), 3);
    for (_, entry) in &below {
        assert!(!entry.value.windows(6).any(|window| CANARY.windows(6).any(|canary| canary == window)));
    }
    assert_eq!(everything(&place.keys).await.len(), 2, "one key for each candidate, none for the archive");
}

#[tokio::test]
async fn every_entry_opens_only_where_it_was_put() {
    let place = Sealed::new();
    let records = place.open().await;
    let other_collection = Key::new(Scope::Archive, Collection::new(4), "a").unwrap();
    let keys = [own("a"), own("b"), other_collection, of(ALICE, "a"), of(ALICE, "b"), of(BOB, "a")];
    records.commit(canaries(keys.clone())).await.unwrap();
    for from in &keys {
        let moved = place.data.get(from).await.unwrap().unwrap().value;
        for to in keys.iter().filter(|to| *to != from) {
            let original = place.data.get(to).await.unwrap().unwrap().value;
            place.data.commit(one(to, moved.clone())).await.unwrap();
            match records.get(to).await.unwrap_err() {
                Error::Damaged { key, .. } => assert_eq!(&key, to),
                other => panic!("{other}"),
            }
            place.data.commit(one(to, original)).await.unwrap();
        }
    }
    assert!(records.get_many(&keys).await.unwrap().iter().flatten().all(|entry| entry.value == CANARY));
}

#[tokio::test]
async fn every_flipped_bit_and_every_cut_is_noticed() {
    let place = Sealed::new();
    let records = place.open().await;
    let key = of(ALICE, "a");
    records.commit(canaries([key.clone()])).await.unwrap();
    let sealed = place.data.get(&key).await.unwrap().unwrap().value.to_vec();
    let flips = (0..sealed.len() * 8).map(|bit| {
        let mut flipped = sealed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    });
    let cuts = (0..sealed.len()).map(|length| sealed[..length].to_vec());
    for hostile in flips.chain(cuts) {
        place.data.commit(one(&key, hostile)).await.unwrap();
        assert_eq!(records.get(&key).await.unwrap_err().kind(), ErrorKind::Damaged);
        let scan = records.scan(Scan::prefix(Vec::new())).await;
        assert_eq!(scan.unwrap_err().kind(), ErrorKind::Damaged);
    }
}

#[tokio::test]
async fn an_erased_candidate_is_absent_and_stays_so() {
    let place = Sealed::new();
    let candidates = place.candidates();
    let records = place.records(&candidates);
    let keys: Vec<Key> =
        (0..20).flat_map(|at| [of(ALICE, &format!("{at}")), of(BOB, &format!("{at}"))]).collect();
    records.commit(canaries(keys.clone())).await.unwrap();

    candidates.destroy(ALICE).await.unwrap();

    for candidates in [candidates, place.candidates()] {
        let records = place.records(&candidates);
        assert_eq!(records.get(&of(ALICE, "1")).await.unwrap(), None);
        assert!(records.get(&of(BOB, "1")).await.unwrap().is_some());
        let page = records.scan(Scan::prefix(Vec::new()).limit(15)).await.unwrap();
        assert_eq!(page.len(), 15, "a page is full although entries were left out");
        assert!(page.iter().all(|(key, _)| key.scope() == Scope::Candidate(BOB)));
        let error = records.commit(canaries([of(ALICE, "new"), of(BOB, "new")])).await.unwrap_err();
        assert!(matches!(error, Error::Erased { candidate: ALICE }), "{error}");
        assert!(records.get(&of(BOB, "new")).await.unwrap().is_none(), "nothing of the batch was written");
    }
    let records = place.open().await;
    let mut batch = Batch::new();
    batch.delete(of(ALICE, "1"));
    records.commit(batch).await.unwrap();
    assert_eq!(everything(&place.data).await.len(), 39, "leftovers can be swept away");
}

#[tokio::test]
async fn a_candidate_erased_in_advance_never_gets_a_key() {
    let place = Sealed::new();
    place.candidates().destroy(ALICE).await.unwrap();
    let error = place.open().await.commit(canaries([of(ALICE, "a")])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Erased);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_read_while_it_is_destroyed_is_not_kept() {
    for _ in 0..200 {
        let place = Sealed::new();
        let candidates = place.candidates();
        place.records(&candidates).commit(canaries([of(ALICE, "a")])).await.unwrap();
        let fresh = place.candidates();
        let reader = tokio::spawn({
            let fresh = fresh.clone();
            async move { fresh.get(ALICE).await.map(drop) }
        });
        fresh.destroy(ALICE).await.unwrap();
        reader.await.unwrap().unwrap();
        assert!(matches!(fresh.get(ALICE).await.unwrap(), KeyState::Erased));
    }
}

#[tokio::test]
async fn a_lost_key_is_damage_and_not_absence() {
    let place = Sealed::new();
    place.open().await.commit(canaries([of(ALICE, "a")])).await.unwrap();
    let key = everything(&place.keys).await[0].0.clone();
    let mut batch = Batch::new();
    batch.delete(key);
    place.keys.commit(batch).await.unwrap();
    assert_eq!(place.open().await.get(&of(ALICE, "a")).await.unwrap_err().kind(), ErrorKind::Damaged);
}

#[tokio::test]
async fn swapped_candidates_keys_do_not_open() {
    let place = Sealed::new();
    place.open().await.commit(canaries([of(ALICE, "a"), of(BOB, "a")])).await.unwrap();
    let keys = everything(&place.keys).await;
    place.keys.commit(one(&keys[0].0, keys[1].1.value.clone())).await.unwrap();
    assert!(place.open().await.get(&of(ALICE, "a")).await.is_err());
    assert!(place.open().await.get(&of(BOB, "a")).await.is_ok());
}

#[tokio::test]
async fn rotation_rewraps_every_key_once_and_then_the_old_epoch_can_go() {
    let place = Sealed::new();
    let candidates = place.candidates();
    let ids: Vec<[u8; 16]> = (0..600_u128).map(u128::to_be_bytes).collect();
    let batch = canaries(ids.iter().map(|&id| of(id, "a")));
    place.records(&candidates).commit(batch).await.unwrap();
    candidates.destroy(ids[7]).await.unwrap();
    let first = place.keyring.read().unwrap().current_epoch();
    place.keyring.write().unwrap().rotate(&place.root, &OsEntropy).unwrap();

    let counts = candidates.rewrap_all().await.unwrap();
    assert_eq!(counts, Rewrapped { rewrapped: 599, current: 0, erased: 1 });
    let again = candidates.rewrap_all().await.unwrap();
    assert_eq!(again, Rewrapped { rewrapped: 0, current: 599, erased: 1 });

    place.keyring.write().unwrap().retire(first).unwrap();
    let found = place.open().await.scan(Scan::prefix(Vec::new()).limit(1000)).await.unwrap();
    assert_eq!(found.len(), 599);
    assert!(found.iter().all(|(_, entry)| entry.value == CANARY));
}

fn one(key: &Key, value: impl Into<bytes::Bytes>) -> Batch {
    let mut batch = Batch::new();
    batch.put(key.clone(), value);
    batch
}
