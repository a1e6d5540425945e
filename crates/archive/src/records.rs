//! What the archive keeps in the store: its tables, its look-ups, and the reading of a dossier.
//!
//! | table | scope | id |
//! |---|---|---|
//! | candidate, application, interview, material | the candidate's | the record's own id |
//! | scorecard | the candidate's | the application's id and the interviewer's |
//! | background check, offers | the candidate's | the application's id |
//! | scorecards of an interviewer | the archive's | the interviewer's id and the application's |
//! | upload under way | the candidate's; where it is: the archive's | its own id |
//! | owner of an application | the archive's | the application's id |
//! | position, proposal, user, connection, connection's credentials | the archive's | the record's own id |
//! | pending | the archive's | connection's id and the interview's, or a hash of the vendor's id |
//! | quarantined | the archive's | connection's id and a hash of the vendor's id |
//! | settings, lexicon, log head | the archive's | empty |
//! | log record, checkpoint | the archive's | its number, big-endian |
//! | rules of signing in, policy table, rule of releases | the archive's | empty |
//! | release asked for | the archive's | its own id |
//! | what somebody took away within a day | the archive's | the user's id |
//! | secrets, attempts, challenge of a user | the archive's | the user's id |
//! | one-time link | the archive's | the user's id; zeros for the first administrator's |
//! | attempts from an origin | the archive's | a keyed hash of the origin |
//! | session, API token, saved search, saved report | the archive's | the user's id and its own |
//! | what happened of which somebody is to hear | the archive's | its own id |
//! | notice | the archive's | the user's id, 0 or 1 for read, and its own |
//! | message on its way out | the archive's | the channel's id, that of what it tells, and a number |
//! | channel, its key, how it stands | the archive's | the channel's id |
//! | what somebody wants to hear of, their last digest | the archive's | the user's id |
//! | rules of notices | the archive's | empty |
//! | what people were told of a connection | the archive's | the connection's id |
//!
//! A number once given to a collection is never given to another one.

use std::collections::BTreeMap;

use bytes::Bytes;
use dossier_access::{Digest, User, log::LogHead};
use dossier_domain::{
    Application, ApplicationId, BackgroundCheck, Candidate, CandidateId, ConnectionId, EmotionThresholds,
    FieldSelection, Interview, InterviewId, Lexicon, Material, MaterialKind, Offers, Position, PositionId,
    Preferences, Proposal, Scorecard,
};
use dossier_storage::{
    Collection, Direction, Entry, Error as StorageError, Key, Scan, Scope, Store, Stored, Table,
};
use serde::de::DeserializeOwned;

use crate::{
    Dossier, Result, Settings,
    connection::{Connection, Pending, Quarantined, StoredCredentials},
    notices::{
        Notice,
        channels::{Channel, StoredKey},
        deliver::Delivery,
        digest::SummedUp,
        occasion::Occasion,
        rules::NoticeRules,
        standing::Standing,
        watch::ConnectionTrouble,
    },
    policies::StoredPolicy,
    releases::{ReleaseRecord, ReleaseRule, Taken},
    saved::{SavedReportRecord, SavedSearchRecord},
    scorecards::Written,
    signin::{ApiTokenRecord, Attempts, OneTime, Secrets, Session, SignInRules, Streak},
    uploads::{OpenUpload, Upload},
};

