//! `release`: large batch downloads, asked for by one person and released by another.
//!
//! JSON: a request `{"id","by","login","asked_at","q","contents":[…],"reason","applications","state","decided_by","ends_at"}`;
//! for `list`, `{"releases":[…]}`; for `fetch`, as `fetch`; for `rule`, `{"from"}`.

use dossier_client::releases::{Release, ReleaseRule, ReleaseState};
use dossier_domain::ReleaseId;
use serde_json::json;

use super::fetch;
use crate::{
    args,
    desk::Desk,
    error::Result,
    input,
    table::{Side, Table},
    text::{Style, Text, list, say},
};

/// `release …`
pub(super) async fn run(asked: &args::Release, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Release::Ask(wanted) => {
            let release = desk.service.ask_release(fetch::request(wanted)?).await?;
            let (id, count) = (release.id, release.applications);
            desk.out.line(say!(
                desk.language(),
                "已申请放行 {count} 份应聘：{id}。放行后用 dossier release fetch {id} 下载。",
                "A release of {count} applications is asked for: {id}. Once it is given, dossier release fetch {id} fetches them."
            ));
            desk.out.document(&json!(release));
        }
        args::Release::List => list_all(desk).await?,
        args::Release::Allow(of) => decide(&of.id, true, desk).await?,
        args::Release::Refuse(of) => decide(&of.id, false, desk).await?,
        args::Release::Fetch(of) => {
            let id = id(&of.id)?;
            let mut zip = fetch::arrival(&of.output, desk)?;
            let fetched = desk.service.fetch_released(id, &mut zip).await?;
            zip.finish()?;
            fetch::show(&of.output, fetched, desk);
        }
        args::Release::Rule(rule) => self::rule(rule, desk).await?,
    }
    Ok(())
}

fn id(given: &str) -> Result<ReleaseId> {
    input::word("申请编号", "dossier release list", given)
}

async fn decide(given: &str, is_released: bool, desk: &Desk<'_>) -> Result<()> {
    let release = desk.service.decide_release(id(given)?, is_released).await?;
    let id = release.id;
    desk.out.line(match is_released {
        true => say!(desk.language(), "已放行 {id}。", "{id} is released."),
        false => say!(desk.language(), "已拒绝 {id}。", "{id} is refused."),
    });
    desk.out.document(&json!(release));
    Ok(())
}

async fn rule(asked: &args::ReleaseRule, desk: &Desk<'_>) -> Result<()> {
    let rule = match (asked.from, asked.never) {
        (None, false) => desk.service.release_rule().await?,
        (from, _) => desk.service.set_release_rule(ReleaseRule { from }).await?,
    };
    desk.out.line(match rule.from {
        Some(from) => say!(
            desk.language(),
            "一人一天内批量下载满 {from} 份应聘，须由另一人放行。",
            "From {from} applications a day on, what one person downloads in batches is released by another."
        ),
        None => desk
            .language()
            .pick("批量下载不需要他人放行。", "Batch downloads need nobody else's release.")
            .to_owned(),
    });
    desk.out.document(&json!(rule));
    Ok(())
}

async fn list_all(desk: &Desk<'_>) -> Result<()> {
    let releases = desk.service.releases().await?;
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("申请人", "Asked by")),
        (Side::Left, language.pick("时间", "When")),
        (Side::Right, language.pick("应聘", "Applications")),
        (Side::Left, language.pick("内容", "Contents")),
        (Side::Left, language.pick("用途", "Reason")),
        (Side::Left, language.pick("状态", "State")),
        (Side::Loose, language.pick("编号", "Id")),
    ]);
    for release in &releases {
        let asker = release.login.as_ref().map_or_else(|| release.by.to_string(), ToString::to_string);
        table.row([
            Text::of(Style::Bold, asker),
            Text::from(desk.time(release.asked_at)),
            Text::from(release.applications.to_string()),
            Text::from(list(language, release.contents.iter().map(|kind| kind.label(language)))),
            Text::from(release.reason.as_str()),
            state(release, desk),
            Text::from(release.id.to_string()),
        ]);
    }
    desk.out.table(&table);
    desk.out.document(&json!({ "releases": releases }));
    Ok(())
}

fn state(release: &Release, desk: &Desk<'_>) -> Text {
    let language = desk.language();
    match release.state {
        ReleaseState::Waiting => Text::of(Style::Warning, language.pick("等待放行", "waits")),
        ReleaseState::Released => Text::of(Style::Good, language.pick("已放行", "released")),
        ReleaseState::Refused => Text::of(Style::Bad, language.pick("已拒绝", "refused")),
    }
}
