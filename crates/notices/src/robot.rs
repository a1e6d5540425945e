//! Robots in groups of WeCom, DingTalk and Feishu. All three tell of failure inside of HTTP 200, with a code in the body.
//!
//! | | address | signed by | takes | codes that are known |
//! |---|---|---|---|---|
//! | WeCom | `…/cgi-bin/webhook/send?key=` | nothing | 20 a minute, 4,096 bytes | 93000 key, 45009 too many |
//! | DingTalk | `…/robot/send?access_token=` | `timestamp` and `sign` in the query | 20 a minute, else blocked for ten | 310000 what it demands, 130101 too many |
//! | Feishu | `…/open-apis/bot/v2/hook/` | `timestamp` and `sign` in the body | 5 a second, 100 a minute, 20 KB | 19021 signature, 19022 address, 19024 keyword, 9499 body, 11232 too many |

use std::time::Duration;

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use dossier_domain::ChannelKind;
use dossier_vendor::{Secret, http::Http};
use http::HeaderMap;
use ring::hmac;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::{Channel, Content, Fault, Limits, Message, Words, fault::Refusal};

/// The longest text, in bytes: what the strictest robot takes, less what stands around it.
const LONGEST: usize = 3800;
/// So long DingTalk takes nothing from a robot that said too much.
const BLOCKED: Duration = Duration::from_secs(600);

/// A robot.
pub(crate) struct Robot {
    pub(crate) kind: ChannelKind,
    pub(crate) http: Http,
    /// The address, the key included; it is never shown.
    pub(crate) address: Url,
    pub(crate) secret: Option<Secret>,
}

#[async_trait]
impl Channel for Robot {
    async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), Fault> {
        let Content::Words(words) = &message.content else { return Err(Fault::Unfit) };
        let (address, body) = self.request(words, now);
        let body = serde_json::to_vec(&body).map_err(|_| Fault::Unintelligible)?;
        let answer = self.http.post_json(address, body.into(), &HeaderMap::new()).await?;
        judged(self.kind, &answer.parse().map_err(|_| Fault::Unintelligible)?)
    }

    fn limits(&self) -> Limits {
        match self.kind {
            ChannelKind::Feishu => Limits { per_minute: 100, per_second: 5 },
            _ => Limits { per_minute: 20, per_second: 20 },
        }
    }
}

impl Robot {
    fn request(&self, words: &Words, now: DateTime<Utc>) -> (Url, Value) {
        let mut address = self.address.clone();
        let secret = self.secret.as_ref().map(Secret::reveal);
        let body = match self.kind {
            ChannelKind::WeCom => {
                json!({ "msgtype": "markdown", "markdown": { "content": markdown(words) } })
            }
            ChannelKind::DingTalk => {
                if let Some(secret) = secret {
                    let at = now.timestamp_millis();
                    let signature = dingtalk_signature(secret, at);
                    address
                        .query_pairs_mut()
                        .append_pair("timestamp", &at.to_string())
                        .append_pair("sign", &signature);
                }
                json!({ "msgtype": "text", "text": { "content": plain(words) } })
            }
            _ => {
                let mut body = json!({ "msg_type": "text", "content": { "text": plain(words) } });
                if let Some(secret) = secret {
                    let at = now.timestamp();
                    body["timestamp"] = at.to_string().into();
                    body["sign"] = feishu_signature(secret, at).into();
                }
                body
            }
        };
        (address, body)
    }
}

/// The signature of a request to DingTalk at a time in milliseconds, as it stands in the query before it is escaped.
pub fn dingtalk_signature(secret: &str, at: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, format!("{at}\n{secret}").as_bytes()))
}

/// The signature of a request to Feishu at a time in seconds: that of nothing, under time and secret.
pub fn feishu_signature(secret: &str, at: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, format!("{at}\n{secret}").as_bytes());
    STANDARD.encode(hmac::sign(&key, b""))
}

/// What a robot says of how it went, under one name or another; Feishu says it twice.
#[derive(Deserialize)]
struct Answer {
    errcode: Option<i64>,
    code: Option<i64>,
    #[serde(rename = "StatusCode")]
    status_code: Option<i64>,
}

