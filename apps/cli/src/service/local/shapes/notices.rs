//! Notices and channels in the shapes of the API.

use dossier_archive::{ChannelKey, ChannelSettings, ChannelState, NoticeChoices, NoticeView};
use dossier_client::{
    channels::{Channel, ChannelChange, NewChannel, Standing, Trouble},
    notices::{Inbox, Notice, Offered, Wanted},
};
use dossier_domain::{Language, NoticeKind, Preferences};

pub(crate) fn inbox(of: dossier_archive::Inbox, language: Language) -> Inbox {
    let notice = |of: NoticeView| {
        let text = of.text(language).to_owned();
        let NoticeView { id, kind, position, applications, count, at, read_at, .. } = of;
        Notice { id, kind, text, position, applications, count, at, read_at }
    };
    Inbox { unread: of.unread, notices: of.notices.into_iter().map(notice).collect() }
}

pub(crate) fn wanted(of: NoticeChoices) -> Wanted {
    let wishes = NoticeKind::ALL.iter().map(|kind| (*kind, of.preferences.wish(*kind))).collect();
    let Preferences { channel, email, language, .. } = of.preferences;
    let offered = |of: dossier_archive::OfferedChannel| Offered {
        id: of.id,
        name: of.name,
        kind: of.kind,
        is_usual: of.is_usual,
    };
    Wanted { wishes, channel, email, language, channels: of.channels.into_iter().map(offered).collect() }
}

pub(crate) fn channel(of: dossier_archive::Channel) -> Channel {
    let ChannelSettings { kind, address, private_network, authorities, from, domains } = of.settings;
    Channel {
        id: of.id,
        name: of.name,
        kind,
        address,
        private_network,
        authorities,
        from,
        domains,
        positions: of.positions,
        is_usual: of.is_usual,
        created_at: of.created_at,
        suspended_at: of.suspended_at,
    }
}

pub(crate) fn channel_standing(of: ChannelState, language: Language) -> Standing {
    let trouble = of.trouble.map(|of| Trouble {
        problem: of.problem.text(language).to_owned(),
        since: of.since,
        retry_at: of.retry_at,
    });
    let (waiting, delivered_at, given_up) = (of.waiting, of.delivered_at, of.given_up);
    Standing { channel: channel(of.channel), waiting, delivered_at, trouble, given_up }
}

pub(crate) fn channel_change(
    of: ChannelChange,
    known: Option<ChannelSettings>,
) -> dossier_archive::ChannelChange {
    let ChannelChange { name, address, key, secret, positions, is_usual } = of;
    let settings = known.map(|known| ChannelSettings { address: address.or(known.address.clone()), ..known });
    dossier_archive::ChannelChange { name, settings, key: ChannelKey { key, secret }, positions, is_usual }
}

pub(crate) fn new_channel(of: NewChannel) -> dossier_archive::NewChannel {
    let NewChannel { name, kind, address, private_network, authorities, from, domains, .. } = of;
    dossier_archive::NewChannel {
        name,
        settings: ChannelSettings { kind, address, private_network, authorities, from, domains },
        key: ChannelKey { key: of.key, secret: of.secret },
        positions: of.positions,
        is_usual: of.is_usual,
    }
}
