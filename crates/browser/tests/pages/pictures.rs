//! Pictures of every page: those that the documentation shows, and more for whoever works on their looks.

use dossier_archive::{Move, SearchRequest};
use dossier_browser::{Browser, Look, PHONE, Served, Setting, root, shared};
use dossier_domain::{Clock as _, text::Line};
use dossier_simulator::{Bank, BankOptions};
use dossier_testkit::TestResult;

use crate::{
    english,
    tour::{stops, tour_of},
};

/// The window of the pictures in the documentation, small enough for small files.
const SHOWN_WINDOW: (u32, u32) = (1080, 680);
const SHOWN_SCALE: f64 = 0.8;
/// In bytes: a repository keeps every version of a picture.
const LARGEST_SHOWN: u64 = 150_000;

/// `cargo xtask screenshots`
#[tokio::test]
#[ignore = "makes pictures and tests nothing; `cargo xtask screenshots` runs it"]
async fn screenshots() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    decide(&served).await?;
    let folder = root().join("target/screenshots");
    let phone = Look { window: PHONE, ..Look::default() };
    let looks =
        [("zh-light", Look::default()), ("en-dark", Look { dark: true, ..english() }), ("phone", phone)];
    for (kind, look) in looks {
        tour_of(&served, look, async |browser, name| {
            has_frame(browser).await?;
            let whole = kind == "phone" || name != "candidates";
            browser.picture(&folder.join(kind).join(format!("{name}.png")), whole, 1.0).await
        })
        .await?;
    }
    let shown = Look { window: SHOWN_WINDOW, ..Look::default() };
    tour_of(&served, shown, async |browser, name| {
        has_frame(browser).await?;
        let file = root().join("docs/screenshots").join(format!("{name}.png"));
        browser.picture(&file, false, SHOWN_SCALE).await?;
        let size = std::fs::metadata(&file)?.len();
        if size > LARGEST_SHOWN {
            Err(format!("{size} bytes are too many for a picture").into())
        } else {
            Ok(())
        }
    })
    .await
}

/// `docs/pages.md` shows every page, and no picture lies beside it unseen.
#[tokio::test]
async fn every_page_has_its_picture_in_the_documentation() -> TestResult {
    let pictures = root().join("docs/screenshots");
    let text = std::fs::read_to_string(root().join("docs/pages.md"))?;
    let mut stops: Vec<String> =
        stops(shared()?).await?.iter().map(|stop| format!("{}.png", stop.1)).collect();
    for picture in &stops {
        assert!(text.contains(&format!("(screenshots/{picture})")), "docs/pages.md does not show {picture}");
    }
    let files: std::io::Result<Vec<_>> = std::fs::read_dir(pictures)?
        .map(|file| Ok(file?.file_name().to_string_lossy().into_owned()))
        .collect();
    let mut files = files?;
    files.sort();
    stops.sort();
    assert_eq!(files, stops, "`cargo xtask screenshots` makes them");
    Ok(())
}

/// Waits until the video, if there is one, shows a face.
async fn has_frame(browser: &Browser<'_>) -> TestResult {
    const SHOW: &str = "const [done] = arguments, video = document.querySelector('video');
        if (!video) done();
        else { video.requestVideoFrameCallback(() => requestAnimationFrame(() => done())); video.currentTime = 2; }";
    browser.driver.execute_async(SHOW, vec![]).await?;
    Ok(())
}

/// People decide about the candidates as the simulator says, so that pages and reports have something to show.
pub(crate) async fn decide(served: &Served) -> TestResult {
    let hr = served.as_user("hr").await?;
    let all = SearchRequest { limit: Some(1000), ..SearchRequest::default() };
    let hits = served.archive.search(&hr, all).await?.hits.hits;
    let bank = Bank::generate(BankOptions { candidates: hits.len(), ..BankOptions::default() });
    let mut decisions = Vec::new();
    for hit in hits {
        let view = served.archive.show(&hr, hit.application).await?;
        let number = view.interviews.first().and_then(|interview| bank.find(interview.remote_id.as_str()));
        let decided = number.map(|number| bank.decisions(number)).unwrap_or_default();
        decisions.extend(decided.into_iter().map(|decision| (decision, hit.application)));
    }
    decisions.sort_by_key(|(decision, _)| decision.at);
    let now = served.clock.now();
    for (decision, application) in decisions.into_iter().filter(|(decision, _)| decision.at < now) {
        served.clock.advance(decision.at - served.clock.now());
        let reason = Some(Line::parse(decision.reason)?);
        let then = served.as_user("hr").await?;
        served.archive.move_to(&then, application, &Move::to(decision.to).because(reason)).await?;
    }
    served.clock.advance(now - served.clock.now());
    Ok(())
}
