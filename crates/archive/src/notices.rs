//! Notices: people hear of what happened without looking.
//!
//! What happened is written in the **same commit** as the change that caused it, as an occasion of
//! ids alone; so nothing is lost and nothing is told that did not happen. An occasion is spread, in one commit that removes
//! it, over the inboxes of those who are to hear of it and the queues of channels. A queue is emptied by whoever tends the
//! archive: a batch is claimed and its intent is in the log, it is sent, and what came of it is written down. A process that
//! is killed in between sends the batch again, with the same ids. Who may hear is asked when the notice is made, again
//! before it leaves, and again when it is read.

pub(crate) mod channels;
pub(crate) mod compose;
pub(crate) mod deliver;
pub(crate) mod digest;
pub(crate) mod inbox;
pub(crate) mod message;
pub(crate) mod occasion;
pub(crate) mod preferences;
pub(crate) mod rules;
mod spread;
pub(crate) mod standing;
pub(crate) mod watch;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use dossier_access::{Actor, Context, Job, PolicyTable, Resource, User, Word, hears};
use dossier_domain::{
    About, ApplicationId, ChannelId, ChannelKind, NoticeId, NoticeKind, Position, PositionId, Preferences,
    UserId,
};
use dossier_storage::{Scan, Scope, Stored};
use serde::{Deserialize, Serialize};

use crate::{
    Archive, Result,
    records::{self, CHANNELS, NOTICES, PREFERENCES, all_past_damage},
};
use channels::Channel;

/// So many applications are named in a notice; more are counted.
pub(crate) const MOST_NAMED: usize = 100;

/// A notice in somebody's inbox, as it is stored under whose it is, whether it was read, and its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    pub(crate) kind: NoticeKind,
    pub(crate) about: About,
    /// The applications, as many as are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) applications: Vec<ApplicationId>,
    /// How many times it was caused besides.
    #[serde(default)]
    pub(crate) more: u64,
    pub(crate) since: DateTime<Utc>,
    pub(crate) at: DateTime<Utc>,
    /// When it was on its way out: from then on it says what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) told_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) read_at: Option<DateTime<Utc>>,
}

impl Notice {
    pub(crate) fn count(&self) -> u64 {
        self.applications.len() as u64 + self.more
    }
}

/// Where a notice is kept: unread ones together, so that counting them reads no others.
pub(crate) fn notice_key(user: UserId, is_read: bool, id: NoticeId) -> Vec<u8> {
    [&user.to_bytes()[..], &[u8::from(is_read)], &id.to_bytes()].concat()
}

/// Somebody's unread notices, the oldest first.
pub(crate) fn unread_scan(user: UserId) -> Scan {
    let prefix = [&user.to_bytes()[..], &[0]].concat();
    Scan::collection_under(Scope::Archive, NOTICES.collection(), prefix)
}

/// The id at the end of a key.
pub(crate) fn last_id<K>(key: &[u8]) -> Option<dossier_domain::id::Id<K>> {
    key.last_chunk().map(|bytes| dossier_domain::id::Id::from_bytes(*bytes))
}

/// What a notice is about, as policy sees it.
pub(crate) fn resource(about: About) -> Resource {
    match about {
        About::Position(position, stage) => Resource::Application { position, stage },
        About::Connection(_) | About::Channel(_) | About::Report(_) => Resource::Archive,
    }
}

/// Everybody who may be told something, and by which ways.
pub(crate) struct Audience {
    pub(crate) positions: BTreeMap<PositionId, Position>,
    users: Vec<User>,
    preferences: BTreeMap<UserId, Preferences>,
    pub(crate) channels: BTreeMap<ChannelId, Channel>,
    policy: Arc<PolicyTable>,
}

impl Audience {
    /// Whoever works here, with their rights of this moment.
    pub(crate) fn people(&self) -> impl Iterator<Item = (UserId, Actor)> + '_ {
        let active = self.users.iter().filter(|user| !user.is_suspended());
        let actor = |user: &User| {
            Actor::person(user.clone(), self.positions.values()).under(Arc::clone(&self.policy))
        };
        active.map(move |user| (user.id, actor(user)))
    }

    pub(crate) fn person(&self, user: UserId) -> Option<Actor> {
        self.people().find(|(id, _)| *id == user).map(|(_, actor)| actor)
    }

    pub(crate) fn preferences(&self, user: UserId) -> Preferences {
        self.preferences.get(&user).cloned().unwrap_or_default()
    }

    /// The channel of somebody: the one that they chose, or the one for all.
    pub(crate) fn channel_of(&self, preferences: &Preferences) -> Option<&Channel> {
        let chosen = preferences.channel.and_then(|id| self.channels.get(&id));
        let found = chosen.or_else(|| self.channels.values().find(|of| of.is_usual));
        let is_of_use = |of: &&Channel| match of.settings.kind {
            ChannelKind::Email => preferences.email.is_some(),
            kind => kind.is_for_people(),
        };
        found.filter(|of| of.suspended_at.is_none()).filter(is_of_use)
    }
}

/// Whether somebody hears of a kind of notice about something, now.
pub(crate) fn may_hear(actor: &Actor, kind: NoticeKind, about: About) -> bool {
    hears(actor, kind, &resource(about))
}

impl Archive {
    pub(crate) async fn audience(&self) -> Result<Audience> {
        fn values<T>(stored: Vec<Stored<T>>) -> impl Iterator<Item = T> {
            stored.into_iter().map(|stored| stored.value)
        }
        let (preferences, _) = all_past_damage(&self.store, PREFERENCES).await?;
        let of_user = |stored: Stored<Preferences>| Some((last_id(stored.key.id())?, stored.value));
        let (channels, _) = all_past_damage(&self.store, CHANNELS).await?;
        Ok(Audience {
            positions: records::positions(&self.store).await?,
            users: values(all_past_damage(&self.store, records::USERS).await?.0).collect(),
            preferences: preferences.into_iter().filter_map(of_user).collect(),
            channels: values(channels).map(|channel| (channel.id, channel)).collect(),
            policy: self.stored_policy().await?.table,
        })
    }

    /// A context of the archive's own job of telling people.
    pub(crate) fn as_teller(&self) -> Result<Context> {
        self.context(Actor::system(Job::Notices), Word::parse("notices")?)
    }

    /// The stored channels.
    pub(crate) async fn stored_channels(&self) -> Result<Vec<Stored<Channel>>> {
        Ok(self.store.all(CHANNELS, Scope::Archive).await?)
    }
}
