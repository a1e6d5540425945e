//! A provider's public keys, and the signatures that are taken.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

use super::OidcFault;

/// So many keys are looked at; a provider has two or three.
const MOST_KEYS: usize = 32;

/// The keys that a provider signs with at present.
#[derive(Debug, Clone, Default)]
pub struct KeySet(Vec<PublicKey>);

#[derive(Debug, Clone)]
struct PublicKey {
    id: Option<String>,
    /// The one algorithm that it is for, where the provider says so.
    algorithm: Option<String>,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// An uncompressed point.
    P256(Vec<u8>),
    /// An uncompressed point.
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Reads a JWK set. Keys that are for something else, or of a sort that is not known here, are left out.
    ///
    /// # Errors
    /// [`OidcFault::Metadata`] if it is no JWK set.
    pub fn parse(json: &[u8]) -> Result<Self, OidcFault> {
        let set: Set = serde_json::from_slice(json).map_err(|_| OidcFault::Metadata)?;
        let keys = set.keys.into_iter().filter_map(|key| PublicKey::of(serde_json::from_value(key).ok()?));
        Ok(Self(keys.take(MOST_KEYS).collect()))
    }

    /// Checks a signature by the key of this id; without an id, by each that fits the algorithm.
    ///
    /// # Errors
    /// [`OidcFault::Algorithm`], [`OidcFault::UnknownKey`], [`OidcFault::Signature`].
    pub fn verify(
        &self,
        algorithm: &str,
        id: Option<&str>,
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), OidcFault> {
        let algorithm = Algorithm::named(algorithm).ok_or(OidcFault::Algorithm)?;
        let is_asked_for = |key: &&PublicKey| id.is_none() || key.id.as_deref() == id;
        let mut fitting = self.0.iter().filter(is_asked_for).filter(|key| algorithm.fits(key)).peekable();
        fitting.peek().ok_or(OidcFault::UnknownKey)?;
        let is_signed = fitting.any(|key| algorithm.verify(&key.material, signed, signature));
        if is_signed { Ok(()) } else { Err(OidcFault::Signature) }
    }
}

impl PublicKey {
    fn of(jwk: Jwk) -> Option<Self> {
        if jwk.purpose.is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        let point = |size: usize| {
            let (x, y) = (bytes(&jwk.x)?, bytes(&jwk.y)?);
            (x.len() == size && y.len() == size).then(|| [&[4][..], &x, &y].concat())
        };
        let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Material::Rsa { modulus: bytes(&jwk.n)?, exponent: bytes(&jwk.e)? },
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes(&jwk.x)?),
            _ => return None,
        };
        Some(Self { id: jwk.kid, algorithm: jwk.alg, material })
    }
}

/// An algorithm that is taken: none without a signature, none with a shared secret, none over SHA-1.
struct Algorithm {
    name: &'static str,
    how: How,
}

enum How {
    Rsa(&'static RsaParameters),
    P256,
    P384,
    Ed25519,
}

static ALGORITHMS: [Algorithm; 9] = [
    Algorithm { name: "RS256", how: How::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256) },
    Algorithm { name: "RS384", how: How::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384) },
    Algorithm { name: "RS512", how: How::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512) },
    Algorithm { name: "PS256", how: How::Rsa(&signature::RSA_PSS_2048_8192_SHA256) },
    Algorithm { name: "PS384", how: How::Rsa(&signature::RSA_PSS_2048_8192_SHA384) },
    Algorithm { name: "PS512", how: How::Rsa(&signature::RSA_PSS_2048_8192_SHA512) },
    Algorithm { name: "ES256", how: How::P256 },
    Algorithm { name: "ES384", how: How::P384 },
    Algorithm { name: "EdDSA", how: How::Ed25519 },
];

impl Algorithm {
    fn named(name: &str) -> Option<&'static Self> {
        ALGORITHMS.iter().find(|algorithm| algorithm.name == name)
    }

    /// The key decides what it is for, not the token.
    fn fits(&self, key: &PublicKey) -> bool {
        let is_of_the_sort = matches!(
            (&self.how, &key.material),
            (How::Rsa(_), Material::Rsa { .. })
                | (How::P256, Material::P256(_))
                | (How::P384, Material::P384(_))
                | (How::Ed25519, Material::Ed25519(_))
        );
        is_of_the_sort && key.algorithm.as_deref().is_none_or(|only| only == self.name)
    }

    fn verify(&self, key: &Material, signed: &[u8], signature: &[u8]) -> bool {
        let plain: (&dyn signature::VerificationAlgorithm, &[u8]) = match (&self.how, key) {
            (How::Rsa(parameters), Material::Rsa { modulus, exponent }) => {
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                return key.verify(parameters, signed, signature).is_ok();
            }
            (How::P256, Material::P256(point)) => (&signature::ECDSA_P256_SHA256_FIXED, point),
            (How::P384, Material::P384(point)) => (&signature::ECDSA_P384_SHA384_FIXED, point),
            (How::Ed25519, Material::Ed25519(point)) => (&signature::ED25519, point),
            _ => return false,
        };
        let (algorithm, point) = plain;
        UnparsedPublicKey::new(algorithm, point).verify(signed, signature).is_ok()
    }
}
