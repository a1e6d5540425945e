//! Makes the files of a made-up report: `cargo run -p dossier-report --example make_report -- target/report`.

#[path = "../tests/files/reports.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "it is a part of the tests")]
mod reports;

use std::{fs, path::PathBuf};

use dossier_domain::Language;
use dossier_report::charts::{self, Drawing};
use maud::{DOCTYPE, PreEscaped, html};

const COLOURS: &str = include_str!("../src/pages/style.css");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        return Ok(());
    };
    fs::create_dir_all(&folder)?;
    for language in [Language::Chinese, Language::English] {
        let report = reports::sample(language);
        let links = |query: &str| Some(format!("https://dossier.bank.example/candidates?q={query}"));
        fs::write(
            folder.join(format!("report.{language}.svg")),
            charts::charts_svg(&report, &links).unwrap_or_default(),
        )?;
        fs::write(
            folder.join(format!("report.{language}.xlsx")),
            dossier_report::report_xlsx(&report, &links)?,
        )?;
        fs::write(folder.join(format!("report.{language}.csv")), dossier_report::report_csv(&report))?;
        fs::write(folder.join(format!("report.{language}.json")), dossier_report::report_json(&report)?)?;
        let page = html! {
            (DOCTYPE)
            meta charset="utf-8";
            style { (PreEscaped(COLOURS)) (PreEscaped(charts::STYLE)) }
            main { @for (index, part) in report.parts.iter().enumerate() {
                h2 { (part.title) }
                @let id = format!("chart-{index}");
                @if let Some(chart) = charts::chart(part, &Drawing { language, id: &id, links: &links, width: charts::WIDE }) { (chart) }
            } }
        };
        fs::write(folder.join(format!("report.{language}.html")), page.into_string())?;
    }
    Ok(())
}
