//! A table that a form sends, with buttons to try it and to take it. A trial keeps nothing of it: the page that says what
//! came of it hands the table back in a form, so that one press takes what was tried.

use axum::extract::Multipart;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use dossier_archive::LARGEST_TABLE;

use super::{TOKEN_FIELD, bounded, text, unreadable};
use crate::{
    failure::{Failure, Result},
    person::Person,
};

/// The field in which a page hands a table back.
pub(crate) const TRIED_FIELD: &str = "tried";
/// The largest table that a page hands back, in bytes; a larger one is chosen again.
const LARGEST_TRIED: usize = 1 << 20;

/// The table, and whether it is only to be tried.
pub(crate) struct SentTable {
    pub(crate) table: Bytes,
    pub(crate) is_trial: bool,
}

impl SentTable {
    /// Reads the form in bounded memory, and only if it comes from a page of ours.
    pub(crate) async fn read(person: &Person, mut sent: Multipart) -> Result<Self> {
        person.visitor.sent_by_our_pages()?;
        let (mut trusted, mut table, mut is_trial) = (false, Bytes::new(), true);
        while let Some(field) = sent.next_field().await.map_err(unreadable)? {
            match field.name() {
                Some(TOKEN_FIELD) => trusted |= person.session.is_token(&text(field).await?),
                Some("act") => is_trial = text(field).await? != "import",
                Some("file" | TRIED_FIELD) if !trusted => return Err(Failure::Forged),
                Some("file") => table = bounded(field, LARGEST_TABLE).await?,
                Some(TRIED_FIELD) => {
                    let sent = bounded(field, LARGEST_TRIED.div_ceil(3) * 4).await?;
                    let unreadable =
                        |_| Failure::bad("试运行的表格有误", "the table that was tried makes no sense");
                    table = STANDARD.decode(sent).map_err(unreadable)?.into();
                }
                _ => {}
            }
        }
        if trusted { Ok(Self { table, is_trial }) } else { Err(Failure::Forged) }
    }

    /// A table that was tried, as a page hands it back; nothing for one that is too large for that.
    pub(crate) fn tried(&self) -> Option<String> {
        (self.is_trial && self.table.len() <= LARGEST_TRIED).then(|| STANDARD.encode(&self.table))
    }
}
