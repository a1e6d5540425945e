//! What can go wrong on the command line, in words for the person at the terminal.

use std::{io, path::Path};

use crate::exit::Kind;
use dossier_client::Problem;
use dossier_domain::Language;
use dossier_search::query::point_at;
use dossier_vendor::http::channel::Fault;

/// The result of a command.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A use case failed.
    #[error(transparent)]
    Archive(dossier_archive::Error),
    /// The server, or the way to it.
    #[error(transparent)]
    Server(dossier_client::Error),
    /// Something on the command line's own side: a folder, a file, an argument.
    #[error("{en}")]
    Said { kind: Kind, zh: String, en: String },
}

/// What may fail because of a query.
pub(crate) trait InQuery<T> {
    /// With the spot in the query's text, where the query was at fault.
    fn in_query(self, text: &str) -> Result<T>;
}

impl<T, E: Into<Error>> InQuery<T> for std::result::Result<T, E> {
    fn in_query(self, text: &str) -> Result<T> {
        self.map_err(|error| error.into().in_query(text))
    }
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
    pub(crate) fn io(place: impl AsRef<Path>, cause: io::Error) -> Self {
        dossier_folder::Error::io(place, cause).into()
    }

    /// With the spot in the query's text, where the query was at fault.
    fn in_query(self, text: &str) -> Self {
        match self {
            Self::Archive(dossier_archive::Error::Query(error)) => {
                Self::query(|language| error.render(text, language))
            }
            Self::Server(dossier_client::Error::Refused(Problem { mistake: Some(at), detail, .. })) => {
                Self::query(|language| {
                    point_at(text, at.start..at.end, &detail, at.suggestion.as_deref(), language)
                })
            }
            other => other,
        }
    }

    fn query(pointed: impl Fn(Language) -> String) -> Self {
        let said = |language: Language| {
            let title = language.pick("检索式有误", "the query can't be read");
            format!("{title}\n{}", pointed(language))
        };
        Self::invalid(said(Language::Chinese), said(Language::English))
    }

    /// The class, which decides the exit code.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Archive(error) => error.kind().into(),
            Self::Server(error) => error.kind().into(),
            Self::Said { kind, .. } => *kind,
        }
    }

    /// The sentence, or a few lines, for the person at the terminal.
    pub(crate) fn message(&self, language: Language) -> String {
        match self {
            Self::Archive(error) => error.message(language),
            Self::Server(error) => format!("{}{}", error.message(language), hint(error, language)),
            Self::Said { zh, en, .. } => language.pick(zh, en).to_owned(),
        }
    }
}

/// What may help besides.
fn hint(error: &dossier_client::Error, language: Language) -> &'static str {
    match error {
        dossier_client::Error::Unreachable { fault: Fault::Tls(_), .. } => language.pick(
            "；私有机构签发或自签名的证书，请用 --ca 文件 指明",
            "; name the certificate of a private authority, or the server's own, with --ca FILE",
        ),
        _ => "",
    }
}

impl From<dossier_client::Error> for Error {
    fn from(error: dossier_client::Error) -> Self {
        Self::Server(error)
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

impl From<dossier_folder::Error> for Error {
    fn from(error: dossier_folder::Error) -> Self {
        match error {
            dossier_folder::Error::Archive(error) => Self::Archive(error),
            dossier_folder::Error::Said { kind, zh, en } => Self::Said { kind: kind.into(), zh, en },
        }
    }
}

impl From<dossier_seal::Error> for Error {
    fn from(error: dossier_seal::Error) -> Self {
        dossier_folder::Error::from(error).into()
    }
}
