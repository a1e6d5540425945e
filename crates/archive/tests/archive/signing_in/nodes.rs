//! Several nodes over one store, and what a request costs them.

use dossier_archive::{Archive, ErrorKind, FirstAdministrator, SignIn, SignedIn};
use dossier_storage::{Batch, Collection, Entry, Key, Records, Scan, Scope};
use dossier_testkit::{TestArchive, TestResult};

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

/// Codes cost no time, so these do meet.
#[tokio::test]
async fn wrong_codes_on_two_nodes_at_once_are_all_counted() -> TestResult {
    let door = Door::new().await?;
    door.second_factor("hr").await?;
    let (other, _) = door.test.another_node().await?;
    let SignedIn::CodeNeeded { challenge, .. } = door.try_with("hr", PASSWORD, None, HOME).await? else {
        return Err("no code was asked for".into());
    };
    let here = &door.test.archive;
    let guess = |node: &'static str| {
        let archive = if node == "other" { &other } else { here };
        archive.answer_challenge(challenge.reveal(), "000000", word(HOME))
    };
    for _ in 0..2 {
        let both = tokio::join!(guess("other"), guess("here"));
        let kinds = [both.0, both.1].map(|answer| answer.unwrap_err().kind());
        assert_eq!(kinds, [ErrorKind::SignIn; 2]);
    }
    assert!(guess("here").await.is_err());
    assert_eq!(door.log("lock_account").await?.len(), 1);
    Ok(())
}

/// As many as want to guess at once on one node are counted one by one, up to the last.
#[tokio::test]
async fn a_hundred_wrong_codes_at_once_are_counted_one_by_one() -> TestResult {
    let door = Door::new().await?;
    door.second_factor("hr").await?;
    let SignedIn::CodeNeeded { challenge, .. } = door.try_with("hr", PASSWORD, None, HOME).await? else {
        return Err("no code was asked for".into());
    };
    let guess = |_| door.test.archive.answer_challenge(challenge.reveal(), "000000", word(HOME));
    let answers = futures::future::join_all((0..100).map(guess)).await;
    assert!(answers.into_iter().all(|answer| answer.is_err_and(|error| error.kind() == ErrorKind::SignIn)));
    let reasons = door.denials().await?;
    assert_eq!(reasons.iter().filter(|reason| *reason == "wrong_code").count(), 5);
    assert_eq!(reasons.iter().filter(|reason| *reason == "locked").count(), 95);
    Ok(())
}

#[tokio::test]
async fn two_nodes_do_not_make_two_first_administrators() -> TestResult {
    let test = TestArchive::new().await?;
    let (other, _) = test.another_node().await?;
    let link = test.archive.first_administrator_link(word("server")).await?.ok_or("no link")?;
    let first = |login: &str| FirstAdministrator {
        login: login.parse().unwrap(),
        name: login.parse().unwrap(),
        password: PASSWORD,
    };
    let both = tokio::join!(
        test.archive.redeem_first(link.token.reveal(), first("wang"), word(HOME)),
        other.redeem_first(link.token.reveal(), first("zhao"), word(HOME)),
    );
    assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
    Ok(())
}

/// The stored records of one collection.
async fn stored(door: &Door, collection: Collection) -> TestResult<Vec<(Key, Entry)>> {
    Ok(door.test.records.scan(Scan::collection(Scope::Archive, collection)).await?)
}

async fn put_back(door: &Door, records: Vec<(Key, Entry)>) -> TestResult {
    let mut batch = Batch::new();
    for (key, entry) in records {
        batch.put(key, entry.value);
    }
    door.test.records.commit(batch).await?;
    Ok(())
}

const SECRETS: Collection = Collection::new(31);
const SESSIONS: Collection = Collection::new(34);

/// A session that another node began just when the password was changed, and that the change therefore did not see, ends
/// all the same.
#[tokio::test]
async fn a_session_begun_beside_a_change_of_password_ends() -> TestResult {
    let door = Door::new().await?;
    let (this, beside) = (door.enter("hr").await?, door.enter("hr").await?);
    let mut before = stored(&door, SESSIONS).await?;
    before.extend(stored(&door, Collection::LOOKUPS).await?);
    let ctx = door.resume(&this).await?;
    let renewed = door.test.archive.change_password(&ctx, PASSWORD, "another good password").await?;
    let after = stored(&door, SESSIONS).await?;
    before.retain(|(key, _)| after.iter().all(|(other, _)| other != key));
    put_back(&door, before).await?;
    assert!(!door.lasts(&beside).await);
    assert!(door.lasts(&renewed.ok_or("no token")?).await);
    assert_eq!(door.log("session_ended").await?[0].reason, Some(word("secrets_changed")));
    Ok(())
}

/// A password that was right when it was compared, and is not any more when the verdict is given, lets nobody in.
#[tokio::test]
async fn a_password_changed_while_it_is_compared_is_wrong() -> TestResult {
    let door = Door::new().await?;
    let before = stored(&door, SECRETS).await?;
    let ctx = door.resume(&door.enter("hr").await?).await?;
    door.test.archive.change_password(&ctx, PASSWORD, "another good password").await?;
    let after = stored(&door, SECRETS).await?;
    put_back(&door, before).await?;
    let (node, asked) = door.test.another_node().await?;
    asked.take();
    let attempt = SignIn { login: "hr", password: PASSWORD, code: None, origin: word(HOME) };
    let (answer, put) = tokio::join!(node.sign_in(attempt), async {
        // It has asked for the place, the name and the account, then gets it, and compares, which takes longer than this.
        while asked.reads() < 3 {
            tokio::task::yield_now().await;
        }
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        put_back(&door, after).await
    });
    put?;
    assert_eq!(format!("{:?}", answer.unwrap_err()), "SignIn");
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
