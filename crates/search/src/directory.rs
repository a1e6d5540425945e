//! The index's files, sealed: a [`Directory`] over another one.
//!
//! Every file is a sealed file of kind *index* as `dossier_seal::chunked` specifies it, with the name of the file as
//! context, so that no file can take another's place. Names (random ids), sizes and times show; lock files are empty
//! and stay as they are.
//!
//! The engine reads whole columns again for each query. So the cache keeps what was asked for, single pages or ranges
//! of many pages, and not pages alone.

mod cache;
mod file;
mod writer;

use std::{
    collections::HashMap,
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use dossier_seal::{
    Key, OsEntropy,
    chunked::{FileKind, Layout, Sealer, open_file, seal_file},
};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
    error::{DeleteError, LockError, OpenReadError, OpenWriteError},
};

use self::{cache::Cache, file::SealedFile, writer::SealedWriter};

/// A directory of which all files are sealed.
#[derive(Clone)]
pub(crate) struct SealedDirectory {
    inner: MmapDirectory,
    key: Arc<Key>,
    cache: Arc<Cache>,
    /// The files that are open, so that a reload finds them again with what the cache holds of them.
    open: Arc<Mutex<HashMap<PathBuf, Weak<SealedFile>>>>,
}

impl SealedDirectory {
    /// Seals what goes to `inner`. Keeps up to `cache` bytes of opened ranges.
    pub(crate) fn new(inner: MmapDirectory, key: Arc<Key>, cache: u64) -> Self {
        Self { inner, key, cache: Arc::new(Cache::new(cache)), open: Arc::default() }
    }
}

impl fmt::Debug for SealedDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SealedDirectory").field(&self.inner).finish()
    }
}

/// What a sealed file is bound to: its name.
fn context(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// A failure of sealing or opening, as the engine carries it.
fn sealing(error: dossier_seal::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn opening(path: &Path) -> impl Fn(io::Error) -> OpenReadError {
    move |error| OpenReadError::wrap_io_error(error, path.to_owned())
}

impl Directory for SealedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.get(path).and_then(Weak::upgrade) {
            return Ok(file);
        }
        let sealed = self.inner.open_read(path)?.read_bytes().map_err(opening(path))?;
        let file = SealedFile::open(&self.key, context(path), sealed, Arc::clone(&self.cache))
            .map_err(opening(path))?;
        let file = Arc::new(file);
        open.retain(|_, file| file.strong_count() > 0);
        open.insert(path.to_owned(), Arc::downgrade(&file));
        Ok(file)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error| OpenWriteError::wrap_io_error(error, path.to_owned());
        let sealer = Sealer::new(Layout::INDEX, &self.key, context(path), &OsEntropy)
            .map_err(|error| failed(sealing(error)))?;
        let writer = SealedWriter::new(sealer, self.inner.open_write(path)?).map_err(failed)?;
        Ok(io::BufWriter::new(Box::new(writer)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let sealed = self.inner.atomic_read(path)?;
        open_file(FileKind::Index, &self.key, context(path), sealed)
            .map_err(|error| opening(path)(sealing(error)))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let sealed = seal_file(Layout::INDEX, &self.key, context(path), data, &OsEntropy).map_err(sealing)?;
        self.inner.atomic_write(path, &sealed)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}
