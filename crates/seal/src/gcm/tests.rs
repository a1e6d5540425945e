//! Published test cases, and agreement of the two AES-GCM libraries.

use proptest::prelude::*;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::*;

/// Gives these bytes as the nonce.
struct Given([u8; NONCE_LEN]);

impl Entropy for Given {
    fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        buffer.copy_from_slice(&self.0);
        Ok(())
    }
}

fn seal(key: &[u8; 32], nonce: [u8; NONCE_LEN], aad: &[u8], content: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::new();
    Gcm::new(&Key::from_bytes(key)).seal(aad, content, &mut sealed, &Given(nonce)).unwrap();
    sealed
}

fn bytes<const N: usize>(digits: &str) -> [u8; N] {
    hex::decode(digits).unwrap().try_into().unwrap()
}

/// Test cases 13, 14 and 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", as submitted to
/// NIST.
#[test]
fn boxes_are_those_of_the_published_test_cases() {
    let sealed = seal(&[0; 32], [0; 12], b"", b"");
    assert_eq!(hex::encode(&sealed[12..]), "530f8afbc74536b9a963b4f1c4cb738b");

    let sealed = seal(&[0; 32], [0; 12], b"", &[0; 16]);
    assert_eq!(
        hex::encode(&sealed[12..]),
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    );

    let half = "feffe9928665731c6d6a8f9467308308";
    let sealed = seal(
        &bytes(&[half, half].concat()),
        bytes("cafebabefacedbaddecaf888"),
        &bytes::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        &bytes::<60>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        ),
    );
    assert_eq!(
        hex::encode(&sealed[12..]),
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
         8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
    );
}

proptest! {
    /// Records are sealed by one library, files by the other: they must write the same bytes.
    #[test]
    fn both_libraries_agree(
        key: [u8; 32],
        nonce: [u8; 12],
        aad in proptest::collection::vec(any::<u8>(), 0..100),
        content in proptest::collection::vec(any::<u8>(), 0..5000),
    ) {
        let other = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
        let nonce_of_other = Nonce::assume_unique_for_key(nonce);
        let mut expected = content.clone();
        other.seal_in_place_append_tag(nonce_of_other, Aad::from(&aad), &mut expected).unwrap();
        expected.splice(0..0, nonce);

        let sealed = seal(&key, nonce, &aad, &content);
        prop_assert_eq!(&sealed, &expected);
        prop_assert_eq!(Gcm::new(&Key::from_bytes(&key)).open(&aad, &expected), Some(content));
    }
}
