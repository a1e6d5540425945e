//! Pages that stay open: they are told that something changed, and that they may not be seen any more.

use std::time::Duration;

use axum::body::Body;
use dossier_testkit::TestResult;
use http_body_util::BodyExt;
use serde_json::json;

use crate::server::Server;

/// What is told at once of something that happens within the interval at which it is looked for.
const PATIENCE: Duration = Duration::from_secs(5);
/// So long nothing is told of what is none of the page's business.
const QUIET: Duration = Duration::from_millis(1500);

/// A page that is open.
pub(crate) struct Open(Body);

impl Open {
    pub(crate) async fn of(server: &Server, login: &str, events: &str) -> TestResult<Self> {
        let request = server.request(login, "GET", events).body(Body::empty())?;
        let response = server.unread(request).await;
        assert_eq!(response.status(), 200, "{events}");
        Ok(Self(response.into_body()))
    }

    /// What is told next; nothing where nothing is for so long, or the stream has ended.
    pub(crate) async fn told(&mut self, patience: Duration) -> TestResult<Option<String>> {
        let next = async {
            while let Some(frame) = self.0.frame().await {
                let data = frame?.into_data().map_err(|_| "no data")?;
                let text = String::from_utf8(data.to_vec())?;
                if let Some(event) = text.lines().find_map(|line| line.strip_prefix("event: ")) {
                    return Ok(Some(event.to_owned()));
                }
            }
            Ok(None)
        };
        tokio::time::timeout(patience, next).await.unwrap_or(Ok(None))
    }

    pub(crate) async fn is_told(&mut self, event: &str) -> TestResult {
        assert_eq!(self.told(PATIENCE).await?.as_deref(), Some(event));
        Ok(())
    }
}

/// Where the changes of a page are told.
fn events_of(page: &str) -> String {
    page.split("data-events=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_open_timeline_shows_what_happens_as_soon_as_it_does() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let path = format!("/applications/{}/timeline", server.application);
    let page = server.read(&session, "zh", &path).await.expect(200).text();
    assert!(!page.contains("人工面试 通过") && page.contains("data-live=\"timeline\""));
    let mut open = Open::of(&server, "hr", &events_of(&page)).await?;

    let stage = format!("/api/v1/applications/{}/stage", server.application);
    server
        .ask("hr", "POST", &stage, json!({ "to": "human_interview", "reason": "表现好" }))
        .await
        .expect(200);
    open.is_told("changed").await?;
    let fresh = server.read(&session, "zh", &path).await.expect(200).text();
    assert!(fresh.contains("表现好"), "{fresh}");

    // What others do elsewhere, and that somebody looks, is no change of it.
    server.ask("hr", "POST", "/api/v1/positions", json!({ "name": "elsewhere" })).await.expect(201);
    server.get("hr", &format!("/api/v1/applications/{}", server.application)).await.expect(200);
    assert_eq!(open.told(QUIET).await?, None);
    let claim = json!({ "claim": "CFA证书", "verdict": "confirmed" });
    let claims = format!("/api/v1/applications/{}/claims", server.application);
    server.ask("hr", "PUT", &claims, claim).await.expect(200);
    open.is_told("changed").await
}

#[tokio::test]
async fn a_list_of_interviews_changes_with_what_comes_and_goes() -> TestResult {
    let server = Server::new().await?;
    let all = server.get("hr", "/api/v1/applications").await.expect(200).json();
    let hits = all["hits"].as_array().unwrap();
    let own = hits.iter().find(|hit| hit["application"] == server.application.to_string()).unwrap();
    let other = hits.iter().find(|hit| hit["position"] != own["position"]).unwrap();
    let responsible = async |method: &str, hit: &serde_json::Value| {
        let path = format!("/api/v1/positions/{}/interviewers/li", hit["position"].as_str().unwrap());
        server.ask("hr", method, &path, json!(null)).await.expect(200)
    };
    let stage = format!("/api/v1/applications/{}/stage", server.application);
    let mut open = Open::of(&server, "li", "/api/v1/me/interviews/events").await?;
    server.ask("hr", "POST", &stage, json!({ "to": "human_interview" })).await.expect(200);
    assert_eq!(open.told(QUIET).await?, None, "it is no position of theirs");
    for hit in [own, other] {
        responsible("PUT", hit).await;
        open.is_told("changed").await?;
    }
    // What is theirs no longer goes from the list, although nothing changes of what is left in it.
    responsible("DELETE", own).await;
    open.is_told("changed").await?;
    server.ask("hr", "POST", &stage, json!({ "to": "offer" })).await.expect(200);
    assert_eq!(open.told(QUIET).await?, None);
    let stage = format!("/api/v1/applications/{}/stage", other["application"].as_str().unwrap());
    server.ask("hr", "POST", &stage, json!({ "to": "offer" })).await.expect(200);
    open.is_told("changed").await?;
    let list = server.get("li", "/api/v1/me/interviews").await.expect(200).json();
    assert_eq!(list, json!({ "waiting": [], "coming": [], "done": [] }));
    Ok(())
}
