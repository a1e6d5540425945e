//! The contract that every vendor adapter fulfils.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use dossier_domain::text::{Line, RemoteId};
use http::HeaderMap;

use crate::{
    Capabilities, Fetched, Hint, MediaRef, MediaStream, Page, PageToken, RemotePosition, Result, SyncPoint,
};

/// One configured connection to one vendor.
///
/// Implementations do the vendor's work and no more: they neither retry, wait, limit nor log; the wrappers in
/// [`crate::wrap`] do. Every method may be called at any time, from several tasks, and again after a failure.
#[async_trait]
pub trait Adapter: Send + Sync {
    /// What this adapter can do.
    fn capabilities(&self) -> &Capabilities;

    /// Asks the vendor who we are. Fails with exactly what is wrong: key, scope, address, clock, expiry.
    async fn test(&self) -> Result<Account>;

    /// The positions that the vendor knows.
    async fn positions(&self) -> Result<Vec<RemotePosition>>;

    /// One page of the interviews that may have changed since `since`. The first page has no token; each further one
    /// has that of the page before. An interview may be listed more often than it changes, and never less often.
    async fn changed(&self, since: &SyncPoint, page: Option<&PageToken>) -> Result<Page>;

    /// The present state of one interview and the parts of it that are ready.
    async fn fetch(&self, id: &RemoteId) -> Result<Fetched>;

    /// Opens media from `offset` (in bytes) on. Asks the vendor for a fresh link each time, so that one which expired
    /// is replaced by calling again; [`crate::ResumingMedia`] does so.
    async fn open_media(&self, media: &MediaRef, offset: u64) -> Result<MediaStream>;

    /// Verifies a webhook and says what to fetch again. `body` is the raw body as it was received.
    fn verify_webhook(&self, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Result<Vec<Hint>>;
}

/// Who we are at the vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's name, where the vendor tells it.
    pub name: Option<Line>,
    /// How many positions the account shows us.
    pub positions: usize,
    /// The vendor's clock, for comparison with ours.
    pub server_time: Option<DateTime<Utc>>,
}

#[async_trait]
impl<A: Adapter + ?Sized> Adapter for Arc<A> {
    fn capabilities(&self) -> &Capabilities {
        (**self).capabilities()
    }

    async fn test(&self) -> Result<Account> {
        (**self).test().await
    }

    async fn positions(&self) -> Result<Vec<RemotePosition>> {
        (**self).positions().await
    }

    async fn changed(&self, since: &SyncPoint, page: Option<&PageToken>) -> Result<Page> {
        (**self).changed(since, page).await
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        (**self).fetch(id).await
    }

    async fn open_media(&self, media: &MediaRef, offset: u64) -> Result<MediaStream> {
        (**self).open_media(media, offset).await
    }

    fn verify_webhook(&self, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Result<Vec<Hint>> {
        (**self).verify_webhook(headers, body, now)
    }
}
