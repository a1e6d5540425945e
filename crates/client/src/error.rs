//! What can go wrong between a program and the server, in words for the person who asked.

use dossier_domain::Language;
use dossier_vendor::http::channel::Fault;
use http::StatusCode;
use serde::Deserialize;
use url::Url;

/// The result of a request.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not answered as asked. [`Error::message`] is what the person reads.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server says what is wrong.
    #[error("{}", .0.detail)]
    Refused(Problem),
    /// There is no answer, or not all of it.
    #[error("{server}: {fault}")]
    Unreachable {
        /// The server's address.
        server: String,
        /// Why.
        #[source]
        fault: Fault,
    },
    /// It answers, and not as Dossier does.
    #[error("{server} does not answer as Dossier does: {got}")]
    Strange {
        /// The server's address.
        server: String,
        /// What came instead, cut.
        got: String,
    },
    /// It does not know what it is asked for.
    #[error("{server} is older than this program")]
    Older {
        /// The server's address.
        server: String,
    },
    /// What was fetched is no longer what it was when it was begun.
    #[error("this changed, or was given up, while it was fetched; begin anew")]
    Changed,
    /// Address, token or certificates can't be used.
    #[error("{en}")]
    Unusable {
        /// The sentence in Chinese.
        zh: String,
        /// The sentence in English.
        en: String,
    },
    /// What was to be sent can't be read.
    #[error("reading what is to be sent")]
    Reading(#[source] std::io::Error),
}

/// What an error means to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The input makes no sense.
    Invalid,
    /// Not allowed.
    Denied,
    /// The token is none, or no longer good.
    SignIn,
    /// Too many attempts; waiting helps.
    TooMany,
    /// Not there, or not to be known.
    NotFound,
    /// Something else was there first.
    Conflict,
    /// The server, the vendor, the network or a disk; trying again may help.
    Unavailable,
    /// What was stored is not what was written.
    Damaged,
    /// The server's keys do not fit.
    Keys,
}

/// A failure as the server tells it (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Problem {
    /// What sort of problem it is: `/problems/` and a stable name.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong this time, in the asker's language.
    pub detail: String,
    /// Where a query is wrong.
    #[serde(default)]
    pub mistake: Option<Mistake>,
}

/// Where a query is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mistake {
    /// The first character that is wrong, counted from 0.
    pub start: usize,
    /// The first one behind it that is not.
    pub end: usize,
    /// What would be right in its place, where that can be guessed.
    pub suggestion: Option<String>,
}

impl Problem {
    pub(crate) fn of(name: &str, detail: String) -> Self {
        Self { kind: format!("/problems/{name}"), status: 0, detail, mistake: None }
    }

    /// What no address can name is not there.
    pub(crate) fn absent(name: &str, language: Language) -> Self {
        let (zh, en) = (format!("没有“{name}”"), format!("there is nothing called \"{name}\""));
        Self::of("not-found", if language == Language::Chinese { zh } else { en })
    }

    /// All that is known of a failure without words.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let name = match status {
            StatusCode::UNAUTHORIZED => "not-signed-in",
            StatusCode::FORBIDDEN => "denied",
            StatusCode::NOT_FOUND => "not-found",
            StatusCode::CONFLICT => "conflict",
            status if status.is_client_error() => "invalid",
            _ => "unavailable",
        };
        Self { status: status.as_u16(), ..Self::of(name, format!("HTTP {status}")) }
    }

    fn name(&self) -> &str {
        self.kind.rsplit('/').next().unwrap_or_default()
    }

    /// Whether a server of this version would never say that.
    pub(crate) fn is_of_an_older_server(&self) -> bool {
        matches!(self.name(), "no-such-address" | "method" | "media-type" | "tus-version")
    }

    fn error_kind(&self) -> ErrorKind {
        match self.name() {
            "not-signed-in" => ErrorKind::SignIn,
            "denied" | "release-needed" | "not-from-our-pages" => ErrorKind::Denied,
            "too-many" => ErrorKind::TooMany,
            "not-found" => ErrorKind::NotFound,
            "conflict" | "changed" => ErrorKind::Conflict,
            "damaged" => ErrorKind::Damaged,
            "keys" => ErrorKind::Keys,
            "invalid" | "query" | "bad-request" | "too-large" => ErrorKind::Invalid,
            _ if (400..500).contains(&self.status) => ErrorKind::Invalid,
            _ => ErrorKind::Unavailable,
        }
    }
}

