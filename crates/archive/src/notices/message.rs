//! Messages, made at the moment at which they leave: with the rights, the names and the stages of that moment.

use std::collections::{BTreeMap, BTreeSet};

use dossier_access::Actor;
use dossier_domain::{
    About, Application, ApplicationId, ChannelKind, Language, NoticeKind, Preferences, Wish,
};
use dossier_notices::{Content, Message, Words};
use dossier_storage::Stored;
use serde_json::json;

use super::{
    Audience, Notice,
    channels::Channel,
    compose::Words as Texts,
    deliver::{Delivery, Load},
    may_hear,
};
use crate::{Archive, Result};

/// A message and what it is made of.
pub(crate) struct Sending {
    pub(crate) deliveries: Vec<Stored<Delivery>>,
    pub(crate) notices: Vec<Stored<Notice>>,
    /// What it is about, where it is one notice.
    pub(crate) topic: Option<(NoticeKind, About)>,
    pub(crate) message: Message,
}

impl Archive {
    /// The message of these deliveries, which are about the same; none where nobody may hear it, or needs to.
    pub(crate) async fn composed(
        &self,
        channel: &Channel,
        audience: &Audience,
        texts: &Texts,
        deliveries: &[Stored<Delivery>],
    ) -> Result<Option<Sending>> {
        let Some(first) = deliveries.first() else { return Ok(None) };
        match &first.value.load {
            Load::Event { occasion, number, step } => {
                let followed =
                    channel.settings.kind == ChannelKind::Webhook && channel.follows(step.position);
                if !followed {
                    return Ok(None);
                }
                let position = audience.positions.get(&step.position);
                let event = json!({
                    "type": "application.moved",
                    "timestamp": step.at,
                    "data": {
                        "application": step.application,
                        "position": step.position,
                        "position_name": position.map(|of| &of.name),
                        "from": step.from.map(dossier_domain::Stage::name),
                        "to": step.to.stage.name(),
                        "step": step.to.step,
                        "outcome": step.outcome,
                        "at": step.at,
                        "by": step.by,
                    },
                });
                let id = format!("{occasion}_{number}");
                let message = Message { id, at: step.at, content: Content::Event(event.to_string().into()) };
                Ok(Some(Sending {
                    deliveries: deliveries.to_vec(),
                    notices: Vec::new(),
                    topic: None,
                    message,
                }))
            }
            Load::Digest { .. } => self.composed_digest(audience, texts, first).await,
            Load::Notice { .. } => self.composed_notice(channel, audience, texts, deliveries).await,
        }
    }

    async fn composed_notice(
        &self,
        channel: &Channel,
        audience: &Audience,
        texts: &Texts,
        deliveries: &[Stored<Delivery>],
    ) -> Result<Option<Sending>> {
        let (mut seen, mut more) = (BTreeSet::new(), 0);
        let (mut told, mut notices, mut preferences) = (Vec::new(), Vec::new(), Preferences::default());
        for delivery in deliveries {
            let Load::Notice { user, notice } = delivery.value.load else { continue };
            let (Some(actor), Some(stored)) =
                (audience.person(user), self.unread_notice(user, notice).await?)
            else {
                continue;
            };
            let wanted = audience.preferences(user);
            if wanted.wish(stored.value.kind) == Wish::Not {
                continue;
            }
            let Some(applications) = self.still_heard(&actor, &stored.value).await? else { continue };
            seen.extend(applications);
            more = more.max(stored.value.more);
            told.push(delivery.clone());
            notices.push(stored);
            preferences = wanted;
        }
        let Some(notice) = notices.first().map(|of| of.value.clone()) else { return Ok(None) };
        let Load::Notice { notice: id, .. } = told[0].value.load else { return Ok(None) };
        let language = self.language_for(channel.settings.kind, &preferences);
        let title = texts.say(&notice, seen.len() as u64 + more, language);
        let words = Words { title, lines: Vec::new(), link: self.inbox_address(), to: preferences.email };
        let message = Message { id: id.to_string(), at: notice.at, content: Content::Words(words) };
        Ok(Some(Sending { deliveries: told, notices, topic: Some((notice.kind, notice.about)), message }))
    }

    /// Those applications of a notice of which somebody may hear now, where they stand now; none if they may hear of
    /// nothing of it.
    pub(crate) async fn still_heard(
        &self,
        actor: &Actor,
        notice: &Notice,
    ) -> Result<Option<Vec<ApplicationId>>> {
        if !may_hear(actor, notice.kind, notice.about) {
            return Ok(None);
        }
        if !notice.kind.is_about_applications() {
            return Ok(Some(Vec::new()));
        }
        let now = self.applications_now(&notice.applications).await?;
        let is_heard =
            |of: &&Application| may_hear(actor, notice.kind, About::Position(of.position, of.stage()));
        let heard: Vec<ApplicationId> = now.values().filter(is_heard).map(|of| of.id).collect();
        Ok(if heard.is_empty() { None } else { Some(heard) })
    }

    /// Applications as they are now; those that are gone, or can't be read, are left out.
    async fn applications_now(&self, ids: &[ApplicationId]) -> Result<BTreeMap<ApplicationId, Application>> {
        let ids: BTreeSet<ApplicationId> = ids.iter().copied().collect();
        let known = crate::records::positions(&self.store).await?;
        let read = self.stored_applications(&ids, &known).await;
        let stored = match crate::quarantine::past_damage(read)? {
            Some(stored) => stored,
            None => {
                let mut all = BTreeMap::new();
                for id in ids {
                    let read = self.stored_applications(&BTreeSet::from([id]), &known).await;
                    all.extend(crate::quarantine::past_damage(read)?.unwrap_or_default());
                }
                all
            }
        };
        Ok(stored.into_iter().map(|(id, stored)| (id, stored.value)).collect())
    }

    async fn composed_digest(
        &self,
        audience: &Audience,
        texts: &Texts,
        delivery: &Stored<Delivery>,
    ) -> Result<Option<Sending>> {
        let Load::Digest { user, from, until } = delivery.value.load else { return Ok(None) };
        let Some(actor) = audience.person(user) else { return Ok(None) };
        let preferences = audience.preferences(user);
        let language = preferences.language.unwrap_or(self.settings().language);
        let mut lines = Vec::new();
        for stored in self.unread_of(user).await? {
            let notice = &stored.value;
            let is_summed_up =
                preferences.wish(notice.kind) == Wish::Daily && (from..until).contains(&notice.since);
            if !is_summed_up {
                continue;
            }
            if let Some(applications) = self.still_heard(&actor, notice).await? {
                lines.push(texts.say(notice, applications.len() as u64 + notice.more, language));
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let title = match language {
            Language::Chinese => format!("卷宗每日汇总：{} 条未读通知", lines.len()),
            Language::English => format!("Dossier, daily digest: unread notices: {}", lines.len()),
        };
        let words = Words { title, lines, link: self.inbox_address(), to: preferences.email };
        let message = Message {
            id: format!("digest_{user}_{}", until.timestamp()),
            at: until,
            content: Content::Words(words),
        };
        Ok(Some(Sending { deliveries: vec![delivery.clone()], notices: Vec::new(), topic: None, message }))
    }

    /// A group reads what the archive speaks, a person what they chose.
    fn language_for(&self, kind: ChannelKind, preferences: &Preferences) -> Language {
        let usual = self.settings().language;
        if kind == ChannelKind::Email { preferences.language.unwrap_or(usual) } else { usual }
    }
}
