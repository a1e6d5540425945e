//! Blobs: videos and other files, streamed and sealed, over any object store.
//!
//! # Format
//!
//! A blob lies at `ab/abcdef….blob`, its random id in hex under the first two digits of it, as a
//! [`dossier_seal::chunked`] file of kind blob in chunks of 64 KiB, sealed with the candidate's key. Its context is
//! `blob`, the archive's id (16 bytes) and the blob's id (16 bytes), one after another. All else that is known of it,
//! its length above all, stands in its [`BlobRef`], which is kept in a sealed record.

mod reader;
mod reference;
mod upload;

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use bytes::Bytes;
use dossier_seal::{ArchiveId, Entropy, Key as SealKey};
use futures::{Stream, TryStreamExt as _};
use object_store::{ObjectStore, ObjectStoreExt as _, local::LocalFileSystem};
use tokio::task::spawn_blocking;

pub use reader::BlobReader;
pub use reference::{BlobId, BlobRef};

use crate::{Error, Result};

const SUFFIX: &str = ".blob";
/// So many bytes of a local disk are left to what must always go on: the log, signing in, small changes.
const LEFT_FREE: u64 = 64 << 20;

/// The blobs of one archive.
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    archive: ArchiveId,
    entropy: Arc<dyn Entropy>,
    /// The local folder, if that is where they are: leftovers of interrupted uploads show only there.
    folder: Option<PathBuf>,
    left_free: u64,
    uploading: Mutex<HashSet<BlobId>>,
}

impl Blobs {
    /// Blobs in an object store whose completed uploads are durable, as S3's are.
    pub fn new(store: Arc<dyn ObjectStore>, archive: ArchiveId, entropy: Arc<dyn Entropy>) -> Self {
        Self { store, archive, entropy, folder: None, left_free: LEFT_FREE, uploading: Mutex::default() }
    }

    /// Blobs in a local folder, which is created if need be. A file and the folders that lead to it are synced
    /// before an upload counts as complete. This blocks for a moment.
    ///
    /// # Errors
    /// [`Error::Backend`] if the folder can't be created or read.
    pub fn in_folder(
        folder: impl AsRef<Path>,
        archive: ArchiveId,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self> {
        let folder = create_folder(folder.as_ref())
            .map_err(|cause| Error::backend("creating the blobs' folder", cause))?;
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|cause| Error::backend("opening the blobs' folder", cause))?
            .with_fsync(true);
        Ok(Self { folder: Some(folder), ..Self::new(Arc::new(store), archive, entropy) })
    }

    /// The same, but another number of bytes of a local disk is left free than 64 MiB.
    #[must_use]
    pub fn leaving_free(self, bytes: u64) -> Self {
        Self { left_free: bytes, ..self }
    }

    /// Whether there is room for anything large. It is refused before the disk is full: a store that met a full disk
    /// goes on only after a restart, and without its log nothing is shown. Every blob asks before each 8 MiB.
    ///
    /// # Errors
    /// [`Error::Backend`] of the kind [`StorageFull`](io::ErrorKind::StorageFull).
    pub fn check_room(&self) -> Result<()> {
        #[cfg(unix)]
        if let Some(folder) = &self.folder {
            let disk = rustix::fs::statvfs(folder)
                .map_err(|cause| Error::backend("asking the disk for its room", io::Error::from(cause)))?;
            if disk.f_bavail.saturating_mul(disk.f_frsize) < self.left_free {
                return Err(Error::backend("writing a blob", io::Error::from(io::ErrorKind::StorageFull)));
            }
        }
        Ok(())
    }

    /// Seals and stores what the stream gives, under a new random id.
    ///
    /// Memory is bounded (about 24 MiB) whatever the length. Nothing is visible before all of it is stored, and it is
    /// durable on return. If anything fails, or the future is dropped, what was stored is removed again, at the
    /// latest by [`sweep`](Self::sweep).
    ///
    /// # Errors
    /// [`Error::Input`] if the stream fails, [`Error::Backend`] if the store does or has [no room](Self::check_room).
    pub async fn put<E>(
        &self,
        key: &SealKey,
        input: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<BlobRef>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        upload::put(self, key, input).await
    }

    /// Opens a blob for reading: one small read of its header, which tells whether it is there, of its length, and the
    /// key's.
    ///
    /// # Errors
    /// [`Error::MissingBlob`], [`Error::DamagedBlob`], or [`Error::Backend`].
    pub async fn open(&self, key: &SealKey, blob: &BlobRef) -> Result<BlobReader> {
        BlobReader::open(self.store.clone(), key, &self.context(blob.id), blob).await
    }

    /// Removes a blob, if it is there. After a power failure a removed blob may be there again.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub async fn delete(&self, blob: BlobId) -> Result<()> {
        match self.store.delete(&blob.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(cause) => Err(Error::backend("removing a blob", cause)),
        }
    }

    /// The ids of all blobs, and since when each is there.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub async fn all(&self) -> Result<Vec<(BlobId, SystemTime)>> {
        let mut listed = self.store.list(None);
        let mut all = Vec::new();
        let listing = |cause| Error::backend("listing the blobs", cause);
        while let Some(found) = listed.try_next().await.map_err(listing)? {
            let blob = found.location.filename().and_then(BlobId::from_file_name);
            all.extend(blob.map(|blob| (blob, SystemTime::from(found.last_modified))));
        }
        Ok(all)
    }

    /// Removes what interrupted uploads of earlier processes left in a local folder, and says how many there were.
    /// Uploads under way in this process are left alone; no other process may be uploading to the folder.
    ///
    /// # Errors
    /// [`Error::Backend`] if the folder can't be read or a file not be removed.
    pub async fn sweep(&self) -> Result<u64> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let sweeping = |cause| Error::backend("sweeping the blobs' folder", cause);
        let leftovers = spawn_blocking(move || leftovers(&folder)).await;
        let leftovers = leftovers.map_err(io::Error::other).flatten().map_err(sweeping)?;
        let mut removed = 0;
        for (blob, path) in leftovers {
            if !self.uploading().contains(&blob) {
                spawn_blocking(move || fs::remove_file(path))
                    .await
                    .map_err(io::Error::other)
                    .flatten()
                    .map_err(sweeping)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn context(&self, blob: BlobId) -> Vec<u8> {
        [&b"blob"[..], self.archive.as_bytes(), blob.as_bytes()].concat()
    }

    fn uploading(&self) -> MutexGuard<'_, HashSet<BlobId>> {
        self.uploading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Creates the folder durably and gives its full path.
fn create_folder(folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    fs::File::open(&folder)?.sync_all()?;
    if let Some(parent) = folder.parent() {
        fs::File::open(parent)?.sync_all()?;
    }
    Ok(folder)
}

/// The files of unfinished uploads: the object store names them after the blob, with `#` and a number behind.
fn leftovers(folder: &Path) -> io::Result<Vec<(BlobId, PathBuf)>> {
    let mut found = Vec::new();
    for fan in fs::read_dir(folder)? {
        let fan = fan?;
        if !fan.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(fan.path())? {
            let path = file?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let blob =
                name.and_then(|name| name.split_once('#')).and_then(|(name, _)| BlobId::from_file_name(name));
            found.extend(blob.map(|blob| (blob, path)));
        }
    }
    Ok(found)
}
