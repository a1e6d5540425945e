//! Supplements by hand, as a form sends them: streamed, never held whole.

use std::sync::Arc;

use axum::{
    extract::{Multipart, Path, State},
    http::HeaderMap,
    response::Redirect,
};
use dossier_domain::ApplicationId;

use crate::{
    failure::{Failure, Result},
    form::{self, TOKEN_FIELD, TOKEN_HEADER},
    person::Person,
    site::Site,
};

/// `POST /applications/{application}/upload`
pub(crate) async fn upload(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
    headers: HeaderMap,
    mut sent: Multipart,
) -> Result<Redirect> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    person.visitor.sent_by_our_pages()?;
    let header = headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
    let mut trusted = header.is_some_and(|token| person.session.is_token(token));
    while let Some(field) = sent.next_field().await.map_err(form::unreadable)? {
        match field.name() {
            Some(TOKEN_FIELD) => trusted |= person.session.is_token(&form::text(field).await?),
            Some("file") if !trusted => return Err(Failure::Forged),
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                site.archive.upload(&person.ctx, id, &name, None, field).await?;
            }
            _ => {}
        }
    }
    if trusted { Ok(Redirect::to(&format!("/applications/{id}#files"))) } else { Err(Failure::Forged) }
}
