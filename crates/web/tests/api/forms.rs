//! Forms that come back: what is wrong stands beside its field, what was typed is kept, and what was done is said.

use axum::http::header;
use dossier_archive::{Error, SignIn};
use dossier_testkit::TestResult;
use serde_json::{Value, json};

use crate::{analysis::between, server::Server};

/// What is said beside fields of a page.
fn beside(page: &str) -> Vec<&str> {
    between(page, r#"<span class="mistake" role="alert">"#, "<")
}

/// The values of the boxes that are ticked.
fn ticked(page: &str) -> Vec<&str> {
    let boxes = between(page, r#"name="field" value=""#, ">");
    boxes.into_iter().filter(|of| of.contains("checked")).filter_map(|of| of.split('"').next()).collect()
}

#[tokio::test]
async fn a_connection_that_is_to_sync_nothing_is_not_made_and_the_form_comes_back() -> TestResult {
    let server = Server::new().await?;
    let hr = server.sign_in("hr").await?;
    let page = server.read(&hr, "zh", "/connections").await.expect(200).text();
    assert_eq!(ticked(&page).len(), 9, "at first everything is ticked");

    let form = "name=%E6%A0%A1%E6%8B%9B&vendor=ribbon&key=k-e-y";
    let page = server.submit(&hr, "/connections", form).await.expect(400).text();
    assert_eq!(beside(&page), ["choose at least one field to sync"]);
    assert!(page.contains(r#"value="校招""#) && ticked(&page).is_empty(), "{page}");
    assert!(!page.contains("k-e-y"), "a secret is not sent back");
    let all = server.get("hr", "/api/v1/connections").await.json();
    assert_eq!(all["connections"].as_array().map(Vec::len), Some(1), "{all}");

    let two = format!("{form}&field=video&field=ai_score");
    let page =
        server.submit(&hr, "/connections", &format!("{two}&settings=%7Bx%7D")).await.expect(400).text();
    assert!(beside(&page)[0].contains("no JSON") && ticked(&page) == ["ai_score", "video"], "{page}");
    assert!(page.contains("{x}"));
    let taken = two.replace("%E6%A0%A1%E6%8B%9B", "bank");
    let page = server.submit(&hr, "/connections", &taken).await.expect(409).text();
    assert_eq!(beside(&page), ["connection exists already: bank"]);
    server.submit(&hr, "/connections", &two).await.expect(303);

    // The same on the page of one that is there.
    let page = server.submit(&hr, "/connections/bank", "act=fields").await.expect(400).text();
    assert_eq!((beside(&page), ticked(&page)), (vec!["choose at least one field to sync"], vec![]));
    let none = json!({ "fields": [] });
    server.ask("hr", "PUT", "/api/v1/connections/bank/fields", none).await.expect(422);
    let bank = server.get("hr", "/api/v1/connections/bank").await.json();
    assert_eq!(bank["connection"]["fields"].as_array().map(Vec::len), Some(9));
    Ok(())
}

#[tokio::test]
async fn a_connection_tells_that_it_fails_and_takes_another_key_schedule_and_retry() -> TestResult {
    let server = Server::new().await?;
    let hr = server.sign_in("hr").await?;
    let settings = json!({ "base_url": "http://127.0.0.1:9", "allow_loopback": true });
    let new = json!({ "name": "nowhere", "vendor": "ribbon", "api_key": "k", "settings": settings });
    server.ask("hr", "POST", "/api/v1/connections", new).await.expect(201);
    let sync = server.test.as_sync()?;
    let mode = dossier_archive::SyncMode::Incremental;
    assert!(server.test.archive.sync(&sync, "nowhere", mode, &|_| {}).await.is_err());
    let page = server.read(&hr, "zh", "/connections").await.expect(200).text();
    assert!(page.contains("同步失败") && page.contains("无法连接供应商"), "{page}");
    let page = server.read(&hr, "en", "/connections/nowhere").await.expect(200).text();
    assert!(page.contains("The last sync failed: ") && page.contains("the vendor can"), "{page}");
    assert!(page.contains("Webhooks: off") && !page.contains("http-equiv"), "{page}");
    let one = server.get("hr", "/api/v1/connections/nowhere").await.json();
    assert!(one["failing"]["problem"]["en"].as_str().unwrap().contains("can't be reached"), "{one}");

    let path = "/connections/nowhere";
    let page = server.submit(&hr, path, "act=credentials&key=&webhook=+").await.expect(422).text();
    assert_eq!(beside(&page), ["enter a new API key or a new webhook secret"]);
    let done = server.submit(&hr, path, "act=credentials&key=&webhook=hush-hush").await.expect(303);
    let page = server.read(&hr, "en", done.header(header::LOCATION)).await.expect(200).text();
    assert!(page.contains("The webhook secret was replaced") && page.contains("Webhooks: on"), "{page}");
    assert!(!page.contains("The key was replaced"));
    assert!(!page.contains("hush-hush"));
    for (form, said) in
        [("key=k2&webhook=", "API 密钥已更换；可点"), ("key=k3&webhook=w3", "API 密钥与 Webhook 密钥已更换")]
    {
        let done = server.submit(&hr, path, &format!("act=credentials&{form}")).await.expect(303);
        let page = server.read(&hr, "zh", done.header(header::LOCATION)).await.expect(200).text();
        assert!(page.contains(said), "{said}: {page}");
    }
    server.submit(&hr, path, "act=polling&polling=daily").await.expect(303);
    server.submit(&hr, path, "act=polling&polling=sometimes").await.expect(400);
    let one = server.get("hr", "/api/v1/connections/nowhere").await.json();
    assert_eq!((&one["connection"]["polling"], &one["hears_webhooks"]), (&json!("daily"), &json!(true)));
    server.submit(&hr, path, "act=suspend").await.expect(303);
    let done = server.submit(&hr, path, "act=retry").await.expect(303);
    assert_eq!(done.header(header::LOCATION), "/connections/nowhere?done=retried");
    let refused = server.submit(&hr, path, "act=sync").await.expect(422).text();
    assert!(refused.contains("is suspended; resume it first") && refused.contains("Address for webhooks"));
    Ok(())
}

#[tokio::test]
async fn the_address_of_webhooks_is_told_in_full() -> TestResult {
    let server = Server::new().await?;
    let hr = server.sign_in("hr").await?;
    let request = server.request("", "GET", "/connections/bank").header(header::HOST, "dossier.bank:8443");
    let request = request.header(header::COOKIE, format!("__Host-dossier={}", hr.reveal()));
    let page = server.send(request.body(axum::body::Body::empty())?).await.expect(200).text();
    assert!(page.contains(r#"value="https://dossier.bank:8443/hooks/con_"#), "{page}");
    Ok(())
}

#[tokio::test]
async fn rules_that_make_no_sense_come_back_as_they_were_typed() -> TestResult {
    let server = Server::new().await?;
    let hr = server.sign_in("hr").await?;
    let form = |zone: &str, positive: &str| {
        format!(
            "act=rules&zone={zone}&level=month&level=&bands=90,70&positive_from={positive}&negative_below=40\
             &score_tag=85&skill_tag=80"
        )
    };
    let page = server.submit(&hr, "/settings", &form("Asia%2FNowhere", "60")).await.expect(400).text();
    assert_eq!(beside(&page), ["there is no zone “Asia/Nowhere”; write it like Asia/Shanghai"]);
    assert!(page.contains(r#"value="Asia/Nowhere""#) && page.contains(r#"value="90,70""#), "{page}");
    let page = server.submit(&hr, "/settings", &form("Asia%2FShanghai", "160")).await.expect(400).text();
    assert_eq!(beside(&page), ["“160” must be a number from 0 to 100"]);
    assert!(page.contains(r#"value="160""#));
    let done = server.submit(&hr, "/settings", &form("Asia%2FShanghai", "65")).await.expect(303);
    let page = server.read(&hr, "zh", done.header(header::LOCATION)).await.expect(200).text();
    assert!(page.contains("规则已保存") && page.contains(r#"value="65""#), "{page}");
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_user_is_said_in_the_readers_language() -> TestResult {
    let server = Server::new().await?;
    let admin = server.sign_in("admin").await?;
    let zh = async |form: &str| {
        let form = format!("csrf={}&{form}", admin.csrf());
        let request = server.request("", "POST", "/users?lang=zh");
        let request = request.header(header::COOKIE, format!("__Host-dossier={}", admin.reveal()));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        server.send(request.body(form.into()).unwrap()).await.expect(422).text()
    };
    let page = zh("act=add&login=wang&name=%E7%8E%8B").await;
    assert_eq!(beside(&page), ["请至少选择一个角色"]);
    assert!(page.contains(r#"value="wang""#) && page.contains(r#"value="王""#), "{page}");
    let page = zh("act=add&login=wang&name=W&role=auditor&role=hr_administrator").await;
    assert_eq!(beside(&page), ["审计员不能兼任其他角色：系统管理、审计与业务职责须分开"]);
    let page = zh("act=roles&login=li").await;
    assert!(page.contains("请至少选择一个角色") && !page.contains("出错"), "{page}");
    Ok(())
}

#[tokio::test]
async fn who_is_locked_is_shown_and_that_they_are_unlocked() -> TestResult {
    let server = Server::new().await?;
    let admin = server.sign_in("admin").await?;
    server.sign_in("hr").await?;
    let users = server.read(&admin, "zh", "/users").await.expect(200).text();
    assert!(!users.contains("已锁定至") && !users.contains("解除锁定"), "{users}");
    for _ in 0..5 {
        let origin = dossier_access::Word::parse("203.0.113.9")?;
        let wrong = SignIn { login: "hr", password: "guessed", code: None, origin };
        assert!(matches!(server.test.archive.sign_in(wrong).await, Err(Error::SignIn)));
    }
    let users = server.read(&admin, "zh", "/users").await.expect(200).text();
    assert!(users.contains("已锁定至"), "{users}");
    let done = server.submit(&admin, "/users", "act=unlock&login=hr").await.expect(303);
    let users = server.read(&admin, "zh", done.header(header::LOCATION)).await.expect(200).text();
    assert!(users.contains("已解除锁定。") && !users.contains("已锁定至"), "{users}");
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_of_ones_own_is_called_that_and_a_wrong_code_keeps_the_picture() -> TestResult {
    let server = Server::new().await?;
    let hr = server.sign_in("hr").await?;
    let form = "act=password&password=wrong&new=another+good+sentence&again=another+good+sentence";
    let page = server.submit(&hr, "/account", form).await.expect(400).text();
    assert!(beside(&page)[0].starts_with("the current password is wrong"), "{page}");

    let offer = "act=offer&password=correct+horse+battery+staple+7";
    let page = server.submit(&hr, "/account", offer).await.expect(200).text();
    let picture = |page: &str| between(page, r#"<svg class="qr""#, "</svg>").concat();
    let secret = between(&page, r#"name="secret" value=""#, "\"")[0].to_owned();
    assert!(!picture(&page).is_empty());
    let wrong = format!("act=confirm&code=000+000&secret={secret}");
    let again = server.submit(&hr, "/account", &wrong).await.expect(422).text();
    assert_eq!(picture(&again), picture(&page));
    assert!(beside(&again)[0].starts_with("the code is wrong"), "{again}");
    let guessed =
        server.submit(&hr, "/account", "act=confirm&code=000000&secret=AAAA").await.expect(422).text();
    assert!(!guessed.contains(&secret), "it is shown to nobody who does not name it");
    Ok(())
}

#[tokio::test]
async fn who_signs_out_leaves_nothing_in_the_browser() -> TestResult {
    let server = Server::new().await?;
    let hr = server.sign_in("hr").await?;
    let out = server.submit(&hr, "/sign-out", "").await.expect(303);
    let forgotten = out.header(header::HeaderName::from_static("clear-site-data"));
    assert_eq!(forgotten, "\"cache\", \"storage\"", "cookies, such as those of language and theme, stay");
    Ok(())
}

#[tokio::test]
async fn the_log_page_goes_back_and_is_asked_in_its_own_words() -> TestResult {
    let server = Server::new().await?;
    let auditor = server.sign_in("auditor").await?;
    for _ in 0..150 {
        server.get("hr", "/api/v1/connections").await.expect(200);
    }
    let numbers = |page: &str| -> Vec<u64> {
        let cells = between(page, r#"<td class="number" data-label="No.">"#, "<");
        cells.iter().map(|number| number.parse().unwrap()).collect()
    };
    let way = |page: &str, rel: &str| -> Option<String> {
        let all = between(page, r#"<a class="button" href=""#, "</a>");
        let link = all.into_iter().find(|link| link.contains(&format!(r#"rel="{rel}""#)))?;
        Some(link.split('"').next()?.replace("&amp;", "&"))
    };
    let first = server.read(&auditor, "en", "/log?action=See+the+connections").await.expect(200).text();
    assert_eq!(
        (numbers(&first).len(), way(&first, "prev")),
        (100, None),
        "two hundred records, of which half are told"
    );
    let second = server.read(&auditor, "en", &way(&first, "next").unwrap()).await.expect(200).text();
    assert!(numbers(&second)[0] < *numbers(&first).last().unwrap());
    assert_eq!(way(&second, "next"), None, "all is there: {second}");
    let back = server.read(&auditor, "en", &way(&second, "prev").unwrap()).await.expect(200).text();
    assert_eq!(numbers(&back), numbers(&first));

    let rows = async |query: &str| {
        let page = server.read(&auditor, "en", &format!("/log?{query}")).await.expect(200).text();
        between(&page, "<tr>", "</tr>").len() - usize::from(page.contains("<thead>"))
    };
    assert!(rows("action=%E6%9F%A5%E7%9C%8B%E9%9B%86%E6%88%90").await > 0, "in the other language");
    assert!(rows("action=list_connections&actor=HR").await > 0);
    assert_eq!(rows("action=list_connections&actor=li").await, 0);
    assert_eq!(rows("action=list_connections&outcome=denied").await, 0);
    assert_eq!(rows("action=list_connections&from=2999-01-01").await, 0);
    let odd = "/log?from=yesterday&to=2999-01-01&actor=HR&object=x1";
    let page = server.read(&auditor, "en", odd).await.expect(422).text();
    assert_eq!(beside(&page), ["“yesterday” is no date; write 2026-01-31"]);
    for kept in [
        r#"type="text" name="from" value="yesterday""#,
        r#"name="to" value="2999-01-01""#,
        r#"value="HR""#,
        r#"value="x1""#,
    ] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    server.read(&server.sign_in("hr").await?, "en", odd).await.expect(403);
    let asked = server.get("auditor", "/api/v1/log?outcome=intended&action=list_connections").await.json();
    assert!(asked["records"][0]["entry"]["outcome"] == "intended" && asked["next"] != Value::Null);
    Ok(())
}
