//! The form in which a log leaves the archive.
//!
//! # Format
//!
//! Lines of JSON in UTF-8, each ended by a line feed, written without spaces:
//!
//! - first the header, `{"dossier_log":1,"origin":NAME,"key":PUBLIC_KEY}` (the key in hexadecimal);
//! - then the records from number 0, [byte for byte](super::record) as they are stored;
//! - after the last record that it covers, each [checkpoint](super::checkpoint), its text in
//!   `{"checkpoint":TEXT}`.

use serde::{Deserialize, Serialize};

use super::{Checkpoint, Finding, PublicKey, Trust, Verified, Verifier};
use crate::{Error, Result, Word};

const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Header {
    dossier_log: u32,
    origin: Word,
    key: PublicKey,
}

#[derive(Serialize, Deserialize)]
struct CheckpointLine {
    checkpoint: String,
}

/// The first line, without its line feed.
///
/// # Errors
/// [`Error::Encode`]
pub fn header_line(origin: &Word, key: PublicKey) -> Result<String> {
    let header = Header { dossier_log: FORMAT, origin: origin.clone(), key };
    serde_json::to_string(&header).map_err(Error::Encode)
}

/// The line of a checkpoint, without its line feed.
///
/// # Errors
/// [`Error::Encode`]
pub fn checkpoint_line(checkpoint: &Checkpoint) -> Result<String> {
    serde_json::to_string(&CheckpointLine { checkpoint: checkpoint.to_string() }).map_err(Error::Encode)
}

/// Follows an exported log line by line.
#[derive(Debug, Clone)]
pub struct ExportVerifier {
    verifier: Verifier,
    lines: u64,
}

impl ExportVerifier {
    /// A verifier at the beginning of an exported log.
    pub fn new(trust: Trust) -> Self {
        Self { verifier: Verifier::new(trust), lines: 0 }
    }

    /// The next line, without its line feed.
    pub fn line(&mut self, line: &[u8]) {
        self.lines += 1;
        if self.lines == 1 {
            match read::<Header>(line).filter(|header| header.dossier_log == FORMAT) {
                Some(header) => self.verifier.claim(&header.origin, header.key),
                None => self.bad_line("it must be the header of an exported log, in format 1"),
            }
        } else if line.starts_with(b"{\"checkpoint\":") {
            match read::<CheckpointLine>(line) {
                Some(line) => self.verifier.checkpoint(&line.checkpoint),
                None => self.bad_line("it is no checkpoint"),
            }
        } else {
            self.verifier.record(line);
        }
    }

    /// The result, after the last line.
    ///
    /// # Errors
    /// As [`Verifier::finish`].
    pub fn finish(mut self) -> Result<Verified, Vec<Finding>> {
        if self.lines == 0 {
            self.lines = 1;
            self.bad_line("there is none");
        }
        self.verifier.finish()
    }

    fn bad_line(&mut self, why: &str) {
        self.verifier.find(Finding::BadLine { line: self.lines, why: why.to_owned() });
    }
}

/// Verifies an exported log that is in memory.
///
/// # Errors
/// As [`Verifier::finish`].
pub fn verify_export(export: &[u8], trust: Trust) -> Result<Verified, Vec<Finding>> {
    let mut verifier = ExportVerifier::new(trust);
    if !export.is_empty() {
        let lines = export.strip_suffix(b"\n").unwrap_or(export);
        lines.split(|byte| *byte == b'\n').for_each(|line| verifier.line(line));
    }
    verifier.finish()
}

/// Reads a line, if it is written in the one way in which such lines are.
fn read<T: Serialize + for<'de> Deserialize<'de>>(line: &[u8]) -> Option<T> {
    let value = serde_json::from_slice(line).ok()?;
    (serde_json::to_vec(&value).ok()? == line).then_some(value)
}
