//! Syncs and ingests in which one thing goes wrong: that one is set aside with the reason, and harms no other.

use std::time::{Duration, Instant};

use dossier_archive::{
    Arrival, ErrorKind, Quarantined, QuarantinedPart, SearchRequest, SyncMode, SyncProgress, SyncReport,
};
use dossier_domain::{Language, Score, SyncField};
use dossier_storage::{Key, Records, Scan};
use dossier_testkit::{TestArchive, TestResult};
use dossier_vendor::{ConfigurationProblem, Error, Got, Malformed, MediaStream, Part, Phrase, Rejected};
use futures::{StreamExt, stream};

use crate::scripted::{Scripted, find, media, page, sittings};

async fn sync(test: &TestArchive, mode: SyncMode) -> TestResult<SyncReport> {
    Ok(test.archive.sync(&test.as_user("hr").await?, "scripted", mode, &|_| {}).await?)
}

async fn quarantined(test: &TestArchive) -> TestResult<Vec<Quarantined>> {
    Ok(test.archive.connections(&test.as_user("hr").await?).await?.swap_remove(0).quarantined)
}

async fn pending(test: &TestArchive) -> TestResult<usize> {
    Ok(test.archive.connections(&test.as_user("hr").await?).await?[0].pending.len())
}

/// The keys of the records in a raw prefix whose values are the longest.
async fn longest(test: &TestArchive, prefix: &[u8]) -> TestResult<Vec<Key>> {
    let all = test.records.scan(Scan { limit: 10_000, ..Scan::prefix(prefix.to_vec()) }).await?;
    let longest = all.iter().map(|(_, entry)| entry.value.len()).max().ok_or("nothing there")?;
    Ok(all.into_iter().filter(|(_, entry)| entry.value.len() == longest).map(|(key, _)| key).collect())
}

/// All interviews of the bank with another score, as new payloads.
fn corrected(count: usize) -> TestResult<Vec<Arrival>> {
    let mut all = sittings(count);
    for (number, of) in all.iter_mut().enumerate() {
        of.score = Some(Score::percent(12.0)?);
        of.payload_sha256 = format!("{number:064}");
    }
    Ok(all.into_iter().map(Arrival::from).collect())
}

