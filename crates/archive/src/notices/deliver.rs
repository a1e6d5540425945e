//! Emptying the queues of channels: claim, send, write down.
//!
//! A batch is claimed for some minutes and its intent is in the log before a byte of it leaves. What was delivered is removed
//! in the commit that says so. A process that ends in between leaves the claim, which runs out, or is void at once where no
//! other process can have the store open, and the batch is sent again with the same ids: at least once. What fails stays at the
//! head of its queue, which is tried again later and later; no other channel waits for it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Action, Context, Resource};
use dossier_domain::{ChannelId, ChannelKind, NoticeId, OccasionId, UserId, id::Id};
use dossier_notices::{Channel as Way, Fault, Limits, Message, Remedy};
use dossier_storage::{Scope, Stored, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::time::Instant;

use super::{
    Audience, Notice,
    channels::{Channel, queue},
    message::Sending,
    notice_key,
    occasion::{Happened, Step, note},
    standing::{Standing, write_standing},
};
use crate::{
    Archive, Error, Result,
    permit::{Intent, Permit},
    records::{CHANNEL_STANDINGS, DELIVERIES, NOTICES, read_past_damage},
};

/// So many messages are claimed at once.
const AT_ONCE: usize = 50;
/// So long a batch is sent; what is left of it then goes back.
const LONGEST: Duration = Duration::from_secs(60);
/// So long nobody else sends a batch that was claimed: longer than it is sent, the last message included.
const CLAIMED_FOR: TimeDelta = TimeDelta::minutes(3);
/// What is older than this is given up.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(72);

/// A message on its way out, under its channel and its own id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) load: Load,
    pub(crate) made_at: DateTime<Utc>,
    pub(crate) due_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) claimed_until: Option<DateTime<Utc>>,
}

/// What is to be said, by ids alone: the words are made when it leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Load {
    /// A notice of somebody.
    Notice { user: UserId, notice: NoticeId },
    /// What somebody was told within this time.
    Digest { user: UserId, from: DateTime<Utc>, until: DateTime<Utc> },
    /// A move, for a program: the occasion and its number within.
    Event { occasion: OccasionId, number: u32, step: Step },
}

impl Delivery {
    pub(crate) fn new(load: Load, made_at: DateTime<Utc>, due_at: DateTime<Utc>) -> Self {
        Self { load, made_at, due_at, claimed_until: None }
    }

    fn is_due(&self, now: DateTime<Utc>, alone_since: Option<DateTime<Utc>>) -> bool {
        !waits(self.due_at, now) && !self.is_claimed(now, alone_since)
    }

    /// Whether somebody is sending it, or was when their process ended. Who is alone knows of what was claimed before that its
    /// process is gone.
    fn is_claimed(&self, now: DateTime<Utc>, alone_since: Option<DateTime<Utc>>) -> bool {
        let may_go_on = |until| alone_since.is_none_or(|since| until - CLAIMED_FOR >= since);
        self.claimed_until.is_some_and(|until| waits(until, now) && may_go_on(until))
    }
}

/// Whether it is not yet that time. After a clock was set back, nothing waits for longer than it would have.
fn waits(until: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < until && until - now <= CLAIMED_FOR
}

/// The key of a message: what it is of and a number, so that it is made once, and events keep their order.
pub(crate) fn delivery_key<K>(channel: ChannelId, of: Id<K>, number: u32) -> Vec<u8> {
    [&channel.to_bytes()[..], &of.to_bytes(), &number.to_be_bytes()].concat()
}

/// What a round of sending came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// Messages that were taken.
    pub sent: u64,
    /// Messages that were not sent after all: nobody may hear of it any more, or nobody needs to.
    pub withheld: u64,
    /// Whether there may be more to do at once.
    pub more: bool,
}

/// A batch that was claimed.
struct Claimed {
    intent: Intent,
    batch: Vec<Sending>,
    standing: Option<Stored<Standing>>,
}

