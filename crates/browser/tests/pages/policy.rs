//! Nothing runs that is not ours, whatever people and vendors write.

use std::fs;

use dossier_access::Job;
use dossier_access::{Actor, Word};
use dossier_archive::Arrival;
use dossier_browser::{Browser, Look, Served, Setting, shared};
use dossier_domain::text::{PersonName, RemoteId};
use dossier_simulator::{Bank, BankOptions};
use dossier_testkit::TestResult;
use serde_json::json;

use crate::{english, tour::tour};

/// What would run if it were taken for markup.
const HOSTILE: &str = "<img src=x onerror=\"window.ran=1\"><script>window.ran=1</script>";
const FILE: &str = "\"><img src=x onerror=window.ran=1>.pdf";

#[tokio::test]
async fn no_page_breaks_its_own_policy() -> TestResult {
    // Each visit fails by itself if the console complains.
    tour(Look::default(), async |_, _| Ok(())).await
}

#[tokio::test]
async fn a_page_that_breaks_its_policy_is_noticed() -> TestResult {
    let inline = Browser::visit(shared()?, Look::default(), async |browser| {
        browser.open("/sign-in").await?;
        browser.script("try { document.body.setAttribute('onclick', 'window.ran = 1'); } catch { /* It is told of. */ }
            document.body.click()", vec![]).await?;
        assert!(browser.script("return window.ran", vec![]).await?.is_null(), "the policy holds");
        Ok(())
    })
    .await;
    let said = inline.err().ok_or("nothing was noticed")?.to_string();
    assert!(said.contains("security") && said.contains("blocked"), "{said}");
    Ok(())
}

#[tokio::test]
async fn markup_in_names_tags_queries_and_files_stays_text() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    let id = arrive(&served).await?;
    let shown = async |browser: &Browser<'_>, text: &str| -> TestResult {
        assert!(browser.script("return window.ran", vec![]).await?.is_null(), "something ran");
        assert_eq!(browser.count("img[src=x]").await?, 0, "markup was made of a text");
        let found = "return document.documentElement.innerHTML.includes(arguments[0])
            || document.body.innerText.includes(arguments[0])
            || [...document.querySelectorAll('input')].some((field) => field.value.includes(arguments[0]))";
        assert_eq!(browser.script(found, vec![json!(text)]).await?, true, "{text} is there to be read");
        Ok(())
    };
    Browser::visit(&served, english(), async |browser| {
        browser.sign_in("hr").await?;
        shown(browser, HOSTILE).await?;
        browser.fill("#q", HOSTILE).await?;
        browser.go(".finder button.primary").await?;
        shown(browser, "onerror").await?;

        browser.open(&format!("/applications/{id}")).await?;
        shown(browser, HOSTILE).await?;
        browser.fill(".tags form.add input[name=add]", "<b onclick=window.ran=1>x</b>").await?;
        browser.go(".tags form.add button").await?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join(FILE);
        fs::write(&file, b"%PDF-1.4\n%%EOF\n")?;
        browser.find("input[type=file]").await?.send_keys(file.to_str().ok_or("no path")?).await?;
        browser.go("form.upload button").await?;
        shown(browser, "onerror=window.ran=1>.pdf").await?;
        shown(browser, "<b onclick=window.ran=1>x</b>").await?;

        browser.open("/candidates?q=%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E%22%5B").await?;
        shown(browser, "window.ran=1").await?;
        browser.open("/sign-in?next=javascript:window.ran=1&login=%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.ran%3D1%3E").await?;
        shown(browser, "onerror=window.ran=1").await?;
        browser.open("/no/%3Cimg%20src=x%20onerror=window.ran=1%3E").await?;
        shown(browser, "onerror").await
    })
    .await
}

/// An interview of somebody whom a vendor gives a hostile name.
async fn arrive(served: &Served) -> TestResult<dossier_domain::ApplicationId> {
    let bank = Bank::generate(BankOptions { seed: 7, candidates: 9, ..BankOptions::default() });
    let mut fetched = bank.interview(8).fetched();
    fetched.remote_id = RemoteId::parse("hostile")?;
    fetched.candidate.remote_id = None;
    fetched.candidate.identity.name = Some(PersonName::parse(HOSTILE)?);
    let states = served.archive.connections(&served.as_user("hr").await?).await?;
    let connection = states.first().ok_or("no connection")?.connection.id;
    let sync = served.archive.context(Actor::system(Job::Sync), Word::parse("test")?)?;
    served.archive.ingest(&sync, connection, vec![Arrival::from(fetched)]).await?;
    served.find("onerror").await
}
