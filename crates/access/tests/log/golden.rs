//! The exported log in `fixtures/log`, and both verifiers on it and on what is made of it.
//! `UPDATE_FIXTURES=1` writes it anew, which only a new version of a format may need.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use dossier_access::log::{Checkpoint, Trust, verify_export};

use super::sample::{file, sample};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/log")
}

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools")
}

fn golden(name: &str, now: &[u8]) -> Vec<u8> {
    let path = fixtures().join(name);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, now).unwrap();
    }
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The golden log as lines (header, 16 records, checkpoint, 8 records, checkpoint), and its two checkpoints.
fn golden_log() -> (Vec<Vec<u8>>, Vec<Checkpoint>) {
    let log = sample(24, 16, 1);
    let export = golden("golden.jsonl", &file(&log.lines(1)));
    let lines =
        export.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap().to_vec());
    (lines.collect(), log.checkpoints)
}

#[test]
fn the_golden_log_is_what_is_written_today() {
    let (lines, checkpoints) = golden_log();
    assert_eq!(lines, sample(24, 16, 1).lines(1));
    for (name, checkpoint) in ["anchor-16.txt", "anchor-24.txt"].into_iter().zip(&checkpoints) {
        assert_eq!(golden(name, checkpoint.to_string().as_bytes()), checkpoint.to_string().as_bytes());
    }
}

/// What a verifier is asked and what it must answer.
struct Case {
    name: &'static str,
    lines: Vec<Vec<u8>>,
    anchored: bool,
    key: Option<u8>,
    holds: bool,
}

fn edit(line: &mut Vec<u8>, from: &str, to: &str) {
    let text = String::from_utf8(line.clone()).unwrap();
    assert!(text.contains(from), "{text}");
    *line = text.replacen(from, to, 1).into_bytes();
}

fn cases() -> Vec<Case> {
    let (golden, _) = golden_log();
    let case = |name, holds, change: fn(&mut Vec<Vec<u8>>)| {
        let mut lines = golden.clone();
        change(&mut lines);
        Case { name, lines, anchored: false, key: None, holds }
    };
    let anchored = |case: Case| Case { anchored: true, ..case };
    vec![
        case("untouched", true, |_| {}),
        anchored(case("untouched, anchored", true, |_| {})),
        Case { key: Some(1), ..case("its own key", true, |_| {}) },
        Case { key: Some(2), ..case("another key", false, |_| {}) },
        case("a record edited", false, |lines| edit(&mut lines[5], "192.0.2.7", "192.0.2.8")),
        case("the last record edited", false, |lines| edit(&mut lines[25], "192.0.2.7", "192.0.2.8")),
        case("the last record deleted", false, |lines| drop(lines.remove(25))),
        case("a record deleted", false, |lines| drop(lines.remove(3))),
        case("the first record deleted", false, |lines| drop(lines.remove(1))),
        case("two records swapped", false, |lines| lines.swap(4, 5)),
        case("a record doubled", false, |lines| lines.insert(4, lines[4].clone())),
        case("cut below a checkpoint", false, |lines| drop(lines.drain(20..26))),
        case("cut with its checkpoint", true, |lines| lines.truncate(20)),
        anchored(case("cut with its checkpoint, anchored", false, |lines| lines.truncate(20))),
        case("a signature edited", false, |lines| edit(&mut lines[17], "Z\\nkey", "Y\\nkey")),
        case("a checkpoint misplaced", false, |lines| lines.swap(16, 17)),
        case("another key in the header", false, |lines| edit(&mut lines[0], "key\":\"", "key\":\"00")),
        case("spliced with another log", false, |lines| {
            lines.splice(10.., sample(24, 16, 2).lines(1).drain(10..));
        }),
        case("written anew by another key", true, |lines| *lines = sample(24, 16, 2).lines(2)),
        anchored(case("written anew, anchored", false, |lines| *lines = sample(24, 16, 2).lines(2))),
        case("a line of nonsense", false, |lines| lines.push(b"[[[[".to_vec())),
        case("spaces in a record", false, |lines| edit(&mut lines[25], "\":", "\": ")),
        case("only a header", true, |lines| lines.truncate(1)),
        case("nothing", false, |lines| lines.clear()),
    ]
}

#[test]
fn both_verifiers_agree_on_every_case() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("verify_log");
    fs::create_dir_all(&folder).unwrap();
    let (_, checkpoints) = golden_log();
    let anchor = checkpoints.last().unwrap();
    for case in cases() {
        let export = file(&case.lines);
        let key = case.key.map(|seed| super::sample::signer(seed).public_key());
        let trust = Trust { key, anchor: case.anchored.then(|| anchor.clone()) };
        let ours = verify_export(&export, trust);
        assert_eq!(ours.is_ok(), case.holds, "{}: {ours:?}", case.name);

        let path = folder.join("log.jsonl");
        fs::write(&path, export).unwrap();
        let (holds, said) = independent(&path, case.anchored, key.map(|key| key.to_string()));
        assert_eq!(holds, case.holds, "{}: {said}", case.name);
        assert_eq!(said.lines().count(), 1, "one sentence, not {said}");
    }
}

/// What `tools/verify_log.py` says.
fn independent(log: &Path, anchored: bool, key: Option<String>) -> (bool, String) {
    let mut command = Command::new("python3");
    command.arg(tools().join("verify_log.py")).arg(log);
    if anchored {
        command.arg("--anchor").arg(fixtures().join("anchor-24.txt"));
    }
    if let Some(key) = key {
        command.arg("--key").arg(key);
    }
    let output = command.output().expect("python3 runs");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

#[test]
fn every_flipped_byte_of_the_export_is_found() {
    let export = file(&golden_log().0);
    for place in 0..export.len() {
        let mut flipped = export.clone();
        flipped[place] ^= 1 << (place % 8);
        assert!(verify_export(&flipped, Trust::default()).is_err(), "byte {place}");
    }
}

#[test]
fn the_independent_verifier_finds_flipped_bytes() {
    let flips = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/log/flips.py");
    let log = fixtures().join("golden.jsonl");
    let output = Command::new("python3").arg(flips).arg(tools()).arg(log).output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "places of flips that went unnoticed");
}

#[test]
fn the_independent_verifier_is_short() {
    assert!(fs::read_to_string(tools().join("verify_log.py")).unwrap().lines().count() < 150);
}
