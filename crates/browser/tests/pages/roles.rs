//! What each role sees, and what it does not even by guessing addresses.

use dossier_browser::{Browser, Look, Served, shared};
use dossier_domain::{ApplicationId, MaterialKind};
use dossier_testkit::TestResult;
use serde_json::{Value, json};

/// The addresses of the materials of an application, by kind, as HR knows them.
async fn materials(served: &Served, application: ApplicationId) -> TestResult<Vec<(MaterialKind, String)>> {
    let view = served.archive.show(&served.as_user("hr").await?, application).await?;
    let address = |id| format!("/applications/{application}/materials/{id}");
    Ok(view.materials.iter().map(|material| (material.kind(), address(material.id))).collect())
}

fn address_of(materials: &[(MaterialKind, String)], kind: MaterialKind) -> TestResult<&str> {
    let found = materials.iter().find(|(of, _)| *of == kind);
    Ok(found.map(|(_, address)| address.as_str()).ok_or("there is no such material")?)
}

/// An id that there is not, made of one that there is.
fn absent(id: ApplicationId) -> String {
    let text = id.to_string();
    let last = if text.ends_with('0') { "1" } else { "0" };
    format!("{}{last}", &text[..text.len() - 1])
}

#[tokio::test]
async fn an_interviewer_sees_their_position_and_takes_nothing_away() -> TestResult {
    let served = shared()?;
    let (own, other) = (served.find("张三").await?, served.find("李思远").await?);
    let (own_video, other_video) = (materials(served, own).await?, materials(served, other).await?);
    Browser::visit(served, Look::default(), async |browser| {
        browser.sign_in("li").await?;
        let table = browser.script(
            "return [...document.querySelectorAll('td[data-label=岗位]')].map((cell) => cell.textContent)", vec![]).await?;
        let positions = table.as_array().ok_or("no table")?;
        assert!(!positions.is_empty() && positions.iter().all(|position| position == "客户经理"), "{table}");
        assert!(!browser.page().await?.contains("风险控制"), "no count or folder tells of another position");
        assert_eq!(browser.count("form.fetch, [name=application]").await?, 0, "nothing to tick, nothing to fetch");
        let places = browser.text("nav.places").await?;
        assert!(["岗位", "集成", "用户", "设置", "日志"].iter().all(|place| !places.contains(place)), "{places}");
        let analysis = browser.answer_of("/analysis", json!({})).await?;
        assert!(!analysis["body"].as_str().unwrap_or_default().contains("风险控制"), "nor do reports");

        browser.open(&format!("/applications/{own}")).await?;
        browser.find("video").await?;
        assert_eq!(browser.count("[href*='download=1'], form.upload, form.add").await?, 0, "no download, no change");
        let page = browser.page().await?;
        assert!(!page.contains("电话") && !page.contains("证件号"), "no identity data: {page}");
        assert!(browser.text(".watermark").await?.contains("li li"), "the watermark names the viewer");
        let video = address_of(&own_video, MaterialKind::Video)?;
        assert_eq!(browser.answer_of(video, json!({ "Range": "bytes=0-9" })).await?["status"], 206);
        let taken = browser.answer_of(&format!("{video}?download=1"), json!({})).await?;
        assert_eq!(taken["status"], 403, "{taken}");

        let hidden = address_of(&other_video, MaterialKind::Video)?;
        same_as_absent(browser, &format!("/applications/{other}"), other).await?;
        same_as_absent(browser, hidden, other).await?;
        same_as_absent(browser, &format!("{hidden}?download=1"), other).await?;
        same_as_absent(browser, &format!("{hidden}/captions.vtt"), other).await
    })
    .await
}

/// The answer for what is hidden is the answer for what is not there, but for the address that was asked for itself.
async fn same_as_absent(browser: &Browser<'_>, path: &str, id: ApplicationId) -> TestResult {
    let unknown = absent(id);
    let hidden = browser.answer_of(path, json!({})).await?;
    let missing = browser.answer_of(&path.replace(&id.to_string(), &unknown), json!({})).await?;
    assert_eq!(hidden["status"], 404);
    assert_eq!(told(hidden, &id.to_string()), told(missing, &unknown), "{path}");
    Ok(())
}

/// All of an answer but the moment, the form tokens, which are others on each page, and the id that was asked for, which a
/// page repeats in its own address.
fn told(mut answer: Value, id: &str) -> String {
    answer["headers"]["date"] = Value::Null;
    let body = answer["body"].as_str().unwrap_or_default().to_owned();
    let without = |body: &str, mark: &str| {
        let mut pieces = body.split(mark);
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |all, piece| all + piece.split_once('"').map_or(piece, |(_, rest)| rest))
    };
    let marks = ["name=\"csrf\" content=\"", "name=\"csrf\" value=\"", "data-left=\""];
    answer["body"] = marks.iter().fold(body, |body, mark| without(&body, mark)).into();
    answer.to_string().replace(id, "ID")
}

#[tokio::test]
async fn a_background_checker_sees_neither_video_nor_emotion() -> TestResult {
    let served = shared()?;
    let id = served.find("李思远").await?;
    let materials = materials(served, id).await?;
    Browser::visit(served, Look::default(), async |browser| {
        browser.sign_in("checker").await?;
        assert!(browser.text(".total").await?.starts_with("1 "), "only who stands in the background check");
        assert!(
            browser.count(".facet a[href*='情绪'], .facet a[href*='%E6%83%85%E7%BB%AA']").await? == 0,
            "no count of emotion labels"
        );
        browser.open("/candidates?q=emotion:positive").await?;
        assert!(!browser.page().await?.contains("李思远"), "no guessing by search either");
        browser.open(&format!("/applications/{id}")).await?;
        let page = browser.page().await?;
        assert!(page.contains("技能测评") && page.contains("简历筛选报告"), "{page}");
        assert_eq!(browser.count("video, [data-curve], .turns").await?, 0);
        assert!(!page.contains("情绪"), "{page}");
        for (kind, address) in &materials {
            let answer = browser.answer_of(address, json!({})).await?;
            let captions = browser.answer_of(&format!("{address}/captions.vtt"), json!({})).await?;
            let status = (answer["status"].as_u64(), captions["status"].as_u64());
            assert!(status.0 >= Some(400) && status.1 >= Some(400), "{kind:?}: {status:?}");
            assert!(!captions["body"].to_string().contains("WEBVTT"), "{kind:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn auditor_and_system_administrator_see_no_candidate() -> TestResult {
    let served = shared()?;
    let id = served.find("张三").await?;
    for login in ["auditor", "admin"] {
        Browser::visit(served, Look::default(), async |browser| {
            browser.sign_in(login).await?;
            assert_eq!(browser.count("nav.places [href='/candidates']").await?, 0);
            for path in ["/candidates", "/candidates?q=张三", &format!("/applications/{id}")] {
                let answer = browser.answer_of(path, json!({})).await?;
                assert!(answer["status"].as_u64() >= Some(400), "{login} {path}");
                // The address is on the page, in the form that changes the language.
                assert!(!answer["body"].as_str().unwrap_or_default().contains("客户经理"), "{login} {path}");
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}
