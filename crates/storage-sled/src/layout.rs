//! How records, changes and the store's own facts lie in sled's one tree.
//!
//! # Format 1
//!
//! The first byte of a sled key is its space. Numbers are big-endian.
//!
//! | space | rest of the key | value |
//! |---|---|---|
//! | 00 facts | `format` | the format's number (1 byte) |
//! | 00 facts | `trimmed` | sequence up to which changes were forgotten (8) |
//! | 01 records | record key | long value: revision (8), then the record's value |
//! | 02 changes | sequence (8) | long value: for each key its length (2) and its bytes |
//! | 03 parts | length of the owner's sled key (2), owner's sled key, number of the part (4) | bytes of the part |
//!
//! A long value begins with the byte 01 if it stands whole, or with 02 if what follows the revision (or, for
//! a change, all of it) is found in parts; then 02 is followed by the same first 8 bytes and the number of parts (4).
//! A change has no first 8 bytes of its own, so its sequence takes the place of the revision.
//!
//! Parts exist because sled moves a tree node of more than 128 KiB to a file of its own **without syncing it**.
//! A leaf has up to 20 entries for a moment, so with [`PART`] of 4 KiB no node comes near.

use bytes::{BufMut, Bytes, BytesMut};
use dossier_storage::{Key, Sequence};
use sled::IVec;

/// The format written, and the newest one read.
pub(crate) const FORMAT: u8 = 1;
/// The greatest length of a value that stands whole, and of each part of a longer one.
pub(crate) const PART: usize = 4 << 10;

pub(crate) const FORMAT_FACT: &[u8] = b"\x00format";
pub(crate) const TRIMMED_FACT: &[u8] = b"\x00trimmed";

const RECORDS: u8 = 1;
const CHANGES: u8 = 2;
const PARTS: u8 = 3;

const WHOLE: u8 = 1;
const IN_PARTS: u8 = 2;

/// Stored bytes that are not of the format.
#[derive(Debug, thiserror::Error)]
#[error("a stored value has no valid form")]
pub(crate) struct Malformed;

/// The sled key of a record, or of a bound of record keys.
pub(crate) fn record(key: &[u8]) -> Vec<u8> {
    [&[RECORDS], key].concat()
}

/// The first sled key beyond all records.
pub(crate) fn records_end() -> Vec<u8> {
    vec![RECORDS + 1]
}

/// The sled key of a change.
pub(crate) fn change(sequence: Sequence) -> Vec<u8> {
    [&[CHANGES][..], &sequence.number().to_be_bytes()].concat()
}

/// The first sled key beyond all changes.
pub(crate) fn changes_end() -> Vec<u8> {
    vec![CHANGES + 1]
}

/// The sequence in the sled key of a change.
pub(crate) fn change_sequence(key: &[u8]) -> Result<Sequence, Malformed> {
    sequence(key.get(1..).ok_or(Malformed)?)
}

/// A sequence alone, as in the `trimmed` fact.
pub(crate) fn sequence(bytes: &[u8]) -> Result<Sequence, Malformed> {
    Ok(Sequence::new(u64::from_be_bytes(bytes.try_into().map_err(|_| Malformed)?)))
}

/// The sled key of one part of the long value under `owner`.
pub(crate) fn part(owner: &[u8], number: u32) -> Vec<u8> {
    let mut key = Vec::with_capacity(7 + owner.len());
    key.push(PARTS);
    // Owners are record keys and changes, far shorter than 64 KiB.
    key.extend_from_slice(&(owner.len() as u16).to_be_bytes());
    key.extend_from_slice(owner);
    key.extend_from_slice(&number.to_be_bytes());
    key
}

/// What stands under the key of a long value.
pub(crate) enum Head {
    /// All of it.
    Whole { revision: Sequence, value: IVec },
    /// Its revision; the rest is in so many parts.
    InParts { revision: Sequence, parts: u32 },
}

impl Head {
    pub(crate) fn parse(stored: &IVec) -> Result<Self, Malformed> {
        let (&form, rest) = stored.split_first().ok_or(Malformed)?;
        let (revision, rest) = rest.split_at_checked(8).ok_or(Malformed)?;
        let revision = sequence(revision)?;
        match form {
            WHOLE => Ok(Self::Whole { revision, value: stored.subslice(9, rest.len()) }),
            IN_PARTS => {
                let parts = u32::from_be_bytes(rest.try_into().map_err(|_| Malformed)?);
                Ok(Self::InParts { revision, parts })
            }
            _ => Err(Malformed),
        }
    }

    pub(crate) fn revision(&self) -> Sequence {
        match self {
            Self::Whole { revision, .. } | Self::InParts { revision, .. } => *revision,
        }
    }

    pub(crate) fn parts(&self) -> u32 {
        match self {
            Self::Whole { .. } => 0,
            Self::InParts { parts, .. } => *parts,
        }
    }
}

/// Adds a long value to a batch and gives the number of parts beside its head.
pub(crate) fn write(batch: &mut sled::Batch, owner: &[u8], revision: Sequence, value: &[u8]) -> u32 {
    let mut head = Vec::with_capacity(9 + value.len().min(PART));
    if value.len() <= PART {
        head.push(WHOLE);
        head.extend_from_slice(&revision.number().to_be_bytes());
        head.extend_from_slice(value);
        batch.insert(owner, head);
        return 0;
    }
    let mut parts = 0;
    for bytes in value.chunks(PART) {
        batch.insert(part(owner, parts), bytes);
        parts += 1;
    }
    head.push(IN_PARTS);
    head.extend_from_slice(&revision.number().to_be_bytes());
    head.extend_from_slice(&parts.to_be_bytes());
    batch.insert(owner, head);
    parts
}

/// The keys of a change, as its value.
pub(crate) fn change_value<'a>(keys: impl Iterator<Item = &'a Key>) -> Bytes {
    let mut value = BytesMut::new();
    for key in keys {
        let bytes = key.as_bytes();
        // Keys have at most 256 bytes.
        value.put_u16(bytes.len() as u16);
        value.put_slice(bytes);
    }
    value.freeze()
}

/// The keys in the value of a change.
pub(crate) fn change_keys(mut value: Bytes) -> Result<Vec<Key>, Malformed> {
    let mut keys = Vec::new();
    while !value.is_empty() {
        let (length, _) = value.split_first_chunk().ok_or(Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if value.len() < 2 + length {
            return Err(Malformed);
        }
        let key = value.split_to(2 + length).slice(2..);
        keys.push(Key::from_bytes(key).map_err(|_| Malformed)?);
    }
    Ok(keys)
}

#[cfg(test)]
mod tests;
