//! The page of candidates: its form of conditions, ticks over several pages, and what keys do there.

use dossier_browser::{Browser, Look, PHONE, shared};
use dossier_testkit::TestResult;
use serde_json::json;

/// The place of something in the window: where it begins and ends, from above.
const PLACE: &str = "const box = document.querySelector(arguments[0]).getBoundingClientRect();
    return { top: box.top, bottom: box.bottom, left: box.left, right: box.right }";

#[tokio::test]
async fn the_form_of_conditions_is_at_hand_and_rows_are_low() -> TestResult {
    let served = shared()?;
    let laptop = Look { window: (1280, 900), ..Look::default() };
    Browser::visit(served, laptop, async |browser| {
        browser.sign_in("hr").await?;
        let button = browser.script(PLACE, vec![json!("form.controls button")]).await?;
        assert!(button["bottom"].as_f64() < Some(900.0), "{button}");
        let heights = browser
            .script(
                "return [...document.querySelectorAll('.candidates tbody tr:not(.snippets)')].map((row) => row.offsetHeight)",
                vec![],
            )
            .await?;
        let heights: Vec<u64> = serde_json::from_value(heights)?;
        assert!(heights.iter().all(|height| *height <= 44), "{heights:?}");

        browser.fill("form.controls [name=score]", "８０").await?;
        browser.go("form.controls button").await?;
        assert_eq!(browser.count(".chip").await?, 1);
        let kept = browser.script("return document.querySelector('.controls [name=score]').value", vec![]);
        assert_eq!(kept.await?, "80");
        browser.fill("form.controls [name=score]", "高").await?;
        browser.go("form.controls button").await?;
        let typed = browser.script("return document.querySelector('.controls [name=score]').value", vec![]);
        assert_eq!(typed.await?, "高", "it stays, and what is wrong stands beside it");
        assert!(browser.text(".controls .wrong-field").await?.contains("0 到 100"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn on_a_telephone_the_candidates_come_first_with_scripts_or_without() -> TestResult {
    let served = shared()?;
    Browser::visit(served, Look { window: PHONE, ..Look::default() }, async |browser| {
        browser.command("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        browser.sign_in("hr").await?;
        let is_folded = async || -> TestResult<bool> {
            Ok(!browser.find("form.controls button").await?.is_displayed().await?)
        };
        assert!(is_folded().await?);
        let first = browser.find("tbody th a").await?.rect().await?;
        assert!(first.y < 844.0, "the first candidate is in sight: {first:?}");
        browser.press("a.unfold").await?;
        browser.until("the filters", async || Ok(!is_folded().await?)).await?;
        browser.press("a.fold").await?;
        browser.until("the filters to be folded", is_folded).await
    })
    .await
}

#[tokio::test]
async fn ticks_are_kept_over_pages_and_all_results_can_be_chosen() -> TestResult {
    let served = shared()?;
    Browser::visit(served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        browser.press("tbody [name=application]").await?;
        browser.go("nav.pages a[rel=next]").await?;
        assert!(browser.text(".chosen").await?.contains("已选 1 人"), "from the page before");
        browser.press("tbody [name=application]").await?;
        let sent = "return new FormData(document.querySelector('#fetch')).getAll('application').length";
        assert_eq!(browser.script(sent, vec![]).await?, 2);
        browser.go("nav.pages a[rel=prev]").await?;
        assert_eq!(browser.count("tbody [name=application]:checked").await?, 1);
        assert!(browser.text(".chosen").await?.contains("已选 2 人"));
        browser.press("[name=all]").await?;
        assert!(browser.text(".chosen").await?.contains("已选 36 人"));
        browser.press("[data-untick]").await?;
        assert_eq!(browser.script(sent, vec![]).await?, 0);
        browser.open("/candidates?q=得分>=0").await?;
        assert!(!browser.text(".chosen").await?.contains("已选"), "another search, other ticks");
        Ok(())
    })
    .await
}
