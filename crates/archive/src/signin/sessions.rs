//! Sessions: begun, resumed at each request, listed, ended.
//!
//! A session lies under its user's id and its own; its token is found through a look-up of the token's hash. Whether it
//! still lasts is not noted anywhere but seen at each request: by the clock, and by what has become of the user meanwhile.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Action, Actor, ApiToken, Context, Digest, Pass, Resource, RoleSet, Token, User, Word};
use dossier_domain::{
    SessionId, UserId,
    id::{Id, SessionKind},
};
use dossier_storage::{Key, Scan, Scope, Stored, Table, Tx};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    CLOCKS_DIFFER, NewSession, OneTime, Secrets, SignInRules, SignedIn, Verdict,
    account::{Account, decode},
    gate::Place,
    put,
};
use crate::{
    Archive, Error, Result, What,
    policies::StoredPolicy,
    records::{ATTEMPTS, CHALLENGES, ORIGINS, POLICY, SECRETS, SESSIONS, SIGN_IN_RULES, USERS},
};

/// When a session was last used is noted so often at most.
pub(super) const NOTED_AFTER: TimeDelta = TimeDelta::seconds(60);
/// So many sessions of one user last at once; a further one ends the one that was unused for longest.
const MOST: usize = 20;

/// A session, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The hash of its token.
    token: Digest,
    /// From where it was begun.
    origin: Word,
    begun_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    /// The user's roles when it began: with other ones it has ended, so that new rights come with a new token.
    roles: RoleSet,
    /// [`Secrets::epoch`] when it began.
    epoch: u32,
    /// Whether it was begun with a second factor.
    second_factor: bool,
    /// Whether it was begun at the bank's own login, and not with a password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_provider: bool,
    /// The revision of the policy table when it began.
    #[serde(default)]
    policy: u32,
}

/// A session, for its user to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// From where it was begun.
    pub origin: Word,
    /// When.
    pub begun_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// Whether it was begun with a second factor.
    pub second_factor: bool,
    /// Whether it was begun at the bank's own login, and not with a password.
    pub by_provider: bool,
    /// Whether it is the one in which this is asked.
    pub is_current: bool,
}

impl Session {
    /// Why it has ended, if it has.
    fn ended(
        &self,
        user: &User,
        secrets: Option<&Secrets>,
        rules: SignInRules,
        policy: &StoredPolicy,
        now: DateTime<Utc>,
    ) -> Option<&'static str> {
        let known_until = self.seen_at.max(self.begun_at);
        if now + CLOCKS_DIFFER < known_until {
            Some("clock_set_back")
        } else if now - self.seen_at >= rules.idle() {
            Some("idle")
        } else if now - self.begun_at >= rules.longest() {
            Some("expired")
        } else if user.is_suspended() {
            Some("suspended")
        } else if user.roles != self.roles {
            Some("roles_changed")
        } else if policy.shrank_since(self.policy, user) {
            Some("rights_shrank")
        } else if secrets.is_none_or(|secrets| secrets.epoch != self.epoch) {
            Some("secrets_changed")
        } else {
            None
        }
    }

    fn view(&self, id: SessionId, current: Option<Digest>) -> SessionView {
        SessionView {
            id,
            origin: self.origin.clone(),
            begun_at: self.begun_at,
            seen_at: self.seen_at,
            second_factor: self.second_factor,
            by_provider: self.by_provider,
            is_current: current == Some(self.token),
        }
    }
}

/// When a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionEnd {
    /// After how long, if nothing is asked for.
    pub left: TimeDelta,
    /// Whether it goes on beyond that if something is; else it has lasted nearly as long as it may.
    pub goes_on: bool,
    /// How long it may be idle.
    pub idle: TimeDelta,
}

/// What is read at each request, with two reads.
struct Resumed {
    session: Stored<Session>,
    user: User,
    secrets: Option<Secrets>,
    rules: SignInRules,
    policy: StoredPolicy,
}

