//! What people with bad intent send: each line of "Web and API" that no other test is about. `docs/security-tests.md` lists them.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use dossier_testkit::TestResult;
use serde_json::json;

use crate::{
    rows::ROWS,
    server::{Answer, PDF, Server},
};

impl Server {
    async fn add(&self, name: &str, bytes: &[u8]) -> Answer {
        let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let path = format!("/api/v1/applications/{}/materials?name={name}", self.application);
        self.send(self.request("hr", "POST", &path).body(Body::from(bytes.to_vec())).unwrap()).await
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_whoever_reads_it() -> TestResult {
    let server = Server::new().await?;
    for row in ROWS {
        let path = row.address.replace(['{', '}'], "");
        let answer = server.send(server.request("", row.method, &path).body(Body::empty())?).await;
        let about = format!("{} {path}: {}", row.method, answer.status);
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{about}"
        );
        assert!(!policy.contains("unsafe"), "{about}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{about}");
        assert!(answer.header(header::STRICT_TRANSPORT_SECURITY).contains("max-age="), "{about}");
        let kept = answer.header(header::CACHE_CONTROL);
        assert!(kept == "no-store" || row.address.starts_with("/assets"), "{about}: {kept}");
    }
    Ok(())
}

#[tokio::test]
async fn a_sessions_cookie_is_this_hosts_alone_and_no_scripts() -> TestResult {
    let server = Server::new().await?;
    server.sign_in("hr").await?;
    let form = "login=hr&password=correct+horse+battery+staple+7";
    let request = server.request("", "POST", "/sign-in");
    let request =
        request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.into())?;
    let answer = server.send(request).await.expect(303);
    let cookie = answer.header(header::SET_COOKIE);
    assert!(cookie.starts_with("__Host-dossier="), "{cookie}");
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    Ok(())
}

#[tokio::test]
async fn a_thousand_overlapping_ranges_are_one_answer() -> TestResult {
    let server = Server::new().await?;
    let path = format!("/api/v1/applications/{}/materials/{}", server.application, server.material);
    let ranges: Vec<String> = (0..1000).map(|number| format!("{}-", number % 9)).collect();
    let request =
        server.request("hr", "GET", &path).header(header::RANGE, format!("bytes={}", ranges.join(",")));
    let answer = server.send(request.body(Body::empty())?).await.expect(200);
    assert_eq!((answer.bytes.as_slice(), answer.header(header::CONTENT_RANGE)), (PDF, ""));
    Ok(())
}

#[tokio::test]
async fn what_a_file_is_decides_its_content_and_nothing_runs() -> TestResult {
    let server = Server::new().await?;
    let refused: [(&str, &[u8]); 7] = [
        ("photo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("photo.png", b"<?xml version='1.0'?><svg onload='alert(1)'/>"),
        ("report.pdf", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("report.pdf", b"MZ\x90\0\x03\0\0\0 an executable"),
        ("report.docx", b"PK\x03\x04\x14\0\0\0\x08\0 a ZIP of anything"),
        ("report.pdf", b"\x1f\x8b\x08\0\0\0\0\0 a bomb"),
        ("report.pdf", b"<<<<<<<< %PDF-1.7 not at the beginning"),
    ];
    for (name, bytes) in refused {
        let answer = server.add(name, bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text());
    }
    // Two things at once: it is what its beginning says, and is never shown as the other.
    let polyglots: [(&str, &[u8], &str); 2] = [
        ("a.html", b"GIF89a=1;/*\0\0*/<script>alert(1)</script>", "image/gif"),
        ("b.js", b"%PDF-1.7\n<html><script>alert(1)</script></html>", "application/pdf"),
    ];
    for (name, bytes, media_type) in polyglots {
        let added = server.add(name, bytes).await.expect(201).json();
        let path = format!(
            "/api/v1/applications/{}/materials/{}",
            server.application,
            added["id"].as_str().unwrap()
        );
        let shown = server.get("hr", &path).await.expect(200);
        assert_eq!(shown.header(header::CONTENT_TYPE), media_type, "{name}");
        assert_eq!(shown.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        let ending = media_type.split('/').nth(1).unwrap();
        let disposition = shown.header(header::CONTENT_DISPOSITION);
        assert!(disposition.contains(&format!(".{ending}\";")), "{disposition}: its name ends as it is");
    }
    Ok(())
}

#[tokio::test]
async fn a_name_leads_nowhere_on_the_machine_of_who_unpacks_it() -> TestResult {
    let server = Server::new().await?;
    for name in [
        "../../../etc/cron.d/x.pdf",
        "..\\..\\windows\\x.pdf",
        "/etc/passwd.pdf",
        "C:\\x.pdf",
        "a/../../b.pdf",
    ] {
        server.add(name, PDF).await.expect(201);
    }
    let asked =
        json!({ "contents": ["supplement"], "reason": "test", "only": [server.application.to_string()] });
    let zip = server.ask("hr", "POST", "/api/v1/fetch", asked).await.expect(200);
    let mut names = Vec::new();
    // Central directory: the names as readers that unpack take them.
    let mut rest = zip.bytes.as_slice();
    while let Some(at) = rest.windows(4).position(|bytes| bytes == b"PK\x01\x02") {
        rest = &rest[at..];
        let length = usize::from(u16::from_le_bytes([rest[28], rest[29]]));
        names.push(String::from_utf8(rest[46..46 + length].to_vec())?);
        rest = &rest[46..];
    }
    assert!(names.len() > 5, "{names:?}");
    for name in &names {
        let is_safe = !name.starts_with('/')
            && !name.contains(['\\', ':', '\0'])
            && name.split('/').all(|part| part != "..");
        assert!(is_safe, "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn nothing_that_is_sent_spoils_the_log_or_a_terminal_that_shows_it() -> TestResult {
    let server = Server::new().await?;
    for evil in ["a\r\nforged", "\u{1b}[2J\u{1b}[31m", "\u{202e}gnp.exe", "a\u{0}b", "\u{9b}31m"] {
        let asked = json!({ "contents": ["supplement"], "reason": evil });
        let refused = server.ask("hr", "POST", "/api/v1/fetch", asked).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{evil:?}");
        let encoded: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        for path in
            ["/api/v1/applications?q=", "/api/v1/applications/", "/api/v1/connections/", "/api/v1/positions/"]
        {
            server.get("hr", &format!("{path}{encoded}")).await;
        }
        server.get("auditor", &format!("/api/v1/log?object={encoded}")).await;
    }
    let log = server.get("auditor", "/api/v1/log/export").await.expect(200).text();
    assert!(log.lines().count() > 20);
    for line in log.lines() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        assert!(record.is_object() && !line.contains("forged") && !line.contains("gnp"), "{line}");
        let spoils =
            |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!line.contains(spoils) && !line.contains("\\u001b") && !line.contains("\\u0000"), "{line}");
    }
    Ok(())
}
