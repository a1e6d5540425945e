//! A telephone, and dark colours.

use dossier_browser::{Browser, Look, PHONE, Served, Setting};
use dossier_domain::text::TagName;
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

#[tokio::test]
async fn neither_a_tablet_nor_a_long_tag_makes_a_page_scroll_sideways() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    let hr = served.as_user("hr").await?;
    let id = served.find("张三").await?;
    let long = TagName::parse(&"情绪管理优秀而且沟通".repeat(5))?;
    served.archive.tag(&hr, &[id], &[long], &[]).await?;
    let places = ["/candidates", "/analysis", "/positions"].map(str::to_owned);
    let tabs = ["", "/interview", "/check", "/offer", "/timeline"];
    let places: Vec<String> =
        places.into_iter().chain(tabs.map(|tab| format!("/applications/{id}{tab}"))).collect();
    for width in [PHONE.0, 820, 1020, 1280] {
        Browser::visit(&served, Look { window: (width, 900), ..Look::default() }, async |browser| {
            browser.sign_in("hr").await?;
            for place in &places {
                browser.open(place).await?;
                let found = browser.script("return document.documentElement.scrollWidth", vec![]).await?;
                assert!(found.as_u64() <= Some(u64::from(width)), "{place} at {width}: {found}");
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}
