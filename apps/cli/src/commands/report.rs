//! `report`: a search plus a measure, as a table here or as a file.
//!
//! JSON: the report with `title`, `asked`, `parts` and, in each of them, `table` with `columns`, `rows` and `total`; with
//! `--output`, `{"output"}`.

use dossier_client::reports::{Ask, Cell, Part, Value};
use dossier_domain::Language;
use dossier_report::figures;
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    files::Arrival,
    table::{Side, Table},
    text::{Text, say},
};

/// `report`
pub(super) async fn run(asked: &args::Report, desk: &Desk<'_>) -> Result<()> {
    let (measure, by) = (asked.measure.clone(), asked.by.clone());
    let ask = Ask { measure, query: asked.query.join(" "), by };
    if let Some(path) = &asked.output {
        let format = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
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

fn show(part: &Part, desk: &Desk<'_>) {
    let language = desk.language();
    desk.out.line("");
    desk.out.line(Text::default().bold(&part.title));
    let side = |kind: &str| if kind == "text" { Side::Left } else { Side::Right };
    let columns = &part.table.columns;
    let mut table = Table::new(columns.iter().map(|column| (side(&column.kind), column.label.as_str())));
    for row in part.table.rows.iter().chain(&part.table.total) {
        table.row(
            row.iter().zip(columns).map(|(cell, column)| Text::from(said(cell, &column.kind, language))),
        );
    }
    match part.table.rows.is_empty() {
        true => desk.out.line(language.pick("没有数据", "no data")),
        false => desk.out.table(&table),
    }
    part.notes.iter().for_each(|note| desk.out.line(Text::default().dim(note)));
}

/// A cell as people read it: shares in per cent, with their interval.
fn said(cell: &Cell, kind: &str, language: Language) -> String {
    let (scale, unit) = if kind == "share" { (100.0, "%") } else { (1.0, "") };
    let number = |number: f64| figures::number(number * scale);
    match &cell.value {
        Value::Nothing => "–".to_owned(),
        Value::Withheld => language.pick("不足", "few").to_owned(),
        Value::Text(text) => text.clone(),
        Value::Date(day) => day.to_string(),
        Value::Number(value) => format!("{}{unit}", number(*value)),
        Value::Estimate { value, low, high } => {
            format!("{}{unit} ({}–{})", number(*value), number(*low), number(*high))
        }
    }
}
