//! What somebody may see, as data: the access policy gives it, and a search turns it into a filter.

use std::collections::BTreeSet;

use crate::{MaterialKind, PositionId, Stage, Tag, TagOrigin, UserId};

/// All that may be seen: the union of the grants. Without a grant nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Each covers some applications.
    pub grants: Vec<Grant>,
}

/// Applications that may be seen, and what of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Of these positions …
    pub positions: Positions,
    /// … in these stages,
    pub stages: BTreeSet<Stage>,
    /// these kinds of material,
    pub kinds: BTreeSet<MaterialKind>,
    /// and of the scorecards that were handed in these.
    pub scorecards: Scorecards,
}

/// Which scorecards of an application are seen, once they were handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scorecards {
    /// None.
    None,
    /// All, where this user has handed in one as well.
    BesideOwn(UserId),
    /// All.
    All,
}

/// The positions of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Positions {
    /// Every position, those to come included.
    All,
    /// These.
    Only(BTreeSet<PositionId>),
}

impl Scope {
    /// Everything.
    pub fn all() -> Self {
        let everything = Grant {
            positions: Positions::All,
            stages: Stage::ALL.into(),
            kinds: MaterialKind::ALL.into(),
            scorecards: Scorecards::All,
        };
        Self { grants: vec![everything] }
    }

    /// What of this concerns one position.
    #[must_use]
    pub fn only(&self, position: PositionId) -> Self {
        let covering = self.grants.iter().filter(|grant| grant.positions.contains(position));
        let only = |grant: &Grant| Grant { positions: Positions::Only([position].into()), ..grant.clone() };
        Self { grants: covering.map(only).collect() }
    }

    /// Whether nothing at all may be seen.
    pub fn is_empty(&self) -> bool {
        self.grants.is_empty()
    }

    /// Whether an application at this position and stage may be seen; with a kind, whether its materials of that kind may.
    pub fn allows(&self, position: PositionId, stage: Stage, kind: Option<MaterialKind>) -> bool {
        self.grants.iter().any(|grant| grant.allows(position, stage, kind))
    }

    /// Whether the scorecards of such an application may be seen, once these users have handed in theirs.
    pub fn shows_scorecards(&self, position: PositionId, stage: Stage, by: &[UserId]) -> bool {
        let shows = |grant: &Grant| match grant.scorecards {
            Scorecards::None => false,
            Scorecards::BesideOwn(user) => by.contains(&user),
            Scorecards::All => true,
        };
        self.grants.iter().any(|grant| grant.allows(position, stage, None) && shows(grant))
    }

    /// Whether a tag of such an application may be seen: what tells of a material goes with the material.
    pub fn shows_tag(&self, position: PositionId, stage: Stage, tag: &Tag) -> bool {
        let reveals = match tag.origin {
            TagOrigin::Rule { reveals } => reveals,
            TagOrigin::Person { .. } => None,
        };
        self.allows(position, stage, reveals)
    }
}

impl Grant {
    /// As [`Scope::allows`], of this grant alone.
    pub fn allows(&self, position: PositionId, stage: Stage, kind: Option<MaterialKind>) -> bool {
        self.positions.contains(position)
            && self.stages.contains(&stage)
            && kind.is_none_or(|kind| self.kinds.contains(&kind))
    }
}

impl Positions {
    /// Whether the position is among them.
    pub fn contains(&self, position: PositionId) -> bool {
        match self {
            Self::All => true,
            Self::Only(positions) => positions.contains(&position),
        }
    }
}
