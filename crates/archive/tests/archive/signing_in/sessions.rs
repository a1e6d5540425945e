//! How sessions end.

use dossier_access::{Role, RoleSet};
use dossier_archive::{ErrorKind, SignInRules};
use dossier_testkit::TestResult;

use super::door::{Door, HOME, PASSWORD, word};

const OTHER: &str = "another good password";

#[tokio::test]
async fn a_session_ends_when_it_is_idle_or_old() -> TestResult {
    let door = Door::new().await?;
    let (idle, busy) = (door.enter("hr").await?, door.enter("hr").await?);
    door.advance(29);
    assert!(door.lasts(&busy).await);
    door.advance(1);
    assert!(!door.lasts(&idle).await && door.lasts(&busy).await);
    for _ in 0..23 {
        door.advance(29);
        assert!(door.lasts(&busy).await);
    }
    door.advance(22); // 12 hours less a minute
    assert!(door.lasts(&busy).await);
    door.advance(1);
    assert!(!door.lasts(&busy).await);
    let why: Vec<_> = door.log("session_ended").await?.into_iter().filter_map(|entry| entry.reason).collect();
    assert_eq!(why, [word("idle"), word("expired")]);
    Ok(())
}

#[tokio::test]
async fn sessions_fail_closed_when_the_clock_is_set_back() -> TestResult {
    let door = Door::new().await?;
    let token = door.enter("hr").await?;
    door.advance(-24 * 60);
    assert!(!door.lasts(&token).await);
    door.advance(24 * 60);
    assert!(!door.lasts(&token).await, "and stays closed");
    Ok(())
}

#[tokio::test]
async fn what_has_ended_stays_ended() -> TestResult {
    let door = Door::new().await?;
    let token = door.enter("hr").await?;
    door.advance(30);
    assert!(!door.lasts(&token).await);
    door.advance(-10);
    assert!(!door.lasts(&token).await);
    Ok(())
}

#[tokio::test]
async fn rights_are_those_of_the_request() -> TestResult {
    let door = Door::new().await?;
    door.test.give_password("li", PASSWORD).await?;
    let connection = door.test.connection().await?;
    door.test.ingest(&connection, 5).await?;
    let token = door.enter("li").await?;
    assert!(door.resume(&token).await?.scope().is_empty());
    door.test.make_responsible("客户经理").await?;
    assert!(!door.resume(&token).await?.scope().is_empty());
    let hr = door.test.as_user("hr").await?;
    door.test.archive.close_position(&hr, &"客户经理".parse()?, true).await?;
    assert!(door.resume(&token).await?.scope().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_role_withdrawn_or_a_suspension_ends_the_session_at_the_next_request() -> TestResult {
    let door = Door::new().await?;
    let admin = door.test.as_user("admin").await?;
    let token = door.enter("hr").await?;
    assert!(door.lasts(&token).await);
    door.test.archive.set_roles(&admin, &"hr".parse()?, RoleSet::from(Role::Interviewer)).await?;
    assert!(!door.lasts(&token).await);
    let token = door.enter("hr").await?;
    assert_eq!(door.resume(&token).await?.actor().roles(), [Role::Interviewer].into());
    door.test.archive.suspend_user(&admin, &"hr".parse()?, true).await?;
    assert!(!door.lasts(&token).await);
    door.test.archive.suspend_user(&admin, &"hr".parse()?, false).await?;
    assert!(!door.lasts(&token).await);
    Ok(())
}

#[tokio::test]
async fn another_password_renews_this_session_and_ends_the_others() -> TestResult {
    let door = Door::new().await?;
    let (this, other) = (door.enter("hr").await?, door.enter("hr").await?);
    let someone_elses = door.enter("checker").await?;
    let ctx = door.resume(&this).await?;
    let renewed = door.test.archive.change_password(&ctx, PASSWORD, OTHER).await?.ok_or("no token")?;
    assert!(!door.lasts(&this).await && !door.lasts(&other).await);
    assert!(door.lasts(&renewed).await && door.lasts(&someone_elses).await);
    assert!(door.try_with("hr", PASSWORD, None, HOME).await.is_err());
    assert!(door.try_with("hr", OTHER, None, HOME).await.is_ok());
    for poor in [OTHER, "short", "password1234", "hrhrhrhrhrhr"] {
        let ctx = door.resume(&renewed).await?;
        let refused = door.test.archive.change_password(&ctx, OTHER, poor).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Invalid, "{poor}");
    }
    Ok(())
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_alone() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let (first, second) = (door.session("hr", "192.0.2.1").await?, door.session("hr", "192.0.2.2").await?);
    let foreign = door.session("checker", HOME).await?;
    let ctx = door.resume(&first.token).await?;
    let listed = archive.sessions(&ctx).await?;
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().any(|view| view.is_current && view.id == first.id));
    assert!(listed.iter().any(|view| !view.is_current && view.origin == word("192.0.2.2")));
    assert_eq!(archive.end_session(&ctx, foreign.id).await.unwrap_err().kind(), ErrorKind::NotFound);
    archive.end_session(&ctx, second.id).await?;
    assert!(!door.lasts(&second.token).await && door.lasts(&foreign.token).await);
    let third = door.enter("hr").await?;
    assert_eq!(archive.end_other_sessions(&ctx).await?, 1);
    assert!(!door.lasts(&third).await && door.lasts(&first.token).await);
    archive.sign_out(&ctx).await?;
    assert!(!door.lasts(&first.token).await);
    archive.sign_out(&ctx).await?;

    let again = door.enter("hr").await?;
    let hr = door.resume(&again).await?;
    assert_eq!(
        archive.end_sessions_of(&hr, &"checker".parse()?).await.unwrap_err().kind(),
        ErrorKind::Denied
    );
    let admin = door.test.as_user("admin").await?;
    assert_eq!(archive.end_sessions_of(&admin, &"hr".parse()?).await?, 1);
    assert!(!door.lasts(&again).await);
    Ok(())
}

