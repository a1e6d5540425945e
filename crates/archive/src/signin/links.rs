//! One-time links: by which somebody sets their first password, or another one after they have forgotten it, without
//! anybody else learning it; and by which the first administrator comes about.
//!
//! A link's secret is a [`Token`] that is kept as its hash, one for each user: a new one replaces the one before. It does
//! not sign in, and does not touch a second factor, which is asked for at the next sign-in as always.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{
    Action, Actor, Context, Digest, Job, Password, PasswordHash, Resource, Role, RoleSet, Token, User, Word,
};
use dossier_domain::{
    UserId,
    text::{Login, PersonName},
};
use dossier_storage::{Scope, Stored, Table, Tx};
use serde::{Deserialize, Serialize};

use super::{CLOCKS_DIFFER, Secrets, Why, gate::Entered, nobody, put};
use crate::{
    Archive, Error, NewUser, Result, What,
    permit::Permit,
    records::{ATTEMPTS, LINKS, SECRETS, USERS},
};

/// So long is a link good for.
const LINK_LASTS: TimeDelta = TimeDelta::hours(72);
/// The look-up from a link's secret to whose it is.
const LINK: &str = "sign-in link";

/// A secret that is good for one use, as it is stored under the id of whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OneTime {
    pub(super) token: Digest,
    pub(super) made_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    /// Whether it follows a sign-in at the provider, and not a password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) by_provider: bool,
}

impl OneTime {
    /// Until when it is good, if it still is.
    pub(super) fn good_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(self.expires_at).filter(|end| self.made_at <= now + CLOCKS_DIFFER && now < *end)
    }
}

/// A one-time link, which only this answer shows.
#[derive(Debug)]
pub struct Invitation {
    /// The secret in the link.
    pub token: Token,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Whom a link is for, so that its page can say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkFor {
    /// For whoever becomes the first system administrator; [`Archive::redeem_first`] takes it.
    FirstAdministrator,
    /// For a user; [`Archive::redeem`] takes it.
    User {
        /// Their sign-in name.
        login: Login,
        /// Their name.
        name: PersonName,
    },
}

/// The first system administrator, as they choose to be.
pub struct FirstAdministrator<'a> {
    /// The sign-in name: a new one, or that of a system administrator whom the command line has made.
    pub login: Login,
    /// The name that people read.
    pub name: PersonName,
    /// The password.
    pub password: &'a str,
}

impl Archive {
    /// Makes a link by which a user sets a password. What they had stays good until the link is used.
    ///
    /// # Errors
    /// [`Error::Denied`] for who may not, and for one's own account; [`Error::NotFound`].
    pub async fn invite(&self, ctx: &Context, login: &Login) -> Result<Invitation> {
        let (stored, permit) = self.user_to_change(ctx, Action::ResetSignIn, login).await?;
        self.make_link(ctx, permit, stored.value.id).await
    }

    /// While nobody can sign in yet: a link by which somebody becomes the first system administrator. It replaces the
    /// one before. `None` once somebody can sign in.
    ///
    /// # Errors
    /// When it can't be written.
    pub async fn first_administrator_link(&self, origin: Word) -> Result<Option<Invitation>> {
        if self.can_anybody_sign_in().await? {
            return Ok(None);
        }
        let ctx = self.context(Actor::system(Job::Setup), origin)?;
        let permit = self.authorise(&ctx, Action::ResetSignIn, &Resource::User { id: nobody() }).await?;
        self.make_link(&ctx, permit, nobody()).await.map(Some)
    }

    /// Whom a link is for.
    ///
    /// # Errors
    /// [`Error::LinkSpent`], [`Error::TooMany`].
    pub async fn link(&self, token: &str, origin: Word) -> Result<LinkFor> {
        let ctx = self.context(Actor::system(Job::SignIn), origin)?;
        let (id, _) = self.open_link(&ctx, token).await?;
        if id == nobody() {
            return Ok(LinkFor::FirstAdministrator);
        }
        let permit = self.may_redeem(&ctx, id).await?;
        let intent = self.journal.intend(permit.part("show_link")?.on(id)).await?;
        let user = self.invited(id).await;
        self.conclude(intent, &user, &[]);
        let user = user?.value;
        Ok(LinkFor::User { login: user.login, name: user.name })
    }

