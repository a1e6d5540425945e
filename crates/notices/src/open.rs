//! Settings of a channel, checked, and the channel that they make.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use dossier_domain::{ChannelKind, text::Email};
use dossier_vendor::{
    Secret,
    http::{Http, HttpOptions},
};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use url::Url;

use crate::{Channel, Fault, Limits, Message, WebhookSecret, mail::Mail, robot::Robot, webhook::Webhook};

/// How long one message may take in all: a channel that drips holds up itself alone, and not for long.
const LONGEST: Duration = Duration::from_secs(20);
/// How long a connection may take to come about, and silence may last.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer, in bytes.
const LARGEST: u64 = 64 << 10;

/// Where a channel leads, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What it is.
    pub kind: ChannelKind,
    /// A webhook's address, or a mail server's (`smtps://USER@HOST`); for a robot another place than usual, such as a proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Url>,
    /// Whether it stands in the bank's own network, or on this machine.
    #[serde(default)]
    pub private_network: bool,
    /// Certificates in PEM that are trusted: by letters besides this machine's authorities, elsewhere instead of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorities: Option<String>,
    /// The mailbox that letters come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Email>,
    /// The domains to which letters may go; all where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
}

impl Settings {
    /// A channel of this kind where it usually is.
    pub fn new(kind: ChannelKind) -> Self {
        Self {
            kind,
            address: None,
            private_network: false,
            authorities: None,
            from: None,
            domains: Vec::new(),
        }
    }
}

/// What a channel proves itself with.
#[derive(Default)]
pub struct Key {
    /// A robot's key (its whole address, or what follows `key=`, `access_token=` or `hook/` in it), or the password of the
    /// mail server.
    pub key: Option<Secret>,
    /// The secret by which a robot's messages, or webhooks, are signed.
    pub secret: Option<Secret>,
}

/// Opens a channel.
///
/// # Errors
/// [`Fault::Setting`], [`Fault::Forbidden`].
pub fn open(settings: &Settings, key: Key) -> Result<Arc<dyn Channel>, Fault> {
    match settings.kind {
        ChannelKind::WeCom | ChannelKind::DingTalk | ChannelKind::Feishu => {
            let text = key.key.as_ref().map(Secret::reveal).unwrap_or_default();
            let address = robot_address(settings, text)?;
            let http = client(settings, &address)?;
            Ok(Arc::new(Hurried(Robot { kind: settings.kind, http, address, secret: key.secret })))
        }
        ChannelKind::Webhook => {
            let address = settings.address.clone().ok_or(Fault::Setting("address", "网址", "an address"))?;
            let secret = key.secret.as_ref().and_then(|secret| WebhookSecret::parse(secret.reveal()));
            let secret = secret.ok_or(Fault::Setting(
                "secret",
                " whsec_ 开头、其后为 24 到 64 字节的 base64",
                "whsec_ and 24 to 64 bytes in base 64",
            ))?;
            Ok(Arc::new(Hurried(Webhook { http: client(settings, &address)?, address, secret })))
        }
        ChannelKind::Email => Ok(Arc::new(Hurried(Mail::new(settings, key.key.as_ref())?))),
    }
}

fn client(settings: &Settings, address: &Url) -> Result<Http, Fault> {
    let options = HttpOptions {
        allow_loopback: settings.private_network,
        allow_private: settings.private_network,
        authorities: settings.authorities.as_ref().map(|pem| pem.clone().into_bytes()),
        connect_timeout: PATIENCE,
        read_timeout: PATIENCE,
        json_limit: LARGEST,
        ..HttpOptions::new(address.clone())
    };
    Ok(Http::new(&options)?)
}

