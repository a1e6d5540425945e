//! Signing in: who somebody is, before it is asked what they may do.
//!
//! | what | where |
//! |---|---|
//! | password or the provider's word, then code: a session, or one error for everything that is wrong | here |
//! | the bank's own login: who comes from it, and whom it means | `by_provider`, `flow`, `provider` |
//! | the ceiling on hashing, and the place where attempts come from | `gate` |
//! | failures in a row, and what they lock | `attempts` |
//! | what is kept of a user's password and second factor | `account` |
//! | sessions: begun, resumed at each request, listed, ended | `sessions` |
//! | other passwords, other factors | `secrets` |
//! | what administrators see and do about others | `administration` |
//! | one-time links: invitation, forgotten password, first administrator | `links` |
//! | tokens for programs | `tokens` |
//!
//! Everything here is found by one look-up of a hash, and nothing of it is counted in memory: several nodes see the same.
//! Every attempt, lock, session and change is in the operation log. Until it is known who acts, the actor is
//! `archive:sign_in`, and the log names the account that was tried if there is one; what was typed is never in it.

mod account;
mod administration;
mod attempts;
mod by_provider;
mod flow;
mod gate;
mod links;
mod provider;
mod rules;
mod secrets;
mod sessions;
mod tokens;

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{
    Action, Actor, Context, Job, OidcFault, Password, PasswordHash, Resource, Token, User, Word,
};
use dossier_domain::{SessionId, UserId, text::Login};
use dossier_storage::{Scope, Stored, Tx};

use crate::{
    Archive, Error, Result,
    permit::{Permit, person},
    records::{ATTEMPTS, CHALLENGES, ORIGINS},
};
use account::Account;
pub(crate) use account::Secrets;
pub use administration::SignInState;
pub(crate) use attempts::{Attempts, Streak};
pub(crate) use by_provider::Bound;
use by_provider::Proven;
pub use by_provider::{Arrived, Departure};
pub(crate) use gate::Gate;
use gate::Place;
pub(crate) use links::OneTime;
pub use links::{FirstAdministrator, Invitation, LinkFor};
pub use provider::{Provider, ProviderSettings};
pub use rules::SignInRules;
pub use secrets::{AccountView, SecondFactorOffer, SecondFactorOn};
pub(crate) use sessions::{Session, key_of, split};
pub use sessions::{SessionEnd, SessionView};
pub(crate) use tokens::ApiTokenRecord;
pub use tokens::{MadeToken, NewToken, TokenView};

/// So long after the password the code may follow.
const CHALLENGE_LASTS: TimeDelta = TimeDelta::minutes(5);
/// So far may the clocks of nodes differ. Beyond it, a time in the future says that a clock was set back.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(60);
/// So often is something tried again that another node came in between.
const RETRIES: usize = 8;

/// What somebody gives to sign in.
#[derive(Clone)]
pub struct SignIn<'a> {
    /// The sign-in name, as typed.
    pub login: &'a str,
    /// The password, as typed.
    pub password: &'a str,
    /// A code of the authenticator program or a recovery code, if it is asked for together with the password.
    pub code: Option<&'a str>,
    /// Where they come from: an address without port.
    pub origin: Word,
}

/// What comes of signing in.
#[derive(Debug)]
#[must_use]
pub enum SignedIn {
    /// A session has begun.
    Session(NewSession),
    /// The password is right, and a code is needed; [`Archive::answer_challenge`] takes it. There is no session yet.
    CodeNeeded {
        /// What the code is to be sent with.
        challenge: Token,
        /// Until when.
        expires_at: DateTime<Utc>,
    },
}

/// A session that has just begun.
#[derive(Debug)]
pub struct NewSession {
    /// What each request is to be sent with.
    pub token: Token,
    /// The session's id.
    pub id: SessionId,
    /// Who it is.
    pub user: User,
    /// When it ends at the latest.
    pub ends_at: DateTime<Utc>,
    /// Whether nothing but setting up the second factor is possible in it.
    pub second_factor_missing: bool,
    /// How many recovery codes are left, if one was just used.
    pub recovery_codes_left: Option<usize>,
}

