//! On paper: what is read, without what is pressed.

use dossier_browser::{Browser, Look, shared};
use dossier_testkit::TestResult;
use serde_json::{Value, json};

/// A4 between its margins, in CSS pixels.
const PAPER: (u32, u32) = (718, 1010);

/// Shows the page as it will be printed.
async fn printed(browser: &Browser<'_>, path: &str) -> TestResult {
    browser.open(path).await?;
    let screen = json!({ "width": PAPER.0, "height": PAPER.1, "deviceScaleFactor": 1, "mobile": false });
    browser.command("Emulation.setDeviceMetricsOverride", screen).await?;
    browser.command("Emulation.setEmulatedMedia", json!({ "media": "print" })).await.map(drop)
}

/// Those of these that can be seen.
async fn seen(browser: &Browser<'_>, css: &str) -> TestResult<Value> {
    let script = "return [...document.querySelectorAll(arguments[0])].filter((one) => one.checkVisibility())
        .map((one) => one.outerHTML.slice(0, 120))";
    browser.script(script, vec![json!(css)]).await
}

#[tokio::test]
async fn candidates_are_printed_as_a_dense_table() -> TestResult {
    let served = shared()?;
    Browser::visit(served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        printed(browser, "/candidates?q=得分>=60").await?;
        let controls = ".refine, form, button, input, .pages, .order, .keys, .chip a, .saved";
        assert_eq!(seen(browser, controls).await?, json!([]));
        assert_eq!(seen(browser, ".chip").await?.as_array().map(Vec::len), Some(1), "what was asked");
        let found = browser
            .script(
                "const rows = [...document.querySelectorAll('.candidates tbody tr')];
                return { display: getComputedStyle(rows[0]).display, wide: document.documentElement.scrollWidth,
                    high: rows.reduce((sum, row) => sum + row.offsetHeight, 0) / rows.length }",
                vec![],
            )
            .await?;
        assert_eq!(found["display"], "table-row", "{found}");
        assert!(found["wide"].as_u64() <= Some(u64::from(PAPER.0)), "{found}");
        assert!(found["high"].as_f64() < Some(60.0), "{found}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_dossier_is_printed_with_its_tags_and_without_its_buttons() -> TestResult {
    let served = shared()?;
    let id = served.find("张三").await?;
    Browser::visit(served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        printed(browser, &format!("/applications/{id}")).await?;
        let tag = seen(browser, "header.dossier form.tag.own").await?;
        assert!(
            tag.to_string().contains("高潜力") || tag.as_array().is_some_and(|tags| !tags.is_empty()),
            "{tag}"
        );
        let controls = "button, input, select, video, [data-follow], a[href$='download=1'], .sections";
        assert_eq!(seen(browser, controls).await?, json!([]));
        assert_eq!(seen(browser, "[data-curve] svg.chart").await?.as_array().map(Vec::len), Some(1));
        Ok(())
    })
    .await
}
