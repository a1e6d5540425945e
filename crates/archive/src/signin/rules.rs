//! What the bank demands of sessions.

use chrono::TimeDelta;
use dossier_access::{Action, Context, Resource};
use dossier_storage::Scope;
use serde::{Deserialize, Serialize};

use crate::{Archive, Error, Result, records::SIGN_IN_RULES};

/// How long sessions last, and what they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRules {
    /// A session in which nothing was asked for so many minutes has ended.
    pub idle_minutes: u32,
    /// A session that began so many hours ago has ended.
    pub longest_hours: u32,
    /// Whether a password alone opens nothing.
    pub second_factor: bool,
}

impl Default for SignInRules {
    fn default() -> Self {
        Self { idle_minutes: 30, longest_hours: 12, second_factor: false }
    }
}

impl SignInRules {
    pub(super) fn idle(self) -> TimeDelta {
        TimeDelta::minutes(self.idle_minutes.into())
    }

    pub(super) fn longest(self) -> TimeDelta {
        TimeDelta::hours(self.longest_hours.into())
    }
}

impl Archive {
    /// The rules of signing in.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn sign_in_rules(&self) -> Result<SignInRules> {
        let stored = self.store.get(SIGN_IN_RULES, Scope::Archive, []).await?;
        Ok(stored.map(|stored| stored.value).unwrap_or_default())
    }

    /// Changes the rules of signing in. They hold for all sessions from their next request.
    ///
    /// # Errors
    /// [`Error::Denied`] for who is no system administrator, [`Error::Invalid`] for times out of bounds.
    pub async fn change_sign_in_rules(&self, ctx: &Context, rules: SignInRules) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManageSignIn, &Resource::Archive).await?;
        if !(1..=24 * 60).contains(&rules.idle_minutes) || !(1..=7 * 24).contains(&rules.longest_hours) {
            return Err(Error::invalid(
                "闲置时限须为 1 至 1440 分钟，会话时限须为 1 至 168 小时",
                "sessions may be idle for 1 to 1440 minutes and last 1 to 168 hours",
            ));
        }
        let mut tx = self.store.batch();
        tx.put(SIGN_IN_RULES, Scope::Archive, [], &rules)?;
        self.journal.change([permit], tx).await?;
        Ok(())
    }
}
