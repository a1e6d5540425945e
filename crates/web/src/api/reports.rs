//! Reports: a search plus a measure.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use dossier_archive::{Measure, Preset, ReportWords};
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
    /// Times that can be compared with the one before, by the day of the report.
    periods: Vec<Named>,
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
    let period = |of: Preset| Named { name: of.name(), label: of.label(language) };
    Json(KnownReports {
        measures: Measure::ALL.map(measure).into(),
        dimensions: Dimension::CHOICES.map(dimension).into(),
        periods: Preset::ALL.map(period).into(),
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
    /// A time that is compared with an earlier one: `2023-07..2023-09`, `2023-Q3`, or a name of `periods` in
    /// `/api/v1/reports`.
    #[serde(default)]
    period: String,
    /// The earlier time; the one right before, as long as `period`, if left out.
    #[serde(default)]
    against: String,
    /// For `what_if`: the position.
    #[serde(default)]
    position: String,
    /// For `what_if`: the share of an assessment in the rule that is tried, in per cent: `Python=30`; once for each.
    #[serde(default)]
    weight: Vec<String>,
    /// For `what_if`: the pass mark of the rule that is tried.
    #[serde(default)]
    pass_mark: String,
    /// As a file of this format: `json`, `csv`, `svg`, `xlsx` or `pdf`.
    format: Option<String>,
}

impl Asks {
    /// What it asks of this measure.
    fn words(self, measure: Measure) -> ReportWords {
        ReportWords {
            measure: measure.name().to_owned(),
            query: self.q,
            by: vec![self.by],
            period: self.period,
            against: self.against,
            position: self.position,
            weights: self.weight,
            pass_mark: self.pass_mark,
        }
    }
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
    Asked(mut asks): Asked<Asks>,
) -> Result<Response> {
    let measure = Measure::find(&of.measure).ok_or(Failure::NoPage)?;
    let format = match asks.format.take() {
        None => Format::Json,
        Some(name) => Format::find(&name).ok_or_else(|| no_format(&name))?,
    };
    let request = asks.words(measure).request(caller.language())?;
    let file = site.archive.report_file(&caller.ctx, request, format, |_| None).await?;
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.{}\"", measure.name(), format.name()),
        ),
    ];
    Ok(match format {
        Format::Json => ([headers[0].clone()], file.bytes).into_response(),
        _ => (headers, file.bytes).into_response(),
    })
}

fn no_format(name: &str) -> Failure {
    let (name, known): (String, _) =
        (name.chars().take(40).collect(), Format::ALL.map(Format::name).join(", "));
    Failure::bad(format!("没有“{name}”；可用：{known}"), format!("`{name}` is unknown; use: {known}"))
}
