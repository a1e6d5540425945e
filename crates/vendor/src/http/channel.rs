//! A channel to one server that a person named: a Dossier server, say, which may well be on the bank's own network. So
//! nothing is guarded but the way there: TLS is verified, plain HTTP stays on this machine, no redirect is followed, every
//! wait has its end.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use http::{HeaderMap, Method, StatusCode};
use tokio::time::timeout;
use url::{Host, Url};

use super::tls;

/// A client for one server.
pub struct Channel(reqwest::Client);

/// A request.
pub struct Call {
    /// What is to be done.
    pub method: Method,
    /// With what.
    pub url: Url,
    /// The headers besides those that every request has.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// How long the server may be silent in the middle of what is sent or answered.
    pub patience: Duration,
    /// How long it may take to answer, once it has all that is sent.
    pub answer_within: Duration,
}

/// What is sent along.
pub enum Body {
    /// Nothing.
    Empty,
    /// So much, at once.
    Whole(Bytes),
    /// So many bytes, as they come.
    Stream(u64, BoxStream<'static, std::io::Result<Bytes>>),
}

/// An answer, of which the body is still to come.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: BoxStream<'static, reqwest::Result<Bytes>>,
    patience: Duration,
}

/// Why there is no answer, or not all of it.
#[derive(Debug)]
pub enum Fault {
    /// Plain HTTP to another machine.
    NotEncrypted,
    /// Nobody there: the name is not known, or the connection is refused.
    Connect(String),
    /// The server's certificate is not trusted, or it does not speak TLS.
    Tls(String),
    /// Nothing came for too long.
    Timeout,
    /// The connection ended before there was an answer, or what came is no HTTP.
    NoHttp(String),
    /// The answer broke off.
    Cut,
    /// The authorities or the system's certificates can't be used.
    Setup(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEncrypted => f.write_str("plain http goes to this machine alone"),
            Self::Connect(cause) => write!(f, "no connection: {cause}"),
            Self::Tls(cause) => write!(f, "no trusted connection: {cause}"),
            Self::Timeout => f.write_str("nothing came for too long"),
            Self::NoHttp(cause) => write!(f, "no answer in HTTP: {cause}"),
            Self::Cut => f.write_str("the answer broke off"),
            Self::Setup(cause) => write!(f, "certificates can't be used: {cause}"),
        }
    }
}

impl std::error::Error for Fault {}

impl Channel {
    /// A channel for requests below `base`. Where `authorities` are given (PEM), they alone are trusted, and so are
    /// certificates among them that sign nothing but themselves; otherwise those of the system.
    ///
    /// # Errors
    /// [`Fault::NotEncrypted`], [`Fault::Setup`].
    pub fn new(base: &Url, authorities: Option<&[u8]>, connect_timeout: Duration) -> Result<Self, Fault> {
        let setup = |cause: &dyn fmt::Display| Fault::Setup(cause.to_string());
        if base.scheme() != "https" && !(base.scheme() == "http" && is_this_machine(base)) {
            return Err(Fault::NotEncrypted);
        }
        let config = match authorities {
            Some(pem) => tls::trusting(pem).map_err(|cause| setup(&cause))?,
            None => tls::config(base).map_err(|_| setup(&"the system has none"))?,
        };
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("dossier/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect_timeout)
            .build()
            .map_err(|cause| setup(&cause))?;
        Ok(Self(client))
    }

    /// Sends a request, and gives the answer as soon as its headers are there.
    ///
    /// # Errors
    /// [`Fault`]
    pub async fn send(&self, call: Call) -> Result<Answer, Fault> {
        let taken = Arc::new(AtomicU64::new(0));
        let all = if let Body::Stream(length, _) = call.body { length } else { 0 };
        let request = self.0.request(call.method, call.url).headers(call.headers);
        let request = match call.body {
            Body::Empty => request,
            Body::Whole(bytes) => request.body(bytes),
            Body::Stream(length, bytes) => {
                let taken = Arc::clone(&taken);
                let counted = bytes.inspect_ok(move |piece| {
                    taken.fetch_add(piece.len() as u64, Ordering::Relaxed);
                });
                let request = request.header(http::header::CONTENT_LENGTH, length);
                request.body(reqwest::Body::wrap_stream(counted))
            }
        };
        let mut sending = std::pin::pin!(request.send());
        let mut before = 0;
        let response = loop {
            let is_sent = before >= all;
            let patience = if is_sent { call.answer_within } else { call.patience };
            match timeout(patience, &mut sending).await {
                Ok(response) => break response.map_err(|error| fault(&error))?,
                Err(_) if is_sent => return Err(Fault::Timeout),
                Err(_) => {
                    let now = taken.load(Ordering::Relaxed);
                    if now == before {
                        return Err(Fault::Timeout);
                    }
                    before = now;
                }
            }
        };
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { status, headers, body: response.bytes_stream().boxed(), patience: call.patience })
    }
}

impl Answer {
    /// The next bytes of the body; `None` after the last ones.
    ///
    /// # Errors
    /// [`Fault::Timeout`], [`Fault::Cut`].
    pub async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        match timeout(self.patience, self.body.next()).await {
            Ok(piece) => piece.transpose().map_err(|_| Fault::Cut),
            Err(_) => Err(Fault::Timeout),
        }
    }

    /// The whole body; `None` where it is longer than `limit` bytes.
    ///
    /// # Errors
    /// [`Fault::Timeout`], [`Fault::Cut`].
    pub async fn whole(mut self, limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        let mut whole = Vec::new();
        while let Some(piece) = self.next().await? {
            if whole.len() + piece.len() > limit {
                return Ok(None);
            }
            whole.extend_from_slice(&piece);
        }
        Ok(Some(whole))
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn fault(error: &reqwest::Error) -> Fault {
    let innermost = innermost(error);
    if error.is_timeout() {
        Fault::Timeout
    } else if let Some(cause) = tls_error(error) {
        Fault::Tls(cause)
    } else if error.is_connect() {
        Fault::Connect(innermost)
    } else {
        Fault::NoHttp(innermost)
    }
}

/// What is at the root of an error, without the URL.
fn innermost(error: &reqwest::Error) -> String {
    let chain = std::iter::successors(std::error::Error::source(error), |error| error.source());
    chain.last().map(ToString::to_string).unwrap_or_default()
}

/// What rustls says, where it is at the root: an error of the system may hold it, and does not name it as its source.
fn tls_error(error: &reqwest::Error) -> Option<String> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls.to_string());
        }
        let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match held {
            Some(held) => Some(held),
            None => error.source(),
        };
    }
    None
}