/// What became of a message.
enum Fate {
    Taken,
    /// It can't be, and others may.
    Dropped,
    /// Nobody may hear of it any more.
    Withheld,
    /// It goes back.
    Left,
}

impl Archive {
    /// The channels by which something may leave. It shows nobody anything; each delivery asks and records for itself.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn channels_to_serve(&self) -> Result<Vec<ChannelId>> {
        let channels = self.stored_channels().await?.into_iter().map(|stored| stored.value);
        Ok(channels.filter(|of| of.suspended_at.is_none()).map(|of| of.id).collect())
    }

    /// Sends what is due by a channel, as much as it takes now.
    ///
    /// # Errors
    /// When the store can't be read or written. That the channel fails is no error: it is noted there.
    pub async fn deliver(&self, id: ChannelId) -> Result<Delivered> {
        let (ctx, now) = (self.as_teller()?, self.now());
        let waiting = match self.store.scan(DELIVERIES, queue(id)).await {
            Err(dossier_storage::Error::Damaged { .. }) => {
                read_past_damage(&self.store, DELIVERIES, queue(id)).await?.0
            }
            other => other?,
        };
        let alone = self.alone_since;
        if !waiting.iter().any(|of| of.value.is_due(now, alone)) {
            return Ok(Delivered::default());
        }
        let channel = match self.channel(id).await {
            Ok(stored) if stored.value.suspended_at.is_none() => stored.value,
            Ok(_) | Err(Error::NotFound { .. }) => return Ok(Delivered::default()),
            Err(error) => return Err(error),
        };
        // Events keep their order: none overtakes one that somebody is sending.
        let is_ordered = channel.settings.kind == ChannelKind::Webhook;
        let ahead = waiting.into_iter().take_while(|of| !is_ordered || !of.value.is_claimed(now, alone));
        let due: Vec<_> = ahead.filter(|of| of.value.is_due(now, alone)).collect();
        if due.is_empty() {
            return Ok(Delivered::default());
        }
        let standing = self.store.get(CHANNEL_STANDINGS, Scope::Archive, id.to_bytes()).await?;
        if standing.as_ref().is_some_and(|of| of.value.rests(now))
            && !due.iter().any(|of| is_too_old(of, now))
        {
            return Ok(Delivered::default());
        }
        let permit = self.authorise(&ctx, Action::DeliverNotices, &Resource::Archive).await?.on(id);
        let done = self.serve(&ctx, &permit, &channel, standing, due).await;
        match done {
            // Another node was faster, or somebody read their notices at this very moment.
            Err(Error::Conflict) => Ok(Delivered::default()),
            other => other,
        }
    }

    async fn serve(
        &self,
        ctx: &Context,
        permit: &Permit,
        channel: &Channel,
        standing: Option<Stored<Standing>>,
        due: Vec<Stored<Delivery>>,
    ) -> Result<Delivered> {
        let now = ctx.now();
        let (old, due): (Vec<_>, Vec<_>) = due.into_iter().partition(|of| is_too_old(of, now));
        if !old.is_empty() {
            self.give_up(permit, channel, standing, &old).await?;
            return Ok(Delivered { more: true, ..Delivered::default() });
        }
        let way = match self.way_of(channel).await {
            Ok(way) => way,
            Err(Error::Channel(fault)) => {
                return self.note_fault(ctx, permit, channel, standing, &fault).await;
            }
            Err(error) => return Err(error),
        };
        let room =
            standing.as_ref().map(|of| &of.value.budget).cloned().unwrap_or_default().room(way.limits(), now);
        if room == 0 {
            return Ok(Delivered::default());
        }
        let audience = self.audience().await?;
        let (batch, withheld) = self.prepared(channel, &audience, due, room.min(AT_ONCE)).await?;
        let Some(claimed) = self.claim(ctx, permit, channel, standing, batch, &withheld).await? else {
            return Ok(Delivered { withheld: withheld.len() as u64, more: !withheld.is_empty(), sent: 0 });
        };
        let Claimed { intent, batch, standing } = claimed;
        let (fates, fault) = self.send_all(ctx, channel, &way, batch).await?;
        let mut delivered = self.settle(ctx, channel, intent, standing, fates, fault.as_ref()).await?;
        delivered.withheld += withheld.len() as u64;
        Ok(delivered)
    }

    /// Claims a batch, with its intent and what it takes of the channel's budget, and removes what is withheld.
    async fn claim(
        &self,
        ctx: &Context,
        permit: &Permit,
        channel: &Channel,
        standing: Option<Stored<Standing>>,
        mut batch: Vec<Sending>,
        withheld: &[Stored<Delivery>],
    ) -> Result<Option<Claimed>> {
        let now = ctx.now();
        let mut tx = self.store.batch();
        for of in withheld {
            tx.expect_unchanged(of).delete(DELIVERIES, Scope::Archive, of.key.id())?;
        }
        let permit = permit.part("send_notices")?.on(channel.id);
        let permit = match withheld.len() {
            0 => permit,
            count => permit.count("withheld", count as u64),
        };
        if batch.is_empty() {
            if !withheld.is_empty() {
                self.journal.change([permit], tx).await?;
            }
            return Ok(None);
        }
        for of in batch.iter_mut().flat_map(|sending| &mut sending.deliveries) {
            let claimed = Delivery { claimed_until: Some(now + CLAIMED_FOR), ..of.value.clone() };
            tx.update(DELIVERIES, of, &claimed)?;
            of.value = claimed;
        }
        self.close_notices(&mut tx, &batch, now)?;
        let mut spent = standing.as_ref().map(|of| of.value.clone()).unwrap_or_default();
        spent.budget.spend(batch.len(), now);
        write_standing(&mut tx, channel.id, standing.as_ref(), &spent)?;
        let (intent, revision) =
            self.journal.intend_with(permit.count("messages", batch.len() as u64), tx).await?;
        for of in batch.iter_mut().flat_map(|sending| &mut sending.deliveries) {
            of.revision = revision;
        }
        let key =
            dossier_storage::Key::new(Scope::Archive, CHANNEL_STANDINGS.collection(), channel.id.to_bytes())?;
        Ok(Some(Claimed { intent, batch, standing: Some(Stored { key, value: spent, revision }) }))
    }

    /// From now on these notices say what they say: what comes later is another notice.
    fn close_notices(&self, tx: &mut Tx<'_>, batch: &[Sending], now: DateTime<Utc>) -> Result<()> {
        for notice in batch.iter().flat_map(|sending| &sending.notices) {
            if notice.value.told_at.is_none() {
                tx.update(NOTICES, notice, &Notice { told_at: Some(now), ..notice.value.clone() })?;
            }
        }
        Ok(())
    }

    /// Sends one after the other, until one fails for the channel's sake.
    async fn send_all(
        &self,
        ctx: &Context,
        channel: &Channel,
        way: &Arc<dyn Way>,
        batch: Vec<Sending>,
    ) -> Result<(Vec<(Sending, Fate)>, Option<Fault>)> {
        let (mut fates, mut fault, began) = (Vec::new(), None, Instant::now());
        for sending in batch {
            if fault.is_some() || began.elapsed() > LONGEST {
                fates.push((sending, Fate::Left));
                continue;
            }
            // Somebody may have lost the right while those before it were on their way.
            let message: Option<Message> = match fates.is_empty() {
                true => Some(sending.message.clone()),
                false => {
                    let (audience, texts) = (self.audience().await?, self.words().await?);
                    self.composed(channel, &audience, &texts, &sending.deliveries).await?.map(|of| of.message)
                }
            };
            let Some(message) = message else {
                fates.push((sending, Fate::Withheld));
                continue;
            };
            let fate = match way.send(&message, ctx.now()).await {
                Ok(()) => Fate::Taken,
                Err(error) if error.remedy() == Remedy::Drop => {
                    tracing::warn!(channel = %channel.id, code = error.code(), "a notice was not taken");
                    Fate::Dropped
                }
                Err(error) => {
                    tracing::warn!(channel = %channel.id, code = error.code(), "a channel fails");
                    fault = Some(error);
                    Fate::Left
                }
            };
            fates.push((sending, fate));
        }
        Ok((fates, fault))
    }

    /// Writes down what became of a batch.
    async fn settle(
        &self,
        ctx: &Context,
        channel: &Channel,
        intent: Intent,
        standing: Option<Stored<Standing>>,
        fates: Vec<(Sending, Fate)>,
        fault: Option<&Fault>,
    ) -> Result<Delivered> {
        let now = ctx.now();
        let mut tx = self.store.batch();
        let (mut done, mut dropped, mut left) = (Delivered::default(), 0, 0);
        for (sending, fate) in &fates {
            match fate {
                Fate::Taken => done.sent += 1,
                Fate::Withheld => done.withheld += 1,
                Fate::Dropped => dropped += 1,
                Fate::Left => left += 1,
            }
            for of in &sending.deliveries {
                match fate {
                    Fate::Left => {
                        tx.update(DELIVERIES, of, &Delivery { claimed_until: None, ..of.value.clone() })?;
                    }
                    _ => drop(tx.expect_unchanged(of).delete(DELIVERIES, Scope::Archive, of.key.id())?),
                }
            }
        }
        let mut now_standing = standing.as_ref().map(|of| of.value.clone()).unwrap_or_default();
        if done.sent > 0 {
            now_standing = now_standing.well(now);
        }
        if let Some(fault) = fault {
            let (ill, tells) = now_standing.ill(fault, now);
            now_standing = ill;
            if tells {
                note(&mut tx, ctx, Happened::ChannelTrouble { channel: channel.id })?;
            }
        }
        now_standing.given_up += dropped;
        write_standing(&mut tx, channel.id, standing.as_ref(), &now_standing)?;
        let counts = [("sent", done.sent), ("withheld", done.withheld), ("dropped", dropped), ("left", left)];
        let counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
        let result = match fault {
            Some(fault) if done.sent == 0 => Err(Error::Channel(fault.clone())),
            _ => Ok(()),
        };
        self.conclude(intent, &result, &counts);
        self.journal.change([], tx).await?;
        done.more = fault.is_none();
        Ok(done)
    }

    async fn give_up(
        &self,
        permit: &Permit,
        channel: &Channel,
        standing: Option<Stored<Standing>>,
        old: &[Stored<Delivery>],
    ) -> Result<()> {
        let mut tx = self.store.batch();
        for of in old {
            tx.expect_unchanged(of).delete(DELIVERIES, Scope::Archive, of.key.id())?;
        }
        let mut after = standing.as_ref().map(|of| of.value.clone()).unwrap_or_default();
        after.given_up += old.len() as u64;
        write_standing(&mut tx, channel.id, standing.as_ref(), &after)?;
        let permit = permit.part("give_up_notices")?.on(channel.id).count("messages", old.len() as u64);
        self.journal.change([permit], tx).await?;
        Ok(())
    }

    /// Notes that a channel can't even be opened.
    async fn note_fault(
        &self,
        ctx: &Context,
        permit: &Permit,
        channel: &Channel,
        standing: Option<Stored<Standing>>,
        fault: &Fault,
    ) -> Result<Delivered> {
        let mut tx = self.store.batch();
        let before = standing.as_ref().map(|of| of.value.clone()).unwrap_or_default();
        let (after, tells) = before.ill(fault, ctx.now());
        if tells {
            note(&mut tx, ctx, Happened::ChannelTrouble { channel: channel.id })?;
        }
        write_standing(&mut tx, channel.id, standing.as_ref(), &after)?;
        let permit = permit.part("send_notices")?.on(channel.id).because(fault.code())?;
        self.journal.change([permit], tx).await?;
        Ok(Delivered::default())
    }

    /// Takes one message out of a channel's budget, for a test.
    pub(crate) async fn spend(&self, id: ChannelId, limits: Limits) -> Result<()> {
        let stored = self.store.get(CHANNEL_STANDINGS, Scope::Archive, id.to_bytes()).await?;
        let mut standing = stored.as_ref().map(|of| of.value.clone()).unwrap_or_default();
        if standing.budget.room(limits, self.now()) == 0 {
            return Err(Error::invalid(
                "此渠道每分钟的发送次数已用完，请一分钟后再试",
                "this channel takes no more within this minute; try again in a minute",
            ));
        }
        standing.budget.spend(1, self.now());
        let mut tx = self.store.batch();
        write_standing(&mut tx, id, stored.as_ref(), &standing)?;
        self.journal.change([], tx).await?;
        Ok(())
    }

    /// Notes that a channel took a message: whatever was wrong with it is over.
    pub(crate) async fn note_delivery(&self, ctx: &Context, id: ChannelId) -> Result<()> {
        let stored = self.store.get(CHANNEL_STANDINGS, Scope::Archive, id.to_bytes()).await?;
        let standing = stored.as_ref().map(|of| of.value.clone()).unwrap_or_default();
        let mut tx = self.store.batch();
        write_standing(&mut tx, id, stored.as_ref(), &standing.well(ctx.now()))?;
        self.journal.change([], tx).await?;
        Ok(())
    }

    /// Where people find their notices, if it is known where the pages are.
    pub(crate) fn inbox_address(&self) -> Option<String> {
        self.pages.get().and_then(|pages| pages.join("notices").ok()).map(String::from)
    }

    /// The notice that a message is about, if it is there and was not read yet.
    pub(crate) async fn unread_notice(&self, user: UserId, id: NoticeId) -> Result<Option<Stored<Notice>>> {
        let stored = self.store.get(NOTICES, Scope::Archive, notice_key(user, false, id)).await;
        Ok(crate::quarantine::past_damage(stored.map_err(Error::from))?.flatten())
    }

    /// Those messages that can be made of what is due, at most so many, and what is withheld. To a group, what is the same
    /// for several people is said once.
    async fn prepared(
        &self,
        channel: &Channel,
        audience: &Audience,
        due: Vec<Stored<Delivery>>,
        most: usize,
    ) -> Result<(Vec<Sending>, Vec<Stored<Delivery>>)> {
        let (mut batch, mut withheld): (Vec<Sending>, Vec<_>) = (Vec::new(), Vec::new());
        let speaks_to_a_group = !matches!(channel.settings.kind, ChannelKind::Email | ChannelKind::Webhook);
        let texts = self.words().await?;
        for delivery in due {
            let is_full = batch.len() >= most;
            if is_full && !speaks_to_a_group {
                break;
            }
            let one = self.composed(channel, audience, &texts, std::slice::from_ref(&delivery)).await?;
            let Some(one) = one else {
                withheld.push(delivery);
                continue;
            };
            let same =
                batch.iter_mut().find(|of| speaks_to_a_group && of.topic.is_some() && of.topic == one.topic);
            match same {
                Some(of) => {
                    of.deliveries.extend(one.deliveries);
                    of.notices.extend(one.notices);
                    let all = self.composed(channel, audience, &texts, &of.deliveries).await?;
                    of.message = all.map_or(one.message, |all| all.message);
                }
                None if is_full => {}
                None => batch.push(one),
            }
        }
        Ok((batch, withheld))
    }
}

fn is_too_old(of: &Stored<Delivery>, now: DateTime<Utc>) -> bool {
    now - of.value.made_at > GIVE_UP_AFTER
}
