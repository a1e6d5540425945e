//! Tables that are handed in: the form, and what came of each row.

use dossier_archive::{Head, Imported, RowFate};
use dossier_domain::Language;
use maud::{Markup, html};

use crate::{
    form::{SentTable, TRIED_FIELD},
    layout::token,
    parts::field,
    person::Person,
};

/// So many rows are shown; of large tables those that matter most.
const SHOWN: usize = 500;

/// The form by which a table is tried and taken.
pub(super) fn form(action: &str, title: &str, heads: &[Head], person: &Person) -> Markup {
    let language = person.language();
    let names: Vec<&str> = heads.iter().map(|head| head.label(language)).collect();
    html! {
        form.card.narrow method="post" action=(action) enctype="multipart/form-data" {
            (token(person))
            h2 { (title) }
            p.soft {
                (language.pick("Excel（.xlsx）或 CSV（UTF-8、GBK），第一行为列名：", "Excel (.xlsx) or CSV (UTF-8, GBK); the first row names the columns: "))
                (names.join(language.pick("、", ", ")))
                (language.pick("。空单元格保持原样；一格多项用分号或换行分隔。",
                    ". An empty cell leaves things as they are; several things in a cell are parted by semicolons or line breaks."))
            }
            (field(language.pick("文件", "File"), &html! { input type="file" name="file" required accept=".xlsx,.csv,.txt" {} }, None))
            div.inline {
                button.primary name="act" value="try" { (language.pick("试运行", "Try it")) }
                button name="act" value="import" { (language.pick("导入", "Import")) }
            }
        }
    }
}

/// What came of a table, or would come of it; what was tried is taken by one press, at `action`.
pub(super) fn report(done: &Imported, sent: &SentTable, action: &str, person: &Person) -> Markup {
    let language = person.language();
    let count = |name: &str| done.count(|fate| fate.name() == name);
    let (new, changed, unchanged, refused) =
        (count("new"), count("changed"), count("unchanged"), count("refused"));
    // What was refused stands first, what changes nothing last.
    let mut rows: Vec<_> = done.rows.iter().collect();
    rows.sort_by_key(|row| match row.fate {
        RowFate::Refused(_) => 0,
        RowFate::New | RowFate::Changed(_) => 1,
        RowFate::Unchanged => 2,
    });
    html! {
        section.card role="status" {
            h2 {
                @if sent.is_trial { (language.pick("试运行结果（尚未导入）", "What it would change (nothing was changed yet)")) }
                @else { (language.pick("导入结果", "What was imported")) }
            }
            p {
                (language.pick("新建 ", "new ")) (new) (language.pick("，修改 ", ", changed ")) (changed)
                (language.pick("，不变 ", ", unchanged ")) (unchanged) (language.pick("，不能导入 ", ", refused ")) (refused)
            }
            @if sent.is_trial && new + changed > 0 { (take(sent, action, person)) }
            @if !done.ignored.is_empty() {
                p.warn { (language.pick("未使用的列：", "Columns that mean nothing here: ")) (done.ignored.join(language.pick("、", ", "))) }
            }
            div.scroll { table.list {
                thead { tr {
                    th scope="col" { (language.pick("行", "Row")) }
                    th scope="col" { (language.pick("名称", "Name")) }
                    th scope="col" { (language.pick("结果", "Result")) }
                    th scope="col" { (language.pick("说明", "Details")) }
                } }
                tbody { @for row in rows.iter().take(SHOWN) {
                    tr {
                        td.number { (row.number) }
                        th scope="row" { (row.name) }
                        td { @match row.fate {
                            RowFate::Refused(_) => span.bad { (row.fate.label(language)) },
                            _ => (row.fate.label(language)),
                        } }
                        td { (details(&row.fate, language)) }
                    }
                } }
            } }
            @if rows.len() > SHOWN {
                p.soft { (language.pick("只显示前 ", "The first ")) (SHOWN) (language.pick(" 行。", " rows are shown.")) }
            }
        }
    }
}

/// The form by which what was tried is taken.
fn take(sent: &SentTable, action: &str, person: &Person) -> Markup {
    let language = person.language();
    html! {
        @match sent.tried() {
            Some(tried) => form method="post" action=(action) enctype="multipart/form-data" {
                (token(person))
                input type="hidden" name=(TRIED_FIELD) value=(tried) {}
                button.primary name="act" value="import" { (language.pick("导入以上各行", "Import these rows")) }
            },
            None => p.soft { (language.pick("文件较大；请在下面重新选择它并导入。", "The file is large: choose it again below to import it.")) },
        }
    }
}

fn details(fate: &RowFate, language: Language) -> String {
    match fate {
        RowFate::Changed(heads) => {
            let names: Vec<&str> = heads.iter().map(|head| head.label(language)).collect();
            names.join(language.pick("、", ", "))
        }
        RowFate::Refused(error) => error.message(language),
        RowFate::New | RowFate::Unchanged => String::new(),
    }
}
