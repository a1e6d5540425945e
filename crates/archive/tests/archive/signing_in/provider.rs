//! The bank's own login: whom it lets in, and that nothing is believed that it has not said to us, now.

use std::sync::Arc;

use dossier_access::{Context, Pass, Token, log::Outcome};
use dossier_archive::{Arrived, Departure, Error, NewSession, ProviderSettings, SignInRules, SignedIn};
use dossier_domain::{Clock, text::Login};
use dossier_simulator::{LoginProvider, SignedBy, Statement};
use dossier_testkit::{TestArchive, TestResult};
use serde_json::{Value, json};

use super::door::{Door, HOME, PASSWORD, from_base32, word};

/// An archive that knows a login, and somebody's browser.
struct Branch {
    door: Door,
    login: LoginProvider,
}

impl Branch {
    async fn new(change: impl FnOnce(&mut ProviderSettings)) -> TestResult<Self> {
        let mut test = TestArchive::new().await?;
        let login = LoginProvider::start(Arc::clone(&test.clock) as Arc<dyn Clock>).await?;
        login.sign_in_as("subject-of-hr", "hr");
        test.set_provider(&login, change)?;
        for login in ["admin", "checker", "auditor"] {
            test.give_password(login, PASSWORD).await?;
        }
        Ok(Self { door: Door { test }, login })
    }

    async fn leave(&self) -> TestResult<Departure> {
        Ok(self.door.test.archive.depart(word(HOME)).await?)
    }

    /// Follows the link to the provider and comes back with what it sends along.
    fn brought(&self, departure: &Departure) -> TestResult<Arrived> {
        let back = self.login.follow(&departure.url).ok_or("the provider refuses the request")?;
        let of = |name: &str| {
            let found = back.query_pairs().find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned())
        };
        Ok(Arrived {
            kept: departure.kept.clone(),
            state: of("state").unwrap_or_default(),
            code: of("code").unwrap_or_default(),
            issuer: of("iss"),
        })
    }

    async fn arrive(&self, arrived: &Arrived) -> Result<SignedIn, Error> {
        self.door.test.archive.arrive(arrived, word(HOME)).await
    }

    async fn sign_in(&self) -> TestResult<Result<SignedIn, Error>> {
        let arrived = self.brought(&self.leave().await?)?;
        Ok(self.arrive(&arrived).await)
    }

    async fn session(&self) -> TestResult<NewSession> {
        match self.sign_in().await?? {
            SignedIn::Session(session) => Ok(session),
            SignedIn::CodeNeeded { .. } => Err("a code is needed".into()),
        }
    }

    async fn resume(&self, token: &Token) -> Result<Context, Error> {
        self.door.resume(token).await
    }

    /// Why nobody was let in the last time.
    async fn reason(&self) -> TestResult<String> {
        Ok(self.door.denials().await?.pop().unwrap_or_default())
    }
}

#[track_caller]
fn is_refused(outcome: &Result<SignedIn, Error>) {
    assert!(matches!(outcome, Err(Error::ProviderSignIn)), "{outcome:?}");
}

#[tokio::test]
async fn whoever_the_provider_lets_in_is_the_user_of_that_name_with_the_roles_from_here() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    let session = branch.session().await?;
    let ctx = branch.resume(&session.token).await?;
    assert_eq!(ctx.actor().user().map(|user| user.login.as_str()), Some("hr"));
    let views = branch.door.test.archive.sessions(&ctx).await?;
    assert!(views[0].by_provider && !views[0].second_factor);
    let records = branch.door.log("sign_in").await?;
    let [record] = &records[..] else { return Err(format!("{records:#?}").into()) };
    assert_eq!(record.reason.as_ref().map(|reason| reason.as_str()), Some("by_provider"));
    assert_eq!(record.session, Some(session.token.digest()));
    assert_eq!(branch.door.log("bind_provider").await?.len(), 1);
    // The second time says nothing of a binding; signing out ends the session as any.
    branch.session().await?;
    assert_eq!(branch.door.log("bind_provider").await?.len(), 1);
    branch.door.test.archive.sign_out(&ctx).await?;
    assert!(matches!(branch.resume(&session.token).await, Err(Error::SessionEnded)));
    Ok(())
}

