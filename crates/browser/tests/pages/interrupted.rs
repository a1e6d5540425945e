//! A file that is sent while the connection breaks off and the page is loaded anew.

use std::{fs, path::Path};

use dossier_archive::LogFilter;
use dossier_browser::{Browser, Look, Served, Setting};
use dossier_testkit::TestResult;
use futures::TryStreamExt;
use serde_json::json;

/// Three parts.
const LENGTH: usize = 24 << 20;
/// Bytes a second: slow enough for something to happen in between.
const PACE: usize = 6 << 20;

/// Lets the browser send at this pace, or not at all.
async fn network(browser: &Browser<'_>, offline: bool, pace: Option<usize>) -> TestResult {
    let upload = pace.map_or(json!(-1), |pace| json!(pace));
    let conditions =
        json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upload });
    browser.command("Network.emulateNetworkConditions", conditions).await.map(drop)
}

/// How much of the file is sent, from 0 to 1.
async fn sent(browser: &Browser<'_>) -> TestResult<f64> {
    let value = browser.script("return document.querySelector('.transfer progress')?.value ?? 0", vec![]);
    Ok(value.await?.as_f64().unwrap_or_default())
}

async fn choose(browser: &Browser<'_>, file: &Path) -> TestResult {
    browser.find(".upload input[type=file]").await?.send_keys(file.to_str().ok_or("no path")?).await?;
    browser.press("form.upload > button").await
}

#[tokio::test]
async fn an_upload_goes_on_after_a_lost_connection_and_after_the_page_is_loaded_anew() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    let id = served.find("张三").await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("证书.pdf");
    // No two parts of it are alike.
    let bytes: Vec<u8> = b"%PDF-1.7\n"
        .iter()
        .copied()
        .chain((0..).map(|n: u32| (n % 251 + n / 65521) as u8))
        .take(LENGTH)
        .collect();
    fs::write(&file, &bytes)?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        browser.command("Network.enable", json!({})).await?;
        browser.open(&format!("/applications/{id}")).await?;
        assert_eq!(browser.count("[data-unfinished]:not([hidden])").await?, 0);
        network(browser, false, Some(PACE)).await?;
        choose(browser, &file).await?;
        browser.until("a fifth of it", async || Ok(sent(browser).await? > 0.2)).await?;
        browser.press("[data-pause]").await?;
        browser
            .until("a pause", async || Ok(browser.text(".transfer output").await?.contains("已暂停")))
            .await?;
        browser.press("[data-pause]").await?;

        browser.until("two fifths of it", async || Ok(sent(browser).await? > 0.4)).await?;
        network(browser, true, None).await?;
        let lost = async || Ok(browser.text(".transfer output").await?.contains("连接中断"));
        browser.until("the loss of the connection", lost).await?;
        network(browser, false, Some(PACE)).await?;
        browser.until("two thirds of it", async || Ok(sent(browser).await? > 0.67)).await?;

        browser.open(&format!("/applications/{id}")).await?;
        assert_eq!(browser.count("[data-unfinished]:not([hidden])").await?, 1, "it is remembered");
        network(browser, false, None).await?;
        let page = browser.find("html").await?;
        choose(browser, &file).await?;
        browser.until("the page with the file", async || Ok(!page.is_present().await?)).await?;
        assert!(browser.text("#files").await?.contains("证书.pdf"));
        assert_eq!(browser.count("[data-unfinished]:not([hidden])").await?, 0, "nothing is left to do");
        Ok(())
    })
    .await?;

    let hr = served.as_user("hr").await?;
    let view = served.archive.show(&hr, id).await?;
    let stored = view
        .materials
        .iter()
        .find(|of| of.content.file().is_some_and(|file| file.name.as_str() == "证书.pdf"));
    let opened = served.archive.open_file(&hr, id, stored.ok_or("no such file")?.id, true).await?;
    let pieces: Vec<bytes::Bytes> = opened.range(0..LENGTH as u64)?.try_collect().await?;
    assert!(pieces.concat() == bytes, "what is stored is not what was sent");
    let auditor = served.as_user("auditor").await?;
    let filter =
        LogFilter { action: Some("upload_part".to_owned()), limit: Some(1000), ..LogFilter::default() };
    let parts = served.archive.log_records(&auditor, filter).await?.records;
    let kept: u64 = parts.iter().flat_map(|record| record.entry.counts.values()).sum();
    assert_eq!(kept, LENGTH as u64, "each byte was kept once, in {} parts", parts.len());
    assert!(parts.len() > 3, "no part was interrupted");
    Ok(())
}

#[tokio::test]
async fn of_two_files_the_good_one_is_listed_and_the_other_is_told_why_it_is_not() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    let id = served.find("张三").await?;
    let folder = tempfile::tempdir()?;
    let (bad, good) = (folder.path().join("说明.txt"), folder.path().join("证书.pdf"));
    fs::write(&bad, "这不是可以上传的文件")?;
    fs::write(&good, b"%PDF-1.7\n%%EOF\n")?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        browser.open(&format!("/applications/{id}")).await?;
        let both = format!("{}\n{}", bad.to_str().ok_or("no path")?, good.to_str().ok_or("no path")?);
        browser.find(".upload input[type=file]").await?.send_keys(both).await?;
        browser.press("form.upload > button").await?;
        browser
            .until("the good one", async || Ok(browser.text("[data-live=files]").await?.contains("证书.pdf")))
            .await?;
        let told = browser.text(".transfer output").await?;
        assert!(told.contains("可以上传 PDF、Word、图片、音频和视频") && !told.contains("octet"), "{told}");
        assert_eq!(browser.count(".transfer").await?, 1, "the good one has left the list of transfers");

        // A file that misses its place is not opened in place of the page.
        let dropped = browser
            .script(
                "const drop = new DragEvent('drop', { bubbles: true, cancelable: true });
                document.querySelector('h1').dispatchEvent(drop); return drop.defaultPrevented",
                vec![],
            )
            .await?;
        assert_eq!(dropped, true);
        Ok(())
    })
    .await
}
