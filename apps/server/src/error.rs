//! What can go wrong before the server serves.

use std::io;

use dossier_domain::Language;

/// The result of starting.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the server does not serve.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Folder(#[from] dossier_folder::Error),
    #[error("{en}")]
    Said { zh: String, en: String },
}

impl Error {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Said { zh: zh.into(), en: en.into() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
    pub(crate) fn from_archive(error: dossier_archive::Error) -> Self {
        Self::new(error.message(Language::Chinese), error.message(Language::English))
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
    pub(crate) fn io(what: impl AsRef<str>, cause: io::Error) -> Self {
        let what = what.as_ref();
        match cause.kind() {
            io::ErrorKind::AddrInUse => Self::new(
                format!("{what} 已被占用；请在配置中换一个 listen 地址"),
                format!("{what} is in use; choose another address with `listen`"),
            ),
            _ => Self::new(format!("{what}：{cause}"), format!("{what}: {cause}")),
        }
    }

    /// The sentence for whoever started the server.
    pub(crate) fn message(&self, language: Language) -> String {
        match self {
            Self::Folder(error) => error.message(language),
            Self::Said { zh, en } => language.pick(zh, en).to_owned(),
        }
    }
}

impl From<dossier_archive::Error> for Error {
    fn from(error: dossier_archive::Error) -> Self {
        Self::Folder(error.into())
    }
}

impl From<dossier_access::Error> for Error {
    fn from(error: dossier_access::Error) -> Self {
        dossier_archive::Error::from(error).into()
    }
}
