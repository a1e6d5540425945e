//! sled itself, behind calls that block: opening, reading, and making durable.

use std::{
    fs::File,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, mpsc},
    thread,
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use dossier_storage::{Change, Direction, Entry, Error, Key, Result, Scan, Sequence};

use crate::{
    folder::{Folder, Tip},
    layout::{self, FORMAT, FORMAT_FACT, Head, Malformed, TRIMMED_FACT},
    records::Options,
};

/// How often a flush looks whether sled has given up without saying so.
const FLUSH_WATCH: Duration = Duration::from_millis(50);
/// How long an earlier store of this process may take to let go of its files.
const HANDOVER: Duration = Duration::from_secs(2);

/// An open sled tree and the file below it.
pub(crate) struct Engine {
    tree: sled::Db,
    config: sled::Config,
    file: File,
    tip: Tip,
    /// Held for writing while a batch is applied, so that readers see whole commits; guards the sequence of the
    /// newest applied commit that deleted something.
    applied: RwLock<Sequence>,
    // Dropped last: another process may come in only when sled has let go.
    folder: Folder,
}

/// What a read found, and the sequence that has to be durable before anyone is told.
pub(crate) struct Read<T> {
    pub(crate) found: T,
    pub(crate) needs: Sequence,
}

impl Engine {
    /// Opens or creates the store in the folder, and makes what was recovered durable.
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self> {
        let folder = Folder::hold(path)?;
        folder.clear_unfinished().map_err(|cause| Error::backend("clearing the store's folder", cause))?;
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(options.cache_bytes)
            .mode(sled::Mode::HighThroughput)
            .flush_every_ms(None);
        let tree = open_sled(&config, &folder)?;
        let file = File::open(folder.db()).map_err(|cause| Error::backend("opening the db file", cause))?;
        let tip = Tip::open(&folder).map_err(|cause| Error::backend("opening the tip file", cause))?;
        let engine = Self { tree, config, file, tip, applied: RwLock::new(Sequence::ZERO), folder };
        engine.check_format()?;
        engine.check_tip()?;
        engine.flush()?;
        engine.folder.sync().map_err(|cause| Error::backend("syncing the store's folder", cause))?;
        Ok(engine)
    }

    /// A store of a later format is refused before anything is written to it.
    fn check_format(&self) -> Result<()> {
        let unreadable =
            |reason: String| Error::Unreadable { place: self.folder.path().display().to_string(), reason };
        match self.tree.get(FORMAT_FACT).map_err(reading)?.as_deref() {
            Some([FORMAT]) => Ok(()),
            Some([newer, ..]) if *newer > FORMAT => Err(unreadable(format!(
                "its format {newer} is newer than {FORMAT}, which this version reads; upgrade"
            ))),
            Some(_) => Err(unreadable("its format is unknown".into())),
            None if self.tree.is_empty() => {
                self.tree
                    .insert(FORMAT_FACT, &[FORMAT])
                    .map_err(|cause| failed("writing the format", cause))?;
                Ok(())
            }
            None => Err(unreadable("it holds data but does not say its format".into())),
        }
    }

    /// A store that recovered less than it once made durable is damaged.
    fn check_tip(&self) -> Result<()> {
        let tip = self.tip.read().map_err(|cause| Error::backend("reading the tip file", cause))?;
        let newest = self.newest()?;
        if newest >= tip {
            return Ok(());
        }
        let reason =
            format!("it lost all commits after {newest} of {tip} to damage; restore it from a backup");
        Err(Error::Unreadable { place: self.folder.path().display().to_string(), reason })
    }

    /// Notes how far the store is durable, for the next opening to compare.
    pub(crate) fn note_durable(&self, newest: Sequence) -> Result<()> {
        self.tip.write(newest).map_err(|cause| Error::backend("writing the tip file", cause))
    }

    /// Makes all that was applied durable: after sled's flush the file is synced, which sled leaves out on Linux.
    pub(crate) fn flush(&self) -> Result<()> {
        self.flush_watched()?;
        self.file.sync_all().map_err(|cause| Error::backend("syncing the db file", cause))
    }

