//! Another password, and a second factor.
//!
//! Whatever changes here gives the session in which it is done a new token, and ends the user's other sessions. Each change
//! is preceded by a proof that it is the user who asks: their password; or for those who have none, that they have come from
//! the bank's own login just now.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Action, Context, Digest, RecoveryCode, Token, TotpSecret, User};
use dossier_storage::{Scope, Stored};
use subtle::ConstantTimeEq;

use super::{
    Secrets,
    account::{Account, Offered, SecondFactor},
    links::chosen,
    sessions::SessionView,
};
use crate::{
    Archive, Error, Result,
    permit::{Permit, person},
    records::SECRETS,
};

/// So long an offered second factor waits for its first code.
const OFFER_LASTS: TimeDelta = TimeDelta::minutes(15);
/// So long after somebody has come from the bank's own login that stands for the password which they do not have.
const JUST_NOW: TimeDelta = TimeDelta::minutes(10);

/// A second factor to be taken over into an authenticator program.
pub struct SecondFactorOffer {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The same and more, to be read from a QR code.
    pub uri: String,
    /// Until when a first code is waited for.
    pub expires_at: DateTime<Utc>,
}

impl SecondFactorOffer {
    fn of(offered: &Offered, user: &User) -> Self {
        Self {
            secret: offered.secret.base32().to_string(),
            uri: offered.secret.uri(&user.login).to_string(),
            expires_at: offered.at + OFFER_LASTS,
        }
    }
}

/// A second factor that is set up.
pub struct SecondFactorOn {
    /// Ten codes that each replace it once; shown only here.
    pub recovery_codes: Vec<String>,
    /// The token of the session from now on.
    pub token: Option<Token>,
}

/// How somebody signs in, for themselves to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// Who.
    pub user: User,
    /// Since when they have their password; `None` if they have none.
    pub password_since: Option<DateTime<Utc>>,
    /// Since when the bank's own login is bound to them.
    pub provider_since: Option<DateTime<Utc>>,
    /// Since when they have a second factor.
    pub second_factor_since: Option<DateTime<Utc>>,
    /// How many recovery codes are left.
    pub recovery_codes_left: usize,
}

impl Archive {
    /// How whoever acts signs in. It tells a session of a password alone, too, what is to be set up.
    ///
    /// # Errors
    /// [`Error::Denied`]
    pub async fn own_account(&self, ctx: &Context) -> Result<AccountView> {
        let (user, permit) = self.own(ctx, Action::ChangeSecondFactor).await?;
        let intent = self.journal.intend(permit.part("view_account")?.on(user.id)).await?;
        let account = self.account(user.id).await;
        self.conclude(intent, &account, &[]);
        let secrets = account?.and_then(|account| account.secrets).map(|stored| stored.value);
        let second = secrets.as_ref().and_then(|secrets| secrets.second.as_ref());
        Ok(AccountView {
            user,
            password_since: secrets.as_ref().and_then(|secrets| secrets.password_since),
            provider_since: secrets
                .as_ref()
                .and_then(|secrets| secrets.provider.as_ref())
                .map(|bound| bound.since),
            second_factor_since: second.map(|second| second.since),
            recovery_codes_left: second.map_or(0, |second| second.recovery.len()),
        })
    }

    /// Takes another password. Gives the token of the session from now on.
    ///
    /// # Errors
    /// [`Error::SignIn`] if the current one is wrong, [`Error::Invalid`] if the new one is not taken.
    pub async fn change_password(&self, ctx: &Context, current: &str, new: &str) -> Result<Option<Token>> {
        let (user, permit) = self.own(ctx, Action::ChangePassword).await?;
        if new == current {
            return Err(Error::invalid("新密码须与现在的不同", "the new password must be another one"));
        }
        let new = chosen(new, &user.login, &user.name)?;
        let (permit, account) = self.prove(ctx, permit, current).await?;
        let entered = self.gate.enter().await?;
        let hash = self.hashed(ctx, &entered, new).await?;
        let stored = account.secrets.ok_or(Error::Conflict)?;
        let secrets =
            Secrets { password: Some(hash), password_since: Some(ctx.now()), ..stored.value.clone() };
        let has_second = secrets.second.is_some();
        self.change_secrets(ctx, permit, &stored, secrets, has_second).await
    }

