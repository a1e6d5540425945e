//! A report as CSV: for spreadsheets, and for programs that would not take JSON.

use std::fmt::Write as _;

use dossier_domain::Language;

use crate::{
    figures::withheld,
    model::{Kind, Report, Table, Value},
    plain,
};

/// A report as CSV in UTF-8 with a byte order mark, by which Excel knows it. Each part begins with its title and its header;
/// an interval is two columns of its own; numbers are whole and bare (a share of one half is `0.5`), days are like
/// `2023-10-31`. At the end stands what was asked, when and by whom. No text is taken for a formula.
#[must_use]
pub fn report_csv(report: &Report) -> String {
    let language = report.locale.language;
    let mut csv = String::from("\u{FEFF}");
    for part in &report.parts {
        line(&mut csv, [text(&part.title)]);
        table(&mut csv, &part.table, language);
        for note in &part.notes {
            line(&mut csv, [text(note)]);
        }
        line(&mut csv, []);
    }
    line(&mut csv, [text(&report.title)]);
    for fact in report.about() {
        line(&mut csv, [text(&fact.name), text(&fact.text)]);
    }
    csv
}

fn table(csv: &mut String, table: &Table, language: Language) {
    let intervals = table.intervals();
    line(csv, table.heads(language).iter().map(|(_, head)| text(head)));
    for row in table.rows.iter().chain(&table.total) {
        let cells =
            row.iter().zip(&table.columns).zip(&intervals).flat_map(|((cell, column), has_interval)| {
                let [value, low, high] = said(column.kind, &cell.value, language);
                std::iter::once(value).chain([low, high].into_iter().filter(|_| *has_interval))
            });
        line(csv, cells);
    }
}

/// A value and the ends of its interval.
fn said(kind: Kind, value: &Value, language: Language) -> [String; 3] {
    let alone = |said: String| [said, String::new(), String::new()];
    match value.sound() {
        Value::Nothing => alone(String::new()),
        Value::Withheld => alone(withheld(language).to_owned()),
        Value::Text(given) => alone(text(given)),
        Value::Date(day) if kind == Kind::Month => alone(day.format("%Y-%m").to_string()),
        Value::Date(day) => alone(day.to_string()),
        Value::Number(number) => alone(number.to_string()),
        Value::Estimate { value, low, high } => [value, low, high].map(ToString::to_string),
    }
}

/// A text as a cell: with `'` before what a spreadsheet would take for a formula, quoted where it must be.
fn text(given: &str) -> String {
    let is_formula = |c: char| "=+-@＝＋－＠".contains(c);
    // What is cut off in front by a spreadsheet must not hide a formula; what can't be seen has become `�`.
    let shown = plain(given);
    let begins = given.starts_with(char::is_control)
        || shown.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FFFD}').starts_with(is_formula);
    let mark = if begins { "'" } else { "" };
    if begins || shown.contains(['"', ',', ';']) || shown.trim() != shown {
        return format!("\"{mark}{}\"", shown.replace('"', "\"\""));
    }
    shown.into_owned()
}

fn line(csv: &mut String, cells: impl IntoIterator<Item = String>) {
    for (place, cell) in cells.into_iter().enumerate() {
        let _ = write!(csv, "{}{cell}", if place > 0 { "," } else { "" });
    }
    csv.push_str("\r\n");
}
