//! Kept reports whose readers are reminded of them.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use dossier_access::Role;
use dossier_archive::{Error, NewSavedReport, ReportWords, Rhythm};
use dossier_domain::{Clock as _, NoticeKind, SavedReportId, text::Line};
use dossier_testkit::{TestArchive, TestResult};

use super::{furnished, unread};

async fn kept(test: &TestArchive, shared: &[Role]) -> TestResult<SavedReportId> {
    let hr = test.as_user("hr").await?;
    let new = NewSavedReport {
        name: Line::parse("张三的月报")?,
        words: ReportWords { measure: "pass_rate".to_owned(), ..ReportWords::default() },
        shared_with: shared.iter().copied().collect(),
    };
    Ok(test.archive.save_report(&hr, new).await?.id)
}

/// Lets the time come to an hour of a day in the bank's zone.
async fn at(test: &TestArchive, day: NaiveDate, hours: i64) -> TestResult {
    let then = test.archive.settings().zone.start_of(day) + TimeDelta::hours(hours);
    test.clock.advance(then - test.clock.now());
    test.archive.tell_what_happened().await?;
    Ok(())
}

async fn reminders(test: &TestArchive, login: &str) -> TestResult<usize> {
    Ok(unread(test, login).await?.iter().filter(|(kind, _)| *kind == NoticeKind::Report).count())
}

#[tokio::test]
async fn readers_are_reminded_when_it_is_time_and_the_notice_names_nothing() -> TestResult {
    let test = furnished().await?;
    let hr = test.as_user("hr").await?;
    let id = kept(&test, &[Role::Interviewer]).await?;
    let saved = test.archive.remind_of_saved_report(&hr, id, Some(Rhythm::Monthly)).await?;
    assert_eq!(saved.reminds, Some(Rhythm::Monthly));
    let today = test.archive.settings().zone.date(test.clock.now());
    let first = dossier_domain::Month::new(chrono::Datelike::year(&today), chrono::Datelike::month(&today));
    let first = first.ok_or("no month")?.next().first_day();
    // Not before its day, nor before its hour, once on it, and again a month later.
    at(&test, first.pred_opt().ok_or("no day")?, 23).await?;
    at(&test, first, 0).await?;
    assert_eq!(reminders(&test, "hr").await?, 0);
    for _ in 0..2 {
        at(&test, first, 12).await?;
        test.clock.advance(TimeDelta::minutes(2));
        test.archive.tell_what_happened().await?;
    }
    for (login, heard) in [("hr", 1), ("li", 1), ("checker", 0), ("auditor", 0), ("admin", 0)] {
        assert_eq!(reminders(&test, login).await?, heard, "{login}");
    }
    let inbox = test.archive.inbox(&test.as_user("li").await?).await?;
    let notice = inbox.notices.iter().find(|of| of.kind == NoticeKind::Report).ok_or("no notice")?;
    assert_eq!(notice.report, Some(id));
    assert!(notice.text.iter().all(|text| !text.contains("张三")), "{:?}", notice.text);
    let next = dossier_domain::Month::new(chrono::Datelike::year(&first), chrono::Datelike::month(&first));
    at(&test, next.ok_or("no month")?.next().first_day(), 12).await?;
    assert_eq!(reminders(&test, "hr").await?, 2);
    test.archive.remind_of_saved_report(&hr, id, None).await?;
    test.clock.advance(TimeDelta::days(40));
    test.archive.tell_what_happened().await?;
    assert_eq!(reminders(&test, "hr").await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_week_begins_on_monday_and_only_the_owner_says_how_often() -> TestResult {
    let test = furnished().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let id = kept(&test, &[]).await?;
    let other = test.archive.remind_of_saved_report(&li, id, Some(Rhythm::Weekly)).await;
    assert!(matches!(other, Err(Error::NotFound { .. })));
    test.archive.remind_of_saved_report(&hr, id, Some(Rhythm::Weekly)).await?;
    let today = test.archive.settings().zone.date(test.clock.now());
    let days = u64::from(7 - chrono::Datelike::weekday(&today).num_days_from_monday());
    let monday = today + chrono::Days::new(days);
    at(&test, monday, 12).await?;
    assert_eq!((reminders(&test, "hr").await?, reminders(&test, "li").await?), (1, 0));
    // A process that was down on Monday reminds on Tuesday, once.
    at(&test, monday + chrono::Days::new(8), 1).await?;
    assert_eq!(reminders(&test, "hr").await?, 2);
    // Nobody hears of what they were given no longer, and sharing is for roles that read reports.
    let roles = BTreeSet::from([Role::Interviewer]);
    test.archive.share_saved_report(&hr, id, roles).await?;
    at(&test, monday + chrono::Days::new(14), 12).await?;
    assert_eq!((reminders(&test, "hr").await?, reminders(&test, "li").await?), (3, 1));
    Ok(())
}
