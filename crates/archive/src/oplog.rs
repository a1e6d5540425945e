//! Reading, verifying and exporting the operation log. Reading the log is logged.

mod export;
mod walk;

use std::collections::BTreeMap;

use dossier_access::{
    Action, Context, Resource, User, Word,
    log::{Checkpoint, Finding, LogRecord, Trust, Verified, Verifier},
};
use dossier_domain::text::Login;
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
    /// By this actor: a user's sign-in name or id.
    pub actor: Option<String>,
    /// Actions whose names begin with this.
    pub action: Option<String>,
    /// About this object: an id.
    pub object: Option<String>,
    /// At most so many, the newest; 50 unless said otherwise.
    pub limit: Option<usize>,
    /// Only records before the one of this number.
    pub before: Option<u64>,
}

impl LogFilter {
    fn matches(&self, record: &LogRecord) -> bool {
        let entry = &record.entry;
        self.actor.as_ref().is_none_or(|actor| entry.actor.as_str() == actor)
            && self.action.as_ref().is_none_or(|action| entry.action.as_str().starts_with(action.as_str()))
            && self
                .object
                .as_ref()
                .is_none_or(|object| entry.objects.iter().any(|word| word.as_str() == object))
    }
}

/// Records of the log, and who the users in them are. The log itself names ids only.
#[derive(Debug, Clone, Default)]
pub struct LogRecords {
    /// The records, newest first.
    pub records: Vec<LogRecord>,
    /// The sign-in names of the users who acted, by what the log calls them.
    pub logins: BTreeMap<Word, Login>,
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
        let by_login = users.iter().find(|user| Some(user.login.as_str()) == filter.actor.as_deref());
        let filter = &LogFilter {
            actor: by_login.map(|user| user.id.to_string()).or_else(|| filter.actor.clone()),
            ..filter.clone()
        };
        let (records, damaged) = self.newest(filter).await?;
        let acted = |user: &&User| records.iter().any(|record| record.entry.actor == user.id.into());
        let logins = users.iter().filter(acted).map(|user| (user.id.into(), user.login.clone())).collect();
        Ok(LogRecords { records, logins, damaged })
    }

    /// The newest records that match, and how many damaged ones were passed.
    async fn newest(&self, filter: &LogFilter) -> Result<(Vec<LogRecord>, u64)> {
        let limit = filter.limit.unwrap_or(50);
        let (mut found, mut damaged, mut malformed) = (Vec::new(), Vec::new(), 0);
        let mut scan = Scan::collection(Scope::Archive, LOG).backward();
        if let Some(number) = filter.before {
            scan = scan.after(&Key::new(Scope::Archive, LOG, number.to_be_bytes())?);
        }
        while found.len() < limit {
            let page = scan_past_damage(&self.store, scan.clone(), &mut damaged).await?;
            for (_, entry) in &page.entries {
                match LogRecord::from_bytes(&entry.value) {
                    Ok(record) if found.len() < limit && filter.matches(&record) => found.push(record),
                    Ok(_) => {}
                    Err(_) => malformed += 1,
                }
            }
            let Some(last) = page.last else { break };
            scan = scan.after(&last);
        }
        Ok((found, malformed + damaged.len() as u64))
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
