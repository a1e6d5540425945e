//! Passwords: which ones are taken, and the hash that is kept of one.
//!
//! A password counts as its NFKC form (NIST SP 800-63B), so that full-width letters and composed characters make no
//! difference. Any characters are allowed and none is demanded; what is refused is short, long, close to the person's
//! own name, or among what everybody tries first.
//!
//! Its hash is Argon2id (RFC 9106, version 0x13) with 19 MiB, two passes and one lane, the least that OWASP asks for, a
//! random salt of 16 bytes and a result of 32 bytes. Cost, salt and result are kept together, so that the cost can grow.

mod common;

use argon2::{Algorithm, Argon2, Params, Version};
use dossier_domain::{
    Language,
    text::{Login, PersonName},
};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{Error, Result};

/// A password as it is compared. Never printed, wiped when dropped.
pub struct Password(Zeroizing<String>);

/// Why a new password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.label(Language::English))]
pub enum PasswordFault {
    /// Fewer than [`Password::SHORTEST`] characters.
    TooShort,
    /// More than [`Password::LONGEST`] characters.
    TooLong,
    /// Hardly more than the person's own name.
    OwnName,
    /// Among those that everybody tries first.
    Common,
}

impl PasswordFault {
    /// What people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::TooShort => ("密码至少要有 12 个字符", "the password must have at least 12 characters"),
            Self::TooLong => ("密码最多 256 个字符", "the password may have at most 256 characters"),
            Self::OwnName => (
                "密码不能与用户名或姓名相同或相近",
                "the password must be more than the sign-in name or the person's name",
            ),
            Self::Common => {
                ("这个密码太常见，容易被猜到", "this password is too common and would be guessed")
            }
        };
        language.pick(chinese, english)
    }
}

impl Password {
    /// The fewest characters of a new password.
    pub const SHORTEST: usize = 12;
    /// The most characters of a password.
    pub const LONGEST: usize = 256;

    /// What somebody typed to prove who they are. What is too long to be a password is taken as one that nobody has.
    pub fn typed(text: &str) -> Self {
        match is_longer(text, Self::LONGEST) {
            true => Self(Zeroizing::default()),
            false => Self(normal(text)),
        }
    }

    /// What somebody chooses as their password from now on.
    ///
    /// # Errors
    /// The [`PasswordFault`].
    pub fn chosen(text: &str, login: &Login, name: &PersonName) -> Result<Self, PasswordFault> {
        if is_longer(text, Self::LONGEST) {
            return Err(PasswordFault::TooLong);
        }
        let password = Self(normal(text));
        if !is_longer(&password.0, Self::SHORTEST - 1) {
            return Err(PasswordFault::TooShort);
        }
        let lower = Zeroizing::new(password.0.to_lowercase());
        if [login.as_str(), name.as_str()].iter().any(|own| is_mostly(&lower, own)) {
            return Err(PasswordFault::OwnName);
        }
        if common::is_common(&lower) {
            return Err(PasswordFault::Common);
        }
        Ok(password)
    }
}

fn normal(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.nfkc().collect())
}

fn is_longer(text: &str, limit: usize) -> bool {
    text.chars().nth(limit).is_some()
}

/// Whether fewer than six characters are left of the password without the name.
fn is_mostly(password: &str, name: &str) -> bool {
    let name = normal(name).to_lowercase();
    let is_telling = name.chars().nth(1).is_some();
    is_telling && password.contains(&name) && !is_longer(&password.replace(&name, ""), 5)
}

/// What is kept of a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordHash {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    #[serde(with = "crate::hexed")]
    salt: [u8; 16],
    #[serde(with = "crate::hexed")]
    hash: [u8; 32],
}

impl PasswordHash {
    /// What a hash costs in memory, in bytes; as many hashes are computed at once, so many times this is needed.
    pub const MEMORY: usize = MEMORY_KIB as usize * 1024;

    /// The hash of a password with a random salt. This takes some ten milliseconds and [`PasswordHash::MEMORY`]: keep it
    /// off async workers, and behind a ceiling.
    ///
    /// # Errors
    /// [`Error::PasswordCost`], which the cost of today does not bring about.
    pub fn of(password: &Password, salt: [u8; 16]) -> Result<Self> {
        let blank = Self { salt, ..Self::of_nobody() };
        Ok(Self { hash: blank.compute(password).ok_or(Error::PasswordCost)?, ..blank })
    }

    /// A hash that no password has, and that costs as much to compare with as any: for who has no password, so that
    /// nobody learns it from the time.
    pub fn of_nobody() -> Self {
        Self { memory_kib: MEMORY_KIB, passes: PASSES, lanes: LANES, salt: [0; 16], hash: [0; 32] }
    }

    /// Whether it is the hash of this password. As costly as [`PasswordHash::of`].
    pub fn matches(&self, password: &Password) -> bool {
        let computed = self.compute(password).unwrap_or_default();
        let is_somebodys = !bool::from(self.hash.ct_eq(&[0; 32]));
        bool::from(computed.ct_eq(&self.hash)) && is_somebodys
    }

    fn compute(&self, password: &Password) -> Option<[u8; 32]> {
        let cost = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).ok()?;
        let mut hash = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
            .hash_password_into(password.0.as_bytes(), &self.salt, &mut hash)
            .ok()
            .map(|()| hash)
    }
}

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

#[cfg(test)]
mod tests;
