//! Record keys: whose record, of which collection, which one.
//!
//! # Format
//!
//! ```text
//! archive's record:    00            collection(1)  id(0..)
//! candidate's record:  01 candidate(16)  collection(1)  id(0..)
//! ```
//!
//! Keys are compared byte by byte, so the records of one scope and collection lie together in the order of
//! their ids. Keys are stored readable: ids are random, or keyed hashes, and never personal data.

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};

use crate::{Error, Result};

const ARCHIVE: u8 = 0x00;
const CANDIDATE: u8 = 0x01;
const CANDIDATE_LEN: usize = 16;

/// Whose record it is, and thereby whose key opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The archive's own records: positions, users, rules, look-ups, the log.
    Archive,
    /// Records of the candidate with this random id. They become unreadable with the candidate's key.
    Candidate([u8; CANDIDATE_LEN]),
}

impl Scope {
    fn len(self) -> usize {
        match self {
            Self::Archive => 1,
            Self::Candidate(_) => 1 + CANDIDATE_LEN,
        }
    }

    fn write(self, into: &mut BytesMut) {
        match self {
            Self::Archive => into.put_u8(ARCHIVE),
            Self::Candidate(candidate) => {
                into.put_u8(CANDIDATE);
                into.put_slice(&candidate);
            }
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (&ARCHIVE, _) => Some(Self::Archive),
            (&CANDIDATE, rest) => rest.first_chunk().copied().map(Self::Candidate),
            _ => None,
        }
    }
}

/// The number of a collection. It is part of every key, so a number once used is never given to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Collection(u8);

impl Collection {
    /// Secondary look-ups, kept by [`Store`](crate::Store).
    pub const LOOKUPS: Self = Self(0xFF);
    /// Wrapped keys, kept by [`CandidateKeys`](crate::CandidateKeys) in a store of their own.
    pub const CANDIDATE_KEYS: Self = Self(0xFE);

    /// The collection with this number.
    pub const fn new(number: u8) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// The key of one record. Cheap to clone; prints as hex.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Bytes);

impl Key {
    /// The greatest length of a key in bytes, its scope and collection included.
    pub const MAX_LEN: usize = 256;

    /// The key of record `id` of `collection` in `scope`.
    ///
    /// # Errors
    /// [`Error::BadKey`] if it would be longer than [`Key::MAX_LEN`].
    pub fn new(scope: Scope, collection: Collection, id: impl AsRef<[u8]>) -> Result<Self> {
        let id = id.as_ref();
        let mut key = prefix(scope, collection, id.len());
        key.put_slice(id);
        checked_len(&key)?;
        Ok(Self(key.freeze()))
    }

    /// Reads a key back from its bytes.
    ///
    /// # Errors
    /// [`Error::BadKey`] if the bytes are no key.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Result<Self> {
        let bytes = bytes.into();
        checked_len(&bytes)?;
        let scope = Scope::parse(&bytes).ok_or(Error::BadKey { reason: "it begins with no known scope" })?;
        if bytes.len() <= scope.len() {
            return Err(Error::BadKey { reason: "it ends before its collection" });
        }
        Ok(Self(bytes))
    }

    /// The whole key.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whose record it is.
    pub fn scope(&self) -> Scope {
        Scope::parse(&self.0).unwrap_or(Scope::Archive)
    }

    /// Which collection it belongs to.
    pub fn collection(&self) -> Collection {
        Collection(self.0[self.scope().len()])
    }

    /// The record's id within its scope and collection.
    pub fn id(&self) -> &[u8] {
        &self.0[self.scope().len() + 1..]
    }

    /// The whole key, without copying.
    pub fn to_bytes(&self) -> Bytes {
        self.0.clone()
    }
}

impl AsRef<[u8]> for Key {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

/// The byte that the keys of all candidates' records begin with.
pub(crate) const CANDIDATES: &[u8] = &[CANDIDATE];

/// The bytes that all keys of `scope` begin with.
pub(crate) fn scope_prefix(scope: Scope) -> BytesMut {
    let mut bytes = BytesMut::with_capacity(scope.len());
    scope.write(&mut bytes);
    bytes
}

/// The bytes that all keys of `collection` in `scope` begin with, with room for `id_len` more.
pub(crate) fn prefix(scope: Scope, collection: Collection, id_len: usize) -> BytesMut {
    let mut bytes = BytesMut::with_capacity(scope.len() + 1 + id_len);
    scope.write(&mut bytes);
    bytes.put_u8(collection.number());
    bytes
}

fn checked_len(key: &[u8]) -> Result<()> {
    if key.len() > Key::MAX_LEN {
        return Err(Error::BadKey { reason: "it is longer than 256 bytes" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scopes() -> impl Strategy<Value = Scope> {
        prop_oneof![Just(Scope::Archive), any::<[u8; 16]>().prop_map(Scope::Candidate)]
    }

    proptest! {
        #[test]
        fn a_key_keeps_its_parts(scope in scopes(), number: u8, id in prop::collection::vec(any::<u8>(), 0..230)) {
            let key = Key::new(scope, Collection::new(number), &id).unwrap();
            let read = Key::from_bytes(key.to_bytes()).unwrap();
            prop_assert_eq!(&read, &key);
            prop_assert_eq!(read.scope(), scope);
            prop_assert_eq!(read.collection().number(), number);
            prop_assert_eq!(read.id(), &id[..]);
        }

        #[test]
        fn any_bytes_are_a_whole_key_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(key) = Key::from_bytes(bytes.clone()) {
                let again = Key::new(key.scope(), key.collection(), key.id()).unwrap();
                prop_assert_eq!(again.as_bytes(), &bytes[..]);
            }
        }
    }

    #[test]
    fn the_bounds_are_exact() {
        assert!(Key::new(Scope::Archive, Collection::new(1), [7; 254]).is_ok());
        assert!(Key::new(Scope::Archive, Collection::new(1), [7; 255]).is_err());
        assert!(Key::from_bytes(&[][..]).is_err());
        assert!(Key::from_bytes(&[0][..]).is_err());
        assert!(Key::from_bytes(&[0, 1][..]).is_ok());
        assert!(Key::from_bytes(&[1; 17][..]).is_err());
        assert!(Key::from_bytes(&[1; 18][..]).is_ok());
        assert!(Key::from_bytes(&[2; 18][..]).is_err());
    }
}
