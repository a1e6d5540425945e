//! Inboxes: the right people hear, once, in words without a candidate's name.

use chrono::TimeDelta;
use dossier_archive::{ErrorKind, Watched};
use dossier_domain::{
    Language, NoticeKind, Preferences, Stage, Wish,
    notice::{Template, Texts},
};
use dossier_testkit::{TestArchive, TestResult};

use super::{POSITION, furnished, in_position, moved, settle, unread, wish, wishes};

#[tokio::test]
async fn each_hears_of_what_is_theirs_and_whoever_did_it_does_not() -> TestResult {
    let test = furnished().await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    moved(&test, ids[1], Stage::BackgroundCheck).await?;
    moved(&test, ids[2], Stage::BackgroundCheck).await?;
    assert_eq!(
        unread(&test, "li").await?,
        [(NoticeKind::Materials, format!("{POSITION}：有新的面试资料（1 份应聘）"))]
    );
    assert_eq!(
        unread(&test, "checker").await?,
        [(NoticeKind::NewCase, format!("{POSITION}：新进入背景调查（2 份应聘）"))]
    );
    for login in ["hr", "admin", "auditor"] {
        assert_eq!(unread(&test, login).await?, [], "{login}");
    }
    let other = in_position(&test, "风险控制").await?;
    moved(&test, other[0], Stage::HumanInterview).await?;
    assert_eq!(unread(&test, "li").await?.len(), 1, "another position is none of theirs");
    Ok(())
}

#[tokio::test]
async fn new_interviews_are_told_to_who_holds_them_and_a_suggested_move_to_hr() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 1).await?;
    test.make_responsible(POSITION).await?;
    settle(&test).await?;
    test.ingest(&connection, 20).await?;
    let told = unread(&test, "li").await?;
    assert_eq!(told.len(), 1, "one notice for all that came together: {told:?}");
    assert_eq!(told[0].0, NoticeKind::Materials);
    let inbox = test.archive.inbox(&test.as_user("li").await?).await?;
    let new = in_position(&test, POSITION).await?.len() as u64;
    assert!((new - 1..=new).contains(&inbox.notices[0].count), "{} of {new}", inbox.notices[0].count);
    Ok(())
}

#[tokio::test]
async fn no_name_of_a_candidate_is_in_any_notice() -> TestResult {
    let test = furnished().await?;
    let ids = in_position(&test, POSITION).await?;
    for id in &ids[..3] {
        moved(&test, *id, Stage::HumanInterview).await?;
    }
    let hr = test.as_user("hr").await?;
    let mut names = Vec::new();
    for id in &ids {
        names.extend(test.archive.show(&hr, *id).await?.identity.name.map(|name| name.to_string()));
    }
    assert!(names.len() == ids.len());
    for language in [Language::Chinese, Language::English] {
        for of in test.archive.inbox(&test.as_user("li").await?).await?.notices {
            assert!(names.iter().all(|name| !of.text(language).contains(name)), "{}", of.text(language));
        }
    }
    Ok(())
}

#[tokio::test]
async fn who_lost_the_position_the_role_or_the_account_reads_nothing_of_it_any_more() -> TestResult {
    let test = furnished().await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    moved(&test, ids[1], Stage::BackgroundCheck).await?;
    assert_eq!((unread(&test, "li").await?.len(), unread(&test, "checker").await?.len()), (1, 1));
    let (hr, admin) = (test.as_user("hr").await?, test.as_user("admin").await?);
    test.archive.set_interviewer(&hr, &POSITION.parse()?, &"li".parse()?, false).await?;
    let roles = dossier_access::RoleSet::from(dossier_access::Role::Interviewer);
    test.archive.set_roles(&admin, &"checker".parse()?, roles).await?;
    for login in ["li", "checker"] {
        assert_eq!(unread(&test, login).await?, [], "{login}");
        assert_eq!(test.archive.unread_notices(&test.as_user(login).await?).await?, 0);
    }
    test.archive.suspend_user(&admin, &"checker".parse()?, true).await?;
    let denied = test.archive.inbox(&test.as_user("checker").await?).await.unwrap_err();
    assert_eq!(denied.kind(), ErrorKind::Denied);
    Ok(())
}

