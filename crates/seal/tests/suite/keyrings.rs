//! Keyrings, candidates' keys and rotation.

use dossier_seal::{
    Error, ErrorKind, Key, KeyFile, Keyring, OsEntropy, Passphrase, PassphraseCost, PassphraseParams,
    RootKey, RootMethod, WrappedKey,
};
use ring::digest::{SHA256, digest};

use crate::entropy::Counting;

const ALICE: [u8; 16] = *b"candidate: alice";
const BOB: [u8; 16] = *b"candidate: bobby";

fn key_file() -> KeyFile {
    KeyFile::generate(&OsEntropy).unwrap()
}

fn passphrase(text: &str) -> Passphrase {
    let cost = PassphraseCost::new(64, 1, 1).unwrap();
    Passphrase::new(text, PassphraseParams::generate(cost, &OsEntropy).unwrap()).unwrap()
}

fn open_error(bytes: &[u8], root: &dyn RootKey) -> Error {
    Keyring::open(bytes, root).err().expect("the keyring must not open")
}

/// Puts the final sum right, as someone who alters a keyring on purpose would.
fn with_sum(mut bytes: Vec<u8>) -> Vec<u8> {
    let body = bytes.len() - 8;
    let sum = digest(&SHA256, &bytes[..body]);
    bytes[body..].copy_from_slice(&sum.as_ref()[..8]);
    bytes
}

#[test]
fn a_keyring_comes_back() {
    let roots: [&dyn RootKey; 2] = [&key_file(), &passphrase("open")];
    for root in roots {
        let keyring = Keyring::create(root, &OsEntropy).unwrap();
        let wrapped = keyring.wrap_candidate_key(&ALICE, &Key::from_bytes(&[5; 32]), &OsEntropy).unwrap();
        let read = Keyring::open(&keyring.encode(), root).unwrap();
        assert_eq!(read.archive(), keyring.archive());
        assert_eq!(read.current_epoch(), 1);
        assert_eq!(read.archive_key("look-up").expose(), keyring.archive_key("look-up").expose());
        assert_ne!(read.archive_key("look-up").expose(), read.archive_key("search index").expose());
        assert_eq!(read.unwrap_candidate_key(&ALICE, &wrapped).unwrap().expose(), &[5; 32]);
        assert_eq!(read.encode(), keyring.encode());
    }
}

#[test]
fn a_passphrase_opens_with_what_the_keyring_says() {
    let bytes = Keyring::create(&passphrase("open"), &OsEntropy).unwrap().encode();
    let RootMethod::Passphrase(params) = Keyring::root_method(&bytes).unwrap() else {
        panic!("a passphrase")
    };
    Keyring::open(&bytes, &Passphrase::new("open", params).unwrap()).unwrap();
    let wrong = Passphrase::new("Open", params).unwrap();
    assert!(matches!(open_error(&bytes, &wrong), Error::WrongPassphrase));
}

#[test]
fn another_root_is_told_from_damage() {
    let root = key_file();
    let bytes = Keyring::create(&root, &OsEntropy).unwrap().encode();
    let other = key_file();
    let Error::WrongKeyFile { expected, given } = open_error(&bytes, &other) else {
        panic!("wrong key file")
    };
    assert_eq!((expected, given), (root.id(), other.id()));
    let error = open_error(&bytes, &passphrase("open"));
    assert!(matches!(error, Error::OtherRootMethod { expected: "a key file", given: "a passphrase" }));
    assert_eq!(error.kind(), ErrorKind::WrongRoot);
}

#[test]
fn every_damage_is_called_damage() {
    let root = passphrase("open");
    let bytes = Keyring::create(&root, &OsEntropy).unwrap().encode();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            let error = open_error(&changed, &root);
            assert!(matches!(error, Error::Damaged { .. }), "bit {bit} of byte {at}: {error}");
        }
    }
    for len in 0..bytes.len() {
        assert!(matches!(open_error(&bytes[..len], &root), Error::Damaged { .. }), "cut to {len}");
    }
}

#[test]
fn every_alteration_with_a_right_sum_is_found() {
    let root = key_file();
    let mut keyring = Keyring::create(&root, &OsEntropy).unwrap();
    keyring.rotate(&root, &OsEntropy).unwrap();
    let bytes = keyring.encode();
    for at in 0..bytes.len() - 8 {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            open_error(&with_sum(changed), &root);
        }
    }
    for len in 0..bytes.len() - 8 {
        let mut changed = bytes[..len].to_vec();
        changed.extend_from_slice(&[0; 8]);
        open_error(&with_sum(changed), &root);
    }
}

#[test]
fn a_later_format_is_told_from_damage() {
    let root = key_file();
    let mut bytes = Keyring::create(&root, &OsEntropy).unwrap().encode();
    bytes[0] = 2;
    assert!(matches!(open_error(&with_sum(bytes), &root), Error::Newer { found: 2, known: 1, .. }));
}

#[test]
fn a_hostile_cost_is_refused_before_it_is_paid() {
    let mut bytes = Keyring::create(&passphrase("open"), &OsEntropy).unwrap().encode();
    bytes[29..33].copy_from_slice(&u32::MAX.to_be_bytes());
    assert!(matches!(Keyring::root_method(&with_sum(bytes)), Err(Error::Damaged { .. })));
}

