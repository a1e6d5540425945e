//! A file that is sent, by the tus protocol: gone on with at the byte up to which the server has it when the connection
//! breaks.

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use dossier_domain::{ApplicationId, Material, text::Line};
use dossier_vendor::http::channel::{Answer, Body, Fault};
use futures::stream::BoxStream;
use http::{HeaderName, Method, header};
use serde::Deserialize;
use serde_json::json;

use crate::{
    Client, Error, ErrorKind, Result,
    client::{Request, number, text},
};

const VERSION: &str = "1.0.0";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const MATERIAL: HeaderName = HeaderName::from_static("dossier-material");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");

/// What is to be sent, which can be read from any byte on.
#[async_trait]
pub trait Source: Sync {
    /// How many bytes it has.
    fn length(&self) -> u64;
    /// Its bytes from `offset` on.
    async fn read_from(&self, offset: u64) -> std::io::Result<BoxStream<'static, std::io::Result<Bytes>>>;
}

/// What became of an upload.
#[derive(Deserialize)]
struct Became {
    material: Option<Material>,
}

impl Client {
    /// Adds a file to an application. What it is, is found by its content.
    ///
    /// # Errors
    /// [`Error::Refused`] for content that is not taken; [`Error::Unreachable`] when it breaks off again and again;
    /// [`Error::Reading`].
    pub async fn upload(&self, to: ApplicationId, name: &str, source: &dyn Source) -> Result<Material> {
        let id = to.to_string();
        if source.length() == 0 {
            let request = self.post(&["applications", &id, "materials"])?;
            return self.send_nothing(request.query(&json!({ "name": name }))).await;
        }
        self.send_file(&id, &format!("filename {}", STANDARD.encode(name)), source).await
    }

    /// Adds a file as evidence for a claim.
    ///
    /// # Errors
    /// As [`Client::upload`].
    pub async fn add_evidence(
        &self,
        to: ApplicationId,
        claim: &Line,
        name: &str,
        source: &dyn Source,
    ) -> Result<Material> {
        let id = to.to_string();
        if source.length() == 0 {
            let request = self.post(&["applications", &id, "claims", "evidence"])?;
            return self.send_nothing(request.query(&json!({ "claim": claim, "name": name }))).await;
        }
        let (claim, name) = (STANDARD.encode(claim.as_str()), STANDARD.encode(name));
        self.send_file(&id, &format!("claim {claim},filename {name}"), source).await
    }

    /// The protocol sends bytes, and here there are none. The server says what it thinks of that.
    async fn send_nothing(&self, request: Request) -> Result<Material> {
        self.read(request.header(header::CONTENT_TYPE, "application/octet-stream")).await
    }

    async fn send_file(&self, id: &str, metadata: &str, source: &dyn Source) -> Result<Material> {
        let begun = self.post(&["applications", id, "uploads"])?.header(RESUMABLE, VERSION);
        let begun = begun.header(LENGTH, &source.length().to_string()).header(METADATA, metadata);
        let begun = self.send(begun).await?;
        let location = text(&begun, header::LOCATION).map(str::to_owned);
        let location = location.ok_or_else(|| self.strange("an upload without its address"))?;
        match self.send_all(&location, source).await {
            Ok(()) => {
                let became: Became = self.read(self.request_named(Method::GET, &location)?).await?;
                became.material.ok_or_else(|| self.strange("an upload of which nothing became"))
            }
            Err(error) => {
                if matches!(error, Error::Reading(_)) {
                    // It ends by itself after a day; this is only sooner.
                    let end = self.request_named(Method::DELETE, &location)?.header(RESUMABLE, VERSION);
                    let _ = self.send(end).await;
                }
                Err(error)
            }
        }
    }

    async fn send_all(&self, location: &str, source: &dyn Source) -> Result<()> {
        let (mut offset, mut failures) = (0, 0);
        loop {
            match self.send_from(offset, location, source).await {
                Ok(state) if state.headers.contains_key(MATERIAL) => return Ok(()),
                Ok(state) => match self.offset(&state)? {
                    now if now > offset => offset = now,
                    _ => return Err(self.strange("an upload that gets no further")),
                },
                Err(error) => {
                    // Whoever missed an answer believes to be elsewhere than the server.
                    let error = match error.kind() {
                        ErrorKind::Conflict => self.unreachable(Fault::Cut),
                        _ => error,
                    };
                    self.pause(&mut failures, error).await?;
                    if let Some(now) = self.ask_offset(location, &mut failures).await? {
                        failures = if now > offset { 0 } else { failures };
                        offset = now;
                    }
                }
            }
        }
    }

    async fn send_from(&self, offset: u64, location: &str, source: &dyn Source) -> Result<Answer> {
        let bytes = source.read_from(offset).await.map_err(Error::Reading)?;
        let request = self.request_named(Method::PATCH, location)?.header(RESUMABLE, VERSION);
        let request = request.header(OFFSET, &offset.to_string());
        let request = request.header(header::CONTENT_TYPE, "application/offset+octet-stream");
        let body = Body::Stream(source.length().saturating_sub(offset), bytes);
        // With its last byte the server looks through all of it.
        self.send(self.patiently(request.body(body))).await
    }

    /// Up to where the server has it; nothing while it can't be asked.
    async fn ask_offset(&self, location: &str, failures: &mut u32) -> Result<Option<u64>> {
        let request = self.request_named(Method::HEAD, location)?.header(RESUMABLE, VERSION);
        match self.send(request).await {
            Ok(state) => self.offset(&state).map(Some),
            Err(error) => {
                self.pause(failures, error).await?;
                Ok(None)
            }
        }
    }

    fn offset(&self, state: &Answer) -> Result<u64> {
        number(state, OFFSET).ok_or_else(|| self.strange("an upload that does not say how far it is"))
    }
}
