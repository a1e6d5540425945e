//! Proposals to judge a position's applications by another rule.

use chrono::{DateTime, Utc};
use dossier_domain::{
    Position, ProposalId, Scoring,
    text::{Line, Login, PositionName},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Result};

/// A proposal to be made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewProposal {
    /// The position.
    pub position: PositionName,
    /// The rule.
    pub to: Scoring,
    /// Which of the position's past applications it is tried on, as a search; all if empty.
    pub query: String,
    /// Why it is proposed.
    pub reason: Option<Line>,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// The position.
    pub position: PositionName,
    /// The rule by which it judged when this was proposed.
    pub from: Scoring,
    /// The rule that is proposed.
    pub to: Scoring,
    /// Which past applications it was tried on.
    pub query: String,
    /// What the rule of then meant for them.
    pub former: Reach,
    /// What the proposed rule would have meant for them.
    pub revised: Reach,
    /// Why it was proposed.
    pub reason: Option<Line>,
    /// Who proposed it.
    pub by: Option<Login>,
    /// When.
    pub at: DateTime<Utc>,
    /// `open`, `applied` or `rejected`.
    pub state: String,
    /// Who decided on it.
    pub decided_by: Option<Login>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why.
    pub decided_because: Option<Line>,
    /// Whether the position still judges by the rule of then.
    pub is_current: bool,
}

/// How many a rule lets pass, and what is known of them later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// How many pass.
    pub passed: u64,
    /// How many of them have an outcome of the human interview.
    pub known: u64,
    /// How many of those passed it.
    pub known_passed: u64,
    /// What finds those whom it lets pass now.
    pub found_by: String,
}

impl Client {
    /// All proposals, the oldest first.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn proposals(&self) -> Result<Vec<Proposal>> {
        self.all(&["proposals"], "proposals").await
    }

    /// Keeps a proposal.
    ///
    /// # Errors
    /// As [`Client::proposals`].
    pub async fn propose(&self, new: &NewProposal) -> Result<Proposal> {
        self.read(self.patiently(self.post(&["proposals"])?.json(new))).await
    }

    /// Judges by the proposed rule from now on.
    ///
    /// # Errors
    /// As [`Client::proposals`].
    pub async fn apply_proposal(&self, id: ProposalId, reason: &Line) -> Result<Position> {
        let request = self.post(&["proposals", &id.to_string(), "apply"])?;
        self.read(request.json(&json!({ "reason": reason }))).await
    }

    /// Decides against a proposal.
    ///
    /// # Errors
    /// As [`Client::proposals`].
    pub async fn reject_proposal(&self, id: ProposalId, reason: Option<&Line>) -> Result<Proposal> {
        let request = self.post(&["proposals", &id.to_string(), "reject"])?;
        self.read(request.json(&json!({ "reason": reason }))).await
    }
}
