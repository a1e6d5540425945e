//! What can go wrong with a vendor, and who can help: waiting, a person, nobody for this record, or a full sync.

use std::{fmt, time::Duration};

use dossier_domain::Language;

mod message;

/// The result of asking a vendor.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a vendor could not be used. Texts hold neither secrets nor personal data.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too many requests.
    RateLimited {
        /// How long the vendor asks us to wait, where it says so.
        retry_after: Option<Duration>,
        /// What is limited.
        scope: LimitScope,
    },
    /// Something that passes by itself.
    Transient {
        /// What it was.
        trouble: Trouble,
        /// The underlying error.
        #[source]
        source: Option<Source>,
    },
    /// The interview is not over yet, or not processed.
    NotReady,
    /// The vendor does not accept who we are.
    Auth(AuthProblem),
    /// The connection is set up wrongly.
    Configuration(ConfigurationProblem),
    /// The key is right but may not do this.
    Permission,
    /// The vendor does not know it.
    NotFound,
    /// The vendor had it and has deleted it.
    Gone,
    /// The vendor's data make no sense at one spot.
    Malformed(Malformed),
    /// The sync point is no longer good; sync in full.
    CursorExpired,
    /// A webhook was not accepted.
    Webhook(WebhookProblem),
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitScope {
    /// All that we do at this vendor.
    Connection,
    /// The one endpoint.
    Endpoint,
}

/// Trouble that passes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No connection came about.
    Connect,
    /// No answer, or no more of it, in time.
    Timeout,
    /// The vendor answered with this status of its own failure.
    Status(u16),
    /// The answer ended before its announced length.
    Cut,
    /// The link to the media was refused; it has expired, as a rule.
    LinkRefused,
    /// The media changed between two parts of its download.
    MediaChanged,
    /// The media's announced length and its bytes do not agree.
    LengthDisagrees,
}

/// Why the vendor does not accept who we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthProblem {
    /// The key is wrong or was withdrawn.
    Key,
    /// The key lacks a scope.
    Scope,
    /// Our address is not on the vendor's list.
    Address,
    /// The key has expired.
    Expired,
    /// Our clock and the vendor's differ too much.
    Clock,
}

/// What is set up wrongly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigurationProblem {
    /// No adapter has this name.
    UnknownVendor(String),
    /// A setting makes no sense.
    Setting {
        /// The setting's name.
        name: String,
        /// What it must be.
        expected: Phrase,
    },
    /// A URL names a host that the connection does not list.
    HostNotListed(String),
    /// A URL would not be encrypted.
    NotEncrypted(String),
    /// A host stands for an address inside of a network, where no vendor is.
    AddressForbidden(String),
    /// The vendor sends us on to another place.
    Redirected(u16),
    /// The vendor refuses the request as such.
    RequestRefused(u16),
    /// This machine has no usable certificates of authorities, or its TLS can't be set up.
    Tls,
}

/// Why a webhook was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookProblem {
    /// The connection has no webhook secret.
    NotConfigured,
    /// The signature is missing.
    Unsigned,
    /// The signature is wrong.
    Signature,
    /// The time in it lies too far from ours.
    Time,
    /// The signature is right and the content makes no sense.
    Content,
}

/// A spot in a vendor's data that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Where: a JSON Pointer (RFC 6901); empty for the whole document.
    pub pointer: String,
    /// What was expected there.
    pub expected: Phrase,
    /// What was there: its type, never its content.
    pub got: Got,
}

/// What was found instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Got {
    /// Nothing.
    Nothing,
    /// A JSON null.
    Null,
    /// True or false.
    Boolean,
    /// A number.
    Number,
    /// A text of so many characters.
    Text(usize),
    /// A list of so many entries.
    List(usize),
    /// An object.
    Object,
    /// No JSON; it breaks here.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// More than so many bytes.
    MoreThan(u64),
    /// What came before already.
    Repeated,
    /// Bytes that are of this media type.
    Media(&'static str),
}

