//! Supplements by hand, as a form sends them: streamed, never held whole.

use std::sync::Arc;

use axum::{
    extract::{
        Multipart, Path, State,
        multipart::{Field, MultipartError},
    },
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

/// A token is shorter than this; what is longer is none, and is not kept.
const LONGEST_TOKEN: usize = 256;

/// `POST /applications/{application}/upload`
pub(crate) async fn upload(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
    headers: HeaderMap,
    mut sent: Multipart,
) -> Result<Redirect> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    form::same_origin(&headers)?;
    let unreadable = |error: MultipartError| {
        Failure::bad(format!("上传的内容无法读取：{error}"), format!("the upload can't be read: {error}"))
    };
    let header = headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
    let mut trusted = header.is_some_and(|token| person.session.is_token(token));
    while let Some(field) = sent.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some(TOKEN_FIELD) => trusted |= person.session.is_token(&token(field).await.map_err(unreadable)?),
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

/// The token that a field holds, in bounded memory: this form's size has no limit.
async fn token(mut field: Field<'_>) -> Result<String, MultipartError> {
    let mut read = Vec::new();
    while let Some(piece) = field.chunk().await? {
        if read.len() < LONGEST_TOKEN {
            read.extend(piece.iter().take(LONGEST_TOKEN));
        }
    }
    Ok(String::from_utf8(read).unwrap_or_default())
}
