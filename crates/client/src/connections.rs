//! Connections: configured vendors, and what their syncs bring.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ConnectionId, FieldSelection, Language, MaterialKind,
    text::{Line, RemoteId, VendorName},
};
use dossier_vendor::{Credentials, Secret};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Client, Result};

/// A configured vendor. Its key is never shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// The connection's id.
    pub id: ConnectionId,
    /// What HR calls it.
    pub name: Line,
    /// Which vendor.
    pub vendor: VendorName,
    /// The adapter's settings.
    pub settings: Value,
    /// What is synced.
    pub fields: FieldSelection,
    /// How many requests a second the vendor gets in the long run.
    pub requests_per_second: f64,
    /// Up to where everything is stored; the adapter's own.
    pub cursor: Value,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// When the last sync ended well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_at: Option<DateTime<Utc>>,
    /// Since when nothing is fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<DateTime<Utc>>,
    /// How often it is synced by itself: `always`, `hourly`, `daily` or `never`.
    pub polling: String,
}

/// A connection and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The connection.
    pub connection: Connection,
    /// Interviews of which something is still to come.
    pub pending: Vec<Pending>,
    /// What made no sense.
    pub quarantined: Vec<Quarantined>,
    /// That its last syncs failed, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<Failing>,
    /// Whether it has the secret by which webhooks are verified.
    pub hears_webhooks: bool,
}

/// That syncs fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// Since when.
    pub since: DateTime<Utc>,
    /// When the last one failed.
    pub at: DateTime<Utc>,
    /// Why it did.
    pub problem: Sentence,
}

/// An interview of which something is still to come.
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
    pub problem: Option<Sentence>,
}

/// What was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The connection.
    pub connection: ConnectionId,
    /// The vendor's id of the interview; absent where not even that could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_id: Option<RemoteId>,
    /// What of it: `interview`, `listing_entry` or `video`.
    pub part: String,
    /// Where in the vendor's data: a JSON Pointer.
    pub pointer: String,
    /// What is wrong.
    pub problem: Sentence,
    /// When it was first seen.
    pub first_seen: DateTime<Utc>,
    /// When it was last seen.
    pub last_seen: DateTime<Utc>,
    /// How often it was seen.
    pub attempts: u32,
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Sentence {
    /// The sentence in a language.
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}

/// A connection to be set up.
pub struct NewConnection {
    /// What it is to be called.
    pub name: Line,
    /// Which vendor.
    pub vendor: VendorName,
    /// The adapter's settings: an object.
    pub settings: Value,
    /// The key that the vendor gave, and the secret of its webhooks.
    pub credentials: Credentials,
    /// What is synced.
    pub fields: FieldSelection,
    /// How many requests a second the vendor gets, where it is not the usual number.
    pub requests_per_second: Option<f64>,
}

/// What replaces a connection's key and the secret of its webhooks; what is not given stays.
#[derive(Default)]
pub struct NewCredentials {
    /// Another key.
    pub key: Option<Secret>,
    /// Another secret of webhooks, or the first one.
    pub webhook: Option<Secret>,
}

/// Who we are at a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's name, where the vendor tells it.
    pub account: Option<String>,
    /// How many positions the account shows.
    pub positions: u64,
    /// The vendor's clock.
    pub server_time: Option<DateTime<Utc>>,
}

/// How far a sync has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SyncProgress {
    /// Interviews listed so far.
    pub listed: u64,
    /// How many of them are taken in.
    pub ingested: u64,
    /// Videos to be fetched.
    pub videos_wanted: u64,
    /// How many of them are stored.
    pub videos: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Told how far a sync has come.
pub type OnSync<'a> = &'a (dyn Fn(SyncProgress) + Send + Sync);

/// What a sync brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SyncReport {
    /// Interviews listed by the vendor as over.
    pub listed: u64,
    /// Interviews that were not known.
    pub new: u64,
    /// Interviews of which something was new.
    pub updated: u64,
    /// Interviews of which everything was here.
    pub unchanged: u64,
    /// Videos fetched.
    pub videos: u64,
    /// Bytes of these videos.
    pub video_bytes: u64,
    /// Interviews of which something is still to come.
    pub pending: u64,
    /// What was set aside.
    pub quarantined: u64,
}

/// How many entries are tried again.
#[derive(Deserialize)]
struct Retried {
    retried: u64,
}

impl Client {
    /// All connections, by id.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn connections(&self) -> Result<Vec<Standing>> {
        self.all(&["connections"], "connections").await
    }

    /// Sets up a connection. Its settings are checked; the vendor is not asked.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn add_connection(&self, new: &NewConnection) -> Result<Connection> {
        let document = json!({
            "name": new.name,
            "vendor": new.vendor,
            "settings": new.settings,
            "api_key": new.credentials.key.reveal(),
            "webhook_secret": new.credentials.webhook.as_ref().map(Secret::reveal),
            "fields": new.fields,
            "requests_per_second": new.requests_per_second,
        });
        self.read(self.post(&["connections"])?.json(&document)).await
    }

    /// Asks the vendor who we are there.
    ///
    /// # Errors
    /// As the server refuses, with exactly what is wrong.
    pub async fn test_connection(&self, name: &str) -> Result<Account> {
        self.read(self.post(&["connections", name, "test"])?).await
    }

    /// Stops a connection from fetching anything, or lets it fetch again.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn suspend_connection(&self, name: &str, suspended: bool) -> Result<Connection> {
        let act = if suspended { "suspend" } else { "resume" };
        self.read(self.post(&["connections", name, act])?).await
    }

    /// Removes a connection and its key; what it brought stays.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn remove_connection(&self, name: &str) -> Result<()> {
        self.read::<Value>(self.request(Method::DELETE, &["connections", name])?).await.map(drop)
    }

    /// Lets the next sync try everything again that is quarantined; how many entries that are.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn retry_quarantined(&self, name: &str) -> Result<u64> {
        Ok(self.read::<Retried>(self.post(&["connections", name, "retry"])?).await?.retried)
    }

    /// Chooses what is synced from now on.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn choose_fields(&self, name: &str, fields: &FieldSelection) -> Result<Connection> {
        let request = self.request(Method::PUT, &["connections", name, "fields"])?;
        self.read(request.json(&json!({ "fields": fields }))).await
    }

    /// Chooses how often a connection is synced by itself: `always`, `hourly`, `daily` or `never`.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn choose_polling(&self, name: &str, polling: &str) -> Result<Connection> {
        let request = self.request(Method::PUT, &["connections", name, "polling"])?;
        self.read(request.json(&json!({ "polling": polling }))).await
    }

    /// Replaces a connection's key, or the secret of its webhooks, or both.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn change_credentials(&self, name: &str, new: &NewCredentials) -> Result<Connection> {
        let request = self.request(Method::PUT, &["connections", name, "credentials"])?;
        let document = json!({
            "api_key": new.key.as_ref().map(Secret::reveal),
            "webhook_secret": new.webhook.as_ref().map(Secret::reveal),
        });
        self.read(request.json(&document)).await
    }
}
