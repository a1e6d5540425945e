//! Signed checkpoints: what the log was at one moment, in a form that can leave the machine.
//!
//! # Format
//!
//! A signed note as in C2SP `signed-note` and `tlog-checkpoint`, UTF-8, each line ended by a line feed:
//!
//! ```text
//! dossier/arc_01J…                              the log's name
//! 512                                           the number of records
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   the tree's root, base64
//! time 2026-11-23T08:00:00.000Z                 when it was signed, UTC to the millisecond
//! key NQ…=                                      the Ed25519 public key, base64
//!
//! — dossier/arc_01J… Az3grl…=                    base64 of 4 bytes that name the key and 64 of the signature
//! ```
//!
//! The signature is over everything before the empty line, its line feed included. The four bytes are the first of
//! SHA-256 over name, line feed, a one byte and the public key. A text written in any other way is refused.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::LogHead;
use crate::{Digest, Error, Result, Word};

/// A statement, signed by the archive, of what its log was at one moment. Its signature has been checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checkpoint {
    body: Body,
    signature: [u8; 64],
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Body {
    origin: Word,
    size: u64,
    root: Digest,
    at: DateTime<Utc>,
    key: PublicKey,
}

impl Checkpoint {
    /// The log's name.
    pub fn origin(&self) -> &Word {
        &self.body.origin
    }

    /// The number of records.
    pub fn size(&self) -> u64 {
        self.body.size
    }

    /// The root of the tree of these records.
    pub fn root(&self) -> Digest {
        self.body.root
    }

    /// When it was signed.
    pub fn at(&self) -> DateTime<Utc> {
        self.body.at
    }

    /// The key that signed it. That the signature fits says nothing about whose key it is.
    pub fn key(&self) -> PublicKey {
        self.body.key
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = [&self.body.key_hint()[..], &self.signature].concat();
        writeln!(f, "{}\n— {} {}", self.body, self.body.origin, STANDARD.encode(signed))
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))?;
        writeln!(f, "time {}", self.at.to_rfc3339_opts(SecondsFormat::Millis, true))?;
        writeln!(f, "key {}", STANDARD.encode(self.key.0))
    }
}

impl Body {
    fn key_hint(&self) -> [u8; 4] {
        let named = [self.origin.as_str().as_bytes(), b"\n\x01", &self.key.0].concat();
        let [a, b, c, d, ..] = *Digest::of(&named).as_bytes();
        [a, b, c, d]
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let lines: Vec<&str> = text.lines().collect();
        let [origin, size, root, time, key, "", signature] = lines[..] else {
            return Err(Error::Checkpoint("it must have five lines, an empty one and a signature"));
        };
        let body = Body {
            origin: Word::parse(origin)?,
            size: size.parse().map_err(|_| Error::Checkpoint("the second line must be a number"))?,
            root: Digest::from_bytes(base64(root)?),
            at: time
                .strip_prefix("time ")
                .and_then(|time| time.parse().ok())
                .ok_or(Error::Checkpoint("the fourth line must be `time` and a time"))?,
            key: PublicKey(base64(key.strip_prefix("key ").unwrap_or_default())?),
        };
        let signed: [u8; 68] = base64(signature.rsplit(' ').next().unwrap_or_default())?;
        let mut signature = [0; 64];
        signature.copy_from_slice(&signed[4..]);
        let checkpoint = Self { body, signature };
        if checkpoint.to_string() != text {
            return Err(Error::Checkpoint("it is not written in the one way in which checkpoints are"));
        }
        UnparsedPublicKey::new(&ED25519, checkpoint.key().0)
            .verify(checkpoint.body.to_string().as_bytes(), &checkpoint.signature)
            .map_err(|_| Error::Checkpoint("its signature is false"))?;
        Ok(checkpoint)
    }
}

fn base64<const N: usize>(text: &str) -> Result<[u8; N]> {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or(Error::Checkpoint("a hash, key or signature is not base64 of the right length"))
}

impl TryFrom<String> for Checkpoint {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Checkpoint> for String {
    fn from(checkpoint: Checkpoint) -> String {
        checkpoint.to_string()
    }
}

/// Signs checkpoints of one log. It has no `Debug`, since it holds a key.
#[expect(missing_debug_implementations, reason = "it holds a key")]
pub struct Signer {
    origin: Word,
    key: Ed25519KeyPair,
}

impl Signer {
    /// A signer for the log named `origin`, with the key of this 32-byte seed (RFC 8032).
    ///
    /// # Errors
    /// [`Error::SigningKey`] if the library refuses the seed.
    pub fn new(origin: Word, seed: &[u8; 32]) -> Result<Self> {
        let key = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| Error::SigningKey)?;
        Ok(Self { origin, key })
    }

    /// The log's name.
    pub fn origin(&self) -> &Word {
        &self.origin
    }

    /// The key that others check the signatures with.
    pub fn public_key(&self) -> PublicKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.key.public_key().as_ref());
        PublicKey(key)
    }

    /// Signs what the log is now.
    pub fn sign(&self, head: &LogHead, now: DateTime<Utc>) -> Checkpoint {
        let body = Body {
            origin: self.origin.clone(),
            size: head.size(),
            root: head.root(),
            at: now.trunc_subsecs(3),
            key: self.public_key(),
        };
        let mut signature = [0; 64];
        signature.copy_from_slice(self.key.sign(body.to_string().as_bytes()).as_ref());
        Checkpoint { body, signature }
    }
}

/// An Ed25519 public key; written as 64 hexadecimal digits in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(text, &mut key).map_err(|_| Error::NotAKey)?;
        let key = Self(key);
        (key.to_string() == text).then_some(key).ok_or(Error::NotAKey)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> String {
        key.to_string()
    }
}

#[cfg(test)]
mod tests;
