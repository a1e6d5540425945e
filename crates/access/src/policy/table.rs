//! The part of the policy that a bank decides for itself: which kinds of material a role sees at which stage.
//!
//! What no bank may decide stands in [`PolicyTable::limit`]: what separates duties, and what the law forbids. A cell that
//! says more than its limit counts as the limit, however it came to be stored.

use std::{collections::BTreeMap, fmt, str::FromStr};

use dossier_domain::{Language, MaterialKind, Stage};
use serde::{Deserialize, Serialize};

use super::duties::{self, Duties};
use crate::{Error, Result, Role};

/// What a role may do with a kind of material at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Nothing: it does not exist.
    Nothing,
    /// To view it.
    View,
    /// To view it, and to take it away.
    Download,
}

impl Sight {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::View, Self::Download];

    /// The name in code and API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::View => "view",
            Self::Download => "download",
        }
    }

    /// What people read.
    pub fn label(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Nothing => ("–", "–"),
            Self::View => ("查看", "view"),
            Self::Download => ("下载", "download"),
        };
        language.pick(zh, en)
    }
}

impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Sight {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|of| of.name() == text.trim());
        found.ok_or_else(|| Error::UnknownSight(text.chars().take(40).collect()))
    }
}

/// A cell of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The role.
    pub role: Role,
    /// The stage in which an application stands.
    pub stage: Stage,
    /// The kind of material.
    pub kind: MaterialKind,
}

impl Cell {
    /// Every cell, role by role and stage by stage.
    pub fn all() -> impl Iterator<Item = Self> {
        Role::ALL.into_iter().flat_map(|role| {
            let of_stage =
                move |stage| MaterialKind::ALL.into_iter().map(move |kind| Self { role, stage, kind });
            Stage::ALL.into_iter().flat_map(of_stage)
        })
    }
}

/// Which kinds of material each role sees at each stage: what a bank has decided otherwise than is usual.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(Cell, Sight)>", into = "Vec<(Cell, Sight)>")]
pub struct PolicyTable(BTreeMap<Cell, Sight>);

/// The table of who has decided nothing.
pub(super) static USUAL: PolicyTable = PolicyTable(BTreeMap::new());

impl PolicyTable {
    /// What a role may do with a kind of material at a stage.
    pub fn sight(&self, cell: Cell) -> Sight {
        self.0.get(&cell).copied().unwrap_or_else(|| Self::usual(cell)).min(Self::limit(cell))
    }

    /// What it is where nobody has decided otherwise.
    pub fn usual(Cell { role, stage, kind }: Cell) -> Sight {
        let duties = duties::of_role(role);
        match duties.stages.contains(&stage) {
            true if duties.downloads.contains(&kind) => Sight::Download,
            true if duties.views.contains(&kind) => Sight::View,
            _ => Sight::Nothing,
        }
    }

    /// The most that anybody may decide.
    ///
    /// Interviewers take nothing away, and see nothing of who has left the process. Checkers see neither video nor emotion
    /// data, and nothing before the background check: what an interview felt like is none of what a claim is measured by.
    /// Who audits or administers the system sees no candidate.
    pub fn limit(Cell { role, stage, kind }: Cell) -> Sight {
        use Stage::{BackgroundCheck, Hired, Offer, Rejected, Withdrawn};
        match role {
            Role::HrAdministrator => Sight::Download,
            Role::Interviewer if !matches!(stage, Hired | Rejected | Withdrawn) => Sight::View,
            Role::BackgroundChecker
                if matches!(stage, BackgroundCheck | Offer)
                    && !matches!(kind, MaterialKind::Video | MaterialKind::Emotion) =>
            {
                Sight::Download
            }
            _ => Sight::Nothing,
        }
    }

    /// Decides a cell.
    ///
    /// # Errors
    /// [`Error::OutsideLimits`] for more than anybody may decide.
    pub fn decide(&mut self, cell: Cell, sight: Sight) -> Result<()> {
        if sight > Self::limit(cell) {
            return Err(Error::OutsideLimits(cell));
        }
        match sight == Self::usual(cell) {
            true => self.0.remove(&cell),
            false => self.0.insert(cell, sight),
        };
        Ok(())
    }

    /// The cells in which another table says something else, with what it says.
    pub fn differences(&self, other: &Self) -> Vec<(Cell, Sight)> {
        let of = |cell| (cell, other.sight(cell));
        Cell::all().map(of).filter(|(cell, sight)| self.sight(*cell) != *sight).collect()
    }

    /// Whether another table takes something from a role.
    pub fn shrinks(&self, other: &Self, role: Role) -> bool {
        Cell::all().any(|cell| cell.role == role && other.sight(cell) < self.sight(cell))
    }

    /// Whether applications of a stage are seen at all by those duties of a role: where at least something of them is.
    /// Whoever moves applications along sees them wherever they stand.
    pub(super) fn sees_stage(&self, role: Option<Role>, duties: &Duties, stage: Stage) -> bool {
        match role {
            None | Some(Role::HrAdministrator) => duties.stages.contains(&stage),
            Some(role) => MaterialKind::ALL
                .into_iter()
                .any(|kind| self.sight(Cell { role, stage, kind }) > Sight::Nothing),
        }
    }
}

impl From<Vec<(Cell, Sight)>> for PolicyTable {
    /// What is as usual is nothing of its own.
    fn from(cells: Vec<(Cell, Sight)>) -> Self {
        Self(cells.into_iter().filter(|(cell, sight)| *sight != Self::usual(*cell)).collect())
    }
}

impl From<PolicyTable> for Vec<(Cell, Sight)> {
    fn from(table: PolicyTable) -> Self {
        table.0.into_iter().collect()
    }
}
