//! The records of the format, byte for byte. All numbers are little-endian.

use chrono::{DateTime, Datelike, Timelike, Utc};
use dossier_domain::BankZone;

use super::Entry;

/// Fields of 32 and 16 bits with all bits set say: look into the ZIP64 record (4.4.1.4).
const IN_ZIP64: u32 = u32::MAX;
const COUNT_IN_ZIP64: u16 = u16::MAX;

/// 2.0 for folders in names, 4.5 for ZIP64 (4.4.3.2).
const PLAIN: u16 = 20;
const ZIP64: u16 = 45;
/// Made on Unix (upper byte, 4.4.2), so that the attributes below are understood.
const MADE_BY: u16 = 3 << 8 | ZIP64;
/// A regular file that its owner may read and write and others may not: `-rw-------`.
const ATTRIBUTES: u32 = 0o100_600 << 16;
const UTF8_NAME: u16 = 1 << 11;
const STORED: u16 = 0;
const ZIP64_EXTRA: u16 = 1;

/// The length of the end records when all three are there.
pub(super) const LONGEST_END: u64 = 56 + 20 + 22;

/// A date and a time of day as MS-DOS had them: from 1980 to 2107, in steps of two seconds (4.4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DosTime {
    date: u16,
    time: u16,
}

impl DosTime {
    /// The nearest that can be written.
    pub(super) fn new(zone: BankZone, at: DateTime<Utc>) -> Self {
        let local = zone.local(at);
        let year = match u16::try_from(local.year() - 1980) {
            Ok(year @ 0..128) => year,
            Ok(_) => return Self::LAST,
            Err(_) => return Self::FIRST,
        };
        let small = |value: u32| u16::try_from(value).unwrap_or_default();
        Self {
            date: year << 9 | small(local.month()) << 5 | small(local.day()),
            time: small(local.hour()) << 11 | small(local.minute()) << 5 | (small(local.second()) / 2),
        }
    }

    const FIRST: Self = Self { date: 1 << 5 | 1, time: 0 };
    const LAST: Self = Self { date: 127 << 9 | 12 << 5 | 31, time: 23 << 11 | 59 << 5 | 29 };
}

impl Entry {
    /// The place behind the content.
    pub(super) fn end(&self) -> u64 {
        self.offset + self.local_length() + self.size
    }

    pub(super) fn local_length(&self) -> u64 {
        let extra = if self.is_big() { 4 + 16 } else { 0 };
        30 + self.name.len() as u64 + extra
    }

    pub(super) fn central_length(&self) -> u64 {
        46 + self.name.len() as u64 + self.central_extra().len() as u64
    }

    /// 4.3.7
    pub(super) fn local_header(&self) -> Vec<u8> {
        let mut extra = Bytes::default();
        if self.is_big() {
            // Both sizes must be there, in this order, even though they are the same (4.5.3).
            extra.u16(ZIP64_EXTRA).u16(16).u64(self.size).u64(self.size);
        }
        let mut bytes = Bytes::default();
        bytes.u32(0x0403_4b50);
        self.common(&mut bytes, self.is_big(), &extra);
        bytes.raw(self.name.as_bytes()).raw(&extra.0);
        bytes.0
    }

    /// 4.3.12
    pub(super) fn central_header(&self) -> Vec<u8> {
        let extra = self.central_extra();
        let mut bytes = Bytes::default();
        bytes.u32(0x0201_4b50).u16(MADE_BY);
        self.common(&mut bytes, !extra.0.is_empty(), &extra);
        // no comment, first disk, no internal attributes
        bytes.u16(0).u16(0).u16(0).u32(ATTRIBUTES).u32(saturated(self.offset));
        bytes.raw(self.name.as_bytes()).raw(&extra.0);
        bytes.0
    }

    /// What both headers say, from the version needed to the length of the extra field.
    fn common(&self, bytes: &mut Bytes, zip64: bool, extra: &Bytes) {
        bytes.u16(if zip64 { ZIP64 } else { PLAIN }).u16(UTF8_NAME).u16(STORED);
        bytes.u16(self.modified.time).u16(self.modified.date).u32(self.crc32);
        bytes.u32(saturated(self.size)).u32(saturated(self.size));
        bytes.u16(short(self.name.len())).u16(short(extra.len()));
    }

    /// Only those values whose own fields cannot hold them, in the order of the fields (4.5.3).
    fn central_extra(&self) -> Bytes {
        let mut values = Bytes::default();
        if self.is_big() {
            values.u64(self.size).u64(self.size);
        }
        if self.offset >= u64::from(IN_ZIP64) {
            values.u64(self.offset);
        }
        let mut extra = Bytes::default();
        if !values.0.is_empty() {
            extra.u16(ZIP64_EXTRA).u16(short(values.len())).raw(&values.0);
        }
        extra
    }

    fn is_big(&self) -> bool {
        self.size >= u64::from(IN_ZIP64)
    }
}

/// The records behind a central directory of `count` entries and `length` bytes that begins at `offset`.
pub(super) fn end_records(count: u64, offset: u64, length: u64) -> Vec<u8> {
    let small_count = u16::try_from(count).unwrap_or(COUNT_IN_ZIP64);
    let small = small_count < COUNT_IN_ZIP64 && saturated(offset).max(saturated(length)) < IN_ZIP64;
    let mut bytes = Bytes::default();
    if !small {
        // 4.3.14: its own length without the first twelve bytes, then versions and disks
        bytes.u32(0x0606_4b50).u64(44).u16(MADE_BY).u16(ZIP64).u32(0).u32(0);
        bytes.u64(count).u64(count).u64(length).u64(offset);
        // 4.3.15
        bytes.u32(0x0706_4b50).u32(0).u64(offset + length).u32(1);
    }
    // 4.3.16
    bytes.u32(0x0605_4b50).u16(0).u16(0).u16(small_count).u16(small_count);
    bytes.u32(saturated(length)).u32(saturated(offset)).u16(0);
    bytes.0
}

fn saturated(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(IN_ZIP64)
}

/// A length of which [`super::Plan::add`] has seen to it that it fits.
fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn u16(&mut self, value: u16) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    fn u32(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    fn u64(&mut self, value: u64) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }
}
