//! With scripts turned off, everything that matters still works.

use std::fs;

use dossier_browser::{Browser, Look, Served, Setting};
use dossier_testkit::TestResult;
use serde_json::json;

#[tokio::test]
async fn sign_in_search_page_read_fetch_and_upload_without_scripts() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.command("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        browser.sign_in("hr").await?;
        browser.go("nav.pages a[rel=next]").await?;
        assert_eq!(
            browser.count("table.candidates tbody th").await?,
            6,
            "thirty on the first page, the rest here"
        );

        browser.fill("form.controls [name=score]", "80").await?;
        browser.fill("form.controls [name=position]", "客户经理").await?;
        browser.go("form.controls button").await?;
        assert_eq!(browser.count(".chip").await?, 2, "two conditions");
        let found = browser.count("tbody [name=application]").await?;
        assert!(found > 0);
        for number in 0..found {
            browser.driver.find_all(thirtyfour::By::Css("tbody [name=application]")).await?[number]
                .click()
                .await?;
        }
        browser.fill("[name=reason]", "复核").await?;
        browser.press("form.fetch button").await?;
        let zip = browser.download().await?;
        assert!(fs::metadata(zip)?.len() > 100_000);

        browser.fill("#q", "张三").await?;
        browser.go(".finder button.primary").await?;
        assert!(browser.text(".total").await?.starts_with("1 "), "one hit");
        browser.go("tbody th a").await?;
        let page = browser.page().await?;
        assert!(["语音转文字", "情绪分析", "技能测评"].iter().all(|part| page.contains(part)), "{page}");
        assert_eq!(browser.count("video[controls]").await?, 1);
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("证明.pdf");
        fs::write(&file, [&b"%PDF-1.4\n%%EOF\n"[..], &vec![b'\n'; 1 << 20]].concat())?;
        browser.find("input[type=file]").await?.send_keys(file.to_str().ok_or("no path")?).await?;
        browser.go("form.upload button").await?;
        assert!(browser.text("#files").await?.contains("证明.pdf"));
        Ok(())
    })
    .await
}
