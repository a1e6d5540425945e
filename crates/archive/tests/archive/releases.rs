//! Two persons for large downloads: nobody takes away more in a day than the rule says unless another person releases it.

use std::sync::Arc;

use chrono::TimeDelta;
use dossier_access::{
    Context, Reason,
    Role::HrAdministrator,
    RoleSet,
    log::{Entry, Outcome},
};
use dossier_archive::{
    Connection, Error, ErrorKind, FetchRequest, LogFilter, NewUser, ReleaseRule, ReleaseState,
};
use dossier_domain::{Language, MaterialKind, text::Line};
use dossier_testkit::{TestArchive, TestResult};
use futures::TryStreamExt;

fn request(limit: usize) -> TestResult<FetchRequest> {
    Ok(FetchRequest {
        query: String::new(),
        sort: None,
        only: Vec::new(),
        limit: Some(limit),
        contents: vec![MaterialKind::Transcript],
        reason: Line::parse("招聘委员会复核")?,
        language: Language::Chinese,
    })
}

/// An archive with thirty candidates, two HR administrators, and a rule of ten.
async fn office() -> TestResult<(TestArchive, Context, Context, Connection)> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 30).await?;
    let admin = test.as_user("admin").await?;
    let second =
        NewUser { login: "hr2".parse()?, name: "陈二".parse()?, roles: RoleSet::from(HrAdministrator) };
    test.archive.add_user(&admin, second).await?;
    test.archive.change_release_rule(&admin, ReleaseRule { from: Some(10) }).await?;
    let (one, other) = (test.as_user("hr").await?, test.as_user("hr2").await?);
    Ok((test, one, other, connection))
}

async fn log(test: &TestArchive, action: &str) -> TestResult<Vec<Entry>> {
    let auditor = test.as_user("auditor").await?;
    let filter = LogFilter { action: Some(action.into()), limit: Some(1000), ..LogFilter::default() };
    let records = test.archive.log_records(&auditor, filter).await?.records;
    Ok(records.into_iter().map(|record| record.entry).collect())
}

