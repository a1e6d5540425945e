//! `doctor`: checks the set-up.
//!
//! JSON: `{"checks":[{"what","state","found"}]}` (and `removed` with `--repair`) with states `good`, `attention` and `broken`; what is broken is an error
//! besides.

use dossier_client::doctor::{Check, Health};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    exit::Kind,
    progress::Progress,
    service::OnCount,
    table::{Side, Table},
    text::{Style, Text, say},
};

/// `doctor`
pub(super) async fn run(asked: &args::Doctor, desk: &Desk<'_>) -> Result<()> {
    let language = desk.language();
    let removed = match asked.repair {
        true => Some(desk.service.remove_left_over_files().await?),
        false => None,
    };
    if let Some(removed) = removed {
        desk.out.line(say!(
            language,
            "清除了 {removed} 个遗留文件",
            "{removed} left-over files were removed"
        ));
    }
    let progress = asked.everything.then(|| Progress::endless(desk.out, language.pick("条记录", "records")));
    let told = progress.as_ref().map(|progress| |records| progress.at(records));
    let checks = desk.service.doctor(told.as_ref().map(|told| told as OnCount<'_>)).await?;
    drop(progress);
    show(&checks, removed, desk);
    match checks.iter().filter(|check| check.state == Health::Broken).count() {
        0 => Ok(()),
        broken => Err(Error::new(
            Kind::Damaged,
            format!("有 {broken} 项损坏，见上"),
            format!("{broken} of these are broken, see above"),
        )),
    }
}

fn show(checks: &[Check], removed: Option<u64>, desk: &Desk<'_>) {
    let mut table = Table::new([(Side::Left, ""), (Side::Left, ""), (Side::Loose, "")]);
    for check in checks {
        let mark = match check.state {
            Health::Good => Text::of(Style::Good, "✓"),
            Health::Attention => Text::of(Style::Warning, "!"),
            Health::Broken => Text::of(Style::Bad, "✗"),
        };
        table.row([mark, Text::from(check.what.as_str()), Text::from(check.found.as_str())]);
    }
    desk.out.table(&table);
    let mut document = json!({ "checks": checks });
    if let Some(removed) = removed {
        document["removed"] = json!(removed);
    }
    desk.out.document(&document);
}
