//! `index`: the search index, which can be rebuilt from the records at any time.
//!
//! JSON: `{"entries"}`.

use serde_json::json;

use crate::{args, desk::Desk, error::Result, progress::Progress, text::say};

/// `index …`
pub(super) async fn run(asked: &args::Index, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Index::Rebuild => rebuild(desk).await,
    }
}

async fn rebuild(desk: &Desk<'_>) -> Result<()> {
    let progress = Progress::endless(desk.out, desk.language().pick("已索引", "indexed"));
    let entries = desk.service.rebuild_index(&|count| progress.at(count)).await?;
    drop(progress);
    desk.out.line(say!(
        desk.language(),
        "索引已重建：{entries} 份应聘",
        "The index is rebuilt: {entries} applications"
    ));
    desk.out.document(&json!({ "entries": entries }));
    Ok(())
}
