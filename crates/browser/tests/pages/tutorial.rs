//! The five steps of the tutorial, from an archive without a candidate to the log of it all.

use std::{fs, path::Path, process::Command};

use dossier_browser::{Browser, Look, Served, Setting};
use dossier_testkit::TestResult;
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::english;

/// Enough of a PDF to be known as one.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

#[tokio::test]
async fn the_tutorial_in_chinese() -> TestResult {
    let served = Served::start(Setting::Users)?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        assert!(browser.text(".empty").await?.contains("还没有候选人"), "an empty archive says what to do");
        connect(browser, &served).await?;
        sync(browser).await?;
        search(browser).await?;
        watch(browser).await?;
        tag_and_add(browser).await?;
        fetch_ten(browser).await
    })
    .await?;
    Browser::visit(&served, Look::default(), read_the_log).await
}

#[tokio::test]
async fn the_tutorial_in_english() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    Browser::visit(&served, english(), async |browser| {
        browser.sign_in("hr").await?;
        assert_eq!(browser.driver.title().await?, "Candidates · Dossier");
        browser.open("/connections/ribbon").await?;
        browser.go("button[value=test]").await?;
        assert!(browser.text(".notice.good").await?.contains("The connection works."));
        browser.go("button[value=sync]").await?;
        // What is ticked meanwhile stays: the board alone is renewed.
        assert!(!browser.page().await?.contains("http-equiv"), "the page does not load itself anew");
        browser.press("[name=field][value=video]").await?;
        browser
            .until("the end of the sync", async || {
                Ok(browser.page().await?.contains("The last sync ended well"))
            })
            .await?;
        assert_eq!(browser.count("[name=field]:checked").await?, 8);
        assert_eq!(browser.count("button[value=sync]").await?, 1, "the buttons are renewed with the board");
        browser.open("/candidates").await?;
        browser.fill("#q", "zhangsan score>=80").await?;
        browser.find("#q").await?.send_keys(Key::Enter + "").await?;
        browser.go("table.candidates tbody th a").await?;
        assert!(browser.text("main h1").await?.contains("张三"));
        watch(browser).await?;
        let page = browser.page().await?;
        assert!(page.contains("Transcript") && page.contains("Supplements"), "{page}");
        Ok(())
    })
    .await
}

/// Step 2: the vendor, its key, and what exactly is wrong with a wrong one.
async fn connect(browser: &Browser<'_>, served: &Served) -> TestResult {
    for key in ["a wrong key", served.vendor.key()] {
        browser.open("/connections").await?;
        browser
            .fill(
                "[name=name]",
                key.get(..7).filter(|start| *start == "a wrong").map_or("演示供应商", |_| "写错了"),
            )
            .await?;
        browser.fill("[name=key]", key).await?;
        browser.press("form.card details summary").await?;
        browser.fill("[name=settings]", &served.vendor.settings().to_string()).await?;
        browser.go("form.card button.primary").await?;
        assert!(browser.path().await?.starts_with("/connections/"), "{}", browser.page().await?);
        browser.go("button[value=test]").await?;
        let said = browser.text(".notice, .mistake").await?;
        if key == "a wrong key" {
            assert!(said.contains("密钥"), "a wrong key is named as such: {said}");
            browser.press("details.card summary").await?;
            browser.go("button[value=remove]").await?;
        } else {
            assert!(said.contains("连接正常"), "{said}");
        }
    }
    Ok(())
}

/// Step 2, the end: everything comes in, and the board tells.
async fn sync(browser: &Browser<'_>) -> TestResult {
    browser.go("button[value=sync]").await?;
    browser.until("the end of the sync", async || Ok(browser.page().await?.contains("上次同步完成"))).await?;
    let facts = browser.text("section.card dl.facts").await?;
    assert!(facts.contains("36"), "three dozen interviews are new: {facts}");
    browser.open("/connections").await?;
    let board = browser.text("table.list tbody").await?;
    assert!(board.contains("演示供应商") && board.contains("正常"), "{board}");
    Ok(())
}

/// Step 4: what comes to mind.
async fn search(browser: &Browser<'_>) -> TestResult {
    browser.open("/candidates").await?;
    assert!(browser.text(".total").await?.contains("36 份应聘"));
    browser.fill("#q", "张三+客户经理+80分").await?;
    browser.go(".finder button.primary").await?;
    assert!(browser.text(".total").await?.starts_with("1 "), "one hit");
    assert_eq!(
        browser.count(".chips .chip").await?,
        3,
        "name, position and score, each as it was understood"
    );
    browser.go("table.candidates tbody th a").await?;
    let head = browser.text("header.dossier").await?;
    assert!(["张三", "客户经理", "86", "齐全"].iter().all(|part| head.contains(part)), "{head}");
    Ok(())
}

