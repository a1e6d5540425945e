//! One file's chunks, sealed and opened in place.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::TAG_LEN;

/// The file key made ready, and the identity that each chunk is bound to.
pub(super) struct FileCipher {
    key: LessSafeKey,
    identity: [u8; 32],
}

impl FileCipher {
    /// `file_key` has the length of a [`Key`](crate::Key).
    #[expect(clippy::expect_used, reason = "only the length could be refused")]
    pub(super) fn new(file_key: &[u8], identity: [u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, file_key).expect("a key of 32 bytes");
        Self { key: LessSafeKey::new(key), identity }
    }

    /// Seals a chunk in place and returns its tag.
    #[expect(
        clippy::expect_used,
        reason = "only more than 64 GiB are refused, and a chunk has 16 MiB at most"
    )]
    pub(super) fn seal(&self, index: u64, last: bool, chunk: &mut [u8]) -> [u8; TAG_LEN] {
        let sealed =
            self.key.seal_in_place_separate_tag(nonce(index, last), Aad::from(&self.identity), chunk);
        let mut tag = [0; TAG_LEN];
        tag.copy_from_slice(sealed.expect("shorter than 64 GiB").as_ref());
        tag
    }

    /// Opens a chunk, which its tag ends, in place.
    pub(super) fn open<'a>(&self, index: u64, last: bool, chunk: &'a mut [u8]) -> Option<&'a mut [u8]> {
        self.key.open_in_place(nonce(index, last), Aad::from(&self.identity), chunk).ok()
    }
}

/// `000000 ‖ last ‖ index`: another one for each chunk of a file.
fn nonce(index: u64, last: bool) -> Nonce {
    Nonce::assume_unique_for_key(nonce_bytes(index, last))
}

fn nonce_bytes(index: u64, last: bool) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[3] = last.into();
    bytes[4..].copy_from_slice(&index.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests;
