//! Secrets that are shown once and kept as hashes.
//!
//! | what | form | kept as |
//! |---|---|---|
//! | [`Token`]: of a session, of a one-time link | 256 random bits, base64url without padding, 43 characters | SHA-256 of the text |
//! | [`ApiToken`] | `dossier_`, 160 random bits and a check sum, 48 hexadecimal digits | SHA-256 of the text |
//!
//! An API token's check sum is the first four bytes of SHA-256 over the text before it. It lets scanners of source code
//! tell a token that got there by mistake, and lets us refuse what is none without asking the store.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use dossier_seal::Entropy;
use ring::hmac;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{Digest, Error, Result};

/// The secret of a session or of a one-time link. Prints as dots, wiped when dropped.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// [`Error::Entropy`]
    pub fn generate(entropy: &dyn Entropy) -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(&mut *bytes).map_err(Error::Entropy)?;
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes))))
    }

    /// The text, if it has the form of a token.
    pub fn parse(text: &str) -> Option<Self> {
        let is_token = text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok();
        is_token.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text, for the one who may have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it, and what the operation log says of its session.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// What a form of this session carries to show that it came from a page of ours: HMAC-SHA256 of `csrf` under the
    /// token, under a pad of zeros.
    pub fn csrf(&self) -> String {
        self.masked_csrf(&[0; 32])
    }

    /// The same under a random pad of its own: the pad and the exclusive or of both, base64url. No two pages show the same,
    /// so that nothing can be learnt of it by watching how well pages compress.
    pub fn masked_csrf(&self, pad: &[u8; 32]) -> String {
        let tag = self.csrf_tag();
        let masked: Vec<u8> = pad.iter().zip(tag.as_ref()).map(|(pad, byte)| pad ^ byte).collect();
        URL_SAFE_NO_PAD.encode([&pad[..], &masked].concat())
    }

    /// Whether this is what [`Token::masked_csrf`] gives under any pad.
    pub fn is_csrf(&self, given: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(given) else { return false };
        let Some((pad, masked)) = bytes.split_at_checked(32).filter(|(_, masked)| masked.len() == 32) else {
            return false;
        };
        let unmasked: Vec<u8> = pad.iter().zip(masked).map(|(pad, byte)| pad ^ byte).collect();
        self.csrf_tag().as_ref().ct_eq(&unmasked).into()
    }

    fn csrf_tag(&self) -> hmac::Tag {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes()), b"csrf")
    }
}

/// What a program proves itself with. Prints as dots, wiped when dropped.
#[derive(Clone)]
pub struct ApiToken(Zeroizing<String>);

impl ApiToken {
    /// What every token begins with.
    pub const PREFIX: &'static str = "dossier_";

    /// A new token.
    ///
    /// # Errors
    /// [`Error::Entropy`]
    pub fn generate(entropy: &dyn Entropy) -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 20]);
        entropy.fill(&mut *bytes).map_err(Error::Entropy)?;
        let random = Zeroizing::new(hex::encode(*bytes));
        let start = Zeroizing::new(format!("{}{}", Self::PREFIX, *random));
        Ok(Self(Zeroizing::new(format!("{}{}", *start, check_sum(&start)))))
    }

    /// The text, if it has the form of a token and its check sum.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(Self::PREFIX)?;
        let is_hex = digits.len() == 48 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let (start, sum) = text.split_at_checked(text.len().checked_sub(8)?)?;
        (is_hex && sum == check_sum(start)).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text, for the one who may have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

fn check_sum(start: &str) -> String {
    hex::encode(&Digest::of(start.as_bytes()).as_bytes()[..4])
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use dossier_seal::OsEntropy;

    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is_one() {
        let token = Token::generate(&OsEntropy).unwrap();
        assert_eq!(Token::parse(token.reveal()).unwrap().digest(), token.digest());
        for wrong in ["", "short", &"=".repeat(43), &"张".repeat(43), &format!("{}A", token.reveal())] {
            assert!(Token::parse(wrong).is_none(), "{wrong}");
        }
        assert!(!format!("{token:?}").contains(token.reveal()));
    }

    #[test]
    fn a_form_of_another_session_is_refused() {
        let (one, other) = (Token::generate(&OsEntropy).unwrap(), Token::generate(&OsEntropy).unwrap());
        assert!(one.is_csrf(&one.csrf()));
        assert!(!one.is_csrf(&other.csrf()) && !one.is_csrf("") && !one.is_csrf(one.reveal()));
    }

    #[test]
    fn a_masked_form_token_shows_nothing_of_what_it_masks() {
        let (one, other) = (Token::generate(&OsEntropy).unwrap(), Token::generate(&OsEntropy).unwrap());
        let masked = [[1; 32], [2; 32]].map(|pad| one.masked_csrf(&pad));
        assert!(masked.iter().all(|token| one.is_csrf(token) && !other.is_csrf(token)));
        let [first, second] = masked.map(|token| URL_SAFE_NO_PAD.decode(token).unwrap());
        assert!(first.iter().zip(&second).all(|(a, b)| a != b), "every byte depends on the pad");
        let short = URL_SAFE_NO_PAD.encode(&first[..63]);
        let long = URL_SAFE_NO_PAD.encode([&first[..], &[0]].concat());
        assert!(!one.is_csrf(&short) && !one.is_csrf(&long));
    }

    #[test]
    fn an_api_token_has_a_check_sum() {
        let token = ApiToken::generate(&OsEntropy).unwrap();
        assert_eq!(token.reveal().len(), 56);
        assert_eq!(ApiToken::parse(token.reveal()).unwrap().digest(), token.digest());
        let known = "dossier_0000000000000000000000000000000000000000";
        assert_eq!(check_sum(known), hex::encode(&Digest::of(known.as_bytes()).as_bytes()[..4]));
        let mut wrong = token.reveal().to_owned();
        wrong.replace_range(10..11, if &wrong[10..11] == "0" { "1" } else { "0" });
        let upper = token.reveal().to_uppercase();
        for wrong in [wrong.as_str(), &upper, "", "dossier_", "dossier_张", &token.reveal()[..55]] {
            assert!(ApiToken::parse(wrong).is_none(), "{wrong}");
        }
        assert!(!format!("{token:?}").contains("dossier_"));
    }
}