impl Error {
    pub(crate) fn unreachable(server: &Url, fault: Fault) -> Self {
        Self::Unreachable { server: server.to_string(), fault }
    }

    pub(crate) fn unusable(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Unusable { zh: zh.into(), en: en.into() }
    }

    /// What it means to the caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused(problem) => problem.error_kind(),
            Self::Unreachable { fault: Fault::NotEncrypted | Fault::Setup(_), .. }
            | Self::Unusable { .. } => ErrorKind::Invalid,
            Self::Changed => ErrorKind::Conflict,
            Self::Unreachable { .. } | Self::Strange { .. } | Self::Older { .. } | Self::Reading(_) => {
                ErrorKind::Unavailable
            }
        }
    }

    /// The sentence for the person who asked.
    pub fn message(&self, language: Language) -> String {
        let (zh, en) = match self {
            Self::Refused(problem) if problem.error_kind() == ErrorKind::SignIn => (
                "令牌无效、已过期或已撤销，请换一个".to_owned(),
                "the token is not valid, too old or revoked; use another".to_owned(),
            ),
            Self::Refused(problem) => return problem.detail.clone(),
            Self::Unreachable { server, fault } => unreachable(server, fault),
            Self::Strange { server, got } => (
                format!("{server} 的应答不是卷宗的（{got}）；请检查地址"),
                format!("{server} does not answer as Dossier does ({got}); is the address right?"),
            ),
            Self::Older { server } => (
                format!("服务器 {server} 不认识这项操作：它的版本较旧，请升级服务器"),
                format!("{server} does not know this operation: it is older than this program; upgrade it"),
            ),
            Self::Changed => (
                "传输期间内容有变动，或服务器已不再保留，请重新开始".to_owned(),
                "this changed, or was given up by the server, while it was on its way; begin anew".to_owned(),
            ),
            Self::Unusable { zh, en } => (zh.clone(), en.clone()),
            Self::Reading(cause) => (
                format!("无法读取要发送的内容：{cause}"),
                format!("what is to be sent can't be read: {cause}"),
            ),
        };
        if language == Language::Chinese { zh } else { en }
    }
}

fn unreachable(server: &str, fault: &Fault) -> (String, String) {
    match fault {
        Fault::NotEncrypted => (
            format!("{server} 没有加密；不加密的 http 只能用于本机，其他服务器请用 https"),
            format!("{server} is not encrypted; plain http is for this machine alone, use https"),
        ),
        Fault::Setup(cause) => {
            (format!("证书不可用：{cause}"), format!("the certificates can't be used: {cause}"))
        }
        Fault::Connect(cause) => (
            format!("连接不上 {server}（{cause}）；请检查地址，以及服务器是否在运行"),
            format!("{server} can't be reached ({cause}); is the address right, and the server running?"),
        ),
        Fault::Tls(cause) => (
            format!("与 {server} 的连接不可信（{cause}）"),
            format!("the connection to {server} can't be trusted ({cause})"),
        ),
        Fault::Timeout => (format!("{server} 太久没有应答"), format!("{server} was silent for too long")),
        Fault::NoHttp(cause) => (
            format!("{server} 没有以 HTTP 应答（{cause}）"),
            format!("{server} gave no answer in HTTP ({cause})"),
        ),
        Fault::Cut => (format!("{server} 的应答中断"), format!("the answer of {server} broke off")),
    }
}
