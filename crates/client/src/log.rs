//! The operation log: reading and verifying it.

use std::collections::BTreeMap;

use dossier_access::log::{Checkpoint, LogRecord};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Error, Result};

/// So many records are asked for at once.
const PAGE: u32 = 1000;
/// The longest line of the exported log, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// Which records of the log are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LogFilter {
    /// By this actor: a user's sign-in name or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Actions whose names begin with this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// About this object: an id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// At most so many, the newest.
    pub limit: u32,
}

/// Records of the log.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct LogRecords {
    /// The newest first.
    pub records: Vec<LogRecord>,
    /// The sign-in names of the users who acted, by what the log calls them.
    pub logins: BTreeMap<String, String>,
    /// How many records were met that are damaged.
    pub damaged: u64,
    /// Where the next page begins; absent on the last one.
    pub next: Option<u64>,
}

/// What the reader knows of the log from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Known {
    /// The key that must have signed, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The text of a checkpoint that was kept elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
}

/// What verifying the log found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether the log holds.
    pub verified: bool,
    /// How many records were verified.
    pub records: Option<u64>,
    /// How many of them signed checkpoints vouch for.
    pub covered: Option<u64>,
    /// The root of the tree, in hexadecimal.
    pub root: Option<String>,
    /// The key that signed, in hexadecimal.
    pub key: Option<String>,
    /// What is wrong, in words.
    pub findings: Vec<String>,
}

impl Client {
    /// The newest records that match.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn log_records(&self, filter: &LogFilter) -> Result<LogRecords> {
        let mut found = LogRecords::default();
        loop {
            let left = filter.limit.saturating_sub(u32::try_from(found.records.len()).unwrap_or(u32::MAX));
            let request = self.get(&["log"])?.query(&LogFilter { limit: left.min(PAGE), ..filter.clone() });
            let request = request.query(&json!({ "after": found.next }));
            let page: LogRecords = self.read(self.patiently(request)).await?;
            found.records.extend(page.records);
            found.logins.extend(page.logins);
            found.damaged += page.damaged;
            found.next = page.next;
            if found.next.is_none() || left <= PAGE {
                return Ok(found);
            }
        }
    }

    /// Verifies the whole log.
    ///
    /// # Errors
    /// As the server refuses; what is wrong with the log is no error but the answer.
    pub async fn verify_log(&self, known: &Known) -> Result<Verdict> {
        self.read(self.patiently(self.post(&["log", "verify"])?.json(known))).await
    }

    /// Hands out the whole log line by line, in the form that the independent verifier reads; how many lines it has.
    ///
    /// # Errors
    /// As the server refuses; [`Error::Writing`] for those of `line`.
    pub async fn export_log(
        &self,
        line: &mut (dyn FnMut(&[u8]) -> std::io::Result<()> + Send),
    ) -> Result<u64> {
        let mut answer = self.send(self.patiently(self.get(&["log", "export"])?)).await?;
        let (mut came, mut lines) = (Vec::new(), 0);
        while let Some(piece) = answer.next().await.map_err(|fault| self.unreachable(fault))? {
            came.extend_from_slice(&piece);
            let mut rest = came.as_slice();
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                line(&rest[..end]).map_err(Error::Writing)?;
                (rest, lines) = (&rest[end + 1..], lines + 1);
            }
            let taken = came.len() - rest.len();
            came.drain(..taken);
            if came.len() > LONGEST_LINE {
                return Err(self.strange("a line of the log without an end"));
            }
        }
        match came.is_empty() {
            true => Ok(lines),
            false => Err(self.unreachable(dossier_vendor::http::channel::Fault::Cut)),
        }
    }

    /// The newest signed checkpoint; nothing where there is none yet.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn log_checkpoint(&self) -> Result<Option<Checkpoint>> {
        let answer = self.send(self.get(&["log", "checkpoint"])?).await?;
        if answer.status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        let text = self.whole(answer).await?.and_then(|bytes| String::from_utf8(bytes).ok());
        let checkpoint = text.and_then(|text| text.parse().ok());
        checkpoint.map(Some).ok_or_else(|| self.strange("no checkpoint"))
    }
}
