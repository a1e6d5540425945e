//! Notices through the API and the pages: the inbox, its live count, preferences, and channels that a server serves.

use std::{sync::Arc, time::Duration};

use dossier_domain::ChannelKind;
use dossier_simulator::RobotServer;
use dossier_testkit::TestResult;
use dossier_web::{Options, Site};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::server::Server;

async fn move_on(server: &Server, to: &str) {
    let path = format!("/api/v1/applications/{}/stage", server.application);
    server.ask("hr", "POST", &path, json!({ "to": to })).await.expect(200);
}

/// What a stream of notices says first, from a server that serves it.
async fn first_event(server: &Server, login: &str) -> TestResult<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut visitor = TcpStream::connect(listener.local_addr()?).await?;
    let site = Site::new(Arc::clone(&server.test.archive), Options::default());
    let serving = tokio::spawn(site.run(listener, None, Duration::from_secs(3600), std::future::pending()));
    let request = format!(
        "GET /api/v1/me/notices/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
        server.token(login)
    );
    visitor.write_all(request.as_bytes()).await?;
    let (mut heard, mut piece) = (String::new(), vec![0; 4096]);
    // The headers hold `data:` as well.
    while !heard.contains("\ndata: ") {
        let length = tokio::time::timeout(Duration::from_secs(5), visitor.read(&mut piece)).await??;
        heard += &String::from_utf8_lossy(&piece[..length]);
    }
    serving.abort();
    Ok(heard)
}