#[tokio::test]
async fn so_much_at_once_goes_out_only_when_another_person_has_released_it() -> TestResult {
    let (test, hr, hr2, connection) = office().await?;
    let archive = &test.archive;
    let refused = archive.fetch(&hr, request(10)?).await.err().ok_or("it went out")?;
    assert!(matches!(refused, Error::ReleaseNeeded { from: 10, taken: 10 }), "{refused:?}");
    assert_eq!(refused.kind(), ErrorKind::Denied);
    assert!(log(&test, "download_material").await?.is_empty(), "nothing was taken");
    let denied = log(&test, "count_download").await?;
    assert_eq!((denied.len(), denied[0].outcome), (1, Outcome::Denied));

    let release = archive.ask_release(&hr, request(10)?).await?;
    assert_eq!((release.applications, release.state), (10, ReleaseState::Waiting));
    assert_eq!((archive.releases_waiting(&hr).await?, archive.releases_waiting(&hr2).await?), (0, 1));
    let own = archive.decide_release(&hr, release.id, true).await.unwrap_err();
    assert!(matches!(own, Error::Denied(Reason::OwnRequest)), "{own:?}");
    for login in ["li", "checker", "auditor", "admin"] {
        let nobody = test.as_user(login).await?;
        assert!(archive.decide_release(&nobody, release.id, true).await.is_err(), "{login}");
    }
    let early =
        archive.fetch_released(&hr, release.id, Language::Chinese).await.err().ok_or("it went out")?;
    assert_eq!(early.kind(), ErrorKind::Invalid);

    let released = archive.decide_release(&hr2, release.id, true).await?;
    assert_eq!(released.decided_by.map(|login| login.to_string()).as_deref(), Some("hr2"));
    assert_eq!(archive.decide_release(&hr2, release.id, false).await.unwrap_err().kind(), ErrorKind::Invalid);
    let other = archive.fetch_released(&hr2, release.id, Language::Chinese).await.err().ok_or("theirs")?;
    assert_eq!(other.kind(), ErrorKind::NotFound, "it is for whoever asked");
    // Candidates that come later are not in what was released.
    test.ingest(&connection, 35).await?;
    let download = archive.fetch_released(&hr, release.id, Language::Chinese).await?;
    assert_eq!(download.applications, 10);
    let pieces: Vec<_> = download.stream().try_collect().await?;
    assert!(pieces.iter().map(|piece| piece.len() as u64).sum::<u64>() == download.length());
    drop(download);
    archive.close().await?;
    let taken = log(&test, "download_material").await?;
    assert!(
        !taken.is_empty()
            && taken.iter().all(|entry| {
                entry.objects.iter().any(|object| object.as_str() == release.id.to_string())
            }),
        "each item names its release"
    );
    for action in ["ask_release", "release_download"] {
        assert_eq!(
            log(&test, action).await?.iter().filter(|of| of.outcome == Outcome::Done).count(),
            1,
            "{action}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn many_small_downloads_are_no_way_around_and_a_day_later_it_begins_anew() -> TestResult {
    let (test, hr, hr2, _) = office().await?;
    for limit in [4, 5] {
        test.archive.fetch(&hr, request(limit)?).await?;
    }
    let refused = test.archive.fetch(&hr, request(1)?).await.err().ok_or("it went out")?;
    assert!(matches!(refused, Error::ReleaseNeeded { taken: 10, .. }), "{refused:?}");
    test.archive.fetch(&hr2, request(9)?).await?;
    test.clock.advance(TimeDelta::hours(24));
    test.archive.fetch(&hr, request(9)?).await?;
    // Ten at once, each of them small enough: as many go out as fit.
    test.clock.advance(TimeDelta::hours(24));
    let (archive, hr) = (Arc::clone(&test.archive), Arc::new(hr));
    let tasks = (0..10).map(|_| {
        let (archive, hr) = (Arc::clone(&archive), Arc::clone(&hr));
        tokio::spawn(async move { archive.fetch(&hr, request(3).unwrap()).await.is_ok() })
    });
    let went =
        futures::future::join_all(tasks).await.into_iter().filter(|done| *done.as_ref().unwrap()).count();
    assert_eq!(went, 3, "nine of at most nine");
    Ok(())
}

#[tokio::test]
async fn a_request_ends_after_a_day_and_what_is_refused_stays_here() -> TestResult {
    let (test, hr, hr2, _) = office().await?;
    let archive = &test.archive;
    let refused = archive.ask_release(&hr, request(12)?).await?.id;
    archive.decide_release(&hr2, refused, false).await?;
    assert!(archive.fetch_released(&hr, refused, Language::Chinese).await.is_err());
    let late = archive.ask_release(&hr, request(12)?).await?.id;
    archive.decide_release(&hr2, late, true).await?;
    let forgotten = archive.ask_release(&hr, request(12)?).await?.id;
    test.clock.advance(TimeDelta::hours(24));
    assert!(archive.releases(&hr).await?.is_empty() && archive.releases_waiting(&hr2).await? == 0);
    assert_eq!(archive.decide_release(&hr2, forgotten, true).await.unwrap_err().kind(), ErrorKind::NotFound);
    let gone = archive.fetch_released(&hr, late, Language::Chinese).await.err().ok_or("it went out")?;
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    // Nobody fills the store with requests.
    for _ in 0..20 {
        archive.ask_release(&hr, request(12)?).await?;
    }
    assert_eq!(archive.ask_release(&hr, request(12)?).await.unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(archive.releases(&hr).await?.len(), 20);
    Ok(())
}

#[tokio::test]
async fn the_rule_is_the_system_administrators_alone() -> TestResult {
    let (test, hr, ..) = office().await?;
    let rule = ReleaseRule { from: None };
    for login in ["hr", "li", "checker", "auditor"] {
        let other = test.as_user(login).await?;
        assert!(test.archive.change_release_rule(&other, rule).await.is_err(), "{login}");
    }
    let admin = test.as_user("admin").await?;
    for from in [0, 1001] {
        let wrong = ReleaseRule { from: Some(from) };
        let error = test.archive.change_release_rule(&admin, wrong).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
    test.archive.change_release_rule(&admin, rule).await?;
    test.archive.fetch(&hr, request(30)?).await?;
    Ok(())
}
