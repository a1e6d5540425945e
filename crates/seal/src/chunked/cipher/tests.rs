//! Nonces, and what a chunk is bound to.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn another_place_has_another_nonce(a: (u64, bool), b: (u64, bool)) {
        prop_assert_eq!(a == b, nonce_bytes(a.0, a.1) == nonce_bytes(b.0, b.1));
    }

    #[test]
    fn a_chunk_opens_only_as_what_it_was_sealed(index: u64, other: u64, last: bool) {
        let cipher = FileCipher::new(&[1; 32], [2; 32]);
        let mut sealed = *b"chunk0123456789abcdef";
        let tag = cipher.seal(index, last, &mut sealed[..5]);
        sealed[5..].copy_from_slice(&tag);
        prop_assert!(cipher.open(index, !last, &mut sealed.clone()).is_none());
        prop_assert_eq!(other == index, cipher.open(other, last, &mut sealed.clone()).is_some());
        prop_assert!(FileCipher::new(&[1; 32], [3; 32]).open(index, last, &mut sealed.clone()).is_none());
        prop_assert_eq!(cipher.open(index, last, &mut sealed).unwrap(), b"chunk");
    }
}

/// Under one key, equal plaintext gives equal ciphertext exactly when the nonce is used twice.
#[test]
fn no_nonce_of_a_file_repeats() {
    let cipher = FileCipher::new(&[1; 32], [2; 32]);
    let seal = |index, last| {
        let mut chunk = [0; 32];
        cipher.seal(index, last, &mut chunk);
        chunk
    };
    let chunks = (0..10_000).flat_map(|index| [seal(index, false), seal(index, true)]);
    assert_eq!(chunks.collect::<std::collections::HashSet<_>>().len(), 20_000);
}
