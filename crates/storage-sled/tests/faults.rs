//! What happens when the process is killed, the disk fails, or the system calls are watched.
//!
//! The store under test runs in a child process: this very test binary, asked for its ignored test `child`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may panic as tests do")]

#[path = "faults/child.rs"]
mod child;
#[path = "faults/trace.rs"]
mod trace;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use dossier_storage::{Records as _, Scan, Sequence};
use dossier_storage_sled::SledRecords;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// No child takes longer, however slow the machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs a child on the folder, under `wrapper` if that is not empty.
fn spawn(folder: &Path, work: &str, wrapper: &[&str]) -> Child {
    let this = std::env::current_exe().unwrap();
    let mut command = match wrapper {
        [] => Command::new(&this),
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).arg(&this);
            command
        }
    };
    command.args(["--ignored", "--exact", "child::child", "--nocapture", "--test-threads=1"]);
    command.env(child::FOLDER, folder).env(child::WORK, work);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let spawned = command.spawn();
    spawned.expect("strace is needed for this test: run `cargo xtask test`, which installs it")
}

/// The lines a child says, until it ends or `PATIENCE` does.
fn listen(child: &mut Child) -> mpsc::Receiver<String> {
    let (send, lines) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
    lines
}

/// All lines of a child that ends by itself.
fn finish(mut child: Child) -> Vec<String> {
    let lines = listen(&mut child);
    let deadline = Instant::now() + PATIENCE;
    let mut said = Vec::new();
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => said.push(line),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                child.kill().unwrap();
                panic!("the child hangs; it said {said:#?}");
            }
        }
    }
    child.wait().unwrap();
    said
}

fn strace(output: &Path, more: &[&str]) -> Vec<String> {
    let trace = "--trace=fsync,fdatasync,pwrite64,write,sync_file_range";
    let all = ["strace", "-f", "-y", "-o", output.to_str().unwrap(), trace];
    all.iter().chain(more).map(ToString::to_string).collect()
}

fn strs(strings: &[String]) -> Vec<&str> {
    strings.iter().map(String::as_str).collect()
}

/// What the store holds: the round of each writer's group, after checking that each group is whole.
fn rounds(folder: &Path) -> BTreeMap<u8, u64> {
    let records = SledRecords::open(folder).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let found = records.scan(Scan::prefix(Vec::new()).limit(10_000)).await.unwrap();
        let mut groups: BTreeMap<u8, Vec<(u64, Sequence)>> = BTreeMap::new();
        for (key, entry) in found {
            let round = child::round_of(&entry.value).expect("a value is whole");
            groups.entry(key.id()[0]).or_default().push((round, entry.revision));
        }
        for (writer, group) in &groups {
            assert_eq!(group.len(), child::GROUP, "writer {writer}'s batch is there in part");
            assert!(
                group.iter().all(|entry| entry == &group[0]),
                "writer {writer}'s batch is mixed: {group:?}"
            );
        }
        let newest = records.sequence().await.unwrap();
        let changes = records.changes(Sequence::ZERO, usize::MAX).await.unwrap();
        let expected = (1..=newest.number()).map(Sequence::new);
        assert!(changes.iter().map(|change| change.sequence).eq(expected), "the change feed has a gap");
        groups.into_iter().map(|(writer, group)| (writer, group[0].0)).collect()
    })
}

fn acknowledged(lines: impl IntoIterator<Item = String>, rounds: &mut BTreeMap<u8, u64>) {
    for line in lines {
        if let Some(("ack", rest)) = line.split_once(' ') {
            let (writer, round) = rest.split_once(' ').unwrap();
            rounds.insert(writer.parse().unwrap(), round.parse().unwrap());
        }
    }
}

#[test]
fn a_killed_process_loses_nothing_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records");
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut acked = BTreeMap::new();
    for cycle in 0..10 {
        let mut child = spawn(&path, "write", &[]);
        let lines = listen(&mut child);
        let first = lines.iter().find(|line| line.starts_with("ack")).expect("the child gets to work");
        thread::sleep(Duration::from_millis(random.random_range(0..400)));
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged([first].into_iter().chain(lines), &mut acked);
        let found = rounds(&path);
        for (writer, round) in &acked {
            let found = found.get(writer).copied().unwrap_or(0);
            assert!(
                found == *round || found == round + 1,
                "cycle {cycle}: {writer} acknowledged {round}, has {found}"
            );
        }
        acked = found;
    }
    assert!(acked.values().sum::<u64>() > 100, "the children did some work: {acked:?}");
}

#[test]
fn the_data_is_synced_before_the_acknowledgement() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("trace");
    let child = spawn(&folder.path().join("records"), "steps", &strs(&strace(&output, &[])));
    finish(child);
    let trace = fs::read_to_string(&output).unwrap();
    assert_eq!(trace::unsynced_acknowledgements(&trace), (31, vec![]));

    // The check itself must notice a store that does not sync, as sled alone does not.
    let without: Vec<&str> = trace.lines().filter(|line| !line.contains("fsync")).collect();
    assert_eq!(trace::unsynced_acknowledgements(&without.join("\n")).1.len(), 31);
}

/// Runs the steps under an injected fault and checks what must hold after it.
fn fails_cleanly(inject: &str, reason: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records");
    let output = folder.path().join("trace");
    let said = finish(spawn(&path, "steps", &strs(&strace(&output, &["-e", inject]))));
    let mut acked = BTreeMap::new();
    acknowledged(said.clone(), &mut acked);
    let acked = acked.get(&0).copied().unwrap_or(0);
    assert!((1..30).contains(&acked), "{inject} came at the wrong time: {said:#?}");
    let failed: Vec<&String> = said.iter().filter(|line| line.starts_with("failed")).collect();
    assert_eq!(failed.len(), 30 - acked as usize, "after the first failure all commits fail: {said:#?}");
    assert!(
        failed.iter().all(|line| line.contains("stopped accepting commits") && line.contains(reason)),
        "{failed:#?}"
    );
    assert!(
        said.contains(&"read 1 7".to_owned()),
        "what the failure did not touch is still readable: {said:#?}"
    );
    // The failure may come before anything of the commit is applied; then what is given out is what was acknowledged.
    let untold = said.iter().any(|line| {
        line.starts_with("unread 0") && line.contains("stopped accepting commits")
            || *line == format!("read 0 {acked}")
    });
    assert!(untold, "what may not be durable is not given out: {said:#?}");
    let found = rounds(&path).get(&0).copied();
    assert!(
        found == Some(acked) || found == Some(acked + 1),
        "{acked} were acknowledged, {found:?} are there"
    );
}

#[test]
fn a_failed_sync_stops_the_store_even_if_later_ones_succeed() {
    fails_cleanly("inject=fsync:error=EIO:when=12", "os error 5");
}

#[test]
fn a_full_disk_stops_the_store_with_a_clear_error() {
    fails_cleanly("inject=pwrite64:error=ENOSPC:when=4+", "no storage space");
}

#[test]
fn a_disk_that_fails_once_stops_the_store() {
    fails_cleanly("inject=pwrite64:error=EIO:when=5", "Input/output error");
}

#[test]
fn another_process_is_told_that_the_folder_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let records = SledRecords::open(folder.path()).unwrap();
    let said = finish(spawn(folder.path(), "steps", &[]));
    assert!(
        said.iter().any(|line| line.starts_with("locked") && line.contains("in use by another process")),
        "{said:#?}"
    );
    drop(records);
    assert!(finish(spawn(folder.path(), "steps", &[])).contains(&"read 0 30".to_owned()));
}
