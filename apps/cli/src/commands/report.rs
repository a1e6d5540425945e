//! `report`: a search plus a measure, as a table here or as a file.
//!
//! JSON: the report with `title`, `asked`, `parts` and, in each of them, `table` with `columns`, `rows` and `total`; with
//! `--output`, `{"output"}`.

use dossier_client::reports::{Ask, Cell, Column, Part, Value};
use dossier_domain::Language;
use dossier_report::{
    figures,
    model::{self, Kind},
};
use serde_json::json;

use super::saved_report;
use crate::{
    args,
    desk::Desk,
    error::Result,
    files::Arrival,
    input,
    table::{Side, Table},
    text::{Text, say},
};

/// `report`
pub(super) async fn run(asked: &args::Report, desk: &Desk<'_>) -> Result<()> {
    let ask = match (&asked.saved, &asked.measure) {
        (Some(name), _) => saved_report::named(name, desk).await?.question,
        (None, measure) => ask(measure.as_deref().unwrap_or_default(), &asked.query, &asked.how)?,
    };
    if let Some(path) = &asked.output {
        let format = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        input::format(&format)?;
        let mut file = Arrival::create(path, desk.out, desk.language().pick("报表", "Report"))?;
        desk.service.report_file(ask, &format, &mut file).await?;
        file.finish()?;
        let place = path.display();
        desk.out.line(say!(desk.language(), "已写入 {place}", "{place} is written"));
        desk.out.document(&json!({ "output": path }));
        return Ok(());
    }
    let report = desk.service.report(ask).await?;
    desk.out.line(Text::default().bold(&report.title));
    for fact in &report.asked {
        desk.out.line(Text::default().dim(&fact.name).plain("  ").plain(&fact.text));
    }
    report.parts.iter().for_each(|part| show(part, desk));
    desk.out.document(&json!(report));
    Ok(())
}

/// What was typed, as a question. Whoever makes the report, what is mistyped is told the same.
pub(super) fn ask(measure: &str, query: &[String], how: &args::How) -> Result<Ask> {
    input::measure(measure)?;
    input::dimensions(&how.by)?;
    Ok(Ask {
        measure: measure.to_owned(),
        query: query.join(" "),
        by: how.by.clone(),
        period: how.period.clone(),
        against: how.against.clone(),
        position: how.position.clone(),
        weights: how.rule.weights.clone(),
        pass_mark: how.rule.pass_mark.clone(),
    })
}

fn show(part: &Part, desk: &Desk<'_>) {
    let language = desk.language();
    desk.out.line("");
    desk.out.line(Text::default().bold(&part.title));
    let side = |kind: Kind| if kind.is_number() { Side::Right } else { Side::Left };
    let columns: Vec<(Kind, &str)> =
        part.table.columns.iter().map(|column| (kind_of(column), column.label.as_str())).collect();
    let mut table = Table::new(columns.iter().map(|(kind, label)| (side(*kind), *label)));
    for row in part.table.rows.iter().chain(&part.table.total) {
        table.row(row.iter().zip(&columns).map(|(cell, (kind, _))| Text::from(said(cell, *kind, language))));
    }
    match part.table.rows.is_empty() {
        true => desk.out.line(language.pick("没有数据", "no data")),
        false => desk.out.table(&table),
    }
    part.notes.iter().for_each(|note| desk.out.line(Text::default().dim(note)));
}

/// What the cells of a column are; of a kind that a newer server names, numbers.
fn kind_of(column: &Column) -> Kind {
    serde_json::from_value(json!(column.kind)).unwrap_or(Kind::Number)
}

/// A cell as the files of a report say it.
fn said(cell: &Cell, kind: Kind, language: Language) -> String {
    let value = match cell.value.clone() {
        Value::Nothing => return "–".to_owned(),
        Value::Withheld => model::Value::Withheld,
        Value::Text(text) => model::Value::Text(text),
        Value::Date(day) => model::Value::Date(day),
        Value::Number(number) => model::Value::Number(number),
        Value::Estimate { value, low, high } => model::Value::Estimate { value, low, high },
    };
    figures::said(kind, &value, language)
}
