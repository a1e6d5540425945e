//! Every page, as whoever it is for, to be looked at in one way or another.

use dossier_browser::{Browser, Look, Served, shared};
use dossier_domain::text::Login;
use dossier_testkit::TestResult;

/// A page: whose (nobody's, if empty), what to call it, where it is.
pub(crate) type Stop = (&'static str, &'static str, String);

/// All of them.
pub(crate) async fn stops(served: &Served) -> TestResult<Vec<Stop>> {
    let id = served.find("张三").await?;
    let checked = served.find("李思远").await?;
    let offered = served.find("解天宇").await?;
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
        stop("hr", "values", "/candidates/values?of=position"),
        stop("hr", "mistake", "/candidates?q=得分>=九十 (张三"),
        stop("hr", "dossier", &format!("/applications/{id}")),
        stop("hr", "timeline", &format!("/applications/{id}/timeline")),
        stop("hr", "offer", &format!("/applications/{offered}/offer")),
        stop("hr", "analysis", "/analysis"),
        stop("hr", "report", "/analysis?measure=pass_rate&by=position,month"),
        stop("hr", "comparison", "/analysis?measure=funnel&period=2023-10&against=2023-09"),
        stop("hr", "what-if", "/analysis/what-if?position=客户经理"),
        stop("hr", "proposals", "/analysis/proposals"),
        stop("hr", "answers", "/analysis?measure=answers"),
        stop("hr", "lexicon", "/lexicon"),
        stop("hr", "report-mistake", "/analysis?measure=pass_rate&by=month&q=得分>=九十"),
        stop("hr", "positions", "/positions"),
        stop("hr", "position", &format!("/positions/{position}")),
        stop("hr", "board", &format!("/positions/{position}/board")),
        stop("hr", "connections", "/connections"),
        stop("hr", "connection", "/connections/ribbon"),
        stop("hr", "notices", "/notices"),
        stop("hr", "channels", "/channels"),
        stop("hr", "settings", "/settings"),
        stop("hr", "account", "/account"),
        stop("hr", "api", "/api"),
        stop("hr", "not-found", "/no/such/page"),
        stop("hr", "denied", "/users"),
        stop("li", "interviewer", &format!("/applications/{id}")),
        stop("li", "interviews", "/interviews"),
        stop("li", "interview", &format!("/applications/{id}/interview")),
        stop("li", "report-withheld", "/analysis?measure=pass_rate&by=month"),
        stop("checker", "notices-of-a-checker", "/notices"),
        stop("checker", "background-check", &format!("/applications/{checked}")),
        stop("checker", "claims", &format!("/applications/{checked}/check")),
        stop("auditor", "log", "/log?verify=1"),
        stop("admin", "users", "/users"),
        stop("admin", "system-settings", "/settings"),
    ])
}

/// Goes through all pages of the shared archive in one window.
pub(crate) async fn tour(look: Look, see: impl AsyncFn(&Browser<'_>, &str) -> TestResult) -> TestResult {
    tour_of(shared()?, look, see).await
}

/// Goes through all pages of an archive in one window.
pub(crate) async fn tour_of(
    served: &Served,
    look: Look,
    see: impl AsyncFn(&Browser<'_>, &str) -> TestResult,
) -> TestResult {
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