/// Why somebody is not let in; for the log alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    UnknownUser,
    NoPassword,
    WrongPassword,
    WrongCode,
    Locked,
    Suspended,
    UnknownLink,
    PasswordsOff,
    State,
    ProviderRefused,
    Token(OidcFault),
    OtherSubject,
    Replayed,
}

impl Why {
    fn code(self) -> &'static str {
        match self {
            Self::UnknownUser => "unknown_user",
            Self::NoPassword => "no_password",
            Self::WrongPassword => "wrong_password",
            Self::WrongCode => "wrong_code",
            Self::Locked => "locked",
            Self::Suspended => "suspended",
            Self::UnknownLink => "unknown_link",
            Self::PasswordsOff => "passwords_off",
            Self::State => "provider_state",
            Self::ProviderRefused => "provider_refused",
            Self::Token(fault) => fault.code(),
            Self::OtherSubject => "other_subject",
            Self::Replayed => "provider_replayed",
        }
    }

    /// Whether it is a guess at the account's secrets.
    fn is_guess(self) -> bool {
        matches!(self, Self::WrongPassword | Self::WrongCode)
    }
}

impl Archive {
    /// Lets somebody in by their password and, where they have set one up, their second factor.
    ///
    /// An attempt that is dropped before its end is not counted, and tells nothing; a server lets it run to its end on a
    /// task of its own all the same, so that who hangs up early does not get more attempts computed than others.
    ///
    /// # Errors
    /// [`Error::SignIn`] for whatever is wrong, after the same work; [`Error::TooMany`] for an origin from which too much
    /// failed.
    pub async fn sign_in(&self, asked: SignIn<'_>) -> Result<SignedIn> {
        let ctx = self.context(Actor::system(Job::SignIn), asked.origin)?;
        let entered = self.gate.enter().await?;
        let place = self.gate.place(ctx.origin());
        self.refuse_blocked(&place, &ctx).await?;
        let id = self.user_id_of(asked.login).await?;
        let known = self.account(id.unwrap_or_else(nobody)).await?;
        let hash = known.map_or_else(PasswordHash::of_nobody, |account| account.password());
        let (password, tried) = (Password::typed(asked.password), hash.clone());
        let is_right = entered.compute(move || tried.matches(&password)).await?;
        let proof = Proof { first: First::Password(is_right.then_some(hash)), code: asked.code };
        self.judge(&ctx, &place, id, &proof).await
    }

    /// Lets somebody in by the code that was needed after the password.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if the challenge is unknown or too old, so that one begins anew; else as
    /// [`Archive::sign_in`].
    pub async fn answer_challenge(&self, challenge: &str, code: &str, origin: Word) -> Result<SignedIn> {
        let ctx = self.context(Actor::system(Job::SignIn), origin)?;
        let place = self.gate.place(ctx.origin());
        self.refuse_blocked(&place, &ctx).await?;
        let found = self.one_time(CHALLENGES, "challenge", challenge, ctx.now()).await?;
        let (id, stored) = found.ok_or(Error::SessionEnded)?;
        let proof = Proof { first: First::Challenge(stored), code: Some(code) };
        self.judge(&ctx, &place, Some(id), &proof).await
    }

    /// Gives the verdict on an attempt. What was found out before is looked at again in turn, because others were judged
    /// meanwhile.
    async fn judge(
        &self,
        ctx: &Context,
        place: &Place,
        id: Option<UserId>,
        proof: &Proof<'_>,
    ) -> Result<SignedIn> {
        let _turn = self.gate.turn().await;
        for _ in 0..RETRIES {
            let challenge = proof.first.challenge();
            if let Some(challenge) = challenge {
                let now = self.store.get(CHALLENGES, Scope::Archive, challenge.key.id()).await?;
                now.filter(|now| now == challenge).ok_or(Error::SessionEnded)?;
            }
            let account = self.account(id.unwrap_or_else(nobody)).await?;
            let done = match self.weigh(account.as_ref(), place, proof, ctx.now()) {
                Err(why) => {
                    let permit = self.may_sign_in(ctx, account.as_ref()).await?;
                    return self.note_failure(ctx, &permit, id, place, why).await;
                }
                Ok(verdict) if verdict.code_needed => self.challenge(ctx, &verdict).await,
                Ok(verdict) => self.begin_session(ctx, &verdict, place, challenge).await,
            };
            match done {
                Err(Error::Conflict) => {}
                other => return other,
            }
        }
        Err(Error::Conflict)
    }

