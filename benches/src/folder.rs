//! An archive in a folder, put together as the command line does.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use dossier_access::{Actor, Context, Job, Role, RoleSet, Word};
use dossier_archive::{Archive, Connection, NewConnection, NewUser, Parts};
use dossier_domain::{
    FieldSelection, SystemClock,
    text::{Line, Login, PersonName, VendorName},
};
use dossier_seal::{Key, KeyFile, Keyring, OsEntropy};
use dossier_storage::{Blobs, Records};
use dossier_storage_sled::{Options, SledRecords};
use dossier_testkit::SeededEntropy;
use dossier_vendor::Credentials;

use crate::Result;

/// Memory for records, keys and opened parts of the index in bytes, as the command line has it.
const RECORDS_CACHE: u64 = 24 << 20;
const KEYS_CACHE: u64 = 4 << 20;
const INDEX_CACHE: u64 = 32 << 20;

/// The sign-in names of the users of a folder, with their roles.
const USERS: [(&str, Role); 3] =
    [("admin", Role::SystemAdministrator), ("hr", Role::HrAdministrator), ("li", Role::Interviewer)];

/// The folder of one archive.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at this place, whether or not it is there.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Whether it was filled to the end.
    pub(crate) fn exists(&self) -> bool {
        self.path.join("filled").exists()
    }

    /// Notes that all that belongs into it is there.
    pub(crate) fn note_filled(&self) -> Result {
        Ok(fs::write(self.path.join("filled"), [])?)
    }

    /// A new archive with one user of each role that is needed, and a connection that leads nowhere.
    pub(crate) async fn create(&self) -> Result<(Archive, Connection)> {
        fs::create_dir_all(&self.path)?;
        fs::write(self.keyring_file(), Keyring::create(&root()?, &OsEntropy)?.encode())?;
        let archive = self.open().await?;
        let new = |(login, role): (&str, Role)| -> Result<NewUser> {
            let (login, name) = (Login::parse(login)?, PersonName::parse(login)?);
            Ok(NewUser { login, name, roles: RoleSet::from(role) })
        };
        let [first, others @ ..] = USERS;
        archive.add_first_user(Word::parse("bench")?, new(first)?).await?;
        let admin = user(&archive, first.0).await?;
        for other in others {
            archive.add_user(&admin, new(other)?).await?;
        }
        let connection = NewConnection {
            name: Line::parse("bank")?,
            vendor: VendorName::parse("ribbon")?,
            settings: serde_json::json!({}),
            credentials: Credentials::key("unused"),
            fields: FieldSelection::default(),
            requests_per_second: None,
        };
        let connection = archive.add_connection(&user(&archive, "hr").await?, connection).await?;
        Ok((archive, connection))
    }

    /// Opens the archive.
    pub(crate) async fn open(&self) -> Result<Archive> {
        let keyring = self.keyring()?;
        let entropy = Arc::new(OsEntropy);
        let parts = Parts {
            records: self.records("records", RECORDS_CACHE)?,
            keys: self.records("keys", KEYS_CACHE)?,
            blobs: Blobs::in_folder(self.path.join("blobs"), keyring.archive(), entropy.clone())?,
            index: self.index(),
            index_cache: INDEX_CACHE,
            keyring,
            adapters: dossier_vendors::open,
            clock: Arc::new(SystemClock),
            entropy,
        };
        Ok(Archive::open(parts).await?)
    }

    /// Where the search index lies.
    pub(crate) fn index(&self) -> PathBuf {
        self.path.join("index")
    }

    /// The key of the search index.
    pub(crate) fn index_key(&self) -> Result<Key> {
        Ok(self.keyring()?.archive_key("search index"))
    }

    fn records(&self, name: &str, cache: u64) -> Result<Arc<dyn Records>> {
        let mut options = Options::default();
        options.cache_bytes = cache;
        Ok(Arc::new(SledRecords::open_with(self.path.join(name), &options)?))
    }

    fn keyring_file(&self) -> PathBuf {
        self.path.join("keyring")
    }

    fn keyring(&self) -> Result<Keyring> {
        Ok(Keyring::open(&fs::read(self.keyring_file())?, &root()?)?)
    }
}

/// The root key, the same in each run: what is sealed here is made up.
fn root() -> Result<KeyFile> {
    Ok(KeyFile::generate(&SeededEntropy::new(1))?)
}

/// A context of the user with this sign-in name.
pub(crate) async fn user(archive: &Archive, login: &str) -> Result<Context> {
    let actor = archive.actor(&Login::parse(login)?).await?;
    Ok(archive.context(actor, Word::parse("bench")?)?)
}

/// A context of the archive's own sync job.
pub(crate) fn sync_job(archive: &Archive) -> Result<Context> {
    Ok(archive.context(Actor::system(Job::Sync), Word::parse("bench")?)?)
}
