//! What can go wrong on the command line, in words for the person at the terminal.

use std::{io, path::Path};

use dossier_domain::Language;
use dossier_search::QueryError;

use crate::exit::Kind;

/// The result of a command.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A use case failed.
    #[error(transparent)]
    Archive(dossier_archive::Error),
    /// The query can't be read; with its text, to point at the spot.
    #[error("{error}")]
    Query {
        #[source]
        error: QueryError,
        text: String,
    },
    /// Something on the command line's own side: a folder, a file, an argument.
    #[error("{en}")]
    Said { kind: Kind, zh: String, en: String },
}

impl Error {
    /// An error of the command line's own.
    pub(crate) fn new(kind: Kind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Said { kind, zh: zh.into(), en: en.into() }
    }

    /// Input that makes no sense.
    pub(crate) fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, zh, en)
    }

    /// The operating system refused something about a file or folder.
    #[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
    pub(crate) fn io(place: impl AsRef<Path>, cause: io::Error) -> Self {
        let place = place.as_ref().display();
        match cause.kind() {
            io::ErrorKind::NotFound => Self::new(
                Kind::NotFound,
                format!("没有 {place} 这个文件或目录"),
                format!("there is no {place}"),
            ),
            _ => Self::new(
                Kind::Unavailable,
                format!("无法读写 {place}（{cause}）；请检查权限与磁盘空间"),
                format!(
                    "{place} can't be read or written ({cause}); check its permissions and the space on the disk"
                ),
            ),
        }
    }

    /// With the text of the query, where the query was at fault.
    pub(crate) fn in_query(self, text: &str) -> Self {
        match self {
            Self::Archive(dossier_archive::Error::Query(error)) => {
                Self::Query { error, text: text.to_owned() }
            }
            other => other,
        }
    }

    /// The class, which decides the exit code.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Archive(error) => error.kind().into(),
            Self::Query { .. } => Kind::Invalid,
            Self::Said { kind, .. } => *kind,
        }
    }

    /// The sentence, or a few lines, for the person at the terminal.
    pub(crate) fn message(&self, language: Language) -> String {
        match self {
            Self::Archive(error) => error.message(language),
            Self::Query { error, text } => {
                let title = language.pick("检索式有误", "the query can't be read");
                format!("{title}\n{}", error.render(text, language))
            }
            Self::Said { zh, en, .. } => language.pick(zh, en).to_owned(),
        }
    }
}

impl From<dossier_archive::Error> for Error {
    fn from(error: dossier_archive::Error) -> Self {
        Self::Archive(error)
    }
}

impl From<dossier_access::Error> for Error {
    fn from(error: dossier_access::Error) -> Self {
        Self::Archive(error.into())
    }
}

impl From<dossier_seal::Error> for Error {
    /// What goes wrong with root key and keyring while an archive is made or opened.
    fn from(error: dossier_seal::Error) -> Self {
        use dossier_seal::Error as Seal;
        let zh = match &error {
            Seal::WrongKeyFile { expected, given } => {
                format!(
                    "这是另一个存档的密钥文件：此存档需要 {expected}，给出的是 {given}；用 --key-file 指明正确的文件"
                )
            }
            Seal::WrongPassphrase => "口令不对".to_owned(),
            Seal::NotAKeyFile => "这不是卷宗的密钥文件；用 --key-file 指明正确的文件".to_owned(),
            Seal::Damaged { what, .. } => format!("{what} 文件已损坏；请从备份中恢复该文件"),
            Seal::Unauthentic { .. } => {
                "密钥环被改动过，或与密钥不符；请从备份中恢复 keyring 文件".to_owned()
            }
            Seal::Newer { found, known, .. } => {
                format!("此存档的格式（{found}）比本版本所知（{known}）更新；请升级后再打开")
            }
            _ => return Self::Archive(error.into()),
        };
        let en = error.to_string();
        Self::new(dossier_archive::Error::from(error).kind().into(), zh, en)
    }
}
