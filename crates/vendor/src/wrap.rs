//! What is done around every adapter and never inside of one: retries, rate limit, timeout, tracing.
//!
//! Each is a [`Layer`] of one method; [`Wrapped`] is the one adapter that applies a layer to all calls.

use std::{future::Future, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use dossier_domain::text::RemoteId;
use http::HeaderMap;

use crate::{
    Account, Adapter, Capabilities, Fetched, Hint, MediaRef, MediaStream, Page, PageToken, RemotePosition,
    Result, SyncPoint,
};

mod rate_limit;
mod retry;
mod timeout;
mod traced;

pub use rate_limit::RateLimit;
pub use retry::Retry;
pub use timeout::Timeout;
pub use traced::Traced;

/// How the calls to one vendor are spaced, repeated and ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// When to try again.
    pub retry: Retry,
    /// Calls per second, in the long run.
    pub per_second: f64,
    /// Calls that may come at once after a pause.
    pub burst: u32,
    /// How long one attempt may take; for media, until they are open.
    pub timeout: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self { retry: Retry::default(), per_second: 10.0, burst: 20, timeout: Duration::from_secs(60) }
    }
}

/// The adapter with all layers around it. From the outside in: tracing sees the whole call; retries repeat it; each
/// attempt waits for its turn; and the time that it may take begins only then.
pub fn wrap<A: Adapter + 'static>(adapter: A, policy: Policy) -> Arc<dyn Adapter> {
    let vendor = adapter.capabilities().vendor.clone();
    let adapter = Wrapped::new(Timeout(policy.timeout), adapter);
    let adapter = Wrapped::new(RateLimit::new(policy.per_second, policy.burst), adapter);
    let adapter = Wrapped::new(policy.retry, adapter);
    Arc::new(Wrapped::new(Traced(vendor), adapter))
}

/// Which method of the adapter is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// [`Adapter::test`]
    Test,
    /// [`Adapter::positions`]
    Positions,
    /// [`Adapter::changed`]
    Changed,
    /// [`Adapter::fetch`]
    Fetch,
    /// [`Adapter::open_media`]
    OpenMedia,
}

impl Call {
    /// The name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Positions => "positions",
            Self::Changed => "changed",
            Self::Fetch => "fetch",
            Self::OpenMedia => "open_media",
        }
    }
}

/// Something done around each call to a vendor.
pub trait Layer: Send + Sync {
    /// Makes the call by `run`, once or more often.
    fn around<'a, T, F, R>(&'a self, call: Call, run: F) -> impl Future<Output = Result<T>> + Send + 'a
    where
        T: Send + 'a,
        F: Fn() -> R + Send + Sync + 'a,
        R: Future<Output = Result<T>> + Send + 'a;
}

/// An adapter with one layer around all of its calls.
pub struct Wrapped<L, A> {
    layer: L,
    inner: A,
}

impl<L: Layer, A: Adapter> Wrapped<L, A> {
    /// Puts `layer` around `inner`.
    pub fn new(layer: L, inner: A) -> Self {
        Self { layer, inner }
    }
}

#[async_trait]
impl<L: Layer, A: Adapter> Adapter for Wrapped<L, A> {
    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    async fn test(&self) -> Result<Account> {
        self.layer.around(Call::Test, || self.inner.test()).await
    }

    async fn positions(&self) -> Result<Vec<RemotePosition>> {
        self.layer.around(Call::Positions, || self.inner.positions()).await
    }

    async fn changed(&self, since: &SyncPoint, page: Option<&PageToken>) -> Result<Page> {
        self.layer.around(Call::Changed, || self.inner.changed(since, page)).await
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        self.layer.around(Call::Fetch, || self.inner.fetch(id)).await
    }

    async fn open_media(&self, media: &MediaRef, offset: u64) -> Result<MediaStream> {
        self.layer.around(Call::OpenMedia, || self.inner.open_media(media, offset)).await
    }

    fn verify_webhook(&self, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Result<Vec<Hint>> {
        self.inner.verify_webhook(headers, body, now)
    }
}

#[cfg(test)]
mod tests;
