//! Codes, each good once, and what is possible without them where they are demanded.

use dossier_access::Token;
use dossier_archive::{ErrorKind, SearchRequest, SignInRules, SignedIn};
use dossier_domain::{ApplicationId, Clock};
use dossier_testkit::TestResult;

use super::door::{Door, HOME, PASSWORD, from_base32, word};

/// The challenge that a right password meets.
async fn challenge(door: &Door) -> TestResult<Token> {
    match door.try_with("hr", PASSWORD, None, HOME).await? {
        SignedIn::CodeNeeded { challenge, .. } => Ok(challenge),
        SignedIn::Session(_) => Err("no code was asked for".into()),
    }
}

async fn answer(door: &Door, challenge: &Token, code: &str) -> TestResult<Token> {
    match door.test.archive.answer_challenge(challenge.reveal(), code, word(HOME)).await? {
        SignedIn::Session(session) => Ok(session.token),
        SignedIn::CodeNeeded { .. } => Err("a code is needed still".into()),
    }
}

#[tokio::test]
async fn with_a_second_factor_a_password_alone_begins_no_session() -> TestResult {
    let door = Door::new().await?;
    let (secret, ..) = door.second_factor("hr").await?;
    door.advance(1);
    let challenge = challenge(&door).await?;
    assert!(door.test.archive.resume(challenge.reveal(), word(HOME)).await.is_err());
    let token = answer(&door, &challenge, &secret.code(door.test.clock.now())).await?;
    assert!(door.lasts(&token).await);
    // The challenge is used up, and so is the code.
    door.advance(1);
    let code = secret.code(door.test.clock.now());
    let again = door.test.archive.answer_challenge(challenge.reveal(), &code, word(HOME)).await;
    assert_eq!(format!("{:?}", again.unwrap_err()), "SessionEnded");
    Ok(())
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_minute_and_a_half() -> TestResult {
    let door = Door::new().await?;
    let (secret, ..) = door.second_factor("hr").await?;
    let set_up_with = secret.code(door.test.clock.now());
    assert!(door.try_with("hr", PASSWORD, Some(&set_up_with), HOME).await.is_err(), "used to set up");
    door.advance(1);
    let code = secret.code(door.test.clock.now());
    assert!(door.try_with("hr", PASSWORD, Some(&code), HOME).await.is_ok());
    assert!(door.try_with("hr", PASSWORD, Some(&code), HOME).await.is_err(), "replayed");
    let challenge = challenge(&door).await?;
    assert!(answer(&door, &challenge, &code).await.is_err(), "replayed in the other place");
    door.advance(2);
    assert!(door.try_with("hr", PASSWORD, Some(&code), HOME).await.is_err(), "old");
    assert!(door.denials().await?.iter().all(|reason| reason == "wrong_code"));
    Ok(())
}

#[tokio::test]
async fn one_code_sent_twice_at_once_is_good_once() -> TestResult {
    let door = Door::new().await?;
    let (secret, ..) = door.second_factor("hr").await?;
    door.advance(1);
    let code = secret.code(door.test.clock.now());
    let both = tokio::join!(
        door.try_with("hr", PASSWORD, Some(&code), HOME),
        door.try_with("hr", PASSWORD, Some(&code), HOME)
    );
    assert_eq!([both.0.is_ok(), both.1.is_ok()].iter().filter(|ok| **ok).count(), 1);
    Ok(())
}

#[tokio::test]
async fn one_challenge_answered_twice_at_once_is_good_once() -> TestResult {
    let door = Door::new().await?;
    let (_, codes, _) = door.second_factor("hr").await?;
    let challenge = challenge(&door).await?;
    let answer = |code| door.test.archive.answer_challenge(challenge.reveal(), code, word(HOME));
    let both = tokio::join!(answer(&codes[0]), answer(&codes[1]));
    let errors: Vec<_> = [both.0.err(), both.1.err()].into_iter().flatten().collect();
    assert_eq!(format!("{errors:?}"), "[SessionEnded]");
    Ok(())
}

#[tokio::test]
async fn guessing_codes_locks_however_often_the_password_is_given() -> TestResult {
    let door = Door::new().await?;
    let (secret, ..) = door.second_factor("hr").await?;
    for _ in 0..5 {
        let challenge = challenge(&door).await?;
        assert!(answer(&door, &challenge, "000000").await.is_err());
    }
    assert!(door.try_with("hr", PASSWORD, None, HOME).await.is_err(), "locked");
    door.advance(15);
    let code = secret.code(door.test.clock.now());
    assert!(door.try_with("hr", PASSWORD, Some(&code), HOME).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_challenge_lasts_five_minutes_and_the_newest_alone_is_good() -> TestResult {
    let door = Door::new().await?;
    let (secret, ..) = door.second_factor("hr").await?;
    let (older, newer) = (challenge(&door).await?, challenge(&door).await?);
    door.advance(1);
    assert!(answer(&door, &older, &secret.code(door.test.clock.now())).await.is_err());
    door.advance(4);
    assert!(answer(&door, &newer, &secret.code(door.test.clock.now())).await.is_err());
    Ok(())
}

#[tokio::test]
async fn each_of_ten_recovery_codes_is_good_once() -> TestResult {
    let door = Door::new().await?;
    let (_, codes, _) = door.second_factor("hr").await?;
    assert_eq!(codes.len(), 10);
    for (used, code) in codes.iter().enumerate() {
        let typed = code.to_lowercase();
        let SignedIn::Session(session) = door.try_with("hr", PASSWORD, Some(&typed), HOME).await? else {
            return Err("a code is needed".into());
        };
        assert_eq!(session.recovery_codes_left, Some(9 - used));
        assert!(door.try_with("hr", PASSWORD, Some(code), HOME).await.is_err(), "used twice");
    }
    assert_eq!(door.log("use_recovery_code").await?.len(), 10);
    Ok(())
}

#[tokio::test]
async fn new_recovery_codes_replace_the_old_ones() -> TestResult {
    let door = Door::new().await?;
    let (_, old, token) = door.second_factor("hr").await?;
    let ctx = door.resume(&token).await?;
    assert!(door.test.archive.renew_recovery_codes(&ctx, "wrong").await.is_err());
    let new = door.test.archive.renew_recovery_codes(&ctx, PASSWORD).await?.recovery_codes;
    assert!(door.try_with("hr", PASSWORD, Some(&old[0]), HOME).await.is_err());
    assert!(door.try_with("hr", PASSWORD, Some(&new[0]), HOME).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn setting_up_needs_the_password_a_code_and_not_too_much_time() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let ctx = door.resume(&door.enter("hr").await?).await?;
    assert!(archive.begin_second_factor(&ctx, "wrong").await.is_err());
    assert_eq!(
        archive.confirm_second_factor(&ctx, "000000").await.err().map(|e| e.kind()),
        Some(ErrorKind::Invalid)
    );
    let offer = archive.begin_second_factor(&ctx, PASSWORD).await?;
    assert!(offer.uri.contains(&offer.secret));
    assert_eq!(
        archive.confirm_second_factor(&ctx, "000000").await.err().map(|e| e.kind()),
        Some(ErrorKind::Invalid)
    );
    door.enter("hr").await?; // an offer that was not confirmed asks for nothing
    let (_, _, token) = door.second_factor("hr").await?;
    let ctx = door.resume(&token).await?;
    assert_eq!(
        archive.begin_second_factor(&ctx, PASSWORD).await.err().map(|e| e.kind()),
        Some(ErrorKind::Invalid)
    );
    let account = archive.own_account(&ctx).await?;
    assert_eq!((account.recovery_codes_left, account.second_factor_since.is_some()), (10, true));
    Ok(())
}

#[tokio::test]
async fn it_is_turned_off_with_the_password_or_taken_away_by_an_administrator() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let (_, _, token) = door.second_factor("hr").await?;
    let ctx = door.resume(&token).await?;
    assert!(archive.turn_off_second_factor(&ctx, "wrong").await.is_err());
    let renewed = archive.turn_off_second_factor(&ctx, PASSWORD).await?.ok_or("no token")?;
    assert!(door.lasts(&renewed).await && !door.lasts(&token).await);
    door.enter("hr").await?;

    let (_, _, token) = door.second_factor("hr").await?;
    let hr = door.resume(&token).await?;
    assert_eq!(archive.reset_second_factor(&hr, &"hr".parse()?).await.unwrap_err().kind(), ErrorKind::Denied);
    let admin = door.test.as_user("admin").await?;
    archive.reset_second_factor(&admin, &"hr".parse()?).await?;
    assert!(!door.lasts(&token).await);
    door.enter("hr").await?;
    Ok(())
}

/// R1: where two factors are demanded, a session of a password alone is refused everything, in the same words whether
/// there is something or not, until the second factor is set up in it.
#[tokio::test]
async fn where_it_is_demanded_a_password_alone_opens_nothing() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let connection = door.test.connection().await?;
    door.test.ingest(&connection, 3).await?;
    let token = door.enter("hr").await?;
    let hits = archive.search(&door.resume(&token).await?, SearchRequest::default()).await?.hits.hits;
    let admin = door.test.as_user("admin").await?;
    let rules = SignInRules { second_factor: true, ..SignInRules::default() };
    archive.change_sign_in_rules(&admin, rules).await?;

    let ctx = door.resume(&token).await?;
    let refused = archive.search(&ctx, SearchRequest::default()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Denied);
    let there = archive.show(&ctx, hits[0].application).await.unwrap_err();
    let absent = archive.show(&ctx, ApplicationId::from_bytes([9; 16])).await.unwrap_err();
    assert_eq!(format!("{there:?}"), "Denied(SecondFactorMissing)");
    assert_eq!(format!("{absent:?}"), format!("{there:?}"));
    assert!(archive.sessions(&ctx).await.is_err() && archive.tokens(&ctx).await.is_err());
    assert!(archive.change_password(&ctx, PASSWORD, "another good password").await.is_err());

    let session = door.session("hr", HOME).await?;
    assert!(session.second_factor_missing);
    let (_, _, renewed) = door.second_factor("hr").await?;
    assert!(archive.search(&door.resume(&renewed).await?, SearchRequest::default()).await.is_ok());
    let off = archive.turn_off_second_factor(&door.resume(&renewed).await?, PASSWORD).await?;
    let ctx = door.resume(&off.ok_or("no token")?).await?;
    assert!(archive.search(&ctx, SearchRequest::default()).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_wrong_first_code_leaves_the_offer_to_who_has_it() -> TestResult {
    let door = Door::new().await?;
    let ctx = door.resume(&door.enter("hr").await?).await?;
    let archive = &door.test.archive;
    assert!(archive.offered_second_factor(&ctx, "").await?.is_none(), "nothing was offered");
    let offer = archive.begin_second_factor(&ctx, PASSWORD).await?;
    assert!(archive.confirm_second_factor(&ctx, "000000").await.is_err());
    let again = archive.offered_second_factor(&ctx, &offer.secret).await?.ok_or("no offer")?;
    assert_eq!((&again.uri, again.expires_at), (&offer.uri, offer.expires_at));
    assert!(archive.offered_second_factor(&ctx, "A".repeat(32).as_str()).await?.is_none(), "a guess");
    let checker = door.resume(&door.enter("checker").await?).await?;
    assert!(archive.offered_second_factor(&checker, &offer.secret).await?.is_none(), "somebody else's");

    let code = from_base32(&offer.secret)?.code(door.test.clock.now());
    let typed = format!("{} {}", &code[..3], &code[3..]);
    archive.confirm_second_factor(&ctx, &typed).await?;
    door.advance(1);
    let code = from_base32(&offer.secret)?.code(door.test.clock.now());
    let wide: String = code.chars().filter_map(|digit| char::from_u32(u32::from(digit) + 0xFEE0)).collect();
    assert!(door.try_with("hr", PASSWORD, Some(&wide), HOME).await.is_ok(), "full-width digits");

    let offer = archive.begin_second_factor(&checker, PASSWORD).await?;
    door.advance(15);
    assert!(archive.offered_second_factor(&checker, &offer.secret).await?.is_none(), "too late");
    Ok(())
}
