//! Channels by which notices leave, webhooks for stage moves among them.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ChannelId, ChannelKind, PositionId,
    text::{Email, Line},
};
use dossier_vendor::Secret;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use crate::{Client, Result};

/// A channel. Its key is never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// What people call it.
    pub name: Line,
    /// What it is.
    pub kind: ChannelKind,
    /// Where it leads, where that is not as usual.
    pub address: Option<Url>,
    /// Whether it stands in the bank's own network.
    pub private_network: bool,
    /// Certificates in PEM that are trusted besides those of the server's machine.
    pub authorities: Option<String>,
    /// The mailbox that letters come from.
    pub from: Option<Email>,
    /// The domains to which letters may go; all where there is none.
    pub domains: Vec<String>,
    /// The positions whose moves a webhook tells of; all where there is none.
    pub positions: Vec<PositionId>,
    /// Whether it is that of everybody who chose none.
    pub is_usual: bool,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// Since when nothing leaves by it.
    pub suspended_at: Option<DateTime<Utc>>,
}

/// A channel and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The channel.
    pub channel: Channel,
    /// How many messages wait for it, 512 standing for that many and more.
    pub waiting: u64,
    /// When it last took one.
    pub delivered_at: Option<DateTime<Utc>>,
    /// What is wrong with it.
    pub trouble: Option<Trouble>,
    /// How many messages were given up.
    pub given_up: u64,
}

/// What is wrong with a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// In words, in the asker's language.
    pub problem: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it is tried again.
    pub retry_at: DateTime<Utc>,
}

/// A channel to be set up.
pub struct NewChannel {
    /// What people call it.
    pub name: Line,
    /// What it is.
    pub kind: ChannelKind,
    /// A webhook's or a mail server's address; for a robot another place than usual.
    pub address: Option<Url>,
    /// Whether it stands in the bank's own network.
    pub private_network: bool,
    /// Certificates in PEM that are trusted besides those of the server's machine.
    pub authorities: Option<String>,
    /// The mailbox that letters come from.
    pub from: Option<Email>,
    /// The domains to which letters may go; all where there is none.
    pub domains: Vec<String>,
    /// A robot's key, or the password of the mail server.
    pub key: Option<Secret>,
    /// The secret by which messages are signed.
    pub secret: Option<Secret>,
    /// The positions whose moves a webhook tells of; all where there is none.
    pub positions: Vec<PositionId>,
    /// Whether it is for everybody who chose none.
    pub is_usual: bool,
}

/// What is to be another of a channel; what is left out stays.
#[derive(Default)]
pub struct ChannelChange {
    /// What people call it.
    pub name: Option<Line>,
    /// Where it leads.
    pub address: Option<Url>,
    /// A robot's key, or the password of the mail server.
    pub key: Option<Secret>,
    /// The secret by which messages are signed.
    pub secret: Option<Secret>,
    /// The positions whose moves a webhook tells of; all where there is none.
    pub positions: Option<Vec<PositionId>>,
    /// Whether it is for everybody who chose none.
    pub is_usual: Option<bool>,
}

/// A channel that was set up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// The channel.
    #[serde(flatten)]
    pub channel: Channel,
    /// The secret that was made for a webhook; only this answer shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl Client {
    /// All channels, by id.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn channels(&self) -> Result<Vec<Standing>> {
        self.all(&["channels"], "channels").await
    }

    /// Sets up a channel.
    ///
    /// # Errors
    /// As [`Client::channels`].
    pub async fn add_channel(&self, new: &NewChannel) -> Result<Added> {
        let document = json!({
            "name": new.name,
            "kind": new.kind,
            "address": new.address,
            "private_network": new.private_network,
            "authorities": new.authorities,
            "from": new.from,
            "domains": new.domains,
            "key": new.key.as_ref().map(Secret::reveal),
            "secret": new.secret.as_ref().map(Secret::reveal),
            "positions": new.positions,
            "is_usual": new.is_usual,
        });
        self.read(self.post(&["channels"])?.json(&document)).await
    }

    /// Changes a channel.
    ///
    /// # Errors
    /// As [`Client::channels`].
    pub async fn change_channel(&self, id: ChannelId, change: &ChannelChange) -> Result<Channel> {
        let document = json!({
            "name": change.name,
            "address": change.address,
            "key": change.key.as_ref().map(Secret::reveal),
            "secret": change.secret.as_ref().map(Secret::reveal),
            "positions": change.positions,
            "is_usual": change.is_usual,
        });
        self.read(self.request(Method::PATCH, &["channels", &id.to_string()])?.json(&document)).await
    }

    /// Sends a message that says so by a channel.
    ///
    /// # Errors
    /// As [`Client::channels`].
    pub async fn test_channel(&self, id: ChannelId) -> Result<()> {
        let request = self.patiently(self.post(&["channels", &id.to_string(), "test"])?);
        self.read::<Value>(request).await.map(drop)
    }

    /// Stops a channel from sending anything, or lets it again.
    ///
    /// # Errors
    /// As [`Client::channels`].
    pub async fn suspend_channel(&self, id: ChannelId, suspended: bool) -> Result<Channel> {
        let what = if suspended { "suspend" } else { "resume" };
        self.read(self.post(&["channels", &id.to_string(), what])?).await
    }

    /// Removes a channel, its key, and what waits for it.
    ///
    /// # Errors
    /// As [`Client::channels`].
    pub async fn remove_channel(&self, id: ChannelId) -> Result<()> {
        let request = self.request(Method::DELETE, &["channels", &id.to_string()])?;
        self.read::<Value>(request).await.map(drop)
    }
}
