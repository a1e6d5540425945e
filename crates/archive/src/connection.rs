//! A connection: a configured vendor.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_domain::{
    ConnectionId, FieldSelection, Language, MaterialKind,
    text::{Line, RemoteId, VendorName},
};
use dossier_vendor::{Credentials, Secret, SyncPoint};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A configured vendor. Its key lies in a record of its own and is never part of this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// The connection's id.
    pub id: ConnectionId,
    /// What HR calls it; unique in the archive.
    pub name: Line,
    /// Which adapter.
    pub vendor: VendorName,
    /// The adapter's settings, such as the base URL.
    pub settings: serde_json::Value,
    /// What is synced.
    pub fields: FieldSelection,
    /// How many requests a second the vendor gets in the long run.
    pub requests_per_second: f64,
    /// Up to where everything is stored.
    #[serde(default)]
    pub cursor: SyncPoint,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// When the last sync ended well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_at: Option<DateTime<Utc>>,
    /// Since when nothing is fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<DateTime<Utc>>,
    /// How often it is synced by itself.
    #[serde(default, skip_serializing_if = "Polling::is_usual")]
    pub polling: Polling,
}

/// How often a connection is synced by itself. Webhooks, and people who ask, are followed at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polling {
    /// In each round of the server: only so is everything here within ten minutes without webhooks.
    #[default]
    Always,
    /// Once an hour.
    Hourly,
    /// Once a day.
    Daily,
    /// Never: only when somebody asks, or the vendor sends a webhook.
    Never,
}

impl Polling {
    /// All of them, the most frequent first.
    pub const ALL: [Self; 4] = [Self::Always, Self::Hourly, Self::Daily, Self::Never];

    /// The name in code and API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Never => "never",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|polling| polling.name() == name)
    }

    /// What people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Always => ("自动，每隔几分钟", "Automatically, every few minutes"),
            Self::Hourly => ("每小时一次", "Once an hour"),
            Self::Daily => ("每天一次", "Once a day"),
            Self::Never => ("不定时，仅手动或由 Webhook 触发", "Only by hand or by webhook"),
        };
        language.pick(chinese, english)
    }

    fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a sync is due, when the last attempt was then.
    pub(crate) fn is_due(self, last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        let wait = match self {
            Self::Always => return true,
            Self::Never => return false,
            Self::Hourly => TimeDelta::hours(1),
            Self::Daily => TimeDelta::days(1),
        };
        // A clock that was set back leaves no connection waiting for a time far ahead.
        last.is_none_or(|last| !(TimeDelta::zero()..wait).contains(&(now - last)))
    }
}

impl Connection {
    /// Refuses while nothing is to be fetched.
    ///
    /// # Errors
    /// [`Error::Invalid`]
    pub fn refuse_suspended(&self) -> Result<()> {
        match self.suspended_at {
            None => Ok(()),
            Some(_) => Err(Error::invalid(
                format!("集成“{}”已暂停；恢复后再同步", self.name),
                format!("the connection {} is suspended; resume it first", self.name),
            )),
        }
    }

    /// Refuses to go on with what was begun, unless the connection `is` still as it was then.
    pub(crate) fn refuse_changed(&self, is: Option<&Self>) -> Result<()> {
        let (zh, en) = match is {
            None => ("已被删除", "was removed"),
            Some(is) if is.suspended_at.is_some() => ("已被暂停", "was suspended"),
            Some(is) if is.fields != self.fields => ("要同步的字段有变动", "was given other fields to sync"),
            Some(is) if is.settings != self.settings => ("设置有变动", "was given other settings"),
            Some(_) => return Ok(()),
        };
        Err(Error::Interrupted {
            zh: format!("同步期间集成“{}”{zh}，同步随即停止；此前取得的资料已保存", self.name),
            en: format!(
                "the connection {} {en} during the sync, which ended at once; what came before is stored",
                self.name
            ),
        })
    }
}

/// The requests a second that a vendor gets unless HR says otherwise: few enough for the strictest known limit.
pub const REQUESTS_PER_SECOND: f64 = 10.0;

/// The vendor's key and the secret of its webhooks, in a record of their own.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredCredentials {
    key: String,
    webhook: Option<String>,
}

impl StoredCredentials {
    pub(crate) fn new(credentials: &Credentials) -> Self {
        let text = |secret: &Secret| secret.reveal().to_owned();
        Self { key: text(&credentials.key), webhook: credentials.webhook.as_ref().map(text) }
    }

    /// These, with what was given in the place of what was.
    pub(crate) fn with(self, new: NewCredentials) -> Self {
        let text = |secret: Secret| secret.reveal().to_owned();
        Self { key: new.key.map_or(self.key, text), webhook: new.webhook.map(text).or(self.webhook) }
    }

    /// Whether webhooks can be verified.
    pub(crate) fn hears(&self) -> bool {
        self.webhook.is_some()
    }

    pub(crate) fn open(self) -> Credentials {
        Credentials { key: Secret::new(self.key), webhook: self.webhook.map(Secret::new) }
    }
}

/// What replaces a connection's key and the secret of its webhooks; what is not given stays.
#[derive(Default)]
pub struct NewCredentials {
    /// Another key.
    pub key: Option<Secret>,
    /// Another secret of webhooks, or the first one.
    pub webhook: Option<Secret>,
}

/// That the last syncs of a connection failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// Since when they fail.
    pub since: DateTime<Utc>,
    /// When the last one failed.
    pub at: DateTime<Utc>,
    /// Why it did.
    pub problem: Problem,
}

/// An interview of which something is still to come: asked for again at each sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The connection.
    pub connection: ConnectionId,
    /// The vendor's id of the interview.
    pub remote_id: RemoteId,
    /// The kinds that are missing; empty where not even the interview could be fetched.
    pub kinds: Vec<MaterialKind>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why the last attempt brought nothing, where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// What was set aside: it makes no sense, is gone at the vendor, or can't be stored. Kept until it is in order, and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The connection.
    pub connection: ConnectionId,
    /// The vendor's id of the interview; absent where not even that could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_id: Option<RemoteId>,
    /// What of it.
    #[serde(default)]
    pub part: QuarantinedPart,
    /// Where in the vendor's data: a JSON Pointer (RFC 6901); empty where it is about all of it.
    pub pointer: String,
    /// What is wrong, in Chinese and in English: what was expected, and what type of value was there instead.
    pub problem: Problem,
    /// When it was first seen.
    pub first_seen: DateTime<Utc>,
    /// When it was last seen.
    pub last_seen: DateTime<Utc>,
    /// How often it was seen.
    pub attempts: u32,
}

/// What was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuarantinedPart {
    /// An interview: nothing of its present state is stored.
    #[default]
    Interview,
    /// An entry of a listing. It ends when a listing of everything shows none such.
    ListingEntry,
    /// A video: all else of the interview is stored. It is tried again when the vendor's record changes, or when HR asks.
    Video,
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Problem {
    pub(crate) fn of(error: &dossier_vendor::Error) -> Self {
        Self { zh: error.message(Language::Chinese), en: error.message(Language::English) }
    }

    pub(crate) fn of_ours(error: &crate::Error) -> Self {
        if error.is_inside() {
            tracing::error!(cause = error.message(Language::English), "something is wrong inside");
        }
        Self { zh: error.told(Language::Chinese), en: error.told(Language::English) }
    }

    /// The sentence in a language.
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}
