//! Files of reports: a large workbook, and a PDF of some pages.

use std::time::Instant;

use dossier_domain::Language;
use dossier_report::{
    Locale,
    model::{Cell, Chart, ChartKind, Column, Kind, Part, Report, Table, Value},
    report_xlsx,
};
use dossier_report_pdf::Fonts;
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured, resident},
    options::Bench,
    table::{Line, megabytes},
    timing::{Samples, milliseconds},
};

const ROWS: usize = 100_000;
/// So many rows fill about five pages.
const PDF_ROWS: usize = 150;
const RUNS: usize = 5;

/// What was measured.
#[derive(Serialize, Deserialize)]
pub(crate) struct Files {
    excel: Samples,
    /// Memory before the workbook was made; the peak of the process is the one after.
    before: u64,
    bytes: usize,
}

/// What a PDF took.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pdf {
    /// The times, or why there are none.
    times: std::result::Result<Samples, String>,
    pages: usize,
}

/// Makes both.
pub(crate) fn measure(_: &Bench) -> Result<Vec<Line>> {
    let files: Measured<Files> = child::run(&Job::Excel)?;
    let Files { excel, before, bytes } = &files.value;
    let more = files.peak.saturating_sub(*before);
    let pdf: Measured<Pdf> = child::run(&Job::Pdf)?;
    let mut lines = vec![
        Line::new("Excel of 100,000 rows", milliseconds(excel.median())).at_most(excel.median(), 4.0, "4 s"),
        Line::new("the same, memory besides the report", megabytes(more))
            .against(format!("the file {}", megabytes(*bytes as u64)), more as f64 / *bytes as f64)
            .at_most(more as f64, f64::from(64 << 20), "64 MB"),
    ];
    let what = format!("PDF of {} pages with a chart, warm", pdf.value.pages);
    lines.push(match &pdf.value.times {
        Ok(times) => Line::new(&what, milliseconds(times.median())).at_most(times.median(), 0.3, "300 ms"),
        Err(why) => Line::new(&what, format!("not measured: {why}")),
    });
    Ok(lines)
}

/// Makes the workbook.
pub(crate) fn excel() -> Result<Files> {
    let report = report(ROWS);
    let before = resident()?;
    let (mut excel, mut bytes) = (Samples::default(), 0);
    for _ in 0..RUNS {
        let begun = Instant::now();
        bytes = report_xlsx(&report, &|_| None)?.len();
        excel.push(begun.elapsed());
    }
    Ok(Files { excel, before, bytes })
}

/// Makes the PDF: first once, so that fonts are read.
pub(crate) fn pdf() -> Result<Pdf> {
    let report = report(PDF_ROWS);
    let fonts = match Fonts::find(None) {
        Ok(fonts) => fonts,
        Err(error) => return Ok(Pdf { times: Err(error.to_string()), pages: 0 }),
    };
    let first = fonts.pdf(&report, &|_| None)?;
    let pages =
        count(&first, b"/Type/Page ") + count(&first, b"/Type /Page\n") + count(&first, b"/Type/Page/");
    let mut times = Samples::default();
    for _ in 0..RUNS {
        let begun = Instant::now();
        fonts.pdf(&report, &|_| None)?;
        times.push(begun.elapsed());
    }
    Ok(Pdf { times: Ok(times), pages })
}

fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).filter(|window| *window == wanted).count()
}

/// A report with a chart and a table of so many rows.
fn report(rows: usize) -> Report {
    let column =
        |id: &'static str, label: &str, kind| Column { id: id.into(), label: label.to_owned(), kind };
    let columns = vec![
        column("position", "岗位", Kind::Text),
        column("branch", "分行", Kind::Text),
        column("interviewed", "参加AI面试", Kind::Count),
        column("passed", "通过", Kind::Count),
        column("pass_rate", "通过率", Kind::Share),
        column("mean_days", "平均用时（天）", Kind::Days),
    ];
    let row = |number: usize| {
        let share = (number % 100) as f64 / 100.0;
        vec![
            Cell::text(format!("岗位{}", number % 977)),
            Cell::text(format!("第{}分行", number % 131)),
            Cell::count(number as u64, format!("岗位==岗位{} 面试时间=2023年10月", number % 977)),
            Cell::count(number as u64 / 2, format!("岗位==岗位{} 通过:AI面试", number % 977)),
            Cell {
                value: Value::Estimate { value: share, low: share * 0.9, high: share.mul_add(0.9, 0.1) },
                behind: None,
            },
            Cell::number(30.0 + share),
        ]
    };
    let table = Table { columns, rows: (0..rows).map(row).collect(), total: None };
    let chart = Chart { kind: ChartKind::Bars, along: 0, by: None, order: Vec::new(), values: vec![4] };
    Report {
        title: "AI面试通过率（按岗位、分行）".to_owned(),
        asked: Vec::new(),
        made_at: chrono::DateTime::UNIX_EPOCH,
        made_by: "hr".parse().unwrap_or_else(|_| unreachable!("it is a sign-in name")),
        locale: Locale { language: Language::Chinese, zone: dossier_domain::BankZone::default() },
        parts: vec![Part { title: "按结果".to_owned(), notes: Vec::new(), table, chart: Some(chart) }],
    }
}
