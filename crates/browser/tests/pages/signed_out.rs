//! What a browser still shows, and where one gets, once nobody is signed in any more.

use dossier_browser::{Browser, Look, PASSWORD, shared};
use dossier_testkit::TestResult;
use serde_json::json;

#[tokio::test]
async fn the_way_back_shows_nothing_to_who_signed_out() -> TestResult {
    Browser::visit(shared()?, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        assert!(browser.path().await?.starts_with("/candidates"));
        browser.press("details.menu summary").await?;
        browser.go("form[action='/sign-out'] button").await?;
        browser.script("history.back()", vec![]).await?;
        browser
            .until("the way to sign in", async || Ok(browser.path().await?.starts_with("/sign-in?next=")))
            .await?;
        assert_eq!(browser.count(".total").await?, 0, "no candidates");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_form_that_is_sent_too_late_leads_back_to_its_page() -> TestResult {
    let served = shared()?;
    let id = served.find("张三").await?;
    Browser::visit(served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        let page = format!("/applications/{id}");
        browser.open(&page).await?;
        browser.command("Network.clearBrowserCookies", json!({})).await?;
        browser.fill("form.add [name=add]", "很晚").await?;
        browser.go("form.add button").await?;
        assert!(browser.path().await?.starts_with("/sign-in?next="));
        browser.fill("[name=login]:not([type=hidden])", "hr").await?;
        browser.fill("[name=password]:not([type=hidden])", PASSWORD).await?;
        browser.go(".gate form.card button").await?;
        assert_eq!(browser.path().await?, page);
        Ok(())
    })
    .await
}
