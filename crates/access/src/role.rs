//! Roles, and the combinations of them that one person may hold.

use std::{collections::BTreeSet, fmt, str::FromStr};

use dossier_domain::Language;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A role: a set of duties, and of what goes with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// HR管理员: runs the hiring and all its materials.
    HrAdministrator,
    /// 面试官: opens the dossiers of the positions that they are responsible for.
    Interviewer,
    /// 背调人员: compares claims with assessments in the background check.
    BackgroundChecker,
    /// 审计员: reads and verifies the operation log, and does nothing else.
    Auditor,
    /// 系统管理员: users, keys, storage; no materials, and nothing else.
    SystemAdministrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [
        Self::HrAdministrator,
        Self::Interviewer,
        Self::BackgroundChecker,
        Self::Auditor,
        Self::SystemAdministrator,
    ];

    /// The name in code, API and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::HrAdministrator => "hr_administrator",
            Self::Interviewer => "interviewer",
            Self::BackgroundChecker => "background_checker",
            Self::Auditor => "auditor",
            Self::SystemAdministrator => "system_administrator",
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::HrAdministrator => ("HR管理员", "HR administrator"),
            Self::Interviewer => ("面试官", "Interviewer"),
            Self::BackgroundChecker => ("背调人员", "Background checker"),
            Self::Auditor => ("审计员", "Auditor"),
            Self::SystemAdministrator => ("系统管理员", "System administrator"),
        };
        language.pick(chinese, english)
    }

    /// Whether whoever holds it may hold no other (三员分立).
    pub fn is_exclusive(self) -> bool {
        matches!(self, Self::Auditor | Self::SystemAdministrator)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Role {
    type Err = Error;

    /// Takes the name (with `-` or `_`), both labels without regard to case, and `hr`, `sysadmin`.
    fn from_str(text: &str) -> Result<Self> {
        let wanted = text.trim().to_lowercase();
        let name = match wanted.replace(['-', ' '], "_").as_str() {
            "hr" => "hr_administrator".to_owned(),
            "sysadmin" => "system_administrator".to_owned(),
            other => other.to_owned(),
        };
        Self::ALL
            .into_iter()
            .find(|role| role.name() == name || role.label(Language::Chinese).to_lowercase() == wanted)
            .ok_or_else(|| Error::UnknownRole(text.chars().take(40).collect()))
    }
}

/// The roles of one user: at least one, and an exclusive one only by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeSet<Role>", into = "BTreeSet<Role>")]
pub struct RoleSet(BTreeSet<Role>);

impl RoleSet {
    /// A set of these roles.
    ///
    /// # Errors
    /// [`Error::NoRole`] for none, [`Error::ExclusiveRole`] for a combination that the separation of duties forbids.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Result<Self> {
        let roles: BTreeSet<Role> = roles.into_iter().collect();
        match roles.iter().find(|role| role.is_exclusive()) {
            _ if roles.is_empty() => Err(Error::NoRole),
            Some(role) if roles.len() > 1 => Err(Error::ExclusiveRole(*role)),
            _ => Ok(Self(roles)),
        }
    }

    /// The set with one role more.
    ///
    /// # Errors
    /// As [`RoleSet::new`].
    pub fn with(&self, role: Role) -> Result<Self> {
        Self::new(self.iter().chain([role]))
    }

    /// The set with one role less.
    ///
    /// # Errors
    /// As [`RoleSet::new`].
    pub fn without(&self, role: Role) -> Result<Self> {
        Self::new(self.iter().filter(|other| *other != role))
    }

    /// Whether the role is among them.
    pub fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// The roles, in the order of [`Role::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }
}

impl TryFrom<BTreeSet<Role>> for RoleSet {
    type Error = Error;
    fn try_from(roles: BTreeSet<Role>) -> Result<Self> {
        Self::new(roles)
    }
}

impl From<RoleSet> for BTreeSet<Role> {
    fn from(roles: RoleSet) -> Self {
        roles.0
    }
}

impl From<Role> for RoleSet {
    fn from(role: Role) -> Self {
        Self(BTreeSet::from([role]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_found_by_all_their_names() {
        for role in Role::ALL {
            for name in [role.name(), role.label(Language::Chinese), role.label(Language::English)] {
                assert_eq!(name.parse::<Role>().unwrap(), role);
            }
        }
        assert_eq!("hr-administrator".parse::<Role>().unwrap(), Role::HrAdministrator);
        assert!("root".parse::<Role>().unwrap_err().to_string().contains("root"));
    }

    #[test]
    fn exactly_the_lawful_combinations_exist() {
        for bits in 0..1u32 << Role::ALL.len() {
            let roles: BTreeSet<Role> = Role::ALL
                .into_iter()
                .enumerate()
                .filter(|(i, _)| bits >> i & 1 == 1)
                .map(|(_, r)| r)
                .collect();
            let lawful = !roles.is_empty()
                && (roles.len() == 1
                    || !roles.contains(&Role::Auditor) && !roles.contains(&Role::SystemAdministrator));
            assert_eq!(RoleSet::new(roles.clone()).is_ok(), lawful, "{roles:?}");
            let json = serde_json::to_string(&roles).unwrap();
            assert_eq!(serde_json::from_str::<RoleSet>(&json).is_ok(), lawful, "{json}");
        }
    }

    #[test]
    fn adding_and_taking_away_keep_the_rule() {
        let hr = RoleSet::from(Role::HrAdministrator);
        assert!(hr.with(Role::Interviewer).unwrap().contains(Role::Interviewer));
        assert!(matches!(hr.with(Role::Auditor), Err(Error::ExclusiveRole(Role::Auditor))));
        assert!(matches!(hr.without(Role::HrAdministrator), Err(Error::NoRole)));
    }
}
