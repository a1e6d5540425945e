//! Keys, what is derived from them, and keyed hashes.

use ring::{hkdf, hmac};
use zeroize::Zeroizing;

use crate::{
    Entropy, Result,
    encoding::{joined, length_prefix},
};

/// A 256-bit key.
///
/// It lives at one place in memory (moving it moves a pointer), is wiped when dropped, and can be neither
/// printed, compared nor copied.
pub struct Key(Box<Zeroizing<[u8; Key::LEN]>>);

impl Key {
    /// Length of a key in bytes.
    pub const LEN: usize = 32;

    /// A new random key.
    ///
    /// # Errors
    /// When there is no entropy.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self> {
        let mut key = Self(Box::default());
        entropy.fill(key.0.as_mut_slice())?;
        Ok(key)
    }

    /// The key of these bytes. The caller wipes its own copy.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::LEN]) -> Self {
        Self(Box::new(Zeroizing::new(*bytes)))
    }

    /// The key's bytes, for another library's key type (the seed of a signing key, for instance).
    #[must_use]
    pub fn expose(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The key for one use, derived with HKDF-SHA256 (RFC 5869): no salt, this key as input, and as info the
    /// label and the context, each preceded by its length as a big-endian `u64`.
    ///
    /// A derived key can be had again as long as this one exists, so what must be destroyable needs a random
    /// key.
    #[must_use]
    pub fn derive(&self, label: &str, context: &[u8]) -> Self {
        let mut key = Self(Box::default());
        hkdf_sha256(&[], self.expose(), &joined(&[label.as_bytes(), context]), &mut key.0);
        key
    }
}

/// A keyed hash of several byte strings: HMAC-SHA256 over the parts, each preceded by its length as a
/// big-endian `u64`, so that `["ab", "c"]` and `["a", "bc"]` differ.
///
/// It names things that must be found by a value that may not be stored, such as a phone number.
#[must_use]
pub fn lookup_hash(key: &Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.expose()));
    for part in parts {
        context.update(&length_prefix(part));
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.sign().as_ref());
    hash
}

/// HKDF-SHA256: fills `output` from a salt, a secret and the info.
pub(crate) fn hkdf_sha256<const N: usize>(salt: &[u8], secret: &[u8], info: &[u8], output: &mut [u8; N]) {
    const { assert!(N <= 255 * 32, "HKDF-SHA256 gives at most 255 blocks") };
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    let info = [info];
    #[expect(clippy::expect_used, reason = "both refuse only lengths, which are checked above and equal")]
    prk.expand(&info, Length(N)).and_then(|okm| okm.fill(output)).expect("the length is allowed");
}

/// A length that HKDF is asked for.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests;
