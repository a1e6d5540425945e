//! The board of a connection: how far its sync is, what is still to come and how late that is, and what made no sense.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::Action;
use dossier_archive::{ConnectionState, Pending};
use dossier_domain::{BankZone, Language};
use maud::{Markup, html};

use super::button;
use crate::{
    parts::{self, address},
    person::Person,
    syncs::Running,
};

/// So many entries of a list are shown.
const SHOWN: usize = 50;
/// Within so many minutes after an interview everything of it is promised to be here.
const PROMISED: i64 = 10;

pub(super) fn progress(
    running: &Running,
    state: &ConnectionState,
    person: &Person,
    zone: BankZone,
) -> Markup {
    let language = person.language();
    let steps = [
        ("listed", language.pick("列出面试", "listed"), running.listed.to_string()),
        ("ingested", language.pick("处理", "taken in"), running.ingested.to_string()),
        (
            "videos",
            language.pick("视频", "videos"),
            format!("{} / {}", running.videos, running.videos_wanted),
        ),
        ("bytes", language.pick("视频数据", "of video"), parts::bytes(running.bytes)),
    ];
    // Who may not sync is not told by itself how far it is.
    let events = (running.ended.is_none() && person.may(Action::Sync))
        .then(|| format!("/api/v1/connections/{}/sync/events", state.connection.id));
    let again = html! { p { a href="" { (language.pick("查看最新进度", "See how far it has come")) } } };
    html! {
        section.card data-sync=[&events] {
            @match &running.ended {
                None => {
                    h2 role="status" { (language.pick("正在同步…", "Syncing…")) }
                    progress aria-label=(language.pick("视频进度", "Progress of the videos")) max=(running.videos_wanted.max(1))
                        value=[(running.videos_wanted > 0).then_some(running.videos)] {}
                    @if events.is_some() { noscript { (again) } } @else { (again) }
                },
                Some(ended) => h2 role="status" {
                    @match &ended.result {
                        Ok(_) => span.good { (language.pick("上次同步完成", "The last sync ended well")) },
                        Err(trouble) => span.bad { (language.pick("上次同步中断：", "The last sync failed: ")) (trouble.text(language)) },
                    }
                    " " small.soft { (parts::time(ended.at, zone)) }
                },
            }
            dl.facts {
                @for (name, label, value) in steps { div { dt { (label) } dd data-told=(name) { (value) } } }
                @if let Some(Ok(report)) = running.ended.as_ref().map(|ended| &ended.result) {
                    div { dt { (language.pick("新增", "new")) } dd { (report.new) } }
                    div { dt { (language.pick("更新", "updated")) } dd { (report.updated) } }
                    div { dt { (language.pick("已有", "here already")) } dd { (report.unchanged) } }
                }
            }
        }
    }
}

/// That its syncs fail, since when, and why.
pub(super) fn failing(state: &ConnectionState, language: Language, zone: BankZone) -> Markup {
    html! {
        @if let Some(failing) = &state.failing {
            div.notice.problem role="alert" {
                strong { (language.pick("最近的同步失败：", "The last sync failed: ")) }
                (failing.problem.text(language)) " " small.soft {
                    (parts::time(failing.at, zone))
                    (language.pick("，最早失败于 ", ", failing since ")) (parts::time(failing.since, zone))
                }
            }
        }
    }
}

fn minutes(since: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (now - since).max(TimeDelta::zero()).num_minutes()
}

pub(super) fn waiting(state: &ConnectionState, person: &Person, zone: BankZone, is_running: bool) -> Markup {
    let (language, now, pending) = (person.language(), person.ctx.now(), &state.pending);
    let late = pending.iter().filter(|of| minutes(of.since, now) > PROMISED).count();
    let why = match is_running {
        true => language.pick(
            "同步正在进行，其中一部分马上就会补齐。",
            "The sync is under way, and some of this is about to come.",
        ),
        false => language
            .pick("尚未取得的资料，每次同步都会再取。", "What is not here yet is asked for at each sync."),
    };
    let report = address(
        "/analysis",
        &[("measure", "lateness"), ("q", &format!("供应商={}", state.connection.vendor))],
    );
    html! {
        section.card {
            h2 {
                (language.pick("待补齐", "Still to come")) " " span.soft { (pending.len()) }
                @if late > 0 { " " span.warn { (language.pick(&format!("{late} 场超过 {PROMISED} 分钟"), &format!("{late} for more than {PROMISED} minutes"))) } }
            }
            @if !pending.is_empty() { p.soft { (why) } }
            p { a href=(report) { (language.pick("面试结束到资料入库的分钟数", "Minutes from an interview’s end until its materials are here")) } }
            @if !pending.is_empty() {
                div.scroll { table.list {
                    thead { tr {
                        th scope="col" { (language.pick("面试编号", "Interview")) }
                        th scope="col" { (language.pick("缺少", "Missing")) }
                        th scope="col" { (language.pick("自", "Since")) }
                        th.number scope="col" { (language.pick("已等（分钟）", "Minutes")) }
                        th scope="col" { (language.pick("原因", "Why")) }
                    } }
                    tbody { @for of in pending.iter().take(SHOWN) { (awaited(of, now, language, zone)) } }
                } }
            }
        }
    }
}

fn awaited(of: &Pending, now: DateTime<Utc>, language: Language, zone: BankZone) -> Markup {
    let waited = minutes(of.since, now);
    let kinds: Vec<&str> = of.kinds.iter().map(|kind| kind.label(language)).collect();
    html! {
        tr {
            td { code { (of.remote_id) } }
            td { @if kinds.is_empty() { (language.pick("全部", "everything")) } @else { (kinds.join(language.pick("、", ", "))) } }
            td { (parts::time(of.since, zone)) }
            td.number { span.warn[waited > PROMISED] { (waited) } }
            td.soft { @if let Some(problem) = &of.problem { (problem.text(language)) } }
        }
    }
}

pub(super) fn quarantine(state: &ConnectionState, person: &Person, zone: BankZone) -> Markup {
    let (language, quarantined) = (person.language(), &state.quarantined);
    html! {
        @if !quarantined.is_empty() {
            section.card {
                div.bar {
                    h2 { (language.pick("被隔离", "Quarantined")) " " span.bad { (quarantined.len()) } }
                    (button(person, "retry", language.pick("全部重试", "Retry all"), ""))
                }
                p.soft { (language.pick("供应商发来的数据有误，没有入档；供应商改正后会自动补上，也可以现在重试。",
                    "What the vendor sent makes no sense and was not filed. It comes in once the vendor has mended it; it can be retried now.")) }
                div.scroll { table.list {
                    thead { tr {
                        th scope="col" { (language.pick("面试编号", "Interview")) }
                        th scope="col" { (language.pick("问题", "Problem")) }
                        th scope="col" { (language.pick("最近", "Last seen")) }
                        th.number scope="col" { (language.pick("次数", "Times")) }
                    } }
                    tbody { @for odd in quarantined.iter().take(SHOWN) { tr {
                        td { code { (odd.remote_id.as_ref().map_or("–", |id| id.as_str())) } }
                        td { (odd.problem.text(language)) }
                        td { (parts::time(odd.last_seen, zone)) }
                        td.number { (odd.attempts) }
                    } } }
                } }
            }
        }
    }
}