impl Archive {
    /// The context of a request that was sent with a session's token, with the rights of this moment.
    ///
    /// # Errors
    /// [`Error::SessionEnded`], whatever ended it.
    pub async fn resume(&self, token: &str, origin: Word) -> Result<Context> {
        Ok(self.resume_until(token, origin).await?.0)
    }

    /// As [`Archive::resume`], and when the session ends.
    ///
    /// # Errors
    /// As [`Archive::resume`].
    pub async fn resume_until(&self, token: &str, origin: Word) -> Result<(Context, SessionEnd)> {
        self.look_up_session(token, origin, true).await
    }

    /// When a session ends; to ask counts as no use.
    ///
    /// # Errors
    /// [`Error::SessionEnded`], whatever ended it.
    pub async fn session_end(&self, token: &str, origin: Word) -> Result<(Context, SessionEnd)> {
        self.look_up_session(token, origin, false).await
    }

    /// The context of something that goes on after its request, such as a stream: with the rights of this moment, by a
    /// session's token or one of the API. It counts as no use, so that an open page does not keep a session from ending.
    ///
    /// # Errors
    /// [`Error::SessionEnded`], whatever ended it.
    pub async fn recheck(&self, token: &str, origin: Word) -> Result<Context> {
        match token.starts_with(ApiToken::PREFIX) {
            true => self.look_up_token(token, origin, false).await,
            false => Ok(self.look_up_session(token, origin, false).await?.0),
        }
    }

    async fn look_up_session(
        &self,
        token: &str,
        origin: Word,
        is_use: bool,
    ) -> Result<(Context, SessionEnd)> {
        let token = Token::parse(token).ok_or(Error::SessionEnded)?;
        let Resumed { session, user, secrets, rules, policy } =
            self.read_session(token.digest()).await?.ok_or(Error::SessionEnded)?;
        let pass = match rules.second_factor && !session.value.second_factor {
            true => Pass::PasswordOnly,
            false => Pass::Full,
        };
        let actor = self.person(user.clone(), pass, &policy).await?;
        let ctx = self.context(actor, origin)?.in_session(token.reveal().as_bytes());
        if let Some(why) = session.value.ended(&user, secrets.as_ref(), rules, &policy, ctx.now()) {
            self.note_end(&ctx, &session, why).await?;
            return Err(Error::SessionEnded);
        }
        let mut seen_at = session.value.seen_at;
        if is_use && ctx.now() - seen_at >= NOTED_AFTER {
            seen_at = ctx.now();
            self.touch(SESSIONS, &session, &Session { seen_at, ..session.value.clone() }).await;
        }
        let (idle, whole) =
            (rules.idle() - (ctx.now() - seen_at), session.value.begun_at + rules.longest() - ctx.now());
        let end = SessionEnd { left: idle.min(whole), goes_on: idle < whole, idle: rules.idle() };
        Ok((ctx, end))
    }

    /// Ends the session in which this is asked.
    ///
    /// # Errors
    /// When it can't be written; that there is no session is none.
    pub async fn sign_out(&self, ctx: &Context) -> Result<()> {
        let (_, permit) = self.own(ctx, Action::SignOut).await?;
        let Some(session) = self.current_session(ctx).await? else { return Ok(()) };
        let mut tx = self.store.batch();
        drop_session(&mut tx, &session)?;
        let permit = permit.on(session_id(&session)?);
        self.journal.change([permit], tx).await?;
        Ok(())
    }

    /// The sessions of whoever acts, the latest used first.
    ///
    /// # Errors
    /// [`Error::Denied`]
    pub async fn sessions(&self, ctx: &Context) -> Result<Vec<SessionView>> {
        let (user, permit) = self.own(ctx, Action::ManageSessions).await?;
        let intent = self.journal.intend(permit.part("list_sessions")?).await?;
        let views = self.lasting_sessions(&user, ctx).await;
        self.conclude(intent, &views, &[]);
        views
    }

