//! What nobody does and somebody is to hear of: materials that are late, syncs that fail.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Action, Context, Resource};
use dossier_domain::ConnectionId;
use dossier_storage::{Scope, Stored};
use serde::{Deserialize, Serialize};

use super::occasion::{Happened, note};
use crate::{
    Archive, Error, Failing, Problem, Result,
    permit::Permit,
    records::{CONNECTION_TROUBLES, CONNECTIONS, all_past_damage},
};

/// What is not whole so long after it was first seen is late.
const LATE_AFTER: TimeDelta = TimeDelta::minutes(10);
/// People hear of the same lateness again after so long.
const TOLD_AGAIN_AFTER: TimeDelta = TimeDelta::hours(24);

/// What people were told of a connection, so that they are told once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct ConnectionTrouble {
    /// How many interviews were late, and when that was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    late: Option<(u64, DateTime<Utc>)>,
    /// Since when its syncs fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failing_since: Option<DateTime<Utc>>,
    /// When the last of them failed, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failed: Option<(DateTime<Utc>, Problem)>,
}

impl ConnectionTrouble {
    fn failing(self) -> Option<Failing> {
        let (at, problem) = self.failed?;
        Some(Failing { since: self.failing_since?, at, problem })
    }
}

impl Archive {
    /// Does what is due by itself: tells what happened, looks for what is late, sums up the day.
    ///
    /// # Errors
    /// When the store can't be read or written; the next call goes on.
    pub async fn tell_what_happened(&self) -> Result<u64> {
        let told = self.spread().await?;
        let now = self.now();
        let is_time = {
            let mut looked = self.looked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let is_time =
                !looked.is_some_and(|at| (TimeDelta::zero()..TimeDelta::minutes(1)).contains(&(now - at)));
            if is_time {
                *looked = Some(now);
            }
            is_time
        };
        if !is_time {
            return Ok(told);
        }
        self.look_for_lateness().await?;
        self.look_for_due_reports().await?;
        self.make_digests().await?;
        Ok(told + self.spread().await?)
    }

    async fn look_for_lateness(&self) -> Result<()> {
        let now = self.now();
        let ctx = self.as_teller()?;
        for stored in all_past_damage(&self.store, CONNECTIONS).await?.0 {
            let id = stored.value.id;
            let late = self.pending_where(id, |of| now - of.since > LATE_AFTER).await?;
            let before = self.trouble_of(id).await?;
            let told = before.as_ref().and_then(|of| of.value.late);
            let tells = match told {
                None => late > 0,
                Some((count, at)) => {
                    late > 0 && (late > count && now - at > LATE_AFTER || now - at > TOLD_AGAIN_AFTER)
                }
            };
            let ends = late == 0 && told.is_some();
            if !tells && !ends {
                continue;
            }
            let mut after = before.as_ref().map(|of| of.value.clone()).unwrap_or_default();
            after.late = tells.then_some((late, now));
            let mut tx = self.store.batch();
            if tells {
                note(&mut tx, &ctx, Happened::Late { connection: id, interviews: late })?;
            }
            let permit = self.authorise(&ctx, Action::DeliverNotices, &Resource::Archive).await?;
            let permit = permit.part("note_lateness")?.on(id).count("late", late);
            self.write_trouble(tx, Some(permit), id, before, &after).await?;
        }
        Ok(())
    }

    /// Notes how a sync of a connection ended; that syncs fail is told once, until one ends well. Of each that fails it is
    /// kept why.
    pub(crate) async fn note_sync(
        &self,
        ctx: &Context,
        permit: &Permit,
        id: ConnectionId,
        failed: Option<Problem>,
    ) -> Result<()> {
        let before = self.trouble_of(id).await?;
        let failing_since = before.as_ref().and_then(|of| of.value.failing_since);
        let action = match (&failed, failing_since) {
            (None, None) => return Ok(()),
            (None, Some(_)) => Some("note_sync_mended"),
            (Some(_), None) => Some("note_sync_trouble"),
            // The sync itself is in the log.
            (Some(_), Some(_)) => None,
        };
        let mut tx = self.store.batch();
        if failed.is_some() && failing_since.is_none() {
            note(&mut tx, ctx, Happened::SyncTrouble { connection: id })?;
        }
        let mut after = before.as_ref().map(|of| of.value.clone()).unwrap_or_default();
        after.failing_since = failed.is_some().then(|| failing_since.unwrap_or(ctx.now()));
        after.failed = failed.map(|problem| (ctx.now(), problem));
        let permit = action.map(|action| permit.part(action)).transpose()?.map(|permit| permit.on(id));
        self.write_trouble(tx, permit, id, before, &after).await
    }

    /// That the last syncs of a connection failed, and why.
    pub(crate) async fn failing(&self, id: ConnectionId) -> Result<Option<Failing>> {
        Ok(self.trouble_of(id).await?.and_then(|stored| stored.value.failing()))
    }

    async fn trouble_of(&self, id: ConnectionId) -> Result<Option<Stored<ConnectionTrouble>>> {
        let read = self.store.get(CONNECTION_TROUBLES, Scope::Archive, id.to_bytes()).await;
        Ok(crate::quarantine::past_damage(read.map_err(Error::from))?.flatten())
    }

    async fn write_trouble(
        &self,
        mut tx: dossier_storage::Tx<'_>,
        permit: Option<Permit>,
        id: ConnectionId,
        before: Option<Stored<ConnectionTrouble>>,
        after: &ConnectionTrouble,
    ) -> Result<()> {
        match &before {
            Some(before) => tx.update(CONNECTION_TROUBLES, before, after)?,
            None => tx.put(CONNECTION_TROUBLES, Scope::Archive, id.to_bytes(), after)?,
        };
        match self.journal.change(permit, tx).await {
            // Somebody else noted it.
            Ok(_) | Err(Error::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
