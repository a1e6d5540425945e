//! Reports: a search plus a measure.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use dossier_archive::{Measure, ReportRequest};
use dossier_domain::Language;
use dossier_report::Format;
use dossier_search::Dimension;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::{Asked, At},
    table::Table,
};
use crate::{
    failure::{Failure, Result},
    site::Site,
};

mod shape;

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_known, known).with(__path_make, make)
}

/// What can be asked of reports.
#[derive(Serialize, ToSchema)]
struct KnownReports {
    measures: Vec<Named>,
    /// What they can be grouped by.
    dimensions: Vec<Named>,
    /// The formats of files.
    formats: Vec<&'static str>,
}

/// Something that is named.
#[derive(Serialize, ToSchema)]
struct Named {
    /// Its name in requests.
    name: &'static str,
    /// Its name for people.
    label: &'static str,
}

/// What can be measured, and by what it can be grouped.
#[utoipa::path(
    get, path = "/api/v1/reports", tag = "reports",
    responses((status = 200, description = "What can be asked", body = KnownReports))
)]
async fn known(caller: Caller) -> Json<KnownReports> {
    let language = caller.language();
    let measure = |of: Measure| Named { name: of.name(), label: of.label(language) };
    let dimension = |of: Dimension| Named { name: of.name(), label: of.label(language) };
    Json(KnownReports {
        measures: Measure::by_conditions().map(measure).collect(),
        dimensions: Dimension::CHOICES.map(dimension).into(),
        formats: Format::ALL.map(Format::name).into(),
    })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfMeasure {
    /// What is measured, such as `pass_rate`; `/api/v1/reports` names all.
    measure: String,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asks {
    /// Of which applications: those that this query finds.
    #[serde(default)]
    q: String,
    /// What it is grouped by, with commas between: `position,month`; three at most.
    #[serde(default)]
    by: String,
    /// As a file of this format: `json`, `csv`, `svg`, `xlsx` or `pdf`.
    format: Option<String>,
}

/// Makes a report.
///
/// Behind a number stands the query that finds exactly the applications that were counted, as far as the caller may see
/// them. Groups too small for the caller's role are withheld.
#[utoipa::path(
    get, path = "/api/v1/reports/{measure}", tag = "reports", params(OfMeasure, Asks),
    responses((status = 200, description = "The report", body = shape::MadeReport))
)]
async fn make(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfMeasure>,
    Asked(asks): Asked<Asks>,
) -> Result<Response> {
    let measure = Measure::find(&of.measure).ok_or(Failure::NoPage)?;
    let format = match asks.format.as_deref() {
        None => Format::Json,
        Some(name) => Format::find(name).ok_or_else(|| unknown(name, &Format::ALL.map(Format::name)))?,
    };
    let by = asks.by.split(',').filter(|name| !name.trim().is_empty()).map(|name| {
        Dimension::find(name).ok_or_else(|| unknown(name, &Dimension::CHOICES.map(Dimension::name)))
    });
    let language: Language = caller.language();
    let request =
        ReportRequest { measure, query: asks.q, by: by.collect::<Result<_>>()?, language, on_trial: None };
    let report = site.archive.report(&caller.ctx, request).await?;
    let file = site.archive.report_file(report, format, |_| None).await?;
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.{}\"", measure.name(), format.name()),
        ),
    ];
    Ok(match format {
        Format::Json => ([headers[0].clone()], file).into_response(),
        _ => (headers, file).into_response(),
    })
}

fn unknown(name: &str, known: &[&str]) -> Failure {
    let (name, known): (String, _) = (name.chars().take(40).collect(), known.join(", "));
    Failure::bad(format!("没有“{name}”；可用：{known}"), format!("`{name}` is unknown; use: {known}"))
}
