//! The background check of an application: claims, verdicts, evidence.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, MaterialId, UserId,
    check::Verdict,
    text::{Line, PersonName, Prose, SkillName},
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Client, Result};

/// The claims of an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// The claims.
    pub claims: Vec<Claim>,
}

/// A claim of the résumé, beside what else is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// What is claimed.
    pub claim: Line,
    /// Whether the résumé report says so; else a checker has added it.
    pub reported: bool,
    /// Assessments of what is claimed.
    pub tested: Vec<TestedSkill>,
    /// Files that are named after it, and those that were given as evidence.
    pub files: Vec<MaterialId>,
    /// What came of it.
    pub verdict: Verdict,
    /// What was found out; absent while nobody has looked at it.
    pub finding: Option<Finding>,
}

/// An assessment of what is claimed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestedSkill {
    /// What was assessed.
    pub skill: SkillName,
    /// The score, 0–100.
    pub score: f64,
}

/// What was found out about a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The claim.
    pub claim: Line,
    /// What came of it.
    pub verdict: Verdict,
    /// By what.
    pub note: Option<Prose>,
    /// The materials that show it.
    pub evidence: Vec<MaterialId>,
    /// Who found it out.
    pub by: UserId,
    /// Their name.
    pub name: Option<PersonName>,
    /// When.
    pub at: DateTime<Utc>,
    /// How often it was written.
    pub revision: u32,
}

/// What is written about a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenClaim {
    /// The claim; one that the report does not name is added.
    pub claim: Line,
    /// What came of it.
    pub verdict: Verdict,
    /// By what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Prose>,
}

impl Client {
    /// The claims of an application.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn claims(&self, id: ApplicationId) -> Result<Claims> {
        self.read(self.get(&["applications", &id.to_string(), "claims"])?).await
    }

    /// Writes what was found out about a claim.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn check_claim(&self, id: ApplicationId, written: &WrittenClaim) -> Result<Finding> {
        let request = self.request(Method::PUT, &["applications", &id.to_string(), "claims"])?;
        self.read(request.json(written)).await
    }
}
