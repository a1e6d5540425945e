//! What can go wrong with the folder and its root key, in words for whoever set it up.

use std::{io, path::Path};

use dossier_archive::ErrorKind;
use dossier_domain::Language;

/// The result of a call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an archive could not be made or opened. [`Error::message`] is what the person reads.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The archive itself.
    #[error(transparent)]
    Archive(#[from] dossier_archive::Error),
    /// The folder, its keyring, or the root key.
    #[error("{en}")]
    Said {
        /// What it means to the caller.
        kind: ErrorKind,
        /// The sentence in Chinese.
        zh: String,
        /// The sentence in English.
        en: String,
    },
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Said { kind, zh: zh.into(), en: en.into() }
    }

    /// The operating system refused something about a file or folder.
    #[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
    pub fn io(place: impl AsRef<Path>, cause: io::Error) -> Self {
        let place = place.as_ref().display();
        match cause.kind() {
            io::ErrorKind::NotFound => Self::new(
                ErrorKind::NotFound,
                format!("没有 {place} 这个文件或目录"),
                format!("there is no {place}"),
            ),
            _ => Self::new(
                ErrorKind::Unavailable,
                format!("无法读写 {place}（{cause}）；请检查权限与磁盘空间"),
                format!(
                    "{place} can't be read or written ({cause}); check its permissions and the space on the disk"
                ),
            ),
        }
    }

    /// What it means to the caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Archive(error) => error.kind(),
            Self::Said { kind, .. } => *kind,
        }
    }

    /// The sentence for the person who asked.
    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Archive(error) => error.message(language),
            Self::Said { zh, en, .. } => language.pick(zh, en).to_owned(),
        }
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
        Self::new(dossier_archive::Error::from(error).kind(), zh, en)
    }
}
