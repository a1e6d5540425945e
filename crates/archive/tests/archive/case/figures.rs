//! Reading figures off a report, and holding them against searches.

use std::collections::HashMap;

use dossier_access::Context;
use dossier_archive::SearchRequest;
use dossier_report::model::{Cell, Kind, Part, Report, Value};
use dossier_testkit::{TestArchive, TestResult};

/// The value and the ends of its interval, as far as there are any; or words.
pub(super) type Figure = (Vec<f64>, Option<String>);

/// What stands in place of a figure that is withheld.
pub(super) const WITHHELD: Figure = (Vec::new(), None);

pub(super) fn part<'a>(report: &'a Report, title: &str) -> TestResult<&'a Part> {
    let titles = || report.parts.iter().map(|part| part.title.as_str()).collect::<Vec<_>>();
    let found = report.parts.iter().find(|part| part.title == title);
    Ok(found.ok_or_else(|| format!("there is no part {title} among {:?}", titles()))?)
}

/// The figures of a row, by the ids of their columns.
pub(super) fn row(part: &Part, number: usize) -> TestResult<HashMap<&str, Figure>> {
    let cells = part.table.rows.get(number).ok_or("there is no such row")?;
    assert_eq!(cells.len(), part.table.columns.len(), "{}", part.title);
    Ok(part
        .table
        .columns
        .iter()
        .zip(cells)
        .map(|(column, cell)| (column.id.as_ref(), figure(cell)))
        .collect())
}

fn figure(cell: &Cell) -> Figure {
    match &cell.value {
        Value::Number(number) => (vec![*number], None),
        Value::Estimate { value, low, high } => (vec![*value, *low, *high], None),
        Value::Text(text) => (Vec::new(), Some(text.clone())),
        Value::Date(_) | Value::Nothing | Value::Withheld => WITHHELD,
    }
}

/// Whether the truth lies within the interval of a figure.
pub(super) fn contains(figure: &Figure, truth: f64) -> TestResult {
    match figure.0.as_slice() {
        [_, low, high] if *low <= truth && truth <= *high => Ok(()),
        other => Err(format!("{other:?} does not hold {truth}").into()),
    }
}

/// Follows every count to the search behind it.
pub(super) async fn every_count_is_what_its_search_finds(
    test: &TestArchive,
    ctx: &Context,
    report: &Report,
) -> TestResult {
    let mut followed = 0;
    for part in &report.parts {
        for cells in part.table.rows.iter().chain(&part.table.total) {
            for (column, cell) in part.table.columns.iter().zip(cells) {
                let (Value::Number(number), Some(behind), Kind::Count) =
                    (&cell.value, &cell.behind, column.kind)
                else {
                    continue;
                };
                let asked = SearchRequest { query: behind.clone(), ..SearchRequest::default() };
                let total = test.archive.search(ctx, asked).await?.hits.total;
                assert_eq!(total as f64, *number, "{} {} {behind}", part.title, column.id);
                followed += 1;
            }
        }
    }
    assert!(followed > 0, "{} has no counts to follow", report.title);
    Ok(())
}
