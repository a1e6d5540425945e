//! One connection: how its syncs go, and what can be changed of it.

use dossier_access::Action;
use dossier_archive::{ConnectionState, Polling};
use dossier_domain::Language;
use dossier_vendor::Account;
use maud::{Markup, html};

use super::{board, button, form};
use crate::{
    assets,
    failure::{Failure, Result},
    layout::{Page, Place, token},
    pages::done,
    parts::{self, Mistakes, field},
    person::Person,
    site::Site,
};

/// What the page is to tell besides.
pub(super) enum Told {
    Nothing,
    Tested(Account),
    Failure(Failure),
    /// Why fields were not taken, and which ones were ticked.
    Fields(Vec<String>, Failure),
}

impl Told {
    fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failure(failure) | Self::Fields(_, failure) => Some(failure),
            Self::Nothing | Self::Tested(_) => None,
        }
    }
}

pub(super) async fn show(person: &Person, site: &Site, name: &str, told: &Told) -> Result<Markup> {
    let language = person.language();
    let states = site.archive.connections(&person.ctx).await?;
    let state =
        states.into_iter().find(|state| state.connection.name.as_str() == name).ok_or(Failure::NoPage)?;
    let (running, zone) = (site.syncs.state(name), site.archive.settings().zone);
    let is_running = running.as_ref().is_some_and(|running| running.ended.is_none());
    let wrong = Mistakes::of(told.failure(), language);
    let content = html! {
        p.path { a href="/connections" { (Place::Connections.label(language)) } span.soft { "/" } }
        div.bar data-live="acts" { (acts(&state, person, is_running)) }
        (done::notice(person))
        (wrong.of_all())
        @if let Told::Tested(account) = told { (account_of(account, language)) }
        div data-live="board" {
            @if is_running || state.failing.is_none() {
                @if let Some(running) = &running { (board::progress(running, &state, person, zone)) }
            } @else { (board::failing(&state, language, zone)) }
            (board::waiting(&state, person, zone, is_running))
            (board::quarantine(&state, person, zone))
        }
        (fields(&state, told, wrong, person))
        (polling(&state, person))
        (credentials(&state, wrong, person))
        details.card.narrow {
            summary { (language.pick("删除这个集成", "Remove this connection")) }
            p { (language.pick("密钥与同步进度会删除；已同步的资料保留。",
                "Its key and its place are deleted; materials that were synced stay.")) }
            (button(person, "remove", language.pick("删除", "Remove"), "danger"))
        }
    };
    Ok(Page::of(person, Place::Connections).script(assets::SYNC).render(name, &content))
}

fn acts(state: &ConnectionState, person: &Person, is_running: bool) -> Markup {
    let language = person.language();
    let is_suspended = state.connection.suspended_at.is_some();
    html! {
        h1 { (state.connection.name) }
        @if is_suspended { span.warn { (language.pick("已暂停", "suspended")) } }
        (button(person, "test", language.pick("测试连接", "Test"), ""))
        @if !is_suspended && !is_running && person.may(Action::Sync) {
            (button(person, "sync", language.pick("立即同步", "Sync now"), "primary"))
            (button(person, "sync-full", language.pick("全量同步", "Full sync"), ""))
        }
        @if is_suspended { (button(person, "resume", language.pick("恢复", "Resume"), "primary")) }
        @else { (button(person, "suspend", language.pick("暂停", "Suspend"), "danger")) }
    }
}

fn fields(state: &ConnectionState, told: &Told, wrong: Mistakes<'_>, person: &Person) -> Markup {
    let language = person.language();
    let is_ticked = |field: dossier_domain::SyncField| match told {
        Told::Fields(ticked, _) => ticked.iter().any(|name| name == field.name()),
        _ => state.connection.fields.has(field),
    };
    html! {
        form.card.narrow method="post" {
            (token(person))
            h2 { (language.pick("字段", "Fields")) }
            (form::ticks(is_ticked, wrong, language))
            p.soft { (language.pick("改变字段后，下一次同步会从头核对全部面试；已保存的内容不会因此删除。",
                "After a change the next sync looks at all interviews again; what is kept already stays.")) }
            button name="act" value="fields" { (language.pick("保存字段", "Save the fields")) }
        }
    }
}

fn polling(state: &ConnectionState, person: &Person) -> Markup {
    let language = person.language();
    html! {
        form.card.narrow method="post" {
            (token(person))
            h2 { (language.pick("触发方式", "When it syncs")) }
            (field(language.pick("定时同步", "By itself"), &html! {
                select name="polling" {
                    @for polling in Polling::ALL {
                        option value=(polling.name()) selected[state.connection.polling == polling] { (polling.label(language)) }
                    }
                }
            }, Some(language.pick("没有 Webhook 时，只有“每隔几分钟”能保证资料在面试结束后 10 分钟内入库。",
                "Without webhooks, only “every few minutes” has the materials here within ten minutes."))))
            p.soft {
                @if state.hears_webhooks { (language.pick("Webhook：已启用，收到后数秒内同步。", "Webhooks: on; they are followed within seconds.")) }
                @else { (language.pick("Webhook：未启用；在下面填写 Webhook 密钥即可启用。", "Webhooks: off; give their secret below to turn them on.")) }
            }
            button name="act" value="polling" { (language.pick("保存触发方式", "Save the schedule")) }
        }
    }
}

fn credentials(state: &ConnectionState, wrong: Mistakes<'_>, person: &Person) -> Markup {
    let language = person.language();
    let site = person.visitor.site.as_deref().unwrap_or_default();
    let secret = |name: &str, is_first: bool| {
        html! {
            input type="password" name=(name) autocomplete="off" maxlength="500" autofocus[is_first && wrong.is_in("credentials")] {}
        }
    };
    let webhook = match state.hears_webhooks {
        true => language.pick("新的 Webhook 密钥", "New webhook secret"),
        false => language.pick("Webhook 密钥", "Webhook secret"),
    };
    html! {
        form.card.narrow method="post" {
            (token(person))
            h2 { (language.pick("密钥与 Webhook", "Key and webhooks")) }
            (parts::checked(language.pick("新的 API 密钥", "New API key"), &secret("key", true),
                Some(language.pick("留空则不变；现有密钥不会显示。", "Left empty, it stays as it is; the present one is never shown.")),
                wrong.of_field("credentials").as_deref()))
            (field(webhook, &secret("webhook", false), Some(language.pick("留空则不变。", "Left empty, it stays as it is."))))
            (field(language.pick("Webhook 地址", "Address for webhooks"), &html! {
                input readonly value={ (site) "/hooks/" (state.connection.id) } {}
            }, Some(language.pick("在供应商处填写此地址；它须能从供应商的网络访问。",
                "Enter it at the vendor; it must be reachable from their network."))))
            button name="act" value="credentials" { (language.pick("更换密钥", "Replace")) }
        }
    }
}

fn account_of(account: &Account, language: Language) -> Markup {
    html! {
        p.notice.good role="status" {
            strong { (language.pick("连接正常。", "The connection works. ")) }
            @if let Some(name) = &account.name { (language.pick("供应商账户：", "Account at the vendor: ")) (name) " " }
            (language.pick("可见岗位数：", "Positions that it shows: ")) (account.positions)
        }
    }
}
