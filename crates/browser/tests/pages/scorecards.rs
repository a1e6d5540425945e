//! The human interview: an interviewer watches, notes, judges and hands in; HR compares.

use dossier_archive::Move;
use dossier_browser::{Browser, Look, Served, Setting};
use dossier_domain::{ApplicationId, Stage};
use dossier_testkit::TestResult;
use serde_json::json;

/// A candidate of 客户经理 who stands in the human interview.
async fn candidate(served: &Served) -> TestResult<ApplicationId> {
    let hr = served.as_user("hr").await?;
    let id = served.find("张三").await?;
    served.archive.move_to(&hr, id, &Move::to(Stage::HumanInterview)).await?;
    Ok(id)
}

#[tokio::test]
async fn an_interviewer_judges_beside_the_video_and_hr_compares() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    let id = candidate(&served).await?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("li").await?;
        browser.go("nav.places [href='/interviews']").await?;
        assert!(browser.text("main").await?.contains("等待评分"));
        browser.go(&format!("main a[href='/applications/{id}/interview']")).await?;
        assert!(browser.text("nav.tabs").await?.contains("AI面试资料"));
        for part in ["video", ".turns", "[data-curve]", "#skill_assessment", ".prompts li"] {
            assert!(browser.count(part).await? > 0, "{part}");
        }
        assert!(!browser.page().await?.contains("人工面试评分"), "nobody has judged yet");

        browser.script("document.querySelector('video').currentTime = 3", vec![]).await?;
        browser.press("[data-note]").await?;
        browser.fill(".jot:first-of-type [name=note]", "举例具体").await?;
        let at = browser.find(".jot [name=at]").await?.value().await?;
        assert_eq!(at.as_deref(), Some("0:03"));
        browser.go("button[value=hand-in]").await?;
        assert!(browser.text("[role=alert]").await?.contains("评分"), "it is not whole");
        let kept = browser.find(".jot [name=note]").await?.value().await?;
        assert_eq!(kept.as_deref(), Some("举例具体"), "what was typed is still there");

        browser.script(
            "document.querySelectorAll('.mark').forEach((mark) => mark.querySelector('[value=\"4\"]').click())", vec![]).await?;
        browser.press("[name=recommendation][value=for]").await?;
        browser.fill("[name=summary]", "基础扎实，建议录用").await?;
        browser.go("button[value=save]").await?;
        assert!(browser.text(".scorecard .bar").await?.contains("草稿"));
        browser.go("button[value=hand-in]").await?;
        assert_eq!(browser.count("form.scorecard").await?, 0, "it can't be changed any more");
        assert!(browser.text("#judgements").await?.contains("基础扎实，建议录用"));
        browser.open("/interviews").await?;
        assert!(browser.text("main").await?.contains("已评分"));

        browser.driver.delete_all_cookies().await?;
        browser.sign_in("hr").await?;
        browser.open(&format!("/applications/{id}/interview")).await?;
        let judgements = browser.text("#judgements").await?;
        assert!(judgements.contains("1 / 1") && judgements.contains("专业能力"), "{judgements}");
        assert_eq!(browser.count("form.scorecard").await?, 0, "HR judges nobody");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_candidate_who_withdrew_meanwhile_takes_no_scorecard() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    let id = candidate(&served).await?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.command("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        browser.sign_in("li").await?;
        browser.open(&format!("/applications/{id}/interview")).await?;
        browser.fill("[name=summary]", "先记一笔").await?;
        let hr = served.as_user("hr").await?;
        served.archive.move_to(&hr, id, &Move::to(Stage::Withdrawn)).await?;
        browser.go("button[value=save]").await?;
        let page = browser.page().await?;
        assert!(page.contains("已离开面试阶段或已结束"), "{page}");
        assert!(!page.contains("张三"), "{page}");
        Ok(())
    })
    .await
}