    /// Whether the proof is good for the account. It touches nothing.
    fn weigh<'a>(
        &self,
        account: Option<&'a Account>,
        place: &Place,
        proof: &Proof<'_>,
        now: DateTime<Utc>,
    ) -> Result<Verdict<'a>, Why> {
        let account = account.ok_or(Why::UnknownUser)?;
        if account.is_locked(place, now) {
            return Err(Why::Locked);
        }
        let changed = self.weigh_first(account, &proof.first, now)?;
        if account.user.value.is_suspended() {
            return Err(Why::Suspended);
        }
        let verdict = Verdict {
            account,
            changed,
            by_provider: proof.first.is_by_provider(),
            second_factor: matches!(&proof.first, First::Provider(proven) if proven.two_factors),
            code_needed: false,
        };
        let secrets = verdict.changed.as_ref().or(account.secrets.as_ref().map(|stored| &stored.value));
        let Some(second) = secrets.and_then(|secrets| secrets.second.as_ref()) else { return Ok(verdict) };
        if verdict.second_factor {
            return Ok(verdict);
        }
        let Some(code) = proof.code.filter(|code| !code.trim().is_empty()) else {
            return Ok(Verdict { code_needed: true, ..verdict });
        };
        let used = second.accept(code, now, &self.gate).ok_or(Why::WrongCode)?;
        let changed = secrets.map(|secrets| Secrets { second: Some(used), ..secrets.clone() });
        Ok(Verdict { changed, second_factor: true, ..verdict })
    }

    /// Whether what came first is good for the account; gives the secrets that it changes.
    fn weigh_first(
        &self,
        account: &Account,
        first: &First,
        now: DateTime<Utc>,
    ) -> Result<Option<Secrets>, Why> {
        let password = account.secrets.as_ref().and_then(|stored| stored.value.password.as_ref());
        match first {
            First::Provider(proven) => return proven.accept(account, now).map(Some),
            First::Challenge(_) => {}
            First::Password(_)
                if self.provider.as_ref().is_some_and(|provider| !provider.allows_passwords()) =>
            {
                return Err(Why::PasswordsOff);
            }
            First::Password(_) if password.is_none() => return Err(Why::NoPassword),
            // The hash that matched must be the one that is valid now.
            First::Password(matched) if matched.as_ref() != password => return Err(Why::WrongPassword),
            First::Password(_) => {}
        }
        Ok(None)
    }

    /// Asks for the code. It replaces what was asked before.
    async fn challenge(&self, ctx: &Context, verdict: &Verdict<'_>) -> Result<SignedIn> {
        let account = verdict.account;
        let id = account.user.value.id;
        let permit = self.may_sign_in(ctx, Some(account)).await?.part("ask_for_code")?.on(id);
        let before = self.store.get(CHALLENGES, Scope::Archive, id.to_bytes()).await?;
        let challenge = Token::generate(ctx.entropy())?;
        let expires_at = ctx.now() + CHALLENGE_LASTS;
        let (token, by_provider) = (challenge.digest(), verdict.by_provider);
        let one_time = OneTime { token, made_at: ctx.now(), expires_at, by_provider };
        let mut tx = self.store.batch();
        self.replace_one_time(&mut tx, CHALLENGES, "challenge", before.as_ref(), id.to_bytes(), &one_time)?;
        if verdict.changed.is_some() {
            self.write_secrets(&mut tx, account, verdict.changed.as_ref())?;
        }
        let binding = verdict.binding(&permit)?;
        self.journal.change([permit].into_iter().chain(binding), tx).await?;
        Ok(SignedIn::CodeNeeded { challenge, expires_at })
    }

    async fn may_sign_in(&self, ctx: &Context, account: Option<&Account>) -> Result<Permit> {
        let known = account.map(|account| account.user.value.id);
        let objects: Vec<Word> = known.into_iter().map(Word::from).collect();
        let resource = Resource::User { id: known.unwrap_or_else(nobody) };
        self.authorise_on(ctx, Action::SignIn, &resource, &objects).await
    }

    /// Counts a failure and writes it down, and what it locks. Always an error: [`Error::SignIn`] once it is written.
    async fn note_failure<T>(
        &self,
        ctx: &Context,
        permit: &Permit,
        id: Option<UserId>,
        place: &Place,
        why: Why,
    ) -> Result<T> {
        for _ in 0..RETRIES {
            match self.count_failure(ctx.now(), permit, id.filter(|_| why.is_guess()), place, why).await {
                Err(Error::Conflict) => {}
                other => return other.and(Err(Error::SignIn)),
            }
        }
        Err(Error::Conflict)
    }

    async fn count_failure(
        &self,
        now: DateTime<Utc>,
        permit: &Permit,
        guessed: Option<UserId>,
        place: &Place,
        why: Why,
    ) -> Result<()> {
        let mut tx = self.store.batch();
        let mut permits = vec![permit.denied(why.code())?];
        if let Some(id) = guessed {
            let stored = self.store.get(ATTEMPTS, Scope::Archive, id.to_bytes()).await?;
            let mut attempts = stored.as_ref().map(|stored| stored.value.clone()).unwrap_or_default();
            if let Some(time) = attempts.fail(place, now) {
                permits.push(permit.part("lock_account")?.on(id).count("minutes", minutes(time)));
            }
            put(&mut tx, ATTEMPTS, stored.as_ref(), id.to_bytes(), &attempts)?;
        }
        let stored = self.store.get(ORIGINS, Scope::Archive, place).await?;
        let mut streak = stored.as_ref().map(|stored| stored.value.clone()).unwrap_or_default();
        if let Some(time) = streak.fail(attempts::ORIGIN, now) {
            permits.push(permit.part("block_origin")?.count("minutes", minutes(time)));
        }
        put(&mut tx, ORIGINS, stored.as_ref(), place, &streak)?;
        self.forget_origins(&mut tx, place, now).await?;
        self.journal.change(permits, tx).await?;
        Ok(())
    }

    /// Drops what a few neighbours in the store are no longer remembered for, so that the table stays as small as there
    /// is trouble. Places are hashes, so neighbours are anybody.
    async fn forget_origins(&self, tx: &mut Tx<'_>, place: &Place, now: DateTime<Utc>) -> Result<()> {
        let here = dossier_storage::Key::new(Scope::Archive, ORIGINS.collection(), place)?;
        for neighbour in self.store.page(ORIGINS, Scope::Archive, Some(&here), 4).await? {
            if neighbour.value.is_forgotten(attempts::ORIGIN, now) {
                tx.delete(ORIGINS, Scope::Archive, neighbour.key.id())?;
            }
        }
        Ok(())
    }

    /// Turns away who comes from a place where too much failed, before anything is computed for them. That the place is
    /// blocked was logged when it began; what is not even looked at would only let a flood fill the log.
    async fn refuse_blocked(&self, place: &Place, ctx: &Context) -> Result<()> {
        let stored = self.store.get(ORIGINS, Scope::Archive, place).await?;
        match stored.and_then(|stored| stored.value.locked(ctx.now())) {
            None => Ok(()),
            Some(left) => Err(Error::TooMany { seconds: left.num_seconds().unsigned_abs() + 1 }),
        }
    }

    /// Makes sure that whoever acts knows their password. A wrong one counts as at signing in.
    async fn prove(&self, ctx: &Context, permit: Permit, password: &str) -> Result<(Permit, Account)> {
        let id = ctx.actor().user().map_or_else(nobody, |user| user.id);
        let entered = self.gate.enter().await?;
        let place = self.gate.place(ctx.origin());
        self.refuse_blocked(&place, ctx).await?;
        let known = self.account(id).await?;
        let hash = known.map_or_else(PasswordHash::of_nobody, |account| account.password());
        let (password, tried) = (Password::typed(password), hash.clone());
        let is_right = entered.compute(move || tried.matches(&password)).await?;
        let _turn = self.gate.turn().await;
        let account = self.account(id).await?.ok_or(Error::SessionEnded)?;
        let is_valid = account.password() == hash;
        let why = match (account.is_locked(&place, ctx.now()), is_right && is_valid) {
            (true, _) => Why::Locked,
            (false, false) => Why::WrongPassword,
            (false, true) => return Ok((permit, account)),
        };
        self.note_failure(ctx, &permit, Some(id), &place, why).await
    }

    /// The context's user with the leave to do something with their own account.
    async fn own(&self, ctx: &Context, action: Action) -> Result<(User, Permit)> {
        let id = ctx.actor().user().map_or_else(nobody, |user| user.id);
        let permit = self.authorise_on(ctx, action, &Resource::User { id }, &[id.into()]).await?;
        Ok((person(ctx)?.clone(), permit))
    }

    async fn user_id_of(&self, login: &str) -> Result<Option<UserId>> {
        let Ok(login) = Login::parse(login) else { return Ok(None) };
        let found = self.store.lookup("login", login.as_str().as_bytes()).await?;
        Ok(found.and_then(|id| id.as_ref().try_into().ok()).map(UserId::from_bytes))
    }
}

