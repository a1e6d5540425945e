//! Reading and writing the keyring's bytes; their layout is specified in the parent module.

use ring::{
    digest::{SHA256, digest},
    hmac,
};

use crate::{
    ArchiveId, Entropy, Error, Key, PassphraseCost, PassphraseParams, Result, RootId, RootKey, RootMethod,
    encoding::{Reader, joined},
    wrap::WrappedKey,
};

const VERSION: u8 = 1;
const MAGIC: [u8; 3] = *b"DKR";
const MAC_LEN: usize = 32;
const SUM_LEN: usize = 8;
const KEY_FILE: u8 = 1;
const PASSPHRASE: u8 = 2;

pub(super) const WHAT: &str = "keyring";

/// What a keyring stores; all keys in it are wrapped.
pub(super) struct Stored {
    pub(super) archive: ArchiveId,
    pub(super) root: RootId,
    pub(super) method: RootMethod,
    /// Oldest first, never empty, the last being the current one.
    pub(super) epochs: Vec<Epoch>,
    pub(super) archive_key: WrappedKey,
}

/// An epoch key wrapped by the root.
pub(super) struct Epoch {
    pub(super) id: u32,
    pub(super) wrapped: Vec<u8>,
}

impl Epoch {
    pub(super) fn wrap(
        id: u32,
        key: &Key,
        archive: &ArchiveId,
        root: &dyn RootKey,
        entropy: &dyn Entropy,
    ) -> Result<Self> {
        let wrapped = root.wrap_key(key, &epoch_place(archive, id), entropy)?;
        if wrapped.len() > usize::from(u16::MAX) {
            return Err(Error::OutOfRange("the root wraps a key in more than 65,535 bytes"));
        }
        Ok(Self { id, wrapped })
    }

    pub(super) fn unwrap(&self, archive: &ArchiveId, root: &dyn RootKey) -> Result<Key> {
        root.unwrap_key(&self.wrapped, &epoch_place(archive, self.id))
    }
}

impl Stored {
    /// Reads the layout. Only the sum is checked, see [`verify`].
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(WHAT, without_sum(bytes)?);
        reader.version(VERSION)?;
        if reader.array()? != MAGIC {
            return Err(reader.damaged("it is something else"));
        }
        let archive = ArchiveId::from_bytes(reader.array()?);
        let root = RootId::from_bytes(reader.array()?);
        let method = read_method(&mut reader)?;
        let epochs = (0..reader.u16()?).map(|_| read_epoch(&mut reader)).collect::<Result<Vec<_>>>()?;
        if epochs.is_empty() || !epochs.is_sorted_by(|a, b| a.id < b.id) {
            return Err(reader.damaged("its epochs are out of order"));
        }
        let archive_key = WrappedKey::from_bytes(reader.slice(WrappedKey::LEN)?)?;
        reader.slice(MAC_LEN)?;
        reader.end()?;
        Ok(Self { archive, root, method, epochs, archive_key })
    }

    /// Writes the layout, authenticated with the current epoch's key.
    pub(super) fn encode(&self, current: &Key) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(self.archive.as_bytes());
        bytes.extend_from_slice(self.root.as_bytes());
        write_method(&self.method, &mut bytes);
        write_len(self.epochs.len(), &mut bytes);
        for epoch in &self.epochs {
            bytes.extend_from_slice(&epoch.id.to_be_bytes());
            write_len(epoch.wrapped.len(), &mut bytes);
            bytes.extend_from_slice(&epoch.wrapped);
        }
        bytes.extend_from_slice(self.archive_key.as_bytes());
        let mac = hmac::sign(&mac_key(current), &bytes);
        bytes.extend_from_slice(mac.as_ref());
        let sum = digest(&SHA256, &bytes);
        bytes.extend_from_slice(&sum.as_ref()[..SUM_LEN]);
        bytes
    }

    pub(super) fn current(&self) -> u32 {
        self.epochs.last().map_or(0, |epoch| epoch.id)
    }

    /// Whether this root opens it.
    pub(super) fn check_root(&self, root: &dyn RootKey) -> Result<()> {
        let (expected, given) = (self.root, root.id());
        match (self.method, root.method()) {
            _ if expected == given => Ok(()),
            (RootMethod::KeyFile, RootMethod::KeyFile) => Err(Error::WrongKeyFile { expected, given }),
            (RootMethod::Passphrase(_), RootMethod::Passphrase(_)) => Err(Error::WrongPassphrase),
            (expected, given) => {
                Err(Error::OtherRootMethod { expected: expected.name(), given: given.name() })
            }
        }
    }
}

/// Checks that the bytes were written by whoever holds the current epoch's key.
pub(super) fn verify(bytes: &[u8], current: &Key) -> Result<()> {
    let unauthentic = Error::Unauthentic { what: WHAT };
    let Some((body, mac)) = without_sum(bytes)?.split_last_chunk::<MAC_LEN>() else {
        return Err(unauthentic);
    };
    hmac::verify(&mac_key(current), body, mac).map_err(|_| unauthentic)
}

/// What an epoch key is bound to when the root wraps it.
fn epoch_place(archive: &ArchiveId, epoch: u32) -> Vec<u8> {
    joined(&[b"dossier epoch key", &[VERSION], archive.as_bytes(), &epoch.to_be_bytes()])
}

fn without_sum(bytes: &[u8]) -> Result<&[u8]> {
    match bytes.split_last_chunk::<SUM_LEN>() {
        Some((body, sum)) if digest(&SHA256, body).as_ref().starts_with(sum) => Ok(body),
        _ => Err(Error::Damaged { what: WHAT, why: "its checksum does not fit, or it is something else" }),
    }
}

fn mac_key(epoch_key: &Key) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, epoch_key.derive("dossier keyring mac", b"").expose())
}

fn read_method(reader: &mut Reader<'_>) -> Result<RootMethod> {
    match reader.u8()? {
        KEY_FILE => Ok(RootMethod::KeyFile),
        PASSPHRASE => {
            let cost = PassphraseCost::new(reader.u32()?, reader.u32()?, reader.u32()?)
                .map_err(|_| reader.damaged("its passphrase's cost is impossible"))?;
            Ok(RootMethod::Passphrase(PassphraseParams::new(cost, reader.array()?)))
        }
        _ => Err(reader.damaged("its root is obtained in an unknown way")),
    }
}

fn write_method(method: &RootMethod, bytes: &mut Vec<u8>) {
    match method {
        RootMethod::KeyFile => bytes.push(KEY_FILE),
        RootMethod::Passphrase(params) => {
            bytes.push(PASSPHRASE);
            bytes.extend_from_slice(&params.to_bytes());
        }
    }
}

fn read_epoch(reader: &mut Reader<'_>) -> Result<Epoch> {
    let id = reader.u32()?;
    let len = reader.u16()?;
    Ok(Epoch { id, wrapped: reader.slice(len.into())?.to_vec() })
}

/// Counts and lengths are kept below 65,536 where they arise.
#[expect(clippy::expect_used, reason = "`Epoch::wrap` and `Keyring::rotate` see to it")]
fn write_len(len: usize, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&u16::try_from(len).expect("fits two bytes").to_be_bytes());
}