fn judged(kind: ChannelKind, answer: &Answer) -> Result<(), Fault> {
    let code = match kind {
        ChannelKind::Feishu => answer.code.or(answer.status_code),
        _ => answer.errcode,
    };
    let code = code.ok_or(Fault::Unintelligible)?;
    let refusal = match (kind, code) {
        (_, 0) => return Ok(()),
        (ChannelKind::WeCom, 45009) | (ChannelKind::Feishu, 11232) => return Err(Fault::Limited(None)),
        (ChannelKind::DingTalk, 130_101) => return Err(Fault::Limited(Some(BLOCKED))),
        (ChannelKind::WeCom, 93000) => Refusal::Key,
        (ChannelKind::DingTalk, 310_000) => Refusal::Demand,
        (ChannelKind::Feishu, 19021) => Refusal::Signature,
        (ChannelKind::Feishu, 19022) => Refusal::Address,
        (ChannelKind::Feishu, 19024) => Refusal::Keyword,
        (ChannelKind::Feishu, 9499) => Refusal::Message,
        _ => Refusal::Unknown,
    };
    Err(Fault::Refused(code, refusal))
}

/// Words as text, in which nothing is taken for markup.
fn plain(words: &Words) -> String {
    let lines = std::iter::once(&words.title).chain(&words.lines).map(|line| tame(line));
    cut(&lines.chain(words.link.clone()).collect::<Vec<_>>().join("\n"))
}

/// The same in the little markdown that WeCom reads.
fn markdown(words: &Words) -> String {
    let title = format!("**{}**", tame(&words.title));
    let lines = words.lines.iter().map(|line| format!("> {}", tame(line)));
    let link = words.link.iter().map(|link| format!("[{link}]({link})"));
    cut(&std::iter::once(title).chain(lines).chain(link).collect::<Vec<_>>().join("\n"))
}

/// A name that somebody typed calls nobody, and is neither a link nor a tag.
fn tame(text: &str) -> String {
    let wide = |c| match c {
        '<' => '＜',
        '>' => '＞',
        '[' => '［',
        ']' => '］',
        '*' => '＊',
        '@' => '＠',
        other => other,
    };
    text.chars().map(wide).collect()
}

fn cut(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_signatures_hold() {
        let escaped: String =
            url::form_urlencoded::byte_serialize(dingtalk_signature("SECtest", 1_700_000_000_000).as_bytes())
                .collect();
        assert_eq!(escaped, "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D");
        assert_eq!(feishu_signature("demo", 1_700_000_000), "8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo=");
    }

    #[test]
    fn an_answer_is_judged_by_the_code_that_the_robot_is_known_for() {
        let judge = |kind, text| judged(kind, &serde_json::from_str(text).unwrap());
        let twice = r#"{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"#;
        assert_eq!(judge(ChannelKind::Feishu, twice), Ok(()));
        assert_eq!(judge(ChannelKind::Feishu, r#"{"StatusCode":0}"#), Ok(()));
        assert_eq!(judge(ChannelKind::WeCom, r#"{"errcode":0,"errmsg":"ok"}"#), Ok(()));
        for (kind, text) in [
            (ChannelKind::WeCom, r#"{"code":0}"#),
            (ChannelKind::Feishu, r#"{"errcode":0}"#),
            (ChannelKind::DingTalk, "{}"),
        ] {
            assert_eq!(judge(kind, text), Err(Fault::Unintelligible), "{kind} {text}");
        }
    }

    #[test]
    fn a_name_calls_nobody_and_a_long_text_is_cut_between_characters() {
        let words = Words {
            title: "<at user_id=\"all\">[x](http://evil)".to_owned(),
            lines: vec!["长".repeat(5000)],
            link: None,
            to: None,
        };
        for text in [plain(&words), markdown(&words)] {
            assert!(
                !text.contains(['<', '[', '@']) && text.len() <= LONGEST + 3 && text.ends_with('…'),
                "{}",
                text.len()
            );
        }
    }
}