pub(crate) const CANDIDATES: Table<Candidate> = Table::new(Collection::new(1));
pub(crate) const APPLICATIONS: Table<Application> = Table::new(Collection::new(2));
pub(crate) const INTERVIEWS: Table<Interview> = Table::new(Collection::new(3));
pub(crate) const MATERIALS: Table<Material> = Table::new(Collection::new(4));
/// Whose an application is. Ids are no personal data, so this needs no keyed hash, and grows at its end.
pub(crate) const OWNERS: Table<CandidateId> = Table::new(Collection::new(5));
/// Uploads under way: what has come of them is the candidate's.
pub(crate) const UPLOADS: Table<Upload> = Table::new(Collection::new(6));
pub(crate) const SCORECARDS: Table<Scorecard> = Table::new(Collection::new(7));
/// What was found out about the claims of applications.
pub(crate) const CHECKS: Table<BackgroundCheck> = Table::new(Collection::new(8));
pub(crate) const OFFERS: Table<Offers> = Table::new(Collection::new(9));
pub(crate) const POSITIONS: Table<Position> = Table::new(Collection::new(10));
pub(crate) const USERS: Table<User> = Table::new(Collection::new(11));
pub(crate) const CONNECTIONS: Table<Connection> = Table::new(Collection::new(12));
pub(crate) const CREDENTIALS: Table<StoredCredentials> = Table::new(Collection::new(13));
pub(crate) const PENDING: Table<Pending> = Table::new(Collection::new(14));
pub(crate) const QUARANTINE: Table<Quarantined> = Table::new(Collection::new(15));
pub(crate) const SETTINGS: Table<Settings> = Table::new(Collection::new(16));
/// Where uploads under way are, by their ids: the oldest first.
pub(crate) const OPEN_UPLOADS: Table<OpenUpload> = Table::new(Collection::new(17));
/// Which scorecards somebody has written, without what is in them.
pub(crate) const WRITTEN: Table<Written> = Table::new(Collection::new(18));
pub(crate) const PROPOSALS: Table<Proposal> = Table::new(Collection::new(19));
/// Apart from the settings: no entry of the index depends on it, so a changed one builds nothing anew.
pub(crate) const LEXICON: Table<Lexicon> = Table::new(Collection::new(25));
/// Records of the log are kept as the bytes that are hashed, not as JSON of JSON.
pub(crate) const LOG: Collection = Collection::new(20);
pub(crate) const LOG_HEAD: Table<LogHead> = Table::new(Collection::new(21));
pub(crate) const CHECKPOINTS: Table<String> = Table::new(Collection::new(22));

/// What the bank has decided of who sees which materials.
pub(crate) const POLICY: Table<StoredPolicy> = Table::new(Collection::new(50));

pub(crate) const SIGN_IN_RULES: Table<SignInRules> = Table::new(Collection::new(30));
pub(crate) const SECRETS: Table<Secrets> = Table::new(Collection::new(31));
pub(crate) const ATTEMPTS: Table<Attempts> = Table::new(Collection::new(32));
pub(crate) const ORIGINS: Table<Streak> = Table::new(Collection::new(33));
pub(crate) const SESSIONS: Table<Session> = Table::new(Collection::new(34));
pub(crate) const CHALLENGES: Table<OneTime> = Table::new(Collection::new(35));
pub(crate) const LINKS: Table<OneTime> = Table::new(Collection::new(36));
pub(crate) const API_TOKENS: Table<ApiTokenRecord> = Table::new(Collection::new(37));
pub(crate) const SAVED_SEARCHES: Table<SavedSearchRecord> = Table::new(Collection::new(38));
pub(crate) const SAVED_REPORTS: Table<SavedReportRecord> = Table::new(Collection::new(39));
pub(crate) const RELEASE_RULE: Table<ReleaseRule> = Table::new(Collection::new(80));
pub(crate) const RELEASES: Table<ReleaseRecord> = Table::new(Collection::new(81));
/// How many applications somebody has taken away in batches, for a day.
pub(crate) const TAKEN: Table<Taken> = Table::new(Collection::new(82));

pub(crate) const OCCASIONS: Table<Occasion> = Table::new(Collection::new(60));
pub(crate) const NOTICES: Table<Notice> = Table::new(Collection::new(61));
pub(crate) const DELIVERIES: Table<Delivery> = Table::new(Collection::new(62));
pub(crate) const CHANNELS: Table<Channel> = Table::new(Collection::new(63));
pub(crate) const CHANNEL_KEYS: Table<StoredKey> = Table::new(Collection::new(64));
pub(crate) const CHANNEL_STANDINGS: Table<Standing> = Table::new(Collection::new(65));
pub(crate) const PREFERENCES: Table<Preferences> = Table::new(Collection::new(66));
pub(crate) const DIGESTS: Table<SummedUp> = Table::new(Collection::new(67));
pub(crate) const NOTICE_RULES: Table<NoticeRules> = Table::new(Collection::new(68));
pub(crate) const CONNECTION_TROUBLES: Table<ConnectionTrouble> = Table::new(Collection::new(69));

/// Look-up from a connection and the vendor's id to [`Known`].
pub(crate) const BY_REMOTE_ID: &str = "interview";

/// What is known of a vendor's interview without reading the dossier: where it is, and whether it is whole.
///
/// Look-ups are found at random places, so this is kept small: a version byte, 01; the ids of candidate, application and
/// interview; the stamps of payload and mark; and a bit for each kind of [`MaterialKind::ALL`] that is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) candidate: CandidateId,
    pub(crate) application: ApplicationId,
    pub(crate) interview: InterviewId,
    /// The payload that was merged last.
    pub(crate) payload: Stamp,
    /// The listing's mark of it; zeros where it had none.
    pub(crate) mark: Stamp,
    /// What was still to come then.
    pub(crate) missing: Vec<MaterialKind>,
}

