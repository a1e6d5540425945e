//! The words of notices.

use std::collections::BTreeMap;

use dossier_domain::{
    About, ChannelId, ConnectionId, Language, PositionId,
    notice::Placeholder,
    text::{Line, PositionName},
};

use super::{Notice, rules::NoticeRules};
use crate::{
    Archive, Result,
    records::{self, CHANNELS, CONNECTIONS, all_past_damage},
};

/// The names that a notice may hold, and the texts.
pub(crate) struct Words {
    rules: NoticeRules,
    positions: BTreeMap<PositionId, PositionName>,
    connections: BTreeMap<ConnectionId, Line>,
    channels: BTreeMap<ChannelId, Line>,
}

impl Words {
    /// What a notice says.
    pub(crate) fn of(&self, notice: &Notice, language: Language) -> String {
        self.say(notice, notice.count(), language)
    }

    /// The same, of so many of what it is about.
    pub(crate) fn say(&self, notice: &Notice, count: u64, language: Language) -> String {
        let gone = || language.pick("（已删除）", "(removed)").to_owned();
        notice.kind.say(self.rules.texts.get(&notice.kind), language, |place| match (place, notice.about) {
            (Placeholder::Count, _) => count.to_string(),
            (Placeholder::Position, About::Position(id, _)) => {
                self.positions.get(&id).map_or_else(gone, ToString::to_string)
            }
            (Placeholder::Connection, About::Connection(id)) => {
                self.connections.get(&id).map_or_else(gone, ToString::to_string)
            }
            (Placeholder::Channel, About::Channel(id)) => {
                self.channels.get(&id).map_or_else(gone, ToString::to_string)
            }
            _ => String::new(),
        })
    }
}

impl Archive {
    pub(crate) async fn words(&self) -> Result<Words> {
        let positions = records::positions(&self.store).await?;
        let (connections, _) = all_past_damage(&self.store, CONNECTIONS).await?;
        let (channels, _) = all_past_damage(&self.store, CHANNELS).await?;
        Ok(Words {
            rules: self.notice_rules().await?,
            positions: positions.into_iter().map(|(id, position)| (id, position.name)).collect(),
            connections: connections.into_iter().map(|of| (of.value.id, of.value.name)).collect(),
            channels: channels.into_iter().map(|of| (of.value.id, of.value.name)).collect(),
        })
    }
}
