//! Every page, as whoever it is for, to be looked at in one way or another.

use dossier_browser::{Browser, Look, PHONE, Served, root, shared};
use dossier_domain::text::Login;
use dossier_testkit::TestResult;

use crate::english;

/// A page: whose (nobody's, if empty), what to call it, where it is.
type Stop = (&'static str, &'static str, String);

async fn stops(served: &Served) -> TestResult<Vec<Stop>> {
    let id = served.find("张三").await?;
    let checked = served.find("李思远").await?;
    let invited = served.archive.invite(&served.as_user("admin").await?, &Login::parse("li")?).await?;
    let positions = served.archive.positions(&served.as_user("hr").await?).await?;
    let position = positions.iter().find(|of| of.name.as_str() == "客户经理").ok_or("no position")?.id;
    let stop = |login, name, path: &str| (login, name, path.to_owned());
    Ok(vec![
        stop("", "sign-in", "/sign-in"),
        stop("", "welcome", &format!("/welcome/{}", invited.token.reveal())),
        stop("hr", "candidates", "/candidates"),
        stop("hr", "search", "/candidates?q=客户 得分>=70"),
        stop("hr", "nothing-found", "/candidates?q=没有这个人"),
        stop("hr", "mistake", "/candidates?q=得分>=九十 (张三"),
        stop("hr", "dossier", &format!("/applications/{id}")),
        stop("hr", "analysis", "/analysis"),
        stop("hr", "report", "/analysis?measure=pass_rate&by=position,month"),
        stop("hr", "report-mistake", "/analysis?measure=pass_rate&by=month&q=得分>=九十"),
        stop("hr", "positions", "/positions"),
        stop("hr", "board", &format!("/positions/{position}/board")),
        stop("hr", "connections", "/connections"),
        stop("hr", "connection", "/connections/ribbon"),
        stop("hr", "settings", "/settings"),
        stop("hr", "account", "/account"),
        stop("hr", "not-found", "/no/such/page"),
        stop("hr", "denied", "/users"),
        stop("li", "interviewer", &format!("/applications/{id}")),
        stop("li", "interviews", "/interviews"),
        stop("li", "interview", &format!("/applications/{id}/interview")),
        stop("li", "report-withheld", "/analysis?measure=pass_rate&by=month"),
        stop("checker", "background-check", &format!("/applications/{checked}")),
        stop("auditor", "log", "/log?verify=1"),
        stop("admin", "users", "/users"),
        stop("admin", "system-settings", "/settings"),
    ])
}

/// Goes through all pages in one window.
pub(crate) async fn tour(look: Look, see: impl AsyncFn(&Browser<'_>, &str) -> TestResult) -> TestResult {
    let served = shared()?;
    let stops = stops(served).await?;
    Browser::visit(served, look, async |browser| {
        let mut signed_in = "";
        for (login, name, path) in &stops {
            if *login != signed_in {
                browser.driver.delete_all_cookies().await?;
                browser.sign_in(login).await?;
                signed_in = login;
            }
            browser.open(path).await?;
            see(browser, name).await.map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(())
    })
    .await
}

/// Pages that the documentation shows, in a window small enough for small files.
const SHOWN: [&str; 5] = ["sign-in", "candidates", "dossier", "connections", "log"];
const SHOWN_WINDOW: (u32, u32) = (1080, 680);
const SHOWN_SCALE: f64 = 0.8;
/// In bytes: a repository keeps every version of a picture.
const LARGEST_SHOWN: u64 = 150_000;

/// `cargo xtask screenshots`
#[tokio::test]
#[ignore = "makes pictures and tests nothing; `cargo xtask screenshots` runs it"]
async fn screenshots() -> TestResult {
    let folder = root().join("target/screenshots");
    let phone = Look { window: PHONE, ..Look::default() };
    let looks =
        [("zh-light", Look::default()), ("en-dark", Look { dark: true, ..english() }), ("phone", phone)];
    for (kind, look) in looks {
        tour(look, async |browser, name| {
            has_frame(browser).await?;
            let whole = kind == "phone" || name != "candidates";
            browser.picture(&folder.join(kind).join(format!("{name}.png")), whole, 1.0).await
        })
        .await?;
    }
    let shown = Look { window: SHOWN_WINDOW, ..Look::default() };
    tour(shown, async |browser, name| {
        if !SHOWN.contains(&name) {
            return Ok(());
        }
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

/// Waits until the video, if there is one, shows a face.
async fn has_frame(browser: &Browser<'_>) -> TestResult {
    const SHOW: &str = "const [done] = arguments, video = document.querySelector('video');
        if (!video) done();
        else { video.requestVideoFrameCallback(() => requestAnimationFrame(() => done())); video.currentTime = 2; }";
    browser.driver.execute_async(SHOW, vec![]).await?;
    Ok(())
}
