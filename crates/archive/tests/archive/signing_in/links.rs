//! One-time links: good once, for three days, for one person, and never as a session.

use dossier_archive::{ErrorKind, FirstAdministrator, LinkFor};
use dossier_domain::Clock;
use dossier_testkit::{TestArchive, TestResult};

use super::door::{Door, HOME, PASSWORD, word};

const OTHER: &str = "another good password";

fn first<'a>(login: &str, password: &'a str) -> FirstAdministrator<'a> {
    FirstAdministrator { login: login.parse().unwrap(), name: "王芳".parse().unwrap(), password }
}

#[tokio::test]
async fn an_invitation_sets_a_password_once() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let admin = door.test.as_user("admin").await?;
    let link = archive.invite(&admin, &"li".parse()?).await?;
    let whose = archive.link(link.token.reveal(), word(HOME)).await?;
    assert_eq!(whose, LinkFor::User { login: "li".parse()?, name: "li".parse()? });
    let poor = archive.redeem(link.token.reveal(), "short", word(HOME)).await;
    assert_eq!(poor.unwrap_err().kind(), ErrorKind::Invalid, "and the link stays good");
    archive.redeem(link.token.reveal(), PASSWORD, word(HOME)).await?;
    door.enter("li").await?;
    for spent in [link.token.reveal(), "", "x", &"A".repeat(43)] {
        let again = archive.redeem(spent, OTHER, word(HOME)).await;
        assert_eq!(format!("{:?}", again.unwrap_err()), "LinkSpent");
    }
    assert!(archive.resume(link.token.reveal(), word(HOME)).await.is_err());
    Ok(())
}

#[tokio::test]
async fn redeemed_twice_at_once_it_is_good_once() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let link = archive.invite(&door.test.as_user("admin").await?, &"li".parse()?).await?;
    let both = tokio::join!(
        archive.redeem(link.token.reveal(), PASSWORD, word(HOME)),
        archive.redeem(link.token.reveal(), OTHER, word(HOME))
    );
    assert_eq!([both.0.is_ok(), both.1.is_ok()].iter().filter(|ok| **ok).count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_link_is_good_for_three_days_and_the_newest_alone() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let admin = door.test.as_user("admin").await?;
    let older = archive.invite(&admin, &"li".parse()?).await?;
    let newer = archive.invite(&admin, &"li".parse()?).await?;
    assert!(archive.redeem(older.token.reveal(), PASSWORD, word(HOME)).await.is_err());
    assert_eq!(newer.expires_at - door.test.clock.now(), chrono::TimeDelta::hours(72));
    door.advance(72 * 60);
    assert!(archive.redeem(newer.token.reveal(), PASSWORD, word(HOME)).await.is_err());
    door.advance(-100 * 60);
    assert!(archive.redeem(newer.token.reveal(), PASSWORD, word(HOME)).await.is_err(), "clock set back");
    Ok(())
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_nothing_else_with_it() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let (_, codes, token) = door.second_factor("hr").await?;
    let admin = door.test.as_user("admin").await?;
    let link = archive.invite(&admin, &"hr".parse()?).await?;
    assert!(door.lasts(&token).await, "a link that is not used changes nothing");
    archive.redeem(link.token.reveal(), OTHER, word(HOME)).await?;
    assert!(!door.lasts(&token).await);
    assert!(door.try_with("hr", OTHER, Some("000000"), HOME).await.is_err(), "the second factor stays");
    assert!(door.try_with("hr", OTHER, Some(&codes[0]), HOME).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn links_are_given_by_administrators_to_others() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let (hr, admin) = (door.test.as_user("hr").await?, door.test.as_user("admin").await?);
    assert_eq!(archive.invite(&hr, &"li".parse()?).await.unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(archive.invite(&hr, &"nobody".parse()?).await.unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(archive.invite(&admin, &"admin".parse()?).await.unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(archive.invite(&admin, &"nobody".parse()?).await.unwrap_err().kind(), ErrorKind::NotFound);
    let link = archive.invite(&admin, &"li".parse()?).await?;
    archive.suspend_user(&admin, &"li".parse()?, true).await?;
    assert!(archive.redeem(link.token.reveal(), PASSWORD, word(HOME)).await.is_err());
    Ok(())
}

/// R2: a fresh archive lets nobody in; one link makes the first administrator, and there is no second.
#[tokio::test]
async fn the_first_link_makes_the_first_administrator_and_then_there_is_none() -> TestResult {
    let test = TestArchive::new().await?;
    let older = test.archive.first_administrator_link(word("server")).await?.ok_or("no link")?;
    let link = test.archive.first_administrator_link(word("server")).await?.ok_or("no link")?;
    let (older, link) = (older.token.reveal(), link.token.reveal());
    assert!(test.archive.link(older, word(HOME)).await.is_err(), "replaced");
    assert_eq!(test.archive.link(link, word(HOME)).await?, LinkFor::FirstAdministrator);
    assert!(test.archive.redeem(link, PASSWORD, word(HOME)).await.is_err(), "it is nobody's password");
    let taken = test.archive.redeem_first(link, first("hr", PASSWORD), word(HOME)).await;
    assert_eq!(taken.unwrap_err().kind(), ErrorKind::Conflict);
    let poor = test.archive.redeem_first(link, first("wang", "short"), word(HOME)).await;
    assert_eq!(poor.unwrap_err().kind(), ErrorKind::Invalid);
    test.archive.redeem_first(link, first("wang", PASSWORD), word(HOME)).await?;
    let door = Door { test };
    door.enter("wang").await?;
    let again = door.test.archive.redeem_first(link, first("zhao", PASSWORD), word(HOME)).await;
    assert_eq!(format!("{:?}", again.unwrap_err()), "LinkSpent");
    assert!(door.test.archive.first_administrator_link(word("server")).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn the_first_link_is_good_no_longer_once_somebody_can_sign_in() -> TestResult {
    let test = TestArchive::new().await?;
    let link = test.archive.first_administrator_link(word("server")).await?.ok_or("no link")?;
    test.give_password("hr", PASSWORD).await?;
    let late = test.archive.redeem_first(link.token.reveal(), first("wang", PASSWORD), word(HOME)).await;
    assert_eq!(format!("{:?}", late.unwrap_err()), "LinkSpent");
    Ok(())
}

#[tokio::test]
async fn the_first_administrator_may_be_one_whom_the_command_line_made() -> TestResult {
    let test = TestArchive::new().await?;
    let link = test.archive.first_administrator_link(word("server")).await?.ok_or("no link")?;
    let user = test.archive.redeem_first(link.token.reveal(), first("admin", PASSWORD), word(HOME)).await?;
    let door = Door { test };
    let ctx = door.resume(&door.enter("admin").await?).await?;
    assert_eq!(ctx.actor().user().map(|user| user.id), Some(user.id));
    Ok(())
}
