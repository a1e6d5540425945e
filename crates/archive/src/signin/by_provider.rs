//! Signing in by the bank's own login.
//!
//! Who comes must be a user whom an administrator has set up; roles come from here alone. At the first time the user is
//! found by the claim that the settings name, and from then on by the provider's own name for them (issuer and subject):
//! who gets a sign-in name at the provider that somebody had before is not let in as them. An attempt is good once,
//! whatever the provider thinks of its code.
//!
//! Whether the provider's word counts as two factors is for the bank to say, by values of `acr` and `amr`. Where it does
//! not, our own second factor is asked for as after a password, and [`Pass`](dossier_access::Pass) sees no difference.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use dossier_access::{Action, Actor, Context, Digest, Job, Word};
use dossier_domain::{UserId, text::Login};
use dossier_storage::Tx;
use serde::{Deserialize, Serialize};

use super::{
    First, Proof, Secrets, SignedIn, Why,
    account::Account,
    flow::Flow,
    provider::{Provider, Trouble},
};
use crate::{Archive, Error, Result, records::SECRETS};

/// The look-up from issuer and subject to the user.
const SUBJECT: &str = "provider's subject";

/// Whom the provider means by a user of ours, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bound {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) since: DateTime<Utc>,
    /// Attempts that were used, and until when they must be remembered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) used: BTreeMap<Digest, DateTime<Utc>>,
}

/// Who has signed in at the provider.
pub(super) struct Proven {
    issuer: String,
    subject: String,
    login: Option<Login>,
    flow: Digest,
    flow_ends: DateTime<Utc>,
    pub(super) two_factors: bool,
}

/// The way to the provider.
pub struct Departure {
    /// Where the visitor is to be sent.
    pub url: url::Url,
    /// What their browser, and nobody else, is to keep until they come back, for ten minutes at most.
    pub kept: String,
}

/// What somebody brings back from the provider.
#[derive(Debug, Clone, Default)]
pub struct Arrived {
    /// What their browser has kept.
    pub kept: String,
    /// The state that was sent along.
    pub state: String,
    /// The code; empty if the provider refused them.
    pub code: String,
    /// Who the provider says to be (RFC 9207), if it does.
    pub issuer: Option<String>,
}

impl Archive {
    /// Lets people sign in by the bank's own login from now on.
    pub fn set_provider(&mut self, provider: Provider) {
        self.provider = Some(provider);
    }

    /// The bank's own login, if people may sign in by it.
    pub fn provider(&self) -> Option<&Provider> {
        self.provider.as_ref()
    }

    /// Sends somebody to the bank's own login.
    ///
    /// # Errors
    /// [`Error::NoProvider`] if there is none, [`Error::ProviderUnavailable`] if it can't be reached,
    /// [`Error::TooMany`] for an origin from which too much failed.
    pub async fn depart(&self, origin: Word) -> Result<Departure> {
        let provider = self.provider.as_ref().ok_or(Error::NoProvider)?;
        let ctx = self.context(Actor::system(Job::SignIn), origin)?;
        self.refuse_blocked(&self.gate.place(ctx.origin()), &ctx).await?;
        let flow = Flow::begin(&ctx, &self.gate)?;
        let url = provider.address_for(&flow, ctx.now()).await.map_err(|trouble| unavailable(&trouble))?;
        Ok(Departure { url, kept: flow.kept })
    }

    /// Lets in who comes back from the bank's own login.
    ///
    /// # Errors
    /// [`Error::ProviderSignIn`] for whatever is wrong, after the same work; the others as [`Archive::depart`].
    pub async fn arrive(&self, arrived: &Arrived, origin: Word) -> Result<SignedIn> {
        let provider = self.provider.as_ref().ok_or(Error::NoProvider)?;
        let ctx = self.context(Actor::system(Job::SignIn), origin)?;
        let place = self.gate.place(ctx.origin());
        self.refuse_blocked(&place, &ctx).await?;
        let done = match self.proven(provider, arrived, ctx.now()).await {
            Ok(proven) => {
                let id = self.meant(&proven).await?;
                let proof = Proof { first: First::Provider(proven), code: None };
                self.judge(&ctx, &place, id, &proof).await
            }
            Err(Trouble::Unavailable(error)) => return self.note_unavailable(&ctx, error).await,
            Err(trouble) => {
                let _turn = self.gate.turn().await;
                let permit = self.may_sign_in(&ctx, None).await?;
                self.note_failure(&ctx, &permit, None, &place, why(&trouble)).await
            }
        };
        done.map_err(|error| if matches!(error, Error::SignIn) { Error::ProviderSignIn } else { error })
    }

    /// Forgets whom the provider means by a user, and ends their sessions: at their next sign-in they are recognised anew.
    ///
    /// # Errors
    /// [`Error::Denied`] for who may not, and for one's own; [`Error::NotFound`]; [`Error::Invalid`] if they have never
    /// signed in so.
    pub async fn release_from_provider(&self, ctx: &Context, login: &Login) -> Result<()> {
        let (user, permit) = self.user_to_change(ctx, Action::ResetSignIn, login).await?;
        let id = user.value.id;
        let account = self.account(id).await?.ok_or(Error::Conflict)?;
        let mut secrets = account.secrets.as_ref().map(|stored| stored.value.clone()).unwrap_or_default();
        if secrets.provider.take().is_none() {
            return Err(Error::invalid(
                "此用户尚未通过统一登录登录过",
                "this user has never signed in by the bank's login",
            ));
        }
        secrets.epoch += 1;
        let mut tx = self.store.batch();
        self.write_secrets(&mut tx, &account, Some(&secrets))?;
        self.renew_session(&mut tx, ctx, id, secrets.epoch, false).await?;
        self.journal.change([permit.part("release_provider")?.on(id)], tx).await?;
        Ok(())
    }