    /// sled's flush, which can wait forever when a write fails in one of its own threads: that thread notes the
    /// failure but wakes no one. So it runs beside us, and we look for the note.
    fn flush_watched(&self) -> Result<()> {
        let (done, finished) = mpsc::sync_channel(1);
        let tree = self.tree.clone();
        thread::Builder::new()
            .name("records flush".into())
            // Nobody waits any more if sending fails.
            .spawn(move || drop(done.send(tree.flush())))
            .map_err(|cause| Error::backend("starting the flush", cause))?;
        let flushing = |cause| failed("flushing", cause);
        loop {
            match finished.recv_timeout(FLUSH_WATCH) {
                Ok(flushed) => return flushed.map(drop).map_err(flushing),
                Err(mpsc::RecvTimeoutError::Timeout) => self.config.global_error().map_err(flushing)?,
                Err(mpsc::RecvTimeoutError::Disconnected) => return Err(panicked("flushing")),
            }
        }
    }

    /// Applies a batch as one, out of readers' sight until it is whole.
    pub(crate) fn apply(&self, batch: sled::Batch, sequence: Sequence, deletes: bool) -> Result<()> {
        let mut newest_delete = self.writing();
        self.tree.apply_batch(batch).map_err(|cause| failed("applying a commit", cause))?;
        if deletes {
            *newest_delete = sequence;
        }
        Ok(())
    }

    pub(crate) fn get_many(&self, keys: &[Key]) -> Result<Read<Vec<Option<Entry>>>> {
        let newest_delete = self.reading();
        let found = keys.iter().map(|key| self.entry(key)).collect::<Result<Vec<_>>>()?;
        let newest = found.iter().flatten().map(|entry| entry.revision).max().unwrap_or_default();
        Ok(Read { found, needs: newest.max(*newest_delete) })
    }

    pub(crate) fn scan(&self, scan: &Scan) -> Result<Read<Vec<(Key, Entry)>>> {
        let newest_delete = self.reading();
        let mut found = Vec::new();
        if !scan.is_empty() {
            let end = scan.end.as_ref().map_or_else(layout::records_end, |end| layout::record(end));
            let mut range = self.tree.range(layout::record(&scan.start)..end);
            while found.len() < scan.limit {
                let next = match scan.direction {
                    Direction::Forward => range.next(),
                    Direction::Backward => range.next_back(),
                };
                let Some(next) = next else { break };
                let (owner, stored) = next.map_err(reading)?;
                let key = Key::from_bytes(Bytes::copy_from_slice(&owner[1..]))?;
                let entry = self.whole(&owner, &stored).map_err(|cause| damage(&key, cause))?;
                found.push((key, entry));
            }
        }
        let newest = found.iter().map(|(_, entry)| entry.revision).max().unwrap_or_default();
        Ok(Read { found, needs: newest.max(*newest_delete) })
    }

    /// The changes after `since` and up to `newest`.
    pub(crate) fn changes(&self, since: Sequence, newest: Sequence, limit: usize) -> Result<Vec<Change>> {
        let _whole_commits = self.reading();
        let kept = self.trimmed()?;
        if since < kept {
            return Err(Error::ChangesTrimmed { since, kept });
        }
        if since >= newest {
            return Ok(Vec::new());
        }
        let range = self.tree.range(layout::change(since.next())..=layout::change(newest));
        range.take(limit).map(|next| self.change(next.map_err(reading)?)).collect()
    }

    fn change(&self, (owner, stored): (sled::IVec, sled::IVec)) -> Result<Change> {
        let malformed = |cause| Error::backend("reading a change", cause);
        let sequence = layout::change_sequence(&owner).map_err(malformed)?;
        let entry = self.whole(&owner, &stored)?;
        Ok(Change { sequence, keys: layout::change_keys(entry.value).map_err(malformed)? })
    }

    /// The newest sequence in the tree.
    pub(crate) fn newest(&self) -> Result<Sequence> {
        let mut changes = self.tree.range(layout::change(Sequence::ZERO)..layout::changes_end());
        let newest = match changes.next_back() {
            Some(last) => layout::change_sequence(&last.map_err(reading)?.0).map_err(malformed)?,
            None => Sequence::ZERO,
        };
        Ok(newest.max(self.trimmed()?))
    }

