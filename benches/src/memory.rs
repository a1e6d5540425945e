//! Memory of large blobs, and of opening a large folder for one search.

use std::{path::Path, time::Instant};

use bytes::Bytes;
use dossier_archive::SearchRequest;
use dossier_seal::{ArchiveId, Key, OsEntropy};
use dossier_storage::Blobs;
use futures::{TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured},
    folder::{self, Folder},
    options::Bench,
    table::{Line, megabytes},
    timing::milliseconds,
};

const MIB: u64 = 1 << 20;
/// What a stream gives at a time, in bytes.
const PIECE: u64 = 256 << 10;

/// Memory before a blob was put and read, in bytes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Stream {
    before: u64,
}

/// How long a new process took, in seconds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Reopened {
    /// Until records and keys were open.
    open: f64,
    /// Until the index was open, and the search answered.
    search: f64,
}

impl Reopened {
    fn total(&self) -> f64 {
        self.open + self.search
    }
}

/// Streams of two sizes, and new processes that search the large folder.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let mut lines = streams(bench)?;
    let folder = bench.filled()?;
    let open = || child::run::<Reopened>(&Job::OpenAndSearch { folder: folder.clone() });
    let first = open()?;
    lines.push(Line::new(
        "first search in a new process, right after the load",
        milliseconds(first.value.total()),
    ));
    let mut again = [open()?, open()?, open()?];
    again.sort_by(|a, b| a.value.total().total_cmp(&b.value.total()));
    let peak = again.iter().map(|one| one.peak).max().unwrap_or_default();
    let Measured { value, .. } = &again[1];
    lines.push(Line::new("open the folder: records and keys", milliseconds(value.open)));
    lines.push(
        Line::new("open the folder, open the index, search once", milliseconds(value.total())).at_most(
            value.total(),
            1.0,
            "1 s",
        ),
    );
    lines.push(Line::new("one search in a new process, peak memory", megabytes(peak)).at_most(
        peak as f64,
        200e6,
        "200 MB",
    ));
    Ok(lines)
}

fn streams(bench: &Bench) -> Result<Vec<Line>> {
    let scratch = bench.scratch().join("streams");
    let run = |len| child::run::<Stream>(&Job::Stream { scratch: scratch.clone(), len });
    let (small, large) = (run(64 * MIB)?, run(1024 * MIB)?);
    std::fs::remove_dir_all(&scratch)?;
    let extra = |of: &Measured<Stream>| of.peak - of.value.before;
    let (small, large) = (extra(&small), extra(&large));
    let line = Line::new("put and read a blob of 1 GiB, memory", megabytes(large))
        .against(format!("of 64 MiB {}", megabytes(small)), large as f64 / small as f64)
        .at_most(large as f64, (64 * MIB) as f64, "64 MiB");
    Ok(vec![line])
}

/// Puts a blob of this length, and reads it to its end.
pub(crate) async fn stream(scratch: &Path, len: u64) -> Result<Stream> {
    let archive = ArchiveId::from_bytes([1; 16]);
    let blobs = Blobs::in_folder(scratch, archive, std::sync::Arc::new(OsEntropy))?;
    let key = Key::generate(&OsEntropy)?;
    let before = child::resident()?;
    let pieces = (0..len / PIECE).map(|number| {
        let fill = u8::try_from(number % 251).unwrap_or_default();
        Ok::<_, std::io::Error>(Bytes::from(vec![fill; PIECE as usize]))
    });
    let blob = blobs.put(&key, stream::iter(pieces)).await?;
    let reader = blobs.open(&key, &blob).await?;
    let read =
        reader.range(0..len)?.try_fold(0, |sum, piece| async move { Ok(sum + piece.len() as u64) }).await?;
    if read != len {
        return Err(format!("{read} of {len} bytes were read").into());
    }
    blobs.delete(blob.id).await?;
    Ok(Stream { before })
}

/// Opens the folder and searches once, as the command line would.
pub(crate) async fn open_and_search(path: &Path) -> Result<Reopened> {
    let begun = Instant::now();
    let archive = Folder::at(path).open().await?;
    let open = begun.elapsed().as_secs_f64();
    let hr = folder::user(&archive, "hr").await?;
    let query = "风险 岗位=客户经理 面试时间=2023年10月 AI得分≥75".to_owned();
    let found = archive.search(&hr, SearchRequest { query, ..SearchRequest::default() }).await?;
    let search = begun.elapsed().as_secs_f64() - open;
    if found.hits.total == 0 {
        return Err("nothing was found".into());
    }
    archive.close().await?;
    Ok(Reopened { open, search })
}
