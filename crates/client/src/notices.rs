//! Notices: what the asker was told, and what they want to hear of.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, ChannelId, ChannelKind, Language, NoticeId, NoticeKind, PositionId, Preferences, Wish,
    text::{Email, Line},
};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Client, Result};

/// What somebody was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// How many of the notices are not read.
    pub unread: u64,
    /// Those that are not read, then those that are, the newest first.
    pub notices: Vec<Notice>,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// What sort of thing happened.
    pub kind: NoticeKind,
    /// The sentence, in the asker's language.
    pub text: String,
    /// The position that it is about.
    pub position: Option<PositionId>,
    /// The applications that it is about, as many as are named.
    pub applications: Vec<ApplicationId>,
    /// How many times it was caused.
    pub count: u64,
    /// When it was last caused.
    pub at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

/// What somebody wants to hear of, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// By kind of notice.
    pub wishes: BTreeMap<NoticeKind, Wish>,
    /// The channel that they chose.
    pub channel: Option<ChannelId>,
    /// Where letters go.
    pub email: Option<Email>,
    /// The language of letters.
    pub language: Option<Language>,
    /// The channels that there are to choose from.
    pub channels: Vec<Offered>,
}

/// A channel to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// Its id.
    pub id: ChannelId,
    /// What it is called.
    pub name: Line,
    /// What it is.
    pub kind: ChannelKind,
    /// Whether it is that of everybody who chose none.
    pub is_usual: bool,
}

impl Client {
    /// The asker's notices.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn inbox(&self) -> Result<Inbox> {
        self.read(self.get(&["me", "notices"])?).await
    }

    /// Marks notices as read: these, or all. How many were not.
    ///
    /// # Errors
    /// As [`Client::inbox`].
    pub async fn read_notices(&self, these: Option<&[NoticeId]>) -> Result<u64> {
        let request = self.post(&["me", "notices", "read"])?.json(&json!({ "notices": these }));
        let answer: Value = self.read(request).await?;
        Ok(answer["read"].as_u64().unwrap_or_default())
    }

    /// What the asker wants to hear of.
    ///
    /// # Errors
    /// As [`Client::inbox`].
    pub async fn wanted_notices(&self) -> Result<Wanted> {
        self.read(self.get(&["me", "notices", "preferences"])?).await
    }

    /// Says what the asker wants to hear of, all of it anew.
    ///
    /// # Errors
    /// As [`Client::inbox`].
    pub async fn want_notices(&self, preferences: &Preferences) -> Result<Wanted> {
        let Preferences { wishes, channel, email, language } = preferences;
        let new = json!({ "wishes": wishes, "channel": channel, "email": email, "language": language });
        self.read(self.request(Method::PUT, &["me", "notices", "preferences"])?.json(&new)).await
    }
}
