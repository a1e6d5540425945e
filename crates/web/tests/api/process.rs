//! Along the process, what does not go well: each ends in a way that is defined, and says why in the language of who asked.

use axum::{body::Body, http::header};
use dossier_access::Token;
use dossier_testkit::TestResult;
use serde_json::{Value, json};

use crate::{
    live::Open,
    server::{Answer, Server},
};

impl Server {
    /// A form that somebody sends from a page.
    pub(crate) async fn form(&self, session: &Token, path: &str, form: &str) -> Answer {
        let request = self.request("", "POST", path);
        let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(format!("csrf={}&{form}", session.csrf()).into()).unwrap()).await
    }

    fn of_application(&self, what: &str) -> String {
        format!("/api/v1/applications/{}/{what}", self.application)
    }

    /// The same request by a program that reads Chinese.
    async fn in_chinese(&self, login: &str, method: &str, path: &str, body: &Value) -> Answer {
        let mut request = self.request(login, method, path);
        if let Some(headers) = request.headers_mut() {
            headers.insert(header::ACCEPT_LANGUAGE, header::HeaderValue::from_static("zh"));
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Makes `li` the interviewer of the first application's position, or ends it.
    async fn responsible(&self, is_responsible: bool) {
        let shown = self.get("hr", &format!("/api/v1/applications/{}", self.application)).await.json();
        let position = shown["application"]["position"].as_str().unwrap().to_owned();
        let method = if is_responsible { "PUT" } else { "DELETE" };
        let path = format!("/api/v1/positions/{position}/interviewers/li");
        self.ask("hr", method, &path, Value::Null).await.expect(200);
    }
}

#[tokio::test]
async fn of_two_people_who_move_the_same_one_at_once_one_does_and_the_other_reads_where_it_stands()
-> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let path = format!("/applications/{}/stage", server.application);
    let (on, out) = ("seen=1&to=human_interview", "seen=1&to=withdrawn");
    let (one, two) = tokio::join!(server.form(&session, &path, on), server.form(&session, &path, out));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let moves = server.get("hr", &format!("/api/v1/applications/{}", server.application)).await.json();
    let moves = moves["application"]["moves"].as_array().unwrap().clone();
    assert_eq!(moves.len(), 2, "the other's was not made on top of it");
    let late = if one.status == 409 { one } else { two };
    let stands = if moves[1]["to"] == "withdrawn" { "Withdrawn" } else { "Human interview" };
    assert!(
        late.text().contains("somebody else has moved") && late.text().contains(stands),
        "{}",
        late.text()
    );
    Ok(())
}

#[tokio::test]
async fn an_interviewer_who_loses_the_position_while_the_page_is_open_is_told_and_writes_nothing_more()
-> TestResult {
    let server = Server::new().await?;
    server.responsible(true).await;
    server
        .ask("hr", "POST", &server.of_application("stage"), json!({ "to": "human_interview" }))
        .await
        .expect(200);
    let session = server.sign_in("li").await?;
    let path = format!("/applications/{}/interview", server.application);
    let page = server.read(&session, "zh", &path).await.expect(200).text();
    assert!(page.contains("data-gone=\"此应聘已离开面试阶段"), "the page has the words for it");
    server.form(&session, &path, "act=save&revision=0&summary=first").await.expect(303);
    let mut open = Open::of(&server, "li", &server.of_application("events")).await?;

    server.responsible(false).await;
    open.is_told("gone").await?;
    assert_eq!(open.told(std::time::Duration::from_secs(1)).await?, None, "the stream has ended");
    let refused = server.form(&session, &path, "act=hand-in&revision=1&summary=second").await;
    assert_eq!(refused.status, 404);
    assert!(refused.text().contains("takes no scorecard of yours"), "{}", refused.text());
    let absent =
        server.form(&session, "/applications/app_00000000000000000000000000/interview", "act=save").await;
    assert!(
        absent.status == 404 && absent.text().contains("takes no scorecard of yours"),
        "as what is not there"
    );
    server.read(&session, "zh", &path).await.expect(404);
    server.get("li", &server.of_application("events")).await.expect(404);
    let cards = server.get("hr", &server.of_application("scorecards")).await.expect(200).json();
    assert_eq!(cards["scorecards"][0]["summary"], "first", "what was written before stays");
    Ok(())
}

