//! Reading, verifying and exporting the operation log. Reading the log is logged.

mod export;
mod walk;

use std::{
    collections::{BTreeMap, BTreeSet},
    slice,
};

use chrono::{DateTime, Utc};
use dossier_access::{
    Action, Context, Resource, User, Word,
    log::{Checkpoint, Finding, LogRecord, Outcome, Trust, Verified, Verifier},
};
use dossier_domain::text::{Line, Login};
use dossier_storage::{Key, Scan, Scope};

pub use export::LogExport;
use walk::{Piece, Walk};

use crate::{
    Archive, Error, Result,
    records::{CHECKPOINTS, LOG, scan_past_damage},
};

/// Which records of the log are asked for.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// By this actor: a user's sign-in name or their name, in any case, or an id.
    pub actor: Option<String>,
    /// Actions whose names begin with this.
    pub action: Option<String>,
    /// Actions of just these names; of any where there are none.
    pub actions: BTreeSet<String>,
    /// About this object: an id.
    pub object: Option<String>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// Not written before this instant.
    pub from: Option<DateTime<Utc>>,
    /// Written before this instant.
    pub until: Option<DateTime<Utc>>,
    /// At most so many, the newest; 50 unless said otherwise.
    pub limit: Option<usize>,
    /// Only records before the one of this number.
    pub before: Option<u64>,
    /// Only records after the one of this number, and of these the oldest.
    pub after: Option<u64>,
}

impl LogFilter {
    /// Whether a record by one of `actors` is asked for.
    fn matches(&self, record: &LogRecord, actors: Option<&BTreeSet<String>>) -> bool {
        let (entry, at) = (&record.entry, record.moment.at);
        actors.is_none_or(|actors| actors.contains(entry.actor.as_str()))
            && self.action.as_ref().is_none_or(|action| entry.action.as_str().starts_with(action.as_str()))
            && (self.actions.is_empty() || self.actions.contains(entry.action.as_str()))
            && self.outcome.is_none_or(|outcome| entry.outcome == outcome)
            && self.from.is_none_or(|from| at >= from)
            && self.until.is_none_or(|until| at < until)
            && self
                .object
                .as_ref()
                .is_none_or(|object| entry.objects.iter().any(|word| word.as_str() == object))
    }

    /// Whether a record lies beyond the times that are asked for, in the direction of the walk.
    fn is_past(&self, record: &LogRecord) -> bool {
        let at = record.moment.at;
        match self.after {
            None => self.from.is_some_and(|from| at < from),
            Some(_) => self.until.is_some_and(|until| at >= until),
        }
    }

    /// By whom the records are: the ids of all users who are called so, or else the word as it is.
    fn actors(&self, users: &[User]) -> Option<BTreeSet<String>> {
        let asked = self.actor.as_ref()?;
        let lower = asked.to_lowercase();
        let is_called = |user: &&User| {
            [user.login.as_str(), user.name.as_str()].iter().any(|name| name.to_lowercase() == lower)
        };
        let found: BTreeSet<String> =
            users.iter().filter(is_called).map(|user| user.id.to_string()).collect();
        Some(if found.is_empty() { BTreeSet::from([asked.clone()]) } else { found })
    }
}

/// Records stand in the order in which they were written, and a clock that is set makes their times jump, so that records
/// of the times that are asked for may lie behind others: it takes so many in a row to believe that there are no more.
const BEYOND: usize = 10_000;

/// Records of the log, and who the users in them are. The log itself names ids only.
#[derive(Debug, Clone, Default)]
pub struct LogRecords {
    /// The records, newest first.
    pub records: Vec<LogRecord>,
    /// The sign-in names of the users who acted, by what the log calls them.
    pub logins: BTreeMap<Word, Login>,
    /// What was said to be the purpose of those whose intents are not among them, by the numbers of the intents.
    pub purposes: BTreeMap<u64, Line>,
    /// How many records were met that are damaged; verifying the log names them.
    pub damaged: u64,
}

impl Archive {
    /// The newest records that match, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`] for who does not read the log.
    pub async fn log_records(&self, ctx: &Context, filter: LogFilter) -> Result<LogRecords> {
        let permit = self.authorise(ctx, Action::ReadLog, &Resource::Archive).await?;
        let intent = self.journal.intend(permit).await?;
        let records = self.matching(&filter).await;
        self.conclude(intent, &records, &[]);
        records
    }

    /// Verifies the whole log: chain, tree, checkpoints, and an anchor or key that is known from elsewhere.
    ///
    /// # Errors
    /// [`Error::Denied`]; what is wrong with the log is no error but the answer.
    pub async fn verify_log(&self, ctx: &Context, trust: Trust) -> Result<Result<Verified, Vec<Finding>>> {
        let permit = self.authorise(ctx, Action::VerifyLog, &Resource::Archive).await?;
        let intent = self.journal.intend(permit).await?;
        self.journal.flush().await?;
        let verified = self.verify(trust).await;
        self.conclude(intent, &verified, &[]);
        verified
    }