    /// Offers a second factor. It is set up once a code of it is given to [`Archive::confirm_second_factor`]; what was
    /// offered before is forgotten.
    ///
    /// # Errors
    /// [`Error::SignIn`] if the password is wrong; [`Error::Invalid`] if there is a second factor already, or if somebody
    /// without a password has come from the bank's login too long ago.
    pub async fn begin_second_factor(&self, ctx: &Context, password: &str) -> Result<SecondFactorOffer> {
        let (user, permit) = self.own(ctx, Action::ChangeSecondFactor).await?;
        let (permit, account) = self.prove_themselves(ctx, permit, password).await?;
        let stored = account.secrets.ok_or(Error::Conflict)?;
        if stored.value.second.is_some() {
            return Err(Error::invalid(
                "已设置双因素认证；要更换，请先关闭",
                "there is a second factor already; turn it off to set up another",
            ));
        }
        let secret = TotpSecret::generate(ctx.entropy())?;
        let offered = Offered { secret, at: ctx.now() };
        let offer = SecondFactorOffer::of(&offered, &user);
        let secrets = Secrets { offered: Some(offered), ..stored.value.clone() };
        let mut tx = self.store.batch();
        tx.update(SECRETS, &stored, &secrets)?;
        self.journal.change([permit.part("offer_second_factor")?.on(user.id)], tx).await?;
        Ok(offer)
    }

    /// What was offered, once more, as after a wrong code. It is shown to nobody who does not name its secret.
    ///
    /// # Errors
    /// [`Error::Denied`]
    pub async fn offered_second_factor(
        &self,
        ctx: &Context,
        secret: &str,
    ) -> Result<Option<SecondFactorOffer>> {
        // The permit is not used: nothing is told that was not known.
        let (user, _) = self.own(ctx, Action::ChangeSecondFactor).await?;
        let stored = self.secrets_of(&user).await?;
        let known =
            |offered: &&Offered| bool::from(offered.secret.base32().as_bytes().ct_eq(secret.as_bytes()));
        let offered = offered_lately(&stored.value, ctx.now()).filter(known);
        Ok(offered.map(|offered| SecondFactorOffer::of(offered, &user)))
    }

    /// Sets up the offered second factor by a first code of it.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the code is wrong, or nothing was offered lately.
    pub async fn confirm_second_factor(&self, ctx: &Context, code: &str) -> Result<SecondFactorOn> {
        let (user, permit) = self.own(ctx, Action::ChangeSecondFactor).await?;
        let stored = self.secrets_of(&user).await?;
        let offered = offered_lately(&stored.value, ctx.now()).cloned().ok_or_else(|| {
            Error::invalid("请重新开始设置双因素认证", "begin anew to set up the second factor")
        })?;
        let last_step = offered.secret.accept(code, ctx.now(), None).ok_or_else(|| {
            Error::invalid(
                "验证码不正确；请确认手机时间准确",
                "the code is wrong; make sure that the telephone's clock is right",
            )
        })?;
        let (recovery_codes, recovery) = self.new_codes(ctx)?;
        let second = SecondFactor { secret: offered.secret, since: ctx.now(), last_step, recovery };
        let secrets = Secrets { second: Some(second), offered: None, ..stored.value.clone() };
        let permit = permit.part("turn_on_second_factor")?.on(user.id);
        let token = self.change_secrets(ctx, permit, &stored, secrets, true).await?;
        Ok(SecondFactorOn { recovery_codes, token })
    }

    /// Gives ten new recovery codes; the old ones are good no longer.
    ///
    /// # Errors
    /// [`Error::SignIn`] if the password is wrong, [`Error::Invalid`] if there is no second factor.
    pub async fn renew_recovery_codes(&self, ctx: &Context, password: &str) -> Result<SecondFactorOn> {
        let (user, permit) = self.own(ctx, Action::ChangeSecondFactor).await?;
        let (permit, account) = self.prove_themselves(ctx, permit, password).await?;
        let stored = account.secrets.ok_or(Error::Conflict)?;
        let Some(second) = stored.value.second.clone() else { return Err(no_second_factor()) };
        let (recovery_codes, recovery) = self.new_codes(ctx)?;
        let second = Some(SecondFactor { recovery, ..second });
        let secrets = Secrets { second, ..stored.value.clone() };
        let permit = permit.part("renew_recovery_codes")?.on(user.id);
        let token = self.change_secrets(ctx, permit, &stored, secrets, true).await?;
        Ok(SecondFactorOn { recovery_codes, token })
    }

