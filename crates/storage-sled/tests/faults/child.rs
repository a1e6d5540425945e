//! The child process: opens the store, works as it is told, and says what happened, a line at a time.

use std::{
    io::{Write as _, stdout},
    path::PathBuf,
    sync::Arc,
};

use dossier_storage::{Batch, Collection, ErrorKind, Key, Records, Result, Scope};
use dossier_storage_sled::SledRecords;

pub(super) const FOLDER: &str = "STORAGE_TEST_FOLDER";
pub(super) const WORK: &str = "STORAGE_TEST_WORK";

/// Records in each batch. One of them is long, so that batches span sled's segments.
pub(super) const GROUP: usize = 5;
const WRITERS: u8 = 8;

#[test]
#[ignore = "the other tests run it as a child process"]
fn child() {
    say("");
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("it is run by the other tests"));
    let records = match SledRecords::open(folder) {
        Ok(records) => Arc::new(records),
        Err(error) if error.kind() == ErrorKind::Locked => return say(&format!("locked {error}")),
        Err(error) => return say(&format!("unopened {error}")),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        match std::env::var(WORK).as_deref() {
            Ok("write") => write_for_ever(records).await,
            _ => steps(&records).await,
        }
    });
}

/// Writers that go on from where they were until the process is killed.
async fn write_for_ever(records: Arc<SledRecords>) {
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let records = records.clone();
        writers.spawn(async move {
            let mut round = reached(&*records, writer).await.unwrap();
            loop {
                round += 1;
                records.commit(batch(writer, round)).await.unwrap();
                say(&format!("ack {writer} {round}"));
            }
        });
    }
    writers.join_all().await;
}

/// A commit that succeeds, and thirty more, whatever becomes of them; then what can be read.
async fn steps(records: &SledRecords) {
    match records.commit(batch(1, 7)).await {
        Ok(_) => say("ack 1 7"),
        Err(error) => say(&format!("failed at once {error}")),
    }
    for round in 1..=30 {
        match records.commit(batch(0, round)).await {
            Ok(_) => say(&format!("ack 0 {round}")),
            Err(error) => say(&format!("failed {error}")),
        }
    }
    for writer in [0, 1] {
        match reached(records, writer).await {
            Ok(round) => say(&format!("read {writer} {round}")),
            Err(error) => say(&format!("unread {writer} {error}")),
        }
    }
}

async fn reached(records: &dyn Records, writer: u8) -> Result<u64> {
    let entry = records.get(&key(writer, 0)).await?;
    Ok(entry.and_then(|entry| round_of(&entry.value)).unwrap_or(0))
}

fn batch(writer: u8, round: u64) -> Batch {
    let mut batch = Batch::new();
    for number in 0..GROUP {
        let length = if number + 1 == GROUP { 12_500 } else { 40 };
        batch.put(key(writer, number as u8), round.to_be_bytes().repeat(length));
    }
    batch
}

/// The round that a value was written in, if it is whole.
pub(super) fn round_of(value: &[u8]) -> Option<u64> {
    let (first, rest) = value.split_first_chunk()?;
    let lengths = [40 * 8, 12_500 * 8];
    let whole = lengths.contains(&value.len()) && rest.chunks(8).all(|chunk| chunk == first);
    whole.then(|| u64::from_be_bytes(*first))
}

fn key(writer: u8, number: u8) -> Key {
    Key::new(Scope::Candidate([writer; 16]), Collection::new(1), [writer, number]).unwrap()
}

/// One line in one write, so that lines of several writers don't mix.
fn say(line: &str) {
    let line = format!("{line}\n");
    let mut out = stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).expect("the parent listens");
}
