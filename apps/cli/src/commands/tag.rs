//! `tag`: puts tags on an application, or takes them away.
//!
//! JSON: the application as it is stored now.

use dossier_domain::text::TagName;
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    input,
    text::{list, say},
};

/// `tag`
pub(super) async fn run(asked: &args::Tag, desk: &Desk<'_>) -> Result<()> {
    let names =
        |given: &[String]| given.iter().map(|tag| input::text("标签", tag)).collect::<Result<Vec<TagName>>>();
    let (add, remove) = (names(&asked.add)?, names(&asked.remove)?);
    let id = desk.application(&asked.application).await?;
    let application = desk.service.tag(id, &add, &remove).await?;
    let tags = list(desk.language(), application.tags.iter().map(|tag| &tag.name));
    let tags = if tags.is_empty() { desk.language().pick("无", "none") } else { &tags };
    desk.out.line(say!(desk.language(), "人工标签：{tags}", "Tags put by people: {tags}"));
    desk.out.document(&json!(application));
    Ok(())
}
