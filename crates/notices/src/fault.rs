//! Why a message did not leave, in words without secrets, and what helps.

use std::{fmt, time::Duration};

use dossier_domain::Language;
use dossier_vendor::{ConfigurationProblem, Error, Trouble};

/// Why a message did not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The channel takes no more for now; for how long, where it says so.
    Limited(Option<Duration>),
    /// Nobody answers.
    Away,
    /// No answer, or not all of it, in time.
    Slow,
    /// The other side failed, with this status.
    Failed(u16),
    /// The other side refuses with this status.
    Status(u16),
    /// It sends us on to another place, which is not followed.
    Redirected(u16),
    /// A robot refuses, with this code of its own, and this is what the code means as far as it is known.
    Refused(i64, Refusal),
    /// What came back makes no sense.
    Unintelligible,
    /// It can't be reached from here: an address that is not allowed, a link without encryption.
    Forbidden,
    /// A setting makes no sense: which, and what it must be.
    Setting(&'static str, &'static str, &'static str),
    /// The mailbox is not one that letters may go to, or is not known.
    Mailbox,
    /// The server of the letters refuses; with this code of SMTP.
    Smtp(u16),
    /// The receiver wants no more webhooks.
    Gone,
    /// It does not take this sort of message.
    Unfit,
}

/// What a robot's code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The robot is not there, or its key is wrong.
    Key,
    /// The signature is wrong, the address not on the list, or a keyword is missing: what the robot was set up to demand.
    Demand,
    /// The signature is wrong.
    Signature,
    /// Our address is not on its list.
    Address,
    /// It wants a keyword in each message.
    Keyword,
    /// It does not take the message as it is.
    Message,
    /// Not known.
    Unknown,
}

/// What helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Waiting; for so long, where it is known.
    Wait(Option<Duration>),
    /// A person who changes something here or there. It is tried again all the same, since they may do so there.
    Person,
    /// Nothing, for this message; others may pass.
    Drop,
}

impl Fault {
    /// What helps.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Limited(wait) => Remedy::Wait(*wait),
            Self::Away | Self::Slow | Self::Failed(_) | Self::Unintelligible => Remedy::Wait(None),
            Self::Refused(_, Refusal::Message) | Self::Mailbox | Self::Unfit => Remedy::Drop,
            Self::Smtp(code) if (550..=553).contains(code) => Remedy::Drop,
            Self::Smtp(code) if *code < 500 => Remedy::Wait(None),
            Self::Refused(_, Refusal::Unknown) => Remedy::Wait(None),
            _ => Remedy::Person,
        }
    }

    /// A code for the operation log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Limited(_) => "rate_limited",
            Self::Away => "away",
            Self::Slow => "slow",
            Self::Failed(_) => "failed",
            Self::Status(_) | Self::Refused(..) | Self::Smtp(_) => "refused",
            Self::Redirected(_) => "redirected",
            Self::Unintelligible => "unintelligible",
            Self::Forbidden => "address_forbidden",
            Self::Setting(..) => "settings",
            Self::Mailbox => "mailbox",
            Self::Gone => "gone",
            Self::Unfit => "unfit",
        }
    }

    /// One clear sentence.
    pub fn message(&self, language: Language) -> String {
        let fixed = match self {
            Self::Limited(_) => {
                ("对方限制了发送频率，稍后重试", "the channel takes no more for now; it is tried again later")
            }
            Self::Away => ("无法连接对方，稍后重试", "nobody answers; it is tried again later"),
            Self::Slow => {
                ("对方没有及时应答，稍后重试", "there was no answer in time; it is tried again later")
            }
            Self::Unintelligible => {
                ("对方的应答无法理解，稍后重试", "the answer makes no sense; it is tried again later")
            }
            Self::Forbidden => (
                "地址不可用：须为 https，且不得指向内部网络（行内的请勾选“在行内网络”）",
                "the address can't be used: it must be https and not lead into a network, unless the channel is marked as the bank's own",
            ),
            Self::Mailbox => ("没有可用的收件地址", "there is no mailbox that letters may go to"),
            Self::Gone => ("接收方表示不再接收（HTTP 410）", "the receiver wants no more of this (HTTP 410)"),
            Self::Unfit => ("此渠道不发送这类消息", "this channel does not carry such messages"),
            Self::Refused(code, refusal) => return refused(*code, *refusal, language),
            Self::Failed(status) => {
                return numbered(language, "对方出错（HTTP ", "the other side failed (HTTP ", *status);
            }
            Self::Status(status) => {
                return numbered(language, "对方拒绝（HTTP ", "the other side refuses (HTTP ", *status);
            }
            Self::Redirected(status) => {
                return numbered(
                    language,
                    "对方转向别处，未跟随（HTTP ",
                    "it sends us on to another place, which is not followed (HTTP ",
                    *status,
                );
            }
            Self::Smtp(code) => {
                return numbered(language, "邮件服务器拒绝（SMTP ", "the mail server refuses (SMTP ", *code);
            }
            Self::Setting(name, zh, en) => {
                return match language {
                    Language::Chinese => format!("设置项 {name} 应为{zh}"),
                    Language::English => format!("the setting {name} must be {en}"),
                };
            }
        };
        language.pick(fixed.0, fixed.1).to_owned()
    }
}