#[tokio::test]
async fn what_nobody_wants_is_not_told_and_what_is_read_stays_read() -> TestResult {
    let test = furnished().await?;
    let ids = in_position(&test, POSITION).await?;
    wish(&test, "li", wishes(&[(NoticeKind::Materials, Wish::Not)])).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    assert_eq!(unread(&test, "li").await?, []);
    wish(&test, "li", Preferences::default()).await?;
    moved(&test, ids[1], Stage::HumanInterview).await?;
    let li = test.as_user("li").await?;
    let inbox = test.archive.inbox(&li).await?;
    assert_eq!(inbox.unread, 1);
    let state = test.archive.state_of(&li, Watched::Notices).await?;
    let unread = inbox.notices.iter().find(|of| of.read_at.is_none()).ok_or("none")?;
    assert_eq!(test.archive.read_notices(&li, Some(&[unread.id])).await?, 1);
    assert_eq!(test.archive.read_notices(&li, Some(&[unread.id])).await?, 0, "once");
    assert_ne!(test.archive.state_of(&li, Watched::Notices).await?, state);
    let after = test.archive.inbox(&li).await?;
    assert_eq!((after.unread, after.notices.len()), (0, inbox.notices.len()));
    // What comes after it was read is another notice.
    moved(&test, ids[2], Stage::HumanInterview).await?;
    assert_eq!(test.archive.inbox(&li).await?.unread, 1);
    // Nobody marks another's.
    let theirs = test.archive.inbox(&li).await?.notices[0].id;
    assert_eq!(test.archive.read_notices(&test.as_user("hr").await?, Some(&[theirs])).await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_is_late_is_told_to_hr_once_a_day_until_it_is_there() -> TestResult {
    let test = furnished().await?;
    // The videos of what was handed in never came.
    for _ in 0..3 {
        test.archive.tell_what_happened().await?;
        test.clock.advance(TimeDelta::minutes(5));
    }
    let told = unread(&test, "hr").await?;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0 == NoticeKind::Lateness && told[0].1.contains("bank"), "{told:?}");
    assert_eq!(unread(&test, "admin").await?, []);
    test.archive.read_notices(&test.as_user("hr").await?, None).await?;
    test.clock.advance(TimeDelta::hours(25));
    test.archive.tell_what_happened().await?;
    assert_eq!(unread(&test, "hr").await?.len(), 1, "it is still so");
    Ok(())
}

#[tokio::test]
async fn a_sync_that_fails_is_told_once_to_those_who_can_mend_it() -> TestResult {
    let test = TestArchive::new().await?;
    let nowhere = serde_json::json!({ "base_url": "http://127.0.0.1:9", "allow_loopback": true });
    test.connect("厂商", nowhere, dossier_vendor::Credentials::key("k")).await?;
    for _ in 0..2 {
        let failed = test
            .archive
            .sync(&test.as_sync()?, "厂商", dossier_archive::SyncMode::Incremental, &|_| {})
            .await;
        assert!(failed.is_err());
    }
    for login in ["hr", "admin"] {
        let told = unread(&test, login).await?;
        assert_eq!(told.len(), 1, "{login}: {told:?}");
        assert!(told[0].0 == NoticeKind::SyncTrouble && told[0].1.contains("厂商"), "{told:?}");
    }
    assert_eq!(unread(&test, "li").await?, []);
    Ok(())
}

#[tokio::test]
async fn the_bank_writes_its_own_texts_and_none_that_could_name_anybody() -> TestResult {
    let test = furnished().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let template = |text| Template::parse(NoticeKind::Materials, text);
    let mut rules = test.archive.notice_rules().await?;
    rules.texts.insert(
        NoticeKind::Materials,
        Texts { zh: template("【{position}】{count}")?, en: template("{position}")? },
    );
    assert_eq!(
        test.archive.change_notice_rules(&li, rules.clone()).await.unwrap_err().kind(),
        ErrorKind::Denied
    );
    test.archive.change_notice_rules(&hr, rules.clone()).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    assert_eq!(unread(&test, "li").await?[0].1, format!("【{POSITION}】1"));
    // One that was read as another kind's is refused by the archive itself.
    let foreign = Template::parse(NoticeKind::SyncTrouble, "{connection}")?;
    rules.texts.insert(NoticeKind::Materials, Texts { zh: foreign.clone(), en: foreign });
    assert_eq!(test.archive.change_notice_rules(&hr, rules).await.unwrap_err().kind(), ErrorKind::Invalid);
    Ok(())
}
