//! Makes a made-up report as PDF: `cargo run -p dossier-report-pdf --example make_pdf -- target/report.pdf`.

#[path = "../../report/tests/files/reports.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "it is a part of the tests")]
mod reports;

use dossier_domain::Language;
use dossier_report_pdf::Fonts;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fonts = Fonts::find(None)?;
    let links = |query: &str| Some(format!("https://dossier.bank.example/candidates?q={query}"));
    let pdf = fonts.pdf(&reports::sample(Language::Chinese), &links)?;
    if let Some(path) = std::env::args_os().nth(1) {
        std::fs::write(path, pdf)?;
    }
    Ok(())
}
