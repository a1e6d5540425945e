//! `key_files.json`, `keyrings.json` and `wrapped_keys.json`.

use dossier_seal::{
    Key, KeyFile, Keyring, Passphrase, PassphraseCost, PassphraseParams, Result, RootKey, RootMethod,
    WrappedKey,
};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::{assert_outcome, check_all, hexed::Hex, publish};
use crate::entropy::Counting;

const KEY_FILES: &str = "key_files.json";
const KEYRINGS: &str = "keyrings.json";
const WRAPPED_KEYS: &str = "wrapped_keys.json";
const PASSPHRASE: &str = "开卷有益";
const CANDIDATE: [u8; 16] = *b"candidate no 001";

#[derive(Serialize, Deserialize)]
struct KeyFileText {
    name: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// A keyring and what it must give: the key that the archive key yields for `look-up`.
#[derive(Clone, Serialize, Deserialize)]
struct EncodedKeyring {
    name: String,
    /// A key file's text or a passphrase.
    root: String,
    keyring: Hex,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epochs: Option<Vec<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    look_up_key: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Wrapped {
    name: String,
    key_file: String,
    keyring: Hex,
    candidate: Hex,
    wrapped_key: Hex,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn open(root: &str, keyring: &[u8]) -> Result<Keyring> {
    let root: Box<dyn RootKey> = match Keyring::root_method(keyring)? {
        RootMethod::Passphrase(params) => Box::new(Passphrase::new(root, params)?),
        _ => Box::new(KeyFile::parse(root)?),
    };
    Keyring::open(keyring, &*root)
}

#[test]
fn key_files_are_as_published() {
    check_all(KEY_FILES, |vector: KeyFileText| {
        let parsed = KeyFile::parse(&vector.text);
        assert_outcome(&vector.name, &parsed, vector.error.as_deref());
        assert_eq!(parsed.ok().map(|file| file.id().to_string()), vector.root_id, "{}", vector.name);
    });
}

#[test]
fn keyrings_are_as_published() {
    check_all(KEYRINGS, |vector: EncodedKeyring| {
        let opened = open(&vector.root, &vector.keyring.0);
        assert_outcome(&vector.name, &opened, vector.error.as_deref());
        let Ok(keyring) = opened else { return };
        assert_eq!(Some(keyring.archive().as_bytes().into()), vector.archive, "{}", vector.name);
        assert_eq!(Some(keyring.epochs().collect()), vector.epochs, "{}", vector.name);
        assert_eq!(
            Some(keyring.archive_key("look-up").expose().into()),
            vector.look_up_key,
            "{}",
            vector.name
        );
        assert_eq!(Hex(keyring.encode()), vector.keyring, "{}", vector.name);
    });
}

#[test]
fn wrapped_keys_are_as_published() {
    check_all(WRAPPED_KEYS, |vector: Wrapped| {
        let keyring = open(&vector.key_file, &vector.keyring.0).unwrap();
        let candidate = vector.candidate.array();
        let key = WrappedKey::from_bytes(&vector.wrapped_key.0)
            .and_then(|wrapped| keyring.unwrap_candidate_key(&candidate, &wrapped));
        assert_outcome(&vector.name, &key, vector.error.as_deref());
        assert_eq!(key.ok().map(|key| Hex::from(key.expose())), vector.key, "{}", vector.name);
        if let Some(key) = vector.key {
            let again = keyring
                .wrap_candidate_key(&candidate, &Key::from_bytes(&key.array()), &Counting::new())
                .unwrap();
            assert_eq!(Hex::from(again.as_bytes()), vector.wrapped_key, "{}", vector.name);
        }
    });
}

fn key_file() -> KeyFile {
    KeyFile::generate(&Counting::new()).unwrap()
}

fn rotated_keyring() -> Keyring {
    let entropy = Counting::new();
    let mut keyring = Keyring::create(&key_file(), &entropy).unwrap();
    keyring.rotate(&key_file(), &entropy).unwrap();
    keyring
}

#[test]
#[ignore = "writes vectors that were not published yet"]
fn publish_key_files() {
    let text = key_file().to_text().to_string();
    let good = |name: &str, text: String| KeyFileText {
        name: name.to_owned(),
        text,
        root_id: Some(key_file().id().to_string()),
        error: None,
    };
    let bad = |name: &str, text: String, error: &str| KeyFileText {
        name: name.to_owned(),
        text,
        root_id: None,
        error: Some(error.to_owned()),
    };
    let vectors = vec![
        good("as written", text.clone()),
        good(
            "with comments and other line ends",
            format!("# main site\r\n\r\n{}", text.replace('\n', "\r\n")),
        ),
        bad("empty", String::new(), "not a key file"),
        bad("something else", "-----BEGIN PRIVATE KEY-----\n".to_owned(), "not a key file"),
        bad("later version", text.replace("FILE 1", "FILE 2"), "newer"),
        bad("a digit mistyped", text.replace("key 00", "key 01"), "damaged"),
        bad("a digit missing", text.replace("key 00", "key 0"), "damaged"),
        bad("no digits", text.replace("key 00", "key xy"), "damaged"),
        bad("another sum", text.replace("sum ", "sum 00").trim_end()[..text.len() - 1].to_owned(), "damaged"),
        bad("no sum", text.lines().take(2).collect::<Vec<_>>().join("\n"), "damaged"),
        bad("a line too many", format!("{text}more\n"), "damaged"),
    ];
    publish(KEY_FILES, "KeyFile of dossier-seal, format 1", vectors);
}

#[test]
#[ignore = "writes vectors that were not published yet"]
fn publish_keyrings() {
    let text = key_file().to_text().to_string();
    let good = |name: &str, root: &str, keyring: &Keyring| EncodedKeyring {
        name: name.to_owned(),
        root: root.to_owned(),
        keyring: Hex(keyring.encode()),
        archive: Some(keyring.archive().as_bytes().into()),
        epochs: Some(keyring.epochs().collect()),
        look_up_key: Some(keyring.archive_key("look-up").expose().into()),
        error: None,
    };
    let entropy = Counting::new();
    let cost = PassphraseCost::new(64, 2, 1).unwrap();
    let params = PassphraseParams::generate(cost, &entropy).unwrap();
    let by_passphrase = Keyring::create(&Passphrase::new(PASSPHRASE, params).unwrap(), &entropy).unwrap();
    let (fresh, rotated) = (Keyring::create(&key_file(), &Counting::new()).unwrap(), rotated_keyring());
    let mut retired = rotated_keyring();
    retired.retire(1).unwrap();
    let base = good("after a rotation", &text, &rotated);
    let hostile = |name: &str, error: &str, sum_is_right: bool, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = base.keyring.0.clone();
        change(&mut bytes);
        if sum_is_right {
            let body = bytes.len() - 8;
            let sum = digest(&SHA256, &bytes[..body]);
            bytes[body..].copy_from_slice(&sum.as_ref()[..8]);
        }
        refused(name, &text, &bytes, error)
    };
    let two_keys = Counting::new();
    let [_, other_key_file] = [(); 2].map(|()| KeyFile::generate(&two_keys).unwrap().to_text().to_string());
    let vectors = vec![
        good("with a key file", &text, &fresh),
        base.clone(),
        good("after the old epoch was retired", &text, &retired),
        good("with a passphrase", PASSPHRASE, &by_passphrase),
        refused("wrong passphrase", "开卷有害", &by_passphrase.encode(), "wrong passphrase"),
        refused("wrong key file", &other_key_file, &base.keyring.0, "wrong key file"),
        hostile("a bit rotten", "damaged", false, &|it| it[60] ^= 1),
        hostile("cut off", "damaged", false, &|it| it.truncate(100)),
        hostile("empty", "damaged", false, &Vec::clear),
        hostile("version 2", "newer", true, &|it| it[0] = 2),
        hostile("something else with a sum", "damaged", true, &|it| it[1] = b'X'),
        hostile("another archive's id", "unauthentic", true, &|it| it[4] ^= 1),
        hostile("unknown kind of root", "damaged", true, &|it| it[28] = 9),
        hostile("epochs out of order", "damaged", true, &|it| it[31..163].rotate_left(66)),
        hostile("wrapped epoch key altered", "unauthentic", true, &|it| it[50] ^= 1),
        hostile("wrapped archive key altered", "unauthentic", true, &|it| it[180] ^= 1),
        hostile("the old epoch cut out", "unauthentic", true, &|it| {
            it.drain(31..97);
            it[30] = 1;
        }),
        hostile("the new epoch cut out", "unauthentic", true, &|it| {
            it.drain(97..163);
            it[30] = 1;
        }),
    ];
    publish(KEYRINGS, "Keyring of dossier-seal, format 1", vectors);
}

fn refused(name: &str, root: &str, keyring: &[u8], error: &str) -> EncodedKeyring {
    EncodedKeyring {
        name: name.to_owned(),
        root: root.to_owned(),
        keyring: keyring.into(),
        archive: None,
        epochs: None,
        look_up_key: None,
        error: Some(error.to_owned()),
    }
}

#[test]
#[ignore = "writes vectors that were not published yet"]
fn publish_wrapped_keys() {
    let keyring = rotated_keyring();
    let wrapped =
        keyring.wrap_candidate_key(&CANDIDATE, &Key::from_bytes(&[5; 32]), &Counting::new()).unwrap();
    let base = Wrapped {
        name: "in the current epoch".to_owned(),
        key_file: key_file().to_text().to_string(),
        keyring: Hex(keyring.encode()),
        candidate: CANDIDATE.into(),
        wrapped_key: wrapped.as_bytes().into(),
        key: Some([5; 32].into()),
        error: None,
    };
    let hostile = |name: &str, error: &str, change: &dyn Fn(&mut Wrapped)| {
        let mut vector = base.clone();
        (vector.name, vector.error, vector.key) = (name.to_owned(), Some(error.to_owned()), None);
        change(&mut vector);
        vector
    };
    let vectors = vec![
        base.clone(),
        hostile("version 2", "newer", &|it| it.wrapped_key.0[0] = 2),
        hostile("of the old epoch", "unauthentic", &|it| it.wrapped_key.0[4] = 1),
        hostile("of an epoch that is not there", "unknown epoch", &|it| it.wrapped_key.0[4] = 3),
        hostile("another nonce", "unauthentic", &|it| it.wrapped_key.0[5] ^= 1),
        hostile("another ciphertext", "unauthentic", &|it| it.wrapped_key.0[17] ^= 1),
        hostile("another tag", "unauthentic", &|it| it.wrapped_key.0[64] ^= 1),
        hostile("cut off", "damaged", &|it| it.wrapped_key.0.truncate(64)),
        hostile("extended", "damaged", &|it| it.wrapped_key.0.push(0)),
        hostile("another candidate's", "unauthentic", &|it| it.candidate.0[15] = b'2'),
    ];
    publish(WRAPPED_KEYS, "WrappedKey of dossier-seal, format 1: candidates' keys", vectors);
}