#[tokio::test]
async fn a_checker_reads_of_a_new_case_in_their_language_and_marks_it() -> TestResult {
    let server = Server::new().await?;
    move_on(&server, "background_check").await;
    let inbox = server.get("checker", "/api/v1/me/notices").await.expect(200).json();
    assert_eq!((&inbox["unread"], &inbox["notices"][0]["kind"]), (&1.into(), &"new_case".into()));
    let text = inbox["notices"][0]["text"].as_str().unwrap();
    assert!(text.contains("background check"), "{text}");
    assert_eq!(inbox["notices"][0]["applications"][0], server.application.to_string());

    let session = server.sign_in("checker").await?;
    let page = server.read(&session, "zh", "/notices").await.expect(200).text();
    assert!(page.contains("新进入背景调查") && page.contains(r#"<span class="count">1</span>"#), "{page}");
    let events = first_event(&server, "checker").await?;
    assert!(events.contains("event: changed\ndata: 1"), "{events}");

    let id = &inbox["notices"][0]["id"];
    let read = server.ask("checker", "POST", "/api/v1/me/notices/read", json!({ "notices": [id] })).await;
    assert_eq!(read.expect(200).json(), json!({ "read": 1 }));
    assert_eq!(server.get("checker", "/api/v1/me/notices").await.json()["unread"], 0);
    let page = server.read(&session, "zh", "/candidates").await.expect(200).text();
    assert!(page.contains(r#"<span class="count" hidden>0</span>"#), "the head says so on every page");
    Ok(())
}

#[tokio::test]
async fn each_chooses_what_they_hear_of_and_nonsense_is_refused() -> TestResult {
    let server = Server::new().await?;
    let path = "/api/v1/me/notices/preferences";
    let before = server.get("checker", path).await.expect(200).json();
    assert_eq!(before["wishes"]["new_case"], "at_once");
    let after = json!({ "wishes": { "new_case": "not" }, "email": "li@bank.example" });
    let after = server.ask("checker", "PUT", path, after).await.expect(200).json();
    assert_eq!((&after["wishes"]["new_case"], &after["email"]), (&"not".into(), &"li@bank.example".into()));
    move_on(&server, "background_check").await;
    assert_eq!(server.get("checker", "/api/v1/me/notices").await.json()["unread"], 0);
    for (body, status) in [
        (json!({ "wishes": { "nothing": "not" } }), 400),
        (json!({ "wishes": { "new_case": "loudly" } }), 400),
        (json!({ "email": "li@bank.example\r\nBcc: a@b.c" }), 422),
        (json!({ "email": "li, other@bank.example" }), 422),
        (json!({ "channel": "chn_01HF7YAT00QDZVXW2ZJ3VHEF10" }), 404),
    ] {
        server.ask("checker", "PUT", path, body).await.expect(status);
    }
    Ok(())
}

#[tokio::test]
async fn texts_take_what_can_be_filled_in_and_nothing_else() -> TestResult {
    let server = Server::new().await?;
    let path = "/api/v1/settings/notices";
    let text = |zh: &str| json!({ "texts": { "new_case": { "zh": zh, "en": "{position}: new" } }, "digest_hour": 7 });
    let refused = server.ask("hr", "PUT", path, text("{candidate} 来了")).await.expect(422).json();
    assert!(refused["detail"].as_str().unwrap().contains("{candidate}"), "{refused}");
    let rules = server.ask("hr", "PUT", path, text("【{position}】")).await.expect(200).json();
    assert_eq!(
        (&rules["texts"]["new_case"]["zh"], &rules["digest_hour"]),
        (&"【{position}】".into(), &7.into())
    );
    move_on(&server, "background_check").await;
    let inbox = server.get("checker", "/api/v1/me/notices").await.json();
    assert!(inbox["notices"][0]["text"].as_str().unwrap().ends_with(": new"), "{inbox}");
    Ok(())
}

#[tokio::test]
async fn a_webhook_gets_a_secret_once_and_the_server_tells_it_of_moves() -> TestResult {
    let server = Server::new().await?;
    let robots = RobotServer::start(Arc::clone(&server.test.clock) as _).await?;
    let webhook = |name: &str, secret: Value| {
        let address = robots.address(ChannelKind::Webhook);
        json!({ "name": name, "kind": "webhook", "address": address, "private_network": true, "secret": secret })
    };
    let made = server.ask("admin", "POST", "/api/v1/channels", webhook("人事系统", Value::Null)).await;
    let made = made.expect(201).json();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"), "{made}");
    let known = json!(RobotServer::WEBHOOK_SECRET);
    let known =
        server.ask("admin", "POST", "/api/v1/channels", webhook("另一个", known)).await.expect(201).json();
    assert!(known.get("secret").is_none(), "a secret that was given is not repeated");
    let all = server.get("admin", "/api/v1/channels").await.expect(200).text();
    assert!(!all.contains("whsec_"), "{all}");

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let site = Site::new(Arc::clone(&server.test.archive), Options::default());
    let serving = tokio::spawn(site.run(listener, None, Duration::from_secs(3600), std::future::pending()));
    move_on(&server, "offer").await;
    let mut waited = 0;
    while robots.events().is_empty() && waited < 100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        waited += 1;
    }
    serving.abort();
    let events = robots.events();
    assert_eq!(events.len(), 1, "the other's secret is another one: {}", robots.forged());
    assert_eq!(events[0].body["data"]["to"], "offer");
    let id = made["id"].as_str().unwrap();
    server.ask("admin", "DELETE", &format!("/api/v1/channels/{id}"), Value::Null).await.expect(200);
    Ok(())
}

#[tokio::test]
async fn the_page_of_channels_sets_up_tests_and_removes_and_shows_no_key() -> TestResult {
    let server = Server::new().await?;
    let robots = RobotServer::start(Arc::clone(&server.test.clock) as _).await?;
    let session = server.sign_in("hr").await?;
    let post = async |form: &str| {
        let request = server.request("", "POST", "/channels");
        let request = request.header("cookie", format!("__Host-dossier={}", session.reveal()));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        server.send(request.body(format!("csrf={}&{form}", session.csrf()).into()).unwrap()).await
    };
    let address: String =
        url::form_urlencoded::byte_serialize(robots.address(ChannelKind::WeCom).as_str().as_bytes())
            .collect();
    let add = format!(
        "act=add&name=group&kind=wecom&key={}&address={address}&private_network=on",
        RobotServer::KEY
    );
    post(&add).await.expect(303);
    let page = server.read(&session, "en", "/channels").await.expect(200).text();
    assert!(page.contains("group") && !page.contains(RobotServer::KEY), "{page}");
    let id = page.split("chn_").nth(1).unwrap().get(..26).unwrap().to_owned();
    let tested = post(&format!("act=test&id=chn_{id}")).await.expect(200).text();
    assert!(tested.contains("took the test message") && robots.said().len() == 1);
    robots.misbehave(ChannelKind::WeCom, Some(dossier_simulator::Mischief::Code(93000)));
    let failed = post(&format!("act=test&id=chn_{id}")).await;
    assert!(failed.text().contains("93000"), "what is wrong is said where it can be mended");
    post(&format!("act=remove&id=chn_{id}")).await.expect(303);
    post("act=add&name=x&kind=wecom&key=short").await.expect(422);
    Ok(())
}

#[tokio::test]
async fn every_sort_of_channel_is_set_up_by_its_name_and_changed() -> TestResult {
    let server = Server::new().await?;
    for kind in ChannelKind::ALL {
        let address = if *kind == ChannelKind::Email { "smtp://127.0.0.1:9" } else { "http://127.0.0.1:9/x" };
        let mut new =
            json!({ "name": kind, "kind": kind.name(), "address": address, "private_network": true });
        match kind {
            ChannelKind::Webhook => {}
            ChannelKind::Email => new["from"] = json!("a@bank.example"),
            _ => new["key"] = json!("7d4f1c2a-made-up-0001"),
        }
        let made = server.ask("hr", "POST", "/api/v1/channels", new).await.expect(201).json();
        assert_eq!(made["kind"], kind.name());
        let path = format!("/api/v1/channels/{}", made["id"].as_str().unwrap());
        let name = format!("{kind} 2");
        let changed = server.ask("hr", "PATCH", &path, json!({ "name": name })).await.expect(200).json();
        assert_eq!((&changed["name"], &changed["kind"]), (&json!(name), &json!(kind.name())));
    }
    Ok(())
}

#[tokio::test]
async fn where_a_webhook_leads_and_of_which_positions_it_tells_is_changed_on_the_page() -> TestResult {
    let server = Server::new().await?;
    let new = json!({ "name": "hr", "kind": "webhook", "address": "https://hr.bank.example/a" });
    let made = server.ask("admin", "POST", "/api/v1/channels", new).await.expect(201).json();
    let id = made["id"].as_str().unwrap().to_owned();
    let positions = server.get("hr", "/api/v1/positions").await.expect(200).json();
    let position = positions["positions"][0]["id"].as_str().unwrap().to_owned();
    let post = async |login: &str, form: &str| -> TestResult<crate::server::Answer> {
        let session = server.sign_in(login).await?;
        let request = server.request("", "POST", "/channels");
        let request = request.header("cookie", format!("__Host-dossier={}", session.reveal()));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let body = format!("csrf={}&act=change&id={id}&name=hr&{form}", session.csrf());
        Ok(server.send(request.body(body.into())?).await)
    };
    let channel =
        async || server.get("admin", "/api/v1/channels").await.json()["channels"][0]["channel"].clone();
    let session = server.sign_in("hr").await?;
    let page = server.read(&session, "en", "/channels").await.expect(200).text();
    assert!(page.contains("value=\"https://hr.bank.example/a\"") && page.contains(&position), "{page}");

    let change = format!("address=https%3A%2F%2Fhr.bank.example%2Fb&chooses=on&position={position}");
    post("hr", &change).await?.expect(303);
    let changed = channel().await;
    assert_eq!(
        (&changed["address"], &changed["positions"]),
        (&"https://hr.bank.example/b".into(), &json!([position]))
    );
    // Who administers the system sees no positions there, and changes none.
    let session = server.sign_in("admin").await?;
    let page = server.read(&session, "en", "/channels").await.expect(200).text();
    assert!(!page.contains(&position) && page.contains("positions: 1"), "{page}");
    post("admin", "address=https%3A%2F%2Fhr.bank.example%2Fc").await?.expect(303);
    let changed = channel().await;
    assert_eq!(
        (&changed["address"], &changed["positions"]),
        (&"https://hr.bank.example/c".into(), &json!([position]))
    );
    post("hr", "address=https%3A%2F%2Fhr.bank.example%2Fc&chooses=on").await?.expect(303);
    assert_eq!(channel().await["positions"], json!([]), "none chosen are all");
    for (wrong, status) in [
        ("address=ftp%3A%2F%2Fx", 422),
        ("address=nothing", 400),
        ("address=", 422),
        ("address=https%3A%2F%2Fx.example&chooses=on&position=pos_00000000000000000000000000", 404),
    ] {
        assert_eq!(post("hr", wrong).await?.status, status, "{wrong}");
    }
    assert_eq!(channel().await["address"], "https://hr.bank.example/c");
    Ok(())
}
