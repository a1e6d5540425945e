//! Signing in by the bank's own login: at a provider that is not ours, in a process of its own.

use std::sync::{Arc, Mutex, PoisonError};

use dossier_access::log::Outcome;
use dossier_archive::LogFilter;
use dossier_browser::{Browser, Look, ProviderProcess, Served, Setting};
use dossier_testkit::TestResult;
use thirtyfour::By;

use crate::english;

/// A served archive, and the provider at which its people sign in.
struct Branch {
    served: Served,
    _process: Arc<Mutex<Option<ProviderProcess>>>,
}

fn branch() -> TestResult<Branch> {
    let process: Arc<Mutex<Option<ProviderProcess>>> = Arc::default();
    let kept = Arc::clone(&process);
    let served = Served::start_with_provider(Setting::Users, move |site| {
        let started = ProviderProcess::start(site)?;
        let provider = started.as_provider(site)?;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
        Ok(provider)
    })?;
    Ok(Branch { served, _process: process })
}

/// Goes to the provider, gives a name there, and agrees that we learn it.
async fn go_and_say(browser: &Browser<'_>, name: &str) -> TestResult {
    browser.press(".provider a.button").await?;
    browser.fill("input[name=login]", name).await?;
    browser.fill("input[name=password]", "whatever the provider likes").await?;
    browser.press("button[type=submit]").await?;
    // Its second page has no field to fill.
    browser
        .until("the question whether we may know", async || {
            Ok(browser.driver.find_all(By::Css("input[name=login]")).await?.is_empty())
        })
        .await?;
    browser.press("button[type=submit]").await?;
    browser.find("main").await?;
    Ok(())
}

#[tokio::test]
async fn a_user_comes_in_by_the_banks_own_login_and_goes_out_again() -> TestResult {
    let branch = branch()?;
    Browser::visit(&branch.served, Look::default(), async |browser| {
        browser.open("/analysis").await?;
        assert!(browser.path().await?.starts_with("/sign-in?next="));
        assert_eq!(browser.text(".provider a.button").await?, "行内统一登录");
        go_and_say(browser, "hr").await?;
        assert_eq!(browser.path().await?, "/analysis", "where they wanted to go at first");

        browser.press("details.menu summary").await?;
        browser.go("form[action='/sign-out'] button").await?;
        browser.open("/candidates").await?;
        assert!(browser.path().await?.starts_with("/sign-in?next="), "our session has ended");
        // The provider still knows them and asks nothing.
        browser.press(".provider a.button").await?;
        browser.find("nav.places").await?;
        assert_eq!(browser.path().await?, "/candidates");
        Ok(())
    })
    .await?;
    let auditor = branch.served.as_user("auditor").await?;
    let asked = LogFilter { action: Some("sign_in".to_owned()), ..LogFilter::default() };
    let records = branch.served.archive.log_records(&auditor, asked).await?.records;
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| record.entry.outcome == Outcome::Done));
    Ok(())
}

#[tokio::test]
async fn whoever_is_not_set_up_here_is_told_to_ask() -> TestResult {
    let branch = branch()?;
    Browser::visit(&branch.served, english(), async |browser| {
        browser.open("/sign-in").await?;
        go_and_say(browser, "somebody").await?;
        assert!(browser.text(".mistake").await?.contains("ask the system administrator"));
        assert_eq!(browser.count("nav.places").await?, 0);
        // A password of ours is still taken.
        browser.sign_in("hr").await
    })
    .await
}
