//! One thing is damaged: it is left out and told of, and all else works on.

use dossier_access::log::{Trust, export};
use dossier_archive::{LogFilter, SearchRequest};
use dossier_domain::EmotionLabel;
use dossier_storage::{Key, Records, Scan};
use dossier_testkit::{TestArchive, TestResult};

use crate::scripted::sittings;

async fn keys(test: &TestArchive, collection: u8) -> TestResult<Vec<Key>> {
    let all = test.records.scan(Scan::prefix(vec![0, collection]).limit(1000)).await?;
    Ok(all.into_iter().map(|(key, _)| key).collect())
}

#[tokio::test]
async fn a_damaged_log_record_does_not_hide_the_others() -> TestResult {
    let test = TestArchive::new().await?;
    let auditor = test.as_user("auditor").await?;
    let list = async || {
        test.archive.log_records(&auditor, LogFilter { limit: Some(500), ..Default::default() }).await
    };
    let before = list().await?.records.len();
    for number in [2, 4] {
        test.damage(&keys(&test, 20).await?[number]).await?;
    }
    let found = list().await?;
    // An intent and an outcome of the first look are new.
    assert_eq!((found.records.len(), found.damaged), (before, 2));
    let numbers: Vec<u64> = found.records.iter().map(|record| record.sequence).collect();
    assert!(
        numbers.is_sorted_by(|a, b| a > b) && numbers.contains(&3) && numbers.contains(&0),
        "{numbers:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_damaged_checkpoint_is_a_finding_and_no_end() -> TestResult {
    let test = TestArchive::new().await?;
    let auditor = test.as_user("auditor").await?;
    test.archive.log_checkpoint(&auditor).await?;
    test.damage(&keys(&test, 22).await?[0]).await?;
    let found = test.archive.verify_log(&auditor, Trust::default()).await?;
    assert!(found.is_err_and(|findings| !findings.is_empty()));
    let mut lines = Vec::new();
    let mut export = test.archive.export_log(&auditor).await?;
    while let Some(more) = export.next().await? {
        lines.extend_from_slice(&more);
    }
    assert!(export::verify_export(&lines[..], Trust::default()).is_ok(), "the rest is signed by a later one");
    Ok(())
}

#[tokio::test]
async fn a_damaged_position_takes_its_own_applications_out_of_sight_and_no_others() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 12).await?;
    let hr = test.as_user("hr").await?;
    let before = test.archive.positions(&hr).await?.len();
    test.damage(&keys(&test, 10).await?[0]).await?;
    assert_eq!(test.archive.positions(&hr).await?.len(), before - 1);
    let seen = test.archive.search(&hr, SearchRequest::default()).await?.hits;
    assert!(seen.total > 0 && seen.total < 12, "{}", seen.total);
    for hit in &seen.hits {
        assert!(test.archive.show(&hr, hit.application).await.is_ok());
    }
    // Nobody takes the damaged position for one that is not there.
    let arrivals: Vec<_> = sittings(24).split_off(12).into_iter().map(Into::into).collect();
    let report = test.archive.ingest(&test.as_sync()?, connection.id, arrivals).await?;
    assert!(report.new > 0 && report.quarantined > 0 && report.new + report.quarantined == 12, "{report:?}");
    Ok(())
}

#[tokio::test]
async fn emotion_labels_follow_the_thresholds() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 12).await?;
    let hr = test.as_user("hr").await?;
    let positive = async || -> TestResult<u64> {
        let query = "情绪=积极".to_owned();
        Ok(test.archive.search(&hr, SearchRequest { query, ..SearchRequest::default() }).await?.hits.total)
    };
    let some = positive().await?;
    assert!(some > 0 && some < 12);
    let before = test.archive.settings();
    let mut settings = (*before).clone();
    settings.emotion.positive_from = 0.0;
    test.archive.change_settings(&hr, &before, settings).await?;
    assert_eq!(positive().await?, 12);
    for hit in test.archive.search(&hr, SearchRequest::default()).await?.hits.hits {
        let view = test.archive.show(&hr, hit.application).await?;
        assert_eq!((view.emotion, view.interviews[0].emotion), (Some(EmotionLabel::Positive), view.emotion));
        assert!(view.tags.iter().any(|tag| tag.name.as_str() == "情绪积极"));
    }
    Ok(())
}

#[tokio::test]
async fn a_file_without_a_record_is_found_and_removed_once_it_is_old_enough() -> TestResult {
    use object_store::{ObjectStore, ObjectStoreExt};
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 1).await?;
    let hr = test.as_user("hr").await?;
    let application = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits[0].application;
    let pdf = futures::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from_static(b"%PDF-1.7"))]);
    test.archive.upload(&hr, application, "a.pdf", None, pdf).await?;
    let orphan = "ab/abababababababababababababababab.blob";
    test.objects.put(&orphan.into(), bytes::Bytes::from_static(b"sealed").into()).await?;
    let admin = test.as_user("admin").await?;
    // By its clock, which stands in the past, the file was stored this moment.
    assert_eq!(test.archive.remove_left_over_files(&admin).await?, 0);
    test.clock.advance(chrono::TimeDelta::days(36_500));
    let checks = test.archive.doctor(&admin, Some(&|_| {})).await?;
    assert!(
        checks.iter().any(|check| check.found.1.contains("1 file that belongs to nothing")),
        "{checks:?}"
    );
    assert_eq!(test.archive.remove_left_over_files(&admin).await?, 1);
    assert!(test.objects.head(&orphan.into()).await.is_err());
    assert_eq!(futures::StreamExt::count(test.objects.list(None)).await, 1);
    Ok(())
}
