//! `timeline`: what happened to an application.
//!
//! JSON: `{"events":[{"at","what","text","by","name"}],"looks_since"}`, the newest first.

use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    text::{Text, say},
};

/// `timeline`
pub(super) async fn run(asked: &args::Timeline, desk: &Desk<'_>) -> Result<()> {
    let id = desk.application(&asked.application).await?;
    let timeline = desk.service.timeline(id).await?;
    for event in &timeline.events {
        let name = event.name.as_ref().map(|name| format!("  {name}")).unwrap_or_default();
        let line = Text::default().dim(desk.time(event.at)).plain("  ").plain(&event.text).dim(name);
        desk.out.line(line);
    }
    if let Some(since) = timeline.looks_since {
        let since = desk.time(since);
        desk.out.line(Text::default().dim(say!(
            desk.language(),
            "查看与下载记录只显示至 {since}；更早的见操作日志",
            "who looked is shown back to {since}; what is older stands in the operation log"
        )));
    }
    desk.out.document(&json!(timeline));
    Ok(())
}
