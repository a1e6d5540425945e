//! One connection: how its syncs go, what is still to come, what made no sense, and its fields.

use dossier_archive::ConnectionState;
use dossier_domain::{BankZone, Language};
use dossier_vendor::Account;
use maud::{Markup, html};

use super::{button, form};
use crate::{
    failure::{Failure, Result},
    layout::{Page, Place, token},
    pages::sign_in::alert,
    parts,
    person::Person,
    site::Site,
    syncs::Running,
};

/// So many entries of a list are shown.
const SHOWN: usize = 50;

pub(super) async fn show(
    person: &Person,
    site: &Site,
    name: &str,
    tested: Option<Result<Account>>,
) -> Result<Markup> {
    let language = person.language();
    let states = site.archive.connections(&person.ctx).await?;
    let state =
        states.into_iter().find(|state| state.connection.name.as_str() == name).ok_or(Failure::NoPage)?;
    let (running, zone) = (site.syncs.state(name), site.archive.settings().zone);
    let is_running = running.as_ref().is_some_and(|running| running.ended.is_none());
    let is_suspended = state.connection.suspended_at.is_some();
    let content = html! {
        p.path { a href="/connections" { (Place::Connections.label(language)) } span.soft { "/" } }
        div.bar {
            h1 { (name) }
            @if is_suspended { span.warn { (language.pick("已暂停", "suspended")) } }
            (button(person, "test", language.pick("测试连接", "Test"), ""))
            @if !is_suspended && !is_running {
                (button(person, "sync", language.pick("立即同步", "Sync now"), "primary"))
                (button(person, "sync-full", language.pick("全量同步", "Full sync"), ""))
            }
            @if is_suspended { (button(person, "resume", language.pick("恢复", "Resume"), "primary")) }
            @else { (button(person, "suspend", language.pick("暂停", "Suspend"), "danger")) }
        }
        @match &tested {
            None => {},
            Some(Ok(account)) => (account_of(account, language)),
            Some(Err(failure)) => (alert(Some(&failure.detail(language)))),
        }
        p.soft {
            (language.pick("Webhook 地址（在供应商处填写，需先提供 Webhook 密钥）：", "Address for webhooks (to be entered at the vendor; needs the webhook secret): "))
            code { "/hooks/" (state.connection.id) }
        }
        @if let Some(running) = &running { (progress(running, language, zone)) }
        (waiting(&state, language, zone))
        (quarantine(&state, language, zone))
        form.card.narrow method="post" {
            (token(person))
            (form::ticks(language, |field| state.connection.fields.has(field)))
            p.soft { (language.pick("改变字段后，下一次同步会从头核对全部面试；已保存的内容不会因此删除。",
                "After a change the next sync looks at all interviews again; what is kept already stays.")) }
            button name="act" value="fields" { (language.pick("保存字段", "Save")) }
        }
        details.card.narrow {
            summary { (language.pick("删除这个集成", "Remove this connection")) }
            p { (language.pick("密钥与同步进度会删除；已同步的资料保留。",
                "Its key and its place are deleted; materials that were synced stay.")) }
            (button(person, "remove", language.pick("删除", "Remove"), "danger"))
        }
    };
    let page = Page::of(person, Place::Connections);
    let page = if is_running { page.refreshing() } else { page };
    Ok(page.render(name, &content))
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

fn progress(running: &Running, language: Language, zone: BankZone) -> Markup {
    let steps = [
        (language.pick("列出面试", "listed"), running.listed.to_string()),
        (language.pick("处理", "taken in"), running.ingested.to_string()),
        (language.pick("视频", "videos"), format!("{} / {}", running.videos, running.videos_wanted)),
        (language.pick("视频数据", "of video"), parts::bytes(running.bytes)),
    ];
    html! {
        section.card role="status" {
            @match &running.ended {
                None => {
                    h2 { (language.pick("正在同步…", "Syncing…")) }
                    progress max=(running.videos_wanted.max(1)) value=[(running.videos_wanted > 0).then_some(running.videos)] {}
                },
                Some(ended) => h2 {
                    @match &ended.result {
                        Ok(_) => span.good { (language.pick("上次同步完成", "The last sync ended well")) },
                        Err(trouble) => span.bad { (language.pick("上次同步中断：", "The last sync failed: ")) (trouble.text(language)) },
                    }
                    " " small.soft { (parts::time(ended.at, zone)) }
                },
            }
            dl.facts {
                @for (label, value) in steps { div { dt { (label) } dd { (value) } } }
                @if let Some(Ok(report)) = running.ended.as_ref().map(|ended| &ended.result) {
                    div { dt { (language.pick("新增", "new")) } dd { (report.new) } }
                    div { dt { (language.pick("更新", "updated")) } dd { (report.updated) } }
                    div { dt { (language.pick("已有", "here already")) } dd { (report.unchanged) } }
                }
            }
        }
    }
}

fn waiting(state: &ConnectionState, language: Language, zone: BankZone) -> Markup {
    let pending = &state.pending;
    html! {
        @if !pending.is_empty() {
            section.card {
                h2 { (language.pick("待补齐", "Still to come")) " " span.soft { (pending.len()) } }
                p.soft { (language.pick("供应商还没有给出的资料，每次同步都会再取。", "What the vendor has not given yet is asked for at each sync.")) }
                div.scroll { table.list {
                    thead { tr {
                        th scope="col" { (language.pick("面试编号", "Interview")) }
                        th scope="col" { (language.pick("缺少", "Missing")) }
                        th scope="col" { (language.pick("自", "Since")) }
                        th scope="col" { (language.pick("原因", "Why")) }
                    } }
                    tbody { @for waiting in pending.iter().take(SHOWN) { tr {
                        td { code { (waiting.remote_id) } }
                        td { (waiting.kinds.iter().map(|kind| kind.label(language)).collect::<Vec<_>>().join(language.pick("、", ", "))) }
                        td { (parts::time(waiting.since, zone)) }
                        td.soft { @if let Some(problem) = &waiting.problem { (problem.text(language)) } }
                    } } }
                } }
            }
        }
    }
}

fn quarantine(state: &ConnectionState, language: Language, zone: BankZone) -> Markup {
    let quarantined = &state.quarantined;
    html! {
        @if !quarantined.is_empty() {
            section.card {
                h2 { (language.pick("被隔离", "Quarantined")) " " span.bad { (quarantined.len()) } }
                p.soft { (language.pick("供应商发来的数据有误，没有入档；改正后会自动补上。", "What the vendor sent makes no sense and was not filed; it comes in once it is mended.")) }
                div.scroll { table.list {
                    thead { tr {
                        th scope="col" { (language.pick("面试编号", "Interview")) }
                        th scope="col" { (language.pick("位置", "Where")) }
                        th scope="col" { (language.pick("问题", "Problem")) }
                        th scope="col" { (language.pick("最近", "Last seen")) }
                        th scope="col" { (language.pick("次数", "Times")) }
                    } }
                    tbody { @for odd in quarantined.iter().take(SHOWN) { tr {
                        td { code { (odd.remote_id.as_ref().map_or("–", |id| id.as_str())) } }
                        td { code { (odd.pointer) } }
                        td { (odd.problem.text(language)) }
                        td { (parts::time(odd.last_seen, zone)) }
                        td.number { (odd.attempts) }
                    } } }
                } }
            }
        }
    }
}
