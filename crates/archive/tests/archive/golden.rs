//! Archives that earlier versions wrote are read forever, and lose nothing.

mod signing_in;

use std::{fs, path::PathBuf};

use dossier_access::log::Trust;
use dossier_archive::SearchRequest;
use dossier_domain::text::TagName;
use dossier_testkit::{Golden, TestArchive, TestResult};
use futures::TryStreamExt;

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

fn file(version: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/archive/v{version}.json"))
}

/// An archive with one of everything that is stored. The file of a version is written once, by
/// `cargo test -p dossier-archive -- --ignored write_golden`, and never changed.
#[tokio::test]
#[ignore = "writes the golden file of a new version"]
async fn write_golden() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 2).await?;
    test.make_responsible("客户经理").await?;
    let hr = test.as_user("hr").await?;
    let found =
        test.archive.search(&hr, SearchRequest { query: "张三".into(), ..Default::default() }).await?;
    let application = found.hits.hits[0].application;
    test.archive.tag(&hr, &[application], &[TagName::parse("高潜力")?], &[]).await?;
    let input = futures::stream::iter([Ok::<_, std::io::Error>(PDF.into())]);
    test.archive.upload(&hr, application, "证书.pdf", None, input).await?;
    let path = file(1);
    assert!(!path.exists(), "a golden file is never changed");
    fs::write(path, serde_json::to_string_pretty(&test.to_golden().await?)?)?;
    Ok(())
}

#[tokio::test]
async fn an_archive_of_version_1_is_read_whole() -> TestResult {
    let golden: Golden = serde_json::from_str(&fs::read_to_string(file(1))?)?;
    let test = TestArchive::from_golden(&golden).await?;
    let hr = test.as_user("hr").await?;
    let found =
        test.archive.search(&hr, SearchRequest { query: "张三".into(), ..Default::default() }).await?;
    let view = test.archive.show(&hr, found.hits.hits[0].application).await?;
    assert_eq!(view.folder.join("/"), "客户经理/AI面试/2023年10月/得分80以上");
    assert_eq!(view.score.map(dossier_domain::Score::normalised), Some(86.0));
    assert_eq!((view.materials.len(), view.interviews.len(), view.damaged), (5, 1, 0));
    assert!(view.tags.iter().any(|tag| tag.name.as_str() == "高潜力"));
    let supplement = view.materials.iter().find(|of| of.content.file().is_some()).ok_or("no supplement")?;
    let open = test.archive.open_file(&hr, view.application.id, supplement.id, true).await?;
    let bytes: Vec<_> = open.range(0..open.file.length)?.try_collect().await?;
    assert_eq!(bytes.concat(), PDF);
    let li = test.as_user("li").await?;
    assert_eq!(test.archive.search(&li, SearchRequest::default()).await?.hits.total, 1);
    let auditor = test.as_user("auditor").await?;
    assert!(test.archive.verify_log(&auditor, Trust::default()).await?.is_ok());
    Ok(())
}