#[tokio::test]
async fn rules_that_move_in_a_circle_are_refused_with_the_way_around() -> TestResult {
    let server = Server::new().await?;
    let before = server.get("hr", "/api/v1/settings").await.expect(200).json();
    let rule = |from: &str, to: &str| json!({ "from": { "stage": from }, "to": { "stage": to }, "at_least": { "score": 60.0 } });
    let mut settings = before.clone();
    settings["process"]["rules"] = json!([
        rule("ai_interview", "human_interview"),
        rule("human_interview", "background_check"),
        rule("background_check", "ai_interview"),
    ]);
    let refused = server.ask("hr", "PUT", "/api/v1/settings", settings.clone()).await.expect(422).json();
    let way = "AI interview → Human interview → Background check → AI interview";
    assert!(refused["detail"].as_str().unwrap().contains(way), "{refused}");
    let refused = server.in_chinese("hr", "PUT", "/api/v1/settings", &settings).await.expect(422).json();
    assert!(refused["detail"].as_str().unwrap().contains("流转规则循环：AI面试 → 人工面试"), "{refused}");
    assert_eq!(server.get("hr", "/api/v1/settings").await.json(), before, "nothing was changed");
    Ok(())
}

#[tokio::test]
async fn a_candidate_who_withdrew_takes_no_scorecard_and_what_was_written_stays() -> TestResult {
    let server = Server::new().await?;
    server.responsible(true).await;
    let (stage, mine) = (server.of_application("stage"), server.of_application("scorecards/mine"));
    server.ask("hr", "POST", &stage, json!({ "to": "human_interview" })).await.expect(200);
    let written =
        json!({ "summary": "先记一笔", "add_notes": [{ "at": 83, "text": "讲得清楚" }, { "text": "守时" }] });
    server.ask("li", "PATCH", &mine, written).await.expect(200);
    let marks =
        json!({ "marks": [{ "criterion": "专业能力", "score": 4 }], "remove_notes": [{ "text": "守时" }] });
    let card = server.ask("li", "PATCH", &mine, marks).await.expect(200).json();
    assert_eq!(
        (&card["summary"], &card["revision"]),
        (&json!("先记一笔"), &json!(2)),
        "what is not said stays"
    );
    assert_eq!(card["notes"], json!([{ "at": 83.0, "text": "讲得清楚" }]));
    server.ask("li", "PATCH", &mine, json!({ "remove_notes": [{ "text": "守时" }] })).await.expect(422);
    server.ask("li", "PATCH", &mine, json!({ "revision": 1 })).await.expect(409);
    let cleared = json!({ "marks": [{ "criterion": "专业能力", "score": null }], "recommendation": null });
    let card = server.ask("li", "PATCH", &mine, cleared).await.expect(200).json();
    assert_eq!((&card["marks"], &card["recommendation"]), (&json!([]), &Value::Null));

    server.ask("hr", "POST", &stage, json!({ "to": "withdrawn" })).await.expect(200);
    for (method, body) in [("PUT", json!({ "hand_in": true })), ("PATCH", json!({ "summary": "x" }))] {
        let refused = server.ask("li", method, &mine, body.clone()).await.expect(404).json();
        assert!(
            refused["detail"].as_str().unwrap().contains("has left the interviews or has ended"),
            "{refused}"
        );
        let refused = server.in_chinese("li", method, &mine, &body).await.expect(404).json();
        assert!(refused["detail"].as_str().unwrap().contains("已结束"), "{refused}");
    }
    let cards = server.get("hr", &server.of_application("scorecards")).await.expect(200).json();
    assert_eq!(cards["scorecards"][0]["summary"], "先记一笔");
    Ok(())
}

