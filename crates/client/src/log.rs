//! The operation log: reading and verifying it.

use std::collections::BTreeMap;

use bytes::Bytes;
use dossier_access::log::{Checkpoint, LogRecord};
use dossier_vendor::http::channel::{Answer, Fault};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Result, client::PAGE};

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

/// The log on its way here.
pub struct LogExport {
    client: Client,
    answer: Answer,
    lines: u64,
    /// Whether the last line that came is whole.
    is_whole: bool,
}

impl LogExport {
    /// The next bytes; `None` after the last line.
    ///
    /// # Errors
    /// [`Error::Unreachable`](crate::Error::Unreachable) when it breaks off.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        let next = self.answer.next().await.map_err(|fault| self.client.unreachable(fault))?;
        match &next {
            Some(bytes) => {
                self.lines += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
                self.is_whole = bytes.last().map_or(self.is_whole, |last| *last == b'\n');
            }
            None if !self.is_whole => return Err(self.client.unreachable(Fault::Cut)),
            None => {}
        }
        Ok(next)
    }

    /// How many lines have come.
    pub fn lines(&self) -> u64 {
        self.lines
    }
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

    /// Hands out the whole log line by line, in the form that the independent verifier reads.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn export_log(&self) -> Result<LogExport> {
        let answer = self.send(self.patiently(self.get(&["log", "export"])?)).await?;
        Ok(LogExport { client: self.clone(), answer, lines: 0, is_whole: true })
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