    /// Sets a user's password by their link, which is good no longer then; ends their sessions and lifts a lock. They
    /// sign in afterwards.
    ///
    /// # Errors
    /// [`Error::LinkSpent`]; [`Error::Invalid`] for a password that is not taken, which leaves the link good.
    pub async fn redeem(&self, token: &str, password: &str, origin: Word) -> Result<User> {
        let ctx = self.context(Actor::system(Job::SignIn), origin)?;
        let entered = self.gate.enter().await?;
        let (id, link) = self.open_link(&ctx, token).await?;
        if id == nobody() {
            return Err(Error::LinkSpent);
        }
        let user = self.invited(id).await?.value;
        self.set_password_by(&ctx, &entered, &link, &user, password).await?;
        Ok(user)
    }

    /// Makes whoever has the first link the first system administrator. They sign in afterwards.
    ///
    /// # Errors
    /// [`Error::LinkSpent`], also when somebody can sign in already; [`Error::Exists`] if the sign-in name is that of
    /// somebody who is no system administrator; [`Error::Invalid`] for a password that is not taken.
    pub async fn redeem_first(
        &self,
        token: &str,
        first: FirstAdministrator<'_>,
        origin: Word,
    ) -> Result<User> {
        let ctx = self.context(Actor::system(Job::SignIn), origin.clone())?;
        let entered = self.gate.enter().await?;
        let (id, link) = self.open_link(&ctx, token).await?;
        if id != nobody() || self.can_anybody_sign_in().await? {
            return Err(Error::LinkSpent);
        }
        chosen(first.password, &first.login, &first.name)?;
        let user = match self.find_user(&first.login).await?.map(|stored| stored.value) {
            Some(user) if user.roles.contains(Role::SystemAdministrator) && !user.is_suspended() => user,
            Some(_) => return Err(Error::exists(What::User, &first.login)),
            None => {
                let setup = self.context(Actor::system(Job::Setup), origin)?;
                let roles = RoleSet::from(Role::SystemAdministrator);
                self.add_user(&setup, NewUser { login: first.login, name: first.name, roles }).await?
            }
        };
        self.set_password_by(&ctx, &entered, &link, &user, first.password).await?;
        Ok(user)
    }

