//! A data folder with users and what a vendor sent.

use std::path::PathBuf;

use dossier_access::{Role, RoleSet, TokenScope, TokenScopes, Word};
use dossier_archive::{Archive, NewConnection, NewToken, NewUser, SearchRequest, SyncMode};
use dossier_domain::{
    ApplicationId, FieldSelection,
    text::{Line, Login, PersonName, VendorName},
};
use dossier_folder::{Caches, DataFolder, key_file};
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use dossier_vendor::Credentials;
use tempfile::TempDir;

/// A data folder that no process has open.
pub(crate) struct Place {
    dir: TempDir,
    /// HR's token.
    pub(crate) token: String,
    pub(crate) application: ApplicationId,
    /// Somebody else's.
    pub(crate) other: ApplicationId,
}

impl Place {
    pub(crate) fn new() -> Self {
        tokio::runtime::Runtime::new().unwrap().block_on(Self::made())
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    async fn made() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (key, _) = key_file::read_or_create(&dir.path().join("data.key")).unwrap();
        let folder = DataFolder::at(&dir.path().join("data"));
        folder.prepare().unwrap();
        folder.create(&key).unwrap();
        let archive = folder.open(&key, Caches::default()).await.unwrap();
        let (token, [application, other]) = furnish(&archive).await;
        archive.close().await.unwrap();
        Self { dir, token, application, other }
    }
}

async fn furnish(archive: &Archive) -> (String, [ApplicationId; 2]) {
    let origin = || Word::parse("test").unwrap();
    let login = |login: &str| Login::parse(login).unwrap();
    let new = |name: &str, role: Role| NewUser {
        login: login(name),
        name: PersonName::parse(name).unwrap(),
        roles: RoleSet::from(role),
    };
    archive.add_first_user(origin(), new("admin", Role::SystemAdministrator)).await.unwrap();
    let admin = archive.context(archive.actor(&login("admin")).await.unwrap(), origin()).unwrap();
    archive.add_user(&admin, new("hr", Role::HrAdministrator)).await.unwrap();
    archive.add_user(&admin, new("checker", Role::BackgroundChecker)).await.unwrap();
    let hr = archive.context(archive.actor(&login("hr")).await.unwrap(), origin()).unwrap();
    let bank = Bank::generate(BankOptions { candidates: 2, ..BankOptions::default() });
    let vendor = RibbonServer::start(bank, Behaviour::default()).await.unwrap();
    let connection = NewConnection {
        name: Line::parse("bank").unwrap(),
        vendor: VendorName::parse("ribbon").unwrap(),
        settings: vendor.settings(),
        credentials: Credentials::key(vendor.key()),
        fields: FieldSelection::default(),
        requests_per_second: Some(1000.0),
    };
    archive.add_connection(&hr, connection).await.unwrap();
    archive.sync(&hr, "bank", SyncMode::Full, &|_| {}).await.unwrap();
    let found = archive.search(&hr, SearchRequest::default()).await.unwrap();
    let token = NewToken {
        name: Line::parse("test").unwrap(),
        scopes: TokenScopes::new(TokenScope::ALL).unwrap(),
        days: None,
    };
    let made = archive.make_token(&hr, token).await.unwrap();
    let hits = &found.hits.hits;
    (made.token.reveal().to_owned(), [hits[0].application, hits[1].application])
}
