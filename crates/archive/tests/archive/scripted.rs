//! A vendor that answers as a test says, for what no simulated vendor does.
#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test may panic, and the types are the contract's"
)]

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use dossier_domain::{MaterialKind, text::RemoteId, text::VendorName};
use dossier_simulator::{Bank, BankOptions};
use dossier_testkit::{TestArchive, TestResult};
use dossier_vendor::{
    Account, Adapter, Capabilities, Credentials, Error, Fetched, Hint, Incremental, Listed, MediaRef,
    MediaStream, Page, PageToken, RemotePosition, RemoteStatus, Result, SyncPoint,
};
use futures::stream;
use http::HeaderMap;

type Listing = dyn Fn(Option<&PageToken>) -> Result<Page> + Send + Sync;
type Fetching = dyn Fn(&RemoteId) -> Result<Fetched> + Send + Sync;
type Media = dyn Fn(&MediaRef) -> Result<MediaStream> + Send + Sync;

/// What the vendor says.
pub(crate) struct Script {
    pub(crate) listing: Box<Listing>,
    pub(crate) fetching: Box<Fetching>,
    pub(crate) media: Box<Media>,
}

static SCRIPTS: LazyLock<Mutex<HashMap<u64, Arc<Mutex<Script>>>>> = LazyLock::new(Mutex::default);

/// A vendor in the middle of a test.
pub(crate) struct Scripted(pub(crate) Arc<Mutex<Script>>);

impl Scripted {
    /// An archive with a connection `scripted` to a vendor that lists the first interviews of a made-up bank, with marks,
    /// and gives each of them and a video.
    pub(crate) async fn of(count: usize) -> TestResult<(TestArchive, Self)> {
        let script = Arc::new(Mutex::new(Script {
            listing: Box::new(move |_| Ok(page(&sittings(count)))),
            fetching: Box::new(move |id| find(&sittings(count), id)),
            media: Box::new(|_| Ok(media(VIDEO))),
        }));
        let test = TestArchive::with_vendors(open).await?;
        let number = {
            let mut all = SCRIPTS.lock().unwrap();
            let number = all.len() as u64;
            all.insert(number, Arc::clone(&script));
            number
        };
        test.connect("scripted", serde_json::json!({ "script": number }), Credentials::key("unused")).await?;
        Ok((test, Self(script)))
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.0.lock().unwrap());
    }
}

/// The beginning of an MP4 file, which is enough to be taken for one.
pub(crate) const VIDEO: &[u8] = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41";

pub(crate) fn media(bytes: &'static [u8]) -> MediaStream {
    MediaStream::new(0, Some(bytes.len() as u64), stream::iter([Ok(Bytes::from_static(bytes))]))
}

/// The first interviews of a made-up bank.
pub(crate) fn sittings(count: usize) -> Vec<Fetched> {
    let bank = Bank::generate(BankOptions { candidates: count, ..BankOptions::default() });
    bank.interviews().map(|sitting| sitting.fetched()).collect()
}

/// A single page that lists all of these, their payloads' hashes as marks.
pub(crate) fn page(all: &[Fetched]) -> Page {
    let listed = |of: &Fetched| Listed {
        remote_id: of.remote_id.clone(),
        status: RemoteStatus::Finished,
        ended_at: of.ended_at,
        mark: Some(of.payload_sha256.clone()),
    };
    Page {
        interviews: all.iter().map(listed).collect(),
        rejected: Vec::new(),
        next: None,
        cursor: SyncPoint::new("1"),
    }
}

pub(crate) fn find(all: &[Fetched], id: &RemoteId) -> Result<Fetched> {
    all.iter().find(|of| of.remote_id == *id).cloned().ok_or(Error::NotFound)
}

fn open(_: &str, settings: serde_json::Value, _: Credentials) -> Result<Arc<dyn Adapter>> {
    let number = settings["script"].as_u64().unwrap();
    let script = Arc::clone(&SCRIPTS.lock().unwrap()[&number]);
    let capabilities = Capabilities {
        vendor: VendorName::parse("scripted").unwrap(),
        incremental: Incremental::FullScan { look_back: TimeDelta::days(1) },
        webhook: false,
        materials: MaterialKind::OF_AN_INTERVIEW.to_vec(),
    };
    Ok(Arc::new(Player { script, capabilities }))
}

struct Player {
    script: Arc<Mutex<Script>>,
    capabilities: Capabilities,
}

#[async_trait]
impl Adapter for Player {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn test(&self) -> Result<Account> {
        Ok(Account { name: None, positions: 0, server_time: None })
    }

    async fn positions(&self) -> Result<Vec<RemotePosition>> {
        Ok(Vec::new())
    }

    async fn changed(&self, _: &SyncPoint, page: Option<&PageToken>) -> Result<Page> {
        (self.script.lock().unwrap().listing)(page)
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        (self.script.lock().unwrap().fetching)(id)
    }

    async fn open_media(&self, media: &MediaRef, _: u64) -> Result<MediaStream> {
        (self.script.lock().unwrap().media)(media)
    }

    fn verify_webhook(&self, _: &HeaderMap, _: &[u8], _: DateTime<Utc>) -> Result<Vec<Hint>> {
        Ok(Vec::new())
    }
}
