//! A ZIP that breaks off and is gone on with; what a query's mistake and an upload say of themselves.

use axum::{body::Body, http::header};
use dossier_testkit::TestResult;
use serde_json::{Value, json};

use crate::server::{Answer, PDF, Server};

impl Server {
    async fn rest(&self, login: &str, path: &str, range: &str, of: &str) -> Answer {
        let request = self.request(login, "GET", path).header(header::RANGE, range);
        self.send(request.header(header::IF_RANGE, of).body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn a_zip_is_gone_on_with_by_who_began_it_while_they_may() -> TestResult {
    let server = Server::new().await?;
    let asked = json!({ "contents": ["supplement", "transcript"], "reason": "test" });
    let whole = server.ask("hr", "POST", "/api/v1/fetch", asked.clone()).await.expect(200);
    let (path, tag) =
        (whole.header(header::CONTENT_LOCATION).to_owned(), whole.header(header::ETAG).to_owned());
    assert_eq!(whole.header("dossier-applications"), "3");
    let length = whole.bytes.len();
    for from in [0, 1, 40, length / 2, length - 1] {
        let part = server.rest("hr", &path, &format!("bytes={from}-"), &tag).await.expect(206);
        assert!(part.bytes == whole.bytes[from..], "from {from}");
        let range = format!("bytes {from}-{}/{length}", length - 1);
        assert_eq!(part.header(header::CONTENT_RANGE), range);
    }
    server.rest("hr", &path, &format!("bytes={length}-"), &tag).await.expect(416);
    let other = server.rest("hr", &path, "bytes=9-", "\"other\"").await.expect(200);
    assert!(other.bytes == whole.bytes, "of another version nothing is a part");
    let absent = server.get("li", "/api/v1/fetch/none").await.expect(404);
    assert_eq!(server.get("li", &path).await.expect(404).bytes, absent.bytes);

    // Each user's third takes the place of the first.
    for _ in 0..2 {
        server.ask("hr", "POST", "/api/v1/fetch", asked.clone()).await.expect(200);
    }
    server.get("hr", &path).await.expect(404);
    let last = server.ask("hr", "POST", "/api/v1/fetch", asked).await.expect(200);
    let path = last.header(header::CONTENT_LOCATION);
    server.get("hr", path).await.expect(200);
    // Their token stays good when they become an interviewer, of no position.
    let successor = json!({ "login": "hr2", "roles": ["hr_administrator"] });
    server.ask("admin", "POST", "/api/v1/users", successor).await.expect(201);
    let roles = json!({ "roles": ["interviewer"] });
    server.ask("admin", "PUT", "/api/v1/users/hr/roles", roles).await.expect(200);
    server.get("hr", path).await.expect(404);
    Ok(())
}

#[tokio::test]
async fn a_query_s_mistake_says_where_it_is() -> TestResult {
    let server = Server::new().await?;
    let path =
        "/api/v1/applications?q=%E5%B2%97%E4%BD%8D%3DX%20%E9%9D%A2%E8%AF%95%E6%97%B6%E9%97%B4%3D2023-02-30";
    let wrong = server.get("hr", path).await.expect(422).json();
    assert_eq!(wrong["type"], "/problems/query");
    assert_eq!(wrong["mistake"], json!({ "start": 10, "end": 20, "suggestion": "2023-02-28" }));
    let other =
        server.ask("hr", "POST", "/api/v1/connections/none/test", Value::Null).await.expect(404).json();
    assert!(other.get("mistake").is_none());
    Ok(())
}

#[tokio::test]
async fn an_upload_says_what_it_has_become() -> TestResult {
    let server = Server::new().await?;
    let begun = server.request("hr", "POST", &format!("/api/v1/applications/{}/uploads", server.application));
    let begun = begun.header("tus-resumable", "1.0.0").header("upload-metadata", "filename YS5wZGY=");
    let begun = begun.header("upload-length", PDF.len().to_string());
    let path = server.send(begun.body(Body::empty())?).await.expect(201).header(header::LOCATION).to_owned();
    let waiting = server.get("hr", &path).await.expect(200).json();
    assert_eq!((&waiting["offset"], &waiting["material"]), (&json!(0), &Value::Null));
    let sent =
        server.request("hr", "PATCH", &path).header("tus-resumable", "1.0.0").header("upload-offset", "0");
    let sent = sent.header(header::CONTENT_TYPE, "application/offset+octet-stream").body(Body::from(PDF))?;
    let sent = server.send(sent).await.expect(204);
    let became = server.get("hr", &path).await.expect(200).json();
    assert_eq!(became["material"]["id"], sent.header("dossier-material"));
    assert_eq!(became["material"]["content"]["supplement"]["name"], "a.pdf");
    server.get("admin", &path).await.expect(404);
    Ok(())
}
