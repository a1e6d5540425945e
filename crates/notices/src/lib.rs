//! The channels by which notices leave the archive, behind one small contract: a [`Channel`] takes a [`Message`], or says
//! with a [`Fault`] what helps.
//!
//! Three robots, letters, and webhooks. All HTTP goes through [`dossier_vendor::http`], so addresses are checked while
//! connecting, nothing is followed, and every size and wait is bounded. A channel knows nothing of people, rights or
//! storage: who is told what is decided before, and whether a message arrived is written down after.

mod budget;
mod fault;
mod mail;
mod open;
mod robot;
mod webhook;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use dossier_domain::text::Email;

pub use budget::{Budget, Limits};
pub use fault::{Fault, Refusal, Remedy};
pub use open::{Key, Settings, open};
pub use robot::{dingtalk_signature, feishu_signature};
pub use webhook::{Secret as WebhookSecret, sign as sign_webhook};

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same whenever it is sent again, so that a receiver can tell.
    pub id: String,
    /// When what it tells happened.
    pub at: DateTime<Utc>,
    /// What it says.
    pub content: Content,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Words for people.
    Words(Words),
    /// JSON for a program.
    Event(Bytes),
}

/// Words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What it is about, in one line.
    pub title: String,
    /// What more there is to say, line by line.
    pub lines: Vec<String>,
    /// Where the rest is.
    pub link: Option<String>,
    /// Whose mailbox; robots speak to their group.
    pub to: Option<Email>,
}

/// A way out for messages.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Sends a message; returns once whoever carries it on has taken it.
    ///
    /// # Errors
    /// [`Fault`]
    async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), Fault>;

    /// How much it takes.
    fn limits(&self) -> Limits;
}