#[tokio::test]
async fn a_step_that_is_taken_away_leaves_those_in_it_standing_in_its_stage_under_its_name() -> TestResult {
    let server = Server::new().await?;
    let mut settings = server.get("hr", "/api/v1/settings").await.json();
    let step =
        json!({ "key": "final", "stage": "human_interview", "name": { "zh": "终面", "en": "Final round" } });
    settings["process"]["steps"] = json!([step]);
    server.ask("hr", "PUT", "/api/v1/settings", settings.clone()).await.expect(200);
    let stage = server.of_application("stage");
    let to_step = json!({ "to": "human_interview", "step": "final" });
    server.ask("hr", "POST", &stage, to_step.clone()).await.expect(200);

    settings["process"]["steps"] = json!([]);
    let after = server.ask("hr", "PUT", "/api/v1/settings", settings).await.expect(200).json();
    assert_eq!(after["process"]["steps"][0]["is_retired"], true, "it is known still: {after}");
    let session = server.sign_in("hr").await?;
    let page =
        server.read(&session, "en", &format!("/applications/{}", server.application)).await.expect(200);
    assert!(page.text().contains("Human interview"));
    let timeline = server.get("hr", &server.of_application("timeline")).await.expect(200).text();
    assert!(timeline.contains("AI interview → Human interview"), "{timeline}");
    let found = server.get("hr", "/api/v1/applications?q=stage:human_interview").await.expect(200).json();
    assert_eq!(found["total"], 1, "{found}");
    let refused = server.ask("hr", "POST", &stage, to_step).await.expect(422).json();
    assert!(refused["detail"].as_str().unwrap().contains("no such step, or it was given up"), "{refused}");
    let moved = server.ask("hr", "POST", &stage, json!({ "to": "offer" })).await.expect(200).json();
    assert_eq!(moved["moves"].as_array().unwrap().last().unwrap()["outcome"], "passed");
    Ok(())
}

#[tokio::test]
async fn a_move_back_or_over_stages_is_asked_about_and_an_empty_choice_moves_nobody() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let path = format!("/applications/{}", server.application);
    let stage = format!("{path}/stage");
    let shown = async || server.get("hr", &format!("/api/v1{path}")).await.json()["application"].clone();
    let places = async || {
        let moves = shown().await["moves"].as_array().cloned().unwrap_or_default();
        moves.iter().map(|step| step["to"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let before = places().await;

    let refused = server.form(&session, &stage, "seen=1&from=ai_interview&to=").await.expect(400);
    assert!(refused.text().contains("阶段") || refused.text().contains("stage"));
    for (to, told) in [("resume_screening", "往回移"), ("offer", "跳过：人工面试、背景调查")] {
        let asked = format!("seen=1&from=ai_interview&to={to}&reason=because");
        let request = server.request("", "POST", &stage);
        let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let mut request = request.body(format!("csrf={}&{asked}", session.csrf()).into())?;
        request.headers_mut().insert(header::ACCEPT_LANGUAGE, header::HeaderValue::from_static("zh"));
        let page = server.send(request).await.expect(200).text();
        for there in ["确认变更阶段", told, "AI面试 → ", "value=\"because\""] {
            assert!(page.contains(there), "{there}: {page}");
        }
        assert_eq!(places().await, before, "nothing is moved yet");
    }
    let sure = "seen=1&from=ai_interview&to=resume_screening&sure=true";
    server.form(&session, &stage, sure).await.expect(303);
    let page = server.read(&session, "zh", &path).await.expect(200).text();
    assert!(page.contains("退回") && !page.contains("span class=\"soft\">撤回上一步"), "{page}");

    // On with it and back by one: that is an undo. Past the last stage nothing is preselected.
    server.form(&session, &stage, "seen=2&from=resume_screening&to=ai_interview").await.expect(303);
    server.form(&session, &stage, "act=undo&seen=3").await.expect(303);
    let page = server.read(&session, "zh", &path).await.expect(200).text();
    assert!(page.contains("class=\"soft\">撤回上一步"), "{page}");
    let timeline = server.in_chinese("hr", "GET", &server.of_application("timeline"), &Value::Null).await;
    let timeline = timeline.expect(200).text();
    for told in ["AI面试 → 简历筛选 退回", "AI面试 → 简历筛选 撤回上一步"] {
        assert_eq!(timeline.matches(told).count(), 1, "{told}: {timeline}");
    }
    server.form(&session, &stage, "seen=4&from=resume_screening&to=hired&sure=true").await.expect(303);
    let page = server.read(&session, "zh", &path).await.expect(200).text();
    assert!(page.contains("<option value=\"\" selected>"), "{page}");
    Ok(())
}
