//! People and programs: positions to be set up, users, one-time links, tokens.

use chrono::{DateTime, Utc};
use dossier_access::{RoleSet, TokenScopes, User};
use dossier_domain::{
    Position, PositionChange, TokenId,
    text::{BranchName, Line, Login, PersonName, PositionName},
};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Client, Result};

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

impl Client {
    /// All positions, by id.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn positions(&self) -> Result<Vec<Position>> {
        self.all(&["positions"], "positions").await
    }

    /// Sets up a position.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn add_position(&self, new: &NewPosition) -> Result<Position> {
        self.read(self.post(&["positions"])?.json(new)).await
    }

    /// Changes a position.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn edit_position(&self, name: &PositionName, change: &PositionChange) -> Result<Position> {
        let request = self.request(Method::PATCH, &["positions", name.as_str()])?;
        self.read(request.json(change)).await
    }

    /// Says which branch hires for a position, or that none does.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn set_branch(&self, name: &PositionName, branch: Option<&BranchName>) -> Result<Position> {
        let request = self.request(Method::PUT, &["positions", name.as_str(), "branch"])?;
        self.read(request.json(&json!({ "branch": branch }))).await
    }

    /// Closes a position, or opens it again.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn close_position(&self, name: &PositionName, closed: bool) -> Result<Position> {
        let act = if closed { "close" } else { "open" };
        self.read(self.post(&["positions", name.as_str(), act])?).await
    }

    /// Makes somebody an interviewer of a position, or ends that they are.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn set_interviewer(
        &self,
        position: &PositionName,
        login: &Login,
        responsible: bool,
    ) -> Result<Position> {
        let method = if responsible { Method::PUT } else { Method::DELETE };
        let path = ["positions", position.as_str(), "interviewers", login.as_str()];
        self.read(self.request(method, &path)?).await
    }

    /// All users, by id.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn users(&self) -> Result<Vec<User>> {
        self.all(&["users"], "users").await
    }

    /// Sets up a user.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn add_user(&self, new: &NewUser) -> Result<User> {
        self.read(self.post(&["users"])?.json(new)).await
    }

    /// Gives a user other roles.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn set_roles(&self, login: &Login, roles: &RoleSet) -> Result<User> {
        let request = self.request(Method::PUT, &["users", login.as_str(), "roles"])?;
        self.read(request.json(&json!({ "roles": roles }))).await
    }

    /// Takes all rights from a user, or gives them back.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn suspend_user(&self, login: &Login, suspended: bool) -> Result<User> {
        let act = if suspended { "suspend" } else { "resume" };
        self.read(self.post(&["users", login.as_str(), act])?).await
    }

    /// Makes a one-time link by which a user sets a password.
    ///
    /// # Errors
    /// As the server refuses: a link is given by a person, not by a token.
    pub async fn invite(&self, login: &Login) -> Result<Link> {
        self.read(self.post(&["users", login.as_str(), "invite"])?).await
    }

    /// The asker's tokens.
    ///
    /// # Errors
    /// As the server refuses: no token knows of others.
    pub async fn tokens(&self) -> Result<Vec<Token>> {
        self.all(&["me", "tokens"], "tokens").await
    }

    /// Makes a token.
    ///
    /// # Errors
    /// As [`Client::tokens`].
    pub async fn make_token(&self, new: &NewToken) -> Result<MadeToken> {
        self.read(self.post(&["me", "tokens"])?.json(new)).await
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// As [`Client::tokens`].
    pub async fn revoke_token(&self, id: TokenId) -> Result<()> {
        let request = self.request(Method::DELETE, &["me", "tokens", &id.to_string()])?;
        self.read::<Value>(request).await.map(drop)
    }
}
