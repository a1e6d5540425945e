//! Sealing and opening blobs, against the cipher alone and against files in plain.

use std::{io, path::Path, sync::Arc, time::Instant};

use bytes::Bytes;
use dossier_seal::{
    ArchiveId, Key, OsEntropy,
    chunked::{ChunkSealer, FileKind, Layout, Opener, Sealer},
};
use dossier_storage::Blobs;
use futures::{TryStreamExt as _, stream};
use object_store::{ObjectStoreExt as _, WriteMultipart, local::LocalFileSystem};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest,
};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured},
    options::Bench,
    table::Line,
    timing::{Samples, timed},
};

/// Plaintext and sealed bytes of a chunk.
const CHUNK: usize = Layout::BLOB.chunk_len();
const SEALED: usize = Layout::BLOB.sealed_chunk_len();
/// Chunks of the file in memory, and how often it is sealed and opened.
const CHUNKS: usize = 64;
const ROUNDS: usize = 200;
/// Length of the file on the disk in pieces of one MiB, and how often it is written and read.
const PIECES: usize = 256;
const PIECE: usize = 1 << 20;
const DISK_ROUNDS: usize = 5;

/// How long each way took.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Times {
    raw_seal: Samples,
    raw_open: Samples,
    seal: Samples,
    stream_seal: Samples,
    open: Samples,
    sha256: Samples,
    crc32: Samples,
    write: Samples,
    put: Samples,
    read: Samples,
    get: Samples,
}

/// The lines of this measure.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let scratch = bench.scratch().join("sealing");
    let times: Measured<Times> = child::run(&Job::Sealing { scratch: scratch.clone() })?;
    std::fs::remove_dir_all(scratch)?;
    let times = &times.value;
    let memory = |samples: &Samples| (CHUNKS * CHUNK) as f64 / samples.median() / 1e9;
    let disk = |samples: &Samples| (PIECES * PIECE) as f64 / samples.median() / 1e9;
    let line = |what: &str, ours: f64, other: &str, theirs: f64| {
        Line::new(what, format!("{ours:.2} GB/s")).against(format!("{other} {theirs:.2} GB/s"), ours / theirs)
    };
    let (raw_seal, raw_open) = (memory(&times.raw_seal), memory(&times.raw_open));
    let (seal, open) = (memory(&times.seal), memory(&times.open));
    Ok(vec![
        line("seal chunks of 64 KiB", seal, "AES-256-GCM alone", raw_seal).at_least(
            seal / raw_seal,
            0.85,
            "0.85",
        ),
        line("open chunks of 64 KiB", open, "AES-256-GCM alone", raw_open).at_least(
            open / raw_open,
            0.85,
            "0.85",
        ),
        line("seal a stream of odd pieces", memory(&times.stream_seal), "AES-256-GCM alone", raw_seal),
        line("SHA-256 of the plaintext", memory(&times.sha256), "AES-256-GCM alone", raw_seal),
        line("CRC-32 of the plaintext", memory(&times.crc32), "AES-256-GCM alone", raw_seal),
        line("put a blob of 256 MiB, durable", disk(&times.put), "a plain file", disk(&times.write)),
        line(
            "read a blob of 256 MiB, cached",
            disk(&times.get),
            "a plain file, 1 MiB a read,",
            disk(&times.read),
        ),
    ])
}

/// Takes all times, the ones to be compared in turns.
pub(crate) async fn run(scratch: &Path) -> Result<Times> {
    let mut times = Times::default();
    in_memory(&mut times)?;
    on_disk(scratch, &mut times).await?;
    Ok(times)
}

fn in_memory(times: &mut Times) -> Result {
    let key = Key::generate(&OsEntropy)?;
    let raw = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).map_err(|_| "no key")?);
    let (mut theirs, mut ours) = (vec![7_u8; CHUNKS * SEALED], vec![7_u8; CHUNKS * SEALED]);
    for round in 0..=ROUNDS {
        let mut now = Times::default();
        timed(&mut now.raw_seal, || raw_seal(&raw, &mut theirs))?;
        let header = seal(&key, &mut ours, &mut now.seal)?;
        timed(&mut now.raw_open, || raw_open(&raw, &mut theirs))?;
        open(&key, &header, &mut ours, &mut now.open)?;
        let plain = &theirs[..CHUNKS * CHUNK];
        stream_seal(&key, plain, &mut now.stream_seal)?;
        timed(&mut now.sha256, || std::hint::black_box(digest::digest(&digest::SHA256, plain)));
        timed(&mut now.crc32, || std::hint::black_box(crc32fast::hash(plain)));
        if round > 0 {
            times.add(now);
        }
    }
    Ok(())
}

