//! What a provider of OpenID Connect says of who signs in, checked: nothing is believed that its keys have not signed.
//!
//! | what | where |
//! |---|---|
//! | the provider's description of itself | [`Metadata`] |
//! | its public keys, and which signatures are taken | [`KeySet`] |
//! | the ID token and its claims | [`IdToken`] |
//!
//! Sources: OpenID Connect Core 1.0 and Discovery 1.0, RFC 7515 (JWS), 7517 (JWK), 7518 (algorithms), 7636 (PKCE) and 8725
//! (what goes wrong with tokens). All cryptography is that of `ring`, as everywhere here.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::Digest;

mod keys;
mod metadata;
mod token;

pub use keys::KeySet;
pub use metadata::Metadata;
pub use token::{Demands, IdToken};

/// What the provider is told of a verifier before it is shown (RFC 7636, `S256`).
pub fn code_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Digest::of(verifier.as_bytes()).as_bytes())
}

/// Why a provider's answer is not believed. The code goes into the operation log; nobody outside learns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OidcFault {
    /// The description or the key set makes no sense, or is that of another issuer.
    Metadata,
    /// The token is none, or too large.
    Malformed,
    /// It is signed in a way that is not taken, or not at all.
    Algorithm,
    /// No key of the provider fits; it may have a new one.
    UnknownKey,
    /// The signature is not of that key.
    Signature,
    /// Another provider made it.
    Issuer,
    /// It is meant for another program.
    Audience,
    /// It is too old, or from the future.
    Expired,
    /// It belongs to another attempt.
    Nonce,
    /// It does not say who it is about.
    Subject,
}

impl OidcFault {
    /// All faults.
    pub const ALL: [Self; 10] = [
        Self::Metadata,
        Self::Malformed,
        Self::Algorithm,
        Self::UnknownKey,
        Self::Signature,
        Self::Issuer,
        Self::Audience,
        Self::Expired,
        Self::Nonce,
        Self::Subject,
    ];

    /// The reason code in the operation log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Metadata => "provider_metadata",
            Self::Malformed => "token_malformed",
            Self::Algorithm => "token_algorithm",
            Self::UnknownKey => "token_unknown_key",
            Self::Signature => "token_signature",
            Self::Issuer => "token_issuer",
            Self::Audience => "token_audience",
            Self::Expired => "token_expired",
            Self::Nonce => "token_nonce",
            Self::Subject => "token_subject",
        }
    }
}
