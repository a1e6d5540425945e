//! Sealed files: blobs (64 KiB chunks) and files of the search index (16 KiB chunks), seekable.
//!
//! # Format 1
//!
//! ```text
//! offset  length  content
//!      0       1  format version, 1
//!      1       3  `DCF`
//!      4       1  kind: 1 blob, 2 index file
//!      5       1  chunk size as a power of two: 8 to 24 (blobs 16, index files 14)
//!      6      32  salt, random
//!     38      32  commitment to the key
//!     70      60  blobs only: data key wrapped by the owner's key: nonce (12) ‖ ciphertext (32) ‖ tag (16)
//!      …       …  chunks: ciphertext ‖ tag (16)
//! ```
//!
//! The plaintext is cut into chunks of the chunk size; the last chunk holds the rest and is never empty,
//! except that an empty file has one empty chunk. So a file has `max(1, ⌈length / chunk size⌉)` chunks, and
//! the sealed length tells the plaintext's.
//!
//! - *Identity* `I` = SHA-256 over `dossier sealed file`, the first 38 bytes of the header, and the caller's
//!   context (what this file is: archive, blob id or file name), each preceded by its length as a big-endian
//!   `u64`.
//! - *Data key*: a blob's is random and wrapped with AES-256-GCM by the owner's key (associated data:
//!   `dossier data key` and `I`, each preceded by its length); an index file's is the index key itself.
//! - *File key* and *commitment*: the first and the second 32 bytes of HKDF-SHA256 (salt: the header's;
//!   input: the data key; info: `I`). A wrong key, context or header shows before any chunk is read, and no
//!   file opens under two keys.
//! - *Chunks*: AES-256-GCM under the file key. The nonce is three zero bytes, a byte that is 1 for the last
//!   chunk and else 0, and the chunk's number from 0 as a big-endian `u64`; the associated data is `I`. So a
//!   chunk opens only in its own file, at its own place, and a file that was cut off or extended does not
//!   open at its end.
//!
//! The file key belongs to this file alone (fresh salt, and for blobs a fresh data key), so counting nonces
//! never repeat. A whole older file put back under the same context does not show here; for blobs the record
//! that names the blob shows it.
//!
//! Vectors, hostile ones included: `fixtures/seal/files.json`.
//!
//! # Length
//!
//! [`Opener::new`] believes the plaintext length it is given, which comes from a sealed record. Where there
//! is no such record, [`Opener::with_sealed_len`] must see the last chunk before it opens any other.

mod cipher;
mod header;
mod layout;
mod opener;
mod sealer;

pub use layout::{FileKind, Layout};
pub use opener::{Opener, SealedRange, UnprovenOpener};
pub use sealer::{ChunkSealer, Sealer};

use crate::{Entropy, Error, Key, Result};

/// Length of the tag that ends each chunk, in bytes.
pub const TAG_LEN: usize = 16;

const WHAT: &str = "sealed file";

/// Seals a file that is in memory as a whole. See [`Sealer::new`].
///
/// # Errors
/// When there is no entropy.
pub fn seal_file(
    layout: Layout,
    key: &Key,
    context: &[u8],
    plaintext: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>> {
    let mut sealer = Sealer::new(layout, key, context, entropy)?;
    let mut sealed = Vec::with_capacity(layout.sealed_len_of(plaintext));
    sealed.extend_from_slice(sealer.header());
    sealer.push(plaintext, &mut sealed)?;
    sealer.finish(&mut sealed)?;
    Ok(sealed)
}

/// Opens a sealed file that is in memory as a whole.
///
/// # Errors
/// As [`Opener::new`] and [`Opener::open_chunk`].
pub fn open_file(kind: FileKind, key: &Key, context: &[u8], mut sealed: Vec<u8>) -> Result<Vec<u8>> {
    let layout = Layout::of_header(&sealed)?;
    let plain_len =
        layout.plain_len(sealed.len() as u64).ok_or(Error::Damaged { what: WHAT, why: "it is cut off" })?;
    let opener = Opener::new(kind, key, context, &sealed, plain_len)?;
    let mut end = 0;
    let mut start = layout.header_len();
    for index in 0..opener.chunk_count() {
        let stop = sealed.len().min(start + layout.sealed_chunk_len());
        let len = opener.open_chunk(index, &mut sealed[start..stop])?.len();
        sealed.copy_within(start..start + len, end);
        (start, end) = (stop, end + len);
    }
    sealed.truncate(end);
    Ok(sealed)
}
