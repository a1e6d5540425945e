//! The second factor: time-based one-time codes (RFC 6238) and the recovery codes for who has lost their telephone.
//!
//! SHA-1, six digits, thirty seconds: what every authenticator program takes. A code of the step before or after the
//! present one is taken as well, and none twice: the step of the last one is kept.

use chrono::{DateTime, Utc};
use dossier_domain::text::Login;
use dossier_seal::{Entropy, Key, lookup_hash};
use ring::hmac;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::{Digest, Error, Result};

const PERIOD: i64 = 30;
const DIGITS: usize = 6;
/// So many steps before and after the present one are taken.
const SKEW: i64 = 1;
/// So many characters are read of what was typed as a code.
const LONGEST: usize = 40;
/// What authenticator programs show beside the sign-in name.
const ISSUER: &str = "Dossier";

/// The secret that an authenticator program shares. Never printed, wiped when dropped.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TotpSecret(#[serde(with = "crate::hexed")] [u8; 20]);

impl TotpSecret {
    /// A new secret.
    ///
    /// # Errors
    /// [`Error::Entropy`]
    pub fn generate(entropy: &dyn Entropy) -> Result<Self> {
        let mut secret = Self([0; 20]);
        entropy.fill(&mut secret.0).map_err(Error::Entropy)?;
        Ok(secret)
    }

    /// The secret in base 32 (RFC 4648), to be typed into an authenticator program.
    pub fn base32(&self) -> Zeroizing<String> {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        // Twenty bytes are four times forty bits, which are eight letters of five bits each.
        let letters = self.0.chunks(5).flat_map(|group| {
            let bits = group.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            (0..8).rev().map(move |place| char::from(ALPHABET[(bits >> (5 * place) & 31) as usize]))
        });
        Zeroizing::new(letters.collect())
    }

    /// The address that an authenticator program reads from a QR code.
    pub fn uri(&self, login: &Login) -> Zeroizing<String> {
        let (login, secret) = (percent_encoded(login.as_str()), self.base32());
        Zeroizing::new(format!(
            "otpauth://totp/{ISSUER}:{login}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={PERIOD}",
            *secret
        ))
    }

    /// The code at an instant, for tests and programs that sign in.
    pub fn code(&self, at: DateTime<Utc>) -> String {
        self.code_of(step_of(at))
    }

    /// The step of which `code` is the code, if it is one near `now` and later than `last`, which was taken before.
    pub fn accept(&self, code: &str, now: DateTime<Utc>, last: Option<i64>) -> Option<i64> {
        let (code, present) = (as_typed(code), step_of(now));
        let is_right = |step: &i64| bool::from(self.code_of(*step).as_bytes().ct_eq(code.as_bytes()));
        let is_new = |step: &i64| last.is_none_or(|last| *step > last);
        (present - SKEW..=present + SKEW).filter(is_right).find(is_new)
    }

    fn code_of(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let hash = hmac::sign(&key, &step.to_be_bytes());
        let hash = hash.as_ref();
        let offset = usize::from(hash.last().copied().unwrap_or_default() & 15);
        let word = hash[offset..].first_chunk().copied().map_or(0, u32::from_be_bytes) & 0x7FFF_FFFF;
        format!("{:0DIGITS$}", word % 10u32.pow(DIGITS as u32))
    }
}

impl Drop for TotpSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Clone for TotpSecret {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

/// A code without what input methods and people put in: full-width characters, and gaps such as in `123 456`.
fn as_typed(code: &str) -> Zeroizing<String> {
    Zeroizing::new(code.chars().take(LONGEST).nfkc().filter(|c| !c.is_whitespace()).collect())
}

fn step_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(PERIOD)
}

fn percent_encoded(text: &str) -> String {
    let encoded = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encoded).collect()
}