    /// Ends one session of whoever acts.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such session.
    pub async fn end_session(&self, ctx: &Context, id: SessionId) -> Result<()> {
        let (user, permit) = self.own(ctx, Action::ManageSessions).await?;
        let found = self.store.get(SESSIONS, Scope::Archive, key_of(user.id, id.to_bytes())).await?;
        let session = found.ok_or_else(|| Error::not_found(What::Session, &id))?;
        let mut tx = self.store.batch();
        drop_session(&mut tx, &session)?;
        self.journal.change([permit.part("end_session")?.on(user.id).on(id)], tx).await?;
        Ok(())
    }

    /// Ends all sessions of whoever acts but the one in which this is asked; gives how many.
    ///
    /// # Errors
    /// [`Error::Denied`]
    pub async fn end_other_sessions(&self, ctx: &Context) -> Result<usize> {
        let (user, permit) = self.own(ctx, Action::ManageSessions).await?;
        let current = ctx.session();
        let others = self.of_user(SESSIONS, user.id).await?.into_iter();
        let others: Vec<_> = others.filter(|session| Some(session.value.token) != current).collect();
        self.end(permit.part("end_session")?.on(user.id), &others).await
    }

    pub(super) async fn end(
        &self,
        permit: crate::permit::Permit,
        sessions: &[Stored<Session>],
    ) -> Result<usize> {
        let mut tx = self.store.batch();
        let mut permit = permit;
        for session in sessions {
            drop_session(&mut tx, session)?;
            permit = permit.on(session_id(session)?);
        }
        self.journal.change([permit], tx).await?;
        Ok(sessions.len())
    }

    /// Begins a session: counts the success, uses up what was used, and drops what has ended of the user's sessions.
    pub(super) async fn begin_session(
        &self,
        by: &Context,
        verdict: &Verdict<'_>,
        place: &Place,
        challenge: Option<&Stored<OneTime>>,
    ) -> Result<SignedIn> {
        let &Verdict { account, ref changed, by_provider, second_factor, .. } = verdict;
        let before = account.secrets.as_ref().map(|stored| &stored.value);
        let secrets = changed.as_ref().or(before).ok_or(Error::SignIn)?;
        let (user, now) = (&account.user.value, by.now());
        let (token, id): (Token, SessionId) = (Token::generate(by.entropy())?, by.new_id()?);
        let rules = self.sign_in_rules().await?;
        let actor = Actor::person(user.clone(), []);
        let ctx = self.context(actor, by.origin().clone())?.in_session(token.reveal().as_bytes());
        let objects = [user.id.into(), id.into()];
        let permit =
            self.authorise_on(&ctx, Action::SignIn, &Resource::User { id: user.id }, &objects).await?;

        let mut tx = self.store.batch();
        let mut permits = Vec::new();
        let mut attempts = account.counted();
        attempts.succeed(place, now);
        put(&mut tx, ATTEMPTS, account.attempts.as_ref(), user.id.to_bytes(), &attempts)?;
        let here = self.store.get(ORIGINS, Scope::Archive, place).await?;
        if let Some(mut stored) = here
            && stored.value.relieve()
        {
            tx.update(ORIGINS, &stored, &stored.value)?;
        }
        if let Some(challenge) = challenge {
            tx.expect_unchanged(challenge);
            tx.delete(CHALLENGES, Scope::Archive, challenge.key.id())?;
            tx.release("challenge", challenge.value.token.as_bytes())?;
        }
        self.write_secrets(&mut tx, account, changed.as_ref())?;
        permits.extend(verdict.binding(&permit)?);
        let recovery_codes_left = before.and_then(|before| recovery_used(before, secrets));
        if let Some(left) = recovery_codes_left {
            permits.push(permit.part("use_recovery_code")?.on(user.id).count("left", left as u64));
        }
        let session = Session {
            token: token.digest(),
            origin: by.origin().clone(),
            begun_at: now,
            seen_at: now,
            roles: user.roles.clone(),
            epoch: secrets.epoch,
            second_factor,
            by_provider,
            policy: self.stored_policy().await?.revision,
        };
        self.make_room(&mut tx, account, rules, now).await?;
        let key = key_of(user.id, id.to_bytes());
        tx.insert(SESSIONS, Scope::Archive, key, &session)?;
        tx.point("session", token.digest().as_bytes(), &key)?;
        permits.insert(0, if by_provider { permit.because("by_provider")? } else { permit });
        self.journal.change(permits, tx).await?;
        Ok(SignedIn::Session(NewSession {
            token,
            id,
            user: user.clone(),
            ends_at: now + rules.longest(),
            second_factor_missing: rules.second_factor && !second_factor,
            recovery_codes_left,
        }))
    }

