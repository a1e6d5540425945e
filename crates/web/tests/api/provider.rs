//! The way to the bank's own login and back, in HTTP: cookies, addresses, and what a page says.

use std::sync::Arc;

use axum::{body::Body, http::header};
use dossier_domain::Clock;
use dossier_simulator::LoginProvider;
use dossier_testkit::{TestArchive, TestResult};

use crate::server::{Answer, Server};

struct Branch {
    server: Server,
    login: LoginProvider,
}

impl Branch {
    async fn new(passwords: bool) -> TestResult<Self> {
        let mut test = TestArchive::new().await?;
        let login = LoginProvider::start(Arc::clone(&test.clock) as Arc<dyn Clock>).await?;
        login.sign_in_as("subject-of-hr", "hr");
        test.set_provider(&login, |settings| settings.passwords = passwords)?;
        Ok(Self { server: Server::over(test).await?, login })
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = self.server.request("", "GET", path).header(header::COOKIE, cookie);
        self.server.send(request.body(Body::empty()).unwrap()).await
    }

    /// Leaves, and gives the cookie that is kept and the address to come back to.
    async fn leave(&self, next: &str) -> TestResult<(String, String)> {
        let answer = self.get(&format!("/sign-in/provider?next={next}"), "").await.expect(303);
        let back = self.login.follow(&answer.header(header::LOCATION).parse()?).ok_or("refused")?;
        let kept = answer.header(header::SET_COOKIE);
        for part in
            ["__Host-dossier-provider=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"]
        {
            assert!(kept.contains(part), "{part}: {kept}");
        }
        let pair = kept.split(';').next().unwrap_or_default().to_owned();
        Ok((pair, format!("{}?{}", back.path(), back.query().unwrap_or_default())))
    }
}

fn cookies(answer: &Answer) -> Vec<&str> {
    answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
}

#[tokio::test]
async fn whoever_comes_back_has_a_session_and_goes_where_they_wanted() -> TestResult {
    let branch = Branch::new(true).await?;
    let (kept, back) = branch.leave("/candidates%3Fq%3D80%E5%88%86").await?;
    let answer = branch.get(&back, &kept).await.expect(303);
    // What is no plain address leads to the start.
    assert_eq!(answer.header(header::LOCATION), "/");
    let cookies = cookies(&answer);
    assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-dossier-provider=; ")), "{cookies:?}");
    let session = cookies.iter().find(|cookie| cookie.starts_with("__Host-dossier=")).ok_or("no session")?;
    let page = branch.get("/account", session.split(';').next().unwrap_or_default()).await.expect(200);
    assert!(page.text().contains("hr"));
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    Ok(())
}

#[tokio::test]
async fn another_browser_or_site_gains_nothing() -> TestResult {
    let branch = Branch::new(true).await?;
    let (kept, back) = branch.leave("/candidates").await?;
    let (other, _) = branch.leave("//evil.example/").await?;
    assert!(other.ends_with("|/"), "nobody is sent to another site: {other}");
    let (semicolon, _) = branch.leave("/x%3BDomain%3Devil.example").await?;
    assert!(semicolon.ends_with("|/"), "{semicolon}");
    for cookie in ["", &other, "__Host-dossier-provider=nonsense", &format!("{kept}; {kept}")] {
        let answer = branch.get(&back, cookie).await.expect(403);
        assert!(answer.text().contains("ask the system administrator"), "{}", answer.text());
        assert!(cookies(&answer).iter().all(|cookie| !cookie.starts_with("__Host-dossier=")));
    }
    branch.get(&back, &kept).await.expect(303);
    Ok(())
}

#[tokio::test]
async fn the_page_offers_what_is_taken() -> TestResult {
    let plain = Server::new().await?;
    let page = plain.get("", "/sign-in").await.expect(200).text();
    assert!(page.contains("name=\"password\"") && !page.contains("/sign-in/provider"));
    plain.get("", "/sign-in/provider").await.expect(404);

    let both = Branch::new(true).await?;
    let page = both.get("/sign-in?next=/analysis", "").await.expect(200).text();
    assert!(page.contains("name=\"password\"") && page.contains("/sign-in/provider?next=%2Fanalysis"));
    let alone = Branch::new(false).await?;
    let page = alone.get("/sign-in", "").await.expect(200).text();
    assert!(!page.contains("name=\"password\"") && page.contains("Bank sign-in"));
    Ok(())
}

#[tokio::test]
async fn a_provider_that_is_away_is_told_of() -> TestResult {
    let branch = Branch::new(true).await?;
    branch.login.go_down(true);
    let answer = branch.get("/sign-in/provider", "").await.expect(503);
    assert!(answer.text().contains("not available for the moment"), "{}", answer.text());
    assert!(answer.text().contains("name=\"password\""), "a password is taken meanwhile");
    Ok(())
}
