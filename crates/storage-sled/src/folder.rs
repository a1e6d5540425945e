//! The store's folder: held by one process, cleared of what a killed one left, and itself durable.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use dossier_storage::{Error, Result};

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
