//! Everything is in the log, and the log can't be changed unnoticed.

use dossier_access::log::{Outcome, Trust, export};
use dossier_archive::{LogFilter, SearchRequest};
use dossier_domain::ApplicationId;
use dossier_storage::{Batch, Key, Records, Scan};
use dossier_testkit::{TestArchive, TestResult};

async fn all_records(test: &TestArchive) -> TestResult<Vec<dossier_access::log::LogRecord>> {
    let auditor = test.as_user("auditor").await?;
    let filter = LogFilter { limit: Some(10_000), ..LogFilter::default() };
    Ok(test.archive.log_records(&auditor, filter).await?.records)
}

async fn exported(test: &TestArchive) -> TestResult<Vec<u8>> {
    let mut text = Vec::new();
    let mut export = test.archive.export_log(&test.as_user("auditor").await?).await?;
    while let Some(lines) = export.next().await? {
        text.extend_from_slice(&lines);
    }
    Ok(text)
}

#[tokio::test]
async fn the_log_goes_out_in_pages_and_says_how_that_ended() -> TestResult {
    const RECORDS: usize = 5000;
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    for _ in 0..RECORDS / 2 {
        test.archive.search(&hr, SearchRequest { limit: Some(1), ..SearchRequest::default() }).await?;
    }
    let auditor = test.as_user("auditor").await?;
    let mut export = test.archive.export_log(&auditor).await?;
    let (mut text, mut largest) = (Vec::new(), 0);
    while let Some(lines) = export.next().await? {
        assert!(lines.ends_with(b"\n"));
        largest = largest.max(lines.len());
        text.extend_from_slice(&lines);
    }
    assert_eq!(export.lines(), text.iter().filter(|byte| **byte == b'\n').count() as u64);
    assert!(export.lines() > RECORDS as u64 && largest < text.len() / 3, "{largest} of {}", text.len());
    assert!(export::verify_export(&text[..], Trust::default()).is_ok());
    drop(export);
    let mut given_up = test.archive.export_log(&auditor).await?;
    given_up.next().await?;
    drop(given_up);
    let filter = LogFilter { action: Some("export_log".into()), ..LogFilter::default() };
    let ends = test.archive.log_records(&auditor, filter).await?.records;
    let ends: Vec<Outcome> = ends.iter().map(|record| record.entry.outcome).collect();
    assert_eq!(ends, [Outcome::Failed, Outcome::Intended, Outcome::Done, Outcome::Intended]);
    Ok(())
}

#[tokio::test]
async fn what_is_shown_was_in_the_log_before_and_its_end_follows() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 3).await?;
    let hr = test.as_user("hr").await?;
    let hit = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits.swap_remove(0);
    test.archive.show(&hr, hit.application).await?;
    let records = all_records(&test).await?;
    let of_show: Vec<_> = records
        .iter()
        .filter(|record| record.entry.action.as_str() == "view_application")
        .map(|record| (record.entry.outcome, record.sequence, record.entry.of))
        .collect();
    let intent = of_show.last().ok_or("no intent")?;
    assert_eq!(intent.0, Outcome::Intended);
    assert_eq!((of_show[0].0, of_show[0].2), (Outcome::Done, Some(intent.1)));
    assert!(records.iter().filter(|record| record.entry.action.as_str() == "ingest").count() == 3);
    Ok(())
}

#[tokio::test]
async fn refusals_are_logged_with_their_true_reason() -> TestResult {
    let test = TestArchive::new().await?;
    let auditor = test.as_user("auditor").await?;
    test.archive.search(&auditor, SearchRequest::default()).await.unwrap_err();
    test.archive.show(&auditor, ApplicationId::from_bytes([9; 16])).await.unwrap_err();
    let denied: Vec<_> = all_records(&test)
        .await?
        .into_iter()
        .filter(|record| record.entry.outcome == Outcome::Denied)
        .filter_map(|record| record.entry.reason.map(|reason| reason.to_string()))
        .collect();
    assert_eq!(denied, ["absent", "not_your_duty"]);
    Ok(())
}

