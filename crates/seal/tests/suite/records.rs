//! Records.

use dossier_seal::{ArchiveId, Error, ErrorKind, Key, OsEntropy, RecordCipher};
use proptest::prelude::*;

use crate::entropy::Counting;

const ARCHIVE: ArchiveId = ArchiveId::from_bytes(*b"archive no. 0001");

fn cipher() -> RecordCipher {
    RecordCipher::new(&Key::from_bytes(&[7; 32]), ARCHIVE)
}

proptest! {
    #[test]
    fn a_record_comes_back(record_key: Vec<u8>, plaintext in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let sealed = cipher().seal(&record_key, &plaintext, &OsEntropy).unwrap();
        prop_assert_eq!(sealed.len(), plaintext.len() + RecordCipher::OVERHEAD);
        prop_assert_eq!(cipher().open(&record_key, &sealed).unwrap(), plaintext);
    }

    #[test]
    fn anything_else_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(cipher().open(b"key", &bytes).is_err());
    }
}

#[test]
fn every_change_is_found() {
    let sealed = cipher().seal(b"key", b"what it says", &OsEntropy).unwrap();
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            assert!(cipher().open(b"key", &changed).is_err(), "bit {bit} of byte {at}");
        }
    }
    for len in 0..sealed.len() {
        assert!(cipher().open(b"key", &sealed[..len]).is_err(), "cut to {len}");
    }
    assert!(cipher().open(b"key", &[&sealed[..], b"x"].concat()).is_err());
}

#[test]
fn a_record_stays_at_its_place() {
    let sealed = cipher().seal(b"key", b"what it says", &OsEntropy).unwrap();
    let other_archive = RecordCipher::new(&Key::from_bytes(&[7; 32]), ArchiveId::from_bytes([0; 16]));
    let other_key = RecordCipher::new(&Key::from_bytes(&[8; 32]), ARCHIVE);
    for result in [
        cipher().open(b"kez", &sealed),
        cipher().open(b"ke", &sealed),
        cipher().open(b"", &sealed),
        other_archive.open(b"key", &sealed),
        other_key.open(b"key", &sealed),
    ] {
        assert!(matches!(result, Err(Error::Unauthentic { what: "record" })));
    }
}

#[test]
fn a_later_format_is_told_from_damage() {
    let mut sealed = cipher().seal(b"key", b"what it says", &OsEntropy).unwrap();
    sealed[0] = 2;
    assert_eq!(cipher().open(b"key", &sealed).unwrap_err().kind(), ErrorKind::Newer);
    sealed[0] = 0;
    assert_eq!(cipher().open(b"key", &sealed).unwrap_err().kind(), ErrorKind::Damaged);
}

#[test]
fn each_sealing_has_its_own_nonce() {
    let nonces: std::collections::HashSet<_> =
        (0..1000).map(|_| cipher().seal(b"key", b"", &OsEntropy).unwrap()[1..13].to_vec()).collect();
    assert_eq!(nonces.len(), 1000);
}

#[test]
fn nothing_is_sealed_without_entropy() {
    let error = cipher().seal(b"key", b"what it says", &Counting::limited(11)).unwrap_err();
    assert!(matches!(error, Error::Entropy) && error.is_retryable());
}
