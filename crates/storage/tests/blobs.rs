//! Blobs in a local folder: what goes in comes out, and nothing else ever does.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::{convert::Infallible, error::Error as _, fs, io, ops::Range, path::PathBuf, sync::Arc};

use bytes::Bytes;
use dossier_seal::{ArchiveId, Key, OsEntropy};
use dossier_storage::{BlobId, BlobRef, Blobs, Error, ErrorKind, Result};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use proptest::prelude::*;
use ring::digest::{SHA256, digest};
use tempfile::TempDir;

const CHUNK: usize = 64 << 10;
const SEALED_CHUNK: usize = CHUNK + 16;
const HEADER: usize = 130;

struct Place {
    folder: TempDir,
    blobs: Blobs,
    key: Key,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs =
            Blobs::in_folder(folder.path(), ArchiveId::from_bytes([9; 16]), Arc::new(OsEntropy)).unwrap();
        Self { folder, blobs, key: Key::from_bytes(&[5; 32]) }
    }

    async fn put(&self, content: &[u8]) -> BlobRef {
        let pieces: Vec<Bytes> = content.chunks(50_000).map(Bytes::copy_from_slice).collect();
        self.blobs.put(&self.key, stream::iter(pieces).map(Ok::<_, Infallible>)).await.unwrap()
    }

    async fn read(&self, blob: &BlobRef, range: Range<u64>) -> Result<Vec<u8>> {
        let pieces: Vec<Bytes> = self.blobs.open(&self.key, blob).await?.range(range)?.try_collect().await?;
        Ok(pieces.concat())
    }

    fn file(&self, blob: &BlobRef) -> PathBuf {
        let name = blob.id.to_string();
        self.folder.path().join(&name[..2]).join(format!("{name}.blob"))
    }

    fn files(&self) -> Vec<PathBuf> {
        let folders = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()).collect()
    }
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 % 253) as u8).collect()
}

#[tokio::test]
async fn what_must_always_go_on_has_room_left() {
    let mut place = Place::new();
    let small = place.put(b"small").await;
    place.blobs = place.blobs.leaving_free(u64::MAX);
    let pieces = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"more"))]);
    let refused = place.blobs.put(&place.key, pieces).await.unwrap_err();
    assert!(refused.source().unwrap().to_string().contains("no storage space"), "{refused:?}");
    assert_eq!(place.read(&small, 0..5).await.unwrap(), b"small");
    // As soon as there is room it goes on.
    place.blobs = place.blobs.leaving_free(0);
    place.put(b"more").await;
    assert_eq!(place.files().len(), 2);
}

#[tokio::test]
async fn every_length_comes_back_with_its_sums() {
    let place = Place::new();
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 16 * CHUNK, 16 * CHUNK + 1, 17 * CHUNK, 20 << 20] {
        let content = content(length);
        let blob = place.put(&content).await;
        assert_eq!(blob.len, length as u64);
        assert_eq!(blob.sha256, digest(&SHA256, &content).as_ref());
        assert_eq!(blob.crc32, crc32fast::hash(&content));
        let reader = place.blobs.open(&place.key, &blob).await.unwrap();
        assert!(reader.read_all().await.unwrap() == content, "{length} bytes came back otherwise");
        reader.check().await.unwrap();
        let sealed = fs::read(place.file(&blob)).unwrap();
        assert_eq!(sealed.len(), HEADER + length + length.div_ceil(CHUNK).max(1) * 16);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_range_of_any_blob_is_that_of_its_content(
        length in 0..20 * CHUNK,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..8),
    ) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
            let place = Place::new();
            let content = content(length);
            let blob = place.put(&content).await;
            for (a, b) in cuts {
                let (a, b) = (a.index(length + 1), b.index(length + 1));
                let (start, end) = (a.min(b), a.max(b));
                let found = place.read(&blob, start as u64..end as u64).await.unwrap();
                prop_assert!(found == content[start..end], "{start}..{end} of {length}");
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_range_beyond_the_end_is_refused() {
    let place = Place::new();
    let blob = place.put(&content(100)).await;
    for range in [0..101, 101..101, u64::MAX - 1..u64::MAX, Range { start: 5, end: 4 }] {
        assert_eq!(place.read(&blob, range).await.unwrap_err().kind(), ErrorKind::Invalid);
    }
}

#[tokio::test]
async fn a_range_needs_only_its_own_chunks_and_the_header() {
    let place = Place::new();
    let content = content(40 * CHUNK);
    let blob = place.put(&content).await;
    let mut sealed = fs::read(place.file(&blob)).unwrap();
    let kept = HEADER + 20 * SEALED_CHUNK..HEADER + 22 * SEALED_CHUNK;
    for (at, byte) in sealed.iter_mut().enumerate() {
        if at >= HEADER && !kept.contains(&at) {
            *byte = !*byte;
        }
    }
    fs::write(place.file(&blob), sealed).unwrap();
    let range = 20 * CHUNK + 5..22 * CHUNK - 5;
    assert!(place.read(&blob, range.start as u64..range.end as u64).await.unwrap() == content[range]);
    match place.read(&blob, 19 * CHUNK as u64..blob.len).await.unwrap_err() {
        Error::DamagedBlob { blob: named, chunk, .. } => {
            assert_eq!((named, chunk), (blob.id.to_string(), Some(19)))
        }
        other => panic!("{other}"),
    }
}

/// Every byte of a small blob, and what an attacker would try on a larger one.
#[tokio::test]
async fn no_altered_blob_gives_a_wrong_byte() {
    let place = Place::new();
    let small = place.put(&content(40)).await;
    let sealed = fs::read(place.file(&small)).unwrap();
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 0x10;
        fs::write(place.file(&small), altered).unwrap();
        assert_eq!(place.read(&small, 0..40).await.unwrap_err().kind(), ErrorKind::Damaged, "byte {at}");
    }
    for length in 0..sealed.len() {
        fs::write(place.file(&small), &sealed[..length]).unwrap();
        assert_eq!(
            place.read(&small, 0..40).await.unwrap_err().kind(),
            ErrorKind::Damaged,
            "cut to {length}"
        );
    }
    fs::write(place.file(&small), [&sealed[..], b"more"].concat()).unwrap();
    assert_eq!(place.read(&small, 0..40).await.unwrap_err().kind(), ErrorKind::Damaged);

    let large = place.put(&content(3 * CHUNK)).await;
    let mut swapped = fs::read(place.file(&large)).unwrap();
    let (first, second) = swapped[HEADER..].split_at_mut(SEALED_CHUNK);
    first.swap_with_slice(&mut second[..SEALED_CHUNK]);
    fs::write(place.file(&large), swapped).unwrap();
    assert_eq!(place.read(&large, 0..large.len).await.unwrap_err().kind(), ErrorKind::Damaged);
}

