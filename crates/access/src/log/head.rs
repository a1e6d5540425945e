//! The writing end of the log: all that is needed to append, in a size that does not grow with the log.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Checkpoint, Entry, Frontier, LogRecord, Moment,
    record::{Appended, FORMAT},
};
use crate::{Digest, Result};

/// So many records after a checkpoint, the next one is due.
pub const CHECKPOINT_EVERY: u64 = 256;

/// So long after a checkpoint, the next one is due if there are records that it does not cover.
pub const CHECKPOINT_AFTER: TimeDelta = TimeDelta::seconds(60);

/// Where the log ends. It is stored in the same batch as the record that it comes from; to append, take a copy, append
/// to it, and keep it once the batch is committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    /// The tree of all records.
    frontier: Frontier,
    /// The hash of the last record.
    last: Digest,
    /// Size and time of the last checkpoint.
    checkpoint: Option<(u64, DateTime<Utc>)>,
}

impl Default for LogHead {
    /// The head of an empty log.
    fn default() -> Self {
        Self { frontier: Frontier::default(), last: Digest::ZERO, checkpoint: None }
    }
}

impl LogHead {
    /// The number of records, which is also the number that the next one gets.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// How many records, from the first, the last checkpoint covers.
    pub fn covered(&self) -> u64 {
        self.checkpoint.map_or(0, |(size, _)| size)
    }

    /// The root of the tree of all records.
    pub fn root(&self) -> Digest {
        self.frontier.root()
    }

    /// Appends a record that says `entry`.
    ///
    /// # Errors
    /// [`crate::Error::Encode`]; the head is unchanged then.
    pub fn append(&mut self, entry: Entry, moment: Moment) -> Result<Appended> {
        let record = LogRecord { v: FORMAT, sequence: self.size(), previous: self.last, moment, entry };
        let bytes = record.to_bytes()?;
        self.frontier.push(&bytes);
        self.last = Digest::of(&bytes);
        Ok(Appended { record, bytes })
    }

    /// Whether a checkpoint should be signed now. A clock that was set back makes it due as well.
    pub fn checkpoint_due(&self, now: DateTime<Utc>) -> bool {
        match self.checkpoint {
            None => self.size() > 0,
            Some((size, at)) => {
                let uncovered = self.size().saturating_sub(size);
                uncovered >= CHECKPOINT_EVERY || uncovered > 0 && (now - at).abs() >= CHECKPOINT_AFTER
            }
        }
    }

    /// Notes that a checkpoint was signed, so that the next one is due later.
    pub fn note(&mut self, checkpoint: &Checkpoint) {
        self.checkpoint = Some((checkpoint.size(), checkpoint.at()));
    }
}
