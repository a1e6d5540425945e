//! From what happened to who hears of it: inboxes, and the queues of channels.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Action, Context, Resource};
use dossier_domain::{
    About, ApplicationId, ChannelKind, NoticeId, NoticeKind, OccasionId, Stage, UserId, Wish,
};
use dossier_storage::{Error as StorageError, Scan, Scope, Stored, Tx};

use super::{
    Audience, MOST_NAMED, Notice,
    deliver::{Delivery, Load, delivery_key},
    last_id, may_hear, notice_key,
    occasion::{Happened, Occasion},
    unread_scan,
};
use crate::{
    Archive, Error, Result,
    records::{DELIVERIES, NOTICES, OCCASIONS, read_past_damage},
};

/// So many occasions are read at once.
const PAGE: usize = 64;
/// So many unread notices somebody keeps; the oldest make room.
pub(super) const MOST_UNREAD: usize = 500;
/// A notice that nobody read, and that did not leave yet, takes in what comes within so long.
const GROWS_FOR: TimeDelta = TimeDelta::minutes(10);
/// So often it is tried again when somebody reads their notices at the same time.
const ATTEMPTS: usize = 4;

/// One thing to be told.
struct Telling {
    kind: NoticeKind,
    about: About,
    applications: Vec<ApplicationId>,
    more: u64,
}

/// How long a notice waits for others of its sort before it leaves.
fn gathers_for(kind: NoticeKind) -> TimeDelta {
    match kind {
        // A sync brings many, and their videos after them.
        NoticeKind::Materials | NoticeKind::SuggestedMove => TimeDelta::seconds(60),
        _ => TimeDelta::seconds(5),
    }
}

fn tellings(happened: &Happened) -> Vec<Telling> {
    let one = |kind, about, more| vec![Telling { kind, about, applications: Vec::new(), more }];
    match happened {
        Happened::Moved(steps) => gathered(steps.iter().filter_map(|step| {
            let kind = match step.to.stage {
                // Another step of the same stage brings nobody new to see it.
                stage if step.from == Some(stage) => return None,
                Stage::HumanInterview => NoticeKind::Materials,
                Stage::BackgroundCheck => NoticeKind::NewCase,
                _ => return None,
            };
            Some((kind, About::Position(step.position, step.to.stage), step.application))
        })),
        Happened::Arrived(arrived) => {
            let materials = arrived
                .iter()
                .map(|of| (NoticeKind::Materials, About::Position(of.position, of.stage), of.application));
            let suggested = arrived.iter().filter(|of| of.suggested);
            let suggested = suggested.map(|of| {
                (NoticeKind::SuggestedMove, About::Position(of.position, of.stage), of.application)
            });
            gathered(materials.chain(suggested))
        }
        Happened::HandedIn { application, position, stage } => {
            gathered([(NoticeKind::Scorecard, About::Position(*position, *stage), *application)].into_iter())
        }
        Happened::SyncTrouble { connection } => {
            one(NoticeKind::SyncTrouble, About::Connection(*connection), 1)
        }
        Happened::Late { connection, interviews } => {
            one(NoticeKind::Lateness, About::Connection(*connection), *interviews)
        }
        Happened::ChannelTrouble { channel } => one(NoticeKind::ChannelTrouble, About::Channel(*channel), 1),
        Happened::ReportDue { report, .. } => one(NoticeKind::Report, About::Report(*report), 1),
    }
}

/// One telling for each kind and place.
fn gathered(all: impl Iterator<Item = (NoticeKind, About, ApplicationId)>) -> Vec<Telling> {
    let mut tellings: Vec<Telling> = Vec::new();
    for (kind, about, application) in all {
        match tellings.iter_mut().find(|of| (of.kind, of.about) == (kind, about)) {
            Some(telling) => telling.applications.push(application),
            None => tellings.push(Telling { kind, about, applications: vec![application], more: 0 }),
        }
    }
    tellings
}

impl Notice {
    fn new(telling: &Telling, at: DateTime<Utc>) -> Self {
        let Telling { kind, about, .. } = *telling;
        let mut notice = Self {
            kind,
            about,
            applications: Vec::new(),
            more: 0,
            since: at,
            at,
            told_at: None,
            read_at: None,
        };
        notice.take(telling, at);
        notice
    }

    fn take(&mut self, telling: &Telling, at: DateTime<Utc>) {
        self.at = at;
        self.more = match self.kind {
            // How many are late is a state, and no sum.
            NoticeKind::Lateness => telling.more,
            _ => self.more + telling.more,
        };
        for application in &telling.applications {
            match self.applications.contains(application) {
                true => {}
                false if self.applications.len() < MOST_NAMED => self.applications.push(*application),
                false => self.more += 1,
            }
        }
    }

    fn grows(&self, telling: &Telling, now: DateTime<Utc>) -> bool {
        (self.kind, self.about) == (telling.kind, telling.about)
            && self.told_at.is_none()
            && (TimeDelta::zero()..GROWS_FOR).contains(&(now - self.since))
    }
}

