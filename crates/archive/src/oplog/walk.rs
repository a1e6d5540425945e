//! The log in its order, page by page, in memory that does not grow with it.

use std::collections::VecDeque;

use dossier_storage::{Key, Scan, Scope, Store};

use crate::{
    Archive, Result,
    records::{CHECKPOINTS, LOG, scan_past_damage},
};

/// A piece of the log as it is read: a record's number and bytes, or a checkpoint's text.
pub(super) enum Piece {
    Record(u64, Vec<u8>),
    Checkpoint(String),
}

/// Goes through the log in its order, each checkpoint after the records that it covers. A record that can't be opened is
/// handed out empty, so that it is found to be malformed; so is a checkpoint.
pub(super) struct Walk<'a> {
    store: &'a Store,
    /// Where the records go on; nowhere once they are all read.
    records: Option<Scan>,
    checkpoints: Checkpoints<'a>,
}

impl<'a> Walk<'a> {
    /// At the beginning of the log.
    pub(super) fn of(archive: &'a Archive) -> Self {
        let store = &archive.store;
        let records = Some(Scan::collection(Scope::Archive, LOG));
        let scan = Some(Scan::collection(Scope::Archive, CHECKPOINTS.collection()));
        Self { store, records, checkpoints: Checkpoints { store, scan, read: VecDeque::new() } }
    }

    /// The next pieces; `None` after the last ones.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Piece>>> {
        let Some(scan) = self.records.take() else {
            // What signs more records than there are.
            let last = self.checkpoints.next_if(|_| true).await?;
            return Ok(last.map(|text| vec![Piece::Checkpoint(text)]));
        };
        let mut damaged = Vec::new();
        let page = scan_past_damage(self.store, scan.clone(), &mut damaged).await?;
        let read = page.entries.iter().map(|(key, entry)| (number(key), entry.value.to_vec()));
        let broken = damaged.iter().map(|key| (number(key), Vec::new()));
        let mut pieces = Vec::new();
        for (number, bytes) in read.chain(broken) {
            pieces.push(Piece::Record(number, bytes));
            while let Some(text) = self.checkpoints.next_if(|size| size == number + 1).await? {
                pieces.push(Piece::Checkpoint(text));
            }
        }
        self.records = page.last.map(|last| scan.after(&last));
        Ok(Some(pieces))
    }
}

/// The checkpoints by the size that they sign; a damaged one has no text.
struct Checkpoints<'a> {
    store: &'a Store,
    /// Where they go on; nowhere once they are all read.
    scan: Option<Scan>,
    read: VecDeque<(u64, String)>,
}

impl Checkpoints<'_> {
    /// The next one, if the size that it signs is wanted.
    async fn next_if(&mut self, is_wanted: impl Fn(u64) -> bool) -> Result<Option<String>> {
        while self.read.is_empty()
            && let Some(scan) = self.scan.take()
        {
            let mut damaged = Vec::new();
            let page = scan_past_damage(self.store, scan.clone(), &mut damaged).await?;
            let text = |key: &Key, entry| CHECKPOINTS.decode(key.clone(), entry).map(|stored| stored.value);
            let read =
                page.entries.iter().map(|(key, entry)| (number(key), text(key, entry).unwrap_or_default()));
            self.read.extend(read);
            self.read.extend(damaged.iter().map(|key| (number(key), String::new())));
            self.scan = page.last.map(|last| scan.after(&last));
        }
        let wanted = self.read.front().is_some_and(|(size, _)| is_wanted(*size));
        Ok(if wanted { self.read.pop_front().map(|(_, text)| text) } else { None })
    }
}

fn number(key: &Key) -> u64 {
    key.id().try_into().map_or(u64::MAX, u64::from_be_bytes)
}
