//! Webhooks of vendors. Only the signature over the raw body lets anything happen, and all that happens is a fetch.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use dossier_archive::Error;
use dossier_domain::ConnectionId;

use crate::{
    failure::{Failure, Result},
    metrics::count,
    site::Site,
    visitor::Visitor,
};

/// `POST /hooks/{connection}`
pub(crate) async fn hear(
    visitor: Visitor,
    State(site): State<Arc<Site>>,
    Path(connection): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    let id: ConnectionId = connection.parse().map_err(|_| Failure::NoPage)?;
    match site.archive.hear_webhook(visitor.origin, id, &headers, &body).await {
        Ok(heard) => {
            count(&site.metrics.webhooks_heard);
            site.syncs.hint(&site.archive, heard.connection.as_str(), heard.interviews);
            Ok(StatusCode::NO_CONTENT)
        }
        Err(Error::Vendor(error)) => {
            count(&site.metrics.webhooks_refused);
            tracing::warn!(%error, connection = %id, "webhook refused");
            Err(Failure::Forged)
        }
        Err(other) => Err(other.into()),
    }
}
