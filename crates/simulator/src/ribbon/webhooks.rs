//! Webhooks as Ribbon signs them, sent doubled and out of order.

use std::io;

use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;
use dossier_vendor::webhook::hmac_sha256_hex;
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use url::Url;

use super::state::Shared;

const SIGNATURE: &str = "x-ribbon-signature";
/// Connections among which a storm is shared.
const CONNECTIONS: usize = 8;

/// A signed webhook.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The headers that matter.
    pub headers: HeaderMap,
    /// The raw body.
    pub body: Bytes,
}

/// Many webhooks in no order: both events (processed; video ready) of each interview, again and again.
#[derive(Debug, Clone)]
pub struct Storm {
    /// The interviews that are told of truly.
    pub genuine: Vec<String>,
    /// Interviews that somebody else tells of, who does not know the secret.
    pub forged: Vec<String>,
    /// How often each is sent.
    pub copies: usize,
    /// What the order is drawn by.
    pub seed: u64,
}

/// How many of a storm's webhooks were answered with success.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Of those that the vendor signed.
    pub genuine: usize,
    /// Of the others.
    pub forged: usize,
}

/// A webhook of this event about an interview.
pub(super) fn signed(shared: &Shared, event: &str, id: &str) -> Webhook {
    signed_by(&shared.webhook_secret, shared, event, id)
}

fn signed_by(secret: &str, shared: &Shared, event: &str, id: &str) -> Webhook {
    let flow = shared.sitting_of(id).map(|sitting| sitting.position.flow);
    let body = json!({
        "interview_flow_id": flow, "interview_id": id, "status": "completed", "event_type": event,
    })
    .to_string();
    let signature = HeaderValue::from_str(&hmac_sha256_hex(secret, body.as_bytes()));
    let headers = signature.into_iter().map(|value| (SIGNATURE.parse().ok(), value));
    let headers = headers.filter_map(|(name, value)| name.map(|name: axum::http::HeaderName| (name, value)));
    Webhook { headers: headers.collect(), body: body.into() }
}

/// Sends a storm over several connections at once.
pub(super) async fn send_all(shared: &Shared, target: &Url, storm: &Storm) -> io::Result<Accepted> {
    let events = ["interview_processed", "video_processed"];
    let secrets = [(&*shared.webhook_secret, &storm.genuine), ("of somebody else", &storm.forged)];
    let mut webhooks = Vec::new();
    for (secret, ids) in secrets {
        let is_genuine = secret == &*shared.webhook_secret;
        let once = ids.iter().flat_map(|id| events.map(|event| signed_by(secret, shared, event, id)));
        webhooks.extend(once.flat_map(|of| std::iter::repeat_n((is_genuine, of), storm.copies)));
    }
    webhooks.shuffle(&mut ChaCha8Rng::seed_from_u64(storm.seed));
    let share = webhooks.len().div_ceil(CONNECTIONS).max(1);
    let sending = webhooks.chunks(share).map(|share| send(target, share));
    let counts = futures::future::try_join_all(sending).await?;
    let sum = |one: Accepted, other: &Accepted| Accepted {
        genuine: one.genuine + other.genuine,
        forged: one.forged + other.forged,
    };
    Ok(counts.iter().fold(Accepted::default(), sum))
}

async fn send(target: &Url, webhooks: &[(bool, Webhook)]) -> io::Result<Accepted> {
    let (host, port) = (target.host_str().unwrap_or_default(), target.port_or_known_default().unwrap_or(80));
    let mut stream = BufReader::new(TcpStream::connect((host, port)).await?);
    let mut accepted = Accepted::default();
    for (is_genuine, webhook) in webhooks {
        let is_accepted = post(&mut stream, target.path(), webhook).await?;
        let count = if *is_genuine { &mut accepted.genuine } else { &mut accepted.forged };
        *count += usize::from(is_accepted);
    }
    Ok(accepted)
}

/// One plain HTTP/1.1 request; says whether the answer was a success.
async fn post(stream: &mut BufReader<TcpStream>, path: &str, webhook: &Webhook) -> io::Result<bool> {
    let signature = webhook.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         X-Ribbon-Signature: {signature}\r\n\r\n",
        webhook.body.len()
    );
    let request = [head.as_bytes(), &webhook.body].concat();
    stream.get_mut().write_all(&request).await?;
    let (mut status, mut length) = (String::new(), 0);
    stream.read_line(&mut status).await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = stream.take(length);
    tokio::io::copy(&mut body, &mut tokio::io::sink()).await?;
    Ok(status.starts_with("HTTP/1.1 2"))
}
