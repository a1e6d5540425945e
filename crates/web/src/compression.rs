//! Answers in fewer bytes, for whoever can read them so.
//!
//! Text of ours alone is compressed. Files and ZIPs are whole and in ranges what they are, events must not wait for more
//! of their kind, and an `ETag` names the very bytes that it comes with.
//!
//! How well a page compresses can tell what is in it (BREACH): whoever makes a visitor ask for pages with words of theirs
//! in them, and sees how long the answers are, learns of what stands beside those words. The one secret of a page, the
//! form token, is therefore masked anew in each; and pages are asked for by links of our own, since the session's cookie
//! does not go along with what other sites embed.

use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{And, Predicate, SizeAbove},
    },
};

/// What is smaller fits into the first packets anyhow.
const WORTH_IT: u16 = 1024;
/// Media types that are compressed.
const TEXT: [&str; 7] = [
    "text/html",
    "text/css",
    "text/javascript",
    "text/vtt",
    "image/svg+xml",
    "application/json",
    "application/problem+json",
];

type Judge = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Compresses answers by gzip or brotli, whichever the visitor's `Accept-Encoding` prefers, and says in `Vary` that it depends.
pub(crate) fn layer() -> CompressionLayer<And<SizeAbove, Judge>> {
    let judge: Judge = |_, _, headers, _| is_text_of_ours(headers);
    // Pages are made for each visitor anew: the time that more effort takes is more than what it saves on the way.
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(WORTH_IT).and(judge))
}

fn is_text_of_ours(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    TEXT.contains(&essence)
        && !headers.contains_key(header::ETAG)
        && !headers.contains_key(header::CONTENT_DISPOSITION)
}
