//! Tables that are handed in: what came of each row.
//!
//! JSON: `{"trial","rows":[{"number","name","fate","changes","problem"}],"ignored"}`; `fate` is `new`, `changed`,
//! `unchanged` or `refused`.

use dossier_client::tables::Imported;
use dossier_domain::Language;
use serde_json::json;

use crate::{
    desk::Desk,
    table::{Side, Table},
    text::{Style, Text, list, say},
};

/// Shows what came of a table.
pub(super) fn show(done: &Imported, desk: &Desk<'_>) {
    let language = desk.language();
    let count = |fate: &str| done.rows.iter().filter(|row| row.fate == fate).count();
    let (new, changed, unchanged, refused) =
        (count("new"), count("changed"), count("unchanged"), count("refused"));
    let head = match done.trial {
        true => language.pick("试运行（没有改动任何内容）：", "A trial, nothing was changed: "),
        false => language.pick("已导入：", "Imported: "),
    };
    desk.out.line(format!(
        "{head}{}",
        say!(
            language,
            "新建 {new}，修改 {changed}，不变 {unchanged}，不能导入 {refused}",
            "{new} new, {changed} changed, {unchanged} unchanged, {refused} refused"
        )
    ));
    let mut table = Table::new([
        (Side::Right, language.pick("行", "Row")),
        (Side::Left, language.pick("名称", "Name")),
        (Side::Left, language.pick("结果", "Result")),
        (Side::Loose, language.pick("说明", "Details")),
    ]);
    for row in done.rows.iter().filter(|row| row.fate != "unchanged") {
        let style = if row.fate == "refused" { Style::Bad } else { Style::Bold };
        let details = row.problem.clone().unwrap_or_else(|| list(language, &row.changes));
        table.row([
            Text::from(row.number.to_string()),
            Text::from(row.name.as_str()),
            Text::of(style, label(&row.fate, language)),
            Text::from(details),
        ]);
    }
    if new + changed + refused > 0 {
        desk.out.table(&table);
    }
    if !done.ignored.is_empty() {
        let ignored = list(language, &done.ignored);
        desk.out.line(say!(language, "未使用的列：{ignored}", "columns that mean nothing here: {ignored}"));
    }
    desk.out.document(&json!(done));
}

fn label(fate: &str, language: Language) -> &'static str {
    let (zh, en) = match fate {
        "new" => ("新建", "new"),
        "changed" => ("修改", "changed"),
        "refused" => ("不能导入", "refused"),
        _ => ("不变", "unchanged"),
    };
    language.pick(zh, en)
}