/// A few words in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// The kinds of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// See [`Error::RateLimited`].
    RateLimited,
    /// See [`Error::Transient`].
    Transient,
    /// See [`Error::NotReady`].
    NotReady,
    /// See [`Error::Auth`].
    Auth,
    /// See [`Error::Configuration`].
    Configuration,
    /// See [`Error::Permission`].
    Permission,
    /// See [`Error::NotFound`].
    NotFound,
    /// See [`Error::Gone`].
    Gone,
    /// See [`Error::Malformed`].
    Malformed,
    /// See [`Error::CursorExpired`].
    CursorExpired,
    /// See [`Error::Webhook`].
    Webhook,
}

/// What helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Waiting and trying again.
    Retry,
    /// A person who changes something here or at the vendor.
    Person,
    /// Nothing for this one record; the others are not concerned.
    SetAside,
    /// A full sync.
    FullSync,
}

impl Error {
    /// Trouble of this sort without an underlying error.
    pub fn transient(trouble: Trouble) -> Self {
        Self::Transient { trouble, source: None }
    }

    /// Trouble of this sort, for the reason of `source`.
    pub fn transient_from(trouble: Trouble, source: impl Into<Source>) -> Self {
        Self::Transient { trouble, source: Some(source.into()) }
    }

    /// A setting that must be something else.
    pub fn setting(name: &str, expected: Phrase) -> Self {
        Self::Configuration(ConfigurationProblem::Setting { name: name.to_owned(), expected })
    }

    /// The kind of error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::RateLimited { .. } => ErrorKind::RateLimited,
            Self::Transient { .. } => ErrorKind::Transient,
            Self::NotReady => ErrorKind::NotReady,
            Self::Auth(_) => ErrorKind::Auth,
            Self::Configuration(_) => ErrorKind::Configuration,
            Self::Permission => ErrorKind::Permission,
            Self::NotFound => ErrorKind::NotFound,
            Self::Gone => ErrorKind::Gone,
            Self::Malformed(_) => ErrorKind::Malformed,
            Self::CursorExpired => ErrorKind::CursorExpired,
            Self::Webhook(_) => ErrorKind::Webhook,
        }
    }

    /// What helps.
    pub fn remedy(&self) -> Remedy {
        self.kind().remedy()
    }

    /// Whether an error that a person has to mend may concern the one record that was asked for, and no other: a right
    /// that is lacking for it, a request that the vendor refuses, a link that leads astray.
    pub fn may_concern_one(&self) -> bool {
        use ConfigurationProblem as P;
        match self {
            Self::Permission => true,
            Self::Configuration(problem) => matches!(
                problem,
                P::HostNotListed(_)
                    | P::NotEncrypted(_)
                    | P::AddressForbidden(_)
                    | P::Redirected(_)
                    | P::RequestRefused(_)
            ),
            _ => false,
        }
    }

    /// Whether the same request can succeed later with nothing changed by anyone.
    pub fn is_retryable(&self) -> bool {
        self.remedy() == Remedy::Retry
    }

    /// One clear sentence: what is wrong, where, and what to do.
    pub fn message(&self, language: Language) -> String {
        message::of(self, language)
    }
}

impl ErrorKind {
    /// What helps.
    pub fn remedy(self) -> Remedy {
        match self {
            Self::RateLimited | Self::Transient | Self::NotReady => Remedy::Retry,
            Self::Auth | Self::Configuration | Self::Permission => Remedy::Person,
            Self::NotFound | Self::Gone | Self::Malformed | Self::Webhook => Remedy::SetAside,
            Self::CursorExpired => Remedy::FullSync,
        }
    }

    /// The name in code, logs and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::RateLimited => "rate_limited",
            Self::Transient => "transient",
            Self::NotReady => "not_ready",
            Self::Auth => "auth",
            Self::Configuration => "configuration",
            Self::Permission => "permission",
            Self::NotFound => "not_found",
            Self::Gone => "gone",
            Self::Malformed => "malformed",
            Self::CursorExpired => "cursor_expired",
            Self::Webhook => "webhook",
        }
    }
}

impl Phrase {
    /// A few words in Chinese and in English.
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en }
    }

    /// The words of one language.
    pub fn text(self, language: Language) -> &'static str {
        language.pick(self.zh, self.en)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::English))
    }
}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

#[cfg(test)]
mod tests;
