//! Notices: what people hear of without looking, and in which words. None names a candidate: what a notice says is made of
//! a closed set of [`Placeholder`]s, and the rest is behind a link.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{ChannelId, ConnectionId, Language, PositionId, SavedReportId, Stage, text::Email};

mod template;

pub use template::{Placeholder, Template, TemplateError, Texts};

/// Writes the enum, its list, names and labels from one table, so that none can be forgotten.
macro_rules! words {
    ($(#[$of:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $word:literal $zh:literal $en:literal;)* }) => {
        $(#[$of])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in code, API and on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What people read.
            pub fn label(self, language: Language) -> &'static str {
                let (chinese, english) = match self { $(Self::$variant => ($zh, $en),)* };
                language.pick(chinese, english)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let wanted = text.trim().to_lowercase().replace('-', "_");
                let found = Self::ALL.iter().copied().find(|one| one.name() == wanted || one.label(Language::Chinese) == wanted);
                found.ok_or_else(|| UnknownWord {
                    text: text.chars().take(40).collect(),
                    known: Self::ALL.iter().map(|one| one.name()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}
pub(crate) use words;

/// The text is none of a closed set of words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is none of: {known}")]
pub struct UnknownWord {
    text: String,
    known: String,
}

words! {
    /// What a notice is about.
    NoticeKind {
        /// There are new materials of a position, for its interviewers.
        Materials "materials" "新资料" "New materials";
        /// Somebody came into the background check, for those who make it.
        NewCase "new_case" "新的背调" "New background check";
        /// A rule suggests to move somebody on, for those who move.
        SuggestedMove "suggested_move" "建议推进" "Suggested move";
        /// A scorecard was handed in, for those who move.
        Scorecard "scorecard" "评分表已提交" "Scorecard handed in";
        /// A sync failed, or something was quarantined.
        SyncTrouble "sync_trouble" "同步异常" "Sync trouble";
        /// Materials are later than they should be.
        Lateness "lateness" "资料迟到" "Late materials";
        /// A channel does not take notices any more.
        ChannelTrouble "channel_trouble" "通知渠道异常" "Channel trouble";
        /// A kept report is due to be looked at, for its owner and those with whom it is shared.
        Report "report" "定期报表" "Scheduled report";
    }
}

words! {
    /// How somebody wants to hear of a kind of notice.
    Wish {
        /// Not at all.
        Not "not" "不通知" "Not at all";
        /// In the inbox of the pages alone.
        Inbox "inbox" "仅站内" "Inbox";
        /// In the inbox, and by their channel at once.
        AtOnce "at_once" "即时" "At once";
        /// In the inbox, and by their channel once a day.
        Daily "daily" "每日汇总" "Daily digest";
    }
}

words! {
    /// The sorts of channels by which notices leave.
    ChannelKind {
        /// A robot in a group of WeCom.
        WeCom "wecom" "企业微信机器人" "WeCom robot";
        /// A robot in a group of DingTalk.
        DingTalk "dingtalk" "钉钉机器人" "DingTalk robot";
        /// A robot in a group of Feishu.
        Feishu "feishu" "飞书机器人" "Feishu robot";
        /// Letters by SMTP.
        Email "email" "电子邮件" "E-mail";
        /// Stage moves for another program, as a webhook.
        Webhook "webhook" "Webhook" "Webhook";
    }
}

impl ChannelKind {
    /// Whether people can choose it for their notices; a webhook is for programs.
    pub fn is_for_people(self) -> bool {
        self != Self::Webhook
    }
}

impl NoticeKind {
    /// Whether it is about applications of a position, and not about the archive.
    pub fn is_about_applications(self) -> bool {
        matches!(self, Self::Materials | Self::NewCase | Self::SuggestedMove | Self::Scorecard)
    }

    /// What those get who have not said what they want.
    pub fn usual_wish(self) -> Wish {
        match self {
            Self::Materials | Self::NewCase | Self::SyncTrouble | Self::Report => Wish::AtOnce,
            Self::SuggestedMove | Self::Scorecard | Self::Lateness | Self::ChannelTrouble => Wish::Inbox,
        }
    }
}

/// What a notice is about, by ids alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Applications of a position that stood in this stage.
    Position(PositionId, Stage),
    /// A connection.
    Connection(ConnectionId),
    /// A channel.
    Channel(ChannelId),
    /// A kept report.
    Report(SavedReportId),
}

/// What somebody wants to hear of, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preferences {
    /// By kind, where they want something else than usual.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub wishes: BTreeMap<NoticeKind, Wish>,
    /// Their channel; without one, that of the archive, if it has one for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// Where letters go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The language of letters; that of the archive unless they say otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

impl Preferences {
    /// How they want to hear of a kind.
    pub fn wish(&self, kind: NoticeKind) -> Wish {
        self.wishes.get(&kind).copied().unwrap_or_else(|| kind.usual_wish())
    }
}

/// Whether a text can be the address of a mailbox: one `@` with something on both sides, and nothing that could add a line
/// or a second recipient to a letter.
pub fn is_mailbox(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let is_host = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    (1..=64).contains(&local.len())
        && local.chars().all(plain)
        && domain.len() <= 190
        && domain.contains('.')
        && domain.split('.').all(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_name_and_label_and_others_are_quoted_short() {
        for kind in NoticeKind::ALL {
            assert_eq!(kind.name().parse::<NoticeKind>().unwrap(), *kind);
            assert_eq!(kind.label(Language::Chinese).parse::<NoticeKind>().unwrap(), *kind);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for wish in Wish::ALL {
            assert_eq!(serde_json::to_value(wish).unwrap(), wish.name());
        }
        for kind in ChannelKind::ALL {
            assert_eq!(serde_json::from_value::<ChannelKind>(kind.name().into()).unwrap(), *kind);
        }
        let error = "x".repeat(900).parse::<Wish>().unwrap_err().to_string();
        assert!(error.len() < 120 && error.contains("at_once"), "{error}");
    }

    #[test]
    fn what_nobody_chose_is_as_usual() {
        let wishes = BTreeMap::from([(NoticeKind::Materials, Wish::Not)]);
        let of = Preferences { wishes, ..Preferences::default() };
        assert_eq!((of.wish(NoticeKind::Materials), of.wish(NoticeKind::NewCase)), (Wish::Not, Wish::AtOnce));
    }

    #[test]
    fn an_address_of_a_mailbox_holds_nothing_that_changes_a_letter() {
        for good in ["li@bank.example", "li.si+dossier@mail.bank.example"] {
            assert!(is_mailbox(good), "{good}");
        }
        for bad in [
            "",
            "li",
            "@b.c",
            "li@bank",
            "li@b..c",
            "a@b@c.d e",
            "a,b@c.d",
            "a@c.d>",
            "a b@c.d",
            "é@c.d",
            "a@-b.c",
        ] {
            assert!(!is_mailbox(bad), "{bad}");
        }
    }
}
