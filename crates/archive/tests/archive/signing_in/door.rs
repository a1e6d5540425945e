//! An archive whose users have passwords, and what they do at its door.

use dossier_access::{
    Context, Token, TotpSecret, Word,
    log::{Entry, Outcome},
};
use dossier_archive::{Error, LogFilter, NewSession, SignIn, SignedIn};
use dossier_domain::Clock;
use dossier_testkit::{TestArchive, TestResult};

pub(super) const PASSWORD: &str = "kurz und gut genug";
pub(super) const HOME: &str = "192.0.2.1";

pub(super) struct Door {
    pub(super) test: TestArchive,
}

pub(super) fn word(text: &str) -> Word {
    Word::parse(text).unwrap()
}

impl Door {
    /// All users but `li` have a password.
    pub(super) async fn new() -> TestResult<Self> {
        let test = TestArchive::new().await?;
        for login in ["admin", "hr", "checker", "auditor"] {
            test.give_password(login, PASSWORD).await?;
        }
        Ok(Self { test })
    }

    pub(super) async fn try_with(
        &self,
        login: &str,
        password: &str,
        code: Option<&str>,
        origin: &str,
    ) -> Result<SignedIn, Error> {
        self.test.archive.sign_in(SignIn { login, password, code, origin: word(origin) }).await
    }

    /// An attempt that fails.
    pub(super) async fn fail(&self, login: &str, password: &str, origin: &str) -> Error {
        self.try_with(login, password, None, origin).await.unwrap_err()
    }

    /// Signs in by password alone.
    pub(super) async fn session(&self, login: &str, origin: &str) -> TestResult<NewSession> {
        match self.try_with(login, PASSWORD, None, origin).await? {
            SignedIn::Session(session) => Ok(session),
            SignedIn::CodeNeeded { .. } => Err("a code is needed".into()),
        }
    }

    pub(super) async fn enter(&self, login: &str) -> TestResult<Token> {
        Ok(self.session(login, HOME).await?.token)
    }

    pub(super) async fn resume(&self, token: &Token) -> Result<Context, Error> {
        self.test.archive.resume(token.reveal(), word(HOME)).await
    }

    /// Whether the session still lasts.
    pub(super) async fn lasts(&self, token: &Token) -> bool {
        match self.resume(token).await {
            Ok(_) => true,
            Err(Error::SessionEnded) => false,
            Err(other) => panic!("{other:?}"),
        }
    }

    pub(super) fn advance(&self, minutes: i64) {
        self.test.clock.advance(chrono::TimeDelta::minutes(minutes));
    }

    /// Sets up a second factor; gives its secret, the recovery codes and the session's token.
    pub(super) async fn second_factor(&self, login: &str) -> TestResult<(TotpSecret, Vec<String>, Token)> {
        let ctx = self.resume(&self.enter(login).await?).await?;
        let offer = self.test.archive.begin_second_factor(&ctx, PASSWORD).await?;
        let secret = from_base32(&offer.secret)?;
        let on = self.test.archive.confirm_second_factor(&ctx, &secret.code(self.test.clock.now())).await?;
        Ok((secret, on.recovery_codes, on.token.ok_or("no token")?))
    }

    /// What the log says of actions whose names begin so, from the first.
    pub(super) async fn log(&self, action: &str) -> TestResult<Vec<Entry>> {
        let auditor = self.test.as_user("auditor").await?;
        let filter =
            LogFilter { action: Some(action.to_owned()), limit: Some(100_000), ..LogFilter::default() };
        let records = self.test.archive.log_records(&auditor, filter).await?.records;
        Ok(records.into_iter().rev().map(|record| record.entry).collect())
    }

    /// Why signing in was denied, each time.
    pub(super) async fn denials(&self) -> TestResult<Vec<String>> {
        let denied = |entry: &Entry| entry.outcome == Outcome::Denied;
        let reason = |entry: Entry| entry.reason.map(|reason| reason.to_string()).unwrap_or_default();
        Ok(self.log("sign_in").await?.into_iter().filter(denied).map(reason).collect())
    }
}

/// A secret from what is shown to be typed, as an authenticator program reads it.
pub(crate) fn from_base32(text: &str) -> TestResult<TotpSecret> {
    let bits = text.chars().map(|c| match c {
        'A'..='Z' => Ok(c as u8 - b'A'),
        '2'..='7' => Ok(c as u8 - b'2' + 26),
        other => Err(format!("{other:?} is not in the alphabet")),
    });
    let bits: Vec<u8> = bits.collect::<Result<_, _>>()?;
    let number = |group: &[u8]| group.iter().fold(0u64, |sum, five| sum << 5 | u64::from(*five));
    let bytes: Vec<u8> = bits.chunks(8).flat_map(|group| number(group).to_be_bytes()[3..].to_vec()).collect();
    Ok(serde_json::from_value(hex::encode(bytes).into())?)
}
