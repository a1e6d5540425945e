//! The one place that speaks HTTP: hosts from a list, addresses checked when connecting, nothing followed blindly,
//! every size and wait bounded.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use futures::StreamExt;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use reqwest::Response;
use url::Url;

use crate::{
    ConfigurationProblem, Error, Got, Malformed, MediaStream, Phrase, Result, Secret, Trouble,
    http::{guard::Guard, status::status_error},
    json,
};

pub mod channel;
pub mod guard;
mod range;
mod status;
mod tls;

/// How often a link to media may send us on; each step is checked like the first.
const MEDIA_REDIRECTS: usize = 3;

/// How a connection may use the network.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Where the vendor's API is. Its host is always allowed.
    pub base_url: Url,
    /// Further hosts from which media may come.
    pub media_hosts: Vec<String>,
    /// Whether addresses of this machine are allowed, without encryption; for the simulator.
    pub allow_loopback: bool,
    /// Whether addresses of private networks are allowed; for what the bank runs itself.
    pub allow_private: bool,
    /// Certificates in PEM that are trusted instead of this machine's authorities; for what the bank has certified itself.
    pub authorities: Option<Vec<u8>>,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long the vendor may be silent in the middle of an answer.
    pub read_timeout: Duration,
    /// The largest JSON document, in bytes.
    pub json_limit: u64,
}

impl HttpOptions {
    /// The usual bounds for a vendor at `base_url`.
    pub fn new(base_url: Url) -> Self {
        Self {
            base_url,
            media_hosts: Vec::new(),
            allow_loopback: false,
            allow_private: false,
            authorities: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            json_limit: 16 * 1024 * 1024,
        }
    }
}

/// A client for one vendor.
pub struct Http {
    client: reqwest::Client,
    guard: Arc<Guard>,
    json_limit: u64,
}

/// A JSON document as it was received.
pub struct Document {
    /// The bytes.
    pub bytes: Bytes,
    /// The vendor's clock when it answered.
    pub server_time: Option<DateTime<Utc>>,
}

impl Document {
    /// The document as a value.
    pub fn parse<'a, T: serde::Deserialize<'a>>(&'a self) -> Result<T> {
        json::parse(&self.bytes)
    }

