//! 「通知」: what somebody was told.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::NoticeView;
use dossier_domain::{BankZone, Language, NoticeKind};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    assets, events,
    failure::{Failure, Result},
    form::Sent,
    layout::{Page, Place, token},
    parts::{self, empty},
    person::Person,
    site::Site,
};

/// `GET /notices`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    let (language, zone) = (person.language(), site.archive.settings().zone);
    let inbox = site.archive.inbox(&person.ctx).await?;
    let title = Place::Notices.label(language);
    let content = html! {
        div.bar {
            h1 { (title) }
            a href="/account#notices" { (language.pick("设置", "What I want to hear of")) }
        }
        div data-live="notices" data-events=(events::OF_NOTICES) {
            @if inbox.notices.is_empty() {
                (empty(language.pick("还没有通知", "There are no notices"), &html! {
                    (language.pick("有新资料、新的背调或同步异常等情况时，会在这里告诉您。",
                        "New materials, new cases and trouble are told here."))
                }))
            } @else {
                @if inbox.unread > 0 {
                    form method="post" {
                        (token(&person))
                        button name="act" value="all" { (language.pick("全部标为已读", "Mark all as read")) }
                    }
                }
                div.scroll { table.list.cards.notices {
                    thead { tr { @for (zh, en) in COLUMNS { th scope="col" { (language.pick(zh, en)) } } } }
                    tbody { @for of in &inbox.notices { (row(of, &person, zone)) } }
                } }
            }
        }
    };
    Ok(Page::of(&person, Place::Notices).script(assets::LIVE).render(title, &content))
}

const COLUMNS: [(&str, &str); 4] =
    [("通知", "Notice"), ("类别", "Kind"), ("时间", "Time"), ("状态", "State")];

fn row(of: &NoticeView, person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    let [_, kind, time, state] = COLUMNS.map(|(zh, en)| language.pick(zh, en));
    html! {
        tr.unread[of.read_at.is_none()] {
            th scope="row" {
                @match destination(of) {
                    Some(address) => a href=(address) { (of.text(language)) },
                    None => (of.text(language)),
                }
            }
            td data-label=(kind) { (of.kind.label(language)) }
            td data-label=(time) { (parts::time(of.at, zone)) }
            td data-label=(state) {
                @if of.read_at.is_some() { span.soft { (language.pick("已读", "read")) } }
                @else {
                    form method="post" {
                        (token(person))
                        input type="hidden" name="notice" value=(of.id);
                        button.quiet name="act" value="one" aria-label=(mark_label(of, language)) {
                            (language.pick("标为已读", "Mark as read"))
                        }
                    }
                }
            }
        }
    }
}

fn mark_label(of: &NoticeView, language: Language) -> String {
    format!("{} {}", language.pick("标为已读：", "Mark as read:"), of.text(language))
}

/// Where one looks further.
fn destination(of: &NoticeView) -> Option<String> {
    match (of.kind, of.position) {
        (NoticeKind::Materials, _) => Some("/interviews".to_owned()),
        (_, Some(position)) => Some(format!("/positions/{position}/board")),
        (NoticeKind::SyncTrouble | NoticeKind::Lateness, _) => Some("/connections".to_owned()),
        (NoticeKind::ChannelTrouble, _) => Some("/channels".to_owned()),
        (NoticeKind::Report, _) => of.report.map(|report| format!("/analysis/saved/{report}")),
        _ => None,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Marked {
    act: String,
    notice: String,
}

/// `POST /notices`
pub(crate) async fn mark(State(site): State<Arc<Site>>, sent: Sent<Marked>) -> Result<Response> {
    let (ctx, form) = (&sent.person.ctx, &sent.form);
    match form.act.as_str() {
        "all" => drop(site.archive.read_notices(ctx, None).await?),
        "one" => {
            let id = form.notice.parse().map_err(|_| Failure::NoPage)?;
            site.archive.read_notices(ctx, Some(&[id])).await?;
        }
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }
    Ok(Redirect::to("/notices").into_response())
}