/// Whose account is looked at when there is none, so that the same is read.
fn nobody() -> UserId {
    UserId::from_bytes([0; 16])
}

/// What somebody gave, as far as it was checked already.
struct Proof<'a> {
    first: First,
    code: Option<&'a str>,
}

/// What comes first.
enum First {
    /// A password, and the hash that it matched.
    Password(Option<PasswordHash>),
    /// The challenge that followed what came first, and is as good as that was.
    Challenge(Stored<OneTime>),
    /// The word of the bank's own login.
    Provider(Proven),
}

impl First {
    fn challenge(&self) -> Option<&Stored<OneTime>> {
        match self {
            Self::Challenge(stored) => Some(stored),
            _ => None,
        }
    }

    fn is_by_provider(&self) -> bool {
        match self {
            Self::Password(_) => false,
            Self::Challenge(stored) => stored.value.by_provider,
            Self::Provider(_) => true,
        }
    }
}

/// What becomes of an attempt that is good so far.
struct Verdict<'a> {
    account: &'a Account,
    /// The account's secrets as they are from now on, if something of them was used or has become known.
    changed: Option<Secrets>,
    by_provider: bool,
    second_factor: bool,
    code_needed: bool,
}

impl Verdict<'_> {
    /// What the log says where the provider's name for somebody has become known.
    fn binding(&self, permit: &Permit) -> Result<Option<Permit>> {
        let since = |secrets: &Secrets| secrets.provider.as_ref().map(|bound| bound.since);
        let before = self.account.secrets.as_ref().and_then(|stored| since(&stored.value));
        let after = self.changed.as_ref().and_then(since);
        let is_new = after.is_some() && after != before;
        is_new.then(|| Ok(permit.part("bind_provider")?.on(self.account.user.value.id))).transpose()
    }
}

/// Writes what was read, possibly as nothing, if nobody wrote meanwhile.
fn put<T: serde::Serialize>(
    tx: &mut Tx<'_>,
    table: dossier_storage::Table<T>,
    read: Option<&Stored<T>>,
    id: impl AsRef<[u8]>,
    value: &T,
) -> Result<()> {
    match read {
        Some(read) => tx.update(table, read, value)?,
        None => tx.insert(table, Scope::Archive, id, value)?,
    };
    Ok(())
}

fn minutes(time: TimeDelta) -> u64 {
    time.num_minutes().unsigned_abs()
}
