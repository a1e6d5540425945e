//! ZIPs on their way. The archive is borrowed while one streams, so each has a task of its own; one that a program fetches
//! is kept there for a while, so that it can be gone on with when the connection breaks: the same bytes, and one entry in
//! the log for each item.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use dossier_access::Context;
use dossier_archive::{Archive, Download, Error, FetchRequest};
use dossier_domain::{Language, ReleaseId, UserId};
use futures::StreamExt;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{
    failure::{Failure, Result},
    guard::Viewer,
    media::{Unsatisfiable, disposition_of, wanted_range},
    site::Site,
};

/// So many pieces may wait for a slow receiver.
pub(crate) const AHEAD: usize = 4;
/// So long a ZIP waits to be gone on with.
const WAITS: Duration = Duration::from_secs(300);
/// So many are kept, in all and of one user; what was made for them is in memory.
const KEPT: usize = 32;
const KEPT_OF_ONE: usize = 2;

const APPLICATIONS: HeaderName = HeaderName::from_static("dossier-applications");
const FILES: HeaderName = HeaderName::from_static("dossier-files");

/// What a ZIP is to hold.
pub(crate) enum Contents {
    /// What is asked for now.
    Asked(FetchRequest),
    /// What somebody else has released.
    Released(ReleaseId, Language),
}

impl Contents {
    async fn fetch<'a>(self, archive: &'a Archive, ctx: &Context) -> dossier_archive::Result<Download<'a>> {
        match self {
            Self::Asked(request) => archive.fetch(ctx, request).await,
            Self::Released(release, language) => archive.fetch_released(ctx, release, language).await,
        }
    }
}

/// The ZIPs that can be gone on with, by what their addresses name.
#[derive(Default)]
pub(crate) struct Zips(Mutex<HashMap<String, Kept>>);

struct Kept {
    by: UserId,
    length: u64,
    more: mpsc::Sender<Wanted>,
    number: u64,
}

/// Bytes that somebody waits for.
struct Wanted {
    viewer: Viewer,
    from: u64,
    pieces: mpsc::Sender<dossier_archive::Result<Bytes>>,
    allowed: oneshot::Sender<dossier_archive::Result<()>>,
}

/// What is in a ZIP.
struct Inside {
    length: u64,
    applications: usize,
    files: usize,
}

impl Zips {
    /// Keeps a ZIP, in place of the oldest where there are too many; under which name.
    fn keep(&self, ctx: &Context, length: u64, more: mpsc::Sender<Wanted>) -> Option<String> {
        let by = ctx.actor().user()?.id;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, kept| !kept.more.is_closed());
        for (most, counts) in [(KEPT_OF_ONE, Some(by)), (KEPT, None)] {
            let theirs = |kept: &&Kept| counts.is_none_or(|user| kept.by == user);
            if all.values().filter(theirs).count() >= most {
                let numbers = all.iter().filter(|(_, kept)| theirs(kept));
                let oldest = numbers.min_by_key(|(_, kept)| kept.number).map(|(name, _)| name.clone());
                oldest.and_then(|name| all.remove(&name));
            }
        }
        let number = all.values().map(|kept| kept.number).max().map_or(0, |newest| newest + 1);
        let name = ctx.request().to_string();
        all.insert(name.clone(), Kept { by, length, more, number });
        Some(name)
    }

    /// The length of a ZIP, and whom to ask for more of it; for whoever fetched it alone.
    fn find(&self, ctx: &Context, name: &str) -> Option<(u64, mpsc::Sender<Wanted>)> {
        let by = ctx.actor().user()?.id;
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(name).filter(|kept| kept.by == by && !kept.more.is_closed())?;
        Some((kept.length, kept.more.clone()))
    }
}

