//! Step 5 of the tutorial: a pass rate, those behind a number, the report as files, and the log of it.

use std::{fs, path::Path};

use dossier_browser::{Browser, Look, Served, Setting};
use dossier_domain::Language;
use dossier_testkit::TestResult;
use serde_json::json;

use crate::english;

#[tokio::test]
async fn a_report_in_chinese() -> TestResult {
    report_and_log(Look::default()).await
}

#[tokio::test]
async fn a_report_in_english() -> TestResult {
    report_and_log(english()).await
}

async fn report_and_log(look: Look) -> TestResult {
    let served = Served::start(Setting::Bank)?;
    let pick = |chinese, english| look.language.pick(chinese, english);
    Browser::visit(&served, look, async |browser| {
        // As a form and as files, a report needs no scripts.
        browser.command("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        browser.sign_in("hr").await?;
        browser.go("nav.places a[href='/analysis']").await?;
        let overview = browser.text("main").await?;
        assert!(overview.contains(pick("各岗位通过率", "Pass rate by position")), "{overview}");
        make(browser, look.language).await?;
        open_a_number(browser).await?;
        for (format, start) in
            [("xlsx", &b"PK\x03\x04"[..]), ("csv", "\u{feff}".as_bytes()), ("pdf", b"%PDF-")]
        {
            take(browser, format, start).await?;
        }
        Ok(())
    })
    .await?;
    Browser::visit(&served, look, async |browser| {
        browser.sign_in("auditor").await?;
        let log = browser.text("table.log").await?;
        let made = log.matches(pick("查看报表", "Make reports")).count();
        assert!(made >= 3 && log.contains("pass_rate"), "{log}");
        Ok(())
    })
    .await
}

/// 客户经理 in one month, by position and month.
async fn make(browser: &Browser<'_>, language: Language) -> TestResult {
    let conditions = language.pick("面试时间=2023年10月", "date:2023-10");
    browser.press("details.change > summary").await?;
    browser.press("form.choose [name=by][value=position]").await?;
    browser.press("form.choose [name=by][value=month]").await?;
    browser.fill("form.choose [name=q]", conditions).await?;
    browser.press("form.choose details summary").await?;
    browser.fill("form.choose [name=position]", "客户经理").await?;
    browser.go("form.choose button.primary").await?;
    assert_eq!(browser.count(".chip").await?, 2, "both conditions are understood");
    let page = browser.text("main").await?;
    let title =
        language.pick("AI面试通过率（按岗位、月份）", "Pass rate of the AI interview by position, month");
    assert!(page.contains(title) && page.contains("客户经理"), "{page}");
    assert!(browser.count("section.part svg.chart").await? > 0, "{page}");
    Ok(())
}

/// Behind a number are as many as it says.
async fn open_a_number(browser: &Browser<'_>) -> TestResult {
    let report = browser.path().await?;
    let number = browser.text("section.part tbody td.number a").await?;
    browser.go("section.part tbody td.number a").await?;
    let total = browser.text(".total").await?;
    assert!(total.starts_with(&format!("{number} ")), "{number} is not {total}");
    browser.open(&report).await
}

/// Takes the report as a file.
async fn take(browser: &Browser<'_>, format: &str, start: &[u8]) -> TestResult {
    browser.press(&format!(".files a[href*='format={format}']")).await?;
    let file = browser.download().await?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    assert_eq!(Path::new(&name).extension().and_then(|ending| ending.to_str()), Some(format), "{name}");
    assert!(fs::read(&file)?.starts_with(start), "{name}");
    Ok(fs::remove_file(file)?)
}
