//! Failures in a row lock, for a time, and not everybody.

use dossier_archive::ErrorKind;
use dossier_testkit::TestResult;

use super::door::{Door, HOME, PASSWORD, word};

#[tokio::test]
async fn five_wrong_passwords_lock_for_a_quarter_of_an_hour_and_then_longer() -> TestResult {
    let door = Door::new().await?;
    for (failures, minutes) in [(5, 15), (4, 30)] {
        for _ in 0..failures {
            assert!(door.denials().await?.last().is_none_or(|reason| reason != "locked"));
            door.fail("hr", "wrong", HOME).await;
        }
        door.advance(minutes - 1);
        assert_eq!(door.fail("hr", PASSWORD, HOME).await.kind(), ErrorKind::SignIn);
        assert_eq!(door.denials().await?.pop().as_deref(), Some("locked"));
        door.advance(1);
        door.fail("hr", "wrong", HOME).await;
        assert_eq!(door.denials().await?.pop().as_deref(), Some("wrong_password"), "the lock has ended");
    }
    door.enter("hr").await?;
    let minutes: Vec<u64> =
        door.log("lock_account").await?.iter().flat_map(|entry| entry.counts.values().copied()).collect();
    assert_eq!(minutes, [15, 30]);
    Ok(())
}

#[tokio::test]
async fn what_was_right_before_ends_the_row() -> TestResult {
    let door = Door::new().await?;
    for _ in 0..3 {
        for _ in 0..4 {
            door.fail("hr", "wrong", HOME).await;
        }
        door.enter("hr").await?;
    }
    assert!(door.log("lock_account").await?.is_empty());
    Ok(())
}

/// A stranger locks the account against strangers; at home its owner signs in all the same.
#[tokio::test]
async fn nobody_locks_somebody_else_out_of_their_own_place() -> TestResult {
    let door = Door::new().await?;
    door.enter("hr").await?;
    for _ in 0..5 {
        door.fail("hr", "wrong", "198.51.100.7").await;
    }
    assert!(door.try_with("hr", PASSWORD, None, "198.51.100.7").await.is_err());
    assert!(door.try_with("hr", PASSWORD, None, "203.0.113.5").await.is_err());
    door.enter("hr").await?;
    let admin = door.test.as_user("admin").await?;
    let states = door.test.archive.sign_in_states(&admin).await?;
    let locked: Vec<_> = states.iter().filter(|state| state.locked_until.is_some()).collect();
    assert_eq!(locked.iter().map(|state| state.user.login.as_str()).collect::<Vec<_>>(), ["hr"]);
    let without: Vec<_> = states.iter().filter(|state| state.password_since.is_none()).collect();
    assert_eq!(without.iter().map(|state| state.user.login.as_str()).collect::<Vec<_>>(), ["li"]);
    door.test.archive.unlock(&admin, &"hr".parse()?).await?;
    assert!(door.try_with("hr", PASSWORD, None, "203.0.113.5").await.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_place_that_fails_often_waits_whoever_it_tries_and_others_do_not() -> TestResult {
    let door = Door::new().await?;
    for number in 0..20 {
        assert_eq!(
            door.fail(&format!("user{number}"), "wrong", "2001:db8::7").await.kind(),
            ErrorKind::SignIn
        );
    }
    let blocked = door.try_with("hr", PASSWORD, None, "2001:db8::8").await.unwrap_err();
    assert_eq!(blocked.kind(), ErrorKind::TooMany, "{blocked}");
    assert!(
        door.test.archive.link("x", word("2001:db8::9")).await.is_err_and(|e| e.kind() == ErrorKind::TooMany)
    );
    door.enter("hr").await?;
    let logged = door.log("").await?.len();
    for _ in 0..50 {
        door.fail("hr", "wrong", "2001:db8::7").await;
    }
    assert_eq!(door.log("block_origin").await?.len(), 1);
    assert!(door.log("").await?.len() < logged + 10, "a flood does not fill the log");
    door.advance(2);
    assert!(door.try_with("hr", PASSWORD, None, "2001:db8::8").await.is_ok());
    Ok(())
}

/// A thousand at once are counted one by one: no more passwords are compared than if they came one after the other, and
/// what is not compared is not computed either.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_wrong_passwords_at_once_are_counted_one_by_one() -> TestResult {
    let door = std::sync::Arc::new(Door::new().await?);
    let tasks: Vec<_> = (0..1000)
        .map(|number| {
            let door = std::sync::Arc::clone(&door);
            tokio::spawn(async move { door.fail("hr", &format!("guess {number}"), HOME).await.kind() })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await?);
    }
    let compared = answers.iter().filter(|kind| **kind == ErrorKind::SignIn).count();
    // Those that were let in before the place was blocked: twenty, and what was already under way beside the last.
    assert!((20..=24).contains(&compared), "{compared}");
    let reasons = door.denials().await?;
    assert_eq!(reasons.iter().filter(|reason| *reason == "wrong_password").count(), 5);
    assert!(reasons[5..].iter().all(|reason| reason == "locked"));
    Ok(())
}

/// A right password among many wrong ones at the same moment is not found out either.
#[tokio::test(flavor = "multi_thread")]
async fn a_right_guess_after_the_fifth_is_worth_nothing() -> TestResult {
    let door = Door::new().await?;
    for _ in 0..5 {
        door.fail("hr", "wrong", HOME).await;
    }
    assert_eq!(format!("{:?}", door.fail("hr", PASSWORD, HOME).await), "SignIn");
    Ok(())
}

#[tokio::test]
async fn a_lock_outlives_a_restart_and_a_clock_set_back() -> TestResult {
    let door = Door::new().await?;
    for _ in 0..5 {
        door.fail("hr", "wrong", HOME).await;
    }
    let door = Door { test: door.test.reopen().await? };
    door.advance(-24 * 60);
    assert!(door.try_with("hr", PASSWORD, None, HOME).await.is_err());
    Ok(())
}

/// The current password is no way around: guessing it within a session counts the same.
#[tokio::test]
async fn guesses_within_a_session_count() -> TestResult {
    let door = Door::new().await?;
    let ctx = door.resume(&door.enter("hr").await?).await?;
    for _ in 0..5 {
        let wrong = door.test.archive.change_password(&ctx, "wrong", "another good password").await;
        assert_eq!(wrong.unwrap_err().kind(), ErrorKind::SignIn);
    }
    assert!(door.test.archive.change_password(&ctx, PASSWORD, "another good password").await.is_err());
    assert_eq!(door.log("lock_account").await?.len(), 1);
    Ok(())
}