#[tokio::test]
async fn the_log_holds_no_names() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 5).await?;
    let hr = test.as_user("hr").await?;
    test.archive.search(&hr, SearchRequest { query: "张三".into(), ..SearchRequest::default() }).await?;
    let text = String::from_utf8(exported(&test).await?)?;
    let is_chinese = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    assert!(!text.contains(is_chinese), "{text}");
    assert!(export::verify_export(text.as_bytes(), Trust::default()).is_ok());
    Ok(())
}

#[tokio::test]
async fn a_removed_an_exchanged_and_a_damaged_record_are_found() -> TestResult {
    for harm in 0..3 {
        let test = TestArchive::new().await?;
        let connection = test.connection().await?;
        test.ingest(&connection, 5).await?;
        let auditor = test.as_user("auditor").await?;
        let anchor = test.archive.log_checkpoint(&auditor).await?;
        let whole =
            test.archive.verify_log(&auditor, Trust { anchor: anchor.clone(), ..Trust::default() }).await?;
        assert!(whole.is_ok(), "{whole:?}");

        let log: Vec<(Key, _)> = test.records.scan(Scan::prefix([0, 20].to_vec())).await?;
        let mut batch = Batch::new();
        match harm {
            0 => drop(batch.delete(log[2].0.clone())),
            1 => drop(batch.put(log[2].0.clone(), log[3].1.value.clone())),
            _ => {
                let mut bytes = log[2].1.value.to_vec();
                bytes[20] ^= 1;
                batch.put(log[2].0.clone(), bytes);
            }
        }
        test.records.commit(batch).await?;
        let found = test.archive.verify_log(&auditor, Trust::default()).await?;
        assert!(found.is_err(), "harm {harm} was not found");
    }
    Ok(())
}

#[tokio::test]
async fn the_log_goes_on_after_a_restart() -> TestResult {
    let test = TestArchive::new().await?.reopen().await?.reopen().await?;
    let auditor = test.as_user("auditor").await?;
    let verified = test.archive.verify_log(&auditor, Trust::default()).await?;
    assert!(verified.is_ok_and(|verified| verified.records > 5 && verified.covered == verified.records));
    Ok(())
}

async fn outcomes_of(test: &TestArchive, action: &str) -> TestResult<usize> {
    let is_outcome = |record: &&dossier_access::log::LogRecord| {
        record.entry.action.as_str() == action && record.entry.outcome == Outcome::Done
    };
    Ok(all_records(test).await?.iter().filter(is_outcome).count())
}

