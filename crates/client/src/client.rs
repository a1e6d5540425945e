//! A client of one server: requests with a token, answers as values, failures as errors.

use std::{sync::Arc, time::Duration};

use dossier_domain::Language;
use dossier_vendor::{
    Secret,
    http::{
        bearer,
        channel::{Answer, Body, Call, Channel, Fault},
    },
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use url::Url;

use crate::{Error, Result, error::Problem};

/// The largest document that is read, in bytes: ten times the longest page of hits.
const LARGEST_DOCUMENT: usize = 64 << 20;
/// So many entries of a list are asked for at once.
pub(crate) const PAGE: u32 = 1000;

/// Which server, and on whose behalf.
pub struct Options {
    /// Where it is.
    pub server: Url,
    /// What the asker proves themselves with.
    pub token: Secret,
    /// The language of what people read.
    pub language: Language,
    /// The certificates to trust (PEM) instead of those of the system: of authorities, or the server's own.
    pub authorities: Option<Vec<u8>>,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long the server may be silent.
    pub patience: Duration,
    /// How long it may be silent over work that takes its time: to check everything, to build the index, to look through
    /// what was uploaded.
    pub long_patience: Duration,
    /// How often in a row what broke off is gone on with.
    pub attempts: u32,
    /// The pause before that; it doubles with each further one.
    pub pause: Duration,
}

impl Options {
    /// The usual bounds.
    pub fn new(server: Url, token: Secret, language: Language) -> Self {
        Self {
            server,
            token,
            language,
            authorities: None,
            connect_timeout: Duration::from_secs(10),
            patience: Duration::from_secs(60),
            long_patience: Duration::from_secs(3600),
            attempts: 6,
            pause: Duration::from_millis(500),
        }
    }
}

/// A client of one server. Clones share their connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    channel: Channel,
    server: Url,
    language: Language,
    headers: HeaderMap,
    patience: Duration,
    long_patience: Duration,
    attempts: u32,
    pause: Duration,
}

/// A request on its way.
pub(crate) struct Request(Call);

impl Client {
    /// A client; the server is not asked yet.
    ///
    /// # Errors
    /// [`Error::Unusable`] for an address, a token or certificates that can't be used.
    pub fn new(options: Options) -> Result<Self> {
        let Options { server, token, language, authorities, connect_timeout, patience, .. } = options;
        let is_bare = server.username().is_empty() && server.path() == "/" && server.query().is_none();
        if server.host().is_none() || !is_bare {
            return Err(Error::unusable(
                "服务器地址须写作 https://主机[:端口]，不带路径、用户名和参数",
                "a server's address is https://HOST[:PORT], without a path, user or query",
            ));
        }
        let channel = Channel::new(&server, authorities.as_deref(), connect_timeout);
        let channel = channel.map_err(|fault| Error::unreachable(&server, fault))?;
        let token = bearer(&token).map_err(|_| {
            Error::unusable("令牌中有不可用的字符", "there are characters in the token that none has")
        })?;
        let spoken = HeaderValue::from_static(language.pick("zh", "en"));
        let headers = [(header::AUTHORIZATION, token), (header::ACCEPT_LANGUAGE, spoken)];
        Ok(Self(Arc::new(Inner {
            channel,
            server,
            language,
            headers: headers.into_iter().collect(),
            patience,
            long_patience: options.long_patience,
            attempts: options.attempts,
            pause: options.pause,
        })))
    }

    /// A request for what is at a path below `/api/v1`. A part of a path that an address can't hold names nothing.
    pub(crate) fn request(&self, method: Method, path: &[&str]) -> Result<Request> {
        if let Some(name) = path.iter().find(|part| matches!(**part, "" | "." | "..")) {
            return Err(Error::Refused(Problem::absent(name, self.0.language)));
        }
        let mut url = self.0.server.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        Ok(self.request_at(method, url))
    }

    /// A request for what is at an address that the server named; it must be the server's own.
    pub(crate) fn request_named(&self, method: Method, location: &str) -> Result<Request> {
        let url = self.0.server.join(location).ok();
        match url.filter(|url| url.origin() == self.0.server.origin()) {
            Some(url) => Ok(self.request_at(method, url)),
            None => Err(self.strange("it names another server")),
        }
    }

    fn request_at(&self, method: Method, url: Url) -> Request {
        let (headers, patience) = (self.0.headers.clone(), self.0.patience);
        Request(Call { method, url, headers, body: Body::Empty, patience, answer_within: patience })
    }

    pub(crate) fn get(&self, path: &[&str]) -> Result<Request> {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &[&str]) -> Result<Request> {
        self.request(Method::POST, path)
    }

    /// A request for work that takes its time.
    pub(crate) fn patiently(&self, request: Request) -> Request {
        Request(Call { answer_within: self.0.long_patience, ..request.0 })
    }

