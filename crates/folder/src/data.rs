//! The folder itself: making it, and opening the archive in it.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use dossier_archive::{Archive, ErrorKind, Parts};
use dossier_domain::{Clock, SystemClock};
use dossier_seal::{Keyring, OsEntropy, RootKey, RootMethod};
use dossier_storage::{Blobs, Records};
use dossier_storage_sled::{Options, SledRecords};

use crate::{Error, Result, key_file};

const KEYRING: &str = "keyring";
const UNFINISHED_KEYRING: &str = "keyring.new";

/// Memory for what was read, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Caches {
    /// Records.
    pub records: u64,
    /// Candidates' keys, which need little.
    pub keys: u64,
    /// Opened parts of the search index.
    pub index: u64,
}

impl Default for Caches {
    fn default() -> Self {
        Self { records: 64 << 20, keys: 4 << 20, index: 32 << 20 }
    }
}

/// The folder of one archive.
#[derive(Debug, Clone)]
pub struct DataFolder {
    path: PathBuf,
}

impl DataFolder {
    /// The folder at this place, whether or not it is there.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether an archive was made here.
    pub fn is_archive(&self) -> bool {
        self.path.join(KEYRING).exists()
    }

    /// How the root key of the archive is obtained.
    ///
    /// # Errors
    /// Of [`ErrorKind::NotFound`] if there is no archive.
    pub fn root_method(&self) -> Result<RootMethod> {
        Ok(Keyring::root_method(&self.read_keyring()?)?)
    }

    /// Makes sure that an archive can be made here: that the folder is empty but for what a killed process left.
    ///
    /// # Errors
    /// Of [`ErrorKind::Conflict`] if anything else is there.
    pub fn prepare(&self) -> Result<()> {
        create_private(&self.path).map_err(|cause| Error::io(&self.path, cause))?;
        let entries = fs::read_dir(&self.path).map_err(|cause| Error::io(&self.path, cause))?;
        for entry in entries {
            let entry = entry.map_err(|cause| Error::io(&self.path, cause))?;
            if entry.file_name() != UNFINISHED_KEYRING {
                let place = self.path.display();
                return Err(Error::new(
                    ErrorKind::Conflict,
                    format!("{place} 不是空目录，其中没有存档；请换一个目录，不会改动其中任何内容"),
                    format!(
                        "{place} is not empty and holds no archive; choose another folder, nothing in it is touched"
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Makes the keyring of a new archive: from then on, the folder is one.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn create(&self, root: &dyn RootKey) -> Result<()> {
        let keyring = Keyring::create(root, &OsEntropy)?;
        self.write_keyring(&keyring.encode()).map_err(|cause| Error::io(self.path.join(KEYRING), cause))
    }

    /// Opens the archive. What interrupted uploads left is cleared away.
    ///
    /// # Errors
    /// Of [`ErrorKind::Conflict`] while another process has it open, of [`ErrorKind::NotFound`] if there is none, of
    /// [`ErrorKind::Keys`] with the key of another one, of [`ErrorKind::Damaged`] if it can't be read.
    pub async fn open(&self, root: &dyn RootKey, caches: Caches) -> Result<Archive> {
        self.open_by(root, caches, Arc::new(SystemClock)).await
    }

    /// The same, by another clock than the machine's: for what plays out at another time, as a demo does.
    ///
    /// # Errors
    /// As [`DataFolder::open`].
    pub async fn open_by(
        &self,
        root: &dyn RootKey,
        caches: Caches,
        clock: Arc<dyn Clock>,
    ) -> Result<Archive> {
        let keyring = Keyring::open(&self.read_keyring()?, root)?;
        let records = self.records("records", caches.records)?;
        let keys = self.records("keys", caches.keys)?;
        let entropy = Arc::new(OsEntropy);
        let blobs = Blobs::in_folder(self.path.join("blobs"), keyring.archive(), entropy.clone())
            .map_err(dossier_archive::Error::from)?;
        blobs.sweep().await.map_err(dossier_archive::Error::from)?;
        let parts = Parts {
            records,
            keys,
            blobs,
            index: self.path.join("index"),
            index_cache: caches.index,
            keyring,
            adapters: dossier_vendors::open,
            clock,
            entropy,
        };
        // The lock of the folder is held.
        Ok(Archive::open(parts).await?.alone())
    }

    fn records(&self, name: &str, cache: u64) -> Result<Arc<dyn Records>> {
        let mut options = Options::default();
        options.cache_bytes = cache;
        match SledRecords::open_with(self.path.join(name), &options) {
            Ok(records) => Ok(Arc::new(records)),
            Err(dossier_storage::Error::Locked { .. }) => Err(self.locked()),
            Err(error) => Err(dossier_archive::Error::from(error).into()),
        }
    }

    fn locked(&self) -> Error {
        let place = self.path.display();
        Error::new(
            ErrorKind::Conflict,
            format!("另一个 dossier 进程正在使用 {place}；等它结束，或换一个数据目录"),
            format!(
                "another dossier process has {place} open; wait for it to end, or use another data folder"
            ),
        )
    }

    fn read_keyring(&self) -> Result<Vec<u8>> {
        fs::read(self.path.join(KEYRING)).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => self.no_archive(),
            _ => Error::io(self.path.join(KEYRING), cause),
        })
    }

    fn no_archive(&self) -> Error {
        let place = self.path.display();
        if self.path.join("records").exists() {
            return Error::new(
                ErrorKind::Damaged,
                format!("{place} 中有数据，但缺少 keyring 文件，无法打开；请从备份中恢复该文件"),
                format!(
                    "{place} holds data but its keyring is missing, so it can't be opened; restore that file from a backup"
                ),
            );
        }
        Error::new(
            ErrorKind::NotFound,
            format!("{place} 中没有存档；用 dossier init --data {place} 新建，或用 --data 指定另一个目录"),
            format!(
                "there is no archive in {place}; make one with dossier init --data {place}, or name another with --data"
            ),
        )
    }

    fn write_keyring(&self, bytes: &[u8]) -> io::Result<()> {
        let (unfinished, finished) = (self.path.join(UNFINISHED_KEYRING), self.path.join(KEYRING));
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &finished)?;
        key_file::sync_folder_of(&finished)?;
        key_file::sync_folder_of(&self.path)
    }
}

/// Creates a folder that only its owner may enter, and those above it.
fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
