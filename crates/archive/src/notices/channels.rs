//! Setting up, testing, suspending and removing the channels by which notices leave.

use chrono::{DateTime, Utc};
use dossier_access::{Action, Context, Resource};
use dossier_domain::{ChannelId, ChannelKind, Language, PositionId, text::Line};
use dossier_notices::{Channel as Way, Content, Key, Message, Settings, WebhookSecret, Words, open};
use dossier_storage::{Scan, Scope, Stored, Tx};
use dossier_vendor::Secret;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::{deliver::Delivery, standing::Standing};
use crate::{
    Archive, Error, Problem, Result, What,
    permit::person,
    records::{CHANNEL_KEYS, CHANNEL_STANDINGS, CHANNELS, DELIVERIES, PREFERENCES, all_past_damage},
};

/// So many channels there are at most.
const MOST: usize = 50;
/// So many waiting messages are counted, and removed with one commit.
const PAGE: usize = 512;
/// The look-up that makes a name unique.
const NAME: &str = "channel";

/// A channel by which notices leave. Its key lies in a record of its own and is never part of this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// The channel's id.
    pub id: ChannelId,
    /// What people call it; unique in the archive.
    pub name: Line,
    /// What it is, and where it leads.
    pub settings: Settings,
    /// The positions whose moves a webhook tells of; all where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positions: Vec<PositionId>,
    /// Whether it is the channel of everybody who chose none.
    #[serde(default)]
    pub is_usual: bool,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// Since when nothing leaves by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<DateTime<Utc>>,
}

impl Channel {
    /// Whether a webhook tells of moves of this position.
    pub(crate) fn follows(&self, position: PositionId) -> bool {
        self.positions.is_empty() || self.positions.contains(&position)
    }
}

/// A channel to be set up.
pub struct NewChannel {
    /// What people call it.
    pub name: Line,
    /// What it is, and where it leads.
    pub settings: Settings,
    /// What it proves itself with. A webhook without a secret gets one.
    pub key: Key,
    /// The positions whose moves a webhook tells of; all where there is none.
    pub positions: Vec<PositionId>,
    /// Whether it is the channel of everybody who chose none.
    pub is_usual: bool,
}

/// What is to be another of a channel; what is left out stays.
#[derive(Default)]
pub struct ChannelChange {
    /// What people call it.
    pub name: Option<Line>,
    /// Where it leads; what it is stays.
    pub settings: Option<Settings>,
    /// What it proves itself with.
    pub key: Key,
    /// The positions whose moves a webhook tells of.
    pub positions: Option<Vec<PositionId>>,
    /// Whether it is the channel of everybody who chose none.
    pub is_usual: Option<bool>,
}

/// A channel that was set up.
pub struct AddedChannel {
    /// The channel.
    pub channel: Channel,
    /// The secret that was made for a webhook, which only this answer shows.
    pub secret: Option<Secret>,
}

/// A channel and how it stands.
#[derive(Debug, Clone)]
pub struct ChannelState {
    /// The channel.
    pub channel: Channel,
    /// How many messages wait for it, 512 standing for that many and more.
    pub waiting: u64,
    /// When it last took one.
    pub delivered_at: Option<DateTime<Utc>>,
    /// What is wrong with it, since when, and when it is tried again.
    pub trouble: Option<ChannelTrouble>,
    /// How many messages were given up.
    pub given_up: u64,
}

/// How a channel stands, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelCount {
    /// The channel.
    pub id: ChannelId,
    /// What it is.
    pub kind: ChannelKind,
    /// How many messages wait for it, 512 standing for that many and more.
    pub waiting: u64,
    /// Whether it does not get through.
    pub fails: bool,
    /// How many messages were given up.
    pub given_up: u64,
}

/// What is wrong with a channel.
#[derive(Debug, Clone)]
pub struct ChannelTrouble {
    /// In words, without secrets.
    pub problem: Problem,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it is tried again.
    pub retry_at: DateTime<Utc>,
}

