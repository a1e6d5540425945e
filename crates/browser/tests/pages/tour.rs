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
    let stop = |login, name, path: &str| (login, name, path.to_owned());
    Ok(vec![
        stop("", "sign-in", "/sign-in"),
        stop("", "welcome", &format!("/welcome/{}", invited.token.reveal())),
        stop("hr", "candidates", "/candidates"),
        stop("hr", "search", "/candidates?q=客户 得分>=70"),
        stop("hr", "nothing-found", "/candidates?q=没有这个人"),
        stop("hr", "mistake", "/candidates?q=得分>=九十 (张三"),
        stop("hr", "dossier", &format!("/applications/{id}")),
        stop("hr", "positions", "/positions"),
        stop("hr", "connections", "/connections"),
        stop("hr", "connection", "/connections/ribbon"),
        stop("hr", "settings", "/settings"),
        stop("hr", "account", "/account"),
        stop("hr", "not-found", "/no/such/page"),
        stop("hr", "denied", "/users"),
        stop("li", "interviewer", &format!("/applications/{id}")),
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
            if name == "dossier" {
                browser
                    .until("a frame", async || {
                        Ok(browser
                            .script("return document.querySelector('video').readyState >= 2", vec![])
                            .await?
                            == true)
                    })
                    .await?;
            }
            browser
                .picture(
                    &folder.join(kind).join(format!("{name}.png")),
                    kind == "phone" || name != "candidates",
                )
                .await
        })
        .await?;
    }
    Ok(())
}
