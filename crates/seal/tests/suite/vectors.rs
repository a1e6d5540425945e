//! The published vectors under `fixtures/seal`: the formats as they were first written, read forever.
//!
//! Random bytes are replaced by 00 01 02 … in each vector that was sealed, so that sealing again must give
//! the same bytes. A vector with an `error` is hostile and must fail with just that. `cargo test -p
//! dossier-seal -- --ignored` writes files that are missing; those that exist are never changed.

mod derivations;
mod hexed;
mod keyrings;
mod records;
mod sealed_files;

use std::{fs, path::PathBuf};

use dossier_seal::Error;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// One file of vectors.
#[derive(Serialize, Deserialize)]
struct Vectors<V> {
    about: String,
    vectors: Vec<V>,
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/seal").join(name)
}

/// Reads the vectors, each of which is passed to `check`; there must be hostile ones and others.
fn check_all<V: DeserializeOwned>(name: &str, check: impl Fn(V)) {
    let text = fs::read_to_string(path(name)).unwrap();
    let file: Vectors<V> = serde_json::from_str(&text).unwrap();
    assert!(file.vectors.len() > 1, "{name} has vectors");
    file.vectors.into_iter().for_each(check);
}

/// Writes the vectors unless they were published before.
fn publish<V: Serialize>(name: &str, about: &str, vectors: Vec<V>) {
    if path(name).exists() {
        return;
    }
    let mut text = serde_json::to_string_pretty(&Vectors { about: about.to_owned(), vectors }).unwrap();
    text.push('\n');
    fs::create_dir_all(path("")).unwrap();
    fs::write(path(name), text).unwrap();
}

/// The name of an error in the vectors.
fn name_of(error: &Error) -> &'static str {
    match error {
        Error::WrongKeyFile { .. } => "wrong key file",
        Error::WrongPassphrase => "wrong passphrase",
        Error::OtherRootMethod { .. } => "other root method",
        Error::NotAKeyFile => "not a key file",
        Error::Damaged { .. } => "damaged",
        Error::Newer { .. } => "newer",
        Error::Unauthentic { .. } => "unauthentic",
        Error::BadChunk { .. } => "bad chunk",
        Error::UnknownEpoch { .. } => "unknown epoch",
        other => panic!("no vector fails with {other}"),
    }
}

/// What a vector says must happen.
#[track_caller]
fn assert_outcome<T>(name: &str, result: &Result<T, Error>, expected: Option<&str>) {
    assert_eq!(result.as_ref().err().map(name_of), expected, "{name}");
}