    /// Gives the session in which this is asked a new token, after the user's secrets have changed, and ends the others.
    /// Outside of a session, as on the command line, all end.
    pub(super) async fn renew_session(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Context,
        user: UserId,
        epoch: u32,
        second_factor: bool,
    ) -> Result<Option<Token>> {
        let mut renewed = None;
        for session in self.of_user(SESSIONS, user).await? {
            drop_session(tx, &session)?;
            if Some(session.value.token) == ctx.session() {
                let token = Token::generate(ctx.entropy())?;
                let of = Session { token: token.digest(), epoch, second_factor, ..session.value.clone() };
                tx.update(SESSIONS, &session, &of)?;
                tx.point("session", token.digest().as_bytes(), session.key.id())?;
                renewed = Some(token);
            }
        }
        Ok(renewed)
    }

    /// All that a table holds of one user.
    pub(super) async fn of_user<T: DeserializeOwned>(
        &self,
        table: Table<T>,
        user: UserId,
    ) -> Result<Vec<Stored<T>>> {
        let scan = Scan::collection_under(Scope::Archive, table.collection(), user.to_bytes());
        Ok(self.store.scan(table, scan).await?)
    }

    async fn read_session(&self, token: Digest) -> Result<Option<Resumed>> {
        let Some(id) = self.store.lookup("session", token.as_bytes()).await? else { return Ok(None) };
        let Some((user, _)) = split::<SessionKind>(&id) else { return Ok(None) };
        let keys = [
            Key::new(Scope::Archive, SESSIONS.collection(), &id)?,
            Key::new(Scope::Archive, USERS.collection(), user.to_bytes())?,
            Key::new(Scope::Archive, SECRETS.collection(), user.to_bytes())?,
            Key::new(Scope::Archive, SIGN_IN_RULES.collection(), [])?,
            Key::new(Scope::Archive, POLICY.collection(), [])?,
        ];
        let mut found = self.store.records().get_many(&keys).await?.into_iter();
        let mut next = || found.next().flatten();
        let (session, user, secrets, rules, policy) = (next(), next(), next(), next(), next());
        let [session_key, user_key, secrets_key, rules_key, policy_key] = keys;
        let session = decode(SESSIONS, session_key, session)?.filter(|of| of.value.token == token);
        let user = decode(USERS, user_key, user)?;
        let secrets = decode(SECRETS, secrets_key, secrets)?.map(|stored| stored.value);
        let rules = decode(SIGN_IN_RULES, rules_key, rules)?.map(|stored| stored.value).unwrap_or_default();
        let policy = decode(POLICY, policy_key, policy)?.map(|stored| stored.value).unwrap_or_default();
        let whole = |(session, user): (_, Stored<User>)| Resumed {
            session,
            user: user.value,
            secrets,
            rules,
            policy,
        };
        Ok(session.zip(user).map(whole))
    }

