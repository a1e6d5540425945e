//! A report as JSON.

use serde::Serialize;

use crate::{Result, model::Report};

/// The report as JSON: as [`Report`] is, with the language and the zone that it is written for.
///
/// # Errors
/// [`crate::Error::Json`], which the types rule out.
pub fn report_json(report: &Report) -> Result<Vec<u8>> {
    #[derive(Serialize)]
    struct Document<'a> {
        #[serde(flatten)]
        report: &'a Report,
        language: String,
        zone: String,
    }
    let (language, zone) = (report.locale.language.to_string(), report.locale.zone.to_string());
    Ok(serde_json::to_vec(&Document { report, language, zone })?)
}