impl Times {
    /// Adds another's samples of what is done in memory.
    fn add(&mut self, other: Self) {
        self.raw_seal.extend(other.raw_seal);
        self.raw_open.extend(other.raw_open);
        self.seal.extend(other.seal);
        self.open.extend(other.open);
        self.stream_seal.extend(other.stream_seal);
        self.sha256.extend(other.sha256);
        self.crc32.extend(other.crc32);
    }
}

fn nonce(number: usize) -> Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&(number as u64).to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

fn raw_seal(key: &LessSafeKey, file: &mut [u8]) -> Result {
    for (number, chunk) in file.chunks_mut(SEALED).enumerate() {
        let (plain, tag) = chunk.split_at_mut(CHUNK);
        let sealed = key.seal_in_place_separate_tag(nonce(number), Aad::from([1; 32]), plain);
        tag.copy_from_slice(sealed.map_err(|_| "not sealed")?.as_ref());
    }
    Ok(())
}

fn raw_open(key: &LessSafeKey, file: &mut [u8]) -> Result {
    for (number, chunk) in file.chunks_mut(SEALED).enumerate() {
        key.open_in_place(nonce(number), Aad::from([1; 32]), chunk).map_err(|_| "not opened")?;
    }
    Ok(())
}

fn seal(key: &Key, file: &mut [u8], samples: &mut Samples) -> Result<Vec<u8>> {
    let mut sealer = ChunkSealer::new(Layout::BLOB, key, b"bench", &OsEntropy)?;
    let header = sealer.header().to_vec();
    let begun = Instant::now();
    let (others, last) = file.split_at_mut((CHUNKS - 1) * SEALED);
    for chunk in others.chunks_mut(SEALED) {
        let (plain, tag) = chunk.split_at_mut(CHUNK);
        tag.copy_from_slice(&sealer.seal(plain)?);
    }
    let (plain, tag) = last.split_at_mut(CHUNK);
    tag.copy_from_slice(&sealer.seal_last(plain)?);
    samples.push(begun.elapsed());
    Ok(header)
}

fn open(key: &Key, header: &[u8], file: &mut [u8], samples: &mut Samples) -> Result {
    let opener = Opener::new(FileKind::Blob, key, b"bench", header, (CHUNKS * CHUNK) as u64)?;
    let begun = Instant::now();
    for (number, chunk) in (0..).zip(file.chunks_mut(SEALED)) {
        opener.open_chunk(number, chunk)?;
    }
    samples.push(begun.elapsed());
    Ok(())
}

fn stream_seal(key: &Key, plain: &[u8], samples: &mut Samples) -> Result {
    let mut sealer = Sealer::new(Layout::BLOB, key, b"bench", &OsEntropy)?;
    let mut sealed = Vec::with_capacity(CHUNKS * SEALED);
    let begun = Instant::now();
    for piece in plain.chunks(50_000) {
        sealer.push(piece, &mut sealed)?;
    }
    sealer.finish(&mut sealed)?;
    samples.push(begun.elapsed());
    Ok(())
}

async fn on_disk(scratch: &Path, times: &mut Times) -> Result {
    let folder = scratch.join("plain");
    std::fs::create_dir_all(&folder)?;
    let files = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
    let blobs =
        Blobs::in_folder(scratch.join("sealed"), ArchiveId::from_bytes([1; 16]), Arc::new(OsEntropy))?;
    let key = Key::generate(&OsEntropy)?;
    let piece = Bytes::from((0..PIECE).map(|number| (number % 251) as u8).collect::<Vec<_>>());
    let path = object_store::path::Path::from("file");
    for _ in 0..DISK_ROUNDS {
        let begun = Instant::now();
        let mut parts = WriteMultipart::new_with_chunk_size(files.put_multipart(&path).await?, 8 << 20);
        for _ in 0..PIECES {
            parts.put(piece.clone());
            parts.wait_for_capacity(1).await?;
        }
        parts.finish().await?;
        times.write.push(begun.elapsed());

        let begun = Instant::now();
        let pieces = std::iter::repeat_n(piece.clone(), PIECES).map(Ok::<_, io::Error>);
        let blob = blobs.put(&key, stream::iter(pieces)).await?;
        times.put.push(begun.elapsed());

        let begun = Instant::now();
        for number in 0..PIECES as u64 {
            let start = number * PIECE as u64;
            std::hint::black_box(files.get_range(&path, start..start + PIECE as u64).await?);
        }
        times.read.push(begun.elapsed());

        let begun = Instant::now();
        let read = blobs.open(&key, &blob).await?.range(0..blob.len)?;
        read.try_fold(0, |sum, piece| async move { Ok(sum + piece.len()) }).await?;
        times.get.push(begun.elapsed());
        blobs.delete(blob.id).await?;
    }
    Ok(())
}