    /// The newest signed checkpoint, to be kept away from the machine.
    ///
    /// # Errors
    /// [`Error::Denied`]
    pub async fn log_checkpoint(&self, ctx: &Context) -> Result<Option<Checkpoint>> {
        let permit = self.authorise(ctx, Action::VerifyLog, &Resource::Archive).await?;
        let intent = self.journal.intend(permit).await?;
        self.journal.flush().await?;
        let newest = Scan::collection(Scope::Archive, CHECKPOINTS.collection()).backward().limit(1);
        let found = self.store.scan(CHECKPOINTS, newest).await.map_err(Error::from);
        let newest = found
            .map(|mut found| found.pop())
            .and_then(|found| Ok(found.map(|stored| stored.value.parse::<Checkpoint>()).transpose()?));
        self.conclude(intent, &newest, &[]);
        newest
    }

    async fn matching(&self, filter: &LogFilter) -> Result<LogRecords> {
        let users = self.all_users().await?;
        let (records, damaged) = self.sought(filter, filter.actors(&users).as_ref()).await?;
        let acted = |user: &&User| records.iter().any(|record| record.entry.actor == user.id.into());
        let logins = users.iter().filter(acted).map(|user| (user.id.into(), user.login.clone())).collect();
        let purposes = self.purposes(&records).await?;
        Ok(LogRecords { records, logins, purposes, damaged })
    }

    /// The records that match, newest first, and how many damaged ones were passed.
    async fn sought(
        &self,
        filter: &LogFilter,
        actors: Option<&BTreeSet<String>>,
    ) -> Result<(Vec<LogRecord>, u64)> {
        let limit = filter.limit.unwrap_or(50);
        let (mut found, mut damaged, mut malformed, mut beyond) = (Vec::new(), Vec::new(), 0, 0);
        let key = |number: u64| Key::new(Scope::Archive, LOG, number.to_be_bytes());
        let all = Scan::collection(Scope::Archive, LOG);
        let mut scan = match (filter.after, filter.before) {
            (Some(number), _) => all.after(&key(number)?),
            (None, Some(number)) => all.backward().after(&key(number)?),
            (None, None) => all.backward(),
        };
        'walk: while found.len() < limit {
            let page = scan_past_damage(&self.store, scan.clone(), &mut damaged).await?;
            for (_, entry) in &page.entries {
                match LogRecord::from_bytes(&entry.value) {
                    Ok(record) if filter.is_past(&record) => {
                        beyond += 1;
                        if beyond == BEYOND {
                            break 'walk;
                        }
                        continue;
                    }
                    Ok(record) if found.len() < limit && filter.matches(&record, actors) => {
                        found.push(record)
                    }
                    Ok(_) => {}
                    Err(_) => malformed += 1,
                }
                beyond = 0;
            }
            let Some(last) = page.last else { break };
            scan = scan.after(&last);
        }
        if filter.after.is_some() {
            found.reverse();
        }
        Ok((found, malformed + damaged.len() as u64))
    }

    /// What outcomes were for, where the filter left their intents out.
    async fn purposes(&self, records: &[LogRecord]) -> Result<BTreeMap<u64, Line>> {
        let here: BTreeSet<u64> = records.iter().map(|record| record.sequence).collect();
        let intents = records.iter().filter_map(|record| record.entry.of).filter(|of| !here.contains(of));
        let key = |number: u64| Key::new(Scope::Archive, LOG, number.to_be_bytes());
        let keys = intents.map(key).collect::<Result<Vec<_>, _>>()?;
        let mut read = Vec::new();
        for key in &keys {
            // That one is damaged is for the verifier to tell.
            read.extend(self.store.records().get_many(slice::from_ref(key)).await.unwrap_or_default());
        }
        let intents = read.into_iter().flatten().filter_map(|entry| LogRecord::from_bytes(&entry.value).ok());
        Ok(intents.filter_map(|intent| Some((intent.sequence, intent.entry.purpose?))).collect())
    }

    pub(crate) async fn verify(&self, trust: Trust) -> Result<Result<Verified, Vec<Finding>>> {
        let mut verifier = Verifier::new(trust);
        let mut walk = Walk::of(self);
        while let Some(pieces) = walk.next().await? {
            for piece in pieces {
                match piece {
                    Piece::Record(number, bytes) => verifier.stored_record(number, &bytes),
                    Piece::Checkpoint(text) => verifier.checkpoint(&text),
                }
            }
        }
        Ok(verifier.finish())
    }
}