#[tokio::test]
async fn when_a_session_was_used_is_noted_once_a_minute() -> TestResult {
    let door = Door::new().await?;
    let token = door.enter("hr").await?;
    let before = door.test.archive.sessions(&door.resume(&token).await?).await?[0].seen_at;
    door.test.clock.advance(chrono::TimeDelta::seconds(59));
    let ctx = door.resume(&token).await?;
    assert_eq!(door.test.archive.sessions(&ctx).await?[0].seen_at, before);
    door.test.clock.advance(chrono::TimeDelta::seconds(1));
    let ctx = door.resume(&token).await?;
    assert!(door.test.archive.sessions(&ctx).await?[0].seen_at > before);
    Ok(())
}

#[tokio::test]
async fn an_open_page_does_not_keep_a_session_from_ending() -> TestResult {
    let door = Door::new().await?;
    let token = door.enter("hr").await?;
    for _ in 0..29 {
        door.advance(1);
        door.test.archive.recheck(token.reveal(), word(HOME)).await?;
    }
    door.advance(1);
    assert!(door.test.archive.recheck(token.reveal(), word(HOME)).await.is_err());
    Ok(())
}

#[tokio::test]
async fn few_sessions_last_at_once() -> TestResult {
    let door = Door::new().await?;
    let first = door.enter("hr").await?;
    let mut last = None;
    for _ in 0..20 {
        door.advance(1);
        last = Some(door.enter("hr").await?);
    }
    let ctx = door.resume(&last.ok_or("none")?).await?;
    assert_eq!(door.test.archive.sessions(&ctx).await?.len(), 20);
    assert!(!door.lasts(&first).await);
    Ok(())
}

#[tokio::test]
async fn the_bank_sets_how_long_sessions_last() -> TestResult {
    let door = Door::new().await?;
    let token = door.enter("hr").await?;
    let rules = SignInRules { idle_minutes: 5, ..SignInRules::default() };
    let hr = door.test.as_user("hr").await?;
    assert_eq!(
        door.test.archive.change_sign_in_rules(&hr, rules).await.unwrap_err().kind(),
        ErrorKind::Denied
    );
    let admin = door.test.as_user("admin").await?;
    for wrong in [0, 100_000] {
        let rules = SignInRules { idle_minutes: wrong, ..rules };
        let refused = door.test.archive.change_sign_in_rules(&admin, rules).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Invalid);
    }
    door.test.archive.change_sign_in_rules(&admin, rules).await?;
    door.advance(5);
    assert!(!door.lasts(&token).await);
    Ok(())
}

#[tokio::test]
async fn what_is_no_token_of_a_session_resumes_nothing() -> TestResult {
    let door = Door::new().await?;
    let token = door.enter("hr").await?;
    for wrong in ["", "x", &token.reveal()[1..], &token.csrf(), &"A".repeat(43), &"A".repeat(1_000_000)] {
        let error = door.test.archive.resume(wrong, word(HOME)).await.err();
        assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::SignIn));
    }
    Ok(())
}
