//! Webhooks: what a vendor tells us of its own accord. They are hints, never data: what they name is fetched.

use dossier_access::{Action, Actor, Job, Resource, Word};
use dossier_domain::{
    ConnectionId,
    text::{Line, RemoteId},
};
use dossier_vendor::HeaderMap;

use crate::{Archive, Error, Result, What};

/// What a webhook was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The connection's name.
    pub connection: Line,
    /// The interviews to fetch; none while the connection is suspended.
    pub interviews: Vec<RemoteId>,
}

impl Archive {
    /// Checks a webhook's signature over its raw body and says which interviews are to be fetched, with
    /// [`SyncMode::Interviews`](crate::SyncMode::Interviews). The same webhook again leads to the same fetch, which then
    /// finds nothing new. What follows from it is in the log; a forged one leads to nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown connection; [`Error::Vendor`] if the signature or the body makes no sense.
    pub async fn hear_webhook(
        &self,
        origin: Word,
        connection: ConnectionId,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Heard> {
        let ctx = self.context(Actor::system(Job::Sync), origin)?;
        // The permit is not used: only the sync that follows shows or changes anything.
        let _ = self.authorise(&ctx, Action::Sync, &Resource::Archive).await?;
        let id = connection.to_string();
        let unknown = || Error::not_found(What::Connection, &id);
        let connection = self.connection_called(&id).await.map_err(|_| unknown())?.value;
        let hints = self.adapter(&connection).await?.verify_webhook(headers, body, ctx.now())?;
        let interviews = match connection.suspended_at {
            Some(_) => Vec::new(),
            None => hints.into_iter().map(|hint| hint.remote_id).collect(),
        };
        Ok(Heard { connection: connection.name, interviews })
    }
}
