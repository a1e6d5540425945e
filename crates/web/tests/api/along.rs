//! Along the process: positions that change, claims, offers, the timeline, the policy table, tables that are handed in.

use axum::{body::Body, http::header};
use dossier_access::Token;
use dossier_archive::SyncMode;
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer, bank::EMOTION_SOURCE};
use dossier_testkit::{TestArchive, TestResult};
use serde_json::{Value, json};

use crate::server::{Answer, Server};

async fn send(server: &Server, login: &str, path: &str, table: impl Into<Body>) -> TestResult<Answer> {
    let request =
        server.request(login, "POST", path).header(header::CONTENT_TYPE, "application/octet-stream");
    Ok(server.send(request.body(table.into())?).await)
}

#[tokio::test]
async fn a_position_is_edited_in_the_state_that_is_known() -> TestResult {
    let server = Server::new().await?;
    let made = server.ask("hr", "POST", "/api/v1/positions", json!({ "name": "客户代表" })).await.expect(201);
    let path = format!("/api/v1/positions/{}", made.json()["id"].as_str().unwrap());
    let weights = json!([{ "skill": "Python", "share": 0.3 }]);
    let change = json!({ "name": "零售代表", "pass_mark": 72.5, "weights": weights, "criteria": ["沟通"] });
    let edited = server.ask("hr", "PATCH", &path, change).await.expect(200).json();
    assert_eq!(edited["aliases"], json!(["客户代表"]));
    assert_eq!((&edited["weights"], &edited["pass_mark"]), (&weights, &json!(72.5)));
    let cleared = server.ask("hr", "PATCH", &path, json!({ "pass_mark": null })).await.expect(200).json();
    assert_eq!((cleared.get("pass_mark"), &cleared["criteria"]), (None, &json!(["沟通"])));
    let stale = server.request("hr", "PATCH", &path).header(header::IF_MATCH, made.header("etag"));
    let stale = stale.header(header::CONTENT_TYPE, "application/json");
    server.send(stale.body(Body::from("{}"))?).await.expect(412);
    for wrong in [
        json!({ "weights": [{ "skill": "a", "share": 0.7 }, { "skill": "b", "share": 0.7 }] }),
        json!({ "pass_mark": 101 }),
    ] {
        server.ask("hr", "PATCH", &path, wrong).await.expect(422);
    }
    server.ask("hr", "PATCH", &path, json!({ "nonsense": 1 })).await.expect(400);
    Ok(())
}

