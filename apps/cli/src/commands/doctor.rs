//! `doctor`: checks the set-up.
//!
//! JSON: `{"checks":[{"what","state","found"}]}` (and `removed` with `--repair`) with states `good`, `attention` and `broken`; what is broken is an error
//! besides.

use dossier_archive::{Check, Gone, State};
use serde_json::json;

use crate::{
    args::{self, Global},
    desk::Desk,
    error::{Error, Result},
    exit::Kind,
    progress::Progress,
    root,
    table::{Side, Table},
    text::{Style, Text, say},
};

/// `doctor`
pub(super) async fn run(asked: &args::Doctor, global: &Global, desk: &Desk<'_>) -> Result<()> {
    let language = desk.language();
    let removed = match asked.repair {
        true => Some(desk.archive.remove_left_over_files(&desk.ctx).await?),
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
    let told = |gone: Gone| {
        if let Some(progress) = &progress {
            progress.at(gone.records);
        }
    };
    let everything: Option<dossier_archive::doctor::OnCheck<'_>> = match asked.everything {
        true => Some(&told),
        false => None,
    };
    let mut checks = desk.archive.doctor(&desk.ctx, everything).await?;
    drop(progress);
    checks.extend(key_file(global));
    show(&checks, removed, desk);
    match checks.iter().filter(|check| check.state == State::Broken).count() {
        0 => Ok(()),
        broken => Err(Error::new(
            Kind::Damaged,
            format!("有 {broken} 项损坏，见上"),
            format!("{broken} of these are broken, see above"),
        )),
    }
}

fn show(checks: &[Check], removed: Option<u64>, desk: &Desk<'_>) {
    let language = desk.language();
    let mut table = Table::new([(Side::Left, ""), (Side::Left, ""), (Side::Loose, "")]);
    for check in checks {
        let mark = match check.state {
            State::Good => Text::of(Style::Good, "✓"),
            State::Attention => Text::of(Style::Warning, "!"),
            State::Broken => Text::of(Style::Bad, "✗"),
        };
        table.row([mark, Text::from(check.title(language)), Text::from(check.text(language))]);
    }
    desk.out.table(&table);
    let all: Vec<_> = checks
        .iter()
        .map(|check| json!({ "what": check.title(language), "state": check.state, "found": check.text(language) }))
        .collect();
    let mut document = json!({ "checks": all });
    if let Some(removed) = removed {
        document["removed"] = json!(removed);
    }
    desk.out.document(&document);
}

/// Whether the key file is for its owner's eyes alone; nothing where a passphrase opens the archive.
fn key_file(global: &Global) -> Option<Check> {
    let path = root::key_file(global);
    if !path.exists() {
        return None;
    }
    let place = path.display();
    let (state, zh, en) = match dossier_folder::key_file::is_exposed(&path) {
        true => (
            State::Attention,
            format!("{place} 其他用户可读；请运行 chmod 600 {place}"),
            format!("{place} can be read by others; run chmod 600 {place}"),
        ),
        false => {
            (State::Good, format!("{place} 仅本人可读"), format!("{place} can be read by its owner alone"))
        }
    };
    Some(Check { what: ("密钥文件", "key file"), state, found: (zh, en) })
}