#[tokio::test]
async fn who_is_not_set_up_here_or_suspended_hears_the_same() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    let admin = branch.door.test.as_user("admin").await?;
    branch.door.test.archive.suspend_user(&admin, &"checker".parse()?, true).await?;
    for (subject, login, reason) in
        [("s1", "nobody", "unknown_user"), ("s2", "checker", "suspended"), ("s3", "", "unknown_user")]
    {
        branch.login.sign_in_as(subject, login);
        is_refused(&branch.sign_in().await?);
        assert_eq!(branch.reason().await?, reason);
    }
    Ok(())
}

#[tokio::test]
async fn a_sign_in_name_that_somebody_else_gets_does_not_let_them_in() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    let first = branch.session().await?;
    branch.login.sign_in_as("another-subject", "hr");
    is_refused(&branch.sign_in().await?);
    assert_eq!(branch.reason().await?, "other_subject");
    // Who has married is still who they are.
    branch.login.sign_in_as("subject-of-hr", "another-name");
    branch.session().await?;

    let (admin, hr) = (branch.door.test.as_user("admin").await?, Login::parse("hr")?);
    branch.door.test.archive.release_from_provider(&admin, &hr).await?;
    assert!(matches!(branch.resume(&first.token).await, Err(Error::SessionEnded)));
    is_refused(&branch.sign_in().await?);
    assert_eq!(branch.reason().await?, "unknown_user", "the other name is nobody's here");
    branch.login.sign_in_as("another-subject", "hr");
    branch.session().await?;
    let own = Login::parse("admin")?;
    assert!(branch.door.test.archive.release_from_provider(&admin, &own).await.is_err());
    Ok(())
}

type Lie = fn(&mut Statement);

fn set(statement: &mut Statement, claim: &str, value: Value) {
    statement.claims.insert(claim.to_owned(), value);
}

fn claimed(statement: &Statement, claim: &str) -> i64 {
    statement.claims[claim].as_i64().unwrap()
}

const LIES: &[(&str, Lie)] = &[
    ("token_nonce", |of| set(of, "nonce", json!("of another attempt"))),
    ("token_nonce", |of| drop(of.claims.remove("nonce"))),
    ("token_audience", |of| set(of, "aud", json!("another program"))),
    ("token_audience", |of| set(of, "aud", json!(["dossier", "another program"]))),
    ("token_audience", |of| set(of, "azp", json!("another program"))),
    ("token_issuer", |of| set(of, "iss", json!("https://login.evil.example"))),
    ("token_expired", |of| set(of, "exp", json!(claimed(of, "iat") - 61))),
    ("token_expired", |of| set(of, "iat", json!(claimed(of, "iat") - 3600))),
    ("token_expired", |of| set(of, "iat", json!(claimed(of, "iat") + 3600))),
    ("token_expired", |of| set(of, "nbf", json!(claimed(of, "iat") + 3600))),
    ("token_subject", |of| set(of, "sub", json!(""))),
    ("token_malformed", |of| drop(of.claims.remove("sub"))),
    ("token_malformed", |of| set(of, "exp", json!("tomorrow"))),
    ("token_malformed", |of| set(of, "exp", json!(-1))),
    ("token_signature", |of| of.signed_by = SignedBy::Stranger),
    ("token_signature", |of| of.signed_by = SignedBy::Nobody),
    ("token_algorithm", |of| {
        of.header.insert("alg".to_owned(), json!("none"));
        of.signed_by = SignedBy::Nobody;
    }),
    ("token_algorithm", |of| {
        of.header.insert("alg".to_owned(), json!("HS256"));
        of.signed_by = SignedBy::PublicKey;
    }),
    ("token_algorithm", |of| drop(of.header.insert("crit".to_owned(), json!(["exp"])))),
    ("token_unknown_key", |of| drop(of.header.insert("kid".to_owned(), json!("another")))),
    ("token_unknown_key", |of| drop(of.header.insert("alg".to_owned(), json!("RS256")))),
];

#[tokio::test]
async fn no_token_is_believed_that_is_not_the_providers_for_us_and_for_this_attempt() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    for (number, (reason, lie)) in LIES.iter().enumerate() {
        branch.login.lie(*lie);
        is_refused(&branch.sign_in().await?);
        assert_eq!(branch.reason().await?, *reason, "lie {number}");
        // A place from which so much fails would have to wait.
        branch.door.advance(61);
    }
    branch.login.be_honest();
    branch.session().await?;
    Ok(())
}

