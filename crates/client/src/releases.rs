//! Two persons for large downloads: asked for by one, released by another.

use chrono::{DateTime, Utc};
use dossier_domain::{
    MaterialKind, ReleaseId, UserId,
    text::{Line, Login},
};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Client, Result,
    download::Download,
    materials::{Fetch, Fetched},
};

/// A batch download that waits for another person's release, or has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its id.
    pub id: ReleaseId,
    /// Who asks.
    pub by: UserId,
    /// Their sign-in name.
    pub login: Option<Login>,
    /// When they asked.
    pub asked_at: DateTime<Utc>,
    /// What they searched for.
    #[serde(rename = "q")]
    pub query: String,
    /// Which kinds of material they ask for.
    pub contents: Vec<MaterialKind>,
    /// What for.
    pub reason: Line,
    /// How many applications are in it.
    pub applications: u64,
    /// Whether it is released.
    pub state: ReleaseState,
    /// The sign-in name of who has decided.
    pub decided_by: Option<Login>,
    /// Until when it waits, or is good.
    pub ends_at: DateTime<Utc>,
}

/// Whether a batch download is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseState {
    /// It waits.
    Waiting,
    /// It may be taken away.
    Released,
    /// It may not.
    Refused,
}

/// When a batch download needs another person's release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseRule {
    /// From so many applications within a day on; never, if there is none.
    pub from: Option<u32>,
}

impl Client {
    /// The requests that have not ended: one's own, and for who may release them those of the others.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn releases(&self) -> Result<Vec<Release>> {
        self.all(&["releases"], "releases").await
    }

    /// Asks another person to release a batch download.
    ///
    /// # Errors
    /// As [`Client::releases`].
    pub async fn ask_release(&self, asked: &Fetch) -> Result<Release> {
        self.read(self.post(&["releases"])?.json(asked)).await
    }

    /// Releases what somebody else asked for, or refuses it. No token may.
    ///
    /// # Errors
    /// As [`Client::releases`].
    pub async fn decide_release(&self, id: ReleaseId, is_released: bool) -> Result<Release> {
        let request = self.request(Method::PUT, &["releases", &id.to_string(), "decision"])?;
        self.read(request.json(&json!({ "released": is_released }))).await
    }

    /// Takes what was released away as one ZIP.
    ///
    /// # Errors
    /// As [`Client::releases`].
    pub async fn fetch_released(&self, id: ReleaseId) -> Result<(Fetched, Download)> {
        self.zip(self.post(&["releases", &id.to_string(), "fetch"])?).await
    }

    /// When a batch download needs another person's release.
    ///
    /// # Errors
    /// As [`Client::releases`].
    pub async fn release_rule(&self) -> Result<ReleaseRule> {
        self.read(self.get(&["release-rule"])?).await
    }

    /// Changes when a batch download needs another person's release.
    ///
    /// # Errors
    /// As [`Client::releases`].
    pub async fn set_release_rule(&self, rule: ReleaseRule) -> Result<ReleaseRule> {
        self.read(self.request(Method::PUT, &["release-rule"])?.json(&rule)).await
    }
}
