//! Two persons for large downloads, in the pages and by the API.

use axum::http::header;
use dossier_access::{Token, TokenScope, TokenScopes};
use dossier_archive::{NewToken, ReleaseRule, SearchRequest};
use dossier_domain::text::Line;
use dossier_testkit::TestResult;
use serde_json::json;

use crate::server::Server;

impl Server {
    /// A second HR administrator, and a rule of two.
    async fn with_two_persons(&self) -> TestResult<Token> {
        let second = json!({ "login": "hr2", "roles": ["hr_administrator"] });
        self.ask("admin", "POST", "/api/v1/users", second).await.expect(201);
        self.ask("admin", "PUT", "/api/v1/release-rule", json!({ "from": 2 })).await.expect(200);
        assert_eq!(self.test.archive.release_rule().await?, ReleaseRule { from: Some(2) });
        self.sign_in("hr2").await
    }
}

#[tokio::test]
async fn who_ticks_too_many_asks_and_another_person_lets_it_go() -> TestResult {
    let server = Server::new().await?;
    let (hr, hr2) = (server.sign_in("hr").await?, server.with_two_persons().await?);
    let found =
        server.test.archive.search(&server.test.as_user("hr").await?, SearchRequest::default()).await?;
    let ticked: Vec<String> =
        found.hits.hits.iter().map(|hit| format!("application={}", hit.application)).collect();
    let form = format!("{}&contents=transcript&reason=test", ticked.join("&"));
    let answer = server.submit(&hr, "/fetch", &form).await.expect(303);
    let place = answer.header(header::LOCATION).to_owned();
    let release = place.strip_prefix("/releases#").ok_or("it leads elsewhere")?;
    let decide = format!("act=release&release={release}");

    let own = server.read(&hr, "en", "/releases").await.expect(200).text();
    assert!(own.contains(release) && own.contains("waits") && !own.contains("value=\"release\""), "{own}");
    server.submit(&hr, "/releases", &decide).await.expect(403);
    assert!(!server.read(&hr, "en", "/candidates").await.expect(200).text().contains("for your release"));
    let told = server.read(&hr2, "en", "/candidates").await.expect(200).text();
    assert!(told.contains("1 batch downloads wait for your release"), "{told}");
    assert!(server.read(&hr2, "zh", "/releases").await.expect(200).text().contains("value=\"release\""));
    server.submit(&hr2, "/releases", &decide).await.expect(303);

    let fetch = format!("act=fetch&release={release}");
    server.submit(&hr2, "/releases", &fetch).await.expect(404);
    assert!(server.read(&hr, "en", "/releases").await.expect(200).text().contains("Download ZIP"));
    let zip = server.submit(&hr, "/releases", &fetch).await.expect(200);
    assert_eq!(zip.header(header::CONTENT_TYPE), "application/zip");
    assert!(zip.bytes.starts_with(b"PK"));
    // The rule stands in the settings of the system administrator, and nobody else's.
    let admin = server.sign_in("admin").await?;
    server.submit(&admin, "/settings", "act=releases&release_from=").await.expect(303);
    assert_eq!(server.test.archive.release_rule().await?, ReleaseRule { from: None });
    server.submit(&admin, "/settings", "act=releases&release_from=x").await.expect(400);
    server.submit(&hr, "/settings", "act=releases&release_from=1").await.expect(403);
    Ok(())
}

#[tokio::test]
async fn a_program_asks_and_no_token_is_the_second_person() -> TestResult {
    let server = Server::new().await?;
    let hr2 = server.with_two_persons().await?;
    let wanted = json!({ "contents": ["transcript"], "reason": "test" });
    let refused = server.ask("hr", "POST", "/api/v1/fetch", wanted.clone()).await.expect(403).json();
    assert_eq!(refused["type"], "/problems/release-needed");
    let asked = server.ask("hr", "POST", "/api/v1/releases", wanted).await.expect(201).json();
    assert_eq!(
        (&asked["applications"], &asked["state"], &asked["login"]),
        (&json!(3), &json!("waiting"), &json!("hr"))
    );
    let path = format!("/api/v1/releases/{}", asked["id"].as_str().ok_or("no id")?);
    server.ask("hr", "POST", &format!("{path}/fetch"), json!(null)).await.expect(422);

    let decision = json!({ "released": true });
    let person = server.test.as_user("hr2").await?;
    let new = NewToken { name: Line::parse("test")?, scopes: TokenScopes::new(TokenScope::ALL)?, days: None };
    let token = server.test.archive.make_token(&person, new).await?.token;
    let by_token = server.request("", "PUT", &format!("{path}/decision"));
    let by_token = by_token.header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()));
    let by_token = by_token.header(header::CONTENT_TYPE, "application/json");
    server.send(by_token.body(decision.to_string().into())?).await.expect(403);
    let by_person = server.request("", "PUT", &format!("{path}/decision"));
    let by_person = by_person.header(header::COOKIE, format!("__Host-dossier={}", hr2.reveal()));
    let by_person = by_person.header(header::CONTENT_TYPE, "application/json");
    let by_person = by_person.header("x-csrf-token", hr2.csrf());
    let released = server.send(by_person.body(decision.to_string().into())?).await.expect(200).json();
    assert_eq!((&released["state"], &released["decided_by"]), (&json!("released"), &json!("hr2")));

    let zip = server.ask("hr", "POST", &format!("{path}/fetch"), json!(null)).await.expect(200);
    assert_eq!(zip.header("dossier-applications"), "3");
    // It can be gone on with as any.
    let rest = server.get("hr", zip.header(header::CONTENT_LOCATION)).await.expect(200);
    assert!(rest.bytes == zip.bytes);
    let listed = server.get("hr", "/api/v1/releases").await.expect(200).json();
    assert_eq!(listed["releases"].as_array().map(Vec::len), Some(1));
    server.get("auditor", "/api/v1/releases").await.expect(403);
    Ok(())
}