/// Begins a ZIP, which is kept where that is asked for: the answer, and what its address names.
pub(crate) async fn begun(
    site: Arc<Site>,
    viewer: Viewer,
    contents: Contents,
    is_kept: bool,
) -> Result<(Option<String>, Response)> {
    let (told, planned) = oneshot::channel();
    let (pieces, received) = mpsc::channel(AHEAD);
    let (more, asked) = mpsc::channel(1);
    let (task_site, ctx) = (Arc::clone(&site), viewer.ctx.clone());
    tokio::spawn(async move {
        let site = task_site;
        let download = match contents.fetch(&site.archive, &viewer.ctx).await {
            Ok(download) => download,
            Err(error) => return drop(told.send(Err(error))),
        };
        let (length, applications) = (download.length(), download.applications);
        if told.send(Ok(Inside { length, applications, files: download.files() })).is_ok() {
            serve(&site, &download, (0, viewer, pieces), asked).await;
        }
    });
    let inside = planned.await.map_err(|_| Failure::bad("下载中断", "the download broke off"))??;
    let name = if is_kept { site.zips.keep(&ctx, inside.length, more) } else { None };
    let mut response = streamed(received);
    let now = site.archive.settings().zone.local(ctx.now());
    let file = format!("dossier-{}.zip", now.format("%Y%m%d-%H%M%S"));
    let headers = [
        (header::CONTENT_LENGTH, inside.length.to_string()),
        (header::CONTENT_DISPOSITION, disposition_of("attachment", &file)),
        (APPLICATIONS, inside.applications.to_string()),
        (FILES, inside.files.to_string()),
    ];
    put(&mut response, headers);
    if let Some(name) = &name {
        put(&mut response, [(header::ETAG, tag(name))]);
    }
    Ok((name, response))
}

/// Goes on with a ZIP that is kept.
pub(crate) async fn continued(
    site: &Site,
    viewer: Viewer,
    name: &str,
    headers: &HeaderMap,
) -> Result<Response> {
    let (length, more) = site.zips.find(&viewer.ctx, name).ok_or(Failure::NotKept)?;
    let range = match wanted_range(headers, &tag(name), length) {
        // To its end: whoever wants less can go away.
        Ok(range) => range.map(|range| *range.start()),
        Err(Unsatisfiable) => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
    };
    let from = range.unwrap_or_default();
    let (pieces, received) = mpsc::channel(AHEAD);
    let (allowed, answer) = oneshot::channel();
    more.send(Wanted { viewer, from, pieces, allowed }).await.map_err(|_| Failure::NotKept)?;
    answer.await.map_err(|_| Failure::NotKept)??;
    let mut response = streamed(received);
    put(&mut response, [(header::CONTENT_LENGTH, (length - from).to_string()), (header::ETAG, tag(name))]);
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        put(&mut response, [(header::CONTENT_RANGE, format!("bytes {from}-{}/{length}", length - 1))]);
    }
    Ok(response)
}

fn tag(name: &str) -> String {
    format!("\"{name}\"")
}

fn put<const N: usize>(response: &mut Response, headers: [(HeaderName, String); N]) {
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
}

/// A body of what a task sends, until it sends no more.
pub(crate) fn body(received: mpsc::Receiver<dossier_archive::Result<Bytes>>) -> Body {
    Body::from_stream(futures::stream::unfold(received, |mut received| async {
        Some((received.recv().await?, received))
    }))
}

fn streamed(received: mpsc::Receiver<dossier_archive::Result<Bytes>>) -> Response {
    let mut response = body(received).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    response
}

/// Hands out a ZIP, and again from where somebody goes on with it, until nobody has for a while.
async fn serve(
    site: &Site,
    download: &Download<'_>,
    first: (u64, Viewer, mpsc::Sender<dossier_archive::Result<Bytes>>),
    mut asked: mpsc::Receiver<Wanted>,
) {
    let mut next = Some(first);
    loop {
        let wanted = match next.take() {
            // Who goes on may be there before it is noticed that the connection of before is dead.
            Some((from, viewer, pieces)) => tokio::select! {
                () = send(download, from, &pieces) => None,
                refusal = viewer.until_refused(site, download) => {
                    // So that what came does not look whole to whoever still reads.
                    let _ = pieces.send(Err(refusal)).await;
                    None
                }
                Some(wanted) = asked.recv() => Some(wanted),
            },
            None => None,
        };
        let wanted = match wanted {
            Some(wanted) => wanted,
            None => match timeout(WAITS, asked.recv()).await {
                Ok(Some(wanted)) => wanted,
                _ => return,
            },
        };
        let allowed = download.still_allowed(&wanted.viewer.ctx).await;
        let is_allowed = allowed.is_ok();
        if wanted.allowed.send(allowed).is_ok() && is_allowed {
            next = Some((wanted.from, wanted.viewer, wanted.pieces));
        }
    }
}

async fn send(download: &Download<'_>, from: u64, pieces: &mpsc::Sender<Result<Bytes, Error>>) {
    let mut stream = std::pin::pin!(download.stream_from(from));
    while let Some(piece) = stream.next().await {
        if pieces.send(piece).await.is_err() {
            return;
        }
    }
}
