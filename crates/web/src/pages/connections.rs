//! Connections: setting a vendor up, testing, choosing fields, syncing, and seeing what is late or made no sense.

mod board;
mod form;
mod one;

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{ConnectionState, Error, NewCredentials, Polling, SyncMode};
use dossier_domain::{BankZone, Language};
use maud::{Markup, html};
use serde::Deserialize;

use super::done::sent_on;
use crate::{
    failure::{Failure, Result},
    form::Sent,
    layout::{Page, Place, token},
    parts::{self, empty},
    person::Person,
    site::Site,
};
use form::NewForm;
use one::Told;

/// `GET /connections`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    board(&person, &site, &NewForm::blank(), None).await
}

/// `POST /connections`
pub(crate) async fn add(State(site): State<Arc<Site>>, sent: Sent<NewForm>) -> Result<Response> {
    let added = match sent.form.to_connection() {
        Ok(new) => site.archive.add_connection(&sent.person.ctx, new).await.map_err(placed),
        Err(failure) => Err(failure),
    };
    match added {
        Ok(connection) => Ok(Redirect::to(&link(connection.name.as_str())).into_response()),
        Err(failure) if can_be_mended(&failure) => {
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
    one::show(&person, &site, &name, &Told::Nothing).await
}

/// Whether whoever sent a form can mend what it says, as they can where the vendor's adapter refuses it.
fn can_be_mended(failure: &Failure) -> bool {
    use StatusCode as S;
    [S::BAD_REQUEST, S::CONFLICT, S::UNPROCESSABLE_ENTITY, S::BAD_GATEWAY].contains(&failure.status())
}

/// A refusal of the archive, beside the field that it is about.
fn placed(error: Error) -> Failure {
    let field = match &error {
        Error::Exists { .. } => Some("name"),
        Error::Vendor(_) => Some("settings"),
        _ => None,
    };
    let failure = Failure::from(error);
    match field {
        Some(field) => failure.beside(field),
        None => failure,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Act {
    act: String,
    field: Vec<String>,
    polling: String,
    key: String,
    webhook: String,
}

/// `POST /connections/{connection}`
pub(crate) async fn act(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    sent: Sent<Act>,
) -> Result<Response> {
    let (person, form) = (&sent.person, &sent.form);
    if form.act == "test" {
        let tested = site.archive.test_connection(&person.ctx, &name).await;
        let told = tested.map_or_else(|error| Told::Failure(error.into()), Told::Tested);
        return Ok(one::show(person, &site, &name, &told).await?.into_response());
    }
    match change(&site, &name, person, form).await {
        Ok(After::Here(done)) => Ok(sent_on(&link(&name), done).into_response()),
        Ok(After::Gone) => Ok(Redirect::to("/connections").into_response()),
        Err(failure) if can_be_mended(&failure) => {
            let status = failure.status();
            let told = match form.act.as_str() {
                "fields" => Told::Fields(form.field.clone(), failure),
                _ => Told::Failure(failure),
            };
            Ok((status, one::show(person, &site, &name, &told).await?).into_response())
        }
        Err(other) => Err(other),
    }
}

/// What a change leads to.
enum After {
    /// The same page, which says what was done.
    Here(&'static str),
    /// There is no such page any more.
    Gone,
}

async fn change(site: &Site, name: &str, person: &Person, form: &Act) -> Result<After> {
    let (ctx, archive) = (&person.ctx, &site.archive);
    let begin = async |mode| {
        let connection = archive.sync_target(ctx, name).await?;
        connection.refuse_suspended()?;
        site.syncs.begin(archive, ctx.clone(), connection.name.as_str(), mode);
        Ok::<_, Failure>(())
    };
    Ok(After::Here(match form.act.as_str() {
        "sync" => {
            begin(SyncMode::Incremental).await?;
            ""
        }
        "sync-full" => {
            begin(SyncMode::Full).await?;
            ""
        }
        "retry" => {
            archive.retry_quarantined(ctx, name).await?;
            // At once, where that may be; by the next sync otherwise.
            if begin(SyncMode::Incremental).await.is_ok() { "" } else { "retried" }
        }
        "suspend" => {
            archive.suspend_connection(ctx, name, true).await?;
            ""
        }
        "resume" => {
            archive.suspend_connection(ctx, name, false).await?;
            "resumed"
        }
        "fields" => {
            archive.choose_fields(ctx, name, form::fields(&form.field)?).await?;
            "changed"
        }
        "polling" => {
            let polling = Polling::from_name(&form.polling)
                .ok_or_else(|| Failure::bad("请选择同步频率", "choose how often it is synced"))?;
            archive.choose_polling(ctx, name, polling).await?;
            "changed"
        }
        "credentials" => {
            let new = NewCredentials { key: form::secret(&form.key), webhook: form::secret(&form.webhook) };
            let done = match (&new.key, &new.webhook) {
                (Some(_), None) => "key",
                (None, Some(_)) => "webhook",
                _ => "credentials",
            };
            let changed = archive.change_credentials(ctx, name, new).await;
            changed.map_err(|error| Failure::from(error).beside("credentials"))?;
            done
        }
        "remove" => {
            archive.remove_connection(ctx, name).await?;
            return Ok(After::Gone);
        }
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }))
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
    let ConnectionState { connection, pending, quarantined, .. } = state;
    let name = connection.name.as_str();
    let [_, vendor, standing, synced, to_come, held] = HEADS.map(|(zh, en)| language.pick(zh, en));
    html! {
        tr {
            th scope="row" { a href=(link(name)) { (name) } }
            td data-label=(vendor) { (connection.vendor) }
            td data-label=(standing) { (self::standing(state, site, language, zone)) }
            td data-label=(synced) { @match connection.synced_at {
                Some(at) => (parts::time(at, zone)),
                None => span.soft { (language.pick("从未", "never")) },
            } }
            td.number data-label=(to_come) { (pending.len()) }
            td.number data-label=(held) { @if quarantined.is_empty() { "0" } @else { span.bad { (quarantined.len()) } } }
        }
    }
}

fn standing(state: &ConnectionState, site: &Site, language: Language, zone: BankZone) -> Markup {
    let running = site.syncs.state(state.connection.name.as_str());
    html! {
        @if state.connection.suspended_at.is_some() { span.warn { (language.pick("已暂停", "suspended")) } }
        @else if running.is_some_and(|running| running.ended.is_none()) { span.good { (language.pick("同步中…", "syncing…")) } }
        @else if let Some(failing) = &state.failing {
            span.bad { (language.pick("同步失败", "failing")) } " " (parts::time(failing.at, zone))
            br; small.soft { (failing.problem.text(language)) }
        }
        @else { span.good { (language.pick("正常", "active")) } }
    }
}

/// A form with one button, for one act.
fn button(person: &Person, act: &str, label: &str, class: &str) -> Markup {
    html! { form method="post" { (token(person)) button class=(class) name="act" value=(act) { (label) } } }
}
