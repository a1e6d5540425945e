//! What the archive keeps in the store: its tables, its look-ups, and the reading of a dossier.
//!
//! | table | scope | id |
//! |---|---|---|
//! | candidate, application, interview, material | the candidate's | the record's own id |
//! | position, user, connection, connection's credentials | the archive's | the record's own id |
//! | pending, quarantined | the archive's | connection's id and a hash of the vendor's id |
//! | settings, log head | the archive's | empty |
//! | log record, checkpoint | the archive's | its number, big-endian |
//!
//! A number once given to a collection is never given to another one.

use std::collections::BTreeMap;

use dossier_access::{User, log::LogHead};
use dossier_domain::{
    Application, ApplicationId, Candidate, CandidateId, FieldSelection, Interview, InterviewId, Material,
    MaterialKind, Position, PositionId,
};
use dossier_storage::{Collection, Entry, Error as StorageError, Key, Scan, Scope, Store, Stored, Table};
use serde::{Deserialize, Serialize};

use crate::{
    Dossier, Result, Settings,
    connection::{Connection, Pending, Quarantined, StoredCredentials},
};

pub(crate) const CANDIDATES: Table<Candidate> = Table::new(Collection::new(1));
pub(crate) const APPLICATIONS: Table<Application> = Table::new(Collection::new(2));
pub(crate) const INTERVIEWS: Table<Interview> = Table::new(Collection::new(3));
pub(crate) const MATERIALS: Table<Material> = Table::new(Collection::new(4));
pub(crate) const POSITIONS: Table<Position> = Table::new(Collection::new(10));
pub(crate) const USERS: Table<User> = Table::new(Collection::new(11));
pub(crate) const CONNECTIONS: Table<Connection> = Table::new(Collection::new(12));
pub(crate) const CREDENTIALS: Table<StoredCredentials> = Table::new(Collection::new(13));
pub(crate) const PENDING: Table<Pending> = Table::new(Collection::new(14));
pub(crate) const QUARANTINE: Table<Quarantined> = Table::new(Collection::new(15));
pub(crate) const SETTINGS: Table<Settings> = Table::new(Collection::new(16));
/// Records of the log are kept as the bytes that are hashed, not as JSON of JSON.
pub(crate) const LOG: Collection = Collection::new(20);
pub(crate) const LOG_HEAD: Table<LogHead> = Table::new(Collection::new(21));
pub(crate) const CHECKPOINTS: Table<String> = Table::new(Collection::new(22));

/// Look-up from an application to its candidate.
pub(crate) const BY_APPLICATION: &str = "application";
/// Look-up from a connection and the vendor's id to [`Known`].
pub(crate) const BY_REMOTE_ID: &str = "interview";

/// What is known of a vendor's interview without reading the dossier: where it is, and whether it is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) candidate: CandidateId,
    pub(crate) application: ApplicationId,
    pub(crate) interview: InterviewId,
    /// The hash of the payload that was merged last.
    pub(crate) payload_sha256: String,
    /// The listing's mark of it.
    pub(crate) mark: Option<String>,
    /// The fields that were chosen then.
    pub(crate) fields: FieldSelection,
    /// What was still to come then.
    pub(crate) missing: Vec<MaterialKind>,
}

impl Known {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Whether an arrival with this hash brings nothing new.
    pub(crate) fn covers(&self, payload_sha256: &str, fields: &FieldSelection) -> bool {
        self.missing.is_empty() && self.payload_sha256 == payload_sha256 && self.fields == *fields
    }
}

/// The scope of a candidate's records.
pub(crate) fn scope_of(candidate: CandidateId) -> Scope {
    Scope::Candidate(candidate.to_bytes())
}

/// A place in a vendor's data as the id of a record: two vendors' ids never meet, and none is readable.
pub(crate) fn remote_key(connection: dossier_domain::ConnectionId, remote_id: &str) -> Vec<u8> {
    let mut id = connection.to_bytes().to_vec();
    id.extend_from_slice(dossier_access::Digest::of(remote_id.as_bytes()).as_bytes());
    id
}

