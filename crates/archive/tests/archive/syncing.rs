//! Syncs against the simulator: a real HTTP server with a vendor's oddities.

use dossier_archive::{ErrorKind, SearchRequest, SyncMode, SyncProgress, SyncReport};
use dossier_domain::MaterialKind;
use dossier_simulator::{Bank, BankOptions, Behaviour, MediaFault, RibbonServer, Spoil};
use dossier_testkit::{TestArchive, TestResult};

async fn server(candidates: usize) -> TestResult<RibbonServer> {
    let bank = Bank::generate(BankOptions { candidates, ..BankOptions::default() });
    Ok(RibbonServer::start(bank, Behaviour::default()).await?)
}

async fn sync(test: &TestArchive, mode: SyncMode) -> TestResult<SyncReport> {
    let hr = test.as_user("hr").await?;
    Ok(test.archive.sync(&hr, "ribbon", mode, &|_| {}).await?)
}

async fn complete(test: &TestArchive) -> TestResult<(u64, usize)> {
    let hr = test.as_user("hr").await?;
    let request = SearchRequest { limit: Some(500), ..SearchRequest::default() };
    let hits = test.archive.search(&hr, request).await?.hits;
    let whole = hits.hits.iter().filter(|hit| hit.kinds.len() == MaterialKind::OF_AN_INTERVIEW.len()).count();
    Ok((hits.total, whole))
}

