//! Records of the operation log and their bytes.
//!
//! # Format
//!
//! A record is one line of JSON without the line break, its fields in the order of [`LogRecord`], [`Moment`] and [`Entry`],
//! absent ones left out, nothing between the tokens. These very bytes are stored, hashed and exported, and only these are
//! accepted: a text that means the same but is written otherwise is malformed. The first field is the format's version.
//!
//! A record holds pseudonymous ids and codes only. The one free text is [`Entry::purpose`]: what the actor says about
//! their own act, such as why they download fifty videos. It is one line of at most 400 characters without control or
//! direction characters, it is theirs, and it goes with the record because it is evidence.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use chrono::{DateTime, SubsecRound, Utc};
use dossier_domain::{
    Clock,
    id::{Id, Kind},
    text::Line,
};
use serde::{Deserialize, Serialize};

use crate::{Context, Digest, Error, RequestId, Result, Role, Word};

/// The version of the format that is written.
pub const FORMAT: u32 = 1;

/// A record of the operation log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRecord {
    /// The version of the format, [`FORMAT`].
    pub v: u32,
    /// The record's number, from 0 without gaps.
    pub sequence: u64,
    /// SHA-256 of the bytes of the record before; zeros for the first.
    pub previous: Digest,
    /// When it was written.
    pub moment: Moment,
    /// What it says.
    pub entry: Entry,
}

impl LogRecord {
    /// The bytes that are stored, hashed and exported.
    ///
    /// # Errors
    /// [`Error::Encode`], which no record brings about that was made by its constructors.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(Error::Encode)
    }

    /// Reads a record, and only from exactly the bytes that [`LogRecord::to_bytes`] writes.
    ///
    /// # Errors
    /// [`Error::Record`] that says what is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let record: Self = serde_json::from_slice(bytes).map_err(|error| Error::Record(error.to_string()))?;
        if record.v != FORMAT {
            return Err(Error::Record(format!("it has format {}, not {FORMAT}", record.v)));
        }
        match record.to_bytes()? == bytes {
            true => Ok(record),
            false => Err(Error::Record("it is not written in the one way in which records are".to_owned())),
        }
    }
}

/// A record that was appended, and its bytes to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The record.
    pub record: LogRecord,
    /// Its bytes, under the key of its number.
    pub bytes: Vec<u8>,
}

/// When something was written: by the wall clock, which may be set, and since the program's start, which may not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The time, to the millisecond.
    pub at: DateTime<Utc>,
    /// The run of the program.
    pub boot: BootId,
    /// Milliseconds since that run began.
    pub uptime_ms: u64,
}

/// Marks ids of runs of the program.
#[derive(Debug)]
pub enum BootKind {}

impl Kind for BootKind {
    const PREFIX: &'static str = "boot";
}

/// Names one run of the program.
pub type BootId = Id<BootKind>;

/// The present run of the program, and when it began by a clock that nobody can set.
#[derive(Debug, Clone, Copy)]
pub struct Boot {
    id: BootId,
    began: Instant,
}

impl Boot {
    /// The run that begins now; `id` from [`Context::new_id`].
    pub fn new(id: BootId) -> Self {
        Self { id, began: Instant::now() }
    }

    /// The present moment.
    pub fn moment(&self, clock: &dyn Clock) -> Moment {
        let uptime_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Moment { at: clock.now().trunc_subsecs(3), boot: self.id, uptime_ms }
    }
}

/// What a record says; made from a [`Context`] and completed step by step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who, as [`crate::Actor::pseudonym`] calls them.
    pub actor: Word,
    /// The roles that they held then; none for the archive itself.
    pub roles: BTreeSet<Role>,
    /// SHA-256 of the session's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Digest>,
    /// Where the request came from: an address, or a word such as `cli`.
    pub origin: Word,
    /// The request.
    pub request: RequestId,
    /// What they did: the name of an [`crate::Action`], or of something that the archive does besides.
    pub action: Word,
    /// To what: ids, from the larger to the smaller.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Word>,
    /// How it went.
    pub outcome: Outcome,
    /// Why it was denied or failed: a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Word>,
    /// The number of the record with the intent of which this is the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// What the actor says it is for, in their own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Line>,
    /// How many of what: hits, bytes, records.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<Word, u64>,
}

/// How an act went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is about to be done; written before any plaintext leaves or any change is made.
    Intended,
    /// It was done.
    Done,
    /// It was not allowed.
    Denied,
    /// It was allowed, and went wrong.
    Failed,
}

impl Entry {
    /// What the context's actor does, and how it went.
    pub fn new(context: &Context, action: impl Into<Word>, outcome: Outcome) -> Self {
        Self {
            actor: context.actor().pseudonym(),
            roles: context.actor().roles(),
            session: context.session(),
            origin: context.origin().clone(),
            request: context.request(),
            action: action.into(),
            objects: Vec::new(),
            outcome,
            reason: None,
            of: None,
            purpose: None,
            counts: BTreeMap::new(),
        }
    }

    /// The outcome of an act whose intent is this entry, written under the number `intent`.
    #[must_use]
    pub fn outcome(&self, intent: u64, outcome: Outcome) -> Self {
        Self { outcome, of: Some(intent), purpose: None, ..self.clone() }
    }

    /// To what: an id, or another word.
    #[must_use]
    pub fn on(mut self, object: impl Into<Word>) -> Self {
        self.objects.push(object.into());
        self
    }

    /// Why it was denied or failed.
    #[must_use]
    pub fn because(self, reason: impl Into<Word>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    /// What the actor says it is for.
    #[must_use]
    pub fn with_purpose(self, purpose: Line) -> Self {
        Self { purpose: Some(purpose), ..self }
    }

    /// How many of what.
    #[must_use]
    pub fn count(mut self, what: impl Into<Word>, number: u64) -> Self {
        self.counts.insert(what.into(), number);
        self
    }
}
