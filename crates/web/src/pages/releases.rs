//! Two persons for large downloads: what was asked for, by whom, and whether another person lets it go.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::{Action, Resource};
use dossier_archive::{Release, ReleaseRule, ReleaseState};
use dossier_domain::{BankZone, ReleaseId};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    form::Sent,
    layout::{Page, Place, token},
    parts::{self, address, empty, field},
    person::Person,
    site::Site,
    zips::{self, Contents},
};

/// Where they are shown.
pub(crate) const PATH: &str = "/releases";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    release: String,
}

/// `GET /releases`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    let releases = site.archive.releases(&person.ctx).await?;
    let language = person.language();
    let title = language.pick("放行批量下载", "Releases of batch downloads");
    let zone = site.archive.settings().zone;
    let content = html! {
        h1 { (title) }
        p.soft { (rule(site.archive.release_rule().await?, &person)) }
        @if releases.is_empty() {
            (empty(language.pick("没有放行申请", "No request for a release"), &html! {
                (language.pick("在候选人页勾选并下载；需要放行时，申请会出现在这里。",
                    "Tick candidates and download; where a release is needed, the request appears here."))
            }))
        } @else {
            div.scroll { table.list {
                thead { tr {
                    @for (zh, en) in [("申请人", "Asked by"), ("时间", "When"), ("应聘", "Applications"), ("内容", "Contents"), ("用途", "Reason"), ("状态", "State"), ("操作", "Do")] {
                        th scope="col" { (language.pick(zh, en)) }
                    }
                } }
                tbody { @for release in &releases { (row(release, &person, zone)) } }
            } }
        }
    };
    Ok(Page::of(&person, Place::Candidates).wide().render(title, &content))
}

/// `POST /releases`
pub(crate) async fn change(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Response> {
    let id: ReleaseId = sent.form.release.parse().map_err(|_| Failure::NoPage)?;
    match sent.form.act.as_str() {
        act @ ("release" | "refuse") => {
            site.archive.decide_release(&sent.person.ctx, id, act == "release").await?;
            Ok(Redirect::to(PATH).into_response())
        }
        "fetch" => {
            let contents = Contents::Released(id, sent.person.language());
            Ok(zips::begun(site, sent.person.into(), contents, false).await?.1)
        }
        _ => Err(Failure::bad("未知的操作", "there is no such action")),
    }
}

/// The rule in words.
fn rule(rule: ReleaseRule, person: &Person) -> String {
    let language = person.language();
    match rule.from {
        None => language
            .pick("批量下载不需要他人放行。", "Batch downloads need nobody else’s release.")
            .to_owned(),
        Some(from) => language
            .pick(
                &format!("一人一天内批量下载满 {from} 份应聘，须由另一人放行；申请与放行各在 24 小时内有效。"),
                &format!(
                    "From {from} applications a day on, what one person downloads in batches is released by another. \
                     A request waits for 24 hours, and a release is good for 24 hours."
                ),
            )
            .to_owned(),
    }
}

fn row(release: &Release, person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    let is_own = person.ctx.actor().user().is_some_and(|user| user.id == release.by);
    let may_decide =
        person.ctx.decide(Action::ReleaseDownload, &Resource::User { id: release.by }).is_allowed();
    let (state, class) = match release.state {
        ReleaseState::Waiting => (language.pick("等待放行", "waits"), "warn"),
        ReleaseState::Released => (language.pick("已放行", "released"), "good"),
        ReleaseState::Refused => (language.pick("已拒绝", "refused"), "bad"),
    };
    let asker = release.login.as_ref().map_or_else(|| release.by.to_string(), ToString::to_string);
    let kinds: Vec<&str> = release.contents.iter().map(|kind| kind.label(language)).collect();
    html! {
        tr id=(release.id) {
            th scope="row" { (asker) }
            td { (parts::time(release.asked_at, zone)) }
            td { a href=(address("/candidates", &[("q", &release.query)])) { (release.applications) } }
            td.soft { (kinds.join(language.pick("、", ", "))) }
            td { (release.reason) }
            td {
                span class=(class) { (state) }
                @if let Some(by) = &release.decided_by { " " span.soft { (by) } }
            }
            td { form.inline method="post" {
                (token(person))
                input type="hidden" name="release" value=(release.id) {}
                @if release.state == ReleaseState::Waiting && may_decide {
                    button.primary name="act" value="release" { (language.pick("放行", "Release")) }
                    button name="act" value="refuse" { (language.pick("拒绝", "Refuse")) }
                }
                @if release.state == ReleaseState::Released && is_own {
                    button.primary name="act" value="fetch" { (language.pick("下载 ZIP", "Download ZIP")) }
                }
            } }
        }
    }
}

/// Tells in passing that others wait for whoever looks.
pub(crate) async fn waiting(person: &Person, site: &Site) -> Result<Markup> {
    let language = person.language();
    let count = site.archive.releases_waiting(&person.ctx).await?;
    Ok(html! {
        @if count > 0 {
            p.notice { a href=(PATH) { (language.pick(
                &format!("有 {count} 份批量下载等您放行"), &format!("{count} batch downloads wait for your release"))) } }
        }
    })
}

/// The rule, to be changed.
pub(crate) fn card(rule: ReleaseRule, person: &Person) -> Markup {
    let language = person.language();
    html! {
        form.card method="post" {
            (token(person))
            h2 { (language.pick("放行批量下载", "Releases of batch downloads")) }
            (field(language.pick("一天内满多少份应聘须由另一人放行（留空为不需要）",
                "Applications a day from which another person releases a download (empty: never)"), &html! {
                input inputmode="decimal" maxlength="20" name="release_from" value=[rule.from] {}
            }, None))
            button name="act" value="releases" { (language.pick("保存", "Save")) }
        }
    }
}
