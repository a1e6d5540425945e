//! A range in the middle of a large blob against the same range of a small one.

use std::{io, path::Path, sync::Arc, time::Instant};

use bytes::Bytes;
use dossier_seal::{ArchiveId, Key, OsEntropy, chunked::Layout};
use dossier_storage::{BlobRef, Blobs};
use futures::{TryStreamExt as _, stream};
use object_store::local::LocalFileSystem;
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured},
    options::Bench,
    store::Counting,
    table::{Line, megabytes},
    timing::{Samples, milliseconds},
};

const SMALL: u64 = 1 << 20;
const LARGE: u64 = 4 << 30;
/// The range, from the middle of the blob: not at the start of a chunk.
const SKIP: u64 = 12_345;
const LEN: u64 = 100 << 10;
const ROUNDS: usize = 200;
const PIECE: u64 = 1 << 20;

/// What reading the range took.
#[derive(Serialize, Deserialize)]
pub(crate) struct Read {
    small: Samples,
    large: Samples,
    /// Sealed bytes for one range of the large blob.
    bytes: u64,
}

/// Opens both blobs anew for each range.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let scratch = bench.scratch().join("range");
    let read: Measured<Read> = child::run(&Job::Range { scratch: scratch.clone() })?;
    std::fs::remove_dir_all(scratch)?;
    let Read { small, large, bytes } = &read.value;
    let chunk = Layout::BLOB.chunk_len() as u64;
    let touched = (SKIP + LEN - 1) / chunk - SKIP / chunk + 1;
    let header = Layout::BLOB.header_len() as u64;
    let needed = header + touched * Layout::BLOB.sealed_chunk_len() as u64;
    let opened = (bytes - header).div_ceil(Layout::BLOB.sealed_chunk_len() as u64);
    let ratio = *bytes as f64 / needed as f64;
    let (small, large) = (small.median(), large.median());
    Ok(vec![
        Line::new("100 KiB amid a blob of 4 GiB, sealed bytes read", format!("{bytes}, {opened} chunks"))
            .against(format!("header and {touched} chunks {needed}"), ratio)
            .at_most(ratio, 1.0, "1"),
        Line::new("100 KiB amid a blob of 4 GiB, open and read, p50", milliseconds(large))
            .against(format!("a blob of 1 MiB {}", milliseconds(small)), large / small),
        Line::new("a blob of 4 GiB, peak memory", megabytes(read.peak)),
    ])
}

/// Puts both blobs and reads their ranges in turns.
pub(crate) async fn run(scratch: &Path) -> Result<Read> {
    std::fs::create_dir_all(scratch)?;
    let store = Arc::new(Counting::new(LocalFileSystem::new_with_prefix(scratch)?));
    let blobs = Blobs::new(store.clone(), ArchiveId::from_bytes([1; 16]), Arc::new(OsEntropy));
    let key = Key::generate(&OsEntropy)?;
    let (small, large) = (put(&blobs, &key, SMALL).await?, put(&blobs, &key, LARGE).await?);
    let mut read = Read { small: Samples::default(), large: Samples::default(), bytes: 0 };
    for round in 0..=ROUNDS {
        let before = store.read();
        let begun = Instant::now();
        middle(&blobs, &key, &large).await?;
        let large_took = begun.elapsed();
        read.bytes = store.read() - before;
        let begun = Instant::now();
        middle(&blobs, &key, &small).await?;
        // The first round warms up.
        if round > 0 {
            read.large.push(large_took);
            read.small.push(begun.elapsed());
        }
    }
    Ok(read)
}

async fn put(blobs: &Blobs, key: &Key, len: u64) -> Result<BlobRef> {
    let piece = Bytes::from(vec![7; PIECE as usize]);
    let pieces = (0..len / PIECE).map(move |_| Ok::<_, io::Error>(piece.clone()));
    Ok(blobs.put(key, stream::iter(pieces)).await?)
}

async fn middle(blobs: &Blobs, key: &Key, blob: &BlobRef) -> Result {
    let start = blob.len / 2 + SKIP;
    let pieces = blobs.open(key, blob).await?.range(start..start + LEN)?;
    let read = pieces.try_fold(0, |sum, piece| async move { Ok(sum + piece.len() as u64) }).await?;
    if read == LEN { Ok(()) } else { Err(format!("{read} of {LEN} bytes were read").into()) }
}
