//! Batch retrieval: the ZIP is whole, and each item of it is in the log.

use std::process::{Command, Stdio};

use dossier_archive::{ErrorKind, FetchRequest, LogFilter, SyncMode};
use dossier_domain::{Language, MaterialKind, text::Line};
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use dossier_testkit::{TestArchive, TestResult};
use futures::TryStreamExt;

fn request(contents: &[MaterialKind]) -> TestResult<FetchRequest> {
    Ok(FetchRequest {
        query: "AI得分≥0".to_owned(),
        sort: None,
        only: Vec::new(),
        limit: None,
        contents: contents.to_vec(),
        reason: Line::parse("招聘委员会复核")?,
        language: Language::Chinese,
    })
}

async fn synced(candidates: usize) -> TestResult<TestArchive> {
    let test = TestArchive::new().await?;
    let bank = Bank::generate(BankOptions { candidates, ..BankOptions::default() });
    let server = RibbonServer::start(bank, Behaviour::default()).await?;
    test.connect_to(&server).await?;
    let hr = test.as_user("hr").await?;
    test.archive.sync(&hr, "ribbon", SyncMode::Full, &|_| {}).await?;
    server.stop().await;
    Ok(test)
}

#[tokio::test]
async fn the_zip_has_the_announced_length_and_every_reader_accepts_it() -> TestResult {
    let test = synced(4).await?;
    let hr = test.as_user("hr").await?;
    let download = test.archive.fetch(&hr, request(&MaterialKind::ALL)?).await?;
    let chunks: Vec<_> = download.stream().try_collect().await?;
    let bytes = chunks.concat();
    assert_eq!(bytes.len() as u64, download.length());
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("a.zip");
    std::fs::write(&path, &bytes)?;
    let tested = Command::new("unzip").arg("-tq").arg(&path).stdout(Stdio::null()).status()?;
    assert!(tested.success());
    let unpacked = Command::new("unzip").arg("-q").arg(&path).arg("-d").arg(folder.path()).status()?;
    assert!(unpacked.success());
    let sums = ["--strict", "-c", "--quiet", "SHA256SUMS"];
    assert!(Command::new("sha256sum").args(sums).current_dir(folder.path()).status()?.success());

    drop(download);
    let auditor = test.as_user("auditor").await?;
    let filter =
        LogFilter { action: Some("download_material".into()), limit: Some(1000), ..LogFilter::default() };
    let records = test.archive.log_records(&auditor, filter).await?.records;
    assert_eq!(records.len(), 2 * 4 * 5, "an intent and an outcome for each item");
    assert!(records.iter().any(|record| record.entry.purpose.is_some()));
    Ok(())
}

#[tokio::test]
async fn who_may_only_look_takes_nothing_away() -> TestResult {
    let test = synced(12).await?;
    test.make_responsible("客户经理").await?;
    let li = test.as_user("li").await?;
    let error = test.archive.fetch(&li, request(&[MaterialKind::Video])?).await.err().ok_or("fetched")?;
    assert_eq!(error.kind(), ErrorKind::Denied);
    Ok(())
}

#[tokio::test]
async fn an_empty_choice_is_said_and_not_an_empty_zip() -> TestResult {
    let test = synced(2).await?;
    let hr = test.as_user("hr").await?;
    let nobody =
        FetchRequest { query: "岗位=没有这个岗位".to_owned(), ..request(&[MaterialKind::Video])? };
    let error = test.archive.fetch(&hr, nobody).await.err().ok_or("fetched")?;
    assert_eq!(error.kind(), ErrorKind::Invalid);
    Ok(())
}
