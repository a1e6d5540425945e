//! What went wrong, in classes, and the exit code of each: the one place that maps one to the other.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done |
//! | 1 | a fault in Dossier itself |
//! | 2 | wrong usage or invalid input, a query that can't be read included |
//! | 3 | not found, or not to be known |
//! | 4 | not allowed |
//! | 5 | in conflict with what is there, or the data folder is in use by another process |
//! | 6 | server, vendor, network or disk unavailable; trying again may help |
//! | 7 | data are damaged, or the operation log does not verify |
//! | 8 | wrong key file or passphrase, or an archive of a newer version |

use dossier_archive::ErrorKind;
use dossier_domain::Language;

/// A class of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Internal,
    Invalid,
    NotFound,
    Denied,
    Conflict,
    Unavailable,
    Damaged,
    Keys,
}

impl Kind {
    /// All classes, in the order of their codes.
    pub(crate) const ALL: [Self; 8] = [
        Self::Internal,
        Self::Invalid,
        Self::NotFound,
        Self::Denied,
        Self::Conflict,
        Self::Unavailable,
        Self::Damaged,
        Self::Keys,
    ];

    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Internal => 1,
            Self::Invalid => 2,
            Self::NotFound => 3,
            Self::Denied => 4,
            Self::Conflict => 5,
            Self::Unavailable => 6,
            Self::Damaged => 7,
            Self::Keys => 8,
        }
    }

    /// The name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Invalid => "invalid",
            Self::NotFound => "not_found",
            Self::Denied => "denied",
            Self::Conflict => "conflict",
            Self::Unavailable => "unavailable",
            Self::Damaged => "damaged",
            Self::Keys => "keys",
        }
    }

    fn meaning(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Internal => ("程序内部错误", "a fault in Dossier itself"),
            Self::Invalid => ("用法或输入有误", "wrong usage or invalid input"),
            Self::NotFound => ("找不到（或无权知晓）", "not found, or not to be known"),
            Self::Denied => ("无权执行", "not allowed"),
            Self::Conflict => {
                ("与现有内容冲突，或数据目录正被占用", "in conflict, or the data folder is in use")
            }
            Self::Unavailable => {
                ("服务器、供应商、网络或磁盘不可用", "server, vendor, network or disk unavailable")
            }
            Self::Damaged => ("数据损坏，或日志校验未通过", "damaged data, or the log does not verify"),
            Self::Keys => ("密钥文件或口令不对", "wrong key file or passphrase"),
        };
        language.pick(chinese, english)
    }
}

impl From<ErrorKind> for Kind {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Invalid => Self::Invalid,
            ErrorKind::Denied | ErrorKind::SignIn => Self::Denied,
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Conflict => Self::Conflict,
            ErrorKind::Unavailable | ErrorKind::TooMany => Self::Unavailable,
            ErrorKind::Damaged => Self::Damaged,
            ErrorKind::Keys => Self::Keys,
        }
    }
}

impl From<dossier_client::ErrorKind> for Kind {
    fn from(kind: dossier_client::ErrorKind) -> Self {
        use dossier_client::ErrorKind as Of;
        match kind {
            Of::Invalid => Self::Invalid,
            Of::Denied | Of::SignIn => Self::Denied,
            Of::NotFound => Self::NotFound,
            Of::Conflict => Self::Conflict,
            Of::Unavailable | Of::TooMany => Self::Unavailable,
            Of::Damaged => Self::Damaged,
            Of::Keys => Self::Keys,
        }
    }
}

/// The table of exit codes, for the end of the help.
pub(crate) fn help(language: Language) -> String {
    let mut text = language.pick("退出码：\n  0  完成", "Exit codes:\n  0  done").to_owned();
    for kind in Kind::ALL {
        text.push_str(&format!("\n  {}  {}", kind.code(), kind.meaning(language)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_table_above() {
        let table = include_str!("exit.rs");
        for kind in Kind::ALL {
            assert!(table.contains(&format!("//! | {} | ", kind.code())), "{kind:?}");
        }
        assert_eq!(Kind::ALL.map(Kind::code), [1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
