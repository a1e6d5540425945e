//! The operation log: reading and verifying it.

use std::collections::BTreeMap;

use dossier_access::log::LogRecord;
use serde::{Deserialize, Serialize};

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
