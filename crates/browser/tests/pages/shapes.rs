//! A telephone, and dark colours.

use dossier_browser::{Look, PHONE};
use dossier_testkit::TestResult;

use crate::{english, tour::tour};

/// How wide the page is, and what sticks out of it.
const WIDTH: &str = "const width = document.documentElement.scrollWidth;
    const wide = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > 391
      && !one.closest('.scroll, .places, .sections, .steps, .unseen')).slice(0, 5).map((one) => one.outerHTML.slice(0, 100));
    return { width, wide };";

#[tokio::test]
async fn no_page_scrolls_sideways_on_a_telephone() -> TestResult {
    let phone = Look { window: PHONE, ..Look::default() };
    for look in [phone, Look { dark: true, window: PHONE, ..english() }] {
        tour(look, async |browser, name| {
            let found = browser.script(WIDTH, vec![]).await?;
            assert!(found["width"].as_u64() <= Some(u64::from(PHONE.0)), "{name}: {found:#}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_theme_follows_the_system_until_one_is_chosen() -> TestResult {
    let served = dossier_browser::shared()?;
    dossier_browser::Browser::visit(served, Look { dark: true, ..Look::default() }, async |browser| {
        let ground =
            async || browser.script("return getComputedStyle(document.body).backgroundColor", vec![]).await;
        browser.open("/sign-in").await?;
        let dark = ground().await?;
        browser.press("button[name=theme][value=light]").await?;
        browser.until("light", async || Ok(ground().await? != dark)).await?;
        browser.press("button[name=language][value=en]").await?;
        browser.until("English", async || Ok(browser.text("h1").await? == "Sign in")).await
    })
    .await
}
