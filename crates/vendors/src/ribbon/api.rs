//! Ribbon's addresses and requests.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use dossier_domain::text::RemoteId;
use dossier_vendor::{
    Error, MediaStream, Phrase, Result, Secret,
    http::{Document, Http, HttpOptions, bearer},
    json::Field,
};
use http::HeaderValue;
use serde_json::Value;
use tokio::sync::RwLock;
use url::Url;

use super::{Flow, RibbonConfig, normalise};

/// The requests that the adapter makes.
pub(super) struct Api {
    http: Http,
    base_url: Url,
    authorization: HeaderValue,
    /// Flows seen so far: thousands of interviews share a few. Asked for again by [`Api::flows`].
    flows: RwLock<HashMap<RemoteId, Flow>>,
}

impl Api {
    pub(super) fn new(config: &RibbonConfig, key: &Secret) -> Result<Self> {
        let options = HttpOptions {
            media_hosts: config.media_hosts.clone(),
            allow_loopback: config.allow_loopback,
            ..HttpOptions::new(config.base_url.clone())
        };
        Ok(Self {
            http: Http::new(&options)?,
            base_url: config.base_url.clone(),
            authorization: bearer(key)?,
            flows: RwLock::default(),
        })
    }

    /// A page of finished interviews.
    pub(super) async fn interviews(&self, offset: u64, limit: u8) -> Result<Document> {
        let mut url = self.url(&["interviews"])?;
        url.query_pairs_mut()
            .append_pair("limit", &limit.to_string())
            .append_pair("offset", &offset.to_string())
            .append_pair("status", "completed");
        self.http.get(url, &self.authorization).await
    }

    /// One interview.
    pub(super) async fn interview(&self, id: &RemoteId) -> Result<Document> {
        self.http.get(self.url(&["interviews", id.as_str()])?, &self.authorization).await
    }

    /// All flows, and the vendor's clock.
    pub(super) async fn flows(&self) -> Result<(Vec<Flow>, Option<DateTime<Utc>>)> {
        let document = self.http.get(self.url(&["interview-flows"])?, &self.authorization).await?;
        let value: Value = document.parse()?;
        let entries = Field::root(&value).get("interview_flows").list()?;
        let flows: Vec<Flow> = entries.iter().map(normalise::flow).collect::<Result<_>>()?;
        let by_id = flows.iter().map(|flow| (flow.position.remote_id.clone(), flow.clone()));
        *self.flows.write().await = by_id.collect();
        Ok((flows, document.server_time))
    }

    /// One flow, asked for once.
    pub(super) async fn flow(&self, id: &RemoteId) -> Result<Flow> {
        if let Some(flow) = self.flows.read().await.get(id) {
            return Ok(flow.clone());
        }
        let url = self.url(&["interview-flows", id.as_str()])?;
        let value: Value = self.http.get(url, &self.authorization).await?.parse()?;
        let flow = normalise::flow(&Field::root(&value))?;
        self.flows.write().await.insert(id.clone(), flow.clone());
        Ok(flow)
    }

    /// Media at a signed link.
    pub(super) async fn open(&self, link: Url, offset: u64) -> Result<MediaStream> {
        self.http.open(link, offset).await
    }

    /// The base URL with these segments below it, each escaped. A segment of dots would lead elsewhere: no such thing.
    fn url(&self, segments: &[&str]) -> Result<Url> {
        if segments.iter().any(|segment| matches!(*segment, "." | "..")) {
            return Err(Error::NotFound);
        }
        let mut url = self.base_url.clone();
        url.path_segments_mut()
            .map_err(|()| Error::setting("base_url", Phrase::new("https 地址", "an https URL")))?
            .pop_if_empty()
            .extend(segments);
        Ok(url)
    }
}
