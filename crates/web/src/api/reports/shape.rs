//! The shape of a report, as it is described; it is written by the crate that makes files.
#![allow(dead_code, reason = "it is described, never made")]

use chrono::{DateTime, NaiveDate, Utc};
use utoipa::ToSchema;

/// A report.
#[derive(ToSchema)]
pub(super) struct MadeReport {
    /// What it is called.
    title: String,
    /// What was asked.
    asked: Vec<ReportFact>,
    made_at: DateTime<Utc>,
    /// The sign-in name of who asked.
    made_by: String,
    /// Its parts, in order.
    parts: Vec<ReportPart>,
    /// The language that it is written in.
    language: String,
    /// The time zone of its dates.
    zone: String,
}

/// A name and what is said of it.
#[derive(ToSchema)]
struct ReportFact {
    name: String,
    text: String,
}

/// A table, with the sentences that explain it.
#[derive(ToSchema)]
struct ReportPart {
    title: String,
    /// What a reader must know to read it rightly.
    notes: Vec<String>,
    table: ReportTable,
    /// How it is drawn, by the places of columns.
    chart: Option<ReportChart>,
}

/// A table: every row has a cell for each column.
#[derive(ToSchema)]
struct ReportTable {
    columns: Vec<ReportColumn>,
    rows: Vec<Vec<ReportCell>>,
    /// What the rows come to together.
    total: Option<Vec<ReportCell>>,
}

/// A column.
#[derive(ToSchema)]
struct ReportColumn {
    /// Its name, the same in all languages.
    id: String,
    /// Its name for people.
    label: String,
    /// What its cells are: `text`, `date`, `month` (a date, its first day), `count`, `share`, `score`, `days`, `minutes`, `number`, or
    /// `points` for percentage points.
    kind: String,
}

/// A cell.
#[derive(ToSchema)]
struct ReportCell {
    value: CellValue,
    /// The query that finds what was counted; absent where nothing was.
    #[schema(nullable = false)]
    behind: Option<String>,
}

/// What a cell says; `withheld` where the group is too small for the reader.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum CellValue {
    Nothing,
    Withheld,
    Text(String),
    Date(NaiveDate),
    Number(f64),
    /// With the ends of the 95 % interval.
    Estimate {
        value: f64,
        low: f64,
        high: f64,
    },
}

/// A chart of the table beside it.
#[derive(ToSchema)]
struct ReportChart {
    /// `bars`, `stacked`, `lines`, `histogram`, `heat_map`, `funnel` or `boxes`.
    kind: String,
    /// The column along the axis.
    along: usize,
    /// The column that tells groups apart.
    by: Option<usize>,
    /// The names of the places along the axis in their order, where the rows alone don't tell it.
    #[schema(nullable = false)]
    order: Option<Vec<String>>,
    /// The columns that are drawn.
    values: Vec<usize>,
}
