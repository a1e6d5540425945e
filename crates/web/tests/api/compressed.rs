//! Answers in fewer bytes: which, how, and that nothing is learnt from how few.

use std::{collections::BTreeSet, io::Read};

use axum::{body::Body, http::header};
use dossier_access::Token;
use dossier_testkit::TestResult;
use flate2::read::GzDecoder;
use serde_json::json;

use crate::server::{Answer, PDF, Server, form_tokens};

impl Server {
    async fn page(&self, session: &Token, path: &str, encoding: &str) -> Answer {
        let request = self.request("", "GET", path).header(header::ACCEPT_ENCODING, encoding);
        let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
        self.send(request.body(Body::empty()).unwrap()).await.expect(200)
    }

    async fn program(&self, path: &str, encoding: &str) -> Answer {
        let request = self.request("hr", "GET", path).header(header::ACCEPT_ENCODING, encoding);
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

impl Answer {
    fn unzipped(&self) -> String {
        let mut text = String::new();
        GzDecoder::new(&*self.bytes).read_to_string(&mut text).unwrap();
        text
    }

    /// Whether it is compressed, and says that it depends on who asks.
    fn encoding(&self) -> (&str, bool) {
        let vary = self.headers.get_all(header::VARY).iter();
        let depends = vary.into_iter().any(|value| value.to_str().unwrap().contains("accept-encoding"));
        (self.header(header::CONTENT_ENCODING), depends)
    }
}

#[tokio::test]
async fn pages_and_json_are_compressed_as_the_visitor_prefers() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let plain = server.page(&session, "/candidates", "identity").await;
    assert_eq!(plain.encoding(), ("", true));
    let zipped = server.page(&session, "/candidates", "gzip").await;
    assert_eq!(zipped.encoding(), ("gzip", true));
    assert!(zipped.bytes.len() * 3 < plain.bytes.len(), "{} of {}", zipped.bytes.len(), plain.bytes.len());
    assert!(zipped.unzipped().ends_with("</html>") && zipped.header(header::CONTENT_LENGTH).is_empty());
    for (accepted, used) in
        [("gzip, deflate, br", "br"), ("br;q=0, gzip", "gzip"), ("gzip;q=0", ""), ("zstd", "")]
    {
        assert_eq!(
            server.page(&session, "/candidates", accepted).await.encoding(),
            (used, true),
            "{accepted}"
        );
    }
    let found = server.program("/api/v1/applications?facets=true", "gzip").await;
    assert_eq!(found.encoding(), ("gzip", true));
    assert!(found.unzipped().starts_with('{'));
    assert_eq!(server.program("/api/openapi.json", "gzip").await.encoding(), ("gzip", true));
    Ok(())
}

#[tokio::test]
async fn files_events_and_what_has_a_tag_are_what_they_are() -> TestResult {
    let server = Server::new().await?;
    let application = format!("/api/v1/applications/{}", server.application);
    let material = format!("{application}/materials/{}", server.material);
    let file = server.program(&material, "gzip, br").await.expect(200);
    assert_eq!((file.encoding(), file.bytes.as_slice()), (("", false), PDF));
    let part = server.request("hr", "GET", &material).header(header::RANGE, "bytes=5-7");
    let part = part.header(header::ACCEPT_ENCODING, "gzip");
    let part = server.send(part.body(Body::empty())?).await.expect(206);
    assert_eq!((part.encoding(), part.bytes.as_slice()), (("", false), &PDF[5..8]));
    let tagged = server.program(&application, "gzip").await.expect(200);
    assert!(
        tagged.encoding().0.is_empty()
            && tagged.bytes.len() > 1024
            && !tagged.header(header::ETAG).is_empty()
    );
    let zip = json!({ "contents": ["supplement"], "reason": "test" }).to_string();
    let asked = server.request("hr", "POST", "/api/v1/fetch").header(header::ACCEPT_ENCODING, "gzip");
    let asked = asked.header(header::CONTENT_TYPE, "application/json").body(zip.into())?;
    let zip = server.send(asked).await.expect(200);
    assert!(zip.encoding().0.is_empty() && zip.header(header::CONTENT_LENGTH) == zip.bytes.len().to_string());
    Ok(())
}

#[tokio::test]
async fn each_page_has_a_form_token_of_its_own_and_all_are_good() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let pages = [
        server.page(&session, "/candidates", "identity").await.text(),
        server.page(&session, "/candidates", "identity").await.text(),
    ];
    let tokens: Vec<BTreeSet<&str>> = pages.iter().map(|page| form_tokens(page)).collect();
    assert!(tokens.iter().all(|tokens| tokens.len() == 1), "one for each page: {tokens:?}");
    assert!(tokens[0].is_disjoint(&tokens[1]), "{tokens:?}");
    let tag = |token: &str| {
        let path = format!("/applications/{}/tags", server.application);
        let request = server.request("", "POST", &path);
        let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Body::from(format!("csrf={token}&add=new"))).unwrap()
    };
    for token in tokens.iter().flatten() {
        server.send(tag(token)).await.expect(303);
        // One character of either half is another one.
        for place in [2, token.len() - 3] {
            let other = if token[place..].starts_with('A') { "B" } else { "A" };
            let wrong = [&token[..place], other, &token[place + 1..]].concat();
            server.send(tag(&wrong)).await.expect(403);
        }
    }
    Ok(())
}