    async fn proven(
        &self,
        provider: &Provider,
        arrived: &Arrived,
        now: DateTime<Utc>,
    ) -> Result<Proven, Trouble> {
        let Arrived { kept, state, code, issuer } = arrived;
        let flow = Flow::resume(kept, state, now, &self.gate).ok_or(Trouble::State)?;
        if issuer.as_ref().is_some_and(|issuer| issuer != provider.issuer()) {
            return Err(Trouble::Fault(dossier_access::OidcFault::Issuer));
        }
        if code.is_empty() {
            return Err(Trouble::Refused);
        }
        let token = provider.identify(code, &flow, now).await?;
        Ok(Proven {
            issuer: provider.issuer().to_owned(),
            login: provider.login_of(&token).and_then(|login| Login::parse(login).ok()),
            two_factors: provider.has_two_factors(&token),
            subject: token.subject,
            flow: flow.digest(),
            flow_ends: flow.ends(),
        })
    }

    /// Whom the provider means: by its own name for them, or at the first time by the sign-in name.
    async fn meant(&self, proven: &Proven) -> Result<Option<UserId>> {
        let found = self.store.lookup(SUBJECT, &subject(&proven.issuer, &proven.subject)).await?;
        if let Some(id) = found.and_then(|id| id.first_chunk().copied()) {
            return Ok(Some(UserId::from_bytes(id)));
        }
        match &proven.login {
            Some(login) => self.user_id_of(login.as_str()).await,
            None => Ok(None),
        }
    }

    /// Writes an account's secrets if they have changed, and in any case only if nobody else has. Whom the provider means
    /// is found by a look-up, which goes along.
    pub(super) fn write_secrets(
        &self,
        tx: &mut Tx<'_>,
        account: &Account,
        changed: Option<&Secrets>,
    ) -> Result<()> {
        let id = account.user.value.id.to_bytes();
        let before = account.secrets.as_ref();
        let Some(changed) = changed else {
            before.map(|before| tx.expect_unchanged(before)).ok_or(Error::SignIn)?;
            return Ok(());
        };
        super::put(tx, SECRETS, before, id, changed)?;
        let name =
            |secrets: &Secrets| secrets.provider.as_ref().map(|bound| subject(&bound.issuer, &bound.subject));
        let (before, after) = (before.and_then(|before| name(&before.value)), name(changed));
        if before != after {
            if let Some(before) = before {
                tx.release(SUBJECT, &before)?;
            }
            if let Some(after) = after {
                tx.claim(SUBJECT, &after, &id)?;
            }
        }
        Ok(())
    }

    /// That nobody was let in because the provider is away is nobody's failure, and counts for no lock.
    async fn note_unavailable(&self, ctx: &Context, error: dossier_vendor::Error) -> Result<SignedIn> {
        let permit = self.may_sign_in(ctx, None).await?.denied("provider_unavailable")?;
        self.journal.change([permit], self.store.batch()).await?;
        Err(unavailable(&Trouble::Unavailable(error)))
    }
}

impl Proven {
    /// The account's secrets with this sign-in in them, if the account is the one that is meant.
    pub(super) fn accept(&self, account: &Account, now: DateTime<Utc>) -> Result<Secrets, Why> {
        let secrets = account.secrets.as_ref().map(|stored| stored.value.clone()).unwrap_or_default();
        let mut bound = match secrets.provider {
            Some(bound) if bound.issuer == self.issuer && bound.subject == self.subject => bound,
            Some(bound) if bound.issuer == self.issuer => return Err(Why::OtherSubject),
            // Nobody yet, or somebody at a provider that the bank no longer uses.
            _ if self.login.as_ref() == Some(&account.user.value.login) => {
                let (issuer, subject) = (self.issuer.clone(), self.subject.clone());
                Bound { issuer, subject, since: now, used: BTreeMap::new() }
            }
            _ => return Err(Why::UnknownUser),
        };
        bound.used.retain(|_, ends| *ends > now);
        match bound.used.insert(self.flow, self.flow_ends) {
            None => Ok(Secrets { provider: Some(bound), ..secrets }),
            Some(_) => Err(Why::Replayed),
        }
    }
}

/// Issuer and subject as one name. Neither holds a line break.
fn subject(issuer: &str, subject: &str) -> Vec<u8> {
    format!("{issuer}\n{subject}").into_bytes()
}

fn why(trouble: &Trouble) -> Why {
    match trouble {
        Trouble::Fault(fault) => Why::Token(*fault),
        Trouble::State => Why::State,
        Trouble::Refused | Trouble::Unavailable(_) => Why::ProviderRefused,
    }
}

fn unavailable(trouble: &Trouble) -> Error {
    tracing::warn!(?trouble, "the bank's login could not be used");
    Error::ProviderUnavailable
}