    /// Up to which sequence changes are forgotten.
    pub(crate) fn trimmed(&self) -> Result<Sequence> {
        match self.tree.get(TRIMMED_FACT).map_err(reading)? {
            Some(stored) => layout::sequence(&stored).map_err(malformed),
            None => Ok(Sequence::ZERO),
        }
    }

    /// The head of the long value under a sled key.
    pub(crate) fn head(&self, owner: &[u8]) -> Result<Option<Head>> {
        let stored = self.tree.get(owner).map_err(reading)?;
        stored.map(|stored| Head::parse(&stored).map_err(malformed)).transpose()
    }

    fn entry(&self, key: &Key) -> Result<Option<Entry>> {
        let owner = layout::record(key.as_bytes());
        match self.tree.get(&owner).map_err(reading)? {
            Some(stored) => self.whole(&owner, &stored).map(Some).map_err(|cause| damage(key, cause)),
            None => Ok(None),
        }
    }

    /// Puts a long value together.
    fn whole(&self, owner: &[u8], stored: &sled::IVec) -> Result<Entry> {
        match Head::parse(stored).map_err(malformed)? {
            Head::Whole { revision, value } => Ok(Entry { value: Bytes::copy_from_slice(&value), revision }),
            Head::InParts { revision, parts } => {
                let mut value = BytesMut::new();
                for number in 0..parts {
                    let part = self.tree.get(layout::part(owner, number)).map_err(reading)?;
                    value.extend_from_slice(&part.ok_or_else(|| malformed(Malformed))?);
                }
                Ok(Entry { value: value.freeze(), revision })
            }
        }
    }

    fn reading(&self) -> RwLockReadGuard<'_, Sequence> {
        self.applied.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self) -> RwLockWriteGuard<'_, Sequence> {
        self.applied.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens sled, turning its panics into errors, and waiting for an earlier store of this process to let go.
fn open_sled(config: &sled::Config, folder: &Folder) -> Result<sled::Db> {
    let unreadable =
        |reason: String| Error::Unreadable { place: folder.path().display().to_string(), reason };
    let begun = Instant::now();
    loop {
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(tree)) => return Ok(tree),
            Ok(Err(sled::Error::Io(cause))) if cause.to_string().contains("could not acquire lock") => {
                if begun.elapsed() > HANDOVER {
                    return Err(Error::Locked { place: folder.path().display().to_string() });
                }
                thread::sleep(Duration::from_millis(10));
            }
            Ok(Err(sled::Error::Io(cause))) => return Err(Error::backend("opening the store", cause)),
            Ok(Err(cause)) => return Err(unreadable(format!("{cause}; restore it from a backup"))),
            Err(_) => {
                return Err(unreadable(
                    "sled met damage that it cannot read over; restore it from a backup".into(),
                ));
            }
        }
    }
}

/// The engine panicked: its own way of saying that its files make no sense.
pub(crate) fn panicked(doing: &'static str) -> Error {
    Error::backend(doing, io::Error::other("the storage engine gave up; its files may be damaged"))
}

fn reading(cause: sled::Error) -> Error {
    failed("reading", cause)
}

/// A failure of sled, or of the disk below it.
fn failed(doing: &'static str, cause: sled::Error) -> Error {
    match cause {
        // sled passes on the kind, but of the text only its debug form.
        sled::Error::Io(cause) if cause.kind() == io::ErrorKind::StorageFull => {
            Error::backend(doing, io::Error::from(cause.kind()))
        }
        sled::Error::Io(cause) => Error::backend(doing, cause),
        cause => Error::backend(doing, cause),
    }
}

fn malformed(cause: Malformed) -> Error {
    Error::backend("reading", cause)
}

/// Names the record that cannot be read, if that is because of its bytes.
fn damage(key: &Key, cause: Error) -> Error {
    match &cause {
        Error::Backend { cause: inner, .. } if inner.is::<Malformed>() => {
            Error::damaged(key, inner.to_string())
        }
        Error::Backend { cause: inner, .. }
            if matches!(inner.downcast_ref(), Some(sled::Error::Corruption { .. })) =>
        {
            Error::damaged(key, "its checksum does not match")
        }
        _ => cause,
    }
}