    /// Drops a session that has ended by itself. Of several requests that see it, one writes it down.
    async fn note_end(&self, ctx: &Context, session: &Stored<Session>, why: &'static str) -> Result<()> {
        // Whoever is suspended meanwhile may not even sign out; the archive notes it itself.
        let Some(user) = ctx.actor().user() else { return Ok(()) };
        let archive = self.context(Actor::system(dossier_access::Job::SignIn), ctx.origin().clone())?;
        let resource = Resource::User { id: user.id };
        let permit = self.authorise_on(&archive, Action::SignIn, &resource, &[]).await?;
        let permit = permit.part("session_ended")?.on(user.id).on(session_id(session)?).because(why)?;
        let mut tx = self.store.batch();
        drop_session(&mut tx, session)?;
        match self.journal.change([permit], tx).await {
            Ok(_) | Err(Error::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn current_session(&self, ctx: &Context) -> Result<Option<Stored<Session>>> {
        let Some(token) = ctx.session() else { return Ok(None) };
        Ok(self.read_session(token).await?.map(|resumed| resumed.session))
    }

    pub(super) async fn lasting_sessions(&self, user: &User, ctx: &Context) -> Result<Vec<SessionView>> {
        let policy = self.stored_policy().await?;
        let rules = self.sign_in_rules().await?;
        let secrets = self.store.get(SECRETS, Scope::Archive, user.id.to_bytes()).await?;
        let secrets = secrets.map(|stored| stored.value);
        let mut views = Vec::new();
        for session in self.of_user(SESSIONS, user.id).await? {
            if session.value.ended(user, secrets.as_ref(), rules, &policy, ctx.now()).is_none() {
                views.push(session.value.view(session_id(&session)?, ctx.session()));
            }
        }
        views.sort_by_key(|view| std::cmp::Reverse(view.seen_at));
        Ok(views)
    }

    /// Drops the user's sessions that have ended, and those beyond the number that may last at once.
    async fn make_room(
        &self,
        tx: &mut Tx<'_>,
        account: &Account,
        rules: SignInRules,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let user = &account.user.value;
        let secrets = account.secrets.as_ref().map(|stored| &stored.value);
        let policy = self.stored_policy().await?;
        let (mut lasting, ended): (Vec<_>, Vec<_>) = self
            .of_user(SESSIONS, user.id)
            .await?
            .into_iter()
            .partition(|session| session.value.ended(user, secrets, rules, &policy, now).is_none());
        lasting.sort_by_key(|session| std::cmp::Reverse(session.value.seen_at));
        for session in ended.iter().chain(lasting.iter().skip(MOST - 1)) {
            tx.delete(SESSIONS, Scope::Archive, session.key.id())?;
            tx.release("session", session.value.token.as_bytes())?;
        }
        Ok(())
    }
}

/// Takes a session out, with the look-up of its token, if it is still as it was read.
fn drop_session(tx: &mut Tx<'_>, session: &Stored<Session>) -> Result<()> {
    tx.expect_unchanged(session);
    tx.delete(SESSIONS, Scope::Archive, session.key.id())?;
    tx.release("session", session.value.token.as_bytes())?;
    Ok(())
}

/// How many recovery codes are left, if one was used.
fn recovery_used(before: &Secrets, after: &Secrets) -> Option<usize> {
    let left = |secrets: &Secrets| secrets.second.as_ref().map(|second| second.recovery.len());
    left(after).filter(|_| left(after) != left(before))
}

/// The key of what belongs to a user.
pub(crate) fn key_of(user: UserId, id: [u8; 16]) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&user.to_bytes());
    key[16..].copy_from_slice(&id);
    key
}

/// Whose it is and its own id, from a key.
pub(crate) fn split<K>(key: &[u8]) -> Option<(UserId, Id<K>)> {
    let (user, id) = key.split_at_checked(16)?;
    Some((UserId::from_bytes(user.try_into().ok()?), Id::from_bytes(id.try_into().ok()?)))
}

fn session_id(session: &Stored<Session>) -> Result<SessionId> {
    split(session.key.id()).map(|(_, id)| id).ok_or(Error::SessionEnded)
}
