//! What the asker may see. Every call takes it, and nothing outside of it has any influence on an answer.

use std::collections::BTreeSet;

use dossier_domain::{MaterialKind, PositionId, Stage};

/// The union of what several grants allow. Without a grant nothing is found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// The grants.
    pub grants: Vec<Grant>,
}

/// Applications for these positions in these stages, with these kinds of material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// For which positions.
    pub positions: Positions,
    /// In which stages.
    pub stages: BTreeSet<Stage>,
    /// Which kinds of material may be searched, counted and shown.
    pub kinds: BTreeSet<MaterialKind>,
}

/// A set of positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Positions {
    /// Every position, those to come as well.
    All,
    /// These.
    Only(BTreeSet<PositionId>),
}

impl Scope {
    /// Everything.
    pub fn all() -> Self {
        let everything =
            Grant { positions: Positions::All, stages: Stage::ALL.into(), kinds: MaterialKind::ALL.into() };
        Self { grants: vec![everything] }
    }

    /// Whether an application for this position in this stage may be seen.
    pub fn covers(&self, position: PositionId, stage: Stage) -> bool {
        self.grants.iter().any(|grant| grant.covers(position, stage))
    }

    /// Whether this kind of material of such an application may be seen.
    pub fn shows(&self, position: PositionId, stage: Stage, kind: MaterialKind) -> bool {
        self.grants.iter().any(|grant| grant.kinds.contains(&kind) && grant.covers(position, stage))
    }
}

impl Grant {
    fn covers(&self, position: PositionId, stage: Stage) -> bool {
        let position_fits = match &self.positions {
            Positions::All => true,
            Positions::Only(positions) => positions.contains(&position),
        };
        position_fits && self.stages.contains(&stage)
    }
}
