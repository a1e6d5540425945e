//! The archive: what an application opens, and what all use cases are methods of.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use dossier_access::{
    Actor, Context, Word,
    log::{Boot, Signer},
};
use dossier_domain::Clock;
use dossier_seal::{Entropy, Keyring};
use dossier_storage::{Blobs, CandidateKeys, Records, Scope, SealedRecords, SharedKeyring, Store};
use dossier_vendor::{Adapter, Credentials};
use url::Url;

use crate::{
    Result, Settings,
    concerned::Concerned,
    journal::Journal,
    press::Press,
    projector::Projector,
    records::SETTINGS,
    signin::{Gate, Provider},
};

/// Opens the adapter of a vendor with the settings and key of a connection.
pub type OpenAdapter = fn(&str, serde_json::Value, Credentials) -> dossier_vendor::Result<Arc<dyn Adapter>>;

/// What an archive is put together from. The application chooses the back ends; nothing here knows which they are.
pub struct Parts {
    /// Where records are kept, sealed.
    pub records: Arc<dyn Records>,
    /// Where candidates' keys are kept, wrapped: a store of its own, which no backup of the records holds.
    pub keys: Arc<dyn Records>,
    /// Where blobs are kept, sealed.
    pub blobs: Blobs,
    /// The folder of the search index.
    pub index: PathBuf,
    /// Memory for opened parts of the index, in bytes.
    pub index_cache: u64,
    /// The opened keyring.
    pub keyring: Keyring,
    /// The vendors.
    pub adapters: OpenAdapter,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub entropy: Arc<dyn Entropy>,
}

/// An open archive. Every use case is a method that takes the [`Context`] first, and does three things in this order:
/// it asks whether the actor may, acts, and records.
pub struct Archive {
    pub(crate) store: Store,
    pub(crate) candidate_keys: Arc<CandidateKeys>,
    pub(crate) blobs: Blobs,
    pub(crate) journal: Journal,
    pub(crate) projector: Projector,
    pub(crate) concerned: Concerned,
    pub(crate) adapters: OpenAdapter,
    pub(crate) gate: Gate,
    pub(crate) provider: Option<Provider>,
    pub(crate) press: Press,
    /// Where the pages are, for links in notices.
    pub(crate) pages: OnceLock<Url>,
    /// When it was last looked for what is due by the clock.
    pub(crate) looked: Mutex<Option<DateTime<Utc>>>,
    /// Since when no other process has the store open; nothing where one may have.
    pub(crate) alone_since: Option<DateTime<Utc>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    settings: RwLock<Arc<Settings>>,
}

impl Archive {
    /// Opens an archive. Nothing is read that grows with its size.
    ///
    /// # Errors
    /// When the settings can't be read, or the log's key can't be made.
    pub async fn open(parts: Parts) -> Result<Self> {
        let lookup_key = parts.keyring.archive_key("look-up");
        let index_key = parts.keyring.archive_key("search index");
        let gate = Gate::new(parts.keyring.archive_key("sign-in"));
        let log_seed = parts.keyring.archive_key("log signing");
        let origin = Word::parse(&format!("dossier/{}", hex::encode(parts.keyring.archive().as_bytes())))?;
        let keyring: SharedKeyring = Arc::new(RwLock::new(parts.keyring));
        let candidate_keys =
            Arc::new(CandidateKeys::new(parts.keys, Arc::clone(&keyring), Arc::clone(&parts.entropy)));
        let sealed = SealedRecords::new(
            parts.records,
            keyring,
            Arc::clone(&candidate_keys),
            Arc::clone(&parts.entropy),
        );
        let store = Store::new(Arc::new(sealed), lookup_key);

        let setup = Context::new(
            Actor::system(dossier_access::Job::Setup),
            Word::parse("archive")?,
            Arc::clone(&parts.clock),
            Arc::clone(&parts.entropy),
        )?;
        let signer = Signer::new(origin, log_seed.expose())?;
        let journal =
            Journal::new(store.clone(), signer, Boot::new(setup.new_id()?), Arc::clone(&parts.clock));
        let settings =
            store.get(SETTINGS, Scope::Archive, []).await?.map(|stored| stored.value).unwrap_or_default();
        Ok(Self {
            projector: Projector::new(parts.index, index_key, parts.index_cache),
            concerned: Concerned::default(),
            store,
            candidate_keys,
            blobs: parts.blobs,
            journal,
            adapters: parts.adapters,
            gate,
            provider: None,
            press: Press::default(),
            pages: OnceLock::new(),
            looked: Mutex::default(),
            alone_since: None,
            clock: parts.clock,
            entropy: parts.entropy,
            settings: RwLock::new(Arc::new(settings)),
        })
    }

    /// Says that no other process can have the store open: what one that is gone was sending is sent again at once, and not
    /// only when its claim has run out.
    #[must_use]
    pub fn alone(self) -> Self {
        Self { alone_since: Some(self.clock.now()), ..self }
    }

    /// Makes everything durable that may still be on its way, and signs a last checkpoint of the log.
    ///
    /// # Errors
    /// When the log can't be written.
    pub async fn close(&self) -> Result<()> {
        self.journal.flush().await
    }

    /// What is to be done every few seconds while nobody asks for anything: outcomes that wait for a commit become
    /// durable, a checkpoint of the log that is due is signed, uploads that are too old are removed, the change feed forgets
    /// what the index has taken in, and what searches loaded goes once nobody has needed it for minutes.
    /// It does nothing where there is nothing to do.
    ///
    /// # Errors
    /// When the log or the index can't be written; the next call tries again.
    pub async fn tend(&self) -> Result<()> {
        self.journal.tend().await?;
        self.expire_uploads().await?;
        self.projector.tend(&self.store, &self.settings(), self.clock.now()).await
    }

    /// Says where the pages are, so that notices can lead there. The first time counts.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) for what is no address.
    pub fn set_pages_address(&self, address: &str) -> Result<()> {
        let address = Url::parse(&format!("{}/", address.trim_end_matches('/'))).map_err(|error| {
            crate::Error::invalid(
                format!("网页的地址有误：{error}"),
                format!("the pages have no such address: {error}"),
            )
        })?;
        let _ = self.pages.set(address);
        Ok(())
    }

    /// The bank's settings.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn set_settings(&self, settings: Settings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }

    /// The context of somebody who looks now, and changes only what nobody else has changed since: a change by it fails
    /// with [`Error::Changed`](crate::Error::Changed) otherwise, and stands or falls with that in its commit.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn as_of_now(&self, ctx: Context) -> Result<Context> {
        Ok(ctx.based_on(self.store.records().sequence().await?.number()))
    }

    /// A context for one request of an actor.
    ///
    /// # Errors
    /// When there are no random bytes for its id.
    pub fn context(&self, actor: Actor, origin: Word) -> Result<Context> {
        Ok(Context::new(actor, origin, Arc::clone(&self.clock), Arc::clone(&self.entropy))?)
    }
}
