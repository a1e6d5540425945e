//! What a program does with the API.

use axum::{body::Body, http::header};
use dossier_domain::text::Login;
use dossier_testkit::TestResult;
use serde_json::{Value, json};

use crate::server::{PDF, Server};

#[tokio::test]
async fn applications_are_found_page_by_page_and_shown() -> TestResult {
    let server = Server::new().await?;
    let all = server.get("hr", "/api/v1/applications?facets=true").await.expect(200).json();
    assert_eq!(all["total"], 3);
    assert_eq!(all["facets"].as_array().unwrap().len(), 6);
    let mut path = "/api/v1/applications?limit=2".to_owned();
    let mut found = Vec::new();
    loop {
        let page = server.get("hr", &path).await.expect(200).json();
        found.extend(page["hits"].as_array().unwrap().iter().map(|hit| hit["application"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/applications?limit=2&after={next}");
    }
    let hits: Vec<Value> =
        all["hits"].as_array().unwrap().iter().map(|hit| hit["application"].clone()).collect();
    assert_eq!(found, hits);
    let shown = server.get("hr", &format!("/api/v1/applications/{}", server.application)).await.expect(200);
    assert!(shown.header(header::ETAG).starts_with('"'));
    let shown = shown.json();
    assert_eq!(shown["application"]["id"], server.application.to_string());
    assert!(shown["identity"]["phone"].is_string() || shown["identity"]["email"].is_string());
    assert_eq!(server.get("li", "/api/v1/applications").await.expect(200).json()["total"], 0);
    Ok(())
}

#[tokio::test]
async fn a_change_is_made_only_in_the_state_that_is_known() -> TestResult {
    let server = Server::new().await?;
    let path = format!("/api/v1/applications/{}", server.application);
    let change = async |tag: &str, state: &str| {
        let request = server.request("hr", "POST", &format!("{path}/tags")).header(header::IF_MATCH, state);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        server.send(request.body(json!({ "add": [tag] }).to_string().into()).unwrap()).await
    };
    let state = server.get("hr", &path).await.header(header::ETAG).to_owned();
    change("one", &state).await.expect(200);
    let late = change("two", &state).await.expect(412);
    assert_eq!(late.json()["type"], "/problems/changed");
    change("two", "\"other\", *").await.expect(200);
    change("three", &format!("W/{state}")).await.expect(412);
    let tags = server.get("hr", &path).await.json()["application"]["tags"].clone();
    assert_eq!(tags.as_array().unwrap().len(), 2);

    let settings = server.get("hr", "/api/v1/settings").await.expect(200);
    let (state, mut wanted) = (settings.header(header::ETAG).to_owned(), settings.json());
    wanted["zone"] = json!("Europe/Berlin");
    let put = async |state: &str| {
        let request = server.request("hr", "PUT", "/api/v1/settings").header(header::IF_MATCH, state);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        server.send(request.body(wanted.to_string().into()).unwrap()).await
    };
    put(&state).await.expect(200);
    put(&state).await.expect(412);
    assert_eq!(server.test.archive.settings().zone.to_string(), "Europe/Berlin");
    Ok(())
}

#[tokio::test]
async fn stages_move_and_a_rejection_needs_a_reason() -> TestResult {
    let server = Server::new().await?;
    let path = format!("/api/v1/applications/{}/stage", server.application);
    let moved = json!({ "to": "offer", "outcome": "passed" });
    let moved = server.ask("hr", "POST", &path, moved).await.expect(200).json();
    assert_eq!(moved["moves"].as_array().unwrap().last().unwrap()["to"], "offer");
    server.ask("hr", "POST", &path, json!({ "to": "rejected", "outcome": "failed" })).await.expect(422);
    let reason = json!({ "to": "rejected", "outcome": "failed", "reason": "no licence" });
    server.ask("hr", "POST", &path, reason).await.expect(200);
    Ok(())
}

#[tokio::test]
async fn files_are_read_in_ranges_and_added() -> TestResult {
    let server = Server::new().await?;
    let (id, material) = (server.application, server.material);
    let path = format!("/api/v1/applications/{id}/materials/{material}");
    let whole = server.get("hr", &path).await.expect(200);
    assert_eq!(whole.bytes, PDF);
    let request = server.request("hr", "GET", &path).header(header::RANGE, "bytes=5-7");
    let part = server.send(request.body(Body::empty())?).await.expect(206);
    assert_eq!(part.bytes, &PDF[5..8]);
    let request = server.request("hr", "GET", &path).header(header::RANGE, "bytes=9999-");
    server.send(request.body(Body::empty())?).await.expect(416);
    let added = server.request("hr", "POST", &format!("/api/v1/applications/{id}/materials?name=a.pdf"));
    let added = server.send(added.body(Body::from(PDF))?).await.expect(201).json();
    assert_eq!(added["content"]["supplement"]["name"], "a.pdf");
    let script = server.request("hr", "POST", &format!("/api/v1/applications/{id}/materials?name=a.pdf"));
    server.send(script.body(Body::from("#!/bin/sh"))?).await.expect(422);
    let zip = json!({ "contents": ["supplement"], "reason": "interview", "only": [id.to_string()] });
    let zip = server.ask("hr", "POST", "/api/v1/fetch", zip).await.expect(200);
    assert_eq!(zip.header(header::CONTENT_LENGTH), zip.bytes.len().to_string());
    assert!(zip.bytes.starts_with(b"PK"));
    Ok(())
}

#[tokio::test]
async fn positions_and_users_are_kept() -> TestResult {
    let server = Server::new().await?;
    let new = json!({ "name": "Data/AI 岗", "pass_mark": 75.0, "questions": ["Why us?"] });
    let made = server.ask("hr", "POST", "/api/v1/positions", new.clone()).await.expect(201);
    server.ask("hr", "POST", "/api/v1/positions", new).await.expect(409);
    let path = "/api/v1/positions/Data%2FAI%20%E5%B2%97";
    let by_id = format!("/api/v1/positions/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(
        server.get("hr", path).await.expect(200).bytes,
        server.get("hr", &by_id).await.expect(200).bytes
    );
    let named = server.ask("hr", "PUT", &format!("{by_id}/interviewers/li"), Value::Null).await.expect(200);
    assert_eq!(named.json()["interviewers"].as_array().unwrap().len(), 1);
    server.ask("hr", "PUT", &format!("{path}/interviewers/auditor"), Value::Null).await.expect(422);
    server.ask("hr", "DELETE", &format!("{path}/interviewers/li"), Value::Null).await.expect(200);
    let request =
        server.request("hr", "POST", &format!("{path}/close")).header(header::IF_MATCH, made.header("etag"));
    server.send(request.body(Body::empty())?).await.expect(200);
    let request =
        server.request("hr", "POST", &format!("{path}/open")).header(header::IF_MATCH, made.header("etag"));
    server.send(request.body(Body::empty())?).await.expect(412);

    let new = json!({ "login": "wang", "name": "王五", "roles": ["interviewer"] });
    server.ask("admin", "POST", "/api/v1/users", new).await.expect(201);
    let both = json!({ "roles": ["auditor", "interviewer"] });
    server.ask("admin", "PUT", "/api/v1/users/wang/roles", both).await.expect(422);
    server
        .ask("admin", "PUT", "/api/v1/users/admin/roles", json!({ "roles": ["auditor"] }))
        .await
        .expect(403);
    let suspended = server.ask("admin", "POST", "/api/v1/users/wang/suspend", Value::Null).await.expect(200);
    assert!(suspended.json()["suspended_at"].is_string());
    let page = server.get("admin", "/api/v1/users?limit=4").await.expect(200).json();
    let next = page["next"].as_str().unwrap();
    let rest = server.get("admin", &format!("/api/v1/users?limit=4&after={next}")).await.expect(200).json();
    assert_eq!((rest["users"].as_array().unwrap().len(), &rest["next"]), (2, &Value::Null));
    Ok(())
}

#[tokio::test]
async fn a_suspended_user_and_a_withdrawn_role_end_a_token_at_once() -> TestResult {
    let server = Server::new().await?;
    let admin = server.test.as_user("admin").await?;
    server.get("checker", "/api/v1/me").await.expect(200);
    server.test.archive.suspend_user(&admin, &Login::parse("checker")?, true).await?;
    server.get("checker", "/api/v1/me").await.expect(401);
    Ok(())
}

#[tokio::test]
async fn the_log_is_read_page_by_page_verified_and_exported() -> TestResult {
    let server = Server::new().await?;
    let page = server.get("auditor", "/api/v1/log?limit=5").await.expect(200).json();
    let sequences = |page: &Value| -> Vec<u64> {
        page["records"].as_array().unwrap().iter().map(|of| of["sequence"].as_u64().unwrap()).collect()
    };
    let first = sequences(&page);
    let next = server
        .get("auditor", &format!("/api/v1/log?limit=5&after={}", page["next"]))
        .await
        .expect(200)
        .json();
    assert_eq!(sequences(&next)[0], first[4] - 1);
    let verdict = server.ask("auditor", "POST", "/api/v1/log/verify", json!({})).await.expect(200).json();
    assert_eq!(verdict["verified"], true);
    let anchor = server.get("auditor", "/api/v1/log/checkpoint").await.expect(200).text();
    let known = json!({ "anchor": anchor, "key": verdict["key"] });
    assert_eq!(
        server.ask("auditor", "POST", "/api/v1/log/verify", known).await.expect(200).json()["verified"],
        true
    );
    let wrong = json!({ "key": "00".repeat(32) });
    let wrong = server.ask("auditor", "POST", "/api/v1/log/verify", wrong).await;
    assert!(wrong.status == 400 || wrong.json()["verified"] == false);
    let lines = server.get("auditor", "/api/v1/log/export").await.expect(200).text();
    assert!(lines.lines().count() > 10);
    Ok(())
}

#[tokio::test]
async fn tokens_are_made_and_revoked_in_a_session_alone() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let ask = async |method: &str, path: &str, body: String| {
        let request = server.request("", method, path).header("x-csrf-token", session.csrf());
        let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
        server.send(request.header(header::CONTENT_TYPE, "application/json").body(body.into()).unwrap()).await
    };
    let new = json!({ "name": "reports", "scopes": ["read"], "days": 1 }).to_string();
    let made = ask("POST", "/api/v1/me/tokens", new).await.expect(201).json();
    let request = server.request("", "GET", "/api/v1/me");
    let request =
        request.header(header::AUTHORIZATION, format!("bearer {}", made["token"].as_str().unwrap()));
    let me = server.send(request.body(Body::empty())?).await.expect(200).json();
    assert_eq!(me["scopes"], json!(["read"]));
    let tokens = ask("GET", "/api/v1/me/tokens", String::new()).await.expect(200);
    assert!(!tokens.text().contains("dossier_") && tokens.json()["tokens"].as_array().unwrap().len() == 2);
    let path = format!("/api/v1/me/tokens/{}", made["id"].as_str().unwrap());
    ask("DELETE", &path, String::new()).await.expect(200);
    ask("DELETE", &path, String::new()).await.expect(404);
    Ok(())
}

#[tokio::test]
async fn the_description_can_be_read_by_people_and_programs() -> TestResult {
    let server = Server::new().await?;
    let document = server.get("", "/api/openapi.json").await.expect(200).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let page = server.get("", "/api").await.expect(200).text();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(page.contains(&path.replace('&', "&amp;")), "{path}");
    }
    let denied = server.get("auditor", "/api/v1/applications").await.expect(403).json();
    let explained = server.get("", denied["type"].as_str().unwrap()).await.expect(200).text();
    assert!(explained.contains("scopes"));
    Ok(())
}

#[tokio::test]
async fn who_may_not_sync_leaves_no_trace_of_a_sync() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("admin").await?;
    for name in ["bank", "nowhere"] {
        let request = server.request("", "POST", &format!("/connections/{name}"));
        let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = format!("csrf={}&act=sync", session.csrf());
        server.send(request.body(Body::from(body))?).await.expect(403);
        server
            .ask("admin", "POST", &format!("/api/v1/connections/{name}/sync"), Value::Null)
            .await
            .expect(403);
    }
    let state = server.get("hr", "/api/v1/connections/bank/sync").await.expect(200).json();
    assert_eq!((&state["running"], &state["ended_at"]), (&json!(false), &Value::Null));
    server.ask("hr", "POST", "/api/v1/connections/nowhere/sync", Value::Null).await.expect(404);
    server.ask("hr", "POST", "/api/v1/connections/bank/suspend", Value::Null).await.expect(200);
    server.ask("hr", "POST", "/api/v1/connections/bank/sync", Value::Null).await.expect(422);
    Ok(())
}
