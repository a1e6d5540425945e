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
    /// Which of the position's past applications it was tried on, as a search; empty for all.
    #[serde(default)]
    pub query: String,
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
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Fate {
    /// Nobody decided.
    #[default]
    Open,
    /// It was applied to the position.
    Applied(Decision),
    /// It was rejected.
    #[serde(alias = "dropped")]
    Rejected(Decision),
}

/// Who decided on a proposal, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who decided.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_dropped_before_there_were_reasons_is_rejected() {
        let by = UserId::new(DateTime::UNIX_EPOCH, 1);
        let stored = format!(r#"{{"is":"dropped","by":"{by}","at":"2023-10-31T00:00:00Z"}}"#);
        let read: Fate = serde_json::from_str(&stored).unwrap();
        assert!(matches!(&read, Fate::Rejected(decision) if decision.by == by && decision.reason.is_none()));
        let again: Fate = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
        assert_eq!(again, read);
    }
}
