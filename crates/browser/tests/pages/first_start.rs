//! From a link on the console to accounts with a second factor.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::Word;
use dossier_browser::{Browser, Look, PASSWORD, Served, Setting};
use dossier_domain::Clock as _;
use dossier_testkit::TestResult;

#[tokio::test]
async fn the_first_administrator_comes_in_by_a_link_and_brings_others() -> TestResult {
    let served = Served::start(Setting::Bare)?;
    let link = served.archive.first_administrator_link(Word::parse("test")?).await?.ok_or("no link")?;
    let path = format!("/welcome/{}", link.token.reveal());
    Browser::visit(&served, Look::default(), async |browser| {
        browser.open("/sign-in").await?;
        assert!(browser.text(".mistake, [role=alert]").await?.contains("一次性链接"), "where the link is");
        browser.open(&path).await?;
        assert!(browser.page().await?.contains("第一位系统管理员"));
        choose_password(browser, &[("login", "zhou"), ("name", "周管理")], "not the same one").await?;
        assert!(browser.text(".mistake").await?.contains("两次输入的密码不同"), "said beside the field");
        choose_password(browser, &[], PASSWORD).await?;
        browser.sign_in("zhou").await?;
        browser.go("nav.places [href='/users']").await?;

        browser.fill("form.card [name=login]", "wang").await?;
        browser.fill("form.card [name=name]", "王慧").await?;
        browser.press("form.card [name=role][value=hr_administrator]").await?;
        browser.go("button[value=add]").await?;
        let link = browser.find(".notice input[readonly]").await?.value().await?.ok_or("no link")?;
        Browser::visit(&served, Look::default(), async |other| {
            other.driver.goto(&link).await?;
            assert!(other.page().await?.contains("wang"), "the link says for whom it is");
            choose_password(other, &[], PASSWORD).await?;
            other.sign_in("wang").await?;
            assert_eq!(other.path().await?, "/candidates");
            Ok(())
        })
        .await?;

        // Both links are good for one time.
        for spent in [&served.url(&path), &link] {
            browser.driver.goto(spent).await?;
            assert_eq!(browser.count("form.card").await?, 0);
        }
        Ok(())
    })
    .await
}

async fn choose_password(browser: &Browser<'_>, more: &[(&str, &str)], again: &str) -> TestResult {
    for (name, text) in more {
        browser.fill(&format!("form.card [name={name}]"), text).await?;
    }
    browser.fill("form.card [name=password]", PASSWORD).await?;
    browser.fill("form.card [name=again]", again).await?;
    browser.go("form.card button").await
}

#[tokio::test]
async fn a_second_factor_is_set_up_asked_for_and_replaced_by_a_recovery_code() -> TestResult {
    let served = Served::start(Setting::Users)?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        browser.open("/account").await?;
        browser.fill("form:has([value=offer]) [name=password]", PASSWORD).await?;
        browser.go("button[value=offer]").await?;
        assert_eq!(browser.count("svg.qr path").await?, 1);
        let secret = browser.text("code.secret").await?;
        browser.fill("[name=code]", &code(&secret, served.clock.now())?).await?;
        browser.go("button[value=confirm]").await?;
        let codes = browser.find("ol.codes").await?.text().await?;
        let recovery = codes.split_whitespace().next().ok_or("no recovery codes")?;
        browser.press("details.menu summary").await?;
        browser.go("form[action='/sign-out'] button").await?;

        password(browser).await?;
        answer(browser, "000000").await?;
        assert_eq!(browser.count(".mistake").await?, 1, "a wrong code");
        // The code of the set-up counts as used; the next one is good already.
        answer(browser, &code(&secret, served.clock.now() + TimeDelta::seconds(30))?).await?;
        assert_eq!(browser.path().await?, "/candidates");

        Browser::visit(&served, Look::default(), async |elsewhere| {
            password(elsewhere).await?;
            answer(elsewhere, recovery).await?;
            assert_eq!(elsewhere.path().await?, "/candidates");

            browser.open("/account").await?;
            browser.go("button[value=end-others]").await?;
            assert_eq!(browser.count("button[value=end-others]").await?, 0, "one session is left");
            elsewhere.open("/candidates").await?;
            assert!(elsewhere.path().await?.starts_with("/sign-in?next="), "the session elsewhere has ended");
            password(elsewhere).await?;
            answer(elsewhere, recovery).await?;
            assert_eq!(elsewhere.count(".mistake").await?, 1, "a recovery code is good once");
            Ok(())
        })
        .await
    })
    .await
}

async fn password(browser: &Browser<'_>) -> TestResult {
    browser.open("/sign-in").await?;
    browser.fill("[name=login]", "hr").await?;
    browser.fill("[name=password]", PASSWORD).await?;
    browser.go("form.card button").await
}

async fn answer(browser: &Browser<'_>, code: &str) -> TestResult {
    browser.fill("[name=code]", code).await?;
    browser.go("form.card button").await
}

/// What an authenticator program shows (RFC 6238: SHA-1, six digits, thirty seconds), written down once more.
fn code(secret: &str, at: DateTime<Utc>) -> TestResult<String> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = String::new();
    for letter in secret.chars().filter(|letter| letter.is_ascii_alphanumeric()) {
        bits += &format!("{:05b}", LETTERS.find(letter).ok_or("not base 32")?);
    }
    let whole =
        bits.as_bytes().chunks_exact(8).map(|byte| u8::from_str_radix(&String::from_utf8_lossy(byte), 2));
    let key = ring::hmac::Key::new(
        ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        &whole.collect::<Result<Vec<u8>, _>>()?,
    );
    let tag = ring::hmac::sign(&key, &(at.timestamp() / 30).to_be_bytes());
    let from = usize::from(tag.as_ref()[19] & 15);
    let number = u32::from_be_bytes(tag.as_ref()[from..from + 4].try_into()?) & 0x7fff_ffff;
    Ok(format!("{:06}", number % 1_000_000))
}
