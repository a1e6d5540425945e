//! Searches and reports that the asker keeps under a name.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use dossier_access::Role;
use dossier_domain::{
    SavedReportId, SavedSearchId,
    text::{Line, Login},
};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Client, Result, applications::Sort, reports::Ask};

/// A search to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewSavedSearch {
    /// What it is called.
    pub name: Line,
    /// What is searched for, as typed.
    pub query: String,
    /// The order of the hits, if another than usual.
    pub sort: Option<Sort>,
}

/// A search that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// Its id.
    pub id: SavedSearchId,
    /// What it is called.
    pub name: Line,
    /// What is searched for, as it was typed.
    pub query: String,
    /// The order of the hits, if another than usual.
    pub sort: Option<Sort>,
    /// When it was kept.
    pub saved_at: DateTime<Utc>,
}

/// A report to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewSavedReport {
    /// What it is called.
    pub name: Line,
    /// What is asked.
    pub question: Ask,
    /// The roles with which it is shared; none for the asker alone.
    pub shared_with: BTreeSet<Role>,
}

/// A report that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedReport {
    /// Its id.
    pub id: SavedReportId,
    /// What it is called.
    pub name: Line,
    /// What is asked.
    pub question: Ask,
    /// The roles with which it is shared.
    pub shared_with: BTreeSet<Role>,
    /// Whose it is.
    pub owner: Option<Login>,
    /// Whether it is the asker's own.
    pub is_own: bool,
    /// When it was kept.
    pub saved_at: DateTime<Utc>,
    /// How often its readers are reminded of it: `weekly` or `monthly`.
    pub reminds: Option<String>,
}

impl Client {
    /// The asker's searches, by name.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn saved_searches(&self) -> Result<Vec<SavedSearch>> {
        self.all(&["saved-searches"], "saved_searches").await
    }

    /// Keeps a search.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn save_search(&self, new: &NewSavedSearch) -> Result<SavedSearch> {
        self.read(self.post(&["saved-searches"])?.json(new)).await
    }

    /// Gives a search another name.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn rename_saved_search(&self, id: SavedSearchId, name: &Line) -> Result<SavedSearch> {
        let request = self.request(Method::PUT, &["saved-searches", &id.to_string(), "name"])?;
        self.read(request.json(&serde_json::json!({ "name": name }))).await
    }

    /// Forgets a search.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn remove_saved_search(&self, id: SavedSearchId) -> Result<()> {
        let request = self.request(Method::DELETE, &["saved-searches", &id.to_string()])?;
        self.read::<Value>(request).await.map(drop)
    }

    /// The asker's reports, and those that were shared with a role of theirs, by name.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn saved_reports(&self) -> Result<Vec<SavedReport>> {
        self.all(&["saved-reports"], "saved_reports").await
    }

    /// Keeps a report.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn save_report(&self, new: &NewSavedReport) -> Result<SavedReport> {
        self.read(self.post(&["saved-reports"])?.json(new)).await
    }

    /// Gives a report another name.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn rename_saved_report(&self, id: SavedReportId, name: &Line) -> Result<SavedReport> {
        let request = self.request(Method::PUT, &["saved-reports", &id.to_string(), "name"])?;
        self.read(request.json(&json!({ "name": name }))).await
    }

    /// Shares a report with just these roles.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn share_saved_report(&self, id: SavedReportId, roles: &BTreeSet<Role>) -> Result<SavedReport> {
        let request = self.request(Method::PUT, &["saved-reports", &id.to_string(), "sharing"])?;
        self.read(request.json(&json!({ "roles": roles }))).await
    }

    /// Says how often the readers of a report are reminded of it: `weekly`, `monthly`, or never.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn remind_of_saved_report(
        &self,
        id: SavedReportId,
        rhythm: Option<&str>,
    ) -> Result<SavedReport> {
        let request = self.request(Method::PUT, &["saved-reports", &id.to_string(), "reminder"])?;
        self.read(request.json(&json!({ "rhythm": rhythm }))).await
    }

    /// Forgets a report.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn remove_saved_report(&self, id: SavedReportId) -> Result<()> {
        let request = self.request(Method::DELETE, &["saved-reports", &id.to_string()])?;
        self.read::<Value>(request).await.map(drop)
    }
}