    /// Turns the second factor off. Gives the token of the session from now on.
    ///
    /// # Errors
    /// [`Error::SignIn`] if the password is wrong, [`Error::Invalid`] if there is no second factor.
    pub async fn turn_off_second_factor(&self, ctx: &Context, password: &str) -> Result<Option<Token>> {
        let (user, permit) = self.own(ctx, Action::ChangeSecondFactor).await?;
        let (permit, account) = self.prove_themselves(ctx, permit, password).await?;
        let stored = account.secrets.ok_or(Error::Conflict)?;
        if stored.value.second.is_none() {
            return Err(no_second_factor());
        }
        let secrets = Secrets { second: None, offered: None, ..stored.value.clone() };
        let permit = permit.part("turn_off_second_factor")?.on(user.id);
        self.change_secrets(ctx, permit, &stored, secrets, false).await
    }

    /// Makes sure that it is its owner who changes the second factor.
    async fn prove_themselves(
        &self,
        ctx: &Context,
        permit: Permit,
        password: &str,
    ) -> Result<(Permit, Account)> {
        let user = person(ctx)?;
        let account = self.account(user.id).await?.ok_or(Error::SessionEnded)?;
        let has_password = |secrets: &Stored<Secrets>| secrets.value.password.is_some();
        if account.secrets.as_ref().is_some_and(has_password) {
            return self.prove(ctx, permit, password).await;
        }
        let now = ctx.now();
        let has_just_come = |session: &SessionView| {
            session.is_current
                && session.by_provider
                && (TimeDelta::zero()..JUST_NOW).contains(&(now - session.begun_at))
        };
        if self.lasting_sessions(user, ctx).await?.iter().any(has_just_come) {
            return Ok((permit, account));
        }
        self.journal.change([permit.denied("came_long_ago")?], self.store.batch()).await?;
        Err(Error::invalid(
            "您没有本系统的密码，须在通过统一登录登录后十分钟内进行此操作：请退出后重新登录",
            "you have no password here, so this is done within ten minutes after you have come from the bank's login: \
             sign out and in again",
        ))
    }

    /// Writes changed secrets, and with them the session in which it is done.
    async fn change_secrets(
        &self,
        ctx: &Context,
        permit: Permit,
        stored: &Stored<Secrets>,
        secrets: Secrets,
        second_factor: bool,
    ) -> Result<Option<Token>> {
        let secrets = Secrets { epoch: stored.value.epoch + 1, ..secrets };
        let user = ctx.actor().user().ok_or(Error::SessionEnded)?;
        let mut tx = self.store.batch();
        tx.update(SECRETS, stored, &secrets)?;
        let token = self.renew_session(&mut tx, ctx, user.id, secrets.epoch, second_factor).await?;
        self.journal.change([permit], tx).await?;
        Ok(token)
    }

    async fn secrets_of(&self, user: &User) -> Result<Stored<Secrets>> {
        let found = self.store.get(SECRETS, Scope::Archive, user.id.to_bytes()).await?;
        found.ok_or_else(|| Error::invalid("请先设置密码", "set a password first"))
    }

    fn new_codes(&self, ctx: &Context) -> Result<(Vec<String>, std::collections::BTreeSet<Digest>)> {
        let codes = (0..RecoveryCode::COUNT).map(|_| RecoveryCode::generate(ctx.entropy()));
        let codes = codes.collect::<dossier_access::Result<Vec<_>>>()?;
        let shown = codes.iter().map(RecoveryCode::reveal).collect();
        Ok((shown, codes.iter().map(|code| self.gate.recovery(code)).collect()))
    }
}

/// A second factor that was offered and still waits for its first code.
fn offered_lately(secrets: &Secrets, now: DateTime<Utc>) -> Option<&Offered> {
    let is_good = |offered: &&Offered| (TimeDelta::zero()..OFFER_LASTS).contains(&(now - offered.at));
    secrets.offered.as_ref().filter(is_good)
}

pub(super) fn no_second_factor() -> Error {
    Error::invalid("没有设置双因素认证", "there is no second factor")
}