/// Step 4: the video inside its sealed file, and what follows it.
async fn watch(browser: &Browser<'_>) -> TestResult {
    let video = async |what: &str| {
        browser.script(&format!("const v = document.querySelector('video'); return {what}"), vec![]).await
    };
    browser.until("the video's frame", async || Ok(video("v.readyState >= 2").await? == json!(true))).await?;
    let error = video("v.error && v.error.message").await?;
    assert_eq!(error, Value::Null, "the video plays");
    video("v.muted = true, v.play()").await?;
    browser
        .until("the video to run", async || Ok(video("v.currentTime").await?.as_f64() > Some(0.3)))
        .await?;
    assert_eq!(browser.count(".turn[aria-current]").await?, 1, "the line that is being said is marked");
    let first = browser.text(".turn[aria-current]").await?;

    // A press on the last question moves the video, and the transcript goes along.
    let at = browser
        .script(
            "const all = document.querySelectorAll('.questions [data-at]');
        all[all.length - 1].click(); return Number(all[all.length - 1].dataset.at)",
            vec![],
        )
        .await?;
    browser
        .until("the video at the last question", async || {
            Ok(video("!v.seeking && v.readyState >= 2 ? v.currentTime : -1").await?.as_f64() >= at.as_f64())
        })
        .await?;
    browser.until("another line", async || Ok(browser.text(".turn[aria-current]").await? != first)).await?;
    browser
        .until("the line on the curve", async || Ok(browser.count("[data-curve] .playhead").await? == 1))
        .await?;

    // The curve is right below the video, as wide as it, and as long as the film.
    let found = browser
        .script(
            "const box = (css) => document.querySelector(css).getBoundingClientRect();
            const video = box('video'), chart = box('[data-curve] svg.chart');
            const to = Number(document.querySelector('[data-curve] svg.chart').dataset.to);
            return { gap: chart.top - video.bottom, wider: chart.width - video.width,
                longer: to - document.querySelector('video').duration }",
            vec![],
        )
        .await?;
    assert!((0.0..12.0).contains(&found["gap"].as_f64().unwrap_or(f64::NAN)), "{found}");
    assert!(found["wider"].as_f64().is_some_and(|of| of.abs() < 2.0), "{found}");
    assert!(found["longer"].as_f64().is_some_and(|of| of.abs() < 0.5), "{found}");

    let source = video("v.currentSrc").await?;
    let part =
        browser.answer_of(source.as_str().ok_or("no source")?, json!({ "Range": "bytes=1000-1999" })).await?;
    assert_eq!(part["status"], 206, "{part}");
    assert!(
        part["headers"]["content-range"].as_str().is_some_and(|range| range.starts_with("bytes 1000-1999/")),
        "{part}"
    );
    assert_eq!(part["headers"]["cache-control"], "no-store");
    video("v.pause()").await?;
    Ok(())
}

/// Step 3: a tag of one's own, and a file by hand.
async fn tag_and_add(browser: &Browser<'_>) -> TestResult {
    browser.fill(".tags form.add input[name=add]", "高潜力候选人").await?;
    browser.go(".tags form.add button").await?;
    assert!(browser.text(".tag.own").await?.contains("高潜力候选人"));
    let folder = tempfile::tempdir()?;
    // Larger than a form may be: a file is not one.
    let file = folder.path().join("资格证书.pdf");
    fs::write(&file, [PDF, &vec![b'\n'; 2 << 20]].concat())?;
    browser.find("input[type=file]").await?.send_keys(file.to_str().ok_or("no path")?).await?;
    browser.go("form.upload button").await?;
    assert!(browser.text("#files").await?.contains("资格证书.pdf"));
    Ok(())
}

/// Step 4, the end: ten candidates in one ZIP.
async fn fetch_ten(browser: &Browser<'_>) -> TestResult {
    browser.open("/candidates").await?;
    let boxes = browser.driver.find_all(thirtyfour::By::Css("tbody [name=application]")).await?;
    for tick in boxes.iter().take(10) {
        tick.scroll_into_view().await?;
        tick.click().await?;
    }
    assert!(browser.text("form.fetch .chosen").await?.contains("已选 10 人"));
    browser
        .script(
            "for (const box of document.querySelectorAll('[name=contents]'))
        box.checked = ['video', 'resume_report'].includes(box.value)",
            vec![],
        )
        .await?;
    browser.fill("[name=reason]", "十月复核").await?;
    browser.press("form.fetch button").await?;
    let zip = browser.download().await?;
    let tested = Command::new("unzip").arg("-tq").arg(&zip).output()?;
    assert!(tested.status.success(), "{tested:?}");
    let names = listed(&zip)?;
    let with = |ending: &str| names.lines().filter(|name| name.ends_with(ending)).count();
    assert_eq!(with(".mp4"), 10, "{names}");
    assert_eq!(with("index.xlsx"), 1, "{names}");
    assert!(names.contains("张三"), "names are UTF-8: {names}");
    Ok(())
}

fn listed(zip: &Path) -> TestResult<String> {
    // In a UTF-8 locale, or unzip escapes what is not ASCII.
    let listed = Command::new("unzip").arg("-Z1").arg(zip).env("LC_ALL", "C.UTF-8").output()?;
    Ok(String::from_utf8(listed.stdout)?)
}

/// Step 1 asked for a log of everything: here it is, for the auditor.
async fn read_the_log(browser: &Browser<'_>) -> TestResult {
    browser.sign_in("auditor").await?;
    assert_eq!(browser.path().await?, "/log");
    let log = browser.text("table.log").await?;
    for part in ["十月复核", "hr", "登录", "同步", "下载资料 · 面试视频", "查看资料 · 面试视频", "标签"]
    {
        assert!(log.contains(part), "{part} is in the log: {log}");
    }
    assert!(!log.contains("张三"), "the log has no names");
    browser.go("button[name=verify]").await?;
    assert!(browser.text(".notice").await?.contains("日志完好"));
    Ok(())
}
