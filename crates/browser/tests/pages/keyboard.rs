//! Without a mouse.

use dossier_browser::{Browser, Look, PASSWORD, shared};
use dossier_testkit::TestResult;
use serde_json::json;
use thirtyfour::Key;

/// What has the focus, and whether one can see that it has.
const FOCUS: &str = "const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    return { what: at.outerHTML.slice(0, 120),
      seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.bottom > 0 && box.width > 0 };";

#[tokio::test]
async fn from_sign_in_to_the_dossier_by_keys_alone() -> TestResult {
    let served = shared()?;
    Browser::visit(served, Look::default(), async |browser| {
        let keys = async |text: &str| -> TestResult {
            Ok(browser.driver.action_chain().send_keys(text).perform().await?)
        };
        let (tab, enter) = (char::from(Key::Tab).to_string(), char::from(Key::Enter).to_string());
        let has_focus = async |css: &str| -> TestResult<bool> {
            Ok(browser
                .script("return document.activeElement.matches(arguments[0])", vec![json!(css)])
                .await?
                == true)
        };
        browser.open("/sign-in").await?;
        assert!(has_focus("[name=login]").await?, "one can type at once");
        keys("hr").await?;
        keys(&tab).await?;
        keys(PASSWORD).await?;
        keys(&enter).await?;
        browser.until("the candidates", async || Ok(browser.path().await? == "/candidates")).await?;

        keys(&tab).await?;
        assert!(has_focus("a.skip").await?, "the first stop is the way past the head");
        let focus = browser.script(FOCUS, vec![]).await?;
        assert_eq!(focus["seen"], true, "{focus}");
        keys(&enter).await?;
        browser.until("the results", async || has_focus("#results").await).await?;
        for stop in 0..40 {
            keys(&tab).await?;
            let focus = browser.script(FOCUS, vec![]).await?;
            assert_eq!(focus["seen"], true, "stop {stop}: {focus}");
        }

        browser.open("/candidates").await?;
        keys("?").await?;
        assert!(browser.text("details.keys[open]").await?.contains("下一行"));
        let escape = char::from(Key::Escape).to_string();
        keys(&escape).await?;
        assert_eq!(browser.count("details.keys[open]").await?, 0);
        for close in ["Escape", "elsewhere"] {
            browser.press("details.menu > summary").await?;
            assert_eq!(browser.count("details.menu[open]").await?, 1);
            match close {
                "Escape" => keys(&escape).await?,
                _ => browser.press(".results .total").await?,
            }
            assert_eq!(browser.count("details.menu[open]").await?, 0, "{close}");
        }
        keys("/").await?;
        assert!(has_focus("#q").await?);
        keys("客户经理").await?;
        keys(&enter).await?;
        browser
            .until("the answer", async || {
                Ok(browser.path().await?.contains("q=") && browser.count(".chip").await? == 1)
            })
            .await?;
        keys("jjjk").await?;
        assert!(has_focus("tr.current th a").await?);
        let name = browser.text("tr.current th a").await?;
        let second =
            browser.script("return document.querySelectorAll('tbody th a')[1].textContent", vec![]).await?;
        assert_eq!(second, name, "down three, up one");
        keys("x").await?;
        assert!(browser.text(".chosen").await?.contains("已选 1 人"));
        keys("j").await?;
        keys("k").await?;
        keys(&enter).await?;
        browser
            .until("the dossier", async || Ok(browser.path().await?.starts_with("/applications/")))
            .await?;
        assert_eq!(browser.text("main h1").await?, name);
        Ok(())
    })
    .await
}