#[tokio::test]
async fn who_goes_away_in_the_middle_takes_no_outcome_along() -> TestResult {
    use futures::FutureExt;
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    for polls in 1..12 {
        test.archive.search(&hr, SearchRequest::default()).await?;
        // The outcome of this search waits; the next commit takes it up, and who asked for it is gone.
        let mut asked = Box::pin(test.archive.search(&hr, SearchRequest::default()));
        for _ in 0..polls {
            if (&mut asked).now_or_never().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(asked);
        assert!(outcomes_of(&test, "search").await? >= polls, "after {polls} polls");
    }
    let auditor = test.as_user("auditor").await?;
    assert!(test.archive.verify_log(&auditor, Trust::default()).await?.is_ok());
    Ok(())
}

#[tokio::test]
async fn while_nobody_asks_outcomes_become_durable_and_checkpoints_are_signed() -> TestResult {
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    test.archive.tend().await?;
    test.archive.search(&hr, SearchRequest::default()).await?;
    let log =
        async || test.records.scan(Scan::prefix([0, 20].to_vec()).limit(1000)).await.map(|all| all.len());
    let checkpoints = async || test.records.scan(Scan::prefix([0, 22].to_vec())).await.map(|all| all.len());
    let before = log().await?;
    test.archive.tend().await?;
    assert_eq!(log().await?, before + 1, "the outcome");
    let signed = checkpoints().await?;
    let newest = test.records.sequence().await?;
    test.archive.tend().await?;
    assert_eq!((test.records.sequence().await?, checkpoints().await?), (newest, signed), "nothing to do");
    test.clock.advance(chrono::TimeDelta::seconds(61));
    test.archive.tend().await?;
    assert_eq!(checkpoints().await?, signed + 1);
    Ok(())
}

#[tokio::test]
async fn the_change_feed_stays_short_where_only_the_log_grows() -> TestResult {
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    for _ in 0..1100 {
        test.archive.connections(&hr).await?;
    }
    test.archive.tend().await?;
    let newest = test.records.sequence().await?.number();
    assert!(test.records.changes(dossier_storage::Sequence::ZERO, 1).await.is_err());
    let kept = dossier_storage::Sequence::new(newest);
    assert!(test.records.changes(kept, 10).await.is_ok());
    // The index follows on.
    let connection = test.connection().await?;
    test.ingest(&connection, 2).await?;
    assert_eq!(test.archive.search(&hr, SearchRequest::default()).await?.hits.total, 2);
    Ok(())
}

/// The records that a filter finds, by number.
async fn numbers(test: &TestArchive, filter: LogFilter) -> TestResult<Vec<u64>> {
    let found = test.archive.log_records(&test.as_user("auditor").await?, filter).await?;
    Ok(found.records.iter().map(|record| record.sequence).collect())
}

#[tokio::test]
async fn one_goes_through_the_log_to_older_and_to_newer_records() -> TestResult {
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    for _ in 0..20 {
        test.archive.connections(&hr).await?;
    }
    let of = |limit, before, after| LogFilter {
        action: Some("list_connections".to_owned()),
        limit: Some(limit),
        before,
        after,
        ..LogFilter::default()
    };
    let all = numbers(&test, of(100, None, None)).await?;
    assert_eq!(all.len(), 40, "each with its intent");
    assert!(all.is_sorted_by(|newer, older| newer > older));
    let second = numbers(&test, of(10, Some(all[9]), None)).await?;
    assert_eq!(second, all[10..20]);
    let back = numbers(&test, of(10, None, Some(second[0]))).await?;
    assert_eq!(back, all[..10], "the ones next to it, the newest first");
    assert_eq!(numbers(&test, of(3, None, Some(second[0]))).await?, all[7..10]);
    assert_eq!(numbers(&test, of(10, None, Some(all[0]))).await?, [0; 0]);
    Ok(())
}

#[tokio::test]
async fn the_log_is_asked_by_day_by_outcome_by_name_and_by_purpose() -> TestResult {
    use dossier_domain::Clock;
    let test = TestArchive::new().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let days = [test.clock.now(), test.clock.now() + chrono::TimeDelta::days(3)];
    test.archive.connections(&hr).await?;
    assert!(test.archive.connections(&li).await.is_err());
    test.clock.advance(chrono::TimeDelta::days(3));
    test.archive.connections(&test.as_user("hr").await?).await?;
    let count = async |filter: LogFilter| numbers(&test, filter).await.map(|all| all.len());
    let seen = || LogFilter { actions: ["list_connections".to_owned()].into(), ..LogFilter::default() };
    assert_eq!(count(seen()).await?, 4);
    assert_eq!(count(LogFilter { from: Some(days[1]), ..seen() }).await?, 2);
    assert_eq!(count(LogFilter { until: Some(days[1]), ..seen() }).await?, 2);
    assert_eq!(count(LogFilter { from: Some(days[0]), until: Some(days[1]), ..seen() }).await?, 2);
    let outcome = |outcome| LogFilter { outcome: Some(outcome), ..LogFilter::default() };
    let denied = || LogFilter { action: Some("manage_connections".to_owned()), ..outcome(Outcome::Denied) };
    assert_eq!(count(denied()).await?, 1);
    let name = li.actor().user().ok_or("no user")?.name.to_string();
    for actor in ["li", "LI", &name, &name.to_uppercase(), &li.actor().pseudonym().to_string()] {
        let actor = Some(actor.to_owned());
        assert_eq!(count(LogFilter { actor, ..denied() }).await?, 1);
    }
    assert_eq!(count(LogFilter { actor: Some("nobody".to_owned()), ..denied() }).await?, 0);
    Ok(())
}
