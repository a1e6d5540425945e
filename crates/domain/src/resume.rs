//! The résumé-screening report.

use serde::{Deserialize, Serialize};

use crate::{
    Score,
    text::{Line, Prose},
};

/// What the vendor's screening found in a résumé.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResumeReport {
    /// The score of the résumé.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Keywords that fit the position: 银行从业经验, CFA证书.
    #[serde(default)]
    pub matched_keywords: Vec<Line>,
    /// Why the vendor recommends the candidate, or does not.
    #[serde(default)]
    pub reasons: Vec<Prose>,
}
