//! What administrators see of how others sign in, and do for who has lost something.

use chrono::{DateTime, Utc};
use dossier_access::{Action, Context, Resource, User};
use dossier_domain::text::Login;
use dossier_storage::Scope;
use serde::Serialize;

use super::{Secrets, secrets::no_second_factor};
use crate::{
    Archive, Result,
    records::{ATTEMPTS, LINKS, SECRETS, SESSIONS},
};

/// How a user stands with signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignInState {
    /// Who.
    pub user: User,
    /// Since when they have their password; `None` if they have none.
    pub password_since: Option<DateTime<Utc>>,
    /// Since when they have a second factor.
    pub second_factor_since: Option<DateTime<Utc>>,
    /// Since when the bank's own login is bound to them.
    pub provider_since: Option<DateTime<Utc>>,
    /// Until when a one-time link of theirs is good.
    pub invited_until: Option<DateTime<Utc>>,
    /// Until when wrong attempts have locked the account, for some place at least.
    pub locked_until: Option<DateTime<Utc>>,
}

impl Archive {
    /// All users, and how they stand with signing in.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied) for who does not manage users.
    pub async fn sign_in_states(&self, ctx: &Context) -> Result<Vec<SignInState>> {
        let permit = self.authorise(ctx, Action::ManageUsers, &Resource::User { id: ctx.new_id()? }).await?;
        let intent = self.journal.intend(permit.part("list_users")?).await?;
        let states = self.read_states(ctx.now()).await;
        self.conclude(intent, &states, &[]);
        states
    }

    /// Ends all sessions of a user; gives how many.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied) for who does not manage users, [`Error::NotFound`](crate::Error::NotFound).
    pub async fn end_sessions_of(&self, ctx: &Context, login: &Login) -> Result<usize> {
        let (stored, permit) = self.user_to_change(ctx, Action::ManageUsers, login).await?;
        let all = self.of_user(SESSIONS, stored.value.id).await?;
        self.end(permit.part("end_session")?.on(stored.value.id), &all).await
    }

    /// Takes a second factor away that its owner has lost, and ends their sessions.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied) for who may not, and for one's own; [`Error::NotFound`](crate::Error::NotFound); [`Error::Invalid`](crate::Error::Invalid) if there is none.
    pub async fn reset_second_factor(&self, ctx: &Context, login: &Login) -> Result<()> {
        let (user, permit) = self.user_to_change(ctx, Action::ResetSignIn, login).await?;
        let id = user.value.id;
        let found = self.store.get(SECRETS, Scope::Archive, id.to_bytes()).await?;
        let stored = found.filter(|stored| stored.value.second.is_some()).ok_or_else(no_second_factor)?;
        let mut secrets = Secrets { second: None, offered: None, ..stored.value.clone() };
        secrets.epoch += 1;
        let mut tx = self.store.batch();
        tx.update(SECRETS, &stored, &secrets)?;
        self.renew_session(&mut tx, ctx, id, secrets.epoch, false).await?;
        self.journal.change([permit.part("reset_second_factor")?.on(id)], tx).await?;
        Ok(())
    }

    /// Lifts the lock that wrong passwords have put on somebody's account.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied) for who may not, and for one's own; [`Error::NotFound`](crate::Error::NotFound).
    pub async fn unlock(&self, ctx: &Context, login: &Login) -> Result<()> {
        let (user, permit) = self.user_to_change(ctx, Action::ResetSignIn, login).await?;
        let id = user.value.id;
        let mut tx = self.store.batch();
        tx.delete(ATTEMPTS, Scope::Archive, id.to_bytes())?;
        self.journal.change([permit.part("unlock_account")?.on(id)], tx).await?;
        Ok(())
    }

    async fn read_states(&self, now: DateTime<Utc>) -> Result<Vec<SignInState>> {
        let users = self.all_users().await?;
        let ids = || users.iter().map(|user| (Scope::Archive, user.id.to_bytes()));
        let secrets = self.store.get_many(SECRETS, ids()).await?;
        let attempts = self.store.get_many(ATTEMPTS, ids()).await?;
        let links = self.store.get_many(LINKS, ids()).await?;
        let mut states = Vec::new();
        for (((user, secrets), attempts), link) in users.iter().zip(secrets).zip(attempts).zip(links) {
            let secrets = secrets.map(|stored| stored.value);
            states.push(SignInState {
                user: user.clone(),
                password_since: secrets.as_ref().and_then(|secrets| secrets.password_since),
                provider_since: secrets
                    .as_ref()
                    .and_then(|secrets| secrets.provider.as_ref())
                    .map(|bound| bound.since),
                second_factor_since: secrets.and_then(|secrets| secrets.second).map(|second| second.since),
                invited_until: link.and_then(|stored| stored.value.good_until(now)),
                locked_until: attempts.and_then(|stored| stored.value.locked_until(now)),
            });
        }
        Ok(states)
    }
}