    /// SHA-256 of the bytes, in hexadecimal.
    pub fn sha256(&self) -> String {
        sha256_hex(&self.bytes)
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(ring::digest::digest(&ring::digest::SHA256, bytes))
}

/// The value of an `Authorization: Bearer` header, marked so that it is never printed.
pub fn bearer(key: &Secret) -> Result<HeaderValue> {
    let text = zeroize::Zeroizing::new(format!("Bearer {}", key.reveal()));
    let mut value = HeaderValue::from_str(&text)
        .map_err(|_| Error::setting("key", Phrase::new("可见的 ASCII 字符", "visible ASCII characters")))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The value of an `Authorization: Basic` header for a program at an OAuth provider (RFC 6749, 2.3.1), never printed.
pub fn basic(client: &str, secret: &Secret) -> Result<HeaderValue> {
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = zeroize::Zeroizing::new(format!("{}:{}", encoded(client), encoded(secret.reveal())));
    let text = zeroize::Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
    let mut value = HeaderValue::from_str(&text)
        .map_err(|_| Error::setting("client_id", Phrase::new("可见的字符", "visible characters")))?;
    value.set_sensitive(true);
    Ok(value)
}

impl Http {
    /// A client within these bounds. Fails when the base URL itself lies outside of them.
    pub fn new(options: &HttpOptions) -> Result<Self> {
        let guard = Guard::new(&options.base_url, &options.media_hosts, options.allow_loopback);
        let guard = Arc::new(guard.with_private(options.allow_private));
        guard.check(&options.base_url)?;
        let tls = match &options.authorities {
            Some(pem) => tls::trusting(pem).map_err(|_| Error::Configuration(ConfigurationProblem::Tls))?,
            None => tls::config(&options.base_url)?,
        };
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(guard::Resolver::new(Arc::clone(&guard)))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("dossier/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(options.connect_timeout)
            .read_timeout(options.read_timeout)
            .build()
            .map_err(|_| Error::Configuration(ConfigurationProblem::Tls))?;
        Ok(Self { client, guard, json_limit: options.json_limit })
    }

    /// Fetches a JSON document; without `authorization`, as anybody.
    pub async fn get<'a>(
        &self,
        url: Url,
        authorization: impl Into<Option<&'a HeaderValue>>,
    ) -> Result<Document> {
        self.guard.check(&url)?;
        self.document(self.client.get(url), authorization.into()).await
    }

    /// Sends a form and takes the JSON document that comes back.
    pub async fn post_form(
        &self,
        url: Url,
        fields: &[(&str, &str)],
        authorization: Option<&HeaderValue>,
    ) -> Result<Document> {
        self.guard.check(&url)?;
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(url).body(form);
        let form_type = "application/x-www-form-urlencoded";
        self.document(request.header(header::CONTENT_TYPE, form_type), authorization).await
    }

    /// Sends JSON and takes the JSON document that comes back.
    pub async fn post_json(&self, url: Url, body: Bytes, headers: &HeaderMap) -> Result<Document> {
        self.guard.check(&url)?;
        self.document(self.json(url, body, headers), None).await
    }

    /// Sends JSON to whoever takes it: any status of success says so, and no byte of what else comes back is read.
    pub async fn push_json(&self, url: Url, body: Bytes, headers: &HeaderMap) -> Result<()> {
        self.guard.check(&url)?;
        let response = self.json(url, body, headers).send().await.map_err(transport)?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(status_error(status, response.headers())),
        }
    }

    fn json(&self, url: Url, body: Bytes, headers: &HeaderMap) -> reqwest::RequestBuilder {
        let request = self.client.post(url).headers(headers.clone()).body(body);
        request.header(header::CONTENT_TYPE, "application/json")
    }

    async fn document(
        &self,
        request: reqwest::RequestBuilder,
        authorization: Option<&HeaderValue>,
    ) -> Result<Document> {
        let request = match authorization {
            Some(authorization) => request.header(header::AUTHORIZATION, authorization),
            None => request,
        };
        let response = request.header(header::ACCEPT, "application/json").send().await.map_err(transport)?;
        if response.status() != StatusCode::OK {
            return Err(status_error(response.status(), response.headers()));
        }
        let server_time = http_date(response.headers(), header::DATE);
        Ok(Document { bytes: bounded(response, self.json_limit).await?, server_time })
    }

    /// Opens media at a signed link, from `offset` on. The link carries its own authority; no key is sent along.
    pub async fn open(&self, mut url: Url, offset: u64) -> Result<MediaStream> {
        for _ in 0..=MEDIA_REDIRECTS {
            self.guard.check(&url)?;
            // Asking for a range even at 0 makes the vendor name the length twice, and both must agree.
            let range = format!("bytes={offset}-");
            let request = self.client.get(url.clone()).header(header::RANGE, range);
            let response = request.send().await.map_err(transport)?;
            match target(&url, &response) {
                Some(next) => url = next,
                None => return range::media(response, offset),
            }
        }
        Err(Error::Configuration(ConfigurationProblem::Redirected(StatusCode::FOUND.as_u16())))
    }
}

/// Where a redirect leads.
fn target(from: &Url, response: &Response) -> Option<Url> {
    let location = response.headers().get(header::LOCATION).filter(|_| response.status().is_redirection())?;
    from.join(location.to_str().ok()?).ok()
}

async fn bounded(response: Response, limit: u64) -> Result<Bytes> {
    let mut body = response.bytes_stream();
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(transport)?;
        if bytes.len() as u64 + chunk.len() as u64 > limit {
            let expected = Phrase::new("大小合理的应答", "an answer of reasonable size");
            return Err(Malformed { pointer: String::new(), expected, got: Got::MoreThan(limit) }.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// A failure of the connection, without the URL, which may hold a signature.
fn transport(error: reqwest::Error) -> Error {
    if let Some(host) = guard::refused_host(&error) {
        return Error::Configuration(ConfigurationProblem::AddressForbidden(host));
    }
    let trouble = if error.is_timeout() {
        Trouble::Timeout
    } else if error.is_body() || error.is_decode() {
        Trouble::Cut
    } else {
        Trouble::Connect
    };
    Error::transient_from(trouble, error.without_url())
}

/// The date in a header, in the form that HTTP prefers (IMF-fixdate).
fn http_date(headers: &HeaderMap, name: header::HeaderName) -> Option<DateTime<Utc>> {
    let text = headers.get(name)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests;
