//! Applications along the bank's process: moves of one and of many, boards.

use chrono::{DateTime, Utc};
use dossier_domain::{
    Application, ApplicationId, Place, PositionId, Stage,
    text::{Line, PersonName, PositionName},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Result};

/// What came of a move of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedMany {
    /// Those that were moved, all together.
    pub moved: Vec<ApplicationId>,
    /// Those that could not be, and stayed.
    pub refused: Vec<Refused>,
}

/// An application that was not moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The application.
    pub application: ApplicationId,
    /// What is wrong, in words.
    pub detail: String,
}

/// The applications of a position by stage, as far as the asker may see them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// The position.
    pub position: PositionId,
    /// Its name.
    pub name: PositionName,
    /// The stages.
    pub columns: Vec<Column>,
}

/// The applications that stand in one stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The stage.
    pub stage: Stage,
    /// What the bank calls it.
    pub label: String,
    /// How many there are.
    pub total: u64,
    /// How many a rule suggests to move on.
    pub suggested: u64,
    /// The first of them, the highest AI score first.
    pub cards: Vec<Card>,
}

/// An application on the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The application.
    pub application: ApplicationId,
    /// The candidate's name.
    pub name: Option<PersonName>,
    /// The AI score, 0–100.
    pub score: Option<f64>,
    /// The AI score and the assessments as one, by the position's weights.
    pub weighted: Option<f64>,
    /// When it came into the stage.
    pub stage_since: DateTime<Utc>,
    /// Where a rule suggests to move it.
    pub suggested: Option<Place>,
}

impl Client {
    /// Moves an application.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn move_to(&self, id: ApplicationId, to: &Place, reason: Option<&Line>) -> Result<Application> {
        let asked = json!({ "to": to.stage, "step": to.step, "reason": reason });
        self.read(self.post(&["applications", &id.to_string(), "stage"])?.json(&asked)).await
    }

    /// Takes the last move of an application back.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn undo_move(&self, id: ApplicationId, reason: Option<&Line>) -> Result<Application> {
        let request = self.post(&["applications", &id.to_string(), "stage", "undo"])?;
        self.read(request.json(&json!({ "reason": reason }))).await
    }

    /// Moves many applications in one commit; those that can't be moved are named.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn move_many(
        &self,
        ids: &[ApplicationId],
        to: &Place,
        reason: Option<&Line>,
    ) -> Result<MovedMany> {
        let asked = json!({ "applications": ids, "to": to.stage, "step": to.step, "reason": reason });
        self.read(self.patiently(self.post(&["moves"])?.json(&asked))).await
    }

    /// The board of a position.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn board(&self, id: PositionId) -> Result<Board> {
        self.read(self.get(&["positions", &id.to_string(), "board"])?).await
    }
}