#[tokio::test]
async fn everything_comes_once_and_a_second_sync_brings_nothing() -> TestResult {
    let test = TestArchive::new().await?;
    let server = server(25).await?;
    test.connect_to(&server).await?;
    let first = sync(&test, SyncMode::Full).await?;
    assert_eq!((first.new, first.videos, first.pending, first.quarantined), (25, 25, 0, 0), "{first:?}");
    assert_eq!(complete(&test).await?, (25, 25));
    let second = sync(&test, SyncMode::Incremental).await?;
    assert_eq!((second.new, second.updated, second.videos), (0, 0, 0), "{second:?}");
    let full = sync(&test, SyncMode::Full).await?;
    assert_eq!((full.new, full.updated, full.unchanged), (0, 0, 25), "{full:?}");
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn videos_are_the_vendors_byte_for_byte() -> TestResult {
    use futures::TryStreamExt;
    let test = TestArchive::new().await?;
    let server = server(3).await?;
    test.connect_to(&server).await?;
    sync(&test, SyncMode::Full).await?;
    let hr = test.as_user("hr").await?;
    for hit in test.archive.search(&hr, SearchRequest::default()).await?.hits.hits {
        let view = test.archive.show(&hr, hit.application).await?;
        let remote = view.interviews[0].remote_id.to_string();
        let video = view.materials.iter().find(|of| of.kind() == MaterialKind::Video).ok_or("no video")?;
        let open = test.archive.open_file(&hr, hit.application, video.id, false).await?;
        let expected = server.sitting(&remote).ok_or("unknown")?.video();
        let chunks: Vec<_> = open.range(0..open.file.length)?.try_collect().await?;
        assert!(chunks.concat() == expected.as_ref(), "{remote}");
        let part: Vec<_> = open.range(70_000..70_100)?.try_collect().await?;
        assert_eq!(part.concat(), expected.slice(70_000..70_100).as_ref());
    }
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_late_video_comes_with_a_later_sync() -> TestResult {
    let test = TestArchive::new().await?;
    let server = server(5).await?;
    let late = server.add_interview_without_video();
    test.connect_to(&server).await?;
    let first = sync(&test, SyncMode::Full).await?;
    assert_eq!((first.new, first.videos, first.pending), (6, 5, 1), "{first:?}");
    assert_eq!(complete(&test).await?, (6, 5));
    server.release_video(&late);
    let second = sync(&test, SyncMode::Incremental).await?;
    assert_eq!((second.videos, second.pending), (1, 0), "{second:?}");
    assert_eq!(complete(&test).await?, (6, 6));
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn nonsense_is_quarantined_with_its_place_and_harms_nothing_else() -> TestResult {
    let test = TestArchive::new().await?;
    let server = server(6).await?;
    let spoilt = server.ids()[2].clone();
    server.spoil(&spoilt, Spoil::ALL[0]);
    test.connect_to(&server).await?;
    let report = sync(&test, SyncMode::Full).await?;
    assert_eq!((report.new, report.videos), (5, 5), "{report:?}");
    let hr = test.as_user("hr").await?;
    let states = test.archive.connections(&hr).await?;
    let quarantined = &states[0].quarantined;
    assert!(
        !quarantined.is_empty() && quarantined.iter().all(|of| of.pointer.starts_with('/')),
        "{quarantined:?}"
    );
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_sync_that_is_stopped_in_the_middle_of_videos_goes_on_where_it_was() -> TestResult {
    let test = TestArchive::new().await?;
    let server = server(8).await?;
    test.connect_to(&server).await?;
    let hr = test.as_user("hr").await?;
    let (stop, stopped) = tokio::sync::watch::channel(());
    let mut stopped = stopped;
    stopped.mark_unchanged();
    let progress = move |at| {
        if let SyncProgress::Videos(3, _) = at {
            let _ = stop.send(());
        }
    };
    tokio::select! {
        _ = test.archive.sync(&hr, "ribbon", SyncMode::Full, &progress) => return Err("it was not stopped".into()),
        _ = stopped.changed() => {}
    }
    let test = test.reopen().await?;
    let again = sync(&test, SyncMode::Incremental).await?;
    assert_eq!((again.new, again.updated), (0, 0), "{again:?}");
    assert!(again.videos >= 2 && again.videos <= 5, "{again:?}");
    assert_eq!(complete(&test).await?, (8, 8));
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_video_that_is_gone_is_quarantined_until_hr_asks_for_it() -> TestResult {
    let test = TestArchive::new().await?;
    let server = server(2).await?;
    test.connect_to(&server).await?;
    for _ in 0..64 {
        server.fail_media(MediaFault::Status(404));
    }
    let first = sync(&test, SyncMode::Full).await?;
    assert_eq!((first.new, first.videos, first.pending, first.quarantined), (2, 0, 0, 2), "{first:?}");
    // The simulator's listing names a video once its interview was fetched: the record is another one, and tried again.
    let again = sync(&test, SyncMode::Full).await?;
    assert_eq!((again.videos, again.quarantined), (0, 2), "{again:?}");
    server.behave(|behaviour| behaviour.media_faults.clear());
    let before = server.stats().media_requests;
    let full = sync(&test, SyncMode::Full).await?;
    assert_eq!((full.unchanged, full.videos, server.stats().media_requests), (2, 0, before), "{full:?}");
    let hr = test.as_user("hr").await?;
    assert_eq!(test.archive.retry_quarantined(&hr, "ribbon").await?, 2);
    let second = sync(&test, SyncMode::Incremental).await?;
    assert_eq!((second.videos, second.pending), (2, 0), "{second:?}");
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_suspended_connection_and_a_wrong_key_say_so() -> TestResult {
    let test = TestArchive::new().await?;
    let server = server(2).await?;
    test.connect_to(&server).await?;
    let hr = test.as_user("hr").await?;
    assert!(test.archive.test_connection(&hr, "ribbon").await.is_ok());
    test.archive.suspend_connection(&hr, "ribbon", true).await?;
    let error = test.archive.sync(&hr, "ribbon", SyncMode::Full, &|_| {}).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    test.archive.remove_connection(&hr, "ribbon").await?;
    let error = test.archive.sync(&hr, "ribbon", SyncMode::Full, &|_| {}).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn two_syncs_at_once_store_each_video_once() -> TestResult {
    let test = TestArchive::new().await?;
    let server = server(6).await?;
    test.connect_to(&server).await?;
    let hr = test.as_user("hr").await?;
    let one = test.archive.sync(&hr, "ribbon", SyncMode::Full, &|_| {});
    let other = test.archive.sync(&hr, "ribbon", SyncMode::Full, &|_| {});
    let (one, other) = tokio::join!(one, other);
    one?;
    other?;
    sync(&test, SyncMode::Incremental).await?;
    for hit in test.archive.search(&hr, SearchRequest::default()).await?.hits.hits {
        let view = test.archive.show(&hr, hit.application).await?;
        let videos = view.materials.iter().filter(|of| of.kind() == MaterialKind::Video).count();
        assert_eq!((videos, view.interviews.len(), view.materials.len()), (1, 1, 5));
    }
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_webhook_brings_what_it_names_and_a_forged_one_nothing() -> TestResult {
    let test = TestArchive::new().await?;
    let server = server(5).await?;
    let connection = test.connect_to(&server).await?;
    let id = server.ids().remove(2);
    let webhook = server.webhook("interview_processed", &id);
    let origin = dossier_access::Word::parse("203.0.113.9")?;
    let forged = test.archive.hear_webhook(origin.clone(), connection.id, &webhook.headers, b"{}").await;
    assert!(matches!(forged, Err(dossier_archive::Error::Vendor(_))));

    let heard =
        test.archive.hear_webhook(origin.clone(), connection.id, &webhook.headers, &webhook.body).await?;
    assert_eq!(heard.interviews.iter().map(ToString::to_string).collect::<Vec<_>>(), [id]);
    let report = sync(&test, SyncMode::Interviews(heard.interviews.clone())).await?;
    assert_eq!((report.new, report.videos, report.listed), (1, 1, 0), "{report:?}");
    let again = sync(&test, SyncMode::Interviews(heard.interviews)).await?;
    assert_eq!((again.new, again.updated, again.videos), (0, 0, 0), "{again:?}");
    // The place in the listing did not move: the next sync finds the others.
    let rest = sync(&test, SyncMode::Incremental).await?;
    assert_eq!((rest.new, rest.videos), (4, 4), "{rest:?}");

    let hr = test.as_user("hr").await?;
    test.archive.suspend_connection(&hr, "ribbon", true).await?;
    let heard = test.archive.hear_webhook(origin, connection.id, &webhook.headers, &webhook.body).await?;
    assert_eq!(heard.interviews, []);
    Ok(())
}