/// Half a SHA-256 over a text and the fields that were chosen: equal only if both are the same.
pub(crate) type Stamp = [u8; 16];

/// The stamp of a payload's hash, or of a mark, under a choice of fields.
pub(crate) fn stamp(text: &str, fields: &FieldSelection) -> Stamp {
    let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
    let digest = Digest::of(format!("{}\n{text}", names.join(" ")).as_bytes());
    digest.as_bytes().first_chunk().copied().unwrap_or_default()
}

impl Known {
    const VERSION: u8 = 1;
    const LEN: usize = 1 + 5 * 16 + 1;

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Self::LEN] = bytes.try_into().ok()?;
        let field = |number: usize| bytes[1 + number * 16..].first_chunk().copied();
        let bits = bytes[Self::LEN - 1];
        (bytes[0] == Self::VERSION).then_some(())?;
        Some(Self {
            candidate: CandidateId::from_bytes(field(0)?),
            application: ApplicationId::from_bytes(field(1)?),
            interview: InterviewId::from_bytes(field(2)?),
            payload: field(3)?,
            mark: field(4)?,
            missing: (0..)
                .zip(MaterialKind::ALL)
                .filter(|(n, _)| bits >> n & 1 == 1)
                .map(|(_, kind)| kind)
                .collect(),
        })
    }

    /// What a look-up says. One that can't be understood is damage: its interview is here, and not unknown.
    pub(crate) fn read(found: &Stored<Bytes>) -> Result<Self> {
        let known = Self::from_bytes(&found.value);
        Ok(known.ok_or_else(|| StorageError::damaged(&found.key, "it names no interview"))?)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let is_missing = |kind: &MaterialKind| u8::from(self.missing.contains(kind));
        let bits = (0..).zip(&MaterialKind::ALL).map(|(n, kind)| is_missing(kind) << n).sum();
        let ids = [self.candidate.to_bytes(), self.application.to_bytes(), self.interview.to_bytes()];
        [&[Self::VERSION][..], &ids.concat(), &self.payload, &self.mark, &[bits]].concat()
    }

    /// Whether an arrival with this payload brings nothing new.
    pub(crate) fn covers(&self, payload: Stamp) -> bool {
        self.missing.is_empty() && self.payload == payload
    }

    /// Whether the vendor's record is as it was when it was merged last: by its mark, since payloads may hold links that
    /// are signed anew each time; by its payload where it has none. Without a listing a mark is taken to hold.
    pub(crate) fn is_same_state(&self, payload: Stamp, mark: Option<Stamp>) -> bool {
        match mark {
            Some(mark) => self.mark == mark,
            None => self.payload == payload || self.mark != Stamp::default(),
        }
    }

    /// Where it is noted that something of it is still to come: by its own id, so that neighbours in time lie together.
    pub(crate) fn pending_key(&self, connection: ConnectionId) -> Vec<u8> {
        [&connection.to_bytes()[..], &[0], &self.interview.to_bytes()].concat()
    }
}

/// Where it is noted that an interview could not even be fetched.
pub(crate) fn postponed_key(connection: ConnectionId, remote_id: &str) -> Vec<u8> {
    [&connection.to_bytes()[..], &[1], Digest::of(remote_id.as_bytes()).as_bytes()].concat()
}

/// The scope of a candidate's records.
pub(crate) fn scope_of(candidate: CandidateId) -> Scope {
    Scope::Candidate(candidate.to_bytes())
}

/// A place in a vendor's data as the id of a record: two vendors' ids never meet, and none is readable.
pub(crate) fn remote_key(connection: ConnectionId, remote_id: &str) -> Vec<u8> {
    [&connection.to_bytes()[..], Digest::of(remote_id.as_bytes()).as_bytes()].concat()
}

/// All positions that can be read, by id.
pub(crate) async fn positions(store: &Store) -> Result<BTreeMap<PositionId, Position>> {
    let (all, _) = all_past_damage(store, POSITIONS).await?;
    Ok(all.into_iter().map(|stored| (stored.value.id, stored.value)).collect())
}

