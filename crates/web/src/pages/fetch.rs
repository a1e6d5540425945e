//! Batch retrieval: those that were ticked, as one ZIP.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{Error, FetchRequest};
use dossier_domain::{ApplicationId, MaterialKind, text::Line};
use serde::Deserialize;

use super::releases;
use crate::{
    failure::{Failure, Result},
    form::Sent,
    site::Site,
    zips::{self, Contents},
};

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    application: Vec<String>,
    /// All that the query finds, ticked or not.
    #[serde(default)]
    all: Option<String>,
    #[serde(default)]
    contents: Vec<String>,
    #[serde(default)]
    reason: String,
}

/// `POST /fetch`
pub(crate) async fn fetch(State(site): State<Arc<Site>>, sent: Sent<Wanted>) -> Result<Response> {
    let request = request(&sent)?;
    let person = sent.person;
    let ctx = person.ctx.clone();
    match zips::begun(Arc::clone(&site), person.into(), Contents::Asked(request.clone()), false).await {
        Err(Failure::Archive(error)) if matches!(*error, Error::ReleaseNeeded { .. }) => {
            // It is asked for as it was wanted, and there is where to wait for it.
            let release = site.archive.ask_release(&ctx, request).await?;
            Ok(Redirect::to(&format!("{}#{}", releases::PATH, release.id)).into_response())
        }
        done => Ok(done?.1),
    }
}

fn request(sent: &Sent<Wanted>) -> Result<FetchRequest> {
    let wanted = &sent.form;
    let ticked = wanted.application.iter().filter(|_| wanted.all.is_none());
    let only: Vec<ApplicationId> = ticked.filter_map(|id| id.parse().ok()).collect();
    if only.is_empty() && wanted.all.is_none() {
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
