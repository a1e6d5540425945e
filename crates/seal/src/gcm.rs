//! AES-256-GCM with a random nonce, as records and wrapped keys use it.
//!
//! A box is `nonce (12) ‖ ciphertext ‖ tag (16)`. Nonces are random, so one key seals at most 2³² boxes (NIST
//! SP 800-38D, 8.3).

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{AeadInOut, inout::InOutBuf},
};

use crate::{Entropy, Key, Result, entropy::random};

const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// By how much a box is longer than its content.
pub(crate) const OVERHEAD: usize = NONCE_LEN + TAG_LEN;

/// A key made ready; the expanded key is wiped when dropped.
pub(crate) struct Gcm(Aes256Gcm);

impl Gcm {
    pub(crate) fn new(key: &Key) -> Self {
        Self(Aes256Gcm::new(key.expose().into()))
    }

    /// Appends the box that holds `content` to `out`.
    pub(crate) fn seal(
        &self,
        aad: &[u8],
        content: &[u8],
        out: &mut Vec<u8>,
        entropy: &dyn Entropy,
    ) -> Result<()> {
        let nonce = random::<NONCE_LEN>(entropy)?;
        out.reserve(OVERHEAD + content.len());
        out.extend_from_slice(&nonce);
        let start = out.len();
        out.extend_from_slice(content);
        let body = InOutBuf::from(&mut out[start..]);
        #[expect(
            clippy::expect_used,
            reason = "AES-GCM refuses only more than 64 GiB, which no record reaches"
        )]
        let tag = self.0.encrypt_inout_detached(&nonce.into(), aad, body).expect("shorter than 64 GiB");
        out.extend_from_slice(&tag);
        Ok(())
    }

    /// The content of a box, or nothing if it is not authentic.
    pub(crate) fn open(&self, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let (body, tag) = rest.split_last_chunk::<TAG_LEN>()?;
        let mut content = body.to_vec();
        self.0
            .decrypt_inout_detached(nonce.into(), aad, InOutBuf::from(content.as_mut_slice()), tag.into())
            .ok()?;
        Some(content)
    }
}

#[cfg(test)]
mod tests;
