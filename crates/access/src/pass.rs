//! With what a person came in, where it leaves them less than their roles give.

use std::{collections::BTreeSet, fmt, str::FromStr};

use dossier_domain::Language;
use serde::{Deserialize, Serialize};

use crate::{
    Action::{self, *},
    Error, Result,
    action::Target,
};

/// With what a person came in. It never adds to what their roles give.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Pass {
    /// With all that is asked for.
    #[default]
    Full,
    /// With a password alone, where two factors are demanded: they may set up the second, and do nothing else.
    PasswordOnly,
    /// With a token of theirs.
    Token(TokenScopes),
}

impl Pass {
    /// Whether who came in with this may do `action`, if their roles include it.
    pub(crate) fn admits(&self, action: Action) -> bool {
        match self {
            Self::Full => true,
            Self::PasswordOnly => matches!(action, ChangeSecondFactor | SignOut),
            Self::Token(scopes) => scopes.cover(action),
        }
    }
}

/// A part of what its owner may do, that a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// To search, and to see and take away materials.
    Read,
    /// To add materials, change tags, move stages and write scorecards.
    Write,
    /// To start synchronisations.
    Sync,
    /// To manage positions, connections, rules, users, keys and storage.
    Manage,
    /// To read, verify and export the operation log.
    Log,
}

impl TokenScope {
    /// All scopes.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Sync, Self::Manage, Self::Log];

    /// The name in code, API and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Sync => "sync",
            Self::Manage => "manage",
            Self::Log => "log",
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Read => ("读取", "Read"),
            Self::Write => ("修改", "Write"),
            Self::Sync => ("同步", "Synchronise"),
            Self::Manage => ("管理", "Manage"),
            Self::Log => ("日志", "Log"),
        };
        language.pick(chinese, english)
    }
}

impl fmt::Display for TokenScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for TokenScope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wanted = text.trim().to_lowercase();
        let is_called = |scope: &Self| scope.name() == wanted || scope.label(Language::Chinese) == wanted;
        Self::ALL
            .into_iter()
            .find(is_called)
            .ok_or_else(|| Error::UnknownScope(text.chars().take(40).collect()))
    }
}

/// The scopes of one token: at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeSet<TokenScope>", into = "BTreeSet<TokenScope>")]
pub struct TokenScopes(BTreeSet<TokenScope>);

impl TokenScopes {
    /// A set of these scopes.
    ///
    /// # Errors
    /// [`Error::NoScope`] for none.
    pub fn new(scopes: impl IntoIterator<Item = TokenScope>) -> Result<Self> {
        let scopes: BTreeSet<TokenScope> = scopes.into_iter().collect();
        if scopes.is_empty() { Err(Error::NoScope) } else { Ok(Self(scopes)) }
    }

    /// The scopes, in the order of [`TokenScope::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = TokenScope> + '_ {
        self.0.iter().copied()
    }

    /// Whether one of them covers the action.
    fn cover(&self, action: Action) -> bool {
        covering(action).iter().any(|scope| self.0.contains(scope))
    }
}

impl TryFrom<BTreeSet<TokenScope>> for TokenScopes {
    type Error = Error;
    fn try_from(scopes: BTreeSet<TokenScope>) -> Result<Self> {
        Self::new(scopes)
    }
}

impl From<TokenScopes> for BTreeSet<TokenScope> {
    fn from(scopes: TokenScopes) -> Self {
        scopes.0
    }
}

impl From<TokenScope> for TokenScopes {
    fn from(scope: TokenScope) -> Self {
        Self(BTreeSet::from([scope]))
    }
}

/// The scopes each of which covers an action. What is done to one's own account is covered by none: a token makes no
/// tokens, and changes no password.
fn covering(action: Action) -> &'static [TokenScope] {
    use TokenScope::{Log, Manage, Read, Sync, Write};
    match action {
        // Whoever changes an application sees that it is there.
        ViewApplication => &[Read, Write],
        ViewMaterial(_) | DownloadMaterial(_) | ViewIdentity | ViewScorecard | ViewClaims | ViewOffers
        | ViewTrail | ExportPipeline | Search | Report | ReportUse | ReadNotices => &[Read],
        Upload | ChangeTags | MoveStage | WriteScorecard | CheckClaims | RecordOffer | SaveSearches
        | ShareReports | ChangeNotices => &[Write],
        Action::Sync => &[Sync],
        ManagePositions | ManageConnections | ManageChannels | DeliverNotices | ManageRules | ManageKeys
        | MaintainStorage | Backup | Doctor | ManageSignIn | ManagePolicy | ManageReleases
        | GrantInterviewer | ManageUsers | GrantRole => &[Manage],
        ReadLog | VerifyLog | ExportLog => &[Log],
        // A link that sets somebody's password is given by a person, and the second of two persons is one.
        ResetSignIn | RedeemLink | ReleaseDownload => &[],
        SignIn | SignOut | ManageSessions | ChangePassword | ChangeSecondFactor | ManageTokens => {
            debug_assert!(action.target() == Target::Account);
            &[]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_found_by_their_names() {
        for scope in TokenScope::ALL {
            for name in [scope.name(), scope.label(Language::Chinese)] {
                assert_eq!(name.parse::<TokenScope>().unwrap(), scope);
            }
        }
        assert!("everything".parse::<TokenScope>().is_err());
        assert!(serde_json::from_str::<TokenScopes>("[]").is_err());
    }

    #[test]
    fn every_scope_covers_something_and_none_covers_ones_own_account() {
        for scope in TokenScope::ALL {
            assert!(Action::all().any(|action| TokenScopes::from(scope).cover(action)), "{scope}");
        }
        let everything = TokenScopes::new(TokenScope::ALL).unwrap();
        for action in Action::all() {
            let is_personal = action.target() == Target::Account
                || [ResetSignIn, RedeemLink, ReleaseDownload].contains(&action);
            assert_eq!(everything.cover(action), !is_personal, "{action}");
        }
    }
}
