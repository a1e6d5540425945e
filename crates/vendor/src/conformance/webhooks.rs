//! Checks of webhooks.

use chrono::{DateTime, Utc};
use http::HeaderMap;

use super::{Check, Subject, ensure, some_finished};
use crate::{Adapter, ErrorKind};

pub(super) fn signatures(subject: &dyn Subject) -> Check {
    let adapter = subject.adapter();
    let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(19_700);
    let id = some_finished(subject)?;
    let (headers, body) = subject.webhook(&id, now).ok_or("webhooks are announced and not simulated")?;
    let hints = adapter.verify_webhook(&headers, &body, now).map_err(|error| error.to_string())?;
    ensure(hints.iter().any(|hint| hint.remote_id == id), || format!("{hints:?}"))?;
    refused(&*adapter, &HeaderMap::new(), &body, now, "no headers")?;
    refused(&*adapter, &headers, &[body.as_ref(), b" "].concat(), now, "a longer body")?;
    for index in 0..body.len() {
        let mut flipped = body.to_vec();
        flipped[index] ^= 1;
        refused(&*adapter, &headers, &flipped, now, "a flipped bit")?;
    }
    Ok(())
}

fn refused(adapter: &dyn Adapter, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>, what: &str) -> Check {
    let kind = adapter.verify_webhook(headers, body, now).err().map(|error| error.kind());
    ensure(kind == Some(ErrorKind::Webhook), || format!("{what}: {kind:?}"))
}
