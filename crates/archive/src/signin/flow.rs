//! One attempt to sign in at the provider, between leaving for it and coming back.
//!
//! Nothing is stored of it: the visitor's browser keeps a random text and the time, and whatever must not be guessed is a
//! keyed hash of the two. So nobody fills a store by leaving often, every node can take who comes back, and an attempt is
//! good in the browser alone in which it began.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Context, Digest, Token};
use subtle::ConstantTimeEq;

use super::{CLOCKS_DIFFER, gate::Gate};
use crate::Result;

/// So long may somebody take to sign in at the provider.
const LASTS: TimeDelta = TimeDelta::minutes(10);

/// An attempt.
pub(super) struct Flow {
    /// What the browser keeps: the random text, a point, and the time in seconds.
    pub(super) kept: String,
    pub(super) begun: DateTime<Utc>,
    /// What the provider sends back along with the person.
    pub(super) state: String,
    /// What the provider puts into the token.
    pub(super) nonce: String,
    /// What shows the provider that the code is brought by who asked for it (RFC 7636).
    pub(super) verifier: String,
}

impl Flow {
    /// A new attempt.
    pub(super) fn begin(ctx: &Context, gate: &Gate) -> Result<Self> {
        let token = Token::generate(ctx.entropy())?;
        let begun = DateTime::from_timestamp(ctx.now().timestamp(), 0).unwrap_or_default();
        Ok(Self::of(format!("{}.{}", token.reveal(), begun.timestamp()), begun, gate))
    }

    /// The attempt that a browser has kept, if this is its state and it is not too old.
    pub(super) fn resume(kept: &str, state: &str, now: DateTime<Utc>, gate: &Gate) -> Option<Self> {
        let (token, seconds) = kept.split_once('.')?;
        let begun = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
        let flow = Self::of(format!("{}.{}", Token::parse(token)?.reveal(), begun.timestamp()), begun, gate);
        let is_its = bool::from(flow.state.as_bytes().ct_eq(state.as_bytes()));
        let is_good = begun <= now + CLOCKS_DIFFER && now - begun < LASTS;
        (is_its && is_good).then_some(flow)
    }

    fn of(kept: String, begun: DateTime<Utc>, gate: &Gate) -> Self {
        let part = |name: &str| gate.of_flow(name, &kept);
        Self { state: part("state"), nonce: part("nonce"), verifier: part("verifier"), begun, kept }
    }

    /// Until when it must be remembered that it was used.
    pub(super) fn ends(&self) -> DateTime<Utc> {
        self.begun + LASTS + CLOCKS_DIFFER
    }

    /// What is remembered of it.
    pub(super) fn digest(&self) -> Digest {
        Digest::of(self.state.as_bytes())
    }
}