/// The address of a robot with its key in it.
fn robot_address(settings: &Settings, key: &str) -> Result<Url, Fault> {
    let wrong =
        Fault::Setting("key", "机器人的完整地址或其中的密钥", "the robot's whole address, or the key in it");
    let (usual, parameter) = match settings.kind {
        ChannelKind::WeCom => ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send", Some("key")),
        ChannelKind::DingTalk => ("https://oapi.dingtalk.com/robot/send", Some("access_token")),
        _ => ("https://open.feishu.cn/open-apis/bot/v2/hook", None),
    };
    let usual = Url::parse(usual).map_err(|_| wrong.clone())?;
    let key = match Url::parse(key.trim()) {
        // Whoever pastes a whole address means its key; where it leads is not for the key to say.
        Ok(pasted) if pasted.has_host() => {
            if pasted.host() != usual.host() && settings.address.is_none() {
                return Err(wrong);
            }
            match parameter {
                Some(name) => {
                    pasted.query_pairs().find(|(known, _)| known == name).map(|(_, key)| key.into_owned())
                }
                None => pasted.path_segments().and_then(|mut parts| parts.next_back()).map(str::to_owned),
            }
        }
        _ => Some(key.trim().to_owned()),
    };
    let is_key = |key: &String| {
        (8..=200).contains(&key.len())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    let key = key.filter(is_key).ok_or(wrong)?;
    let mut address = settings.address.clone().unwrap_or(usual);
    match parameter {
        Some(name) => drop(address.query_pairs_mut().clear().append_pair(name, &key)),
        None => {
            let parts = address.path_segments_mut();
            let mut parts = parts.map_err(|()| Fault::Setting("address", "网址", "an address"))?;
            parts.pop_if_empty().push(&key);
        }
    }
    Ok(address)
}

/// A channel that is waited for only so long.
struct Hurried<C>(C);

#[async_trait]
impl<C: Channel> Channel for Hurried<C> {
    async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), Fault> {
        timeout(LONGEST, self.0.send(message, now)).await.unwrap_or(Err(Fault::Slow))
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(kind: ChannelKind, address: Option<&str>) -> Settings {
        Settings { address: address.map(|text| text.parse().unwrap()), ..Settings::new(kind) }
    }

    #[test]
    fn a_robot_is_found_by_its_key_or_its_whole_address() {
        for (kind, key, address) in [
            (
                ChannelKind::WeCom,
                "693a91f6-7xxx-4bc4",
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4",
            ),
            (
                ChannelKind::WeCom,
                " https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4 ",
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4",
            ),
            (
                ChannelKind::DingTalk,
                "abcdef0123",
                "https://oapi.dingtalk.com/robot/send?access_token=abcdef0123",
            ),
            (
                ChannelKind::Feishu,
                "https://open.feishu.cn/open-apis/bot/v2/hook/abcdef-0123",
                "https://open.feishu.cn/open-apis/bot/v2/hook/abcdef-0123",
            ),
        ] {
            assert_eq!(robot_address(&settings(kind, None), key).unwrap().as_str(), address);
        }
    }

    #[test]
    fn a_key_leads_nowhere_else() {
        for key in [
            "",
            "short",
            "https://evil.example/send?key=693a91f6-7xxx-4bc4",
            "../../../x/y/z",
            "a b c d e f g h",
        ] {
            for kind in [ChannelKind::WeCom, ChannelKind::DingTalk, ChannelKind::Feishu] {
                assert!(robot_address(&settings(kind, None), key).is_err(), "{kind} {key}");
            }
        }
    }

    #[test]
    fn an_address_within_a_network_wants_to_be_named_as_such() {
        let secret = || Some(Secret::new(WebhookSecret::write(&[1; 32]).as_str()));
        for address in ["http://127.0.0.1:9/x", "https://10.0.0.8/x", "http://hr.bank.example/x"] {
            let settings = settings(ChannelKind::Webhook, Some(address));
            let opened = open(&settings, Key { key: None, secret: secret() });
            assert_eq!(opened.err(), Some(Fault::Forbidden), "{address}");
        }
        let inside = Settings {
            private_network: true,
            ..settings(ChannelKind::Webhook, Some("http://127.0.0.1:9/x"))
        };
        assert!(open(&inside, Key { key: None, secret: secret() }).is_ok());
        let unsigned = open(&inside, Key::default());
        assert!(matches!(unsigned.err(), Some(Fault::Setting("secret", ..))));
    }
}
