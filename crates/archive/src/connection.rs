//! A connection: a configured vendor.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ConnectionId, FieldSelection, Language, MaterialKind,
    text::{Line, RemoteId, VendorName},
};
use dossier_vendor::{Credentials, Secret, SyncPoint};
use serde::{Deserialize, Serialize};

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

    pub(crate) fn open(self) -> Credentials {
        Credentials { key: Secret::new(self.key), webhook: self.webhook.map(Secret::new) }
    }
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

/// What a vendor's listing or interview said that makes no sense: kept until it does, and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The connection.
    pub connection: ConnectionId,
    /// The vendor's id of the interview; absent where not even that could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_id: Option<RemoteId>,
    /// Where in the vendor's data: a JSON Pointer (RFC 6901).
    pub pointer: String,
    /// What was expected there, in Chinese and in English, and what type of value was there instead.
    pub problem: Problem,
    /// When it was first seen.
    pub first_seen: DateTime<Utc>,
    /// When it was last seen.
    pub last_seen: DateTime<Utc>,
    /// How often it was seen.
    pub attempts: u32,
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

    /// The sentence in a language.
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}