#[tokio::test]
async fn what_is_too_large_is_set_aside_and_the_rest_is_stored() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    let mut all = sittings(6);
    if let Part::Ready(transcript) = &mut all[2].transcript {
        let line = transcript.utterances[0].clone();
        transcript.utterances = vec![line; 200_000];
    }
    let arrivals: Vec<Arrival> = all.into_iter().map(Arrival::from).collect();
    for attempts in 1..=2 {
        let report = test.archive.ingest(&test.as_sync()?, connection.id, arrivals.clone()).await?;
        assert_eq!((report.new + report.unchanged, report.quarantined), (5, 1));
        let set_aside = quarantined(&test).await?;
        assert_eq!((set_aside.len(), set_aside[0].attempts), (1, attempts));
        assert!(
            set_aside[0].problem.text(Language::English).contains("more than the limit"),
            "{set_aside:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_builds_upon_damage_or_upon_an_erased_candidate_is_set_aside() -> TestResult {
    for harm in ["look-up", "material", "candidate", "erased"] {
        let mut test = TestArchive::new().await?;
        let connection = test.connection().await?;
        test.ingest(&connection, 6).await?;
        let hr = test.as_user("hr").await?;
        let hit = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits.swap_remove(3);
        let of_candidate = |collection: u8| [&[1], &hit.candidate.to_bytes()[..], &[collection]].concat();
        match harm {
            "look-up" => test.damage(&longest(&test, &[0, 0xFF]).await?[2]).await?,
            "material" => test.damage(&longest(&test, &of_candidate(4)).await?[0]).await?,
            "candidate" => test.damage(&longest(&test, &of_candidate(1)).await?[0]).await?,
            _ => {
                test.erase(hit.candidate).await?;
                test = test.reopen().await?;
            }
        }
        for _ in 0..2 {
            let report = test.archive.ingest(&test.as_sync()?, connection.id, corrected(6)?).await?;
            assert_eq!((report.new, report.quarantined), (0, 1), "{harm}: {report:?}");
            assert_eq!(report.updated + report.unchanged, 5, "{harm}: {report:?}");
        }
        let problem = quarantined(&test).await?.swap_remove(0).problem;
        let said = problem.text(Language::English);
        let expected = if harm == "erased" { "has been erased" } else { "is damaged" };
        assert!(said.contains(expected), "{harm}: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn an_interview_that_the_vendor_refuses_waits_and_does_not_end_the_sync() -> TestResult {
    let refusals: [fn() -> Error; 2] =
        [|| Error::Permission, || Error::Configuration(ConfigurationProblem::RequestRefused(400))];
    for refusal in refusals {
        let (test, vendor) = Scripted::of(5).await?;
        let odd = sittings(5)[3].remote_id.clone();
        vendor.change(|script| {
            script.fetching =
                Box::new(move |id| if *id == odd { Err(refusal()) } else { find(&sittings(5), id) });
        });
        for new in [4, 0] {
            let report = sync(&test, SyncMode::Full).await?;
            assert_eq!((report.new, report.pending, report.quarantined), (new, 1, 0), "{report:?}");
        }
        vendor.change(|script| script.fetching = Box::new(|id| find(&sittings(5), id)));
        let report = sync(&test, SyncMode::Incremental).await?;
        assert_eq!((report.new, report.pending), (1, 0), "{report:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_refused_or_may_fetch_nothing_ends_the_sync() -> TestResult {
    let refusals: [fn() -> Error; 2] =
        [|| Error::Permission, || Error::Auth(dossier_vendor::AuthProblem::Key)];
    for refusal in refusals {
        let (test, vendor) = Scripted::of(5).await?;
        vendor.change(|script| script.fetching = Box::new(move |_| Err(refusal())));
        for _ in 0..2 {
            let error = sync(&test, SyncMode::Full).await.unwrap_err().to_string();
            assert!(error.contains("key"), "{error}");
        }
        assert_eq!((pending(&test).await?, quarantined(&test).await?.len()), (0, 0));
    }
    Ok(())
}

#[tokio::test]
async fn a_batch_is_bounded_by_bytes() -> TestResult {
    let (test, vendor) = Scripted::of(6).await?;
    vendor.change(|script| {
        script.fetching = Box::new(|id| {
            let fetched = find(&sittings(6), id)?;
            Ok(dossier_vendor::Fetched { payload_bytes: 5 << 20, ..fetched })
        });
    });
    let before = test.records.sequence().await?.number();
    let report = sync(&test, SyncMode::Full).await?;
    assert_eq!(report.new, 6);
    // Two fit into 8 MiB only by the second crossing the bound: each is taken in by a commit of its own.
    let ingests: Vec<_> = ingest_commits(&test, before).await?;
    assert_eq!(ingests, [1, 1, 1, 1, 1, 1]);
    Ok(())
}

/// How many interviews each commit since then wrote that wrote any.
async fn ingest_commits(test: &TestArchive, since: u64) -> TestResult<Vec<usize>> {
    let changes = test.records.changes(dossier_storage::Sequence::new(since), 1000).await?;
    let count = |change: &dossier_storage::Change| {
        change.keys.iter().filter(|key| key.collection().number() == 3).count()
    };
    Ok(changes.iter().map(count).filter(|count| *count > 0).collect())
}

/// Does `change` as soon as the sync reports `at`, and says how the sync ended and how long it went on.
async fn meanwhile<F: Future<Output = TestResult>>(
    test: &TestArchive,
    at: fn(SyncProgress) -> bool,
    change: impl FnOnce() -> F,
) -> TestResult<(dossier_archive::Error, Duration)> {
    let hr = test.as_user("hr").await?;
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let progress = |progress| {
        if at(progress) {
            let _ = sender.send(());
        }
    };
    let changing = async {
        receiver.recv().await;
        change().await.map(|()| Instant::now())
    };
    let syncing = test.archive.sync(&hr, "scripted", SyncMode::Full, &progress);
    let (ended, changed) = tokio::join!(async { (syncing.await, Instant::now()) }, changing);
    Ok((ended.0.err().ok_or("it was not ended")?, ended.1 - changed?))
}

#[tokio::test]
async fn a_decision_of_hr_reaches_a_sync_between_batches() -> TestResult {
    for decision in ["suspend", "remove", "fields"] {
        let (test, _vendor) = Scripted::of(200).await?;
        let hr = test.as_user("hr").await?;
        let decide = async || {
            match decision {
                "suspend" => drop(test.archive.suspend_connection(&hr, "scripted", true).await?),
                "remove" => test.archive.remove_connection(&hr, "scripted").await?,
                _ => {
                    let fields = [SyncField::Position].into_iter().collect();
                    test.archive.choose_fields(&hr, "scripted", fields).await?;
                }
            }
            Ok(())
        };
        let began = |at| matches!(at, SyncProgress::Ingested(1..));
        let (error, _) = Box::pin(meanwhile(&test, began, decide)).await?;
        assert!(
            matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Invalid | ErrorKind::NotFound),
            "{error}"
        );
        let found = test.archive.search(&hr, SearchRequest::default()).await?.hits.total;
        assert!(found > 0 && found < 200, "{decision}: {found}");
    }
    Ok(())
}

#[tokio::test]
async fn a_suspended_connection_stops_in_the_middle_of_a_video() -> TestResult {
    let (test, vendor) = Scripted::of(1).await?;
    vendor.change(|script| {
        script.media = Box::new(|_| {
            let start = stream::iter([Ok(bytes::Bytes::from_static(b"\0\0\0\x20ftypisom"))]);
            Ok(MediaStream::new(0, Some(1 << 20), start.chain(stream::pending())))
        });
    });
    let hr = test.as_user("hr").await?;
    let wanted = |at| matches!(at, SyncProgress::VideosWanted(1));
    let suspend = async || {
        test.archive.suspend_connection(&hr, "scripted", true).await?;
        Ok(())
    };
    let (error, took) = Box::pin(meanwhile(&test, wanted, suspend)).await?;
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(took < Duration::from_secs(10), "{took:?}");
    Ok(())
}

#[tokio::test]
async fn ingest_goes_by_the_connection_as_it_is_stored() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    let hr = test.as_user("hr").await?;
    let fields = [SyncField::CandidateName, SyncField::Position].into_iter().collect();
    test.archive.choose_fields(&hr, "bank", fields).await?;
    test.ingest(&connection, 2).await?;
    let hit = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits.swap_remove(0);
    assert!(hit.score.is_none() && hit.kinds.is_empty());
    test.archive.suspend_connection(&hr, "bank", true).await?;
    let refused = test.archive.ingest(&test.as_sync()?, connection.id, corrected(2)?).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    test.archive.remove_connection(&hr, "bank").await?;
    let refused = test.archive.ingest(&test.as_sync()?, connection.id, corrected(2)?).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn a_video_that_is_gone_or_none_is_quarantined_and_not_asked_for_again() -> TestResult {
    let faults: [fn() -> Result<MediaStream, Error>; 3] =
        [|| Err(Error::NotFound), || Err(Error::Gone), || Ok(media(b"%PDF-1.7 no film at all"))];
    for (number, fault) in faults.into_iter().enumerate() {
        let (test, vendor) = Scripted::of(2).await?;
        vendor.change(|script| script.media = Box::new(move |_| fault()));
        let first = sync(&test, SyncMode::Full).await?;
        assert_eq!((first.new, first.pending, first.quarantined), (2, 0, 2), "{first:?}");
        let set_aside = quarantined(&test).await?;
        assert!(set_aside.iter().all(|of| of.part == QuarantinedPart::Video), "{set_aside:?}");
        if number == 2 {
            let said = set_aside[0].problem.text(Language::English);
            assert!(said.contains("should be a video but is content of type application/pdf"), "{said}");
        }
        // The vendor's record is as it was: nobody asks.
        vendor.change(|script| script.media = Box::new(|_| panic!("asked again")));
        for mode in [SyncMode::Incremental, SyncMode::Full] {
            let again = sync(&test, mode).await?;
            assert_eq!((again.videos, again.quarantined, again.pending), (0, 0, 0), "{again:?}");
        }
        assert_eq!(quarantined(&test).await?.len(), 2);

        // The record changes: it is tried again, by itself.
        let mut changed = sittings(2);
        changed[0].payload_sha256 = "ab".repeat(32);
        vendor.change(|script| {
            let all = changed.clone();
            script.listing = Box::new(move |_| Ok(page(&all)));
            script.fetching = Box::new(move |id| find(&changed, id));
            script.media = Box::new(|_| Ok(media(crate::scripted::VIDEO)));
        });
        let third = sync(&test, SyncMode::Incremental).await?;
        assert_eq!((third.videos, third.pending), (1, 0), "{third:?}");
        assert_eq!(quarantined(&test).await?.len(), 1);

        // HR asks for the other one.
        let hr = test.as_user("hr").await?;
        assert_eq!(test.archive.retry_quarantined(&hr, "scripted").await?, 1);
        assert_eq!((quarantined(&test).await?.len(), pending(&test).await?), (0, 1));
        let last = sync(&test, SyncMode::Incremental).await?;
        assert_eq!((last.videos, last.pending, last.quarantined), (1, 0, 0), "{last:?}");
    }
    Ok(())
}

#[tokio::test]
async fn an_interview_whose_fetch_makes_no_sense_is_no_longer_pending() -> TestResult {
    let (test, vendor) = Scripted::of(2).await?;
    vendor.change(|script| {
        script.fetching = Box::new(|id| {
            let mut fetched = find(&sittings(2), id)?;
            fetched.transcript = Part::NotYet;
            Ok(fetched)
        });
    });
    assert_eq!(sync(&test, SyncMode::Full).await?.pending, 2);
    vendor.change(|script| script.fetching = Box::new(|_| Err(Error::Gone)));
    let second = sync(&test, SyncMode::Full).await?;
    assert_eq!((second.pending, second.quarantined), (0, 2), "{second:?}");
    Ok(())
}

#[tokio::test]
async fn a_listing_that_is_in_order_again_ends_the_quarantine_of_its_entries() -> TestResult {
    let (test, vendor) = Scripted::of(3).await?;
    vendor.change(|script| {
        script.listing = Box::new(|_| {
            let all = sittings(3);
            let malformed = |pointer: &str| {
                let pointer = pointer.to_owned();
                Malformed { pointer, expected: Phrase::new("文本", "a text"), got: Got::Null }.into()
            };
            let mut page = page(&all[1..]);
            page.rejected.push(Rejected { remote_id: None, error: malformed("/interviews/7") });
            let remote_id = Some(all[0].remote_id.clone());
            page.rejected.push(Rejected { remote_id, error: malformed("/interviews/0/status") });
            Ok(page)
        });
    });
    assert_eq!(sync(&test, SyncMode::Full).await?.quarantined, 2);
    assert_eq!(quarantined(&test).await?.len(), 2);
    vendor.change(|script| script.listing = Box::new(|_| Ok(page(&sittings(3)))));
    let report = sync(&test, SyncMode::Full).await?;
    assert_eq!((report.new, report.quarantined), (1, 0));
    assert_eq!(quarantined(&test).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_listing_that_goes_round_in_circles_ends_with_a_clear_error() -> TestResult {
    for same_token in [true, false] {
        let (test, vendor) = Scripted::of(3).await?;
        let pages = std::sync::atomic::AtomicU32::new(0);
        vendor.change(|script| {
            script.listing = Box::new(move |_| {
                let number = pages.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                assert!(number < 100, "it goes on for ever");
                let token = if same_token { "next".to_owned() } else { number.to_string() };
                let next = Some(dossier_vendor::PageToken::new(token));
                Ok(dossier_vendor::Page { next, ..page(&sittings(3)) })
            });
        });
        let error = sync(&test, SyncMode::Full).await.unwrap_err().to_string();
        assert!(error.contains("a repetition of what came before"), "{error}");
        // What was listed is stored all the same.
        let hr = test.as_user("hr").await?;
        assert_eq!(test.archive.search(&hr, SearchRequest::default()).await?.hits.total, 3);
    }
    Ok(())
}

#[tokio::test]
async fn a_completed_identity_and_a_new_position_are_in_the_log() -> TestResult {
    use dossier_archive::LogFilter;
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    let mut one = sittings(1).swap_remove(0);
    let phone = one.candidate.identity.phone.take();
    let logged = async |action: &str| -> TestResult<Vec<dossier_access::log::LogRecord>> {
        let filter = LogFilter { action: Some(action.to_owned()), ..LogFilter::default() };
        Ok(test.archive.log_records(&test.as_user("auditor").await?, filter).await?.records)
    };
    let arrival = |of: &dossier_vendor::Fetched| vec![Arrival::from(of.clone())];
    test.archive.ingest(&test.as_sync()?, connection.id, arrival(&one)).await?;
    let positions = logged("ingest_position").await?;
    assert!(positions.len() == 1 && positions[0].entry.objects[0].as_str().starts_with("pos_"));
    assert_eq!(logged("ingest").await?.len(), 2);
    one.candidate.identity.phone = phone;
    one.payload_sha256 = "cd".repeat(32);
    let report = test.archive.ingest(&test.as_sync()?, connection.id, arrival(&one)).await?;
    assert_eq!((report.updated, logged("ingest").await?.len()), (1, 3));
    Ok(())
}

#[tokio::test]
async fn a_quarantined_video_is_not_asked_for_again_because_something_else_is_awaited() -> TestResult {
    let (test, vendor) = Scripted::of(2).await?;
    let fetches = std::sync::atomic::AtomicU32::new(0);
    vendor.change(|script| {
        script.media = Box::new(|_| Err(Error::Gone));
        script.fetching = Box::new(move |id| {
            let mut fetched = find(&sittings(2), id)?;
            fetched.transcript = Part::NotYet;
            // As where a payload holds links that are signed anew each time.
            let number = fetches.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            fetched.payload_sha256 = format!("{number:064}");
            Ok(fetched)
        });
    });
    let first = sync(&test, SyncMode::Full).await?;
    assert_eq!((first.quarantined, first.pending), (2, 2), "{first:?}");
    vendor.change(|script| script.media = Box::new(|_| panic!("asked again")));
    for listed in [true, false] {
        if !listed {
            vendor.change(|script| script.listing = Box::new(|_| Ok(page(&[]))));
        }
        let again = sync(&test, SyncMode::Incremental).await?;
        assert_eq!((again.videos, again.quarantined, again.pending), (0, 0, 2), "{again:?}");
        assert_eq!(quarantined(&test).await?.len(), 2);
    }
    Ok(())
}