#[test]
fn rotation_keeps_everything_open_until_the_old_epoch_is_retired() {
    let root = key_file();
    let mut keyring = Keyring::create(&root, &OsEntropy).unwrap();
    let before = keyring.archive_key("records");
    let old = keyring.wrap_candidate_key(&ALICE, &Key::from_bytes(&[5; 32]), &OsEntropy).unwrap();
    assert!(!keyring.needs_rewrap(&old));

    assert_eq!(keyring.rotate(&root, &OsEntropy).unwrap(), 2);
    let mut keyring = Keyring::open(&keyring.encode(), &root).unwrap();
    assert_eq!(keyring.epochs().collect::<Vec<_>>(), [1, 2]);
    assert!(keyring.needs_rewrap(&old));
    assert_eq!(keyring.unwrap_candidate_key(&ALICE, &old).unwrap().expose(), &[5; 32]);
    let new = keyring.rewrap_candidate_key(&ALICE, &old, &OsEntropy).unwrap();
    assert!(!keyring.needs_rewrap(&new));

    assert!(matches!(keyring.retire(2), Err(Error::CurrentEpoch { epoch: 2 })));
    assert!(matches!(keyring.retire(9), Err(Error::UnknownEpoch { epoch: 9 })));
    keyring.retire(1).unwrap();
    let keyring = Keyring::open(&keyring.encode(), &root).unwrap();
    assert_eq!(keyring.epochs().collect::<Vec<_>>(), [2]);
    assert_eq!(keyring.archive_key("records").expose(), before.expose());
    assert_eq!(keyring.unwrap_candidate_key(&ALICE, &new).unwrap().expose(), &[5; 32]);
    let error = keyring.unwrap_candidate_key(&ALICE, &old).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::MissingKey);
}

#[test]
fn a_new_root_shuts_the_old_one_out() {
    let (old, new) = (key_file(), passphrase("open"));
    let mut keyring = Keyring::create(&old, &OsEntropy).unwrap();
    keyring.rotate(&old, &OsEntropy).unwrap();
    let before = keyring.archive_key("records");
    keyring.change_root(&new, &OsEntropy).unwrap();
    let bytes = keyring.encode();
    assert!(matches!(open_error(&bytes, &old), Error::OtherRootMethod { .. }));
    let mut keyring = Keyring::open(&bytes, &new).unwrap();
    assert_eq!(keyring.archive_key("records").expose(), before.expose());
    assert!(matches!(keyring.rotate(&old, &OsEntropy), Err(Error::OtherRootMethod { .. })));
    keyring.rotate(&new, &OsEntropy).unwrap();
}

#[test]
fn epochs_are_bounded() {
    let root = key_file();
    let mut keyring = Keyring::create(&root, &OsEntropy).unwrap();
    for _ in 1..Keyring::MAX_EPOCHS {
        keyring.rotate(&root, &OsEntropy).unwrap();
    }
    assert_eq!(keyring.rotate(&root, &OsEntropy).unwrap_err().kind(), ErrorKind::Invalid);
    let keyring = Keyring::open(&keyring.encode(), &root).unwrap();
    assert_eq!(keyring.epochs().count(), Keyring::MAX_EPOCHS);
}

#[test]
fn whatever_fails_for_want_of_entropy_changes_nothing() {
    let root = key_file();
    let mut keyring = Keyring::create(&root, &OsEntropy).unwrap();
    keyring.rotate(&root, &OsEntropy).unwrap();
    let before = keyring.encode();
    for limit in 0..56 {
        let failed = keyring.rotate(&root, &Counting::limited(limit));
        assert!(matches!(failed, Err(Error::Entropy)), "rotation with {limit} bytes");
    }
    for limit in 0..24 {
        let failed = keyring.change_root(&passphrase("open"), &Counting::limited(limit));
        assert!(matches!(failed, Err(Error::Entropy)), "new root with {limit} bytes");
    }
    assert_eq!(keyring.encode(), before);
    keyring.rotate(&root, &Counting::limited(56)).unwrap();
    keyring.change_root(&root, &Counting::limited(36)).unwrap();
}

#[test]
fn a_candidates_key_is_that_candidates_in_that_archive() {
    let root = key_file();
    let (keyring, other) =
        (Keyring::create(&root, &OsEntropy).unwrap(), Keyring::create(&root, &OsEntropy).unwrap());
    let wrapped = keyring.wrap_candidate_key(&ALICE, &Key::from_bytes(&[5; 32]), &OsEntropy).unwrap();
    for result in [keyring.unwrap_candidate_key(&BOB, &wrapped), other.unwrap_candidate_key(&ALICE, &wrapped)]
    {
        assert!(matches!(result, Err(Error::Unauthentic { .. })));
    }
}

#[test]
fn every_change_of_a_wrapped_key_is_found() {
    let root = key_file();
    let mut keyring = Keyring::create(&root, &OsEntropy).unwrap();
    keyring.rotate(&root, &OsEntropy).unwrap();
    let wrapped = keyring.wrap_candidate_key(&ALICE, &Key::from_bytes(&[5; 32]), &OsEntropy).unwrap();
    let bytes = *wrapped.as_bytes();
    let opens = |bytes: &[u8]| {
        WrappedKey::from_bytes(bytes)
            .and_then(|wrapped| keyring.unwrap_candidate_key(&ALICE, &wrapped))
            .is_ok()
    };
    assert!(opens(&bytes));
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes;
            changed[at] ^= 1 << bit;
            assert!(!opens(&changed), "bit {bit} of byte {at}");
        }
    }
    for len in 0..bytes.len() {
        assert!(!opens(&bytes[..len]), "cut to {len}");
    }
    assert!(!opens(&[&bytes[..], &[0]].concat()));
}
