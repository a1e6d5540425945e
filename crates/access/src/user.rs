//! Users: the people who sign in.

use chrono::{DateTime, Utc};
use dossier_domain::{
    UserId,
    text::{Login, PersonName},
};
use serde::{Deserialize, Serialize};

use crate::RoleSet;

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The user's id, which is all that the operation log says of them.
    pub id: UserId,
    /// The name to sign in with, unique in the archive.
    pub login: Login,
    /// The name that people read.
    pub name: PersonName,
    /// What they do here.
    pub roles: RoleSet,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Since when they may do nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<DateTime<Utc>>,
}

impl User {
    /// Whether they may do nothing at present.
    pub fn is_suspended(&self) -> bool {
        self.suspended_at.is_some()
    }
}