/// What a channel proves itself with, in a record of its own.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct StoredKey {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl StoredKey {
    fn new(key: &Key) -> Self {
        let text = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.reveal().to_owned());
        Self { key: text(&key.key), secret: text(&key.secret) }
    }

    /// The same with what is given instead.
    fn with(self, other: Self) -> Self {
        Self { key: other.key.or(self.key), secret: other.secret.or(self.secret) }
    }

    fn open(self) -> Key {
        Key { key: self.key.map(Secret::new), secret: self.secret.map(Secret::new) }
    }
}

impl Archive {
    /// Sets up a channel. Its settings are checked, nobody is asked; [`Archive::test_channel`] does that.
    ///
    /// # Errors
    /// [`Error::Exists`] if the name is taken; [`Error::Channel`] if the settings make no sense.
    pub async fn add_channel(&self, ctx: &Context, new: NewChannel) -> Result<AddedChannel> {
        let permit = self.authorise(ctx, Action::ManageChannels, &Resource::Archive).await?;
        let NewChannel { name, settings, mut key, positions, is_usual } = new;
        let mut made = None;
        if settings.kind == ChannelKind::Webhook && key.secret.is_none() {
            let mut bytes = [0; 32];
            ctx.entropy().fill(&mut bytes).map_err(dossier_access::Error::Entropy)?;
            let text = WebhookSecret::write(&bytes);
            key.secret = Some(Secret::new(text.as_str()));
            made = Some(Secret::new(text.as_str()));
        }
        let stored_key = StoredKey::new(&key);
        open(&settings, key).map_err(Error::Channel)?;
        check_usual(is_usual, settings.kind)?;
        let others = self.stored_channels().await?;
        if others.len() >= MOST {
            return Err(Error::invalid(
                format!("渠道最多 {MOST} 个"),
                format!("there are at most {MOST} channels"),
            ));
        }
        self.check_positions(&positions).await?;
        if self.store.lookup(NAME, name.as_str().as_bytes()).await?.is_some() {
            return Err(Error::exists(What::Channel, &name));
        }
        let id = ctx.new_id()?;
        let channel =
            Channel { id, name, settings, positions, is_usual, created_at: ctx.now(), suspended_at: None };
        let mut tx = self.store.batch();
        tx.insert(CHANNELS, Scope::Archive, id.to_bytes(), &channel)?;
        tx.put(CHANNEL_KEYS, Scope::Archive, id.to_bytes(), &stored_key)?;
        tx.claim(NAME, channel.name.as_str().as_bytes(), &id.to_bytes())?;
        for other in others.iter().filter(|other| is_usual && other.value.is_usual) {
            tx.update(CHANNELS, other, &Channel { is_usual: false, ..other.value.clone() })?;
        }
        self.journal.change([permit.part("add_channel")?.on(id)], tx).await?;
        Ok(AddedChannel { channel, secret: made })
    }

    /// Changes a channel: its name, where it leads, its key. It is tried at once.
    ///
    /// # Errors
    /// As [`Archive::add_channel`]; [`Error::NotFound`].
    pub async fn change_channel(
        &self,
        ctx: &Context,
        id: ChannelId,
        change: ChannelChange,
    ) -> Result<Channel> {
        let permit = self.authorise(ctx, Action::ManageChannels, &Resource::Archive).await?;
        let stored = self.channel(id).await?;
        let known_key = self.store.get(CHANNEL_KEYS, Scope::Archive, id.to_bytes()).await?;
        let known_key = known_key.map(|stored| stored.value).unwrap_or_default();
        let new_key = known_key.with(StoredKey::new(&change.key));
        let before = stored.value.clone();
        let settings = change.settings.unwrap_or_else(|| before.settings.clone());
        if settings.kind != before.settings.kind {
            return Err(Error::invalid(
                "渠道的种类不能更改，请新建",
                "a channel stays what it is; set up another",
            ));
        }
        open(&settings, new_key.clone().open()).map_err(Error::Channel)?;
        let is_usual = change.is_usual.unwrap_or(before.is_usual);
        check_usual(is_usual, settings.kind)?;
        let positions = change.positions.unwrap_or(before.positions);
        self.check_positions(&positions).await?;
        let name = change.name.unwrap_or_else(|| before.name.clone());
        let changed = Channel { name, settings, positions, is_usual, ..stored.value.clone() };
        let mut tx = self.store.batch();
        if changed.name != before.name {
            if self.store.lookup(NAME, changed.name.as_str().as_bytes()).await?.is_some() {
                return Err(Error::exists(What::Channel, &changed.name));
            }
            tx.release(NAME, before.name.as_str().as_bytes())?;
            tx.claim(NAME, changed.name.as_str().as_bytes(), &id.to_bytes())?;
        }
        tx.update(CHANNELS, &stored, &changed)?;
        tx.put(CHANNEL_KEYS, Scope::Archive, id.to_bytes(), &new_key)?;
        self.mend(&mut tx, id).await?;
        for other in self.stored_channels().await?.iter().filter(|of| is_usual && of.value.is_usual) {
            if other.value.id != id {
                tx.update(CHANNELS, other, &Channel { is_usual: false, ..other.value.clone() })?;
            }
        }
        self.journal.change([permit.part("change_channel")?.on(id)], tx).await?;
        Ok(changed)
    }