/// All records of a table of the archive that can be read, and the keys of the others.
pub(crate) async fn all_past_damage<T: DeserializeOwned>(
    store: &Store,
    table: Table<T>,
) -> Result<(Vec<Stored<T>>, Vec<Key>)> {
    read_past_damage(store, table, Scan::collection(Scope::Archive, table.collection())).await
}

/// All records of a range, which lies within the table, that can be read, and the keys of the others.
pub(crate) async fn read_past_damage<T: DeserializeOwned>(
    store: &Store,
    table: Table<T>,
    scan: Scan,
) -> Result<(Vec<Stored<T>>, Vec<Key>)> {
    let mut all = Vec::new();
    let damaged = each_past_damage(store, table, scan, |stored| all.push(stored)).await?;
    Ok((all, damaged))
}

/// Passes on, page by page, the records of a range, which lies within the table, that can be read; gives the keys of the
/// others.
pub(crate) async fn each_past_damage<T: DeserializeOwned>(
    store: &Store,
    table: Table<T>,
    mut scan: Scan,
    mut take: impl FnMut(Stored<T>),
) -> Result<Vec<Key>> {
    let mut damaged = Vec::new();
    loop {
        let page = scan_past_damage(store, scan.clone(), &mut damaged).await?;
        for (key, entry) in page.entries {
            match table.decode(key, &entry) {
                Ok(stored) => take(stored),
                Err(StorageError::Damaged { key, .. }) => damaged.push(key),
                Err(error) => return Err(error.into()),
            }
        }
        let Some(last) = page.last else { break };
        scan = scan.after(&last);
    }
    if !damaged.is_empty() {
        let collection = table.collection().number();
        tracing::error!(
            records = damaged.len(),
            collection,
            "damaged records were left out; doctor names them"
        );
    }
    Ok(damaged)
}

/// The records of one candidate, as they were read.
#[derive(Default)]
pub(crate) struct Records {
    pub(crate) candidate: Option<Stored<Candidate>>,
    pub(crate) applications: Vec<Stored<Application>>,
    pub(crate) interviews: Vec<Stored<Interview>>,
    pub(crate) materials: Vec<Stored<Material>>,
    pub(crate) scorecards: Vec<Stored<Scorecard>>,
    pub(crate) checks: Vec<Stored<BackgroundCheck>>,
    pub(crate) offers: Vec<Stored<Offers>>,
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
            of if of == SCORECARDS.collection() => self.scorecards.push(SCORECARDS.decode(key, entry)?),
            of if of == CHECKS.collection() => self.checks.push(CHECKS.decode(key, entry)?),
            of if of == OFFERS.collection() => self.offers.push(OFFERS.decode(key, entry)?),
            _ => {}
        }
        Ok(())
    }

    /// The dossier, if the candidate's own record is there, with the emotion labels of these thresholds.
    pub(crate) fn into_dossier(
        self,
        positions: &BTreeMap<PositionId, Position>,
        thresholds: EmotionThresholds,
    ) -> Option<Dossier> {
        fn values<T>(stored: Vec<Stored<T>>) -> Vec<T> {
            stored.into_iter().map(|stored| stored.value).collect()
        }
        let candidate = self.candidate?.value;
        let damaged = self.damaged.len();
        let applications = values(self.applications);
        let (mut interviews, materials) = (values(self.interviews), values(self.materials));
        for interview in &mut interviews {
            label(interview, &materials, thresholds);
        }
        let dossier = Dossier::assemble(candidate, applications, interviews, materials, positions, damaged);
        let dossier = dossier.with_scorecards(values(self.scorecards));
        Some(dossier.with_findings(values(self.checks), values(self.offers)))
    }
}

/// Labels an interview by its emotion data. A label that is stored is an older version's, and holds where there are none.
fn label(interview: &mut Interview, materials: &[Material], thresholds: EmotionThresholds) {
    let of_it = materials.iter().filter(|material| material.interview == Some(interview.id));
    let profile = of_it.into_iter().find_map(|material| material.content.emotion());
    if let Some(profile) = profile {
        interview.emotion = profile.label(thresholds);
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
            // What comes before it in the direction of the scan.
            let before = match scan.direction {
                Direction::Forward => Scan { end: Some(key.to_bytes()), ..scan },
                Direction::Backward => Scan { direction: Direction::Forward, ..scan.clone() }.after(&key),
            };
            let before = Scan { direction: scan.direction, ..before };
            let entries = store.records().scan(before).await?;
            damaged.push(key.clone());
            Ok(Page { entries, last: Some(key) })
        }
        Err(error) => Err(error.into()),
    }
}
