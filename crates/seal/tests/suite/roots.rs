//! Key files and passphrases.

use dossier_seal::{Error, ErrorKind, KeyFile, Passphrase, PassphraseCost, PassphraseParams, RootKey};

use crate::entropy::Counting;

fn key_file_text() -> String {
    KeyFile::generate(&Counting::new()).unwrap().to_text().to_string()
}

#[test]
fn a_key_file_comes_back_from_its_text() {
    let file = KeyFile::generate(&Counting::new()).unwrap();
    let text = key_file_text();
    let with_comments = format!("\u{20}\n# of the bank\r\n{}\r\n\r\n", text.replace('\n', "\r\n"));
    for text in [text, with_comments] {
        let read = KeyFile::parse(&text).unwrap();
        assert_eq!(read.id(), file.id());
        assert_eq!(read.to_text(), file.to_text());
    }
}

#[test]
fn every_other_digit_of_a_key_file_is_found() {
    let text = key_file_text();
    let start = text.find("key").unwrap();
    for (at, old) in text.char_indices().skip(start).filter(|(_, c)| !c.is_whitespace()) {
        let new = if old == '0' { '1' } else { '0' };
        let mut changed = text.clone();
        changed.replace_range(at..=at, &new.to_string());
        let error = KeyFile::parse(&changed).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Damaged, "{old} → {new} at {at}: {error}");
    }
}

#[test]
fn a_key_file_that_is_cut_off_or_longer_is_damaged() {
    let text = key_file_text();
    for len in "DOSSIER KEY FILE 1".len()..text.trim_end().len() {
        let error = KeyFile::parse(&text[..len]).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Damaged, "cut to {len}: {error}");
    }
    let error = KeyFile::parse(&format!("{text}more")).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Damaged);
}

#[test]
fn other_texts_are_no_key_files() {
    for text in
        ["", "DOSSIER", "DOSSIER KEY FILE x", "DOSSIER KEY FILE 0", "-----BEGIN PRIVATE KEY-----", "钥匙"]
    {
        assert!(matches!(KeyFile::parse(text), Err(Error::NotAKeyFile)), "{text}");
    }
    let newer = key_file_text().replace("FILE 1", "FILE 2");
    assert!(matches!(KeyFile::parse(&newer), Err(Error::Newer { found: 2, known: 1, .. })));
}

#[test]
fn a_passphrase_gives_the_same_root_again_and_each_salt_another() {
    let cost = PassphraseCost::new(64, 1, 1).unwrap();
    let entropy = Counting::new();
    let params = PassphraseParams::generate(cost, &entropy).unwrap();
    let root = Passphrase::new("开卷有益", params).unwrap();
    assert_eq!(root.id(), Passphrase::new("开卷有益", params).unwrap().id());
    assert_ne!(root.id(), Passphrase::new("开卷有益 ", params).unwrap().id());
    let other_salt = PassphraseParams::generate(cost, &entropy).unwrap();
    assert_ne!(root.id(), Passphrase::new("开卷有益", other_salt).unwrap().id());
    assert!(Passphrase::new("", params).is_err());
}

#[test]
fn costs_are_bounded() {
    for (memory_kib, passes, lanes) in
        [(7, 1, 1), (15, 1, 2), (1 << 21, 1, 1), (64, 0, 1), (64, 65, 1), (64, 1, 0), (1024, 1, 17)]
    {
        let error = PassphraseCost::new(memory_kib, passes, lanes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{memory_kib} KiB, {passes} passes, {lanes} lanes");
    }
    let most = PassphraseCost::new(u32::MAX, u32::MAX, u32::MAX).unwrap_err();
    assert_eq!(most.kind(), ErrorKind::Invalid);
}

#[test]
fn a_root_wraps_for_one_place() {
    let entropy = Counting::new();
    let root = KeyFile::generate(&entropy).unwrap();
    let other = KeyFile::generate(&entropy).unwrap();
    let key = dossier_seal::Key::from_bytes(&[5; 32]);
    let wrapped = root.wrap_key(&key, b"here", &entropy).unwrap();
    assert_eq!(root.unwrap_key(&wrapped, b"here").unwrap().expose(), &[5; 32]);
    for result in [
        root.unwrap_key(&wrapped, b"there"),
        other.unwrap_key(&wrapped, b"here"),
        root.unwrap_key(b"", b"here"),
    ] {
        assert!(matches!(result, Err(Error::Unauthentic { .. })));
    }
}
