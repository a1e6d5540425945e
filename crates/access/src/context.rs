//! The one argument that says who acts, when, and on which request.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use dossier_domain::{
    Clock,
    id::{Id, Kind},
};
use dossier_seal::Entropy;

use crate::{
    Action, Actor, Decision, Digest, Error, Resource, Result, Scope, Word, decide, scope, smallest_group,
};

/// Marks ids of requests.
#[derive(Debug)]
pub enum RequestKind {}

impl Kind for RequestKind {
    const PREFIX: &'static str = "req";
}

/// Names one request, so that all that it caused can be found together.
pub type RequestId = Id<RequestKind>;

/// Who acts, when, on which request. Every use case takes it first; time and randomness come in through it alone.
#[derive(Clone)]
pub struct Context {
    actor: Actor,
    request: RequestId,
    origin: Word,
    session: Option<Digest>,
    based_on: Option<u64>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Context {
    /// A context for one request of `actor`, coming from `origin`: an address, or a word such as `cli`.
    ///
    /// # Errors
    /// [`Error::Entropy`] when there are no random bytes for the request's id.
    pub fn new(actor: Actor, origin: Word, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self> {
        let request = new_id(clock.as_ref(), entropy.as_ref())?;
        Ok(Self { actor, request, origin, session: None, based_on: None, clock, entropy })
    }

    /// The same, within a session; only the hash of its token is kept.
    #[must_use]
    pub fn in_session(self, token: &[u8]) -> Self {
        Self { session: Some(Digest::of(token)), ..self }
    }

    /// The same, by somebody who relies on what they saw: what was changed after the commit of this number is not changed
    /// any further on that ground.
    #[must_use]
    pub fn based_on(self, commit: u64) -> Self {
        Self { based_on: Some(commit), ..self }
    }

    /// The commit whose state the actor relies on, if they said so.
    pub fn base(&self) -> Option<u64> {
        self.based_on
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The request.
    pub fn request(&self) -> RequestId {
        self.request
    }

    /// Where the request came from.
    pub fn origin(&self) -> &Word {
        &self.origin
    }

    /// The hash of the session's token, if there is a session.
    pub fn session(&self) -> Option<Digest> {
        self.session
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The source of random bytes.
    pub fn entropy(&self) -> &dyn Entropy {
        self.entropy.as_ref()
    }

    /// A new id, made of the time and random bits.
    ///
    /// # Errors
    /// [`Error::Entropy`] when there are no random bytes.
    pub fn new_id<K>(&self) -> Result<Id<K>> {
        new_id(self.clock.as_ref(), self.entropy.as_ref())
    }

    /// What [`decide`] says of this context's actor.
    pub fn decide(&self, action: Action, resource: &Resource) -> Decision {
        decide(&self.actor, action, resource)
    }

    /// The [`smallest_group`] of this context's actor.
    pub fn smallest_group(&self) -> u64 {
        smallest_group(&self.actor)
    }

    /// The [`scope()`] of this context's actor.
    pub fn scope(&self) -> Scope {
        scope(&self.actor)
    }
}

fn new_id<K>(clock: &dyn Clock, entropy: &dyn Entropy) -> Result<Id<K>> {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes).map_err(Error::Entropy)?;
    Ok(Id::new(clock.now(), u128::from_be_bytes(bytes)))
}
