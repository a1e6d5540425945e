//! Rules that are tried, proposed and applied; reports that are kept and shared; the view that analysis begins with.

use axum::{body::Body, http::header};
use dossier_access::Token;
use dossier_testkit::TestResult;
use serde_json::json;

use crate::{
    analysis::{bank, between},
    server::{Answer, Server},
};

/// Sends a form as the page does.
async fn send(server: &Server, session: &Token, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("csrf", &session.csrf());
    form.extend_pairs(fields);
    let request = server.request("", "POST", path);
    let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    server.send(request.body(Body::from(form.finish())).unwrap()).await
}

/// How many a page of candidates finds.
async fn found(server: &Server, session: &Token, address: &str) -> TestResult<u64> {
    let page = server.read(session, "en", address).await.expect(200).text();
    Ok(between(&page, r#"role="status">"#, " ")[0].parse()?)
}

#[tokio::test]
async fn a_rule_is_tried_proposed_and_applied_without_scripts() -> TestResult {
    let server = bank().await?;
    let hr = server.sign_in("hr").await?;
    let path = "/analysis/what-if";
    let page = server.read(&hr, "en", path).await.expect(200).text();
    assert!(page.contains("客户经理"), "{page}");
    let chosen = format!("{path}?position=%E5%AE%A2%E6%88%B7%E7%BB%8F%E7%90%86");
    let page = server.read(&hr, "en", &chosen).await.expect(200).text();
    assert!(page.contains("no pass mark yet"), "{page}");
    let fields = [("act", "rule"), ("position", "客户经理"), ("pass_mark", "60")];
    send(&server, &hr, path, &fields).await.expect(303);

    // What the fields of the form say becomes an address that can be kept.
    let page = server.read(&hr, "en", &chosen).await.expect(200).text();
    let skill = between(&page, r#"name="skill" value=""#, "\"")[0].to_owned();
    let encoded: String = url::form_urlencoded::byte_serialize(skill.as_bytes()).collect();
    let typed = format!("{chosen}&skill={encoded}&share=30&pass_mark=75&q=");
    let tried = server.read(&hr, "en", &typed).await.expect(303);
    let tried = tried.header(header::LOCATION).to_owned();
    assert!(tried.contains("weight=") && tried.contains("pass_mark=75"), "{tried}");
    let page = server.read(&hr, "en", &tried).await.expect(200).text();
    let links = between(&page, r#"<td class="number"><a href=""#, "</a>");
    let numbers: Vec<_> = links.iter().filter_map(|link| link.split_once(r#"">"#)).collect();
    assert!(numbers.len() >= 6, "{page}");
    for (address, figure) in numbers.into_iter().filter(|(_, figure)| !figure.contains('%')) {
        assert_eq!(found(&server, &hr, address).await?, figure.parse::<u64>()?, "{address}");
    }

    let weight = format!("{skill}=30");
    let fields = [
        ("act", "save"),
        ("position", "客户经理"),
        ("weight", &weight),
        ("pass_mark", "75"),
        ("q", ""),
        ("reason", "=1+1 𠮷"),
    ];
    send(&server, &hr, path, &fields).await.expect(303);
    let proposals = "/analysis/proposals";
    let page = server.read(&hr, "en", proposals).await.expect(200).text();
    assert!(page.contains("=1+1 𠮷") && page.contains("pass mark 75"), "{page}");
    let id = between(&page, r#"name="proposal" value=""#, "\"")[0].to_owned();
    let without_reason = [("act", "apply"), ("proposal", id.as_str()), ("reason", " ")];
    let answer = send(&server, &hr, proposals, &without_reason).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    let fields = [("act", "apply"), ("proposal", id.as_str()), ("reason", "it pays")];
    send(&server, &hr, proposals, &fields).await.expect(303);
    let again = send(&server, &hr, proposals, &fields).await.expect(409).text();
    assert!(again.contains("已有人处理过") || again.contains("decided on already"), "{again}");
    let page = server.read(&hr, "en", proposals).await.expect(200).text();
    assert!(page.contains("applied") && page.contains("it pays"), "{page}");

    for nonsense in [
        "&pass_mark=seventy",
        "&pass_mark=NaN",
        "&pass_mark=70&weight=x",
        "&pass_mark=1e9",
        "&q=(x&pass_mark=70",
    ] {
        let page = server.read(&hr, "en", &format!("{chosen}{nonsense}")).await;
        assert!([400, 422].contains(&page.status.as_u16()), "{nonsense}: {}", page.status);
    }
    Ok(())
}

#[tokio::test]
async fn a_proposal_is_applied_only_in_the_state_that_is_known() -> TestResult {
    let server = bank().await?;
    let ask = async |method: &str, path: &str, body| server.ask("hr", method, path, body).await;
    let rule = |mark: u32| json!({ "pass_mark": mark });
    let position_path = "/api/v1/positions/%E5%AE%A2%E6%88%B7%E7%BB%8F%E7%90%86";
    ask("PATCH", position_path, json!({ "pass_mark": 60, "weights": [{ "skill": "Python", "share": 2 }] }))
        .await
        .expect(422);
    ask("PATCH", position_path, rule(60)).await.expect(200);
    let new = json!({ "position": "客户经理", "to": rule(70), "reason": "x" });
    let made = ask("POST", "/api/v1/proposals", new).await.expect(201);
    let (tag, made) = (made.header(header::ETAG).to_owned(), made.json());
    assert_eq!((made["state"].as_str(), made["is_current"].as_bool()), (Some("open"), Some(true)));
    let path = format!("/api/v1/proposals/{}", made["id"].as_str().ok_or("no id")?);
    let apply = async |tag: &str| {
        let request = server.request("hr", "POST", &format!("{path}/apply")).header(header::IF_MATCH, tag);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        server.send(request.body(json!({ "reason": "y" }).to_string().into()).unwrap()).await
    };
    // The position was changed since: what was seen is no more, and the proposal can't be applied at all.
    ask("PATCH", position_path, rule(65)).await.expect(200);
    apply(&tag).await.expect(412);
    let stale = apply("*").await.expect(412);
    assert_eq!(stale.json()["type"], "/problems/changed");
    ask("PATCH", position_path, rule(60)).await.expect(200);
    let applied = apply(&tag).await.expect(200).json();
    assert_eq!(applied["pass_mark"], 70.0);
    apply("*").await.expect(409);
    let all = server.get("hr", "/api/v1/proposals").await.expect(200).json();
    assert_eq!(all["proposals"][0]["state"], "applied");
    assert_eq!(all["proposals"][0]["decided_because"], "y");
    let none = ask("POST", &format!("{path}/reject"), json!({})).await;
    assert_eq!(none.status, 409);
    Ok(())
}

#[tokio::test]
async fn two_times_are_compared_by_page_api_and_file() -> TestResult {
    let server = bank().await?;
    let hr = server.sign_in("hr").await?;
    let times = "&dates=2023-10-16..2023-10-31&against=2023-10-01..2023-10-15";
    let page = server.read(&hr, "en", &format!("/analysis?measure=pass_rate&by=position{times}")).await;
    let page = page.expect(200).text();
    assert!(page.contains("against 2023-10-01–2023-10-15") && page.contains("change in points"), "{page}");
    assert!(page.contains("2023-10-16..2023-10-31"), "the form is filled in");
    for format in ["xlsx", "csv", "json", "svg"] {
        let times = "&period=2023-10-16..2023-10-31&against=2023-10-01..2023-10-15";
        let file = format!("/analysis/export?measure=pass_rate&by=position{times}&format={format}");
        server.read(&hr, "zh", &file).await.expect(200);
        let api = format!("/api/v1/reports/pass_rate?by=position{times}&format={format}");
        server.get("hr", &api).await.expect(200);
    }
    let preset = server.get("hr", "/api/v1/reports/funnel?period=last_quarter").await.expect(200).json();
    assert!(preset["asked"][1]["text"].as_str().is_some_and(|text| text.contains("–")), "{preset}");
    for wrong in ["period=x", "against=2023", "period=2023&by=month", "period=month&against=2023"] {
        let answer = server.get("hr", &format!("/api/v1/reports/pass_rate?{wrong}")).await;
        assert_eq!(answer.status, 422, "{wrong}: {}", answer.text());
        let page = server.read(&hr, "en", &format!("/analysis?measure=pass_rate&{wrong}")).await.expect(422);
        assert!(page.text().contains("<form class=\"card choose\""), "{wrong}");
    }
    Ok(())
}

#[tokio::test]
async fn a_report_is_kept_shared_and_opened_under_the_reader_s_rights() -> TestResult {
    let server = bank().await?;
    server.test.make_responsible("客户经理").await?;
    let (hr, li) = (server.sign_in("hr").await?, server.sign_in("li").await?);
    let asked = "measure=pass_rate&by=position,month&q=";
    let fields = [("act", "save"), ("name", "=月报 䶮"), ("role", "interviewer"), ("asked", asked)];
    let saved = send(&server, &hr, "/analysis/saved", &fields).await.expect(303);
    assert!(saved.header(header::LOCATION).starts_with("/analysis?measure=pass_rate&by=position%2Cmonth"));
    let page = server.read(&hr, "zh", saved.header(header::LOCATION)).await.expect(200).text();
    assert!(page.contains("=月报 䶮") && page.contains("已分享给面试官"), "{page}");

    let page = server.read(&li, "zh", "/analysis").await.expect(200).text();
    let address = between(&page, "<details class=\"saved\"", "</details>")[0];
    assert!(address.contains("=月报 䶮") && address.contains("来自 hr"), "{page}");
    let address = between(address, "<a href=\"", "\"")[0].replace("&amp;", "&");
    let of_li = server.read(&li, "zh", &address).await.expect(200).text();
    assert!(!of_li.contains("风险控制"), "the reader sees their own positions alone");
    // It is not theirs to change, and to who was not given it, it is not there.
    let id = server.get("hr", "/api/v1/saved-reports").await.json()["saved_reports"][0]["id"].clone();
    let path = format!("/api/v1/saved-reports/{}", id.as_str().ok_or("no id")?);
    server.ask("li", "PUT", &format!("{path}/name"), json!({ "name": "x" })).await.expect(404);
    server.ask("li", "DELETE", &path, json!({})).await.expect(404);
    server.ask("li", "PUT", &format!("{path}/sharing"), json!({ "roles": [] })).await.expect(403);
    let of_checker = server.get("checker", "/api/v1/saved-reports").await.expect(200).json();
    assert_eq!(of_checker["saved_reports"], json!([]));
    server.ask("hr", "PUT", &format!("{path}/sharing"), json!({ "roles": ["auditor"] })).await.expect(422);
    server.ask("hr", "PUT", &format!("{path}/sharing"), json!({ "roles": [] })).await.expect(200);
    assert_eq!(server.get("li", "/api/v1/saved-reports").await.json()["saved_reports"], json!([]));
    let question = json!({ "measure": "pass_rate", "query": "(x" });
    let mistaken = json!({ "name": "y", "question": question });
    let answer = server.ask("hr", "POST", "/api/v1/saved-reports", mistaken).await.expect(422);
    assert_eq!(answer.json()["type"], "/problems/query");
    Ok(())
}

#[tokio::test]
async fn analysis_begins_with_figures_that_lead_to_their_reports() -> TestResult {
    let server = bank().await?;
    let hr = server.sign_in("hr").await?;
    let nobody = server.read(&hr, "en", "/analysis?q=date:1999").await.expect(200).text();
    assert!(nobody.contains("There is nothing to analyse yet") && !nobody.contains("class=\"glance\""));
    for language in ["zh", "en"] {
        let page = server.read(&hr, language, "/analysis").await.expect(200).text();
        let glance = between(&page, "<section class=\"glance\"", "<details class=\"change\"")[0];
        assert!(glance.matches("<svg class=\"chart\"").count() >= 3, "{glance}");
        let reports: Vec<_> = between(glance, "<p class=\"whole\"><a href=\"", "\"");
        assert!(reports.len() >= 6, "{glance}");
        for report in reports {
            server.read(&hr, language, &report.replace("&amp;", "&")).await.expect(200);
        }
        for address in between(glance, "<a href=\"/candidates", "\"").into_iter().take(8) {
            server
                .read(&hr, language, &format!("/candidates{}", address.replace("&amp;", "&")))
                .await
                .expect(200);
        }
    }
    Ok(())
}