/// A code that replaces the second factor once: ten characters of Crockford's base 32, which are fifty random bits,
/// written in two groups.
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// So many are given out at once.
    pub const COUNT: usize = 10;

    /// A new code.
    ///
    /// # Errors
    /// [`Error::Entropy`]
    pub fn generate(entropy: &dyn Entropy) -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 10]);
        entropy.fill(&mut *bytes).map_err(Error::Entropy)?;
        Ok(Self(Zeroizing::new(
            bytes.iter().map(|byte| char::from(CROCKFORD[usize::from(byte & 31)])).collect(),
        )))
    }

    /// Reads a code as people type it: in any case and width, with or without hyphen, O for 0, I and L for 1.
    pub fn parse(text: &str) -> Option<Self> {
        let typed = as_typed(text);
        let code = typed.chars().filter(|c| *c != '-').map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let code: Zeroizing<String> = Zeroizing::new(code.collect());
        let fits = code.len() == 10 && code.bytes().all(|byte| CROCKFORD.contains(&byte));
        fits.then_some(Self(code))
    }

    /// The code as people read it, such as `7K3QF-9XW2M`.
    pub fn reveal(&self) -> String {
        format!("{}-{}", &self.0[..5], &self.0[5..])
    }

    /// What is kept of it: fifty bits are too few for a hash without a key.
    pub fn hash(&self, key: &Key) -> Digest {
        Digest::from_bytes(lookup_hash(key, &[b"recovery code", self.0.as_bytes()]))
    }
}

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[cfg(test)]
mod tests {
    use dossier_seal::OsEntropy;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    const RFC: TotpSecret = TotpSecret(*b"12345678901234567890");

    #[test]
    fn codes_are_taken_as_people_and_input_methods_type_them() {
        for typed in ["287082", " 287 082 ", "２８７０８２", "287\u{3000}082", "２８７ ０８２\n"]
        {
            assert_eq!(RFC.accept(typed, at(59), None), Some(1), "{typed:?}");
        }
        for typed in ["28708", "287083", "287082 1", "", "2870８2１"] {
            assert_eq!(RFC.accept(typed, at(59), None), None, "{typed:?}");
        }
        let [plain, wide] = ["7K3QF-9XW2M", "７ｋ３ｑｆ－９ｘｗ２ｍ"].map(RecoveryCode::parse);
        assert_eq!(plain.unwrap().reveal(), wide.unwrap().reveal());
    }

    /// RFC 6238, appendix B, of which six digits are kept.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(RFC.code(at(seconds)), code);
        }
    }

    #[test]
    fn a_code_is_taken_once_and_near_its_time() {
        let code = RFC.code(at(1_000_000));
        let step = RFC.accept(&code, at(1_000_000), None).unwrap();
        assert_eq!(RFC.accept(&code, at(1_000_000), Some(step)), None);
        assert_eq!(RFC.accept(&code, at(1_000_000), Some(step - 1)), Some(step));
        for (moved, is_taken) in [(-60, false), (-30, true), (30, true), (60, false)] {
            assert_eq!(RFC.accept(&code, at(1_000_000 + moved), None).is_some(), is_taken, "{moved}");
        }
        for wrong in ["", "12345", "1234567", "abcdef", &format!("{code}0")] {
            assert_eq!(RFC.accept(wrong, at(1_000_000), None), None, "{wrong}");
        }
    }

    #[test]
    fn an_authenticator_reads_secret_and_name() {
        let uri = RFC.uri(&Login::parse("张三 &co").unwrap());
        assert_eq!(
            *uri,
            "otpauth://totp/Dossier:%E5%BC%A0%E4%B8%89%20%26co?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Dossier&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn recovery_codes_are_read_as_people_type_them() {
        let key = Key::from_bytes(&[7; 32]);
        let code = RecoveryCode::generate(&OsEntropy).unwrap();
        let typed = code.reveal().to_lowercase().replace('0', "o").replace('1', " l");
        assert_eq!(RecoveryCode::parse(&typed).unwrap().hash(&key), code.hash(&key));
        for wrong in ["", "123456", "ABCDE-FGHJ", "ABCDE-FGHJKM", "ABCDE-FGHJU", &"A".repeat(1_000_000)] {
            assert!(RecoveryCode::parse(wrong).is_none());
        }
    }
}