#[tokio::test]
async fn an_attempt_is_good_once_in_its_own_browser_and_for_ten_minutes() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    branch.login.forget_used_codes(true);
    let arrived = branch.brought(&branch.leave().await?)?;
    let other = branch.leave().await?;
    let (wrong_state, stolen) = (
        Arrived { state: "x".repeat(64), ..arrived.clone() },
        Arrived { kept: other.kept.clone(), ..arrived.clone() },
    );
    let (_, token) = arrived.kept.split_once('.').map(|(token, time)| (time, token)).ok_or("no time")?;
    let later = Arrived { kept: format!("{token}.9999999999"), ..arrived.clone() };
    for wrong in [wrong_state, stolen, later, Arrived::default()] {
        is_refused(&branch.arrive(&wrong).await);
        assert_eq!(branch.reason().await?, "provider_state");
    }
    let elsewhere = Arrived { issuer: Some("https://login.evil.example".to_owned()), ..arrived.clone() };
    is_refused(&branch.arrive(&elsewhere).await);
    assert_eq!(branch.reason().await?, "token_issuer");
    is_refused(&branch.arrive(&Arrived { code: String::new(), ..arrived.clone() }).await);
    assert_eq!(branch.reason().await?, "provider_refused");

    assert!(matches!(branch.arrive(&arrived).await?, SignedIn::Session(_)));
    // This provider takes its code twice; the attempt is spent all the same.
    is_refused(&branch.arrive(&arrived).await);
    assert_eq!(branch.reason().await?, "provider_replayed");
    branch.login.forget_used_codes(false);
    is_refused(&branch.arrive(&arrived).await);
    assert_eq!(branch.reason().await?, "provider_refused");

    let late = branch.brought(&branch.leave().await?)?;
    branch.door.advance(10);
    is_refused(&branch.arrive(&late).await);
    assert_eq!(branch.reason().await?, "provider_state");
    Ok(())
}

#[tokio::test]
async fn a_provider_that_is_away_is_told_of_and_locks_nobody_out() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    let arrived = branch.brought(&branch.leave().await?)?;
    branch.login.go_down(true);
    for _ in 0..30 {
        assert!(matches!(branch.arrive(&arrived).await, Err(Error::ProviderUnavailable)));
    }
    assert_eq!(branch.reason().await?, "provider_unavailable");
    branch.door.enter("admin").await?;
    branch.login.go_down(false);
    assert!(matches!(branch.arrive(&arrived).await?, SignedIn::Session(_)));
    Ok(())
}

#[tokio::test]
async fn new_keys_are_found_without_anybody_here_and_a_flood_of_unknown_ones_asks_for_nothing() -> TestResult
{
    let branch = Branch::new(|_| {}).await?;
    branch.session().await?;
    branch.door.advance(2);
    branch.login.rotate("second")?;
    branch.session().await?;
    branch.login.lie(|of| drop(of.header.insert("kid".to_owned(), json!("unknown"))));
    let before = branch.login.requests();
    for _ in 0..10 {
        is_refused(&branch.sign_in().await?);
    }
    // Each attempt brings its code; description and keys are read no more, being a minute old at most.
    assert_eq!(branch.login.requests() - before, 10);
    Ok(())
}

#[tokio::test]
async fn the_providers_word_counts_as_two_factors_only_where_the_bank_says_so() -> TestResult {
    let demanded = SignInRules { second_factor: true, ..SignInRules::default() };
    for (values, said, is_full) in [
        (vec![], json!(["mfa"]), false),
        (vec!["mfa"], json!(["pwd"]), false),
        (vec!["mfa"], json!(["pwd", "mfa"]), true),
        (vec!["*"], json!([]), true),
    ] {
        let branch =
            Branch::new(|settings| settings.two_factors = values.iter().map(ToString::to_string).collect())
                .await?;
        branch
            .door
            .test
            .archive
            .change_sign_in_rules(&branch.door.test.as_user("admin").await?, demanded)
            .await?;
        branch.login.lie(move |of| set(of, "amr", said.clone()));
        let session = branch.session().await?;
        assert_eq!(session.second_factor_missing, !is_full);
        let ctx = branch.resume(&session.token).await?;
        let barred = matches!(ctx.actor(), dossier_access::Actor::Person { pass: Pass::PasswordOnly, .. });
        assert_eq!(barred, !is_full, "{values:?}");
    }
    Ok(())
}

