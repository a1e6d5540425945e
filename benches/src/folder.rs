//! An archive in a folder, put together as the command line does.

use std::{
    fs,
    path::{Path, PathBuf},
};

use dossier_access::{Actor, Context, Job, Role, RoleSet, Word};
use dossier_archive::{Archive, Connection, NewConnection, NewUser};
use dossier_domain::{
    SyncField,
    text::{Line, Login, PersonName, VendorName},
};
use dossier_folder::{Caches, DataFolder};
use dossier_seal::{Key, KeyFile, Keyring};
use dossier_testkit::SeededEntropy;
use dossier_vendor::Credentials;

use crate::Result;

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
        self.data().prepare()?;
        self.data().create(&root()?)?;
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
            // Films are not fetched here, and would be waited for.
            fields: SyncField::ALL.into_iter().filter(|field| *field != SyncField::Video).collect(),
            requests_per_second: None,
        };
        let connection = archive.add_connection(&user(&archive, "hr").await?, connection).await?;
        Ok((archive, connection))
    }

    /// Opens the archive.
    pub(crate) async fn open(&self) -> Result<Archive> {
        Ok(self.data().open(&root()?, Caches::default()).await?)
    }

    /// Where the search index lies.
    pub(crate) fn index(&self) -> PathBuf {
        self.path.join("index")
    }

    /// The key of the search index.
    pub(crate) fn index_key(&self) -> Result<Key> {
        Ok(self.keyring()?.archive_key("search index"))
    }

    fn data(&self) -> DataFolder {
        DataFolder::at(&self.path)
    }

    fn keyring(&self) -> Result<Keyring> {
        Ok(Keyring::open(&fs::read(self.path.join("keyring"))?, &root()?)?)
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
