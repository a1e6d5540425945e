//! The ID token: a signed statement of who has just signed in at the provider.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use super::{KeySet, OidcFault};

/// The largest token, in bytes.
const LARGEST: usize = 32 << 10;
/// So far may the provider's clock differ from ours.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(60);
/// What stands in the list of values for a provider that always checks two factors.
const ALWAYS: &str = "*";

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub struct Demands<'a> {
    /// Who must have made it.
    pub issuer: &'a str,
    /// For whom it must be: our id at the provider.
    pub client: &'a str,
    /// The attempt that it must belong to.
    pub nonce: &'a str,
    /// When the attempt began; a token from before is none of it.
    pub begun: DateTime<Utc>,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// A token that has been checked.
#[derive(Debug, Clone)]
pub struct IdToken {
    /// Who it is about: the provider's own name for them, which never changes and is given to nobody else.
    pub subject: String,
    acr: Option<String>,
    amr: Vec<String>,
    claims: Map<String, Value>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// What must be understood; nothing of it is.
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl IdToken {
    /// Checks a token: signature first, then every claim that is demanded.
    ///
    /// # Errors
    /// The first [`OidcFault`] that is found.
    pub fn check(token: &str, keys: &KeySet, demands: &Demands<'_>) -> Result<Self, OidcFault> {
        let payload = signed_payload(token, keys)?;
        let claims: Claims = serde_json::from_slice(&payload).map_err(|_| OidcFault::Malformed)?;
        claims.meet(demands)?;
        let all = serde_json::from_slice(&payload).map_err(|_| OidcFault::Malformed)?;
        Ok(Self { subject: claims.sub, acr: claims.acr, amr: claims.amr, claims: all })
    }

    /// The same with what the provider's userinfo endpoint says, where many keep what a scope asks for. It must be about the
    /// same person; what the token says itself stands.
    ///
    /// # Errors
    /// [`OidcFault::Malformed`], [`OidcFault::Subject`].
    pub fn with_userinfo(mut self, json: &[u8]) -> Result<Self, OidcFault> {
        let told: Map<String, Value> = serde_json::from_slice(json).map_err(|_| OidcFault::Malformed)?;
        if told.get("sub").and_then(Value::as_str) != Some(&self.subject) {
            return Err(OidcFault::Subject);
        }
        for (name, value) in told {
            self.claims.entry(name).or_insert(value);
        }
        Ok(self)
    }

    /// The claim by which somebody is recognised who has not been here before. An e-mail address that the provider calls
    /// unverified is none.
    pub fn claim(&self, name: &str) -> Option<&str> {
        let is_unverified =
            name == "email" && self.claims.get("email_verified").is_some_and(|said| said != true);
        self.claims.get(name).and_then(Value::as_str).filter(|_| !is_unverified)
    }

    /// Whether the provider has checked two factors: its `acr`, or one of its `amr`, is among the values that say so.
    pub fn has_two_factors(&self, values: &[String]) -> bool {
        let said = self.acr.iter().chain(&self.amr);
        values.iter().any(|value| value == ALWAYS) || said.into_iter().any(|one| values.contains(one))
    }
}

impl Claims {
    fn meet(&self, demands: &Demands<'_>) -> Result<(), OidcFault> {
        let (at, client) = (|seconds: f64| instant(seconds).ok_or(OidcFault::Malformed), demands.client);
        if self.iss != demands.issuer {
            return Err(OidcFault::Issuer);
        }
        let (is_for_us, is_for_us_alone) = match &self.aud {
            Audience::One(one) => (one == client, true),
            Audience::Many(many) => (many.iter().any(|one| one == client), many.len() == 1),
        };
        let is_by_us = self.azp.as_ref().map_or(is_for_us_alone, |by| by == client);
        if !is_for_us || !is_by_us {
            return Err(OidcFault::Audience);
        }
        let (issued, ends) = (at(self.iat)?, at(self.exp)?);
        let begins = self.nbf.map(at).transpose()?.unwrap_or(issued);
        let has_begun = issued.max(begins) <= demands.now + CLOCKS_DIFFER;
        let is_of_now = issued + CLOCKS_DIFFER >= demands.begun && demands.now < ends + CLOCKS_DIFFER;
        if !has_begun || !is_of_now {
            return Err(OidcFault::Expired);
        }
        let nonce = self.nonce.as_deref().unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(demands.nonce.as_bytes())) {
            return Err(OidcFault::Nonce);
        }
        // Core 2: at most 255 ASCII characters.
        let is_subject = (1..=255).contains(&self.sub.len()) && self.sub.is_ascii();
        if is_subject { Ok(()) } else { Err(OidcFault::Subject) }
    }
}

/// What the token says, once its signature has been found to be the provider's.
fn signed_payload(token: &str, keys: &KeySet) -> Result<Vec<u8>, OidcFault> {
    let malformed = OidcFault::Malformed;
    if token.len() > LARGEST {
        return Err(malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(malformed)?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed);
    let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| malformed)?;
    if header.crit.is_some() {
        return Err(OidcFault::Algorithm);
    }
    keys.verify(&header.alg, header.kid.as_deref(), signed.as_bytes(), &decode(signature)?)?;
    decode(payload)
}

/// A NumericDate of RFC 7519, to the second.
fn instant(seconds: f64) -> Option<DateTime<Utc>> {
    const LATEST: f64 = 253_402_300_799.0;
    (0.0..=LATEST).contains(&seconds).then(|| DateTime::from_timestamp(seconds as i64, 0)).flatten()
}
