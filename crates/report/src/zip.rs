//! A ZIP whose every byte but the files' own is known before the first is sent, so that it streams with an exact
//! length and can be resumed anywhere.
//!
//! The format is that of PKWARE's APPNOTE.TXT 6.3.10: local file headers (4.3.7), central directory headers (4.3.12),
//! the ZIP64 end records (4.3.14, 4.3.15), the end record (4.3.16) and the ZIP64 extra field (4.5.3). Files are stored as
//! they are, because videos do not shrink. Their size and CRC-32 are known beforehand, hence no data descriptors, which
//! streaming readers cannot follow behind stored files. Names are UTF-8 and marked so (bit 11, appendix D). ZIP64 fields
//! appear only where a value needs them.

mod name;
mod record;
#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::{DateTime, Utc};
use dossier_domain::BankZone;

use self::name::Names;
pub use self::name::safe_name;
use crate::{Error, Result};

/// What will be in a ZIP, in order.
///
/// The same additions give the same bytes.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    zone: BankZone,
    names: Names,
    entries: Vec<Entry>,
    /// Where the next local header, or else the central directory, begins.
    end: u64,
    /// The length of the central directory without its end records.
    directory: u64,
}

/// One file of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path in the ZIP.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// CRC-32 of its content (ISO-HDLC).
    pub crc32: u32,
    modified: record::DosTime,
    offset: u64,
}

/// A run of bytes of the ZIP and where they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where the bytes come from.
    pub source: Source,
    /// Which bytes of the source are meant.
    pub bytes: Range<u64>,
    /// Where the first of them stands in the ZIP.
    pub offset: u64,
}

/// Where bytes of the ZIP come from. The number is that of the entry, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// [`Plan::local_header`].
    LocalHeader(usize),
    /// The content of the file, from its owner.
    Content(usize),
    /// [`Plan::central_directory`].
    CentralDirectory,
}

impl Plan {
    /// An empty plan; times in the ZIP, which knows no zones, will be those of `zone`.
    #[must_use]
    pub fn new(zone: BankZone) -> Self {
        Self { zone, ..Self::default() }
    }

    /// Adds a file and says which path it got: every part between slashes is made safe as by [`safe_name`], and where
    /// the path is taken already (upper and lower case count as the same) its name gets `-2`, `-3` and so on.
    ///
    /// # Errors
    /// [`Error::PathTooLong`] or [`Error::TooLarge`]; the plan stays as it was.
    pub fn add(&mut self, path: &str, size: u64, crc32: u32, modified: DateTime<Utc>) -> Result<&str> {
        let modified = record::DosTime::new(self.zone, modified);
        let name = self.names.free(path);
        if name.len() > usize::from(u16::MAX) {
            return Err(Error::PathTooLong { length: name.len() });
        }
        let entry = Entry { name, size, crc32, modified, offset: self.end };
        let end = self.end.checked_add(entry.local_length()).and_then(|end| end.checked_add(size));
        let directory = self.directory + entry.central_length();
        let end = end
            .filter(|end| end.checked_add(directory + record::LONGEST_END).is_some())
            .ok_or(Error::TooLarge)?;
        (self.end, self.directory) = (end, directory);
        self.names.take(&entry.name);
        self.entries.push(entry);
        Ok(self.entries.last().map_or("", |entry| &entry.name))
    }

    /// Adds a file whose content is at hand.
    ///
    /// # Errors
    /// As [`Plan::add`].
    pub fn add_content(&mut self, path: &str, content: &[u8], modified: DateTime<Utc>) -> Result<&str> {
        self.add(path, content.len() as u64, crc32fast::hash(content), modified)
    }

    /// The files, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The exact length of the ZIP in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.end + self.directory_length()
    }

    /// The bytes that stand before the content of an entry.
    ///
    /// # Panics
    /// If the plan has no entry of this number.
    #[must_use]
    pub fn local_header(&self, entry: usize) -> Vec<u8> {
        self.entries[entry].local_header()
    }

    /// The bytes that stand behind the last content: the central directory and its end records.
    #[must_use]
    pub fn central_directory(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.entries.iter().flat_map(Entry::central_header).collect();
        bytes.extend(self.end_records());
        bytes
    }

    /// The pieces of the whole ZIP, in order, none of them empty.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        self.pieces_in(0..self.length())
    }

    /// The pieces that make up a range of the ZIP's bytes, in order, none of them empty. What lies beyond the end of
    /// the ZIP is left out.
    pub fn pieces_in(&self, wanted: Range<u64>) -> impl Iterator<Item = Piece> {
        let of_entry = |(number, entry): (usize, &Entry)| {
            let content = entry.offset + entry.local_length();
            [
                (Source::LocalHeader(number), entry.offset..content),
                (Source::Content(number), content..content + entry.size),
            ]
        };
        let first = self.entries.partition_point(|entry| entry.end() <= wanted.start);
        let directory = (Source::CentralDirectory, self.end..self.length());
        let end = wanted.end;
        self.entries
            .iter()
            .enumerate()
            .skip(first)
            .flat_map(of_entry)
            .chain([directory])
            .take_while(move |(_, place)| place.start < end)
            .filter_map(move |(source, place)| cut(source, &place, &wanted))
    }

    fn directory_length(&self) -> u64 {
        self.directory + self.end_records().len() as u64
    }

    fn end_records(&self) -> Vec<u8> {
        record::end_records(self.entries.len() as u64, self.end, self.directory)
    }
}

/// The part of a source, which stands at `place` in the ZIP, that lies in the wanted range.
fn cut(source: Source, place: &Range<u64>, wanted: &Range<u64>) -> Option<Piece> {
    let (start, end) = (place.start.max(wanted.start), place.end.min(wanted.end));
    (start < end).then(|| Piece { source, bytes: start - place.start..end - place.start, offset: start })
}
