//! What can go wrong in a use case, in words for the person who asked.

mod chinese;

use dossier_access::Reason;
use dossier_domain::Language;
use dossier_notices::Fault;

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not come to its end. [`Error::message`] is what the person reads.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such thing, or the actor may not know of it: both look exactly alike.
    #[error("{} not found: {name}", what.label(Language::English))]
    NotFound {
        /// What was asked for.
        what: What,
        /// How it was named, cut.
        name: String,
    },
    /// There is no such application, or none that the actor may judge: all of these look exactly alike.
    #[error(
        "this application takes no scorecard of yours: it has left the interviews or has ended, its position is closed \
         or no longer yours, or it does not exist"
    )]
    NotToBeJudged,
    /// The actor may know of it, but not do that.
    #[error("not allowed: {0}")]
    Denied(Reason),
    /// So much is taken away only when another person has released it.
    #[error(
        "from {from} applications within a day on, a batch download is released by another person, and {taken} were asked \
         for; ask for a release"
    )]
    ReleaseNeeded {
        /// From so many on.
        from: u32,
        /// How many it would have been within a day.
        taken: u64,
    },
    /// The input makes no sense.
    #[error("{en}")]
    Invalid {
        /// The sentence in Chinese.
        zh: String,
        /// The sentence in English.
        en: String,
    },
    /// Something else was there first, or came in between.
    #[error("{} exists already: {name}", what.label(Language::English))]
    Exists {
        /// What was to be made.
        what: What,
        /// Its name, cut.
        name: String,
    },
    /// What was under way was ended by a decision of HR.
    #[error("{en}")]
    Interrupted {
        /// The sentence in Chinese.
        zh: String,
        /// The sentence in English.
        en: String,
    },
    /// Somebody else changed the same thing at the same time.
    #[error("somebody else changed this at the same time; try again")]
    Conflict,
    /// Somebody else moved the application first.
    #[error(
        "somebody else has moved this application meanwhile, and it was not moved again; it stands in: {en}"
    )]
    Moved {
        /// Where it stands, in Chinese.
        zh: String,
        /// In English.
        en: String,
    },
    /// What the actor relied on is not as they saw it any more, and nothing was changed.
    #[error("this is no longer as it was seen and was not changed; read it again first")]
    Changed,
    /// Somebody has decided on the proposal already.
    #[error("this proposal has been decided on already")]
    Decided,
    /// Whoever wants to sign in is not let in. Why is in the log alone: unknown names, wrong passwords, wrong codes, locked
    /// and suspended accounts all look like this.
    #[error(
        "the sign-in name, the password or the code is wrong, or signing in is locked for a while after several failures"
    )]
    SignIn,
    /// Whoever comes from the bank's own login is not let in. Why is in the log alone, as for [`Error::SignIn`].
    #[error(
        "signing in by the bank's login did not succeed; try again, or ask the system administrator whether your account is set up here"
    )]
    ProviderSignIn,
    /// The bank's own login can't be reached, or does not take us for who we are.
    #[error("the bank's login is not available for the moment; try again later")]
    ProviderUnavailable,
    /// There is no bank's own login here.
    #[error("this archive knows no login but its own")]
    NoProvider,
    /// The session has ended, or the token is not or no longer valid.
    #[error("the session has ended or the token is not valid; sign in again")]
    SessionEnded,
    /// There were too many failures from this origin.
    #[error("too many failed attempts from here; try again in {seconds} seconds")]
    TooMany {
        /// When it is worth trying again.
        seconds: u64,
    },
    /// The one-time link was used, was replaced, or is too old.
    #[error("this link was used or replaced, or is too old; ask for a new one")]
    LinkSpent,
    /// The query can't be read.
    #[error(transparent)]
    Query(#[from] dossier_search::QueryError),
    /// The vendor.
    #[error("{}", .0.message(Language::English))]
    Vendor(#[from] dossier_vendor::Error),
    /// A channel of notices.
    #[error("{0}")]
    Channel(dossier_notices::Fault),
    /// The records or blobs.
    #[error(transparent)]
    Storage(dossier_storage::Error),
    /// The index.
    #[error(transparent)]
    Index(#[from] dossier_search::Error),
    /// The keys.
    #[error(transparent)]
    Seal(#[from] dossier_seal::Error),
    /// The operation log can't be written; nothing is served without it.
    #[error("the operation log can't be written, so nothing is served")]
    Log(#[source] Box<Error>),
    /// The actor, the log or the policy.
    #[error(transparent)]
    Access(#[from] dossier_access::Error),
    /// A file for people could not be made.
    #[error(transparent)]
    Report(#[from] dossier_report::Error),
    /// A file among others can't be read.
    #[error("{path}")]
    InFile {
        /// Its path, as the reader knows it.
        path: String,
        /// What is wrong with it.
        #[source]
        source: Box<Error>,
    },
    /// Reading what was given, or writing what was asked for, failed.
    #[error("{doing}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
}

/// A sort of thing that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A user.
    User,
    /// A position.
    Position,
    /// A connection.
    Connection,
    /// An application.
    Application,
    /// A material.
    Material,
    /// A session.
    Session,
    /// A token.
    Token,
    /// An upload under way.
    Upload,
    /// A proposal.
    Proposal,
    /// A search that somebody keeps.
    SavedSearch,
    /// A theme of the lexicon.
    Theme,
    /// A channel of notices.
    Channel,
    /// A report that somebody keeps.
    SavedReport,
    /// A batch download that waits for a release, or has one.
    Release,
}

impl What {
    /// The word that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::User => ("用户", "user"),
            Self::Position => ("岗位", "position"),
            Self::Connection => ("集成", "connection"),
            Self::Application => ("应聘", "application"),
            Self::Material => ("资料", "material"),
            Self::Session => ("会话", "session"),
            Self::Token => ("令牌", "token"),
            Self::Upload => ("上传", "upload"),
            Self::Proposal => ("方案", "proposal"),
            Self::SavedSearch => ("已存检索", "saved search"),
            Self::Theme => ("主题", "theme"),
            Self::Channel => ("通知渠道", "channel"),
            Self::SavedReport => ("已存报表", "saved report"),
            Self::Release => ("放行申请", "release"),
        };
        language.pick(chinese, english)
    }
}

/// What an error means to the caller; one place each maps it to an exit code and to an HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The input makes no sense.
    Invalid,
    /// Not allowed.
    Denied,
    /// It is not established who acts; signing in may help.
    SignIn,
    /// Too many attempts; waiting helps.
    TooMany,
    /// Not there, or not to be known.
    NotFound,
    /// Something else was there first.
    Conflict,
    /// The vendor, the network or the disk; trying again may help.
    Unavailable,
    /// What was stored is not what was written, or does not open with these keys.
    Damaged,
    /// A wrong key, or an archive of a newer format.
    Keys,
}

impl Error {
    pub(crate) fn not_found(what: What, name: &(impl ToString + ?Sized)) -> Self {
        Self::NotFound { what, name: cut(&name.to_string()) }
    }

    pub(crate) fn exists(what: What, name: &(impl ToString + ?Sized)) -> Self {
        Self::Exists { what, name: cut(&name.to_string()) }
    }

    pub(crate) fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid { zh: zh.into(), en: en.into() }
    }

    /// Input that makes no sense, for a reason that is there in both languages.
    pub(crate) fn in_words(message: impl Fn(Language) -> String) -> Self {
        Self::invalid(message(Language::Chinese), message(Language::English))
    }

    /// What it means to the caller.
    pub fn kind(&self) -> ErrorKind {
        use dossier_seal::ErrorKind as Seal;
        use dossier_search::ErrorKind as Index;
        use dossier_storage::ErrorKind as Storage;
        match self {
            Self::NotFound { .. } | Self::NotToBeJudged | Self::LinkSpent | Self::NoProvider => {
                ErrorKind::NotFound
            }
            Self::SignIn | Self::ProviderSignIn | Self::SessionEnded => ErrorKind::SignIn,
            Self::TooMany { .. } => ErrorKind::TooMany,
            Self::Denied(_) | Self::ReleaseNeeded { .. } => ErrorKind::Denied,
            Self::Invalid { .. } | Self::Query(_) | Self::Report(_) => ErrorKind::Invalid,
            Self::Exists { .. }
            | Self::Interrupted { .. }
            | Self::Conflict
            | Self::Moved { .. }
            | Self::Changed
            | Self::Decided => ErrorKind::Conflict,
            // Nothing is wrong with the vendor yet: it can't be asked like that.
            Self::Vendor(error) if error.kind() == dossier_vendor::ErrorKind::Configuration => {
                ErrorKind::Invalid
            }
            Self::Channel(Fault::Setting(..) | Fault::Forbidden | Fault::Mailbox | Fault::Unfit) => {
                ErrorKind::Invalid
            }
            Self::Channel(_)
            | Self::Vendor(_)
            | Self::ProviderUnavailable
            | Self::Log(_)
            | Self::Io { .. } => ErrorKind::Unavailable,
            Self::Storage(error) => match error.kind() {
                Storage::Damaged => ErrorKind::Damaged,
                Storage::Missing => ErrorKind::NotFound,
                Storage::Invalid => ErrorKind::Invalid,
                _ => ErrorKind::Unavailable,
            },
            Self::InFile { source, .. } => source.kind(),
            Self::Index(error) => match error.kind() {
                Index::Rebuild => ErrorKind::Damaged,
                Index::Invalid => ErrorKind::Invalid,
                _ => ErrorKind::Unavailable,
            },
            Self::Seal(error) => match error.kind() {
                Seal::Damaged => ErrorKind::Damaged,
                _ => ErrorKind::Keys,
            },
            Self::Access(error) => match error.kind() {
                dossier_access::ErrorKind::Damaged => ErrorKind::Damaged,
                dossier_access::ErrorKind::Invalid => ErrorKind::Invalid,
                _ => ErrorKind::Unavailable,
            },
        }
    }

    /// Whether it comes from one record and not from the store as a whole: the records beside it can be written.
    pub(crate) fn concerns_one_record(&self) -> bool {
        use dossier_storage::{Error as Storage, ErrorKind};
        match self {
            // A candidate's key that can't be unwrapped.
            Self::Storage(Storage::Seal { .. }) => true,
            Self::Storage(error) => {
                let of_one = [ErrorKind::Invalid, ErrorKind::Erased, ErrorKind::Damaged, ErrorKind::Missing];
                of_one.contains(&error.kind())
            }
            _ => false,
        }
    }

    /// Whether nothing goes on before the archive is opened anew: a write failed, and what is on the disk is only known then.
    pub fn wants_restart(&self) -> bool {
        match self {
            Self::Storage(error) => matches!(error, dossier_storage::Error::Stopped { .. }),
            Self::Log(cause) => cause.wants_restart(),
            _ => false,
        }
    }

    /// Whether it comes down to a full disk. The libraries between keep the operating system's words, not its code.
    pub fn is_disk_full(&self) -> bool {
        let below = matches!(self, Self::Storage(_) | Self::Index(_) | Self::Log(_) | Self::Io { .. });
        below
            && ["os error 28", "os error 122", "no storage space"]
                .iter()
                .any(|code| with_sources(self).contains(code))
    }

    /// Whether what is wrong is wrong inside, where paths and files have names that are nobody's business.
    pub fn is_inside(&self) -> bool {
        matches!(self.kind(), ErrorKind::Unavailable | ErrorKind::Damaged | ErrorKind::Keys)
            && !self.is_disk_full()
            && !self.concerns_one_record()
            && !matches!(self, Self::Vendor(_) | Self::Channel(_) | Self::ProviderUnavailable)
    }

    /// The sentence for whoever does not run the machine: [`message`](Self::message), unless that would tell of its inside.
    pub fn told(&self, language: Language) -> String {
        if !self.is_inside() {
            return self.message(language);
        }
        let text = language.pick(
            "存储、索引或密钥出了问题，暂时无法提供；原因见服务器日志，请联系系统管理员",
            "storage, index or keys are in trouble; the server's log says why, please tell the system administrator",
        );
        text.to_owned()
    }

    /// The sentence for the person who asked, on the machine itself.
    pub fn message(&self, language: Language) -> String {
        if self.is_disk_full() {
            let text = language.pick(
                "磁盘已满，操作未完成；请腾出空间后重试，已保存的内容没有丢失",
                "the disk is full, so this was not done; make room and try again; nothing that was saved is lost",
            );
            return text.to_owned();
        }
        if language == Language::English {
            return match self {
                Self::Query(error) => error.message(language).to_owned(),
                other => with_sources(other),
            };
        }
        match self {
            Self::NotFound { what, name } => format!("找不到{}：{name}", what.label(language)),
            Self::NotToBeJudged => {
                "此应聘不再接受您的评分表：可能已离开面试阶段或已结束，岗位已关闭或不再由您负责，或并不存在"
                    .to_owned()
            }
            Self::Denied(reason) => format!("无权执行：{}", reason.label(language)),
            Self::ReleaseNeeded { from, taken } => {
                format!("一天内批量下载满 {from} 份应聘须由另一人放行，加上这次共 {taken} 份；请申请放行")
            }
            Self::Invalid { zh, .. } | Self::Interrupted { zh, .. } => zh.clone(),
            Self::Exists { what, name } => format!("{}已存在：{name}", what.label(language)),
            Self::Conflict => "他人同时修改了同一内容，请重试".to_owned(),
            Self::Moved { zh, .. } => format!("他人已先变更了此应聘的阶段，现为“{zh}”；本次没有变更"),
            Self::Changed => "内容已与所见的不同，没有修改；请重新读取后再试".to_owned(),
            Self::Decided => "这个方案已有人处理过了".to_owned(),
            Self::SignIn => "用户名、密码或验证码不正确，或因多次失败暂时锁定".to_owned(),
            Self::ProviderSignIn => "统一登录未成功；请重试，或请系统管理员确认您在这里已有账号".to_owned(),
            Self::ProviderUnavailable => "统一登录暂时无法使用，请稍后重试".to_owned(),
            Self::NoProvider => "本系统没有接入统一登录".to_owned(),
            Self::SessionEnded => "会话已结束或令牌无效，请重新登录".to_owned(),
            Self::TooMany { seconds } => format!("此处失败次数过多，请在 {seconds} 秒后重试"),
            Self::LinkSpent => "链接已使用、已被替换或已过期，请索取新的链接".to_owned(),
            Self::Query(error) => error.message(language).to_owned(),
            Self::Vendor(error) => error.message(language),
            Self::Channel(fault) => fault.message(language),
            Self::Storage(error) => chinese::storage(error),
            Self::Index(error) => chinese::index(error),
            Self::Seal(error) => chinese::seal(error),
            Self::Log(source) => {
                format!("操作日志无法写入，因此不提供任何内容：{}", source.message(language))
            }
            Self::InFile { path, source } => format!("{path}：{}", source.message(language)),
            Self::Report(error) => error.chinese(),
            Self::Access(error) => chinese::access(error),
            Self::Io { .. } => format!("读写文件出错：{}", with_sources(self)),
        }
    }
}

impl From<dossier_storage::Error> for Error {
    fn from(error: dossier_storage::Error) -> Self {
        match error.kind() {
            dossier_storage::ErrorKind::Conflict => Self::Conflict,
            _ => Self::Storage(error),
        }
    }
}

/// The error and what it came from, in one line.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.ends_with(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    text
}

fn cut(name: &str) -> String {
    name.chars().take(80).collect()
}
