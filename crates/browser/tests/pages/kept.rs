//! What people keep for themselves and for others: searches under a name, tags that are ready; and a session that ends.

use chrono::TimeDelta;
use dossier_browser::{Browser, Look, PASSWORD, Served, Setting, root};
use dossier_testkit::TestResult;

/// A picture to be looked at, where those of failures are.
async fn picture(browser: &Browser<'_>, name: &str) -> TestResult {
    browser.picture(&root().join("target/browser").join(name), false, 1.0).await
}

#[tokio::test]
async fn a_search_is_kept_under_a_name_found_again_and_removed() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        browser.open("/candidates?q=客户经理 得分>=70&sort=highest_score").await?;
        browser.press(".saved > summary").await?;
        browser.fill(".saved .keep [name=name]", "好的客户经理").await?;
        browser.go(".saved .keep button").await?;
        assert!(browser.path().await?.contains("sort=highest_score"), "one comes back to the search");
        assert!(browser.text(".saved > summary").await?.contains("好的客户经理"), "it is the current one");

        browser.open("/candidates").await?;
        browser.press(".saved > summary").await?;
        picture(browser, "saved.png").await?;
        browser.go(".saved li > a").await?;
        assert!(browser.path().await?.contains("sort=highest_score"));
        assert_eq!(browser.find("#q").await?.value().await?.as_deref(), Some("客户经理 得分>=70"));

        browser.press(".saved > summary").await?;
        browser.press(".saved li .more summary").await?;
        browser.fill(".saved li .more [name=name]", "别的名称").await?;
        browser.go(".saved button[value=rename]").await?;
        assert!(browser.text(".saved > summary").await?.contains("别的名称"));
        browser.press(".saved > summary").await?;
        browser.press(".saved li .more summary").await?;
        browser.go(".saved button[value=remove]").await?;
        assert_eq!(browser.count(".saved li").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn hr_keeps_tags_ready_and_puts_one_on_with_one_press() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    let id = served.find("张三").await?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        browser.open("/settings").await?;
        browser.fill(".presets > div:nth-child(1) [name=preset]", "AI得分80以上").await?;
        browser.press(".presets > div:nth-child(1) option[value=green]").await?;
        browser.fill(".presets > div:nth-child(2) [name=preset]", "情绪优秀").await?;
        browser.find("button[value=presets]").await?.scroll_into_view().await?;
        picture(browser, "presets.png").await?;
        browser.go("button[value=presets]").await?;
        browser.open(&format!("/applications/{id}")).await?;
        assert_eq!(browser.count(".ready button").await?, 2);
        picture(browser, "ready.png").await?;
        browser.go(".ready button[value=AI得分80以上]").await?;
        assert_eq!(browser.text(".tag.own.green span").await?, "AI得分80以上");
        assert_eq!(browser.count(".ready button").await?, 1, "what is put on is offered no longer");
        browser.open("/candidates?q=标签:AI得分80以上").await?;
        assert_eq!(browser.count("tbody .tag.green").await?, 1);
        Ok(())
    })
    .await
}

/// The page looks when its window is entered, so that a test need not wait for half an hour.
async fn enter(browser: &Browser<'_>) -> TestResult {
    browser.script("dispatchEvent(new Event('focus'))", vec![]).await?;
    Ok(())
}

async fn wait_for(browser: &Browser<'_>, css: &str, is_shown: bool) -> TestResult {
    let shown = async || Ok(browser.find(css).await?.is_displayed().await? == is_shown);
    browser.until(&format!("{css} to be shown: {is_shown}"), shown).await
}

#[tokio::test]
async fn a_page_tells_that_the_session_ends_and_goes_on_after_a_new_sign_in() -> TestResult {
    const HEIGHT: &str = "return document.documentElement.scrollHeight";
    let served = Served::start(Setting::Users)?;
    let minutes = |minutes| served.clock.advance(TimeDelta::minutes(minutes));
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        browser.open("/positions").await?;
        browser.fill("form.card.inline [name=position]", "风险控制").await?;
        wait_for(browser, ".ending", false).await?;
        let height = browser.script(HEIGHT, vec![]).await?;

        minutes(29);
        enter(browser).await?;
        wait_for(browser, ".ending button", true).await?;
        assert_eq!(browser.script(HEIGHT, vec![]).await?, height, "nothing moves");
        picture(browser, "ending.png").await?;
        browser.press(".ending button").await?;
        wait_for(browser, ".ending", false).await?;

        minutes(31);
        enter(browser).await?;
        let over = ".ending a";
        wait_for(browser, over, true).await?;
        picture(browser, "ended.png").await?;
        let here = browser.driver.window().await?;
        browser.press(over).await?;
        let windows = browser.driver.windows().await?;
        let new = windows.into_iter().find(|window| *window != here).ok_or("no new tab")?;
        browser.driver.switch_to_window(new).await?;
        browser.fill("[name=login]:not([type=hidden])", "hr").await?;
        browser.fill("[name=password]:not([type=hidden])", PASSWORD).await?;
        browser.go(".gate form.card button").await?;
        browser.driver.close_window().await?;
        browser.driver.switch_to_window(here).await?;
        enter(browser).await?;
        wait_for(browser, ".ending", false).await?;
        // What was typed is still there, and is taken.
        browser.go("form.card.inline button").await?;
        assert!(browser.page().await?.contains("风险控制"));
        Ok(())
    })
    .await
}
