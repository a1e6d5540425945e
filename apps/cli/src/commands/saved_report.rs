//! `saved-report`: reports that whoever acts keeps under a name, or was given.
//!
//! JSON: a report `{"id","name","question","shared_with","owner","is_own","saved_at"}`; for `list`, `{"saved_reports":[…]}`;
//! for `remove`, `{"removed":id}`.

use std::collections::BTreeSet;

use dossier_access::Role;
use dossier_archive::Rhythm;
use dossier_client::saved::{NewSavedReport, SavedReport};
use dossier_domain::text::Line;
use serde_json::json;

use super::report::ask;
use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    exit::Kind,
    input,
    table::{Side, Table},
    text::{Style, Text, list as listed, say},
};

/// `saved-report …`
pub(super) async fn run(asked: &args::SavedReport, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::SavedReport::List => list(desk).await,
        args::SavedReport::Add(new) => add(new, desk).await,
        args::SavedReport::Share(share) => {
            let (id, roles) = (own(&share.name, desk).await?.id, roles(&share.roles)?);
            let changed = desk.service.share_saved_report(id, &roles).await?;
            show(&changed, desk)
        }
        args::SavedReport::Rename(rename) => {
            let (id, name) =
                (own(&rename.name, desk).await?.id, input::text::<Line>("名称", &rename.new_name)?);
            let changed = desk.service.rename_saved_report(id, &name).await?;
            show(&changed, desk)
        }
        args::SavedReport::Remind(remind) => {
            let rhythm = rhythm(&remind.rhythm)?;
            let id = own(&remind.name, desk).await?.id;
            let changed = desk.service.remind_of_saved_report(id, rhythm).await?;
            show(&changed, desk)
        }
        args::SavedReport::Remove(remove) => {
            let SavedReport { id, name, .. } = own(&remove.name, desk).await?;
            desk.service.remove_saved_report(id).await?;
            desk.out.line(say!(desk.language(), "已删除“{name}”。", "“{name}” is forgotten."));
            desk.out.document(&json!({ "removed": id }));
            Ok(())
        }
    }
}

/// The report of this name: one's own before one that was shared.
pub(super) async fn named(name: &str, desk: &Desk<'_>) -> Result<SavedReport> {
    find(name, desk, |_| true).await
}

async fn own(name: &str, desk: &Desk<'_>) -> Result<SavedReport> {
    find(name, desk, |one| one.is_own).await
}

async fn find(name: &str, desk: &Desk<'_>, counts: impl Fn(&SavedReport) -> bool) -> Result<SavedReport> {
    let mut found = desk.service.saved_reports().await?;
    found.retain(|one| one.name.as_str() == name.trim() && counts(one));
    found.sort_by_key(|one| !one.is_own);
    let cut: String = name.chars().take(80).collect();
    found.into_iter().next().ok_or_else(|| {
        Error::new(
            Kind::NotFound,
            format!("没有名为“{cut}”的报表；用 dossier saved-report list 查看"),
            format!("no report is called “{cut}”; dossier saved-report list shows them"),
        )
    })
}

async fn add(asked: &args::SavedReportAdd, desk: &Desk<'_>) -> Result<()> {
    let question = ask(&asked.measure, &asked.query, &asked.how)?;
    let name = input::text::<Line>("名称", &asked.name)?;
    let new = NewSavedReport { name, question, shared_with: roles(&asked.share)? };
    let saved = desk.service.save_report(new).await?;
    show(&saved, desk)
}

fn show(saved: &SavedReport, desk: &Desk<'_>) -> Result<()> {
    let name = &saved.name;
    desk.out.line(say!(
        desk.language(),
        "已保存；用 dossier report --saved {name} 生成。",
        "It is kept; dossier report --saved {name} makes it."
    ));
    desk.out.document(&json!(saved));
    Ok(())
}

async fn list(desk: &Desk<'_>) -> Result<()> {
    let saved = desk.service.saved_reports().await?;
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("名称", "Name")),
        (Side::Left, language.pick("所有者", "Owner")),
        (Side::Left, language.pick("分享给", "Shared with")),
        (Side::Left, language.pick("保存于", "Kept")),
        (Side::Loose, language.pick("统计", "Measure")),
    ]);
    for one in &saved {
        let roles: Vec<&str> = one.shared_with.iter().map(|role| role.label(language)).collect();
        let question = &one.question;
        let by = question.by.join(",");
        let what = [question.measure.as_str(), &by, &question.period, &question.query];
        let what: Vec<&str> = what.into_iter().filter(|part| !part.is_empty()).collect();
        table.row([
            Text::of(Style::Bold, &one.name),
            Text::from(one.owner.as_ref().map(ToString::to_string).unwrap_or_default()),
            Text::from(listed(language, &roles)),
            Text::from(desk.time(one.saved_at)),
            Text::from(what.join(" · ")),
        ]);
    }
    desk.out.table(&table);
    desk.out.document(&json!({ "saved_reports": saved }));
    Ok(())
}

fn rhythm(given: &str) -> Result<Option<Rhythm>> {
    match (given.trim(), Rhythm::find(given)) {
        ("never", _) => Ok(None),
        (_, Some(rhythm)) => Ok(Some(rhythm)),
        _ => Err(Error::invalid(
            "周期可用：weekly、monthly、never".to_owned(),
            "how often is one of: weekly, monthly, never".to_owned(),
        )),
    }
}

fn roles(given: &[String]) -> Result<BTreeSet<Role>> {
    let known = "hr, interviewer, background_checker";
    given.iter().map(|name| input::word("角色", known, name)).collect()
}
