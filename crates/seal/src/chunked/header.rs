//! The header: whose file it is and which key opens it.

use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{FileKind, Layout, WHAT, cipher::FileCipher};
use crate::{
    Entropy, Error, Key, Result,
    encoding::{Reader, joined},
    entropy::random,
    key::hkdf_sha256,
    wrap,
};

pub(super) const VERSION: u8 = 1;
pub(super) const MAGIC: [u8; 3] = *b"DCF";

const SALT_LEN: usize = 32;
const COMMITMENT_LEN: usize = 32;
const PREFIX_LEN: usize = 6 + SALT_LEN;

/// Makes the header of a new file and the cipher for its chunks.
pub(super) fn create(
    layout: Layout,
    key: &Key,
    context: &[u8],
    entropy: &dyn Entropy,
) -> Result<(Vec<u8>, FileCipher)> {
    let salt: [u8; SALT_LEN] = random(entropy)?;
    let mut header = Vec::with_capacity(layout.header_len());
    header.push(VERSION);
    header.extend_from_slice(&MAGIC);
    header.extend_from_slice(&[layout.kind().byte(), layout.chunk_bits()]);
    header.extend_from_slice(&salt);
    let identity = identity(&header, context);
    match layout.kind() {
        FileKind::Index => {
            let (cipher, commitment) = file_cipher(&salt, key, identity);
            header.extend_from_slice(&commitment);
            Ok((header, cipher))
        }
        FileKind::Blob => {
            let data_key = Key::generate(entropy)?;
            let (cipher, commitment) = file_cipher(&salt, &data_key, identity);
            header.extend_from_slice(&commitment);
            wrap::wrap(key, &data_key, &data_key_place(&identity), &mut header, entropy)?;
            Ok((header, cipher))
        }
    }
}

/// Reads the header at the start of `bytes` and makes the cipher for the file's chunks.
pub(super) fn read(kind: FileKind, key: &Key, context: &[u8], bytes: &[u8]) -> Result<(Layout, FileCipher)> {
    let layout = Layout::of_header(bytes)?;
    let mut reader = Reader::new(WHAT, bytes);
    if layout.kind() != kind {
        return Err(reader.damaged("it is of another kind"));
    }
    let identity = identity(reader.slice(PREFIX_LEN)?, context);
    let salt = &bytes[PREFIX_LEN - SALT_LEN..PREFIX_LEN];
    let expected: [u8; COMMITMENT_LEN] = reader.array()?;
    let (cipher, commitment) = match kind {
        FileKind::Index => file_cipher(salt, key, identity),
        FileKind::Blob => {
            let wrapped = reader.slice(wrap::BOX_LEN)?;
            file_cipher(salt, &wrap::unwrap(key, wrapped, &data_key_place(&identity), WHAT)?, identity)
        }
    };
    if bool::from(commitment.ct_eq(&expected)) {
        Ok((layout, cipher))
    } else {
        Err(Error::Unauthentic { what: WHAT })
    }
}

fn identity(prefix: &[u8], context: &[u8]) -> [u8; 32] {
    let mut identity = [0; 32];
    identity.copy_from_slice(digest(&SHA256, &joined(&[b"dossier sealed file", prefix, context])).as_ref());
    identity
}

fn data_key_place(identity: &[u8; 32]) -> Vec<u8> {
    joined(&[b"dossier data key", identity])
}

fn file_cipher(salt: &[u8], data_key: &Key, identity: [u8; 32]) -> (FileCipher, [u8; COMMITMENT_LEN]) {
    let mut output = Zeroizing::new([0; Key::LEN + COMMITMENT_LEN]);
    hkdf_sha256(salt, data_key.expose(), &identity, &mut output);
    let (file_key, rest) = output.split_at(Key::LEN);
    let mut commitment = [0; COMMITMENT_LEN];
    commitment.copy_from_slice(rest);
    (FileCipher::new(file_key, identity), commitment)
}