#[tokio::test]
async fn claims_and_offers_go_along_with_an_application() -> TestResult {
    let server = Server::new().await?;
    let path = format!("/api/v1/applications/{}", server.application);
    let claims = format!("{path}/claims");
    let written = json!({ "claim": "CFA证书", "verdict": "confirmed", "note": "官网可查", "revision": 0 });
    let finding = server.ask("hr", "PUT", &claims, written.clone()).await.expect(200).json();
    assert_eq!((&finding["verdict"], &finding["revision"]), (&json!("confirmed"), &json!(1)));
    server.ask("hr", "PUT", &claims, written).await.expect(409);
    server.ask("hr", "PUT", &claims, json!({ "claim": "x", "verdict": "contradicted" })).await.expect(422);
    let proof = format!("{claims}/evidence?claim=CFA%E8%AF%81%E4%B9%A6&name=a.pdf");
    let kept = send(&server, "hr", &proof, "%PDF-1.7\nmade up").await?.expect(201).json();
    send(&server, "hr", &proof, "#!/bin/sh").await?.expect(422);
    let all = server.get("hr", &claims).await.expect(200).json();
    let claim = all["claims"].as_array().unwrap().iter().find(|of| of["claim"] == "CFA证书").unwrap().clone();
    assert_eq!(claim["finding"]["evidence"], json!([kept["id"]]));

    let offers = format!("{path}/offers");
    server.ask("hr", "POST", &offers, json!({})).await.expect(422);
    server.ask("hr", "POST", &format!("{path}/stage"), json!({ "to": "offer" })).await.expect(200);
    let offer = server.ask("hr", "POST", &offers, json!({ "terms": "年薪30万" })).await.expect(201).json();
    assert_eq!(offer["state"], "extended");
    let answer = format!("{offers}/answer");
    server.ask("hr", "POST", &answer, json!({ "accepted": false })).await.expect(422);
    let declined = json!({ "accepted": false, "reason": "薪资低于预期" });
    let offer = server.ask("hr", "POST", &answer, declined).await.expect(200).json();
    assert_eq!((&offer["state"], &offer["reason"]), (&json!("declined"), &json!("薪资低于预期")));
    let shown = server.get("hr", &path).await.expect(200).json();
    assert_eq!(shown["application"]["moves"].as_array().unwrap().last().unwrap()["to"], "withdrawn");

    let timeline = server.get("hr", &format!("{path}/timeline")).await.expect(200).json();
    let events = timeline["events"].as_array().unwrap();
    for what in ["moved", "checked", "offered", "answered", "looked"] {
        assert!(events.iter().any(|event| event["what"] == what), "{what}: {events:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_policy_table_is_decided_within_its_limits() -> TestResult {
    let server = Server::new().await?;
    let table = server.get("admin", "/api/v1/policy").await.expect(200).json();
    assert_eq!(table["cells"].as_array().unwrap().len(), 5 * 8 * 6);
    let cell = |role: &str, stage: &str, kind: &str, sight: &str| json!({ "role": role, "stage": stage, "kind": kind, "sight": sight });
    let change = |cell: Value, revision: u32| json!({ "cells": [cell], "revision": revision });
    let change_to = cell("interviewer", "offer", "resume_report", "view");
    let changed =
        server.ask("admin", "PATCH", "/api/v1/policy", change(change_to.clone(), 0)).await.expect(200);
    assert_eq!(changed.json()["revision"], 1);
    server.ask("admin", "PATCH", "/api/v1/policy", change(change_to, 0)).await.expect(409);
    for outside in [
        cell("background_checker", "background_check", "video", "view"),
        cell("interviewer", "ai_interview", "video", "download"),
        cell("system_administrator", "offer", "resume_report", "view"),
    ] {
        server.ask("admin", "PATCH", "/api/v1/policy", change(outside, 1)).await.expect(422);
    }
    let log = server.get("auditor", "/api/v1/log?action=manage_policy").await.expect(200).json();
    let objects = log["records"][0]["entry"]["objects"].to_string();
    assert!(objects.contains("interviewer:offer:resume_report:view"), "{objects}");
    Ok(())
}

#[tokio::test]
async fn tables_are_tried_and_taken() -> TestResult {
    let server = Server::new().await?;
    let table = "name,pass_mark\nNew one,70\nBad,x\n";
    let tried = send(&server, "hr", "/api/v1/imports/positions?trial=true", table).await?.expect(200).json();
    let fates = |of: &Value| -> Vec<String> {
        let rows = of["rows"].as_array().unwrap();
        rows.iter().map(|row| row["fate"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(fates(&tried), ["new", "refused"]);
    server.get("hr", "/api/v1/positions/New%20one").await.expect(404);
    let done = send(&server, "hr", "/api/v1/imports/positions", table).await?.expect(200).json();
    assert_eq!(fates(&done), ["new", "refused"]);
    assert!(done["rows"][1]["problem"].is_string());
    server.get("hr", "/api/v1/positions/New%20one").await.expect(200);
    send(&server, "hr", "/api/v1/imports/positions", vec![b'x'; 9 << 20]).await?.expect(413);
    send(&server, "hr", "/api/v1/imports/positions", "PK\x03\x04 nothing").await?.expect(422);

    let file = server.get("hr", "/api/v1/exports/pipeline").await.expect(200);
    assert!(file.bytes.starts_with(b"PK") && file.header("content-disposition").contains("pipeline.xlsx"));
    let again =
        send(&server, "hr", "/api/v1/imports/pipeline?trial=true", file.bytes.clone()).await?.expect(200);
    assert!(fates(&again.json()).iter().all(|fate| fate == "unchanged"), "{}", again.text());
    let moved = format!("id,stage,reason\n{},rejected,资历不符\n", server.application);
    let done = send(&server, "hr", "/api/v1/imports/pipeline", moved).await?.expect(200).json();
    assert_eq!(fates(&done), ["changed"]);
    Ok(())
}

/// A table that somebody sends by the form of a page.
async fn hand_in(
    server: &Server,
    session: &Token,
    path: &str,
    (field, table): (&str, &str),
    act: &str,
) -> Answer {
    let part =
        |head: &str, body: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let body = part("name=\"csrf\"", &session.csrf())
        + &part(&format!("name=\"{field}\"; filename=\"t.csv\""), table)
        + &part("name=\"act\"", act)
        + "--b--\r\n";
    let request = server.request("", "POST", path);
    let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    server.send(request.body(body.into()).unwrap()).await
}

/// What a page hands back of a table that was tried.
fn tried(page: &str) -> Option<&str> {
    page.split("name=\"tried\" value=\"").nth(1)?.split('"').next()
}

#[tokio::test]
async fn what_was_tried_on_a_page_is_taken_by_one_press_without_choosing_the_file_again() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let positions = "name,pass_mark\nNew one,70\nBad,x\n";
    let page =
        hand_in(&server, &session, "/positions/import", ("file", positions), "try").await.expect(200).text();
    server.get("hr", "/api/v1/positions/New%20one").await.expect(404);
    let kept = tried(&page).ok_or("it is not handed back")?;
    assert!(page.contains("Import these rows"), "{page}");
    let page =
        hand_in(&server, &session, "/positions/import", ("tried", kept), "import").await.expect(200).text();
    assert!(page.contains("What was imported") && tried(&page).is_none(), "{page}");
    server.get("hr", "/api/v1/positions/New%20one").await.expect(200);

    let moves = format!("id,stage\n{},human_interview\n", server.application);
    let page = hand_in(&server, &session, "/pipeline", ("file", &moves), "try").await.expect(200).text();
    let kept = tried(&page).ok_or("it is not handed back")?;
    hand_in(&server, &session, "/pipeline", ("tried", kept), "import").await.expect(200);
    let shown = server.get("hr", &format!("/api/v1/applications/{}", server.application)).await.json();
    assert_eq!(shown["application"]["moves"].as_array().unwrap().last().unwrap()["to"], "human_interview");

    // There is nothing to take of what changes nothing, and a large table is chosen again.
    let page = hand_in(&server, &session, "/pipeline", ("file", &moves), "try").await.expect(200).text();
    assert!(tried(&page).is_none() && !page.contains("choose it again"));
    let large = format!("{positions}{}", "\n".repeat(2 << 20));
    let page =
        hand_in(&server, &session, "/positions/import", ("file", &large.replace("New one", "Newer")), "try")
            .await;
    let page = page.expect(200).text();
    assert!(tried(&page).is_none() && page.contains("choose it again"));
    hand_in(&server, &session, "/pipeline", ("tried", "no base 64!"), "import").await.expect(400);
    Ok(())
}

#[tokio::test]
async fn what_a_sync_brings_tells_of_the_will_to_come_with_its_source_and_its_date() -> TestResult {
    let test = TestArchive::new().await?;
    let bank = Bank::generate(BankOptions { candidates: 1, ..BankOptions::default() });
    let vendor = RibbonServer::start(bank, Behaviour::default()).await?;
    test.connect_to(&vendor).await?;
    test.archive.sync(&test.as_user("hr").await?, "ribbon", SyncMode::Full, &|_| {}).await?;
    let server = Server::beside(test).await?;
    let path = format!("/applications/{}", server.application);
    server.ask("hr", "POST", &format!("/api/v1{path}/stage"), json!({ "to": "offer" })).await.expect(200);
    let offers = server.get("hr", &format!("/api/v1{path}/offers")).await.expect(200).json();
    let sitting = bank.interview(0);
    for (topic, question) in [("career_plan", "你的职业规划是什么"), ("motive", "为什么选择我们银行")]
    {
        let signal = offers["signals"].as_array().unwrap().iter().find(|of| of["topic"] == topic);
        let signal = signal.ok_or("nothing tells of it")?;
        let turn =
            sitting.turns.iter().position(|turn| turn.question == question).ok_or("it is not asked")?;
        let read = sitting.emotions.iter().find(|of| of.dimension == "积极度" && of.question == turn);
        assert_eq!(signal["question"], question);
        assert_eq!(signal["positivity"], read.ok_or("it is not read")?.value);
        assert_eq!(signal["at"], sitting.turns[turn].starts);
        assert_eq!(signal["source"], EMOTION_SOURCE);
        let at: chrono::DateTime<chrono::Utc> =
            signal["interviewed_at"].as_str().unwrap_or_default().parse()?;
        assert_eq!(at, sitting.started_at);
    }
    let session = server.sign_in("hr").await?;
    let page = server.read(&session, "zh", &format!("{path}/offer")).await.expect(200).text();
    for told in ["职业规划", "你的职业规划是什么", EMOTION_SOURCE, "2023-10-12 09:30"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    Ok(())
}