fn numbered(language: Language, zh: &str, en: &str, number: u16) -> String {
    match language {
        Language::Chinese => format!("{zh}{number}）"),
        Language::English => format!("{en}{number})"),
    }
}

fn refused(code: i64, refusal: Refusal, language: Language) -> String {
    let (zh, en) = match refusal {
        Refusal::Key => ("机器人不存在或密钥不对", "there is no such robot, or its key is wrong"),
        Refusal::Demand => (
            "机器人的安全设置未满足：请检查加签密钥、IP 白名单和关键词",
            "what the robot demands is not met: check its signing secret, its list of addresses and its keywords",
        ),
        Refusal::Signature => (
            "签名不对：请检查加签密钥和本机时钟",
            "the signature is wrong: check the signing secret and this machine's clock",
        ),
        Refusal::Address => {
            ("本机地址不在机器人的 IP 白名单中", "this machine's address is not on the robot's list")
        }
        Refusal::Keyword => ("机器人要求消息含有关键词", "the robot wants a keyword in each message"),
        Refusal::Message => ("机器人不接受这条消息", "the robot does not take this message"),
        Refusal::Unknown => ("机器人拒绝", "the robot refuses"),
    };
    match language {
        Language::Chinese => format!("{zh}（代码 {code}）"),
        Language::English => format!("{en} (code {code})"),
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::English))
    }
}

impl std::error::Error for Fault {}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        use ConfigurationProblem as P;
        match error {
            Error::RateLimited { retry_after, .. } => Self::Limited(retry_after),
            Error::Transient { trouble: Trouble::Status(status), .. } => Self::Failed(status),
            Error::Transient { trouble: Trouble::Connect, .. } => Self::Away,
            Error::Transient { .. } => Self::Slow,
            Error::Auth(_) => Self::Status(401),
            Error::Permission => Self::Status(403),
            Error::NotFound => Self::Status(404),
            Error::Gone => Self::Gone,
            Error::Configuration(P::Redirected(status)) => Self::Redirected(status),
            Error::Configuration(P::RequestRefused(status)) => Self::Status(status),
            Error::Configuration(P::HostNotListed(_) | P::NotEncrypted(_) | P::AddressForbidden(_)) => {
                Self::Forbidden
            }
            Error::Configuration(P::Tls) => Self::Setting(
                "TLS",
                "可用的根证书（请安装 ca-certificates）",
                "usable root certificates; install ca-certificates",
            ),
            _ => Self::Unintelligible,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_helps_follows_from_the_fault() {
        let wait = Duration::from_secs(600);
        for (fault, remedy) in [
            (Fault::Limited(Some(wait)), Remedy::Wait(Some(wait))),
            (Fault::Away, Remedy::Wait(None)),
            (Fault::Status(404), Remedy::Person),
            (Fault::Refused(93000, Refusal::Key), Remedy::Person),
            (Fault::Refused(9499, Refusal::Message), Remedy::Drop),
            (Fault::Refused(1, Refusal::Unknown), Remedy::Wait(None)),
            (Fault::Smtp(451), Remedy::Wait(None)),
            (Fault::Smtp(535), Remedy::Person),
            (Fault::Smtp(550), Remedy::Drop),
        ] {
            assert_eq!(fault.remedy(), remedy, "{fault}");
        }
    }
}
