//! Connections: setting a vendor up, testing, choosing fields, syncing, and seeing what is late or made no sense.

mod form;
mod one;

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{ConnectionState, SyncMode};
use dossier_domain::{BankZone, Language};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    form::Sent,
    layout::{Page, Place, token},
    parts::{self, empty},
    person::Person,
    site::Site,
};
use form::NewForm;

/// `GET /connections`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    board(&person, &site, &NewForm::default(), None).await
}

/// `POST /connections`
pub(crate) async fn add(State(site): State<Arc<Site>>, sent: Sent<NewForm>) -> Result<Response> {
    let added = match sent.form.to_connection() {
        Ok(new) => site.archive.add_connection(&sent.person.ctx, new).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    match added {
        Ok(connection) => Ok(Redirect::to(&link(connection.name.as_str())).into_response()),
        Err(failure) if failure.status().as_u16() < 500 || failure.status().as_u16() == 502 => {
            let page = board(&sent.person, &site, &sent.form, Some(&failure)).await?;
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

/// `GET /connections/{connection}`
pub(crate) async fn one(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
) -> Result<Markup> {
    one::show(&person, &site, &name, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Act {
    act: String,
    field: Vec<String>,
}

/// `POST /connections/{connection}`
pub(crate) async fn act(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    sent: Sent<Act>,
) -> Result<Response> {
    let (ctx, archive) = (&sent.person.ctx, &site.archive);
    let mode = match sent.form.act.as_str() {
        "sync" => Some(SyncMode::Incremental),
        "sync-full" => Some(SyncMode::Full),
        "test" => {
            let tested = archive.test_connection(ctx, &name).await.map_err(Failure::from);
            return Ok(one::show(&sent.person, &site, &name, Some(tested)).await?.into_response());
        }
        "suspend" => archive.suspend_connection(ctx, &name, true).await.map(|_| None)?,
        "resume" => archive.suspend_connection(ctx, &name, false).await.map(|_| None)?,
        "fields" => archive.choose_fields(ctx, &name, form::fields(&sent.form.field)?).await.map(|_| None)?,
        "remove" => {
            archive.remove_connection(ctx, &name).await?;
            return Ok(Redirect::to("/connections").into_response());
        }
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    };
    if let Some(mode) = mode {
        let connection = archive.sync_target(ctx, &name).await?;
        connection.refuse_suspended()?;
        site.syncs.begin(archive, ctx.clone(), connection.name.as_str(), mode);
    }
    Ok(Redirect::to(&link(&name)).into_response())
}

fn link(name: &str) -> String {
    let mut written: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    written = written.replace('+', "%20");
    format!("/connections/{written}")
}

async fn board(person: &Person, site: &Site, typed: &NewForm, problem: Option<&Failure>) -> Result<Markup> {
    let language = person.language();
    let states = site.archive.connections(&person.ctx).await?;
    let zone = site.archive.settings().zone;
    let title = language.pick("集成与同步", "Connections");
    let content = html! {
        h1 { (title) }
        @if states.is_empty() {
            (empty(language.pick("还没有集成", "There is no connection yet"), &html! {
                (language.pick("在下面选择供应商，填入它给您的 API 密钥；测试之后就可以同步。",
                    "Choose the vendor below and enter the API key that it gave you; test it, then sync."))
            }))
        } @else {
            div.scroll { table.list.cards {
                thead { tr { @for (place, (zh, en)) in HEADS.into_iter().enumerate() {
                    th.number[place >= COUNTS_FROM] scope="col" { (language.pick(zh, en)) }
                } } }
                tbody { @for state in &states { (row(state, site, language, zone)) } }
            } }
        }
        (form::show(person, typed, problem))
    };
    Ok(Page::of(person, Place::Connections).render(title, &content))
}

const HEADS: [(&str, &str); 6] = [
    ("集成", "Connection"),
    ("供应商", "Vendor"),
    ("状态", "State"),
    ("上次同步", "Last sync"),
    ("待补齐", "Still to come"),
    ("被隔离", "Quarantined"),
];

/// From here on the columns are counts.
const COUNTS_FROM: usize = 4;

fn row(state: &ConnectionState, site: &Site, language: Language, zone: BankZone) -> Markup {
    let ConnectionState { connection, pending, quarantined } = state;
    let name = connection.name.as_str();
    let is_running = site.syncs.state(name).is_some_and(|running| running.ended.is_none());
    let [_, vendor, standing, synced, to_come, held] = HEADS.map(|(zh, en)| language.pick(zh, en));
    html! {
        tr {
            th scope="row" { a href=(link(name)) { (name) } }
            td data-label=(vendor) { (connection.vendor) }
            td data-label=(standing) {
                @if connection.suspended_at.is_some() { span.warn { (language.pick("已暂停", "suspended")) } }
                @else if is_running { span.good { (language.pick("同步中…", "syncing…")) } }
                @else { span.good { (language.pick("正常", "active")) } }
            }
            td data-label=(synced) { @match connection.synced_at {
                Some(at) => (parts::time(at, zone)),
                None => span.soft { (language.pick("从未", "never")) },
            } }
            td.number data-label=(to_come) { (pending.len()) }
            td.number data-label=(held) { @if quarantined.is_empty() { "0" } @else { span.bad { (quarantined.len()) } } }
        }
    }
}

/// A form with one button, for one act.
fn button(person: &Person, act: &str, label: &str, class: &str) -> Markup {
    html! { form method="post" { (token(person)) button class=(class) name="act" value=(act) { (label) } } }
}
