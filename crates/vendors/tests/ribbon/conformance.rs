//! The conformance suite, and proof that it notices adapters which break their promises.

use std::{collections::HashSet, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use dossier_domain::text::RemoteId;
use dossier_simulator::{Behaviour, RibbonServer, Spoil};
use dossier_vendor::{
    Account, Adapter, Capabilities, Credentials, Fetched, Hint, HintKind, MediaRef, MediaStream, Page,
    PageToken, Part, RemotePosition, Result, SyncPoint,
    conformance::{self, Subject, Violation},
};
use http::HeaderMap;

use crate::{adapter, id, server};

/// A promise to break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sabotage {
    ListsTwice,
    StopsAfterOnePage,
    CursorStands,
    IgnoresOffset,
    AcceptsAnyWebhook,
    CallsLateVideosAbsent,
    Nothing,
}

struct Saboteur {
    inner: Arc<dyn Adapter>,
    does: Sabotage,
}

#[async_trait]
impl Adapter for Saboteur {
    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    async fn test(&self) -> Result<Account> {
        self.inner.test().await
    }

    async fn positions(&self) -> Result<Vec<RemotePosition>> {
        self.inner.positions().await
    }

    async fn changed(&self, since: &SyncPoint, page: Option<&PageToken>) -> Result<Page> {
        let mut page = self.inner.changed(since, page).await?;
        match self.does {
            Sabotage::ListsTwice => page.interviews.extend(page.interviews.clone()),
            Sabotage::StopsAfterOnePage => page.next = None,
            Sabotage::CursorStands => page.cursor = since.clone(),
            _ => {}
        }
        Ok(page)
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        let mut fetched = self.inner.fetch(id).await?;
        if self.does == Sabotage::CallsLateVideosAbsent && fetched.video == Part::NotYet {
            fetched.video = Part::Absent;
        }
        Ok(fetched)
    }

    async fn open_media(&self, media: &MediaRef, offset: u64) -> Result<MediaStream> {
        let offset = if self.does == Sabotage::IgnoresOffset { 0 } else { offset };
        self.inner.open_media(media, offset).await
    }

    fn verify_webhook(&self, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Result<Vec<Hint>> {
        if self.does == Sabotage::AcceptsAnyWebhook {
            let value: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
            let remote_id = id(value["interview_id"].as_str().unwrap_or("unknown"));
            return Ok(vec![Hint { remote_id, kind: HintKind::Changed }]);
        }
        self.inner.verify_webhook(headers, body, now)
    }
}

struct Ribbon {
    server: RibbonServer,
    does: Sabotage,
}

impl Ribbon {
    fn first(&self) -> String {
        self.server.ids()[0].clone()
    }

    /// The interview that ended last, which every look-back reaches.
    fn newest(&self) -> String {
        self.server.ids().into_iter().max_by_key(|id| self.server.sitting(id).unwrap().ended_at).unwrap()
    }
}

#[async_trait]
impl Subject for Ribbon {
    fn adapter(&self) -> Arc<dyn Adapter> {
        Arc::new(Saboteur { inner: adapter(&self.server), does: self.does })
    }

    fn with_wrong_key(&self) -> Arc<dyn Adapter> {
        dossier_vendors::open("ribbon", self.server.settings(), Credentials::key("wrong")).unwrap()
    }

    fn finished(&self) -> HashSet<RemoteId> {
        self.server.ids().iter().map(|text| id(text)).collect()
    }

    async fn spoil_one(&self) -> (RemoteId, String) {
        let spoiled = self.first();
        self.server.spoil(&spoiled, Spoil::HugeScore);
        (id(&spoiled), Spoil::HugeScore.pointer().to_owned())
    }

    async fn add_one(&self) -> RemoteId {
        id(&self.server.add_interview())
    }

    async fn correct_one(&self) -> RemoteId {
        let corrected = self.newest();
        self.server.correct_score(&corrected);
        id(&corrected)
    }

    async fn add_without_video(&self) -> RemoteId {
        id(&self.server.add_interview_without_video())
    }

    async fn release_video(&self, id: &RemoteId) {
        self.server.release_video(id.as_str());
    }

    fn video(&self, id: &RemoteId) -> Bytes {
        self.server.sitting(id.as_str()).unwrap().video()
    }

    fn webhook(&self, id: &RemoteId, _: DateTime<Utc>) -> Option<(HeaderMap, Bytes)> {
        let webhook = self.server.webhook("interview_processed", id.as_str());
        Some((webhook.headers, webhook.body))
    }
}

async fn violations(does: Sabotage) -> Vec<Violation> {
    conformance::violations(&Ribbon { server: server(120, Behaviour::default()).await, does }).await
}

#[tokio::test]
async fn ribbon_keeps_the_contract() {
    let violations = violations(Sabotage::Nothing).await;
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn the_suite_notices_every_broken_promise() {
    for (does, check) in [
        (Sabotage::ListsTwice, "a full listing shows each finished interview once"),
        (Sabotage::StopsAfterOnePage, "a full listing shows each finished interview once"),
        (Sabotage::CursorStands, "the cursor moves and leads to what is new"),
        (Sabotage::IgnoresOffset, "media at an offset equal the tail"),
        (Sabotage::AcceptsAnyWebhook, "a signed webhook becomes a hint, and any other is refused"),
        (Sabotage::CallsLateVideosAbsent, "a late video is not yet there, and later is"),
    ] {
        let found = violations(does).await;
        assert!(found.iter().any(|violation| violation.check == check), "{does:?}: {found:#?}");
    }
}
