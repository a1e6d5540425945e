//! Searches that the asker keeps under a name.

use chrono::{DateTime, Utc};
use dossier_domain::{SavedSearchId, text::Line};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Client, Result, applications::Sort};

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

    /// Forgets a search.
    ///
    /// # Errors
    /// As [`Client::saved_searches`].
    pub async fn remove_saved_search(&self, id: SavedSearchId) -> Result<()> {
        let request = self.request(Method::DELETE, &["saved-searches", &id.to_string()])?;
        self.read::<Value>(request).await.map(drop)
    }
}
