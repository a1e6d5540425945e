//! Nonsense and malice: whatever is sent, the answer is an error in the form that programs read, and never a 500.

use axum::{body::Body, http::header};
use dossier_testkit::TestResult;

use crate::{
    rows::{ROWS, Who},
    server::{Answer, Server},
};

/// An error of the asker, as programs read it.
#[track_caller]
fn is_a_problem(answer: &Answer, about: &str) {
    let status = answer.status.as_u16();
    assert!((400..500).contains(&status), "{about}: {status} {}", answer.text());
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json", "{about}");
    let problem = answer.json();
    assert_eq!(problem["status"], status, "{about}");
    assert!(problem["type"].as_str().unwrap().starts_with("/problems/"), "{about}");
    assert!(answer.bytes.len() < 2000, "{about}: an error repeats what was sent");
}

/// Where JSON is read.
fn bodies() -> impl Iterator<Item = (&'static str, String)> {
    let is_json = |body: &str| body.starts_with('{') || body == "SETTINGS";
    let rows = ROWS.iter().filter(move |row| matches!(row.who, Who::Program(_)) && is_json(row.body));
    rows.map(|row| {
        let path = row.address.replace("{application}", "app_01HF7YAT00QDZVXW2ZJ3VHEF10");
        (
            row.method,
            path.replace("{search}", "sav_01HF7YAT00QDZVXW2ZJ3VHEF10")
                .replace("{release}", "rel_01HF7YAT00QDZVXW2ZJ3VHEF10")
                .replace("{report}", "rep_01HF7YAT00QDZVXW2ZJ3VHEF10")
                .replace("{proposal}", "prp_01HF7YAT00QDZVXW2ZJ3VHEF10")
                .replace("{channel}", "chn_01HF7YAT00QDZVXW2ZJ3VHEF10")
                .replace("{connection}", "bank")
                .replace("{login}", "nobody"),
        )
    })
}

fn caller(path: &str) -> &'static str {
    match path {
        path if path.contains("/users") => "admin",
        path if path.contains("/log") => "auditor",
        _ => "hr",
    }
}

#[tokio::test]
async fn bodies_that_make_no_sense_are_refused_in_words() -> TestResult {
    let server = Server::new().await?;
    let nested = "[".repeat(1 << 20);
    let deep = format!("{{\"add\":{}", "[".repeat(200_000));
    let wide = format!("{{\"{}\":1}}", "a".repeat(200_000));
    let strange = [
        "",
        "{",
        "null",
        "[]",
        "[null,null]",
        "[[],[]]",
        "1",
        "\"text\"",
        "{\"unknown\":1}",
        "\u{0}",
        "{\"name\":1}",
        "{\"name\":\"\\ud800\"}",
        "{\"roles\":\"hr\"}",
        "{\"add\":[1]}",
        "{\"to\":\"nowhere\",\"outcome\":\"passed\"}",
        "{\"reason\":\"a\\nb\"}",
        "{\"add\":[],\"add\":[]}",
        "{\"fields\":[\"everything\"]}",
        "{\"key\":\"zz\"}",
        "{\"pass_mark\":1e999}",
        nested.as_str(),
        &deep,
        &wide,
    ];
    for (method, path) in bodies() {
        for body in strange {
            let request =
                server.request(caller(&path), method, &path).header(header::CONTENT_TYPE, "application/json");
            let answer = server.send(request.body(Body::from(body.to_owned()))?).await;
            is_a_problem(&answer, &format!("{method} {path} {:.40}", body));
        }
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"] {
            let request =
                server.request(caller(&path), method, &path).header(header::CONTENT_TYPE, media_type);
            let answer = server.send(request.body(Body::from("{}"))?).await;
            assert_eq!(answer.status, 415, "{method} {path} {media_type}");
            is_a_problem(&answer, &path);
        }
        let request =
            server.request(caller(&path), method, &path).header(header::CONTENT_TYPE, "application/json");
        let answer = server.send(request.body(Body::from(vec![0xFF; 100]))?).await;
        is_a_problem(&answer, &path);
    }
    Ok(())
}

