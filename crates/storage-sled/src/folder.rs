//! The store's folder: held by one process, cleared of what a killed one left, and itself durable.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use dossier_storage::{Error, Result, Sequence};

/// A folder that this process holds. Dropping it lets another process in.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Creates the folder if need be, and holds it.
    pub(crate) fn hold(path: &Path) -> Result<Self> {
        fs::create_dir_all(path).map_err(|cause| Error::backend("creating the store's folder", cause))?;
        let lock = File::create(path.join("lock"))
            .map_err(|cause| Error::backend("creating the lock file", cause))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { place: path.display().to_string() }),
            Err(TryLockError::Error(cause)) => Err(Error::backend("locking the store's folder", cause)),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file that sled keeps its log in.
    pub(crate) fn db(&self) -> PathBuf {
        self.path.join("db")
    }

    /// Removes what a process that was killed can leave, and what would keep sled from opening: snapshots being
    /// written, and the settings of a store whose creation never came to its data file.
    pub(crate) fn clear_unfinished(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let unfinished =
                name.to_str().is_some_and(|name| name.starts_with("snap.") && name.ends_with(".generating"));
            if unfinished {
                fs::remove_file(self.path.join(name))?;
            }
        }
        let conf = self.path.join("conf");
        if conf.exists() && !self.db().exists() {
            fs::remove_file(conf)?;
        }
        Ok(())
    }

    /// Makes the folder's files and its own name durable: sled syncs neither its settings nor any folder.
    pub(crate) fn sync(&self) -> io::Result<()> {
        File::open(self.path.join("conf"))?.sync_all()?;
        File::open(self.db())?.sync_all()?;
        File::open(&self.path)?.sync_all()?;
        match self.path.canonicalize()?.parent() {
            Some(parent) => File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    }
}

/// The file `tip`: the newest durable sequence, 8 bytes big-endian, and its bitwise complement, 8 bytes.
///
/// sled takes damage behind its last snapshot for a write that was cut off, and drops all that follows without a
/// word. The tip is written, but not synced, after each sync of the `db` file, so what a store recovers is never
/// older than its tip unless it lost something. A tip that is missing or no tip claims nothing.
pub(crate) struct Tip(File);

impl Tip {
    pub(crate) fn open(folder: &Folder) -> io::Result<Self> {
        let path = folder.path.join("tip");
        File::options().read(true).write(true).create(true).truncate(false).open(path).map(Self)
    }

    pub(crate) fn read(&self) -> io::Result<Sequence> {
        let mut bytes = Vec::new();
        (&self.0).take(16).read_to_end(&mut bytes)?;
        let number = |bytes: &[u8]| bytes.first_chunk().copied().map(u64::from_be_bytes);
        Ok(match (number(&bytes), bytes.get(8..).and_then(number)) {
            (Some(tip), Some(check)) if tip == !check => Sequence::new(tip),
            _ => Sequence::ZERO,
        })
    }

    pub(crate) fn write(&self, newest: Sequence) -> io::Result<()> {
        let number = newest.number();
        let bytes = [number.to_be_bytes(), (!number).to_be_bytes()].concat();
        (&self.0).rewind()?;
        (&self.0).write_all(&bytes)
    }
}
