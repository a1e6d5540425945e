//! A root key kept in a small text file.

use ring::digest::{Context, SHA256};
use zeroize::Zeroizing;

use super::{LocalRoot, RootKey, RootMethod};
use crate::{Entropy, Error, Key, Result, RootId};

/// The first line.
pub(crate) const HEADER: &str = "DOSSIER KEY FILE 1";
const TITLE: &str = "DOSSIER KEY FILE ";
const VERSION: u8 = 1;
const WHAT: &str = "key file";

/// A root key of 32 random bytes, kept in a text file that the operator guards and backs up.
///
/// # Format 1
///
/// ```text
/// DOSSIER KEY FILE 1
/// key 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
/// sum 5af921098cfdabb3
/// ```
///
/// UTF-8 lines ended by LF or CR LF; empty lines and lines that begin with `#` are skipped. The number in the
/// first line is the version; `key` is 32 bytes in hexadecimal digits; `sum` is the first 8 bytes of SHA-256
/// over `DOSSIER KEY FILE 1` and the 32 bytes, and tells a mistyped or damaged file from one that belongs to
/// another archive. Vectors: `fixtures/seal/key_files.json`.
pub struct KeyFile(LocalRoot);

impl KeyFile {
    /// A new random root key.
    ///
    /// # Errors
    /// When there is no entropy.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self> {
        Ok(Self(LocalRoot(Key::generate(entropy)?)))
    }

    /// Reads a key file's text.
    ///
    /// # Errors
    /// [`Error::NotAKeyFile`] for any other text, [`Error::Newer`] for a later version, [`Error::Damaged`]
    /// when a line is missing or the checksum does not fit.
    pub fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        check_header(lines.next())?;
        let key: Zeroizing<[u8; Key::LEN]> = field(lines.next(), "key ")?;
        let sum: Zeroizing<[u8; 8]> = field(lines.next(), "sum ")?;
        if lines.next().is_some() {
            return Err(damaged("there is more than belongs to it"));
        }
        if *sum != checksum(&key) {
            return Err(damaged("its checksum does not fit its key"));
        }
        Ok(Self(LocalRoot(Key::from_bytes(&key))))
    }

    /// The text of the file. It holds the key: keep it from logs, and wiped when done (it wipes itself).
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let key = self.0.0.expose();
        let digits = Zeroizing::new(hex::encode(key));
        let sum = hex::encode(checksum(key));
        Zeroizing::new(format!("{HEADER}\nkey {}\nsum {sum}\n", *digits))
    }
}

impl RootKey for KeyFile {
    fn id(&self) -> RootId {
        self.0.id()
    }

    fn method(&self) -> RootMethod {
        RootMethod::KeyFile
    }

    fn wrap_key(&self, key: &Key, associated: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>> {
        self.0.wrap_key(key, associated, entropy)
    }

    fn unwrap_key(&self, wrapped: &[u8], associated: &[u8]) -> Result<Key> {
        self.0.unwrap_key(wrapped, associated)
    }
}

fn check_header(line: Option<&str>) -> Result<()> {
    let version = line.and_then(|line| line.strip_prefix(TITLE)).ok_or(Error::NotAKeyFile)?;
    match version.parse() {
        Ok(VERSION) => Ok(()),
        Ok(found) if found > VERSION => Err(Error::Newer { what: WHAT, found, known: VERSION }),
        _ => Err(Error::NotAKeyFile),
    }
}

fn field<const N: usize>(line: Option<&str>, name: &str) -> Result<Zeroizing<[u8; N]>> {
    let digits = line.and_then(|line| line.strip_prefix(name)).ok_or(damaged("a line is missing"))?;
    let mut bytes = Zeroizing::new([0; N]);
    hex::decode_to_slice(digits, bytes.as_mut_slice())
        .map_err(|_| damaged("a line has other than its hexadecimal digits"))?;
    Ok(bytes)
}

fn checksum(key: &[u8; Key::LEN]) -> [u8; 8] {
    let mut context = Context::new(&SHA256);
    context.update(HEADER.as_bytes());
    context.update(key);
    let mut sum = [0; 8];
    sum.copy_from_slice(&context.finish().as_ref()[..8]);
    sum
}

fn damaged(why: &'static str) -> Error {
    Error::Damaged { what: WHAT, why }
}
