//! A ready archive in memory, users of each role, a clock that stands still and randomness from a seed, for tests.
//!
//! [`TestArchive`] is a whole archive: sealed records and blobs in memory, the index in a temporary folder (sealed as
//! always). Its back ends are at hand, so that a test can look at the bytes that were stored, or damage them.

pub mod case;
mod entropy;
mod golden;
mod yielding;

use std::sync::{Arc, RwLock};

use chrono::{DateTime, Utc};
use dossier_access::{Actor, Context, Role, RoleSet, Word};
use dossier_archive::{
    Archive, Arrival, Connection, Ingested, NewConnection, NewUser, OpenAdapter, Parts, Provider,
    ProviderSettings,
};
use dossier_domain::{
    CandidateId, FieldSelection, FixedClock,
    text::{Line, Login, PersonName, PositionName, VendorName},
};
use dossier_seal::{Entropy, KeyFile, Keyring};
use dossier_simulator::{Bank, BankOptions, LoginProvider, RibbonServer};
use dossier_storage::{Batch, Blobs, CandidateKeys, Key, MemoryRecords, Records as _};
use dossier_vendor::{Credentials, Secret};
use object_store::memory::InMemory;
use tempfile::TempDir;
pub use yielding::Asked;
use yielding::Yielding;

pub use entropy::SeededEntropy;
pub use golden::Golden;

/// The result of a test that only fails by errors.
pub type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The sign-in names of the users that [`TestArchive::new`] sets up, with their roles.
pub const USERS: [(&str, Role); 5] = [
    ("admin", Role::SystemAdministrator),
    ("hr", Role::HrAdministrator),
    ("li", Role::Interviewer),
    ("checker", Role::BackgroundChecker),
    ("auditor", Role::Auditor),
];

/// An archive in memory.
pub struct TestArchive {
    /// The archive.
    pub archive: Arc<Archive>,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// The records as they were stored, sealed.
    pub records: MemoryRecords,
    /// The blobs as they were stored, sealed.
    pub objects: Arc<InMemory>,
    keys: MemoryRecords,
    adapters: OpenAdapter,
    entropy: Arc<dyn Entropy>,
    root: KeyFile,
    keyring: Vec<u8>,
    home: TempDir,
}

/// The instant at which the clock of a new test archive stands.
pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_704_067_200, 0).unwrap_or_default() // 2024-01-01T00:00:00Z
}

impl TestArchive {
    /// An empty archive with one user of each role.
    ///
    /// # Errors
    /// When the archive can't be made.
    pub async fn new() -> TestResult<Self> {
        Self::with_vendors(dossier_vendors::open).await
    }

