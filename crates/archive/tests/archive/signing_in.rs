//! Signing in, and what can be done to it: whatever is wrong looks the same, and nothing that has ended goes on.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod door;
mod links;
mod lockout;
mod nodes;
mod provider;
mod second_factor;
mod sessions;
mod shrunk;
mod tokens;

use dossier_archive::ErrorKind;
use dossier_testkit::TestResult;

pub(crate) use door::from_base32;
use door::{Door, PASSWORD};

#[tokio::test]
async fn the_right_password_begins_a_session_and_all_that_is_wrong_looks_alike() -> TestResult {
    let door = Door::new().await?;
    let ctx = door.resume(&door.enter("hr").await?).await?;
    assert_eq!(ctx.actor().user().map(|user| user.login.as_str()), Some("hr"));
    let admin = door.test.as_user("admin").await?;
    door.test.archive.suspend_user(&admin, &"checker".parse()?, true).await?;

    let tries = [
        ("hr", "wrong password"),
        ("hr", ""),
        ("hr", &"x".repeat(100_000)),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("no\u{202e}body", PASSWORD),
        ("li", PASSWORD), // has no password
        ("checker", PASSWORD),
    ];
    for (login, password) in tries {
        let error = door.fail(login, password, "192.0.2.9").await;
        assert_eq!(format!("{error:?}"), "SignIn", "{login}");
        assert_eq!(error.kind(), ErrorKind::SignIn);
    }
    let reasons = door.denials().await?;
    let expected = [
        "wrong_password",
        "wrong_password",
        "wrong_password",
        "unknown_user",
        "unknown_user",
        "unknown_user",
        "no_password",
        "suspended",
    ];
    assert_eq!(reasons, expected);
    Ok(())
}

/// The log names the account and nothing that was typed, and whoever got in acts in their own name.
#[tokio::test]
async fn the_log_tells_who_came_in_and_from_where_and_nothing_that_was_typed() -> TestResult {
    let door = Door::new().await?;
    door.fail("hr", "a password that is wrong", "192.0.2.9").await;
    door.fail("typed-here-by-mistake", "x", "192.0.2.9").await;
    let token = door.enter("hr").await?;
    let user = door.resume(&token).await?.actor().user().ok_or("nobody")?.id;
    let records = door.log("sign_in").await?;
    let [wrong, unknown, right] = &records[..] else { return Err(format!("{records:#?}").into()) };
    assert_eq!(wrong.actor.as_str(), "archive:sign_in");
    assert_eq!(wrong.objects, [user.into()]);
    assert_eq!((wrong.origin.as_str(), unknown.objects.len()), ("192.0.2.9", 0));
    assert_eq!((right.actor.clone(), right.session), (user.into(), Some(token.digest())));
    let all = serde_json::to_string(&door.log("").await?)?;
    for typed in ["a password that", "typed-here", token.reveal(), PASSWORD] {
        assert!(!all.contains(typed), "{typed}");
    }
    Ok(())
}

#[tokio::test]
async fn nothing_readable_of_it_is_stored() -> TestResult {
    use dossier_storage::{Records, Scan};
    let door = Door::new().await?;
    let token = door.enter("hr").await?;
    let (_, codes, _) = door.second_factor("hr").await?;
    let all = door.test.records.scan(Scan::prefix(Vec::new()).limit(usize::MAX)).await?;
    let stored: Vec<u8> =
        all.iter().flat_map(|(key, entry)| [key.as_bytes(), &entry.value].concat()).collect();
    let holds = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
    for secret in [token.reveal(), PASSWORD, &codes[0], "192.0.2.1", "otpauth"] {
        assert!(!holds(secret), "{secret}");
    }
    Ok(())
}
