//! `records.json`: sealed records.

use dossier_seal::{ArchiveId, Key, RecordCipher};
use serde::{Deserialize, Serialize};

use super::{assert_outcome, check_all, hexed::Hex, publish};
use crate::entropy::Counting;

const FILE: &str = "records.json";

#[derive(Clone, Serialize, Deserialize)]
struct Record {
    name: String,
    key: Hex,
    archive: Hex,
    record_key: Hex,
    sealed: Hex,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Record {
    fn cipher(&self) -> RecordCipher {
        RecordCipher::new(&Key::from_bytes(&self.key.array()), ArchiveId::from_bytes(self.archive.array()))
    }

    fn sealed(name: &str, record_key: &str, plaintext: &str) -> Self {
        let mut vector = Self {
            name: name.to_owned(),
            key: [7; 32].into(),
            archive: b"archive no. 0001".into(),
            record_key: record_key.into(),
            sealed: Hex::default(),
            plaintext: Some(plaintext.into()),
            error: None,
        };
        let sealed = vector.cipher().seal(record_key.as_bytes(), plaintext.as_bytes(), &Counting::new());
        vector.sealed = Hex(sealed.unwrap());
        vector
    }

    fn hostile(&self, name: &str, error: &str, change: impl FnOnce(&mut Self)) -> Self {
        let mut vector = self.clone();
        (vector.name, vector.error, vector.plaintext) = (name.to_owned(), Some(error.to_owned()), None);
        change(&mut vector);
        vector
    }
}

#[test]
fn records_are_as_published() {
    check_all(FILE, |vector: Record| {
        let cipher = vector.cipher();
        let opened = cipher.open(&vector.record_key.0, &vector.sealed.0);
        assert_outcome(&vector.name, &opened, vector.error.as_deref());
        assert_eq!(opened.ok().map(Hex), vector.plaintext, "{}", vector.name);
        if let Some(plaintext) = vector.plaintext {
            let sealed = cipher.seal(&vector.record_key.0, &plaintext.0, &Counting::new()).unwrap();
            assert_eq!(Hex(sealed), vector.sealed, "{}", vector.name);
        }
    });
}

#[test]
#[ignore = "writes vectors that were not published yet"]
fn publish_records() {
    let empty = Record::sealed("empty", "candidates/1", "");
    let record = Record::sealed("of some length", "candidates/1/interviews/2", "张三, 客户经理, 85");
    let vectors = vec![
        record.hostile("its version is 2", "newer", |it| it.sealed.0[0] = 2),
        record.hostile("its version is 0", "damaged", |it| it.sealed.0[0] = 0),
        record.hostile("nothing", "damaged", |it| it.sealed.0.clear()),
        record.hostile("only a version", "unauthentic", |it| it.sealed.0.truncate(1)),
        record.hostile("another nonce", "unauthentic", |it| it.sealed.0[1] ^= 1),
        record.hostile("another ciphertext", "unauthentic", |it| it.sealed.0[13] ^= 1),
        record.hostile("another tag", "unauthentic", |it| *it.sealed.0.last_mut().unwrap() ^= 0x80),
        record.hostile("cut off", "unauthentic", |it| it.sealed.0.truncate(it.sealed.0.len() - 1)),
        record.hostile("extended", "unauthentic", |it| it.sealed.0.push(0)),
        record.hostile("at another place", "unauthentic", |it| *it.record_key.0.last_mut().unwrap() = b'3'),
        record.hostile("in another archive", "unauthentic", |it| *it.archive.0.last_mut().unwrap() = b'2'),
        record.hostile("under another key", "unauthentic", |it| it.key.0[31] = 8),
    ];
    publish(FILE, "RecordCipher of dossier-seal, format 1", [vec![empty, record], vectors].concat());
}
