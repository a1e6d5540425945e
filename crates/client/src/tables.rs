//! Tables that are handed in, and what came of them.

use dossier_vendor::http::channel::Body;
use http::header;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Result};

/// What came of a table, or would come of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Whether nothing was changed.
    pub trial: bool,
    /// What came of each row, in the order of the file.
    pub rows: Vec<ImportedRow>,
    /// The heads of columns that mean nothing here.
    pub ignored: Vec<String>,
}

/// What came of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedRow {
    /// Where it stands in the file, as a spreadsheet counts.
    pub number: usize,
    /// What it is about.
    pub name: String,
    /// What came of it: `new`, `changed`, `unchanged`, `refused`.
    pub fate: String,
    /// The columns that say something else than before.
    pub changes: Vec<String>,
    /// Why it can't be taken.
    pub problem: Option<String>,
}

impl Client {
    /// Sets up and changes positions by a table, or tells what that would change.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn import_positions(&self, table: Vec<u8>, is_trial: bool) -> Result<Imported> {
        self.import("positions", table, is_trial).await
    }

    /// Moves applications to the stages that a table gives them, or tells what that would move.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn import_pipeline(&self, table: Vec<u8>, is_trial: bool) -> Result<Imported> {
        self.import("pipeline", table, is_trial).await
    }

    /// Where the applications stand that a query finds, as an Excel file.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn export_pipeline(&self, query: &str) -> Result<Vec<u8>> {
        let request = self.get(&["exports", "pipeline"])?.query(&json!({ "q": query }));
        let answer = self.send(self.patiently(request)).await?;
        self.whole(answer).await?.ok_or_else(|| self.strange("a table that is too large"))
    }

    async fn import(&self, what: &str, table: Vec<u8>, is_trial: bool) -> Result<Imported> {
        let request = self.post(&["imports", what])?.query(&json!({ "trial": is_trial }));
        let request = request.header(header::CONTENT_TYPE, "application/octet-stream");
        self.read(self.patiently(request.body(Body::Whole(table.into())))).await
    }
}
