//! The data folder: which back ends an archive is put together from, and where they lie.
//!
//! | in the folder | what |
//! |---|---|
//! | `keyring` | the archive's keys, wrapped by the root key |
//! | `records/` | sealed records (sled) |
//! | `keys/` | candidates' keys, wrapped; a store of its own, so that a backup of the records holds none (sled) |
//! | `blobs/` | sealed files |
//! | `index/` | the sealed search index, which can be rebuilt |
//!
//! The root key is never in it. A folder is an archive as soon as its keyring is there, which is written whole or not
//! at all; whatever a killed `init` left before that is completed by the next one.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use dossier_archive::{Archive, Parts};
use dossier_domain::SystemClock;
use dossier_seal::{Keyring, OsEntropy, RootKey, RootMethod};
use dossier_storage::{Blobs, Records};
use dossier_storage_sled::{Options, SledRecords};

use crate::{
    error::{Error, Result},
    exit::Kind,
    files,
};

const KEYRING: &str = "keyring";
const UNFINISHED_KEYRING: &str = "keyring.new";
/// Memory for records that were read, in bytes; the keys' store needs little.
const RECORDS_CACHE: u64 = 24 << 20;
const KEYS_CACHE: u64 = 4 << 20;
/// Memory for opened parts of the index, in bytes.
const INDEX_CACHE: u64 = 32 << 20;

/// The folder of one archive.
pub(crate) struct DataFolder {
    path: PathBuf,
}

impl DataFolder {
    /// The folder at this place, whether or not it is there.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Whether an archive was made here.
    pub(crate) fn is_archive(&self) -> bool {
        self.path.join(KEYRING).exists()
    }

    /// How the root key of the archive is obtained.
    pub(crate) fn root_method(&self) -> Result<RootMethod> {
        Ok(Keyring::root_method(&self.read_keyring()?)?)
    }

    /// Makes sure that an archive can be made here: that the folder is empty but for what a killed `init` left.
    pub(crate) fn prepare(&self) -> Result<()> {
        create_private(&self.path).map_err(|cause| Error::io(&self.path, cause))?;
        let entries = fs::read_dir(&self.path).map_err(|cause| Error::io(&self.path, cause))?;
        for entry in entries {
            let entry = entry.map_err(|cause| Error::io(&self.path, cause))?;
            if entry.file_name() != UNFINISHED_KEYRING {
                let place = self.path.display();
                return Err(Error::new(
                    Kind::Conflict,
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
    pub(crate) fn create(&self, root: &dyn RootKey) -> Result<()> {
        let keyring = Keyring::create(root, &OsEntropy)?;
        self.write_keyring(&keyring.encode()).map_err(|cause| Error::io(self.path.join(KEYRING), cause))
    }

    /// Opens the archive. What interrupted uploads left is cleared away.
    pub(crate) async fn open(&self, root: &dyn RootKey) -> Result<Archive> {
        let keyring = Keyring::open(&self.read_keyring()?, root)?;
        let records = self.records("records", RECORDS_CACHE)?;
        let keys = self.records("keys", KEYS_CACHE)?;
        let entropy = Arc::new(OsEntropy);
        let blobs = Blobs::in_folder(self.path.join("blobs"), keyring.archive(), entropy.clone())
            .map_err(dossier_archive::Error::from)?;
        blobs.sweep().await.map_err(dossier_archive::Error::from)?;
        let parts = Parts {
            records,
            keys,
            blobs,
            index: self.path.join("index"),
            index_cache: INDEX_CACHE,
            keyring,
            adapters: dossier_vendors::open,
            clock: Arc::new(SystemClock),
            entropy,
        };
        Ok(Archive::open(parts).await?)
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
            Kind::Conflict,
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
                Kind::Damaged,
                format!("{place} 中有数据，但缺少 keyring 文件，无法打开；请从备份中恢复该文件"),
                format!(
                    "{place} holds data but its keyring is missing, so it can't be opened; restore that file from a backup"
                ),
            );
        }
        Error::new(
            Kind::NotFound,
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
        files::sync_folder_of(&finished)?;
        files::sync_folder_of(&self.path)
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
