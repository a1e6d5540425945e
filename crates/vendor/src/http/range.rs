//! Media answers: ranges honoured, ignored, or past the end; lengths that must agree with each other.

use futures::{Stream, StreamExt, future, stream};
use http::{HeaderMap, StatusCode, header};
use reqwest::Response;

use bytes::{Buf, Bytes};

use super::{status::status_error, transport};
use crate::{Error, MediaStream, Result, Trouble};

/// The stream that an answer to `Range: bytes={offset}-` carries.
pub(super) fn media(response: Response, offset: u64) -> Result<MediaStream> {
    let (status, headers) = (response.status(), response.headers().clone());
    let announced = response.content_length();
    let body = response.bytes_stream().map(|chunk| chunk.map_err(transport));
    let stream = match status {
        StatusCode::OK => MediaStream::new(offset, announced, skip(body, offset)),
        StatusCode::PARTIAL_CONTENT => MediaStream::new(offset, total(&headers, offset, announced)?, body),
        StatusCode::RANGE_NOT_SATISFIABLE if end(&headers) == Some(offset) => {
            MediaStream::new(offset, Some(offset), stream::empty())
        }
        StatusCode::RANGE_NOT_SATISFIABLE => return Err(Error::transient(Trouble::LengthDisagrees)),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            return Err(Error::transient(Trouble::LinkRefused));
        }
        other => return Err(status_error(other, &headers)),
    };
    Ok(describe(stream, &headers))
}

fn describe(mut stream: MediaStream, headers: &HeaderMap) -> MediaStream {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    stream.media_type = text(header::CONTENT_TYPE);
    // A weak mark says "much the same", which is not enough to join two halves.
    stream.version = text(header::ETAG).filter(|tag| !tag.starts_with("W/"));
    stream
}

/// The whole length from `Content-Range: bytes first-last/total`; its parts and `Content-Length` must agree.
fn total(headers: &HeaderMap, offset: u64, announced: Option<u64>) -> Result<Option<u64>> {
    let disagree = || Error::transient(Trouble::LengthDisagrees);
    let (span, total) = content_range(headers).ok_or_else(disagree)?;
    let (first, last) = span.split_once('-').ok_or_else(disagree)?;
    let (first, last): (u64, u64) =
        (first.parse().map_err(|_| disagree())?, last.parse().map_err(|_| disagree())?);
    let span = last.checked_sub(first).and_then(|span| span.checked_add(1));
    let total = if total == "*" { None } else { Some(total.parse().map_err(|_| disagree())?) };
    let agrees = first == offset
        && (announced.is_none() || announced == span)
        && total.is_none_or(|total: u64| last < total);
    if agrees { Ok(total) } else { Err(disagree()) }
}

/// The whole length from `Content-Range: bytes */total`.
fn end(headers: &HeaderMap) -> Option<u64> {
    content_range(headers).and_then(|(_, total)| total.parse().ok())
}

fn content_range(headers: &HeaderMap) -> Option<(&str, &str)> {
    headers.get(header::CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')
}

/// The body without its first `offset` bytes, for a vendor that ignores ranges.
fn skip(
    body: impl Stream<Item = Result<Bytes>> + Send + 'static,
    offset: u64,
) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
    let mut left = offset;
    body.filter_map(move |chunk| {
        let rest = chunk.map(|mut chunk| {
            let dropped = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            chunk.advance(dropped);
            left -= dropped as u64;
            chunk
        });
        future::ready(match rest {
            Ok(chunk) if chunk.is_empty() => None,
            other => Some(other),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranged(text: &str) -> HeaderMap {
        [(header::CONTENT_RANGE, text.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn the_two_lengths_must_agree() {
        assert_eq!(total(&ranged("bytes 5-9/10"), 5, Some(5)).unwrap(), Some(10));
        assert_eq!(total(&ranged("bytes 5-9/*"), 5, None).unwrap(), None);
        for (text, announced) in [
            ("bytes 5-9/10", Some(6)),
            ("bytes 4-9/10", Some(6)),
            ("bytes 5-10/10", Some(6)),
            ("bytes 9-5/10", None),
            ("bytes 5-18446744073709551615/*", Some(0)),
            ("items 5-9/10", Some(5)),
            ("bytes 5-9/ten", Some(5)),
        ] {
            assert!(total(&ranged(text), 5, announced).is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn an_ignored_range_is_skipped_over_chunk_borders() {
        let body = || stream::iter(["abc", "def", "g"].map(|text| Ok(Bytes::from_static(text.as_bytes()))));
        for offset in 0..=8usize {
            let rest: Vec<Bytes> = skip(body(), offset as u64).map(Result::unwrap).collect().await;
            assert_eq!(rest.concat(), b"abcdefg"[offset.min(7)..]);
        }
    }
}
