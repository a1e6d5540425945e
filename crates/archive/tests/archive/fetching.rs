//! Batch retrieval: the ZIP is whole, and each item of it is in the log.

use std::process::{Command, Stdio};

use dossier_access::log::Outcome;
use dossier_archive::{ErrorKind, FetchRequest, LogFilter, SearchRequest, SyncMode};
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
    let done = LogFilter { outcome: Some(Outcome::Done), limit: Some(1000), ..LogFilter::default() };
    let done = test.archive.log_records(&auditor, done).await?;
    let items = done.records.iter().filter(|record| record.entry.action.as_str().starts_with("download_"));
    let told = items.filter(|record| record.entry.of.is_some_and(|of| done.purposes.contains_key(&of)));
    assert_eq!(told.count(), 4 * 5, "what it was for is told of each, although their intents are left out");
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

async fn outcomes(test: &TestArchive) -> TestResult<Vec<Outcome>> {
    let auditor = test.as_user("auditor").await?;
    let filter =
        LogFilter { action: Some("download_material".into()), limit: Some(1000), ..LogFilter::default() };
    let records = test.archive.log_records(&auditor, filter).await?.records;
    let outcomes = records.iter().map(|record| record.entry.outcome);
    Ok(outcomes.filter(|outcome| *outcome != Outcome::Intended).collect())
}

#[tokio::test]
async fn a_download_that_is_abandoned_or_taken_twice_ends_once_in_the_log() -> TestResult {
    let test = synced(2).await?;
    let hr = test.as_user("hr").await?;
    let download = test.archive.fetch(&hr, request(&[MaterialKind::Video])?).await?;
    let mut stream = Box::pin(download.stream());
    assert!(stream.try_next().await?.is_some());
    drop(stream);
    drop(download);
    assert_eq!(outcomes(&test).await?, [Outcome::Failed; 2]);
    let download = test.archive.fetch(&hr, request(&[MaterialKind::Video])?).await?;
    for _ in 0..2 {
        let chunks: Vec<_> = download.stream().try_collect().await?;
        assert_eq!(chunks.concat().len() as u64, download.length());
    }
    drop(download);
    assert_eq!(outcomes(&test).await?[..2], [Outcome::Done; 2]);
    assert_eq!(outcomes(&test).await?.len(), 4);
    Ok(())
}

#[tokio::test]
async fn a_damaged_video_is_named_before_the_zip_begins_or_where_it_breaks() -> TestResult {
    use object_store::{ObjectStore, ObjectStoreExt};
    for (place, at_once) in [("missing", true), ("header", true), ("inside", false)] {
        let test = synced(1).await?;
        let hr = test.as_user("hr").await?;
        let blobs: Vec<_> = test.objects.list(None).try_collect().await?;
        let path = &blobs.first().ok_or("no blob")?.location;
        let mut bytes = test.objects.get(path).await?.bytes().await?.to_vec();
        let spot = if place == "header" { 3 } else { bytes.len() - 100 };
        bytes[spot] ^= 1;
        match place {
            "missing" => test.objects.delete(path).await?,
            _ => drop(test.objects.put(path, bytes.into()).await?),
        }
        let fetched = test.archive.fetch(&hr, request(&[MaterialKind::Video])?).await;
        let error = match (fetched, at_once) {
            (Err(error), true) => error,
            (Ok(download), false) => {
                let taken: Result<Vec<_>, _> = download.stream().try_collect().await;
                taken.err().ok_or("nothing was found")?
            }
            (fetched, _) => return Err(format!("{place}: {}", fetched.is_ok()).into()),
        };
        assert!(matches!(error.kind(), ErrorKind::Damaged | ErrorKind::NotFound), "{place}: {error}");
        for language in [Language::Chinese, Language::English] {
            assert!(error.message(language).contains("/面试视频.mp4"), "{}", error.message(language));
        }
        if !at_once {
            assert_eq!(outcomes(&test).await?, [Outcome::Failed]);
        }
    }
    Ok(())
}

#[tokio::test]
async fn more_than_can_be_fetched_is_refused_and_what_is_named_is_found_however_far_behind() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 1010).await?;
    let hr = test.as_user("hr").await?;
    let too_many = FetchRequest { limit: Some(1001), ..request(&[MaterialKind::Transcript])? };
    assert_eq!(test.archive.fetch(&hr, too_many).await.err().ok_or("fetched")?.kind(), ErrorKind::Invalid);
    let sort = Some(dossier_search::Sort::LowestScore);
    let lowest = SearchRequest { limit: Some(2), sort, ..SearchRequest::default() };
    let last = test.archive.search(&hr, lowest).await?.hits.hits;
    let only: Vec<_> = last.iter().map(|hit| hit.application).collect();
    let sort = Some(dossier_search::Sort::HighestScore);
    let asked = FetchRequest { only, sort, query: String::new(), ..request(&[MaterialKind::Transcript])? };
    assert_eq!(test.archive.fetch(&hr, asked).await?.applications, 2);
    Ok(())
}

#[tokio::test]
async fn who_has_nothing_of_what_is_asked_for_is_not_in_the_zip() -> TestResult {
    let test = synced(2).await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 5).await?;
    let hr = test.as_user("hr").await?;
    let total = test.archive.search(&hr, SearchRequest::default()).await?.hits.total;
    let download = test.archive.fetch(&hr, request(&[MaterialKind::Video])?).await?;
    assert_eq!((total, download.applications), (5, 2));
    let bytes: Vec<_> = download.stream().try_collect().await?;
    let index = String::from_utf8_lossy(&bytes.concat()).into_owned();
    assert!(index.contains("2 份应聘 · 2 个文件"));
    Ok(())
}