    /// Sends a request; only what succeeds is an answer.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer> {
        let answer = self.0.channel.send(request.0).await.map_err(|fault| self.unreachable(fault))?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        Err(self.refusal(answer).await)
    }

    /// What a request brings, as a value.
    pub(crate) async fn read<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        let answer = self.send(request).await?;
        self.document(answer).await
    }

    /// An answer as a value.
    pub(crate) async fn document<T: DeserializeOwned>(&self, answer: Answer) -> Result<T> {
        let is_json = has_type(&answer.headers, "application/json");
        let (true, Some(bytes)) = (is_json, self.whole(answer).await?) else {
            return Err(self.strange("no JSON document"));
        };
        serde_json::from_slice(&bytes).map_err(|error| self.strange(&error.to_string()))
    }

    pub(crate) async fn whole(&self, answer: Answer) -> Result<Option<Vec<u8>>> {
        answer.whole(LARGEST_DOCUMENT).await.map_err(|fault| self.unreachable(fault))
    }

    /// All entries of a list, which stand under `name`, page by page.
    pub(crate) async fn all<T: DeserializeOwned>(&self, path: &[&str], name: &str) -> Result<Vec<T>> {
        let mut all = Vec::new();
        let mut after = Value::Null;
        loop {
            let asked = serde_json::json!({ "limit": PAGE, "after": after });
            let mut page: Map<String, Value> = self.read(self.get(path)?.query(&asked)).await?;
            let entries = page.remove(name).unwrap_or_default();
            let entries: Vec<T> =
                serde_json::from_value(entries).map_err(|error| self.strange(&error.to_string()))?;
            all.extend(entries);
            match page.remove("next") {
                Some(next @ Value::String(_)) => after = next,
                _ => return Ok(all),
            }
        }
    }

    /// Waits before what broke off is gone on with; gives up with the error after too many failures in a row.
    pub(crate) async fn pause(&self, failures: &mut u32, error: Error) -> Result<()> {
        let may_pass = matches!(error, Error::Unreachable { .. });
        if !may_pass || *failures >= self.0.attempts {
            return Err(error);
        }
        tokio::time::sleep(self.0.pause * 2_u32.saturating_pow(*failures)).await;
        *failures += 1;
        Ok(())
    }

    pub(crate) fn unreachable(&self, fault: Fault) -> Error {
        Error::unreachable(&self.0.server, fault)
    }

    pub(crate) fn strange(&self, got: &str) -> Error {
        let got = got.chars().take(200).collect();
        Error::Strange { server: self.0.server.to_string(), got }
    }

    /// What the server says is wrong.
    async fn refusal(&self, answer: Answer) -> Error {
        let status = answer.status;
        if !has_type(&answer.headers, "application/problem+json") {
            return self.strange(&format!("HTTP {status}"));
        }
        let bytes = match self.whole(answer).await {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(error) => return error,
        };
        match serde_json::from_slice::<Problem>(&bytes) {
            Ok(problem) if problem.is_of_an_older_server() => {
                Error::Older { server: self.0.server.to_string() }
            }
            Ok(problem) => Error::Refused(problem),
            // A request for headers alone gets no words.
            Err(_) if bytes.is_empty() => Error::Refused(Problem::of_status(status)),
            Err(error) => self.strange(&error.to_string()),
        }
    }
}

impl Request {
    pub(crate) fn url(&self) -> &Url {
        &self.0.url
    }

    /// With what is asked, in the address; a list as its entries, each under the same name.
    pub(crate) fn query(mut self, asked: &impl Serialize) -> Self {
        if let Ok(Value::Object(asked)) = serde_json::to_value(asked) {
            let mut pairs = self.0.url.query_pairs_mut();
            for (name, value) in &asked {
                let one = std::slice::from_ref(value);
                for value in value.as_array().map_or(one, Vec::as_slice) {
                    match value {
                        Value::Null => {}
                        Value::String(text) => drop(pairs.append_pair(name, text)),
                        other => drop(pairs.append_pair(name, &other.to_string())),
                    }
                }
            }
        }
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        // What is sent by this crate fits into headers: numbers, base64, tags that came in one.
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.insert(name, value);
        }
        self
    }

    /// With a document.
    pub(crate) fn json(self, document: &impl Serialize) -> Self {
        let body = serde_json::to_vec(document).unwrap_or_default();
        self.header(header::CONTENT_TYPE, "application/json").body(Body::Whole(body.into()))
    }

    pub(crate) fn body(mut self, body: Body) -> Self {
        self.0.body = body;
        self
    }
}

/// Whether an answer is of a media type.
pub(crate) fn has_type(headers: &HeaderMap, wanted: &str) -> bool {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

/// A header of an answer as a text.
pub(crate) fn text(answer: &Answer, name: impl http::header::AsHeaderName) -> Option<&str> {
    answer.headers.get(name).and_then(|value| value.to_str().ok())
}

/// A header of an answer as a number.
pub(crate) fn number(answer: &Answer, name: impl http::header::AsHeaderName) -> Option<u64> {
    text(answer, name).and_then(|text| text.trim().parse().ok())
}

/// Whether an answer is the part of something that was asked for, and not all of it.
pub(crate) fn is_part(answer: &Answer) -> bool {
    answer.status == StatusCode::PARTIAL_CONTENT
}