    /// As [`TestArchive::new`], with vendors of the test's own.
    ///
    /// # Errors
    /// When the archive can't be made.
    pub async fn with_vendors(adapters: OpenAdapter) -> TestResult<Self> {
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(1));
        let root = KeyFile::generate(&*entropy)?;
        let keyring = Keyring::create(&root, &*entropy)?.encode();
        let home = tempfile::tempdir()?;
        let clock = Arc::new(FixedClock::new(start()));
        let (records, keys, objects) =
            (MemoryRecords::new(), MemoryRecords::new(), Arc::new(InMemory::new()));
        let open = Keyring::open(&keyring, &root)?;
        let parts = Parts { adapters, ..parts(&records, &keys, &objects, &home, open, &clock, &entropy) };
        let archive = Arc::new(Archive::open(parts).await?);
        let this = Self { archive, clock, records, objects, keys, adapters, entropy, root, keyring, home };
        this.add_users().await?;
        Ok(this)
    }

    /// The same archive after a restart.
    ///
    /// # Errors
    /// When it can't be opened again.
    pub async fn reopen(self) -> TestResult<Self> {
        self.archive.close().await?;
        let open = Keyring::open(&self.keyring, &self.root)?;
        let parts =
            parts(&self.records, &self.keys, &self.objects, &self.home, open, &self.clock, &self.entropy);
        let parts = Parts { adapters: self.adapters, ..parts };
        Ok(Self { archive: Arc::new(Archive::open(parts).await?), ..self })
    }

    /// The stored bytes of this archive, everything on its way included.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn to_golden(self) -> TestResult<Golden> {
        self.archive.close().await?;
        Ok(Golden {
            key_file: self.root.to_text().to_string(),
            keyring: hex::encode(&self.keyring),
            keys: golden::read(&self.keys).await?,
            records: golden::read(&self.records).await?,
            blobs: golden::read_blobs(&self.objects).await?,
        })
    }

    /// An archive from stored bytes.
    ///
    /// # Errors
    /// When they are no archive that this version reads.
    pub async fn from_golden(golden: &Golden) -> TestResult<Self> {
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(2));
        let root = KeyFile::parse(&golden.key_file)?;
        let keyring = hex::decode(&golden.keyring)?;
        let home = tempfile::tempdir()?;
        let clock = Arc::new(FixedClock::new(start()));
        let records = golden::write(&golden.records).await?;
        let keys = golden::write(&golden.keys).await?;
        let objects = Arc::new(golden::write_blobs(&golden.blobs).await?);
        let open = Keyring::open(&keyring, &root)?;
        let archive =
            Arc::new(Archive::open(parts(&records, &keys, &objects, &home, open, &clock, &entropy)).await?);
        let adapters: OpenAdapter = dossier_vendors::open;
        Ok(Self { archive, clock, records, objects, keys, adapters, entropy, root, keyring, home })
    }

    /// The same archive as another node sees it: over the same records, with an index of its own; and how often it asks
    /// them.
    ///
    /// # Errors
    /// When it can't be opened.
    pub async fn another_node(&self) -> TestResult<(Archive, Asked)> {
        let (asked, open) = (Asked::default(), Keyring::open(&self.keyring, &self.root)?);
        let parts =
            parts(&self.records, &self.keys, &self.objects, &self.home, open, &self.clock, &self.entropy);
        let parts = Parts {
            records: Arc::new(Yielding(self.records.clone(), asked.clone())),
            index: self.home.path().join("another index"),
            adapters: self.adapters,
            ..parts
        };
        Ok((Archive::open(parts).await?, asked))
    }

    /// Destroys a candidate's key, behind the archive's back; it shows after [`TestArchive::reopen`].
    ///
    /// # Errors
    /// When the key can't be destroyed.
    pub async fn erase(&self, candidate: CandidateId) -> TestResult {
        let keyring = Arc::new(RwLock::new(Keyring::open(&self.keyring, &self.root)?));
        let keys = CandidateKeys::new(Arc::new(self.keys.clone()), keyring, Arc::clone(&self.entropy));
        Ok(keys.destroy(candidate.to_bytes()).await?)
    }

    /// Changes one byte in the middle of a stored value.
    ///
    /// # Errors
    /// When there is no such record.
    pub async fn damage(&self, key: &Key) -> TestResult {
        let entry = self.records.get(key).await?.ok_or("no such record")?;
        let mut bytes = entry.value.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let mut batch = Batch::new();
        batch.put(key.clone(), bytes);
        self.records.commit(batch).await?;
        Ok(())
    }

    /// The folder that holds the search index.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Lets people sign in by this login of the bank, set up as usual but for `change`.
    ///
    /// # Errors
    /// When the archive is in use already, or the settings can't be.
    pub fn set_provider(
        &mut self,
        login: &LoginProvider,
        change: impl FnOnce(&mut ProviderSettings),
    ) -> TestResult {
        let mut settings = ProviderSettings::new(
            login.issuer().to_owned(),
            LoginProvider::CLIENT.to_owned(),
            Some(Secret::new(LoginProvider::SECRET)),
            "http://127.0.0.1/sign-in/provider/return".parse()?,
        );
        change(&mut settings);
        let archive = Arc::get_mut(&mut self.archive).ok_or("the archive is in use")?;
        archive.set_provider(Provider::new(settings)?);
        Ok(())
    }

    /// A context of the user with this sign-in name.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn as_user(&self, login: &str) -> TestResult<Context> {
        let actor = self.archive.actor(&Login::parse(login)?).await?;
        Ok(self.archive.context(actor, Word::parse("test")?)?)
    }

    /// Gives a user a password, by a link as an administrator gives it.
    ///
    /// # Errors
    /// When there is no such user, or the password is not taken.
    pub async fn give_password(&self, login: &str, password: &str) -> TestResult {
        let setup = self.archive.context(Actor::system(dossier_access::Job::Setup), Word::parse("test")?)?;
        let link = self.archive.invite(&setup, &Login::parse(login)?).await?;
        self.archive.redeem(link.token.reveal(), password, Word::parse("test")?).await?;
        Ok(())
    }

    /// A context of the archive's own sync job.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn as_sync(&self) -> TestResult<Context> {
        Ok(self.archive.context(Actor::system(dossier_access::Job::Sync), Word::parse("test")?)?)
    }

    /// A connection to Ribbon that leads nowhere, for arrivals that are handed in directly.
    ///
    /// # Errors
    /// When it can't be added.
    pub async fn connection(&self) -> TestResult<Connection> {
        self.connect("bank", serde_json::json!({}), Credentials::key("unused")).await
    }

    /// A connection to a running simulator.
    ///
    /// # Errors
    /// When it can't be added.
    pub async fn connect_to(&self, server: &RibbonServer) -> TestResult<Connection> {
        let webhook = Some(Secret::new(server.webhook_secret()));
        let credentials = Credentials { webhook, ..Credentials::key(server.key()) };
        self.connect("ribbon", server.settings(), credentials).await
    }

    /// A connection of this name, settings and key.
    ///
    /// # Errors
    /// When it can't be added.
    pub async fn connect(
        &self,
        name: &str,
        settings: serde_json::Value,
        credentials: Credentials,
    ) -> TestResult<Connection> {
        let new = NewConnection {
            name: Line::parse(name)?,
            vendor: VendorName::parse("ribbon")?,
            settings,
            credentials,
            fields: FieldSelection::default(),
            requests_per_second: Some(1000.0),
        };
        Ok(self.archive.add_connection(&self.as_user("hr").await?, new).await?)
    }

    /// Takes in the first interviews of a made-up bank, without videos.
    ///
    /// # Errors
    /// When they can't be taken in.
    pub async fn ingest(&self, connection: &Connection, candidates: usize) -> TestResult<Ingested> {
        let bank = Bank::generate(BankOptions { candidates, ..BankOptions::default() });
        let arrivals = bank.interviews().map(|sitting| Arrival::from(sitting.fetched())).collect();
        Ok(self.archive.ingest(&self.as_sync()?, connection.id, arrivals).await?)
    }

    /// Makes `li` the interviewer of a position.
    ///
    /// # Errors
    /// When there is no such position.
    pub async fn make_responsible(&self, position: &str) -> TestResult {
        let hr = self.as_user("hr").await?;
        let position = PositionName::parse(position)?;
        self.archive.set_interviewer(&hr, &position, &Login::parse("li")?, true).await?;
        Ok(())
    }

    async fn add_users(&self) -> TestResult {
        let new = |(login, role): (&str, Role)| -> TestResult<NewUser> {
            Ok(NewUser {
                login: Login::parse(login)?,
                name: PersonName::parse(login)?,
                roles: RoleSet::from(role),
            })
        };
        let [first, others @ ..] = USERS;
        self.archive.add_first_user(Word::parse("test")?, new(first)?).await?;
        let admin = self.as_user(first.0).await?;
        for other in others {
            self.archive.add_user(&admin, new(other)?).await?;
        }
        Ok(())
    }
}

fn parts(
    records: &MemoryRecords,
    keys: &MemoryRecords,
    objects: &Arc<InMemory>,
    home: &TempDir,
    keyring: Keyring,
    clock: &Arc<FixedClock>,
    entropy: &Arc<dyn Entropy>,
) -> Parts {
    Parts {
        records: Arc::new(Yielding(records.clone(), Asked::default())),
        keys: Arc::new(keys.clone()),
        blobs: Blobs::new(Arc::clone(objects) as _, keyring.archive(), Arc::clone(entropy)),
        index: home.path().join("index"),
        index_cache: 8 << 20,
        keyring,
        adapters: dossier_vendors::open,
        clock: Arc::clone(clock) as _,
        entropy: Arc::clone(entropy),
    }
}
