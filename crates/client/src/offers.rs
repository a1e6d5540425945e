//! Offers: what tells of the will to come, what was offered, and the answer.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, MaterialId, UserId,
    text::{Line, PersonName, Prose},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Result};

/// The offers of an application, and what tells of the will to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offers {
    /// The offers, oldest first.
    pub offers: Vec<Offer>,
    /// What answers of AI interviews tell, as far as the asker may see it.
    pub signals: Vec<Signal>,
}

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// How far it is: `extended`, `accepted`, `declined`.
    pub state: String,
    /// What was offered.
    pub terms: Option<Prose>,
    /// When it was made.
    pub extended_at: DateTime<Utc>,
    /// Who made it.
    pub by: UserId,
    /// Their name.
    pub name: Option<PersonName>,
    /// When the answer was written down.
    pub answered_at: Option<DateTime<Utc>>,
    /// Why the candidate declined.
    pub reason: Option<Line>,
}

/// How positive an answer was that tells of the will to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// What it was about: `career_plan`, `pay`, `motive`.
    pub topic: String,
    /// The question.
    pub question: Line,
    /// The mean positivity, 0–100.
    pub positivity: f64,
    /// The second of the video.
    pub at: Option<f64>,
    /// When the interview was.
    pub interviewed_at: Option<DateTime<Utc>>,
    /// The material in which it stands.
    pub material: MaterialId,
    /// The model that read it.
    pub source: Option<Line>,
}

impl Client {
    /// The offers of an application.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn offers(&self, id: ApplicationId) -> Result<Offers> {
        self.read(self.get(&["applications", &id.to_string(), "offers"])?).await
    }

    /// Writes down that an offer was made.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn extend_offer(&self, id: ApplicationId, terms: Option<&Prose>) -> Result<Offer> {
        let request = self.post(&["applications", &id.to_string(), "offers"])?;
        self.read(request.json(&json!({ "terms": terms }))).await
    }

    /// Writes down what the candidate answered: that they accept, or why they decline.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn answer_offer(&self, id: ApplicationId, declined: Option<&Line>) -> Result<Offer> {
        let request = self.post(&["applications", &id.to_string(), "offers", "answer"])?;
        self.read(request.json(&json!({ "accepted": declined.is_none(), "reason": declined }))).await
    }
}
