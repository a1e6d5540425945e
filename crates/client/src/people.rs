//! People and programs: positions to be set up, users, one-time links, tokens.

use chrono::{DateTime, Utc};
use dossier_access::{RoleSet, TokenScopes};
use dossier_domain::{
    TokenId,
    text::{BranchName, Line, Login, PersonName, PositionName},
};
use serde::{Deserialize, Serialize};

/// A position to be set up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewPosition {
    /// Its name.
    pub name: PositionName,
    /// Other names under which vendors list it.
    pub aliases: Vec<PositionName>,
    /// The branch of the bank that hires for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchName>,
    /// The AI score, 0–100, from which an interview counts as passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_mark: Option<f64>,
    /// The questions asked.
    pub questions: Vec<Line>,
}

/// A user to be set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewUser {
    /// The name to sign in with.
    pub login: Login,
    /// The name that people read.
    pub name: PersonName,
    /// What they do here.
    pub roles: RoleSet,
}

/// A one-time link by which somebody sets a password; only this answer shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Link {
    /// For whom.
    pub login: Login,
    /// Where it leads on the server.
    pub path: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewToken {
    /// What it is for.
    pub name: Line,
    /// What it is good for.
    pub scopes: TokenScopes,
    /// In how many days it ends.
    pub days: u32,
}

/// A token, for its owner to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: Line,
    /// What it is good for.
    pub scopes: TokenScopes,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub used_at: Option<DateTime<Utc>>,
    /// From where it was last used.
    pub used_from: Option<String>,
}

/// A token that was made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeToken {
    /// What is kept of it.
    #[serde(flatten)]
    pub view: Token,
    /// What the program sends; only this answer shows it.
    pub token: String,
}