#[tokio::test]
async fn addresses_that_make_no_sense_are_refused_in_words() -> TestResult {
    let server = Server::new().await?;
    let id = server.application;
    let long = format!("/api/v1/applications/{}", "a".repeat(8000));
    let strange = [
        "/api/v1/applications?limit=0",
        "/api/v1/applications?limit=1001",
        "/api/v1/applications?limit=-1",
        "/api/v1/applications?limit=99999999999999999999",
        "/api/v1/applications?limit=x",
        "/api/v1/applications?after=x",
        "/api/v1/applications?after=5.ff.app_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "/api/v1/applications?after=1..",
        "/api/v1/applications?sort=sideways",
        "/api/v1/applications?unknown=1",
        "/api/v1/applications?facets=maybe",
        "/api/v1/applications?q=%28%28%28",
        "/api/v1/applications?q=a&q=b",
        "/api/v1/applications?q=score%3E%3Dmany",
        "/api/v1/applications/",
        "/api/v1/applications/x",
        "/api/v1/applications/%FF",
        "/api/v1/applications/%00",
        "/api/v1/applications/..%2F..%2Fetc",
        "/api/v1/applications/app_01HF7YAT00QDZVXW2ZJ3VHEF10",
        &long,
        "/api/v1/applications/cnd_01HF7YAT00QDZVXW2ZJ3VHEF10",
        "/api/v1/positions?limit=0",
        "/api/v1/positions/%00",
        "/api/v1/positions/nowhere",
        "/api/v1/connections/nowhere",
        "/api/v1/connections/%0A/sync",
        "/api/v1/connections/nowhere/sync/events",
        "/api/v1/nothing",
        "/api/v2/me",
        "/api/",
        "/api/v1",
        &format!("/api/v1/applications/{id}/materials/x"),
        &format!("/api/v1/applications/{id}/materials/mat_1"),
        &format!("/api/v1/applications/{id}/materials/{}?download=perhaps", server.material),
    ];
    for path in strange {
        let answer = server.get("hr", path).await;
        is_a_problem(&answer, path);
    }
    for path in [
        "/api/v1/log?after=x",
        "/api/v1/log?after=-1",
        "/api/v1/log?after=18446744073709551615",
        "/api/v1/log?limit=0",
    ] {
        is_a_problem(&server.get("auditor", path).await, path);
    }
    for path in ["/api/v1/log?after=0", "/api/v1/log?after=9223372036854775807", "/api/v1/log?actor=%00"] {
        server.get("auditor", path).await.expect(200);
    }
    Ok(())
}

#[tokio::test]
async fn a_method_that_is_not_there_is_answered_with_those_that_are() -> TestResult {
    let server = Server::new().await?;
    for row in ROWS.iter().filter(|row| matches!(row.who, Who::Program(_))) {
        let path = row.address.replace(['{', '}'], "");
        for method in ["PROPFIND", "TRACE", "CONNECT", "X", "LONGER-THAN-ANY-METHOD"] {
            let answer = server.send(server.request("hr", method, &path).body(Body::empty())?).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(answer.header(header::ALLOW).contains(row.method), "{method} {path}");
            is_a_problem(&answer, &path);
        }
        for method in ["HEAD", "OPTIONS"] {
            let answer = server.send(server.request("hr", method, &path).body(Body::empty())?).await;
            assert!(answer.status.as_u16() < 500, "{method} {path}: {}", answer.status);
        }
    }
    let head = server.send(server.request("hr", "HEAD", "/api/v1/me").body(Body::empty())?).await.expect(200);
    assert!(head.bytes.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_is_no_token_lets_nobody_in() -> TestResult {
    let server = Server::new().await?;
    let token = server.token("hr").to_owned();
    let basic = format!("Basic {token}");
    let (twice, short) = (format!("Bearer {token} {token}"), format!("Bearer {}", &token[..40]));
    for sent in
        ["", "Bearer", "Bearer ", "Bearer x", "dossier_", &token, &basic, &twice, &short, "Bearer 张三"]
    {
        let request = server.request("", "GET", "/api/v1/me");
        let request =
            request.header(header::AUTHORIZATION, header::HeaderValue::from_bytes(sent.as_bytes())?);
        let answer = server.send(request.body(Body::empty())?).await;
        assert_eq!(answer.status, 401, "{sent}");
        is_a_problem(&answer, sent);
    }
    // A token is no cookie, and a wrong one is not forgiven for a good cookie.
    let session = server.sign_in("hr").await?;
    let request =
        server.request("", "GET", "/api/v1/me").header(header::COOKIE, format!("__Host-dossier={token}"));
    server.send(request.body(Body::empty())?).await.expect(401);
    let request = server.request("", "GET", "/api/v1/me").header(header::AUTHORIZATION, "Bearer x");
    let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
    server.send(request.body(Body::empty())?).await.expect(401);
    Ok(())
}
