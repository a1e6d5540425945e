//! `sync`: brings in what vendors hold.
//!
//! JSON: `{"syncs":[{"connection","listed","new","updated","unchanged","videos","video_bytes","pending","quarantined"}]}`.

use dossier_client::connections::{SyncProgress, SyncReport};
use serde_json::{Value, json};

use crate::{
    args,
    commands::connection,
    desk::Desk,
    error::Result,
    progress::Progress,
    text::{Style, Text, bytes, say},
};

/// `sync`
pub(super) async fn run(asked: &args::Sync, desk: &Desk<'_>) -> Result<()> {
    let names = match &asked.connection {
        Some(name) => vec![name.clone()],
        None => connection::running(desk).await?,
    };
    let mut reports = Vec::new();
    for name in names {
        let report = sync(&name, asked.full, desk).await?;
        show(&name, &report, desk);
        reports.push(in_json(&name, &report));
    }
    desk.out.document(&json!({ "syncs": reports }));
    Ok(())
}

async fn sync(name: &str, is_full: bool, desk: &Desk<'_>) -> Result<SyncReport> {
    let language = desk.language();
    let progress = Progress::steps(desk.out, language.pick("面试", "interviews"), 0);
    let told = |so_far: SyncProgress| match so_far.videos_wanted {
        0 => progress.stands(language.pick("面试", "interviews"), so_far.ingested, so_far.listed),
        wanted => progress.stands(language.pick("视频", "videos"), so_far.videos, wanted),
    };
    desk.service.sync(name, is_full, &told).await
}

fn show(name: &str, report: &SyncReport, desk: &Desk<'_>) {
    let SyncReport { listed, new, updated, unchanged, videos, pending, quarantined, .. } = report;
    let (language, size) = (desk.language(), bytes(report.video_bytes));
    let brought = Text::from(say!(
        language,
        "共 {listed} 场面试，新增 {new}，更新 {updated}，无变化 {unchanged}",
        "{listed} interviews, {new} new, {updated} updated, {unchanged} unchanged"
    ));
    let videos = Text::from(say!(language, "视频 {videos} 个（{size}）", "{videos} videos ({size})"));
    let pending = (*pending > 0)
        .then(|| Text::of(Style::Warning, say!(language, "待补齐 {pending}", "{pending} pending")));
    let quarantined = (*quarantined > 0)
        .then(|| Text::of(Style::Bad, say!(language, "被隔离 {quarantined}", "{quarantined} quarantined")));
    let label = Text::default().bold(name).plain("  ");
    desk.out.flow(&label, label.width(), [brought, videos].into_iter().chain(pending).chain(quarantined));
}

fn in_json(name: &str, report: &SyncReport) -> Value {
    let mut value = json!(report);
    value["connection"] = json!(name);
    value
}
