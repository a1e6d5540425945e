//! How what came of a table looks in the API, and how a table is sent.

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use dossier_archive::LARGEST_TABLE;
use dossier_domain::Language;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::failure::{Failure, Result};

/// Whether to take a table or only to try it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Trial {
    /// To be told what would change, and to change nothing.
    #[serde(default)]
    pub(super) trial: bool,
}

/// What came of a table, or would come of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Imported {
    /// Whether nothing was changed.
    trial: bool,
    /// What came of each row, in the order of the file.
    rows: Vec<ImportedRow>,
    /// The heads of columns that mean nothing here.
    ignored: Vec<String>,
}

/// What came of a row.
#[derive(Serialize, ToSchema)]
struct ImportedRow {
    /// Where it stands in the file, as a spreadsheet counts.
    number: usize,
    /// What it is about.
    name: String,
    #[schema(value_type = RowFateName)]
    fate: &'static str,
    /// The columns that say something else than before.
    changes: Vec<&'static str>,
    /// Why it can't be taken.
    problem: Option<String>,
}

/// What came of a row.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum RowFateName {
    New,
    Changed,
    Unchanged,
    Refused,
}

impl Imported {
    pub(super) fn new(of: dossier_archive::Imported, trial: bool, language: Language) -> Self {
        let row = |of: dossier_archive::ImportedRow| {
            let fate = of.fate.name();
            let (changes, problem) = match of.fate {
                dossier_archive::RowFate::Changed(heads) => {
                    (heads.into_iter().map(|head| head.name).collect(), None)
                }
                dossier_archive::RowFate::Refused(error) => (Vec::new(), Some(error.message(language))),
                _ => (Vec::new(), None),
            };
            ImportedRow { number: of.number, name: of.name, fate, changes, problem }
        };
        Self { trial, rows: of.rows.into_iter().map(row).collect(), ignored: of.ignored }
    }
}

/// The table that was sent, in bounded memory.
pub(super) async fn table(body: Body) -> Result<Bytes> {
    to_bytes(body, LARGEST_TABLE).await.map_err(|_| Failure::TooLarge)
}
