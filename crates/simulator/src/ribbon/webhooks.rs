//! Webhooks as Ribbon signs them, sent doubled and out of order.

use std::io;

use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;
use dossier_vendor::webhook::hmac_sha256_hex;
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use url::Url;

use super::state::Shared;

const SIGNATURE: &str = "x-ribbon-signature";

/// A signed webhook.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The headers that matter.
    pub headers: HeaderMap,
    /// The raw body.
    pub body: Bytes,
}

/// A webhook of this event about an interview.
pub(super) fn signed(shared: &Shared, event: &str, id: &str) -> Webhook {
    let flow = shared.sitting_of(id).map(|sitting| sitting.position.flow);
    let body = json!({
        "interview_flow_id": flow, "interview_id": id, "status": "completed", "event_type": event,
    })
    .to_string();
    let signature = HeaderValue::from_str(&hmac_sha256_hex(&shared.webhook_secret, body.as_bytes()));
    let headers = signature.into_iter().map(|value| (SIGNATURE.parse().ok(), value));
    let headers = headers.filter_map(|(name, value)| name.map(|name: axum::http::HeaderName| (name, value)));
    Webhook { headers: headers.collect(), body: body.into() }
}

/// Sends both events of each interview, `copies` times, in an order drawn by `seed`; gives the number accepted.
pub(super) async fn send_all(
    shared: &Shared,
    ids: &[String],
    target: &Url,
    copies: usize,
    seed: u64,
) -> io::Result<usize> {
    let events = ["interview_processed", "video_processed"];
    let once = ids.iter().flat_map(|id| events.map(|event| signed(shared, event, id)));
    let mut webhooks: Vec<Webhook> = once.flat_map(|webhook| std::iter::repeat_n(webhook, copies)).collect();
    webhooks.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut accepted = 0;
    for webhook in &webhooks {
        accepted += usize::from(post(target, webhook).await?);
    }
    Ok(accepted)
}

/// One plain HTTP/1.1 request; says whether the answer was a success.
async fn post(target: &Url, webhook: &Webhook) -> io::Result<bool> {
    let (host, port) = (target.host_str().unwrap_or_default(), target.port_or_known_default().unwrap_or(80));
    let mut stream = TcpStream::connect((host, port)).await?;
    let signature = webhook.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         X-Ribbon-Signature: {signature}\r\nConnection: close\r\n\r\n",
        target.path(),
        webhook.body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&webhook.body).await?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 2"))
}
