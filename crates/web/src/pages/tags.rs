//! Tags that people put.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Redirect,
};
use dossier_domain::{ApplicationId, text::TagName};
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    form::Sent,
    site::Site,
};

#[derive(Deserialize)]
pub(crate) struct Change {
    #[serde(default)]
    add: String,
    #[serde(default)]
    remove: String,
}

/// `POST /applications/{application}/tags`
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
    sent: Sent<Change>,
) -> Result<Redirect> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    let (add, remove) = (names(&sent.form.add)?, names(&sent.form.remove)?);
    site.archive.tag(&sent.person.ctx, &[id], &add, &remove).await?;
    Ok(Redirect::to(&format!("/applications/{id}")))
}

fn names(typed: &str) -> Result<Vec<TagName>> {
    let typed = typed.trim();
    let parsed = (!typed.is_empty()).then(|| TagName::parse(typed)).transpose();
    let parsed = parsed.map_err(|error| {
        Failure::bad(format!("标签“{typed}”不可用：{error}"), format!("this can't be a tag: {error}"))
    })?;
    Ok(parsed.into_iter().collect())
}
