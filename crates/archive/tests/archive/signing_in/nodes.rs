//! Several nodes over one store, and what a request costs them.

use dossier_archive::{Archive, ErrorKind, SignIn, SignedIn};
use dossier_testkit::TestResult;

use super::door::{Door, HOME, PASSWORD, word};

async fn fail(node: &Archive, origin: &str) -> ErrorKind {
    let wrong = SignIn { login: "hr", password: "wrong", code: None, origin: word(origin) };
    node.sign_in(wrong).await.unwrap_err().kind()
}

#[tokio::test]
async fn a_session_goes_on_and_ends_on_every_node() -> TestResult {
    let door = Door::new().await?;
    let (other, _) = door.test.another_node().await?;
    let token = door.enter("hr").await?;
    let ctx = other.resume(token.reveal(), word(HOME)).await?;
    let renewed = other.change_password(&ctx, PASSWORD, "another good password").await?.ok_or("no token")?;
    assert!(!door.lasts(&token).await && door.lasts(&renewed).await);
    let admin = door.test.as_user("admin").await?;
    door.test.archive.suspend_user(&admin, &"hr".parse()?, true).await?;
    assert!(other.resume(renewed.reveal(), word(HOME)).await.is_err());
    Ok(())
}

#[tokio::test]
async fn failures_count_wherever_they_happen() -> TestResult {
    let door = Door::new().await?;
    let (other, _) = door.test.another_node().await?;
    for _ in 0..2 {
        fail(&other, HOME).await;
        door.fail("hr", "wrong", HOME).await;
    }
    fail(&other, HOME).await;
    assert_eq!(format!("{:?}", door.fail("hr", PASSWORD, HOME).await), "SignIn");
    assert_eq!(door.log("lock_account").await?.len(), 1);
    Ok(())
}

/// At the same moment on two nodes, each failure is counted all the same, and a code is good once.
#[tokio::test]
async fn what_happens_on_two_nodes_at_once_is_counted_twice_and_good_once() -> TestResult {
    let door = Door::new().await?;
    let (other, _) = door.test.another_node().await?;
    for _ in 0..2 {
        let both = tokio::join!(fail(&other, HOME), fail(&door.test.archive, HOME));
        assert_eq!(both, (ErrorKind::SignIn, ErrorKind::SignIn));
    }
    fail(&other, HOME).await;
    assert_eq!(door.log("lock_account").await?.len(), 1);

    let (_, codes, _) = door.second_factor("checker").await?;
    let attempt =
        || SignIn { login: "checker", password: PASSWORD, code: Some(&codes[0]), origin: word(HOME) };
    let both = tokio::join!(other.sign_in(attempt()), door.test.archive.sign_in(attempt()));
    let sessions = [&both.0, &both.1].map(|answer| matches!(answer, Ok(SignedIn::Session(_))));
    assert!(sessions[0] != sessions[1], "{both:?}");
    Ok(())
}

/// What each request costs before it does anything: two reads, and a third for who is interviewer of some positions. When
/// it was used is written once a minute, and by a stream never.
#[tokio::test]
async fn a_request_costs_two_reads() -> TestResult {
    let door = Door::new().await?;
    door.test.give_password("li", PASSWORD).await?;
    let (hr, li) = (door.enter("hr").await?, door.enter("li").await?);
    let (node, asked) = door.test.another_node().await?;
    asked.take();
    node.resume(hr.reveal(), word(HOME)).await?;
    assert_eq!(asked.take(), (2, 0));
    node.resume(li.reveal(), word(HOME)).await?;
    assert_eq!(asked.take(), (3, 0));
    door.advance(1);
    node.recheck(hr.reveal(), word(HOME)).await?;
    assert_eq!(asked.take(), (2, 0));
    node.resume(hr.reveal(), word(HOME)).await?;
    assert_eq!(asked.take().1, 1);
    node.resume(hr.reveal(), word(HOME)).await?;
    assert_eq!(asked.take(), (2, 0));
    assert!(node.resume("A".repeat(43).as_str(), word(HOME)).await.is_err());
    assert_eq!(asked.take(), (1, 0));
    Ok(())
}

/// Whoever wants in costs the same reads and the same write, known or not.
#[tokio::test]
async fn a_stranger_costs_what_a_user_costs() -> TestResult {
    let door = Door::new().await?;
    let (node, asked) = door.test.another_node().await?;
    let mut costs = Vec::new();
    for (number, login) in ["hr", "li", "nobody", "hr"].into_iter().enumerate() {
        let origin = word(&format!("192.0.2.{number}"));
        asked.take();
        let wrong = SignIn { login, password: "wrong", code: None, origin };
        assert!(node.sign_in(wrong).await.is_err());
        costs.push(asked.take());
    }
    let (reads, commits) = costs[3];
    for (other_reads, other_commits) in costs.drain(1..) {
        assert!(reads.abs_diff(other_reads) <= 1, "reads {reads} and {other_reads}");
        assert_eq!(other_commits, commits);
    }
    Ok(())
}
