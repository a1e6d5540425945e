//! A token before it is signed, and the keys that sign it.

use std::io;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Map, Value, json};

/// A token before it is signed.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The header: algorithm and key.
    pub header: Map<String, Value>,
    /// What is said.
    pub claims: Map<String, Value>,
    /// Who signs it.
    pub signed_by: SignedBy,
}

/// Who signs a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedBy {
    /// The provider.
    Provider,
    /// Nobody: the signature is empty.
    Nobody,
    /// Somebody else, whose key has the same id.
    Stranger,
    /// Whoever knows the provider's public key, with it as a shared secret.
    PublicKey,
}

/// A key of ECDSA over P-256.
pub(super) struct SigningKey {
    id: String,
    pair: EcdsaKeyPair,
}

impl SigningKey {
    pub(super) fn generate(id: &str) -> io::Result<Self> {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(failed)?;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).map_err(failed)?;
        Ok(Self { id: id.to_owned(), pair })
    }

    pub(super) fn header(&self) -> Value {
        json!({ "alg": "ES256", "typ": "JWT", "kid": self.id })
    }

    pub(super) fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let [x, y] = [&point[1..33], &point[33..]].map(|half| URL_SAFE_NO_PAD.encode(half));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id, "x": x, "y": y })
    }
}

impl Statement {
    pub(super) fn sign(&self, key: &SigningKey, stranger: &SigningKey) -> io::Result<String> {
        let part = |of: &Map<String, Value>| URL_SAFE_NO_PAD.encode(Value::Object(of.clone()).to_string());
        let text = format!("{}.{}", part(&self.header), part(&self.claims));
        let by = |key: &SigningKey| {
            key.pair
                .sign(&SystemRandom::new(), text.as_bytes())
                .map(|made| made.as_ref().to_vec())
                .map_err(failed)
        };
        let signature = match self.signed_by {
            SignedBy::Provider => by(key)?,
            SignedBy::Stranger => by(stranger)?,
            SignedBy::Nobody => Vec::new(),
            SignedBy::PublicKey => {
                let shared = hmac::Key::new(hmac::HMAC_SHA256, key.pair.public_key().as_ref());
                hmac::sign(&shared, text.as_bytes()).as_ref().to_vec()
            }
        };
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
pub(super) fn failed(why: impl ToString) -> io::Error {
    io::Error::other(why.to_string())
}
