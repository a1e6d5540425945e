//! What is kept of how a user signs in.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use dossier_access::{Digest, PasswordHash, RecoveryCode, TotpSecret, User};
use dossier_domain::UserId;
use dossier_storage::{Entry, Key, Scope, Stored, Table};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    Attempts, Bound,
    gate::{Gate, Place},
};
use crate::{
    Archive, Error, Result,
    records::{ATTEMPTS, SECRETS, USERS},
};

/// What a user proves themselves with.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// Counts the changes of password and second factor. Sessions of an earlier count have ended.
    pub(crate) epoch: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<PasswordHash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) password_since: Option<DateTime<Utc>>,
    /// Whom the bank's own login means by this user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) second: Option<SecondFactor>,
    /// A second factor that waits for its first code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) offered: Option<Offered>,
}

/// A second factor that is set up.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SecondFactor {
    pub(crate) secret: TotpSecret,
    pub(crate) since: DateTime<Utc>,
    /// The step of the last code that was taken: it, and those before, are not taken again.
    pub(crate) last_step: i64,
    /// Hashes of the recovery codes that are left.
    pub(crate) recovery: BTreeSet<Digest>,
}

/// A second factor that was shown to the user, and is valid once they give a code of it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Offered {
    pub(crate) secret: TotpSecret,
    pub(crate) at: DateTime<Utc>,
}

impl SecondFactor {
    /// The factor as it is after this code was used, if the code is good: one of the authenticator program, or a recovery
    /// code.
    pub(super) fn accept(&self, code: &str, now: DateTime<Utc>, gate: &Gate) -> Option<Self> {
        if let Some(step) = self.secret.accept(code, now, Some(self.last_step)) {
            return Some(Self { last_step: step, ..self.clone() });
        }
        let hash = gate.recovery(&RecoveryCode::parse(code)?);
        let mut used = self.clone();
        used.recovery.remove(&hash).then_some(used)
    }
}

/// A user and what is kept of how they sign in.
pub(super) struct Account {
    pub(super) user: Stored<User>,
    pub(super) secrets: Option<Stored<Secrets>>,
    pub(super) attempts: Option<Stored<Attempts>>,
}

impl Account {
    /// The hash that a password must match; nobody's where there is none.
    pub(super) fn password(&self) -> PasswordHash {
        let secrets = self.secrets.as_ref();
        secrets.and_then(|secrets| secrets.value.password.clone()).unwrap_or_else(PasswordHash::of_nobody)
    }

    pub(super) fn is_locked(&self, place: &Place, now: DateTime<Utc>) -> bool {
        self.attempts.as_ref().is_some_and(|stored| stored.value.is_locked(place, now))
    }

    /// The attempts as they were counted until now.
    pub(super) fn counted(&self) -> Attempts {
        self.attempts.as_ref().map(|stored| stored.value.clone()).unwrap_or_default()
    }
}

impl Archive {
    /// The account of a user, with one read.
    pub(super) async fn account(&self, id: UserId) -> Result<Option<Account>> {
        let key = |collection| Key::new(Scope::Archive, collection, id.to_bytes());
        let keys = [key(USERS.collection())?, key(SECRETS.collection())?, key(ATTEMPTS.collection())?];
        let mut found = self.store.records().get_many(&keys).await?.into_iter();
        let mut next = || found.next().flatten();
        let (user, secrets, attempts) = (next(), next(), next());
        let [user_key, secrets_key, attempts_key] = keys;
        let Some(user) = decode(USERS, user_key, user)? else { return Ok(None) };
        let secrets = decode(SECRETS, secrets_key, secrets)?;
        let attempts = decode(ATTEMPTS, attempts_key, attempts)?;
        Ok(Some(Account { user, secrets, attempts }))
    }

    /// Notes when something was last used. Nothing depends on it but its own end by idleness, so a failure is none of the
    /// request's business.
    pub(super) async fn touch<T: Serialize>(&self, table: Table<T>, stored: &Stored<T>, seen: &T) {
        let mut tx = self.store.batch();
        let written = match tx.update(table, stored, seen) {
            Ok(_) => self.journal.change([], tx).await,
            Err(error) => Err(error.into()),
        };
        match written {
            Ok(_) | Err(Error::Conflict) => {}
            Err(error) => tracing::warn!(%error, "when a session was last used could not be noted"),
        }
    }
}

/// What was found under a key of a table.
pub(super) fn decode<T: DeserializeOwned>(
    table: Table<T>,
    key: Key,
    found: Option<Entry>,
) -> Result<Option<Stored<T>>> {
    Ok(found.map(|entry| table.decode(key, &entry)).transpose()?)
}
