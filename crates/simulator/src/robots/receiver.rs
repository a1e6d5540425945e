//! A receiver of webhooks that believes nothing that is not signed, as Standard Webhooks asks of one.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta};
use ring::hmac;
use serde_json::Value;

use super::{RobotServer, Shared, header_text, is_json};

/// A webhook that came and was signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The id by which the same one that comes again is known.
    pub id: String,
    /// What it says.
    pub body: Value,
}

pub(super) async fn receive(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let of = |name| header_text(&headers, name);
    let (id, at) = (of("webhook-id"), of("webhook-timestamp"));
    let sent_at = at.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let now = shared.clock.now();
    let is_fresh = sent_at.is_some_and(|at| (now - at).abs() <= TimeDelta::minutes(5));
    let text = RobotServer::WEBHOOK_SECRET.trim_start_matches("whsec_");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(text).unwrap_or_default());
    let signed = [id.as_bytes(), b".", at.as_bytes(), b".", &body].concat();
    let is_signed = of("webhook-signature")
        .split(' ')
        .filter_map(|one| one.strip_prefix("v1,"))
        .any(|one| STANDARD.decode(one).is_ok_and(|claimed| hmac::verify(&key, &signed, &claimed).is_ok()));
    let mut inside = shared.inside();
    if id.is_empty() || !is_fresh || !is_signed || !is_json(&headers) {
        inside.forged += 1;
        return StatusCode::UNAUTHORIZED;
    }
    let body = serde_json::from_slice(&body).unwrap_or_default();
    inside.events.push(Event { id: id.to_owned(), body });
    StatusCode::NO_CONTENT
}
