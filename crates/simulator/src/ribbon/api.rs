//! The API's endpoints, and the gate before them: key, limits, faults.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_domain::{Clock, SystemClock};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ApiFault, RetryAfter, json as written, media, state::Shared};
use crate::bank::POSITIONS;

/// The most entries that one page has.
const LARGEST_PAGE: usize = 100;

/// The parameters of the listing.
#[derive(Deserialize)]
pub(super) struct Listing {
    #[serde(default)]
    offset: usize,
    limit: Option<usize>,
    status: Option<String>,
}

/// Counts the request, and answers it at once where it is refused or a fault is due.
pub(super) async fn gate(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let count = {
        let mut state = shared.state();
        state.stats.api_requests += 1;
        state.stats.api_requests
    };
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let is_known = bearer == Some(&format!("Bearer {}", shared.key));
    let (fault, limit, permits, skew) = {
        let mut behaviour = shared.behaviour();
        (behaviour.api_faults.pop_front(), behaviour.limit, behaviour.permits, behaviour.clock_skew)
    };
    let now = SystemClock.now() + TimeDelta::seconds(skew);
    let limited = limit.filter(|(every, _)| count.is_multiple_of(u64::from(*every)));
    let mut response = match (fault, limited) {
        _ if !is_known => StatusCode::UNAUTHORIZED.into_response(),
        _ if !permits => StatusCode::FORBIDDEN.into_response(),
        (Some(fault), _) => failing(fault, now).await,
        (None, Some((_, style))) => too_many(style, now),
        (None, None) => next.run(request).await,
    };
    if let Ok(date) = HeaderValue::from_str(&http_date(now)) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

async fn failing(fault: ApiFault, now: DateTime<Utc>) -> Response {
    match fault {
        ApiFault::TooMany(style) => too_many(style, now),
        ApiFault::Status(status) => media::status(status),
        ApiFault::BadJson => json_text(r#"{"interviews": [{"interview_id": "#.to_owned()),
        ApiFault::Huge(bytes) => media::zeros(bytes),
        ApiFault::Hang => std::future::pending().await,
        ApiFault::Redirect(target) => media::redirect(&target),
    }
}

fn too_many(style: RetryAfter, now: DateTime<Utc>) -> Response {
    let text = match style {
        RetryAfter::Silent => None,
        RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
        RetryAfter::Date(seconds) => Some(http_date(now + TimeDelta::seconds(seconds.into()))),
    };
    let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
    if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// IMF-fixdate (RFC 9110, 5.6.7).
fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `GET /interviews`
pub(super) async fn interviews(
    State(shared): State<Arc<Shared>>,
    Query(listing): Query<Listing>,
) -> Response {
    if listing.status.as_deref().is_some_and(|status| status != "completed") {
        return json_text(json!({ "interviews": [] }).to_string());
    }
    let limit = listing.limit.unwrap_or(20).min(LARGEST_PAGE);
    let entries: Vec<String> =
        shared.page(listing.offset, limit).into_iter().map(|index| record(&shared, index, false)).collect();
    json_text(format!("{{\"interviews\":[{}]}}", entries.join(",")))
}

/// `GET /interviews/{id}`
pub(super) async fn interview(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match shared.find(&id) {
        Some(index) => json_text(record(&shared, index, true)),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /interview-flows`
pub(super) async fn flows(State(shared): State<Arc<Shared>>) -> Response {
    let flows: Vec<Value> = shared.bank.positions().iter().map(written::flow).collect();
    json_text(json!({ "interview_flows": flows }).to_string())
}

/// `GET /interview-flows/{id}`
pub(super) async fn flow(Path(id): Path<String>) -> Response {
    match POSITIONS.iter().find(|position| position.flow == id) {
        Some(position) => json_text(written::flow(position).to_string()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The record of an interview as text; a fetch of its own counts towards the readiness of a late video.
fn record(shared: &Shared, index: usize, is_fetch: bool) -> String {
    let sitting = shared.sitting(index);
    let link = shared.video_is_ready(index, is_fetch).then(|| media::link(shared, &sitting.remote_id));
    let mut record = sitting.ribbon_json(link.as_deref());
    if !shared.behaviour().extension
        && let Some(data) = record.pointer_mut("/interview_data").and_then(Value::as_object_mut)
    {
        data.remove("bank_extensions");
    }
    let spoil = shared.state().spoiled.get(&index).copied();
    match spoil {
        Some(spoil) => spoil.apply(record),
        None => record.to_string(),
    }
}

fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], Body::from(text)).into_response()
}
