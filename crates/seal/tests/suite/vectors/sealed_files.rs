//! `files.json`: sealed blobs and index files.

use dossier_seal::{
    Key,
    chunked::{FileKind, Layout, open_file, seal_file},
};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::{assert_outcome, check_all, hexed::Hex, publish};
use crate::entropy::Counting;

const FILE: &str = "files.json";

/// The plaintext is `plain_len` bytes, byte `i` being `i mod 251`. Of files in the layouts in use only the
/// digest is kept.
#[derive(Clone, Serialize, Deserialize)]
struct File {
    name: String,
    kind: String,
    chunk_bits: u8,
    key: Hex,
    context: Hex,
    plain_len: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_sha256: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl File {
    fn layout(&self) -> Layout {
        let kind = if self.kind == "blob" { FileKind::Blob } else { FileKind::Index };
        Layout::new(kind, self.chunk_bits).unwrap()
    }

    fn key(&self) -> Key {
        Key::from_bytes(&self.key.array())
    }

    fn plaintext(&self) -> Vec<u8> {
        (0..self.plain_len).map(|at| (at % 251) as u8).collect()
    }

    fn seal(&self) -> Vec<u8> {
        seal_file(self.layout(), &self.key(), &self.context.0, &self.plaintext(), &Counting::new()).unwrap()
    }

    fn new(name: &str, kind: &str, chunk_bits: u8, plain_len: usize) -> Self {
        Self {
            name: format!("{kind}: {name}"),
            kind: kind.to_owned(),
            chunk_bits,
            key: [7; 32].into(),
            context: b"archive no. 0001/file 1".into(),
            plain_len,
            sealed: None,
            sealed_sha256: None,
            error: None,
        }
    }

    fn whole(name: &str, kind: &str, plain_len: usize) -> Self {
        let mut vector = Self::new(name, kind, 8, plain_len);
        vector.sealed = Some(Hex(vector.seal()));
        vector
    }

    fn digested(name: &str, kind: &str, chunk_bits: u8, plain_len: usize) -> Self {
        let mut vector = Self::new(name, kind, chunk_bits, plain_len);
        vector.sealed_sha256 = Some(digest(&SHA256, &vector.seal()).into());
        vector
    }

    fn hostile(&self, name: &str, error: &str, change: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut vector = self.clone();
        (vector.name, vector.error) = (format!("{}: {name}", self.kind), Some(error.to_owned()));
        change(&mut vector.sealed.as_mut().expect("hostile vectors are whole").0);
        vector
    }

    fn elsewhere(&self, name: &str, change: impl FnOnce(&mut Self)) -> Self {
        let mut vector = self.hostile(name, "unauthentic", |_| ());
        change(&mut vector);
        vector
    }
}

#[test]
fn files_are_as_published() {
    check_all(FILE, |vector: File| {
        if let Some(sealed) = &vector.sealed {
            let opened =
                open_file(vector.layout().kind(), &vector.key(), &vector.context.0, sealed.0.clone());
            assert_outcome(&vector.name, &opened, vector.error.as_deref());
            assert!(vector.error.is_some() || opened.unwrap() == vector.plaintext(), "{}", vector.name);
        }
        if vector.error.is_none() {
            let again = vector.seal();
            let digest = vector.sealed_sha256.as_ref().map(|_| Hex::from(digest(&SHA256, &again)));
            assert_eq!(digest, vector.sealed_sha256, "{}", vector.name);
            assert!(vector.sealed.is_none_or(|sealed| sealed.0 == again), "{}", vector.name);
        }
    });
}

#[test]
#[ignore = "writes vectors that were not published yet"]
fn publish_files() {
    let vectors = [("blob", 130), ("index", 70)].into_iter().flat_map(|(kind, header)| {
        let file = File::whole("two chunks and a bit", kind, 600);
        let chunk = |index: usize| header + index * 272;
        let mut vectors = vec![
            File::whole("empty", kind, 0),
            File::whole("one byte", kind, 1),
            File::whole("one chunk", kind, 256),
            file.clone(),
            file.hostile("version 2", "newer", |it| it[0] = 2),
            file.hostile("version 0", "damaged", |it| it[0] = 0),
            file.hostile("other magic", "damaged", |it| it[1] ^= 1),
            file.hostile("unknown kind", "damaged", |it| it[4] = 3),
            file.hostile("other kind", "damaged", |it| it[4] = 3 - it[4]),
            file.hostile("impossible chunk size", "damaged", |it| it[5] = 63),
            file.hostile("other chunk size", "unauthentic", |it| it[5] = 9),
            file.hostile("other salt", "unauthentic", |it| it[6] ^= 1),
            file.hostile("other commitment", "unauthentic", |it| it[38] ^= 1),
            file.hostile("header cut off", "damaged", |it| it.truncate(header - 1)),
            file.hostile("no chunk", "damaged", |it| it.truncate(header)),
            file.hostile("first chunk altered", "bad chunk", |it| it[chunk(0)] ^= 1),
            file.hostile("tag of the last chunk altered", "bad chunk", |it| *it.last_mut().unwrap() ^= 1),
            file.hostile("last chunk removed", "bad chunk", |it| it.truncate(chunk(2))),
            file.hostile("last chunk shortened", "bad chunk", |it| it.truncate(chunk(2) + 50)),
            file.hostile("cut off within a tag", "damaged", |it| it.truncate(chunk(2) + 16)),
            file.hostile("extended", "bad chunk", |it| it.push(0)),
            file.hostile("last chunk doubled", "bad chunk", |it| it.extend_from_within(chunk(2)..)),
            file.hostile("two chunks swapped", "bad chunk", |it| it[chunk(0)..chunk(2)].rotate_left(272)),
            file.hostile("a chunk taken out", "bad chunk", |it| drop(it.drain(chunk(0)..chunk(1)))),
            file.elsewhere("another context", |it| it.context.0.push(b'0')),
            file.elsewhere("another key", |it| it.key.0[0] ^= 1),
        ];
        if kind == "blob" {
            vectors.push(file.hostile("wrapped key altered", "unauthentic", |it| it[82] ^= 1));
        }
        vectors
    });
    let in_use =
        [File::digested("as in use", "blob", 16, 200_000), File::digested("as in use", "index", 14, 40_000)];
    let about = "Sealed files of dossier-seal, format 1. The plaintext has plain_len bytes, byte i being i mod 251; random \
                 bytes (salt, then for blobs the data key and the nonce of its wrap) are 00 01 02 …";
    publish(FILE, about, vectors.chain(in_use).collect());
}
