//! What is kept of how people sign in: written once, read by every later version.

use std::{fs, path::PathBuf};

use dossier_access::{TokenScope, Word};
use dossier_archive::{Archive, NewToken, SignIn, SignInRules, SignedIn};
use dossier_domain::{Clock, text::Line};
use dossier_testkit::{Golden, TestArchive, TestResult};
use serde::{Deserialize, Serialize};

const PASSWORD: &str = "kurz und gut genug";

/// The stored bytes, and what people and programs hold to them.
#[derive(Serialize, Deserialize)]
struct WithSecrets {
    archive: Golden,
    session: String,
    challenge: String,
    token: String,
    invitation: String,
    recovery_code: String,
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/archive/v1-signing-in.json")
}

async fn sign_in(archive: &Archive, login: &str, code: Option<&str>, from: &str) -> TestResult<SignedIn> {
    let origin = Word::parse(from)?;
    Ok(archive.sign_in(SignIn { login, password: PASSWORD, code, origin }).await?)
}

async fn session(archive: &Archive, login: &str) -> TestResult<String> {
    match sign_in(archive, login, None, "192.0.2.1").await? {
        SignedIn::Session(session) => Ok(session.token.reveal().to_owned()),
        SignedIn::CodeNeeded { .. } => Err("a code is needed".into()),
    }
}

/// As [`super::write_golden`], which came before there was signing in.
#[tokio::test]
#[ignore = "writes the golden file of a new version"]
async fn write_golden() -> TestResult {
    assert!(!file().exists(), "a golden file is never changed");
    let test = TestArchive::new().await?;
    for login in ["admin", "hr", "checker"] {
        test.give_password(login, PASSWORD).await?;
    }
    let admin = test.as_user("admin").await?;
    let rules = SignInRules { idle_minutes: 20, longest_hours: 10, second_factor: false };
    test.archive.change_sign_in_rules(&admin, rules).await?;
    let origin = || Word::parse("192.0.2.1");

    let first = test.archive.resume(&session(&test.archive, "hr").await?, origin()?).await?;
    let offer = test.archive.begin_second_factor(&first, PASSWORD).await?;
    let secret = super::super::signing_in::from_base32(&offer.secret)?;
    let on = test.archive.confirm_second_factor(&first, &secret.code(test.clock.now())).await?;
    let SignedIn::CodeNeeded { challenge, .. } = sign_in(&test.archive, "hr", None, "192.0.2.1").await?
    else {
        return Err("no code was asked for".into());
    };
    let new = NewToken { name: Line::parse("报表")?, scopes: TokenScope::Read.into(), days: None };
    let made = test.archive.make_token(&test.as_user("hr").await?, new).await?;
    test.archive.resume_token(made.token.reveal(), origin()?).await?;
    let invitation = test.archive.invite(&admin, &"li".parse()?).await?;
    for _ in 0..5 {
        let wrong =
            SignIn { login: "checker", password: "wrong", code: None, origin: Word::parse("192.0.2.9")? };
        assert!(test.archive.sign_in(wrong).await.is_err());
    }
    // Somebody who has begun to set up a second factor.
    let session = session(&test.archive, "admin").await?;
    let ctx = test.archive.resume(&session, origin()?).await?;
    test.archive.begin_second_factor(&ctx, PASSWORD).await?;

    let golden = WithSecrets {
        session,
        challenge: challenge.reveal().to_owned(),
        token: made.token.reveal().to_owned(),
        invitation: invitation.token.reveal().to_owned(),
        recovery_code: on.recovery_codes[0].clone(),
        archive: test.to_golden().await?,
    };
    fs::write(file(), serde_json::to_string_pretty(&golden)?)?;
    Ok(())
}

#[tokio::test]
async fn what_version_1_kept_of_signing_in_is_good_still() -> TestResult {
    let golden: WithSecrets = serde_json::from_str(&fs::read_to_string(file())?)?;
    let test = TestArchive::from_golden(&golden.archive).await?;
    let archive = &test.archive;
    let origin = || Word::parse("192.0.2.1");
    let rules = archive.sign_in_rules().await?;
    assert_eq!(rules, SignInRules { idle_minutes: 20, longest_hours: 10, second_factor: false });

    let ctx = archive.resume(&golden.session, origin()?).await?;
    assert_eq!(ctx.actor().user().map(|user| user.login.as_str()), Some("admin"));
    assert_eq!(archive.sessions(&ctx).await?.len(), 1);
    let states = archive.sign_in_states(&ctx).await?;
    let of = |login: &str| states.iter().find(|state| state.user.login.as_str() == login);
    assert!(of("checker").is_some_and(|state| state.locked_until.is_some()));
    assert!(of("hr").is_some_and(|state| state.second_factor_since.is_some()));
    assert!(of("li").is_some_and(|state| state.invited_until.is_some()));
    assert!(sign_in(archive, "checker", None, "192.0.2.9").await.is_err(), "locked");
    assert!(sign_in(archive, "checker", None, "192.0.2.1").await.is_err(), "locked for every strange place");

    let ctx = archive.resume_token(&golden.token, origin()?).await?;
    assert_eq!(ctx.actor().user().map(|user| user.login.as_str()), Some("hr"));
    let done = archive.answer_challenge(&golden.challenge, &golden.recovery_code, origin()?).await?;
    assert!(matches!(done, SignedIn::Session(of) if of.recovery_codes_left == Some(9)));
    archive.redeem(&golden.invitation, PASSWORD, origin()?).await?;
    assert!(!session(archive, "li").await?.is_empty());
    Ok(())
}
