//! Files: whole or in part, looked at or taken away.
//!
//! A look at a video is many requests for its parts. They are one viewing: the log knows of it when it begins, and each
//! part is opened with the rights of its moment. An answer under way asks again and again.

use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Context, Digest};
use dossier_archive::{ApplicationView, OpenFile};
use dossier_domain::{ApplicationId, Language, MaterialId, StoredFile};
use futures::{Stream, StreamExt, future::BoxFuture};
use serde::Deserialize;
use tokio::task::JoinHandle;

use crate::{
    failure::{Failure, Result},
    guard::{Lasting, Viewer},
    person::Person,
    site::Site,
};

/// How long after its last part a viewing is over.
const IDLE: TimeDelta = TimeDelta::minutes(10);
/// So many viewings are remembered.
const REMEMBERED: usize = 2000;

/// The viewings under way. One that is forgotten is simply begun, and logged, again.
#[derive(Default)]
pub(crate) struct Viewings(Mutex<HashMap<Viewing, Opened>>);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Viewing {
    session: Option<Digest>,
    application: ApplicationId,
    material: MaterialId,
}

struct Opened {
    file: Arc<OpenFile>,
    last: DateTime<Utc>,
}

impl Viewings {
    fn known(&self, viewing: Viewing, now: DateTime<Utc>) -> Option<Arc<OpenFile>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = all.get_mut(&viewing).filter(|opened| now - opened.last < IDLE)?;
        opened.last = now;
        Some(Arc::clone(&opened.file))
    }

    fn remember(&self, viewing: Viewing, file: Arc<OpenFile>, now: DateTime<Utc>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, opened| now - opened.last < IDLE);
        if all.len() < REMEMBERED {
            all.insert(viewing, Opened { file, last: now });
        }
    }
}

/// What the address says of a file.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    download: Option<String>,
}

/// `GET /applications/{application}/materials/{material}`
pub(crate) async fn file(
    person: Person,
    State(site): State<Arc<Site>>,
    Path((application, material)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response> {
    let application: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    let material: MaterialId = material.parse().map_err(|_| Failure::NoPage)?;
    let viewer = Viewer::from(person);
    serve(site, viewer, application, material, wanted.download.is_some(), &headers).await
}

/// Answers with a file, or the part of it that is asked for.
pub(crate) async fn serve(
    site: Arc<Site>,
    viewer: Viewer,
    application: ApplicationId,
    material: MaterialId,
    to_download: bool,
    headers: &HeaderMap,
) -> Result<Response> {
    let file = if to_download {
        Arc::new(site.archive.open_file(&viewer.ctx, application, material, true).await?)
    } else {
        view(&viewer.ctx, &site, application, material).await?
    };
    if !to_download && !can_be_shown(&file.file.media_type) {
        return Err(Failure::bad(
            "这种文件不能在浏览器中显示；有下载权限的人可以下载",
            "a browser can't show such a file; who may download it can do that",
        ));
    }
    answer(Guard { site, viewer, application, material, to_download }, &file, headers)
}

/// The file of a viewing: the one that is under way, or a new one.
async fn view(
    ctx: &Context,
    site: &Site,
    application: ApplicationId,
    material: MaterialId,
) -> Result<Arc<OpenFile>> {
    let now = ctx.now();
    let viewing = Viewing { session: ctx.session(), application, material };
    if let Some(file) = site.viewings.known(viewing, now) {
        site.archive.still_allowed(ctx, application, material, false).await?;
        return Ok(file);
    }
    let file = Arc::new(site.archive.open_file(ctx, application, material, false).await?);
    site.viewings.remember(viewing, Arc::clone(&file), now);
    Ok(file)
}

fn answer(guard: Guard, file: &OpenFile, headers: &HeaderMap) -> Result<Response> {
    let to_download = guard.to_download;
    let StoredFile { length, media_type, sha256, name, .. } = &file.file;
    let tag = format!("\"{}\"", sha256.get(..32).unwrap_or(sha256));
    let range = match wanted_range(headers, &tag, *length) {
        Ok(range) => range,
        Err(Unsatisfiable) => {
            let headers = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
    };
    let (first, end) = range.as_ref().map_or((0, *length), |range| (*range.start(), range.end() + 1));
    let body = Body::from_stream(guard.watch(file.range(first..end)?));
    let disposition = if to_download { "attachment" } else { "inline" };
    let mut response = body.into_response();
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    *response.status_mut() = status;
    let mut put = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, media_type.clone());
    put(header::CONTENT_LENGTH, (end - first).to_string());
    put(header::ACCEPT_RANGES, "bytes".to_owned());
    put(header::ETAG, tag);
    put(header::CONTENT_DISPOSITION, disposition_of(disposition, name.as_str()));
    if range.is_some() {
        put(header::CONTENT_RANGE, format!("bytes {first}-{}/{length}", end - 1));
    }
    Ok(response)
}

/// No part of the range asked for is in the file.
pub(crate) struct Unsatisfiable;

/// The one range that is asked for. Whoever asks for several gets the whole, as RFC 9110 allows: many small ranges are
/// more often an attack than a need.
pub(crate) fn wanted_range(
    headers: &HeaderMap,
    tag: &str,
    length: u64,
) -> Result<Option<RangeInclusive<u64>>, Unsatisfiable> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Ok(None);
    }
    let Some(range) = text(header::RANGE).filter(|range| !range.contains(',')) else { return Ok(None) };
    let Ok(asked) = http_range_header::parse_range_header(range) else { return Ok(None) };
    let mut ranges = asked.validate(length).map_err(|_| Unsatisfiable)?;
    Ok(ranges.pop())
}

