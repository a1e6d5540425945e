//! Checking the set-up.

use serde::{Deserialize, Serialize};

/// One thing that was looked at, and how it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at.
    pub what: String,
    /// How it is.
    pub state: Health,
    /// What was found.
    pub found: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As it should be.
    Good,
    /// Works, but somebody should look.
    Attention,
    /// Broken.
    Broken,
}
