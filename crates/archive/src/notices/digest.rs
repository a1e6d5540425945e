//! The digest of a day, for who wants to hear once a day.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dossier_access::{Action, Resource};
use dossier_domain::{NoticeId, NoticeKind, Wish};
use dossier_storage::{Scope, Stored};
use serde::{Deserialize, Serialize};

use super::deliver::{Delivery, Load, delivery_key};
use crate::{
    Archive, Error, Result,
    records::{DELIVERIES, DIGESTS},
};

/// Up to when somebody's notices were summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SummedUp {
    day: NaiveDate,
    until: DateTime<Utc>,
}

impl Archive {
    /// Puts the digests that are due into the queues: once a day for each who wants one, from the bank's hour on.
    pub(crate) async fn make_digests(&self) -> Result<u64> {
        let now = self.now();
        let zone = self.settings().zone;
        let today = zone.date(now);
        let hour = i64::from(self.notice_rules().await?.digest_hour);
        if now < zone.start_of(today) + TimeDelta::hours(hour) {
            return Ok(0);
        }
        let audience = self.audience().await?;
        let mut made = 0;
        for (user, _) in audience.people() {
            let preferences = audience.preferences(user);
            let wants = NoticeKind::ALL.iter().any(|kind| preferences.wish(*kind) == Wish::Daily);
            let Some(channel) = audience.channel_of(&preferences).filter(|_| wants) else { continue };
            let before: Option<Stored<SummedUp>> =
                self.store.get(DIGESTS, Scope::Archive, user.to_bytes()).await?;
            if before.as_ref().is_some_and(|of| of.value.day >= today) {
                continue;
            }
            // The first one sums up a day.
            let from = before.as_ref().map_or(now - TimeDelta::days(1), |of| of.value.until);
            let ctx = self.as_teller()?;
            let permit = self.authorise(&ctx, Action::DeliverNotices, &Resource::Archive).await?;
            let mut tx = self.store.batch();
            let summed_up = SummedUp { day: today, until: now };
            match &before {
                Some(before) => tx.update(DIGESTS, before, &summed_up)?,
                None => tx.insert(DIGESTS, Scope::Archive, user.to_bytes(), &summed_up)?,
            };
            let id: NoticeId = ctx.new_id()?;
            let delivery = Delivery::new(Load::Digest { user, from, until: now }, now, now);
            tx.insert(DELIVERIES, Scope::Archive, delivery_key(channel.id, id, 0), &delivery)?;
            match self.journal.change([permit.part("make_digest")?.on(user)], tx).await {
                Ok(_) => made += 1,
                // Another node has made it.
                Err(Error::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(made)
    }
}
