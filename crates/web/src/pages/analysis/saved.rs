//! Reports that somebody keeps under a name, and those that were shared with them.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    extract::{Path, State},
    response::Redirect,
};
use dossier_access::{Action, Role};
use dossier_archive::{NewSavedReport, Rhythm, SavedReport};
use dossier_domain::{Language, SavedReportId, text::Line};
use maud::{Markup, html};
use serde::Deserialize;

use super::asked::Asked;
use crate::{
    failure::{Failure, Result},
    form::{Sent, typed},
    layout::token,
    person::Person,
    site::Site,
};

/// Where they are changed.
const PATH: &str = "/analysis/saved";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    report: String,
    name: String,
    role: Vec<String>,
    rhythm: String,
    /// The address of the report that is kept, and to which one comes back.
    asked: String,
}

/// `POST /analysis/saved`
pub(crate) async fn change(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Redirect> {
    let (ctx, form, archive) = (&sent.person.ctx, &sent.form, &site.archive);
    let id = || form.report.parse::<SavedReportId>().map_err(|_| Failure::NoPage);
    let name = || typed::<Line>(("名称", "a name"), form.name.trim());
    let asked = Asked::read(form.asked.as_bytes())?;
    match form.act.as_str() {
        "save" => {
            let new = NewSavedReport { name: name()?, words: asked.words(), shared_with: roles(&form.role)? };
            archive.save_report(ctx, new).await?;
        }
        "rename" => drop(archive.rename_saved_report(ctx, id()?, name()?).await?),
        "share" => drop(archive.share_saved_report(ctx, id()?, roles(&form.role)?).await?),
        "remind" => {
            let rhythm = match form.rhythm.as_str() {
                "" => None,
                name => Some(
                    Rhythm::find(name)
                        .ok_or_else(|| Failure::bad("没有这种周期", "there is no such rhythm"))?,
                ),
            };
            drop(archive.remind_of_saved_report(ctx, id()?, rhythm).await?);
        }
        "remove" => archive.remove_saved_report(ctx, id()?).await?,
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }
    Ok(Redirect::to(&asked.page()))
}

/// `GET /analysis/saved/{report}`: to the report itself, for who may open it.
pub(crate) async fn open(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(report): Path<String>,
) -> Result<Redirect> {
    let kept = of(&person, &site).await?;
    let found = kept.into_iter().find(|one| one.id.to_string() == report).ok_or(Failure::NoPage)?;
    Ok(Redirect::to(&Asked::from(found.words).page()))
}

fn roles(names: &[String]) -> Result<BTreeSet<Role>> {
    names.iter().map(|name| typed::<Role>(("角色", "a role"), name)).collect()
}

/// The reports that a person keeps or was given.
pub(super) async fn of(person: &Person, site: &Site) -> Result<Vec<SavedReport>> {
    Ok(site.archive.saved_reports(&person.ctx).await?)
}

pub(super) fn show(saved: &[SavedReport], asked: &Asked, person: &Person) -> Markup {
    let language = person.language();
    let current = saved.iter().find(|one| one.words == asked.words());
    let may_keep = person.may(Action::SaveSearches) && !asked.measure.is_empty();
    html! {
        details.saved {
            summary {
                (language.pick("已存报表", "Kept reports"))
                @if !saved.is_empty() { " (" (saved.len()) ")" }
                @if let Some(current) = current { " · " strong { (current.name) } }
            }
            div.sheet {
                @if saved.is_empty() {
                    p.soft { (language.pick("还没有。打开一个报表，在这里给它起个名字；以后一按就按最新数据生成。",
                        "There are none yet. Open a report and give it a name here; one press makes it again on the newest data.")) }
                }
                ul { @for one in saved { li { (entry(one, asked, person)) } } }
                @if may_keep && current.is_none() {
                    form.keep method="post" action=(PATH) {
                        (token(person)) (place(asked))
                        input name="name" required maxlength="200" placeholder=(language.pick("名称", "Name"))
                            aria-label=(language.pick("当前报表的名称", "Name of the current report")) {}
                        @if person.may(Action::ShareReports) { (sharing(&BTreeSet::new(), language)) }
                        button name="act" value="save" { (language.pick("保存当前报表", "Keep this report")) }
                    }
                }
            }
        }
    }
}

/// A report that is kept, with what can be done with it.
fn entry(one: &SavedReport, asked: &Asked, person: &Person) -> Markup {
    let language = person.language();
    let with: Vec<&str> = one.shared_with.iter().map(|role| role.label(language)).collect();
    html! {
        a href=(Asked::from(one.words.clone()).page()) { (one.name) }
        @if !one.is_own {
            " " small.soft { (language.pick("来自 ", "from ")) @if let Some(owner) = &one.owner { (owner) } @else { "–" } }
        } @else if !with.is_empty() {
            " " small.soft { (language.pick("已分享给", "shared with ")) (with.join(language.pick("、", ", "))) }
        }
        @if one.is_own && person.may(Action::SaveSearches) {
            details.more {
                summary aria-label={ (language.pick("更改", "Change ")) (one.name) } { (language.pick("更改", "Change")) }
                form method="post" action=(PATH) {
                    (token(person)) (place(asked))
                    input type="hidden" name="report" value=(one.id) {}
                    input name="name" value=(one.name) required maxlength="200" aria-label=(language.pick("新名称", "New name")) {}
                    button name="act" value="rename" { (language.pick("改名", "Rename")) }
                    @if person.may(Action::ShareReports) {
                        (sharing(&one.shared_with, language))
                        button name="act" value="share" { (language.pick("分享", "Share")) }
                    }
                    (reminding(one, language))
                    button.danger name="act" value="remove" { (language.pick("删除", "Remove")) }
                }
            }
        }
    }
}

/// How often its readers are reminded of a report.
fn reminding(one: &SavedReport, language: Language) -> Markup {
    html! {
        select name="rhythm" aria-label={ (language.pick("提醒：", "Reminder: ")) (one.name) } {
            option value="" { (language.pick("不提醒", "no reminder")) }
            @for rhythm in Rhythm::ALL {
                option value=(rhythm.name()) selected[one.reminds == Some(rhythm)] { (rhythm.label(language)) }
            }
        }
        button name="act" value="remind" { (language.pick("设置提醒", "Set the reminder")) }
    }
}

/// The roles with which a report can be shared: those that make reports.
fn sharing(with: &BTreeSet<Role>, language: Language) -> Markup {
    html! {
        fieldset.ticks {
            legend { (language.pick("分享给（各自只看到有权看的）", "Shared with, each seeing what they may")) }
            @for role in Role::ALL.into_iter().filter(|role| !role.is_exclusive()) {
                label {
                    input type="checkbox" name="role" value=(role.name()) checked[with.contains(&role)] {}
                    (role.label(language))
                }
            }
        }
    }
}

/// What is kept, and where one comes back to.
fn place(asked: &Asked) -> Markup {
    let address = asked.address_with("", &[]);
    html! { input type="hidden" name="asked" value=(address.trim_start_matches('?')) {} }
}