    async fn mend(&self, tx: &mut Tx<'_>, id: ChannelId) -> Result<()> {
        let standing = self.store.get(CHANNEL_STANDINGS, Scope::Archive, id.to_bytes()).await?;
        if let Some(standing) = standing {
            tx.update(CHANNEL_STANDINGS, &standing, &standing.value.clone().mended())?;
        }
        Ok(())
    }

    async fn check_positions(&self, positions: &[PositionId]) -> Result<()> {
        let known = crate::records::positions(&self.store).await?;
        match positions.iter().find(|id| !known.contains_key(id)) {
            None => Ok(()),
            Some(id) => Err(Error::not_found(What::Position, id)),
        }
    }

    /// All channels and how they stand.
    ///
    /// # Errors
    /// [`Error::Denied`] for who manages no channels.
    pub async fn channels(&self, ctx: &Context) -> Result<Vec<ChannelState>> {
        let permit = self.authorise(ctx, Action::ManageChannels, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("list_channels")?).await?;
        let states = self.channel_states().await;
        self.conclude(intent, &states, &[]);
        states
    }

    /// How all channels stand, in numbers, for who watches over the machine. It shows nobody anything of what is sent.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn channel_counts(&self) -> Result<Vec<ChannelCount>> {
        let count = |of: ChannelState| ChannelCount {
            id: of.channel.id,
            kind: of.channel.settings.kind,
            waiting: of.waiting,
            fails: of.trouble.is_some(),
            given_up: of.given_up,
        };
        Ok(self.channel_states().await?.into_iter().map(count).collect())
    }

    pub(crate) async fn channel_states(&self) -> Result<Vec<ChannelState>> {
        let mut states = Vec::new();
        for stored in all_past_damage(&self.store, CHANNELS).await?.0 {
            let channel = stored.value;
            let standing = self.store.get(CHANNEL_STANDINGS, Scope::Archive, channel.id.to_bytes()).await?;
            let standing = standing.map(|stored| stored.value).unwrap_or_default();
            let waiting = self.store.records().scan(queue(channel.id)).await?.len() as u64;
            let Standing { delivered_at, given_up, .. } = standing;
            states.push(ChannelState {
                trouble: standing.trouble(),
                channel,
                waiting,
                delivered_at,
                given_up,
            });
        }
        Ok(states)
    }

    /// Sends a message by a channel that says so: to its group, to the mailbox of whoever asks, to its receiver.
    ///
    /// # Errors
    /// [`Error::Channel`] with what is wrong; [`Error::Invalid`] while the channel takes no more.
    pub async fn test_channel(&self, ctx: &Context, id: ChannelId) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManageChannels, &Resource::Archive).await?;
        let channel = self.channel(id).await?.value;
        let message = self.test_message(ctx, &channel).await?;
        let way = self.way_of(&channel).await?;
        let intent = self.journal.intend(permit.part("test_channel")?.on(id)).await?;
        let sent = async {
            self.spend(id, way.limits()).await?;
            way.send(&message, ctx.now()).await.map_err(Error::Channel)
        };
        let sent = sent.await;
        self.conclude(intent, &sent, &[]);
        if sent.is_ok() {
            self.note_delivery(ctx, id).await?;
        }
        sent
    }

    async fn test_message(&self, ctx: &Context, channel: &Channel) -> Result<Message> {
        let at = ctx.now();
        let content = match channel.settings.kind {
            ChannelKind::Webhook => {
                let event = serde_json::json!({ "type": "test", "timestamp": at, "data": {} });
                Content::Event(event.to_string().into())
            }
            _ => {
                let user = person(ctx)?.id;
                let stored = self.store.get(PREFERENCES, Scope::Archive, user.to_bytes()).await?;
                let preferences = stored.map(|stored| stored.value).unwrap_or_default();
                let language = preferences.language.unwrap_or(self.settings().language);
                let title = match language {
                    Language::Chinese => format!("卷宗：渠道“{}”测试成功", channel.name),
                    Language::English => format!("Dossier: the channel {} works", channel.name),
                };
                Content::Words(Words {
                    title,
                    lines: Vec::new(),
                    link: self.inbox_address(),
                    to: preferences.email,
                })
            }
        };
        let id: dossier_domain::NoticeId = ctx.new_id()?;
        Ok(Message { id: id.to_string(), at, content })
    }

    /// Stops a channel from sending anything, or lets it again.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn suspend_channel(&self, ctx: &Context, id: ChannelId, suspended: bool) -> Result<Channel> {
        let permit = self.authorise(ctx, Action::ManageChannels, &Resource::Archive).await?;
        let stored = self.channel(id).await?;
        let changed = Channel { suspended_at: suspended.then(|| ctx.now()), ..stored.value.clone() };
        let mut tx = self.store.batch();
        tx.update(CHANNELS, &stored, &changed)?;
        let action = if suspended { "suspend_channel" } else { "resume_channel" };
        if !suspended {
            // Whoever resumes it has mended it.
            self.mend(&mut tx, id).await?;
        }
        self.journal.change([permit.part(action)?.on(id)], tx).await?;
        Ok(changed)
    }

    /// Removes a channel, its key, and what waits for it.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn remove_channel(&self, ctx: &Context, id: ChannelId) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManageChannels, &Resource::Archive).await?;
        let stored = self.channel(id).await?;
        let mut tx = self.store.batch();
        tx.expect_unchanged(&stored);
        tx.delete(CHANNELS, Scope::Archive, id.to_bytes())?;
        tx.delete(CHANNEL_KEYS, Scope::Archive, id.to_bytes())?;
        tx.delete(CHANNEL_STANDINGS, Scope::Archive, id.to_bytes())?;
        tx.release(NAME, stored.value.name.as_str().as_bytes())?;
        let permit = permit.part("remove_channel")?.on(id);
        self.journal.change([permit.clone()], tx).await?;
        loop {
            let waiting = self.store.records().scan(queue(id)).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            let mut tx = self.store.batch();
            for (key, _) in &waiting {
                tx.delete::<Delivery>(DELIVERIES, Scope::Archive, key.id())?;
            }
            let permit = permit.part("forget_deliveries")?.on(id).count("messages", waiting.len() as u64);
            self.journal.change([permit], tx).await?;
        }
    }

    pub(crate) async fn channel(&self, id: ChannelId) -> Result<Stored<Channel>> {
        let stored = self.store.get(CHANNELS, Scope::Archive, id.to_bytes()).await?;
        stored.ok_or_else(|| Error::not_found(What::Channel, &id))
    }

    /// The way that a channel is.
    pub(crate) async fn way_of(&self, channel: &Channel) -> Result<Arc<dyn Way>> {
        let stored = self.store.get(CHANNEL_KEYS, Scope::Archive, channel.id.to_bytes()).await?;
        let key = stored.map(|stored| stored.value).unwrap_or_default().open();
        open(&channel.settings, key).map_err(Error::Channel)
    }
}

fn check_usual(is_usual: bool, kind: ChannelKind) -> Result<()> {
    match is_usual && !kind.is_for_people() {
        true => Err(Error::invalid("Webhook 不能作为通用渠道", "a webhook is no channel for people")),
        false => Ok(()),
    }
}

/// The first that waits for a channel.
pub(crate) fn queue(id: ChannelId) -> Scan {
    Scan::collection_under(Scope::Archive, DELIVERIES.collection(), id.to_bytes()).limit(PAGE)
}
