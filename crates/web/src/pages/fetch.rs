//! Batch retrieval: those that were ticked, as one ZIP.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use dossier_access::Context;
use dossier_archive::FetchRequest;
use dossier_domain::{ApplicationId, MaterialKind, text::Line};
use futures::StreamExt;
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};

use crate::{
    failure::{Failure, Result},
    form::Sent,
    media::disposition_of,
    site::Site,
};

/// So many pieces may wait for a slow receiver.
const AHEAD: usize = 4;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    application: Vec<String>,
    #[serde(default)]
    contents: Vec<String>,
    #[serde(default)]
    reason: String,
}

/// `POST /fetch`
pub(crate) async fn fetch(State(site): State<Arc<Site>>, sent: Sent<Wanted>) -> Result<Response> {
    let request = request(&sent)?;
    zip(site, sent.person.ctx, request).await
}

/// Streams a ZIP of what is asked for.
pub(crate) async fn zip(site: Arc<Site>, ctx: Context, request: FetchRequest) -> Result<Response> {
    let name = format!("dossier-{}.zip", ctx.now().format("%Y%m%d-%H%M%S"));
    let (told, planned) = oneshot::channel();
    let (pieces, received) = mpsc::channel(AHEAD);
    // The ZIP borrows the archive while it streams, so both stay in a task of their own.
    tokio::spawn(async move {
        let download = match site.archive.fetch(&ctx, request).await {
            Ok(download) => download,
            Err(error) => return drop(told.send(Err(error))),
        };
        if told.send(Ok(download.length())).is_err() {
            return;
        }
        let mut stream = std::pin::pin!(download.stream());
        while let Some(piece) = stream.next().await {
            if pieces.send(piece).await.is_err() {
                return;
            }
        }
    });
    let length = planned.await.map_err(|_| Failure::bad("下载中断", "the download broke off"))??;
    let stream =
        futures::stream::unfold(received, |mut received| async { Some((received.recv().await?, received)) });
    let mut response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if let Ok(value) = HeaderValue::from_str(&disposition_of("attachment", &name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

fn request(sent: &Sent<Wanted>) -> Result<FetchRequest> {
    let wanted = &sent.form;
    let only: Vec<ApplicationId> = wanted.application.iter().filter_map(|id| id.parse().ok()).collect();
    if only.is_empty() {
        return Err(Failure::bad("请先勾选候选人", "tick candidates first"));
    }
    let contents: Vec<MaterialKind> = wanted.contents.iter().filter_map(|name| name.parse().ok()).collect();
    if contents.is_empty() {
        return Err(Failure::bad("请至少选择一种资料", "choose at least one kind of material"));
    }
    let reason = Line::parse(wanted.reason.trim())
        .map_err(|_| Failure::bad("请写明用途（一行文字）", "say what for, in one line"))?;
    Ok(FetchRequest {
        query: wanted.q.clone(),
        sort: None,
        only,
        limit: None,
        contents,
        reason,
        language: sent.person.language(),
    })
}
