//! `upload`: adds a file to an application.
//!
//! JSON: the material as it is stored.

use dossier_domain::Content;
use futures::TryStreamExt;
use serde_json::json;
use tokio_util::io::ReaderStream;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    progress::Progress,
    text::{bytes, say},
};

/// So many bytes are read at once.
const PIECE: usize = 256 * 1024;

/// `upload`
pub(super) async fn run(asked: &args::Upload, desk: &Desk<'_>) -> Result<()> {
    let id = desk.application(&asked.application).await?;
    let from_path =
        || asked.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = asked.name.clone().unwrap_or_else(from_path);
    let opening = |cause| Error::io(&asked.file, cause);
    let file = tokio::fs::File::open(&asked.file).await.map_err(opening)?;
    let length = file.metadata().await.map_err(opening)?.len();
    let progress = Progress::bytes(desk.out, desk.language().pick("上传", "upload"), length);
    let input =
        ReaderStream::with_capacity(file, PIECE).inspect_ok(|bytes| progress.more(bytes.len() as u64));
    let material = desk.archive.upload(&desk.ctx, id, &name, Some(length), input).await?;
    drop(progress);
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
