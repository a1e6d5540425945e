//! A table that a form sends as a file, with buttons to try it and to take it.

use axum::{extract::Multipart, http::HeaderMap};
use bytes::Bytes;
use dossier_archive::LARGEST_TABLE;

use super::{TOKEN_FIELD, bounded, same_origin, text, unreadable};
use crate::{
    failure::{Failure, Result},
    person::Person,
};

/// The table, and whether it is only to be tried.
pub(crate) struct SentTable {
    pub(crate) table: Bytes,
    pub(crate) is_trial: bool,
}

impl SentTable {
    /// Reads the form in bounded memory, and only if it comes from a page of ours.
    pub(crate) async fn read(person: &Person, headers: &HeaderMap, mut sent: Multipart) -> Result<Self> {
        same_origin(headers)?;
        let (mut trusted, mut table, mut is_trial) = (false, Bytes::new(), true);
        while let Some(field) = sent.next_field().await.map_err(unreadable)? {
            match field.name() {
                Some(TOKEN_FIELD) => trusted |= person.session.is_token(&text(field).await?),
                Some("act") => is_trial = text(field).await? != "import",
                Some("file") if !trusted => return Err(Failure::Forged),
                Some("file") => table = bounded(field, LARGEST_TABLE).await?,
                _ => {}
            }
        }
        if trusted { Ok(Self { table, is_trial }) } else { Err(Failure::Forged) }
    }
}
