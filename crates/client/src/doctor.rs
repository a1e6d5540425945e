//! Checking the set-up.

use dossier_domain::BankZone;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, OnCount, Result};

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

#[derive(Deserialize)]
struct Checks {
    checks: Vec<Check>,
}

#[derive(Deserialize)]
struct Repaired {
    removed: u64,
}

#[derive(Deserialize)]
struct Rebuilt {
    entries: u64,
}

#[derive(Deserialize)]
struct Settings {
    zone: BankZone,
}

impl Client {
    /// Checks the set-up; opens every record and reads every file where somebody is `told` how many records that are so
    /// far.
    ///
    /// # Errors
    /// As the server refuses; what is wrong with the set-up is no error but the answer.
    pub async fn doctor(&self, told: Option<OnCount<'_>>) -> Result<Vec<Check>> {
        let request = self.get(&["doctor"])?.query(&json!({ "everything": told.is_some() }));
        Ok(self.read_gradually::<Checks>(request, told.unwrap_or(&|_| {})).await?.checks)
    }

    /// Removes files that belong to nothing; how many.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn remove_left_over_files(&self) -> Result<u64> {
        let request = self.patiently(self.post(&["doctor", "repair"])?);
        Ok(self.read::<Repaired>(request).await?.removed)
    }

    /// Throws the search index away and builds it from the records; of how many applications. Until then it is `told` of how
    /// many so far.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn rebuild_index(&self, told: OnCount<'_>) -> Result<u64> {
        let request = self.post(&["index", "rebuild"])?;
        Ok(self.read_gradually::<Rebuilt>(request, told).await?.entries)
    }

    /// The bank's time zone, in which times are shown. Every token may ask for it.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn zone(&self) -> Result<BankZone> {
        Ok(self.read::<Settings>(self.get(&["settings"])?).await?.zone)
    }
}
