//! A proposal to judge the applications for a position by another rule, with what it would have meant in the past.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{PositionId, ProposalId, UserId, scoring::Scoring, text::Line};

/// A proposal to judge by another rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// The position.
    pub position: PositionId,
    /// The rule by which it judged when this was proposed.
    pub from: Scoring,
    /// The rule that is proposed.
    pub to: Scoring,
    /// What the rule of then meant for past applications.
    pub former: Reach,
    /// What the proposed rule would have meant for them.
    pub revised: Reach,
    /// Why it is proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
    /// Who proposed it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// What became of it.
    #[serde(default)]
    pub fate: Fate,
}

/// How many a rule lets pass, and what is known of them later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reach {
    /// How many pass.
    pub passed: u64,
    /// How many of them have a known outcome of the human interview.
    pub known: u64,
    /// How many of those passed it.
    pub known_passed: u64,
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Fate {
    /// Nobody decided.
    #[default]
    Open,
    /// It was applied to the position.
    Applied {
        /// By whom.
        by: UserId,
        /// When.
        at: DateTime<Utc>,
    },
    /// It was dropped.
    Dropped {
        /// By whom.
        by: UserId,
        /// When.
        at: DateTime<Utc>,
    },
}