/// `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266), with a plain form for old readers.
pub(crate) fn disposition_of(disposition: &str, name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("{disposition}; filename=\"{plain}\"; filename*=UTF-8''{}", encoded.replace('+', "%20"))
}

/// What a browser shows without running anything in it.
fn can_be_shown(media_type: &str) -> bool {
    let (kind, _) = media_type.split_once('/').unwrap_or_default();
    matches!(kind, "video" | "audio")
        || matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "application/pdf")
}

/// Watches over an answer under way: whether it may still go on.
struct Guard {
    site: Arc<Site>,
    viewer: Viewer,
    application: ApplicationId,
    material: MaterialId,
    to_download: bool,
}

impl Guard {
    fn watch<E: Into<Failure>>(
        self,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> impl Stream<Item = Result<Bytes, BrokenOff>> + Send {
        let cut = self.viewer.cut.clone();
        let watching = Watching(tokio::spawn(self.until_refused()));
        bytes.map(move |next| {
            let _as_long_as_it_lasts = &watching;
            match next {
                _ if cut.is_made() => Err(BrokenOff("it may no longer be seen".to_owned())),
                Ok(bytes) => Ok(bytes),
                Err(error) => Err(BrokenOff(error.into().detail(Language::English))),
            }
        })
    }

    async fn until_refused(self) {
        let _refusal = self.viewer.until_refused(&self.site, &self).await;
    }
}

impl Lasting for Guard {
    fn may_go_on<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, dossier_archive::Result<()>> {
        let Self { application, material, to_download, .. } = *self;
        Box::pin(self.site.archive.still_allowed(ctx, application, material, to_download))
    }
}

/// Ends with what it watches over.
struct Watching(JoinHandle<()>);

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An answer that was broken off.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct BrokenOff(String);

/// `GET /applications/{application}/materials/{material}/captions.vtt`: the transcript along the video.
pub(crate) async fn captions(
    person: Person,
    State(site): State<Arc<Site>>,
    Path((application, _)): Path<(String, String)>,
) -> Result<Response> {
    let application: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    let view: ApplicationView = site.archive.show(&person.ctx, application).await?;
    let transcript = view.materials.iter().find_map(|of| of.content.transcript());
    let text = dossier_report::webvtt(person.language(), transcript.ok_or(Failure::NoPage)?);
    Ok(([(header::CONTENT_TYPE, "text/vtt; charset=utf-8")], text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &'static str) -> Result<Option<RangeInclusive<u64>>, ()> {
        let headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(range))]);
        wanted_range(&headers, "\"t\"", 100).map_err(|_| ())
    }

    #[test]
    fn one_range_is_answered_and_many_are_not() {
        assert_eq!(asked("bytes=0-9"), Ok(Some(0..=9)));
        assert_eq!(asked("bytes=90-"), Ok(Some(90..=99)));
        assert_eq!(asked("bytes=-5"), Ok(Some(95..=99)));
        assert_eq!(asked("bytes=50-999"), Ok(Some(50..=99)));
        assert_eq!(asked("bytes=100-"), Err(()));
        assert_eq!(asked("bytes=0-0,2-2"), Ok(None));
        for nonsense in ["bytes=", "lines=1-2", "bytes=9-1x", "x"] {
            assert_eq!(asked(nonsense), Ok(None), "{nonsense}");
        }
    }

    #[test]
    fn a_range_of_another_version_brings_the_whole() {
        let mut headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static("bytes=0-9"))]);
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"other\""));
        assert!(matches!(wanted_range(&headers, "\"t\"", 100), Ok(None)));
    }

    #[test]
    fn names_of_files_break_no_header() {
        let name = "张三\"\r\n简历.pdf";
        let written = disposition_of("attachment", name);
        assert!(!written.contains(['\r', '\n']) && HeaderValue::from_str(&written).is_ok(), "{written}");
        assert!(
            written.ends_with("filename*=UTF-8''%E5%BC%A0%E4%B8%89%22%0D%0A%E7%AE%80%E5%8E%86.pdf"),
            "{written}"
        );
    }
}