#[tokio::test]
async fn a_blob_opens_only_as_itself_with_its_key() {
    let place = Place::new();
    let (one, other) = (place.put(&content(500)).await, place.put(&content(500)).await);
    assert!(place.blobs.open(&Key::from_bytes(&[6; 32]), &one).await.is_err());
    fs::copy(place.file(&other), place.file(&one)).unwrap();
    assert_eq!(place.read(&one, 0..500).await.unwrap_err().kind(), ErrorKind::Damaged);
    let elsewhere =
        Blobs::in_folder(place.folder.path(), ArchiveId::from_bytes([8; 16]), Arc::new(OsEntropy)).unwrap();
    assert!(elsewhere.open(&place.key, &other).await.is_err());
    let lied = BlobRef { crc32: other.crc32 ^ 1, ..other };
    assert!(place.blobs.open(&place.key, &lied).await.unwrap().check().await.is_err());
}

#[tokio::test]
async fn a_missing_blob_is_named_and_deleting_it_again_is_fine() {
    let place = Place::new();
    let blob = place.put(b"video").await;
    for _ in 0..2 {
        place.blobs.delete(blob.id).await.unwrap();
        match place.read(&blob, 0..5).await.unwrap_err() {
            Error::MissingBlob { blob: named } => assert_eq!(named, blob.id.to_string()),
            other => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn an_input_that_fails_leaves_nothing() {
    let place = Place::new();
    let broken =
        stream::iter([Ok(Bytes::from(vec![1; 9 << 20])), Err(io::Error::other("the line went dead"))]);
    assert_eq!(place.blobs.put(&place.key, broken).await.unwrap_err().kind(), ErrorKind::Input);
    assert_eq!(place.files(), Vec::<PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_visible_before_it_is_whole_and_leftovers_are_swept() {
    let place = Place::new();
    let (send, receive) = futures::channel::mpsc::unbounded::<Result<Bytes, Infallible>>();
    let uploading = place.blobs.put(&place.key, receive);
    let looking = async {
        send.unbounded_send(Ok(Bytes::from(content(10 << 20)))).unwrap();
        while place.files().is_empty() {
            tokio::task::yield_now().await;
        }
        let visible = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "blob");
        assert!(!place.files().iter().any(visible));
        assert_eq!(place.blobs.sweep().await.unwrap(), 0, "an upload under way is left alone");
        drop(send);
    };
    let (blob, ()) = tokio::join!(uploading, looking);
    let blob = blob.unwrap();
    assert_eq!(place.files(), [place.file(&blob)]);

    let leftover = place.file(&BlobRef { id: BlobId::from_bytes([blob.id.as_bytes()[0]; 16]), ..blob });
    let leftover = PathBuf::from(format!("{}#1", leftover.display()));
    fs::write(&leftover, b"half").unwrap();
    fs::write(place.folder.path().join("readme"), b"not ours").unwrap();
    assert_eq!(place.blobs.sweep().await.unwrap(), 1);
    assert!(!leftover.exists());
    assert!(place.folder.path().join("readme").exists());
    place.blobs.open(&place.key, &blob).await.unwrap().check().await.unwrap();
}

#[test]
fn a_reference_is_readable_json() {
    let blob = BlobRef { id: BlobId::from_bytes([0xAB; 16]), len: 12, sha256: [1; 32], crc32: 7 };
    let json = serde_json::to_string(&blob).unwrap();
    let (id, sha256) = ("ab".repeat(16), "01".repeat(32));
    assert_eq!(json, format!(r#"{{"id":"{id}","len":12,"sha256":"{sha256}","crc32":7}}"#));
    assert_eq!(serde_json::from_str::<BlobRef>(&json).unwrap(), blob);
    assert!(serde_json::from_str::<BlobRef>(&json.replace("0101", "01")).is_err());
}
