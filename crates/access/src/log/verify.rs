//! The reading end of the log: follows a whole log and says what is wrong with it, record by record.

mod finding;

pub use finding::Finding;

use super::{Checkpoint, Frontier, LogRecord, PublicKey};
use crate::{Digest, Result, Word};

/// After so many findings no more are listed.
pub const MOST_FINDINGS: usize = 100;

/// What the reader knows of the log from elsewhere. The more of it, the more is found; see [the log](super).
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The key that must have signed the checkpoints.
    pub key: Option<PublicKey>,
    /// A checkpoint that left the machine earlier; the log must continue it.
    pub anchor: Option<Checkpoint>,
}

/// What a log is that holds together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The number of records.
    pub records: u64,
    /// How many of them, from the first, a checkpoint vouches for; the rest is newer than the last one.
    pub covered: u64,
    /// The root of the tree of all records.
    pub root: Digest,
    /// The log's name, if anything gave it.
    pub origin: Option<Word>,
    /// The key that signed the checkpoints, to be compared with what is known of it.
    pub key: Option<PublicKey>,
}

/// Follows a log from its first record, in memory that does not grow with it. Give each checkpoint after the last of
/// the records that it covers.
#[derive(Debug, Clone)]
pub struct Verifier {
    frontier: Frontier,
    /// The number that the next record must have.
    next: u64,
    /// The hash that the next record must name; unknown after a malformed one.
    last: Option<Digest>,
    origin: Option<Word>,
    key: Option<PublicKey>,
    anchor: Option<Checkpoint>,
    covered: u64,
    findings: Vec<Finding>,
}

impl Verifier {
    /// A verifier at the beginning of a log.
    pub fn new(trust: Trust) -> Self {
        let anchored = trust.anchor.as_ref();
        let mut verifier = Self {
            frontier: Frontier::default(),
            next: 0,
            last: Some(Digest::ZERO),
            origin: anchored.map(|anchor| anchor.origin().clone()),
            key: trust.key.or(anchored.map(Checkpoint::key)),
            anchor: trust.anchor,
            covered: 0,
            findings: Vec::new(),
        };
        if let Some(anchor) = verifier.anchor.clone() {
            verifier.check_signer(&anchor);
            verifier.check_anchor();
        }
        verifier
    }

    /// The next record, as the store holds it under the number `key`.
    pub fn stored_record(&mut self, key: u64, bytes: &[u8]) {
        if let Some(record) = self.record(bytes).filter(|record| record.sequence != key) {
            self.find(Finding::Misfiled { record: record.sequence, key });
        }
    }

    /// The next record; gives it back if it is one.
    pub fn record(&mut self, bytes: &[u8]) -> Option<LogRecord> {
        let record = match LogRecord::from_bytes(bytes) {
            Ok(record) => Some(record),
            Err(error) => {
                self.find(Finding::Malformed { record: self.next, why: error.to_string() });
                None
            }
        };
        if let Some(record) = &record {
            self.check_place(record);
        }
        self.next = record.as_ref().map_or(self.next, |record| record.sequence).saturating_add(1);
        self.last = record.is_some().then(|| Digest::of(bytes));
        self.frontier.push(bytes);
        self.check_anchor();
        record
    }

    /// The next checkpoint, by its text.
    pub fn checkpoint(&mut self, text: &str) {
        self.parsed_checkpoint(text.parse());
    }

    /// The name and key that the log claims for itself; they must be those of its checkpoints.
    pub(super) fn claim(&mut self, origin: &Word, key: PublicKey) {
        if self.origin.get_or_insert_with(|| origin.clone()) != origin {
            self.find(Finding::OtherLog { claims: origin.clone() });
        }
        if *self.key.get_or_insert(key) != key {
            self.find(Finding::ClaimsOtherKey { key });
        }
    }

