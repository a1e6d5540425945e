//! The timeline of an application.

use chrono::{DateTime, Utc};
use dossier_domain::{ApplicationId, UserId, text::PersonName};
use serde::{Deserialize, Serialize};

use crate::{Client, Result};

/// What happened to an application, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// What happened.
    pub events: Vec<Event>,
    /// Since when it is told who looked, where the log is longer than what was looked through.
    pub looks_since: Option<DateTime<Utc>>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// What, as a name: `moved`.
    pub what: String,
    /// The same in words.
    pub text: String,
    /// Who did it; absent where the archive did.
    pub by: Option<UserId>,
    /// Their name.
    pub name: Option<PersonName>,
}

impl Client {
    /// What happened to an application, as far as the asker may see.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn timeline(&self, id: ApplicationId) -> Result<Timeline> {
        self.read(self.get(&["applications", &id.to_string(), "timeline"])?).await
    }
}
