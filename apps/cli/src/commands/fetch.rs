//! `fetch`: chosen contents of all applications that a query finds, as one ZIP.
//!
//! JSON: `{"output","applications","files","bytes"}`.

use dossier_archive::FetchRequest;
use dossier_domain::{MaterialKind, text::Line};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    files::NewFile,
    input,
    progress::Progress,
    text::{bytes, say},
};

const CONTENTS: &str = "video、transcript、emotion、skills、report、supplement、all";

/// `fetch`
pub(super) async fn run(asked: &args::Fetch, desk: &Desk<'_>) -> Result<()> {
    let query = asked.query.join(" ");
    let contents = match asked.contents.as_str() {
        "all" | "全部" => MaterialKind::ALL.to_vec(),
        some => input::words("资料类型", CONTENTS, some)?,
    };
    let request = FetchRequest {
        query: query.clone(),
        sort: asked.sort.map(Into::into),
        only: Vec::new(),
        limit: asked.limit.and_then(|limit| usize::try_from(limit).ok()),
        contents,
        reason: input::text::<Line>("理由", &asked.reason)?,
        language: desk.language(),
    };
    let mut file = NewFile::create(&asked.output)?;
    let fetched = desk.archive.fetch(&desk.ctx, request).await;
    let download = fetched.map_err(|error| Error::from(error).in_query(&query))?;
    let length = download.length();
    let progress = Progress::bytes(desk.out, desk.language().pick("打包", "ZIP"), length);
    file.take(download.stream(), |bytes| progress.more(bytes)).await?;
    file.finish()?;
    drop(progress);
    let (place, size) = (asked.output.display(), bytes(length));
    let (applications, files) = (download.applications, download.files());
    desk.out.line(say!(
        desk.language(),
        "已写入 {place}：{applications} 份应聘，{files} 个文件，{size}",
        "{place}: {applications} applications, {files} files, {size}"
    ));
    desk.out.document(&json!({
        "output": asked.output, "applications": applications, "files": files, "bytes": length,
    }));
    Ok(())
}