impl Archive {
    /// Tells everybody what happened and was not told yet: into inboxes and queues. How many occasions that were.
    pub(crate) async fn spread(&self) -> Result<u64> {
        let mut told = 0;
        loop {
            let page = Scan::collection(Scope::Archive, OCCASIONS.collection()).limit(PAGE);
            let occasions = match self.store.scan(OCCASIONS, page.clone()).await {
                Err(StorageError::Damaged { .. }) => read_past_damage(&self.store, OCCASIONS, page).await?.0,
                other => other?,
            };
            // Mostly there is nothing, and then this is all that is read.
            if occasions.is_empty() {
                return Ok(told);
            }
            let (ctx, audience) = (self.as_teller()?, self.audience().await?);
            for occasion in occasions {
                self.spread_one(&ctx, &audience, &occasion).await?;
                told += 1;
            }
        }
    }

    async fn spread_one(
        &self,
        ctx: &Context,
        audience: &Audience,
        occasion: &Stored<Occasion>,
    ) -> Result<()> {
        for attempt in 1.. {
            match self.try_spread(ctx, audience, occasion).await {
                Err(Error::Conflict) => {
                    // Somebody else has told it already, or somebody read their notices just now.
                    let still = self.store.get(OCCASIONS, Scope::Archive, occasion.key.id()).await?;
                    if still.is_none() || attempt == ATTEMPTS {
                        return Ok(());
                    }
                }
                other => return other,
            }
        }
        Ok(())
    }

    async fn try_spread(&self, ctx: &Context, audience: &Audience, stored: &Stored<Occasion>) -> Result<()> {
        let occasion = &stored.value;
        let mut tx = self.store.batch();
        tx.expect_unchanged(stored).delete(OCCASIONS, Scope::Archive, stored.key.id())?;
        let tellings = tellings(&occasion.happened);
        let mut notices = 0;
        if !tellings.is_empty() {
            let concerned = audience.people().filter(|(_, actor)| occasion.happened.is_for(actor));
            for (user, actor) in concerned.filter(|(user, _)| Some(*user) != occasion.by) {
                let heard: Vec<&Telling> =
                    tellings.iter().filter(|of| may_hear(&actor, of.kind, of.about)).collect();
                if !heard.is_empty() {
                    notices += self.tell(ctx, audience, &mut tx, user, &heard).await?;
                }
            }
        }
        let events = queue_events(ctx, audience, &mut tx, stored)?;
        let permit = self.authorise(ctx, Action::DeliverNotices, &Resource::Archive).await?;
        let permit = permit.part("make_notices")?.count("notices", notices).count("events", events);
        self.journal.change([permit], tx).await?;
        Ok(())
    }

    /// Puts into somebody's inbox what they want to hear of, and into the queue of their channel what is to leave at once.
    async fn tell(
        &self,
        ctx: &Context,
        audience: &Audience,
        tx: &mut Tx<'_>,
        user: UserId,
        heard: &[&Telling],
    ) -> Result<u64> {
        let (preferences, now) = (audience.preferences(user), ctx.now());
        let unread = self.unread_of(user).await?;
        let mut made = 0;
        for telling in heard {
            let wish = preferences.wish(telling.kind);
            if wish == Wish::Not {
                continue;
            }
            if let Some(growing) = unread.iter().find(|of| of.value.grows(telling, now)) {
                let mut grown = growing.value.clone();
                grown.take(telling, now);
                tx.update(NOTICES, growing, &grown)?;
                continue;
            }
            let id: NoticeId = ctx.new_id()?;
            tx.insert(NOTICES, Scope::Archive, notice_key(user, false, id), &Notice::new(telling, now))?;
            made += 1;
            if let (Wish::AtOnce, Some(channel)) = (wish, audience.channel_of(&preferences)) {
                let load = Load::Notice { user, notice: id };
                let delivery = Delivery::new(load, now, now + gathers_for(telling.kind));
                tx.insert(DELIVERIES, Scope::Archive, delivery_key(channel.id, id, 0), &delivery)?;
            }
        }
        let room = MOST_UNREAD.saturating_sub(made as usize);
        for old in unread.iter().take(unread.len().saturating_sub(room)) {
            tx.delete(NOTICES, Scope::Archive, old.key.id())?;
        }
        Ok(made)
    }

    /// Somebody's unread notices, the oldest first.
    pub(crate) async fn unread_of(&self, user: UserId) -> Result<Vec<Stored<Notice>>> {
        Ok(read_past_damage(&self.store, NOTICES, unread_scan(user)).await?.0)
    }
}

/// Puts moves into the queues of those who follow them.
fn queue_events(
    ctx: &Context,
    audience: &Audience,
    tx: &mut Tx<'_>,
    stored: &Stored<Occasion>,
) -> Result<u64> {
    let Happened::Moved(steps) = &stored.value.happened else { return Ok(0) };
    let Some(occasion): Option<OccasionId> = last_id(stored.key.id()) else { return Ok(0) };
    let mut events = 0;
    let following = audience.channels.values().filter(|of| of.settings.kind == ChannelKind::Webhook);
    for channel in following.filter(|of| of.suspended_at.is_none()) {
        for (number, step) in (0..).zip(steps).filter(|(_, step)| channel.follows(step.position)) {
            let load = Load::Event { occasion, number, step: step.clone() };
            let delivery = Delivery::new(load, ctx.now(), ctx.now());
            tx.insert(DELIVERIES, Scope::Archive, delivery_key(channel.id, occasion, number), &delivery)?;
            events += 1;
        }
    }
    Ok(events)
}
