//! Many who change the same thing at the same time, each in the state that all of them have seen: one does.

use std::sync::Arc;

use axum::http::header;
use dossier_testkit::TestResult;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::server::{Answer, Server};

const AT_ONCE: usize = 8;
const ROUNDS: usize = 5;
const FIELDS: [&str; 6] = ["candidate_name", "position", "interview_time", "ai_score", "video", "transcript"];

/// Sends a change so many times at once, on threads of their own, all with the state that the thing is in now. One is
/// made; the others hear that it is no longer in that state. Gives the number of the one.
async fn one_of_many(
    server: &Arc<Server>,
    login: &'static str,
    path: &str,
    method: &'static str,
    what: &str,
    body: impl Fn(usize) -> Value,
) -> TestResult<usize> {
    let state = server.get(login, path).await.expect(200).header(header::ETAG).to_owned();
    assert!(!state.is_empty(), "{path} has no state");
    let sent = (0..AT_ONCE).map(|number| {
        let request =
            server.request(login, method, &format!("{path}{what}")).header(header::IF_MATCH, &state);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = request.body(body(number).to_string().into()).unwrap();
        let server = Arc::clone(server);
        tokio::spawn(async move { server.send(request).await })
    });
    let answers = join_all(sent).await.into_iter().collect::<Result<Vec<Answer>, _>>()?;
    let done: Vec<usize> = (0..AT_ONCE).filter(|number| answers[*number].status == 200).collect();
    for (number, answer) in answers.into_iter().enumerate() {
        if !done.contains(&number) {
            assert_eq!(answer.expect(412).json()["type"], "/problems/changed");
        }
    }
    assert_eq!(done.len(), 1, "{path}{what}");
    Ok(done[0])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_changes_of_an_application_one_is_made() -> TestResult {
    let server = Arc::new(Server::new().await?);
    let path = format!("/api/v1/applications/{}", server.application);
    let mut tags = Vec::new();
    for round in 0..ROUNDS {
        let tag = |number: usize| format!("{round}-{number}");
        let one = one_of_many(&server, "hr", &path, "POST", "/tags", |n| json!({ "add": [tag(n)] })).await?;
        tags.push(tag(one));
        let to = ["offer", "human_interview"][round % 2];
        let moved = |_| json!({ "to": to });
        one_of_many(&server, "hr", &path, "POST", "/stage", moved).await?;
    }
    let kept = server.get("hr", &path).await.json()["application"].clone();
    let names: Vec<&str> =
        kept["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
    assert_eq!(names, tags);
    assert_eq!(kept["moves"].as_array().unwrap().len(), 1 + ROUNDS);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_changes_of_the_set_up_one_is_made() -> TestResult {
    let server = Arc::new(Server::new().await?);
    let new = json!({ "name": "together" });
    let made = server.ask("hr", "POST", "/api/v1/positions", new).await.expect(201).json();
    let position = format!("/api/v1/positions/{}", made["id"].as_str().unwrap());
    for round in 0..ROUNDS {
        let nothing = |_| Value::Null;
        one_of_many(&server, "hr", &position, "POST", "/close", nothing).await?;
        one_of_many(&server, "hr", &position, "POST", "/open", nothing).await?;
        one_of_many(&server, "hr", &position, "PUT", "/interviewers/li", nothing).await?;
        one_of_many(&server, "hr", &position, "DELETE", "/interviewers/li", nothing).await?;
        let roles = |_| json!({ "roles": ["background_checker", "interviewer"] });
        one_of_many(&server, "admin", "/api/v1/users/li", "PUT", "/roles", roles).await?;
        one_of_many(&server, "admin", "/api/v1/users/li", "POST", "/suspend", nothing).await?;
        one_of_many(&server, "admin", "/api/v1/users/li", "POST", "/resume", nothing).await?;
        let back = |_| json!({ "roles": ["interviewer"] });
        one_of_many(&server, "admin", "/api/v1/users/li", "PUT", "/roles", back).await?;
        let bank = "/api/v1/connections/bank";
        one_of_many(&server, "hr", bank, "POST", "/suspend", nothing).await?;
        one_of_many(&server, "hr", bank, "POST", "/resume", nothing).await?;
        // No two of them choose the same, or the second would find what it wants.
        let chosen = |number: usize| {
            let bits = round * AT_ONCE + number + 1;
            let names = FIELDS.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, name)| *name);
            json!({ "fields": names.collect::<Vec<_>>() })
        };
        one_of_many(&server, "hr", bank, "PUT", "/fields", chosen).await?;
        let settings = server.get("hr", "/api/v1/settings").await.json();
        let changed = |number: usize| {
            let mut settings = settings.clone();
            settings["emotion"]["positive_from"] = json!(61.0 + (round * AT_ONCE + number) as f64 / 10.0);
            settings
        };
        one_of_many(&server, "hr", "/api/v1/settings", "PUT", "", changed).await?;
    }
    Ok(())
}
