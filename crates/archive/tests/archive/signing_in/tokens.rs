//! Tokens: what their owner may, within their scopes, until they end.

use dossier_access::{Role, RoleSet, TokenScope, TokenScopes};
use dossier_archive::{ErrorKind, MadeToken, NewToken, SearchRequest};
use dossier_domain::text::{Line, TagName};
use dossier_testkit::TestResult;

use super::door::{Door, HOME, PASSWORD, word};

async fn make(door: &Door, login: &str, scopes: &[TokenScope]) -> TestResult<MadeToken> {
    let ctx = door.resume(&door.enter(login).await?).await?;
    let new = NewToken {
        name: Line::parse("报表")?,
        scopes: TokenScopes::new(scopes.iter().copied())?,
        days: None,
    };
    Ok(door.test.archive.make_token(&ctx, new).await?)
}

async fn is_good(door: &Door, made: &MadeToken) -> bool {
    door.test.archive.resume_token(made.token.reveal(), word(HOME)).await.is_ok()
}

#[tokio::test]
async fn a_token_does_what_its_scopes_include() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let connection = door.test.connection().await?;
    door.test.ingest(&connection, 3).await?;
    let read = make(&door, "hr", &[TokenScope::Read]).await?;
    let ctx = archive.resume_token(read.token.reveal(), word(HOME)).await?;
    let hit = archive.search(&ctx, SearchRequest::default()).await?.hits.hits.swap_remove(0);
    archive.show(&ctx, hit.application).await?;
    let tag = [TagName::parse("高潜力")?];
    let refused = archive.tag(&ctx, &[hit.application], &tag, &[]).await.unwrap_err();
    assert_eq!(format!("{refused:?}"), "Denied(OutsideToken)");

    let write = make(&door, "hr", &[TokenScope::Write]).await?;
    let ctx = archive.resume_token(write.token.reveal(), word(HOME)).await?;
    archive.tag(&ctx, &[hit.application], &tag, &[]).await?;
    assert!(archive.show(&ctx, hit.application).await?.materials.is_empty());
    assert_eq!(archive.search(&ctx, SearchRequest::default()).await.unwrap_err().kind(), ErrorKind::Denied);

    let sync = make(&door, "hr", &[TokenScope::Sync, TokenScope::Log]).await?;
    let ctx = archive.resume_token(sync.token.reveal(), word(HOME)).await?;
    assert_eq!(archive.show(&ctx, hit.application).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(archive.log_checkpoint(&ctx).await.unwrap_err().kind(), ErrorKind::Denied, "not hr's duty");
    Ok(())
}

#[tokio::test]
async fn a_token_does_nothing_to_its_owners_account() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let made = make(&door, "admin", &TokenScope::ALL).await?;
    let ctx = archive.resume_token(made.token.reveal(), word(HOME)).await?;
    archive.users(&ctx).await?;
    let kinds = [
        archive.tokens(&ctx).await.map(drop),
        archive.sessions(&ctx).await.map(drop),
        archive.change_password(&ctx, PASSWORD, "another good password").await.map(drop),
        archive.begin_second_factor(&ctx, PASSWORD).await.map(drop),
        archive.revoke_token(&ctx, made.view.id).await,
        archive.invite(&ctx, &"hr".parse()?).await.map(drop),
    ]
    .map(|refused| refused.unwrap_err().kind());
    assert_eq!(kinds, [ErrorKind::Denied; 6]);
    Ok(())
}

#[tokio::test]
async fn a_token_ends_with_its_time_when_revoked_and_while_its_owner_is_suspended() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let made = make(&door, "hr", &[TokenScope::Read]).await?;
    assert!(is_good(&door, &made).await);
    let admin = door.test.as_user("admin").await?;
    archive.suspend_user(&admin, &"hr".parse()?, true).await?;
    assert!(!is_good(&door, &made).await);
    archive.suspend_user(&admin, &"hr".parse()?, false).await?;
    assert!(is_good(&door, &made).await);
    archive.set_roles(&admin, &"hr".parse()?, RoleSet::from(Role::Interviewer)).await?;
    let ctx = archive.resume_token(made.token.reveal(), word(HOME)).await?;
    assert_eq!(ctx.actor().roles(), [Role::Interviewer].into(), "with the rights of the moment");

    let other = make(&door, "checker", &[TokenScope::Read]).await?;
    let checker = door.test.as_user("checker").await?;
    assert_eq!(archive.revoke_token(&checker, made.view.id).await.unwrap_err().kind(), ErrorKind::NotFound);
    archive.revoke_token(&checker, other.view.id).await?;
    assert!(!is_good(&door, &other).await);
    door.advance(90 * 24 * 60 - 1);
    assert!(is_good(&door, &made).await);
    door.advance(1);
    assert!(!is_good(&door, &made).await);
    door.advance(-100 * 24 * 60);
    assert!(!is_good(&door, &made).await, "clock set back");
    Ok(())
}

#[tokio::test]
async fn tokens_are_listed_with_their_last_use_and_bounded() -> TestResult {
    let door = Door::new().await?;
    let archive = &door.test.archive;
    let made = make(&door, "hr", &[TokenScope::Read]).await?;
    let hr = door.test.as_user("hr").await?;
    assert_eq!(archive.tokens(&hr).await?, std::slice::from_ref(&made.view));
    archive.resume_token(made.token.reveal(), word("198.51.100.1")).await?;
    let used = &archive.tokens(&hr).await?[0];
    assert!(used.used_at.is_some() && used.used_from == Some(word("198.51.100.1")));
    for (days, is_allowed) in [(0, false), (1, true), (366, true), (367, false)] {
        let new = NewToken { name: Line::parse("x")?, scopes: TokenScope::Read.into(), days: Some(days) };
        assert_eq!(archive.make_token(&hr, new).await.is_ok(), is_allowed, "{days}");
    }
    Ok(())
}

#[tokio::test]
async fn a_session_is_no_token_and_a_token_no_session() -> TestResult {
    let door = Door::new().await?;
    let made = make(&door, "hr", &[TokenScope::Read]).await?;
    assert!(door.test.archive.resume(made.token.reveal(), word(HOME)).await.is_err());
    let session = door.enter("hr").await?;
    assert!(door.test.archive.resume_token(session.reveal(), word(HOME)).await.is_err());
    Ok(())
}

/// What a program did is found in the log by the token's hash, which the log names when the token is made.
#[tokio::test]
async fn the_log_tells_which_token_was_used() -> TestResult {
    let door = Door::new().await?;
    let made = make(&door, "hr", &[TokenScope::Read]).await?;
    let ctx = door.test.archive.resume_token(made.token.reveal(), word(HOME)).await?;
    door.test.archive.search(&ctx, SearchRequest::default()).await?;
    let entry = door.log("make_token").await?.pop().ok_or("not logged")?;
    let search = door.log("search").await?.pop().ok_or("not logged")?;
    let digest = search.session.ok_or("no session")?.to_string();
    assert!(entry.objects.contains(&word(&digest)) && entry.objects.contains(&made.view.id.into()));
    Ok(())
}