    /// Whether there is a password at all.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn can_anybody_sign_in(&self) -> Result<bool> {
        Ok(!self.store.page(SECRETS, Scope::Archive, None, 1).await?.is_empty())
    }

    async fn make_link(&self, ctx: &Context, permit: Permit, id: UserId) -> Result<Invitation> {
        let before = self.store.get(LINKS, Scope::Archive, id.to_bytes()).await?;
        let token = Token::generate(ctx.entropy())?;
        let expires_at = ctx.now() + LINK_LASTS;
        let one_time = OneTime { token: token.digest(), made_at: ctx.now(), expires_at, by_provider: false };
        let mut tx = self.store.batch();
        self.replace_one_time(&mut tx, LINKS, LINK, before.as_ref(), id.to_bytes(), &one_time)?;
        self.journal.change([permit.part("issue_link")?.on(id)], tx).await?;
        Ok(Invitation { token, expires_at })
    }

    /// The link of this secret, if it is still good. One that is not counts as a failure of where it came from.
    async fn open_link(&self, ctx: &Context, token: &str) -> Result<(UserId, Stored<OneTime>)> {
        let place = self.gate.place(ctx.origin());
        self.refuse_blocked(&place, ctx).await?;
        if let Some(found) = self.one_time(LINKS, LINK, token, ctx.now()).await? {
            return Ok(found);
        }
        let _turn = self.gate.turn().await;
        let permit = self.may_redeem(ctx, nobody()).await?;
        match self.note_failure(ctx, &permit, None, &place, Why::UnknownLink).await {
            Err(Error::SignIn) => Err(Error::LinkSpent),
            other => other,
        }
    }

    async fn may_redeem(&self, ctx: &Context, id: UserId) -> Result<Permit> {
        self.authorise(ctx, Action::RedeemLink, &Resource::User { id }).await
    }

    async fn invited(&self, id: UserId) -> Result<Stored<User>> {
        let user = self.store.get(USERS, Scope::Archive, id.to_bytes()).await?;
        user.filter(|user| !user.value.is_suspended()).ok_or(Error::LinkSpent)
    }

    async fn set_password_by(
        &self,
        ctx: &Context,
        entered: &Entered,
        link: &Stored<OneTime>,
        user: &User,
        password: &str,
    ) -> Result<()> {
        let password = chosen(password, &user.login, &user.name)?;
        let permit = self.may_redeem(ctx, user.id).await?.on(user.id);
        let hash = self.hashed(ctx, entered, password).await?;
        let account = self.account(user.id).await?.ok_or(Error::LinkSpent)?;
        let before = account.secrets.as_ref();
        let kept = before.map(|before| before.value.clone()).unwrap_or_default();
        let secrets = Secrets {
            epoch: kept.epoch + 1,
            password: Some(hash),
            password_since: Some(ctx.now()),
            offered: None,
            ..kept
        };
        let mut tx = self.store.batch();
        put(&mut tx, SECRETS, before, user.id.to_bytes(), &secrets)?;
        tx.expect_unchanged(link);
        tx.delete(LINKS, Scope::Archive, link.key.id())?;
        tx.release(LINK, link.value.token.as_bytes())?;
        tx.delete(ATTEMPTS, Scope::Archive, user.id.to_bytes())?;
        self.renew_session(&mut tx, ctx, user.id, secrets.epoch, false).await?;
        self.journal.change([permit], tx).await?;
        Ok(())
    }

    /// Hashes a password that was chosen, under the ceiling.
    pub(super) async fn hashed(
        &self,
        ctx: &Context,
        entered: &Entered,
        password: Password,
    ) -> Result<PasswordHash> {
        let mut salt = [0; 16];
        ctx.entropy().fill(&mut salt)?;
        Ok(entered.compute(move || PasswordHash::of(&password, salt)).await??)
    }

    /// Whose one-time secret this is, if it is still good.
    pub(super) async fn one_time(
        &self,
        table: Table<OneTime>,
        name: &str,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(UserId, Stored<OneTime>)>> {
        let Some(token) = Token::parse(token).map(|token| token.digest()) else { return Ok(None) };
        let Some(id) = self.store.lookup(name, token.as_bytes()).await? else { return Ok(None) };
        let Some(id) = id.first_chunk().copied() else { return Ok(None) };
        let found = self.store.get(table, Scope::Archive, id).await?;
        let is_good =
            |found: &Stored<OneTime>| found.value.token == token && found.value.good_until(now).is_some();
        Ok(found.filter(is_good).map(|found| (UserId::from_bytes(id), found)))
    }

    /// Writes a one-time secret instead of the one before, whose look-up goes.
    pub(super) fn replace_one_time(
        &self,
        tx: &mut Tx<'_>,
        table: Table<OneTime>,
        name: &str,
        before: Option<&Stored<OneTime>>,
        id: [u8; 16],
        one_time: &OneTime,
    ) -> Result<()> {
        put(tx, table, before, id, one_time)?;
        if let Some(before) = before {
            tx.release(name, before.value.token.as_bytes())?;
        }
        tx.point(name, one_time.token.as_bytes(), &id)?;
        Ok(())
    }
}

/// A password that somebody chooses.
pub(super) fn chosen(password: &str, login: &Login, name: &PersonName) -> Result<Password> {
    use dossier_domain::Language::{Chinese, English};
    let fault =
        |fault: dossier_access::PasswordFault| Error::invalid(fault.label(Chinese), fault.label(English));
    Password::chosen(password, login, name).map_err(fault)
}
