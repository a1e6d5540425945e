//! `fetch`: chosen contents of all applications that a query finds, as one ZIP.
//!
//! JSON: `{"output","applications","files","bytes"}`.

use std::path::Path;

use dossier_client::materials::{Fetch, Fetched};
use dossier_domain::{MaterialKind, text::Line};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    files::Arrival,
    input,
    text::{bytes, say},
};

const CONTENTS: &str = "video、transcript、emotion、skills、report、supplement、all";

/// `fetch`
pub(super) async fn run(asked: &args::Fetch, desk: &Desk<'_>) -> Result<()> {
    let request = request(&asked.wanted)?;
    let mut zip = arrival(&asked.output, desk)?;
    let fetched = desk.service.fetch(request, &mut zip).await?;
    zip.finish()?;
    show(&asked.output, fetched, desk);
    Ok(())
}

/// What is to be taken away.
pub(super) fn request(asked: &args::Wanted) -> Result<Fetch> {
    let contents = match asked.contents.as_str() {
        "all" | "全部" => MaterialKind::ALL.to_vec(),
        some => input::words("资料类型", CONTENTS, some)?,
    };
    Ok(Fetch {
        query: asked.query.join(" "),
        sort: asked.sort.map(Into::into),
        limit: asked.limit,
        contents,
        reason: input::text::<Line>("理由", &asked.reason)?,
    })
}

/// The ZIP to be written.
pub(super) fn arrival(output: &Path, desk: &Desk<'_>) -> Result<Arrival> {
    Arrival::create(output, desk.out, desk.language().pick("打包", "ZIP"))
}

/// What is in it.
pub(super) fn show(output: &Path, fetched: Fetched, desk: &Desk<'_>) {
    let Fetched { applications, files, bytes: length } = fetched;
    let (place, size) = (output.display(), bytes(length));
    desk.out.line(say!(
        desk.language(),
        "已写入 {place}：{applications} 份应聘，{files} 个文件，{size}",
        "{place}: {applications} applications, {files} files, {size}"
    ));
    desk.out.document(&json!({
        "output": output, "applications": applications, "files": files, "bytes": length,
    }));
}