    pub(super) fn find(&mut self, finding: Finding) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// The result, after the last record and checkpoint.
    ///
    /// # Errors
    /// All that was found, in the order of the log, at most [`MOST_FINDINGS`].
    pub fn finish(mut self) -> Result<Verified, Vec<Finding>> {
        let records = self.frontier.size();
        if let Some(anchor) = self.anchor.take() {
            self.find(Finding::Truncated { records, size: anchor.size() });
        }
        if !self.findings.is_empty() {
            return Err(self.findings);
        }
        let root = self.frontier.root();
        Ok(Verified { records, covered: self.covered, root, origin: self.origin, key: self.key })
    }

    fn parsed_checkpoint(&mut self, checkpoint: Result<Checkpoint>) {
        match checkpoint {
            Err(error) => {
                self.find(Finding::BadCheckpoint { records: self.frontier.size(), why: error.to_string() });
            }
            Ok(checkpoint) => {
                self.check_signer(&checkpoint);
                self.check_root(&checkpoint);
            }
        }
    }

    fn check_place(&mut self, record: &LogRecord) {
        let expected = self.next;
        if record.sequence != expected {
            self.find(Finding::OutOfOrder { record: record.sequence, expected });
        } else if self.last.is_some_and(|last| last != record.previous) {
            self.find(Finding::BrokenChain { record: record.sequence });
        }
    }

    fn check_signer(&mut self, checkpoint: &Checkpoint) {
        if self.origin.get_or_insert_with(|| checkpoint.origin().clone()) != checkpoint.origin() {
            self.find(Finding::OtherLog { claims: checkpoint.origin().clone() });
        }
        if *self.key.get_or_insert(checkpoint.key()) != checkpoint.key() {
            self.find(Finding::OtherKey { size: checkpoint.size(), key: checkpoint.key() });
        }
    }

    /// Compares with the tree as it is now. Once the records themselves are known to be wrong, no root can be right,
    /// and saying so again would only bury what is.
    fn check_root(&mut self, checkpoint: &Checkpoint) {
        let (records, size) = (self.frontier.size(), checkpoint.size());
        match (records.cmp(&size), self.findings.is_empty()) {
            (_, false) => {}
            (std::cmp::Ordering::Less, _) => self.find(Finding::Truncated { records, size }),
            (std::cmp::Ordering::Greater, _) => self.find(Finding::LateCheckpoint { records, size }),
            (std::cmp::Ordering::Equal, _) if checkpoint.root() != self.frontier.root() => {
                self.find(Finding::OtherRoot { size, from: self.covered });
            }
            (std::cmp::Ordering::Equal, _) => self.covered = size,
        }
    }

    /// Compares with the anchor once its size is reached, and is done with it then.
    fn check_anchor(&mut self) {
        let size = self.frontier.size();
        if let Some(anchor) = self.anchor.take_if(|anchor| anchor.size() == size) {
            if anchor.root() == self.frontier.root() {
                self.covered = size;
            } else {
                self.find(Finding::OtherThanAnchor { size });
            }
        }
    }
}

/// Verifies a whole log: its records in order, each with the number under which it is stored, and the texts of its
/// checkpoints by growing size.
///
/// # Errors
/// As [`Verifier::finish`].
pub fn verify<'a, B: AsRef<[u8]>>(
    records: impl IntoIterator<Item = (u64, B)>,
    checkpoints: impl IntoIterator<Item = &'a str>,
    trust: Trust,
) -> Result<Verified, Vec<Finding>> {
    let mut verifier = Verifier::new(trust);
    // A checkpoint that can't be read is due at once, to be found.
    let size = |checkpoint: &Result<Checkpoint>| checkpoint.as_ref().map_or(0, Checkpoint::size);
    let mut checkpoints = checkpoints.into_iter().map(str::parse).peekable();
    for (key, bytes) in records {
        while let Some(due) = checkpoints.next_if(|next| size(next) <= verifier.frontier.size()) {
            verifier.parsed_checkpoint(due);
        }
        verifier.stored_record(key, bytes.as_ref());
    }
    checkpoints.for_each(|checkpoint| verifier.parsed_checkpoint(checkpoint));
    verifier.finish()
}
