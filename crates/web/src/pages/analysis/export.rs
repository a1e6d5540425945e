//! A report as a file to take away.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use dossier_domain::Language;
use dossier_report::{Format, model::Report, plain};
use maud::{Markup, html};
use serde::Deserialize;

use super::{asked::Asked, report::candidates};
use crate::{
    failure::{Failure, Result},
    form,
    media::disposition_of,
    person::Person,
    site::Site,
};

const PATH: &str = "/analysis/export";

/// As what it is taken away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    format: String,
}

/// The files that there are of a report.
pub(super) fn links(asked: &Asked, report: &Report, language: Language) -> Markup {
    let has_chart = report.parts.iter().any(|part| part.chart.is_some());
    let offered = [
        (Format::Xlsx, language.pick("导出 Excel", "Export Excel")),
        (Format::Pdf, language.pick("导出 PDF", "Export PDF")),
        (Format::Csv, "CSV"),
        (Format::Json, "JSON"),
        (Format::Svg, language.pick("图表（SVG）", "Charts (SVG)")),
    ];
    html! {
        p.files {
            @for (format, label) in offered.into_iter().filter(|(format, _)| *format != Format::Svg || has_chart) {
                a.button href=(asked.address_with(PATH, &[("format", format.name())])) download { (label) }
            }
        }
    }
}

/// `GET /analysis/export`
pub(crate) async fn export(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let query = query.unwrap_or_default();
    let (asked, wanted): (Asked, Wanted) = (Asked::read(query.as_bytes())?, form::read(query.as_bytes())?);
    let format = Format::find(&wanted.format)
        .ok_or_else(|| Failure::bad("没有这种文件格式", "there is no such format of files"))?;
    let request = asked.request(person.language())?;
    let file =
        site.archive.report_file(&person.ctx, request, format, links_of(person.visitor.site.clone())).await?;
    let name = format!("{}-{}.{}", plain(&file.title), file.made_on.format("%Y%m%d"), format.name());
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition_of("attachment", &name)),
    ];
    Ok((headers, file.bytes).into_response())
}

/// Whole addresses for the queries behind numbers.
fn links_of(site: Option<String>) -> impl Fn(&str) -> Option<String> {
    move |query| Some(format!("{}{}", site.as_ref()?, candidates(query)))
}
