//! Media behind signed links, with ranges, and with all that can go wrong.

use std::{io, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use dossier_domain::{Clock, SystemClock};
use dossier_vendor::webhook::{hmac_sha256_hex, verify_hmac_sha256_hex};
use futures::{StreamExt, stream};
use serde::Deserialize;

use super::{MediaFault, state::Shared};

/// Bytes per piece of a body.
const PIECE: usize = 16 * 1024;

/// The parameters of a signed link.
#[derive(Deserialize)]
pub(super) struct Link {
    until: i64,
    number: u64,
    signature: String,
}

/// A link to the video of an interview, good for a while; no two are the same.
pub(super) fn link(shared: &Shared, id: &str) -> String {
    let until = SystemClock.now().timestamp() + i64::from(shared.behaviour().link_seconds);
    let number = {
        let mut state = shared.state();
        state.links += 1;
        state.links
    };
    let signature = hmac_sha256_hex(&shared.link_secret, signed_text(id, until, number).as_bytes());
    format!("http://{}/media/{id}?until={until}&number={number}&signature={signature}", shared.address)
}

fn signed_text(id: &str, until: i64, number: u64) -> String {
    format!("{id} {until} {number}")
}

/// `GET /media/{id}`
pub(super) async fn serve(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Query(link): Query<Link>,
    headers: HeaderMap,
) -> Response {
    shared.state().stats.media_requests += 1;
    let fault = shared.behaviour().media_faults.pop_front();
    let is_good = is_good(&shared, &id, &link);
    let Some(sitting) = shared.sitting_of(&id).filter(|_| is_good && fault != Some(MediaFault::Expired))
    else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let whole = sitting.video();
    let first = match fault {
        Some(MediaFault::IgnoreRange) => None,
        _ => first_byte(&headers),
    };
    if first.is_some_and(|first| first >= whole.len()) {
        let total = format!("bytes */{}", whole.len());
        return (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, total)]).into_response();
    }
    if let Some(MediaFault::ExpireAfter(_)) = fault {
        shared.state().revoked.insert(link.signature);
    }
    answer(whole, first, fault).await
}

fn is_good(shared: &Shared, id: &str, link: &Link) -> bool {
    let text = signed_text(id, link.until, link.number);
    verify_hmac_sha256_hex(&shared.link_secret, text.as_bytes(), &link.signature).is_ok()
        && SystemClock.now().timestamp() < link.until
        && !shared.state().revoked.contains(&link.signature)
}

/// The first byte asked for by `Range: bytes=first-`.
fn first_byte(headers: &HeaderMap) -> Option<usize> {
    let text = headers.get(header::RANGE)?.to_str().ok()?;
    text.strip_prefix("bytes=")?.split_once('-')?.0.parse().ok()
}

async fn answer(whole: Bytes, first: Option<usize>, fault: Option<MediaFault>) -> Response {
    let rest = whole.slice(first.unwrap_or(0)..);
    let (mut total, mut announced) = (whole.len() as u64, rest.len() as u64);
    let mut version = "\"1\"";
    let body = match fault {
        Some(MediaFault::CutAfter(bytes) | MediaFault::ExpireAfter(bytes)) => cut(&rest, bytes),
        Some(MediaFault::Longer(bytes)) => {
            (total, announced) = (total + bytes, announced + bytes);
            cut(&rest, announced)
        }
        Some(MediaFault::Disagree) => {
            total += 1;
            announced -= 1;
            Body::from(rest.slice(..rest.len() - 1))
        }
        Some(MediaFault::Drip(bytes, pause)) => drip(rest, bytes, pause),
        Some(MediaFault::Huge(bytes)) => return zeros(bytes),
        Some(MediaFault::Hang) => std::future::pending().await,
        Some(MediaFault::Redirect(target)) => return redirect(&target),
        Some(MediaFault::Status(status)) => return self::status(status),
        Some(MediaFault::Changed) => {
            version = "\"2\"";
            pieces(rest)
        }
        Some(MediaFault::Expired | MediaFault::IgnoreRange) | None => pieces(rest),
    };
    let common = [
        (header::CONTENT_TYPE, "video/mp4".to_owned()),
        (header::ETAG, version.to_owned()),
        (header::CONTENT_LENGTH, announced.to_string()),
    ];
    match first {
        None => (StatusCode::OK, common, body).into_response(),
        Some(first) => {
            let range = format!("bytes {first}-{}/{total}", total - 1);
            (StatusCode::PARTIAL_CONTENT, common, [(header::CONTENT_RANGE, range)], body).into_response()
        }
    }
}

fn split(bytes: Bytes, size: usize) -> impl Iterator<Item = Bytes> {
    (0..bytes.len()).step_by(size).map(move |at| bytes.slice(at..bytes.len().min(at + size)))
}

fn pieces(bytes: Bytes) -> Body {
    Body::from_stream(stream::iter(split(bytes, PIECE).map(io::Result::Ok)))
}

/// The first bytes, and then the connection breaks.
fn cut(bytes: &Bytes, after: u64) -> Body {
    let after = bytes.len().min(usize::try_from(after).unwrap_or(usize::MAX));
    let kept = split(bytes.slice(..after), PIECE).map(io::Result::Ok);
    // A moment for what was sent to arrive; then the connection is reset.
    let end = stream::once(async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(io::Error::other("cut as told"))
    });
    Body::from_stream(stream::iter(kept).chain(end))
}

fn drip(bytes: Bytes, size: u64, pause: Duration) -> Body {
    let size = usize::try_from(size).unwrap_or(usize::MAX).max(1);
    Body::from_stream(stream::iter(split(bytes, size)).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        io::Result::Ok(piece)
    }))
}

/// A body of so many zeros, in bounded memory.
pub(super) fn zeros(bytes: u64) -> Response {
    let piece = Bytes::from(vec![b'0'; PIECE]);
    let count = usize::try_from(bytes).unwrap_or(usize::MAX).div_ceil(PIECE);
    let body = Body::from_stream(stream::iter(std::iter::repeat_n(piece, count).map(io::Result::Ok)));
    (StatusCode::OK, [(header::CONTENT_TYPE, "application/octet-stream")], body).into_response()
}

pub(super) fn redirect(target: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, target.to_owned())]).into_response()
}

pub(super) fn status(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}