/// All positions by id.
pub(crate) async fn positions(store: &Store) -> Result<BTreeMap<PositionId, Position>> {
    let all = store.all(POSITIONS, Scope::Archive).await?;
    Ok(all.into_iter().map(|stored| (stored.value.id, stored.value)).collect())
}

/// The records of one candidate, as they were read.
#[derive(Default)]
pub(crate) struct Records {
    pub(crate) candidate: Option<Stored<Candidate>>,
    pub(crate) applications: Vec<Stored<Application>>,
    pub(crate) interviews: Vec<Stored<Interview>>,
    pub(crate) materials: Vec<Stored<Material>>,
    /// Records that are there and can't be read.
    pub(crate) damaged: Vec<Key>,
}

impl Records {
    /// Sorts entries of one candidate's scope by their tables. A damaged one is noted and harms no other.
    pub(crate) fn from_entries(entries: Vec<(Key, Entry)>, damaged: Vec<Key>) -> Self {
        let mut records = Self { damaged, ..Self::default() };
        for (key, entry) in entries {
            if let Err(StorageError::Damaged { key, .. }) = records.take(key, &entry) {
                records.damaged.push(key);
            }
        }
        records
    }

    fn take(&mut self, key: Key, entry: &Entry) -> dossier_storage::Result<()> {
        match key.collection() {
            of if of == CANDIDATES.collection() => self.candidate = Some(CANDIDATES.decode(key, entry)?),
            of if of == APPLICATIONS.collection() => self.applications.push(APPLICATIONS.decode(key, entry)?),
            of if of == INTERVIEWS.collection() => self.interviews.push(INTERVIEWS.decode(key, entry)?),
            of if of == MATERIALS.collection() => self.materials.push(MATERIALS.decode(key, entry)?),
            _ => {}
        }
        Ok(())
    }

    /// The dossier, if the candidate's own record is there.
    pub(crate) fn into_dossier(self, positions: &BTreeMap<PositionId, Position>) -> Option<Dossier> {
        fn values<T>(stored: Vec<Stored<T>>) -> Vec<T> {
            stored.into_iter().map(|stored| stored.value).collect()
        }
        let candidate = self.candidate?.value;
        let damaged = self.damaged.len();
        let applications = values(self.applications);
        Some(Dossier::assemble(
            candidate,
            applications,
            values(self.interviews),
            values(self.materials),
            positions,
            damaged,
        ))
    }
}

/// Reads all records of one candidate.
pub(crate) async fn read_candidate(store: &Store, candidate: CandidateId) -> Result<Records> {
    let mut entries = Vec::new();
    let mut damaged = Vec::new();
    let mut scan = Scan::scope(scope_of(candidate));
    loop {
        let page = scan_past_damage(store, scan.clone(), &mut damaged).await?;
        let Some(last) = page.last else { break };
        scan = scan.after(&last);
        entries.extend(page.entries);
    }
    Ok(Records::from_entries(entries, damaged))
}

/// A page of a scan that went on past what can't be opened.
pub(crate) struct Page {
    pub(crate) entries: Vec<(Key, Entry)>,
    /// Where the next page begins; `None` at the end.
    pub(crate) last: Option<Key>,
}

/// A page of a scan. What can't be opened is noted, and the rest is read all the same.
pub(crate) async fn scan_past_damage(store: &Store, scan: Scan, damaged: &mut Vec<Key>) -> Result<Page> {
    match store.records().scan(scan.clone()).await {
        Ok(entries) => {
            let last = entries.last().map(|(key, _)| key.clone());
            Ok(Page { entries, last })
        }
        Err(StorageError::Damaged { key, .. }) => {
            let before = Scan { end: Some(key.to_bytes()), ..scan };
            let entries = store.records().scan(before).await?;
            damaged.push(key.clone());
            Ok(Page { entries, last: Some(key) })
        }
        Err(error) => Err(error.into()),
    }
}
