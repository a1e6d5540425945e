//! `upload`: adds a file to an application.
//!
//! JSON: the material as it is stored.

use dossier_domain::Content;
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    files::Outgoing,
    text::{bytes, say},
};

/// `upload`
pub(super) async fn run(asked: &args::Upload, desk: &Desk<'_>) -> Result<()> {
    let id = desk.application(&asked.application).await?;
    let file = Outgoing::of(&asked.file, desk.out, desk.language().pick("上传", "upload")).await?;
    let name = asked.name.clone().unwrap_or_else(|| file.name());
    let material = desk.service.upload(id, &name, &file).await?;
    drop(file);
    if let Content::Supplement(file) = &material.content {
        let (name, kind, size) = (&file.name, &file.media_type, bytes(file.length));
        desk.out.line(say!(
            desk.language(),
            "已上传“{name}”（{kind}，{size}）",
            "{name} was added ({kind}, {size})"
        ));
    }
    desk.out.document(&json!(material));
    Ok(())
}