#[tokio::test]
async fn our_own_second_factor_follows_the_providers_word() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    let (secret, _, _) = branch.door.second_factor("checker").await?;
    branch.login.sign_in_as("subject-of-checker", "checker");
    branch.door.advance(5);
    let SignedIn::CodeNeeded { challenge, .. } = branch.sign_in().await?? else {
        return Err("no code was asked for".into());
    };
    let archive = &branch.door.test.archive;
    let wrong = archive.answer_challenge(challenge.reveal(), "000000", word(HOME)).await;
    assert!(matches!(wrong, Err(Error::SignIn)));
    let code = secret.code(branch.door.test.clock.now());
    let SignedIn::Session(session) = archive.answer_challenge(challenge.reveal(), &code, word(HOME)).await?
    else {
        return Err("another code was asked for".into());
    };
    let ctx = branch.resume(&session.token).await?;
    let views = archive.sessions(&ctx).await?;
    let current = views.iter().find(|view| view.is_current).ok_or("no session")?;
    assert!(current.by_provider && current.second_factor);
    assert_eq!(branch.door.log("bind_provider").await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn who_has_no_password_sets_up_a_second_factor_right_after_coming_from_the_provider() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    let archive = &branch.door.test.archive;
    let ctx = branch.resume(&branch.session().await?.token).await?;
    branch.door.advance(10);
    let late = archive.begin_second_factor(&ctx, "").await.err().ok_or("it was offered ten minutes later")?;
    assert!(matches!(late, Error::Invalid { .. }) && late.to_string().contains("ten minutes"), "{late}");
    let refused =
        branch.door.log("change_second_factor").await?.pop().ok_or("the refusal is not in the log")?;
    assert_eq!(refused.reason.map(|reason| reason.to_string()).as_deref(), Some("came_long_ago"));
    // A context outside of sessions, as the command line has it, has come from nowhere.
    let outside = branch.door.test.as_user("hr").await?;
    assert!(archive.begin_second_factor(&outside, "").await.is_err());

    let ctx = branch.resume(&branch.session().await?.token).await?;
    branch.door.advance(9);
    let offer = archive.begin_second_factor(&ctx, "").await?;
    let secret = from_base32(&offer.secret)?;
    let on = archive.confirm_second_factor(&ctx, &secret.code(branch.door.test.clock.now())).await?;
    assert_eq!(on.recovery_codes.len(), 10);
    let ctx = branch.resume(&on.token.ok_or("no token")?).await?;
    branch.door.advance(2);
    assert!(archive.turn_off_second_factor(&ctx, "").await.is_err(), "nor is it turned off later");
    assert!(matches!(branch.sign_in().await??, SignedIn::CodeNeeded { .. }));
    Ok(())
}

/// Who has a password gives it, wherever they come from.
#[tokio::test]
async fn a_password_that_there_is_is_asked_for() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    branch.login.sign_in_as("subject-of-checker", "checker");
    let ctx = branch.resume(&branch.session().await?.token).await?;
    let refused = branch.door.test.archive.begin_second_factor(&ctx, "").await.err();
    assert!(matches!(refused, Some(Error::SignIn)));
    branch.door.test.archive.begin_second_factor(&ctx, PASSWORD).await?;
    Ok(())
}

#[tokio::test]
async fn where_passwords_are_off_they_are_taken_from_nobody() -> TestResult {
    let branch = Branch::new(|settings| settings.passwords = false).await?;
    let error = branch.door.fail("admin", PASSWORD, HOME).await;
    assert_eq!(format!("{error:?}"), "SignIn");
    assert_eq!(branch.reason().await?, "passwords_off");
    branch.session().await?;
    Ok(())
}

#[tokio::test]
async fn without_a_provider_there_is_no_way_to_one() -> TestResult {
    let door = Door::new().await?;
    assert!(matches!(door.test.archive.depart(word(HOME)).await, Err(Error::NoProvider)));
    let arrived = door.test.archive.arrive(&Arrived::default(), word(HOME)).await;
    assert!(matches!(arrived, Err(Error::NoProvider)));
    Ok(())
}

#[tokio::test]
async fn nothing_of_the_attempt_is_in_the_log() -> TestResult {
    let branch = Branch::new(|_| {}).await?;
    let arrived = branch.brought(&branch.leave().await?)?;
    assert!(matches!(branch.arrive(&arrived).await?, SignedIn::Session(_)));
    is_refused(&branch.arrive(&arrived).await);
    let entries = branch.door.log("").await?;
    assert!(entries.iter().any(|entry| entry.outcome == Outcome::Denied));
    let all = serde_json::to_string(&entries)?;
    for secret in ["subject-of-hr", &arrived.kept, &arrived.state, &arrived.code] {
        assert!(!all.contains(secret), "{secret}");
    }
    Ok(())
}
