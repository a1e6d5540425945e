//! The store's files: what is left half made, made by newer software, damaged, or kept out of sled's hands.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
};

use dossier_seal::{KeyFile, Keyring, OsEntropy};
use dossier_storage::{
    Batch, CandidateKeys, Collection, ErrorKind, Key, MemoryRecords, Records, Result, Scan, Scope,
    SealedRecords, SharedKeyring,
};
use dossier_storage_sled::SledRecords;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

fn key(number: u16) -> Key {
    Key::new(Scope::Archive, Collection::new(1), number.to_be_bytes()).unwrap()
}

fn value(number: u16) -> Vec<u8> {
    number.to_be_bytes().repeat(if number.is_multiple_of(20) { 20_000 } else { 300 })
}

async fn fill(records: &dyn Records, numbers: std::ops::Range<u16>) {
    for first in numbers.clone().step_by(10) {
        let mut batch = Batch::new();
        for number in first..numbers.end.min(first + 10) {
            batch.put(key(number), value(number));
        }
        records.commit(batch).await.unwrap();
    }
}

async fn count(path: &Path) -> usize {
    SledRecords::open(path).unwrap().scan(Scan::prefix(Vec::new()).limit(10_000)).await.unwrap().len()
}

#[tokio::test]
async fn a_snapshot_left_half_written_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    fill(&SledRecords::open(folder.path()).unwrap(), 0..100).await;
    assert_eq!(count(folder.path()).await, 100);
    let half = folder.path().join("snap.0000000000FFFFFF.generating");
    fs::write(&half, b"half").unwrap();
    assert_eq!(count(folder.path()).await, 100);
    assert!(!half.exists());
}

#[tokio::test]
async fn a_creation_cut_off_before_its_data_file_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    for conf in [&b""[..], b"segm", b"segment_size: 524288\nuse_compression: false\nvers"] {
        let path = folder.path().join(conf.len().to_string());
        fs::create_dir(&path).unwrap();
        fs::write(path.join("conf"), conf).unwrap();
        fill(&SledRecords::open(&path).unwrap(), 0..5).await;
        assert_eq!(count(&path).await, 5);
    }
}

#[tokio::test]
async fn sled_keeps_no_files_of_its_own_for_long_values() {
    let folder = tempfile::tempdir().unwrap();
    let records = SledRecords::open(folder.path()).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(3);
    for round in 0..30_u8 {
        let mut batch = Batch::new();
        for _ in 0..60 {
            let key = key(random.random_range(0..300));
            match [0, 10, 4000, 4096, 4097, 60_000, 300_000][random.random_range(0..7)] {
                0 => batch.delete(key),
                length => batch.put(key, vec![round; length]),
            };
        }
        records.commit(batch).await.unwrap();
    }
    drop(records);
    assert!(count(folder.path()).await > 100);
    assert_eq!(fs::read_dir(folder.path().join("blobs")).unwrap().count(), 0, "sled would not sync them");
}

#[test]
fn a_newer_format_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    drop(SledRecords::open(folder.path()).unwrap());
    for (format, words) in [(Some(2), "newer"), (None, "does not say its format")] {
        let tree = sled::open(folder.path()).unwrap();
        match format {
            Some(format) => tree.insert(b"\0format", &[format]).unwrap(),
            None => tree.remove(b"\0format").unwrap(),
        };
        tree.insert(b"\x01something", b"new").unwrap();
        drop(tree);
        let error = SledRecords::open(folder.path()).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Damaged);
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_file_in_the_place_of_the_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("records");
    fs::write(&file, b"").unwrap();
    assert_eq!(SledRecords::open(file).err().unwrap().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_store_that_lost_its_newest_commits_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (now, before) = (folder.path().join("now"), folder.path().join("before"));
    fill(&SledRecords::open(&now).unwrap(), 0..50).await;
    copy(&now, &before);
    fill(&SledRecords::open(&now).unwrap(), 50..100).await;
    fs::copy(now.join("tip"), before.join("tip")).unwrap();
    let error = SledRecords::open(&before).err().unwrap();
    assert!(error.to_string().contains("lost all commits after 5 of 10"), "{error}");
    for no_tip in [&b""[..], b"short", &[7; 16]] {
        fs::write(before.join("tip"), no_tip).unwrap();
        assert_eq!(count(&before).await, 50, "what is no tip claims nothing");
    }
}

/// A sealed store in a folder, with its candidates' keys in memory.
struct Sealed {
    keyring: SharedKeyring,
    keys: MemoryRecords,
}

impl Sealed {
    fn new() -> Self {
        let root = KeyFile::generate(&OsEntropy).unwrap();
        let keyring = Keyring::create(&root, &OsEntropy).unwrap();
        Self { keyring: Arc::new(RwLock::new(keyring)), keys: MemoryRecords::new() }
    }

    fn open(&self, path: &Path) -> Result<SealedRecords> {
        let data = Arc::new(SledRecords::open(path)?);
        let keys = Arc::new(self.keys.clone());
        let candidates = CandidateKeys::new(keys, self.keyring.clone(), Arc::new(OsEntropy));
        Ok(SealedRecords::new(data, self.keyring.clone(), Arc::new(candidates), Arc::new(OsEntropy)))
    }
}

/// Bytes of the `db` file are flipped, overwritten and cut. Whatever opens then gives right values or errors.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_file_gives_errors_and_never_a_wrong_value() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, sealed) = (folder.path().join("whole"), Sealed::new());
    fill(&sealed.open(&whole).unwrap(), 0..400).await;
    // Opening again writes a snapshot, by which sled knows what belongs in the file.
    drop(sealed.open(&whole).unwrap());
    let expected: BTreeMap<Key, Vec<u8>> = (0..400).map(|number| (key(number), value(number))).collect();
    let length = fs::metadata(whole.join("db")).unwrap().len();
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
    for round in 0..60_u64 {
        let damaged = folder.path().join(round.to_string());
        copy(&whole, &damaged);
        let at = random.random_range(0..length);
        damage(&damaged.join("db"), round, at);
        let outcome = match sealed.open(&damaged) {
            Ok(records) => compare(&records, &expected).await,
            Err(_) => "refused",
        };
        *outcomes.entry(outcome).or_default() += 1;
        fs::remove_dir_all(&damaged).unwrap();
    }
    assert!(outcomes.contains_key("refused") || outcomes.contains_key("errors"), "{outcomes:?}");
}

/// Reads each record alone: all that is given out must be right.
async fn compare(records: &dyn Records, expected: &BTreeMap<Key, Vec<u8>>) -> &'static str {
    let mut errors = 0;
    for (key, value) in expected {
        match records.get(key).await {
            Ok(Some(entry)) => assert!(entry.value == *value, "a wrong value of {key}"),
            Ok(None) => panic!("{key} is lost and nobody says so"),
            Err(_) => errors += 1,
        }
    }
    if errors == 0 { "unharmed" } else { "errors" }
}

fn damage(db: &PathBuf, round: u64, at: u64) {
    let mut bytes = fs::read(db).unwrap();
    let at = usize::try_from(at).unwrap();
    let end = bytes.len().min(at + 4096);
    match round % 3 {
        0 => bytes[at] ^= 1,
        1 => bytes[at..end].fill(0xA5),
        _ => bytes.truncate(at),
    }
    fs::write(db, bytes).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("blobs")).unwrap();
    for entry in fs::read_dir(from).unwrap().map(std::result::Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
