//! A report as a file to take away.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, header, uri::Authority},
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
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let query = query.unwrap_or_default();
    let (asked, wanted): (Asked, Wanted) = (Asked::read(query.as_bytes())?, form::read(query.as_bytes())?);
    let format = Format::find(&wanted.format)
        .ok_or_else(|| Failure::bad("没有这种文件格式", "there is no such format of files"))?;
    let request = asked.request(person.language())?;
    let file = site.archive.report_file(&person.ctx, request, format, links_of(&headers)).await?;
    let name = format!("{}-{}.{}", plain(&file.title), file.made_on.format("%Y%m%d"), format.name());
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition_of("attachment", &name)),
    ];
    Ok((headers, file.bytes).into_response())
}

/// Whole addresses for the queries behind numbers. Who is signed in came by TLS or from the machine itself, since the
/// session's cookie goes no other way.
fn links_of(headers: &HeaderMap) -> impl Fn(&str) -> Option<String> + use<> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let site = host.map(|host| {
        let is_here = ["127.0.0.1", "localhost", "[::1]"].contains(&host.host());
        format!("{}://{host}", if is_here { "http" } else { "https" })
    });
    move |query| Some(format!("{}{}", site.as_ref()?, candidates(query)))
}
