//! Every method of every address, asked by nobody, and by everybody who may not.

use std::collections::BTreeSet;

use axum::{body::Body, http::header};
use dossier_access::Token;
use dossier_domain::{ApplicationId, MaterialId};
use dossier_testkit::{TestResult, USERS};

use crate::{
    rows::{ROWS, Row, Who},
    server::{Answer, Server, form_tokens},
};

const ABSENT: [u8; 16] = [7; 16];

impl Row {
    /// What is asked for, of an application that is there or of one that is not.
    fn filled(&self, text: &str, server: &Server, is_there: bool) -> String {
        let (application, material) = match is_there {
            true => (server.application, server.material),
            false => (ApplicationId::from_bytes(ABSENT), MaterialId::from_bytes(ABSENT)),
        };
        let text = text.replace("{application}", &application.to_string());
        let text = text.replace("{material}", &material.to_string());
        let text = match self.address.starts_with("/hooks") {
            true => text.replace("{connection}", "con_01HF7YAT00QDZVXW2ZJ3VHEF10"),
            false => text.replace("{connection}", "bank"),
        };
        let text = text
            .replace("{position}", "nowhere")
            .replace("{measure}", "pass_rate")
            .replace("{theme}", "nothing")
            .replace("{report}", "rep_01HF7YAT00QDZVXW2ZJ3VHEF10")
            .replace("{proposal}", "prp_01HF7YAT00QDZVXW2ZJ3VHEF10")
            .replace("{login}", "nobody")
            .replace("{link}", "none");
        let text = text.replace("{token}", "tok_01HF7YAT00QDZVXW2ZJ3VHEF10").replace("{name}", "denied");
        text.replace("{search}", "sav_01HF7YAT00QDZVXW2ZJ3VHEF10")
            .replace("{release}", "rel_01HF7YAT00QDZVXW2ZJ3VHEF10")
            .replace("{version}", "0")
            .replace("{upload}", "upl_01HF7YAT00QDZVXW2ZJ3VHEF10")
            .replace("{channel}", "chn_01HF7YAT00QDZVXW2ZJ3VHEF10")
            .replace("{fetch}", "none")
    }

    fn path(&self, server: &Server, is_there: bool) -> String {
        let path = self.filled(self.address, server, is_there);
        match self.address {
            "/api/v1/applications/{application}/materials" => format!("{path}?name=a.pdf"),
            "/api/v1/applications/{application}/claims/evidence" => format!("{path}?name=a.pdf&claim=CFA"),
            "/candidates/values" => format!("{path}?of=tag"),
            "/analysis/export" => format!("{path}?measure=pass_rate&format=csv"),
            _ => path,
        }
    }

    async fn as_program(&self, server: &Server, login: &str, is_there: bool) -> Answer {
        let media_type = match self.address {
            "/api/v1/applications/{application}/uploads/{upload}" => "application/offset+octet-stream",
            "/api/v1/applications/{application}/materials" => "application/octet-stream",
            _ => "application/json",
        };
        let settings = serde_json::json!(*server.test.archive.settings()).to_string();
        let body = self.body.replace("SETTINGS", &settings);
        let request = server.request(login, self.method, &self.path(server, is_there));
        let request = request.header(header::CONTENT_TYPE, media_type);
        let request = request
            .header("tus-resumable", "1.0.0")
            .header("upload-metadata", "filename YQ==")
            .header("upload-length", "8")
            .header("upload-offset", "0");
        server.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn as_person(&self, server: &Server, session: Option<&Token>, is_there: bool) -> Answer {
        let token = session.map(Token::csrf).unwrap_or_default();
        let request = server.request("", self.method, &self.path(server, is_there));
        let request = match session {
            Some(session) => request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal())),
            None => request,
        };
        let request = match self.body {
            "file" => {
                let body = format!(
                    "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--b\r\nContent-Disposition: \
                     form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\r\n--b--\r\n"
                );
                request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b").body(Body::from(body))
            }
            body => {
                let form = format!("csrf={token}&{}", self.filled(body, server, is_there));
                request
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(Body::from(form))
            }
        };
        server.send(request.unwrap()).await
    }
}

#[tokio::test]
async fn every_method_of_every_address_has_a_row() -> TestResult {
    let server = Server::new().await?;
    let mut there = BTreeSet::new();
    for address in dossier_web::addresses() {
        let template = Row { method: "PROPFIND", address: "", who: Who::Anyone, body: "" };
        let path = template.filled(&address, &server, true);
        let answer =
            server.send(server.request("hr", "PROPFIND", &path).body(Body::empty())?).await.expect(405);
        for method in answer.header(header::ALLOW).split(',').filter(|method| *method != "HEAD") {
            there.insert((method.to_owned(), address.clone()));
        }
    }
    let rows: BTreeSet<_> = ROWS.iter().map(|row| (row.method.to_owned(), row.address.to_owned())).collect();
    assert_eq!(rows.len(), ROWS.len(), "a row stands twice");
    let rows: BTreeSet<_> = rows.into_iter().filter(|(method, _)| method != "HEAD").collect();
    let without: Vec<_> = there.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&there).collect();
    assert!(without.is_empty() && gone.is_empty(), "without a row: {without:?}; of nothing: {gone:?}");
    Ok(())
}

#[tokio::test]
async fn nobody_gets_anything_without_a_session_or_token() -> TestResult {
    let server = Server::new().await?;
    for row in ROWS {
        let where_ = format!("{} {}", row.method, row.address);
        match row.who {
            Who::Program(_) => {
                let answer = row.as_program(&server, "", true).await;
                assert_eq!(answer.status, 401, "{where_}: {}", answer.text());
                assert_eq!(answer.header(header::WWW_AUTHENTICATE), "Bearer", "{where_}");
                if row.method != "HEAD" {
                    assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json", "{where_}");
                    assert_eq!(answer.json()["type"], "/problems/not-signed-in", "{where_}");
                }
            }
            Who::Page(_) => {
                let answer = row.as_person(&server, None, true).await;
                assert_eq!(answer.status, 303, "{where_}: {}", answer.text());
                assert!(answer.header(header::LOCATION).starts_with("/sign-in?next="), "{where_}");
            }
            Who::ByDoor => {
                let answer = row.as_person(&server, None, true).await;
                assert!([401, 403, 404].contains(&answer.status.as_u16()), "{where_}: {}", answer.status);
            }
            Who::Anyone => {
                let answer = row.as_person(&server, None, true).await;
                assert!(!answer.text().contains(&server.application.to_string()), "{where_}");
            }
        }
    }
    Ok(())
}

/// Who may not gets 403, or 404 exactly as for what is not there.
fn refused(there: &Answer, absent: &Answer, server: &Server) -> Result<(), String> {
    let status = there.status.as_u16();
    if status != 403 && status != 404 {
        return Err(format!("{status}: {}", there.text()));
    }
    // Each page has a form token of its own.
    let text = |answer: &Answer| {
        let text = answer.text();
        form_tokens(&text).into_iter().fold(text.clone(), |text, token| text.replace(token, "TOKEN"))
    };
    let known = text(there)
        .replace(&server.application.to_string(), "ID")
        .replace(&server.material.to_string(), "ID");
    let (one, other) = (ApplicationId::from_bytes(ABSENT), MaterialId::from_bytes(ABSENT));
    let unknown = text(absent).replace(&one.to_string(), "ID").replace(&other.to_string(), "ID");
    match known == unknown && there.status == absent.status {
        true => Ok(()),
        false => Err(format!("{known} is told apart from {unknown}")),
    }
}

#[tokio::test]
async fn each_role_that_may_not_is_told_nothing_by_the_api() -> TestResult {
    let server = Server::new().await?;
    let mut wrong = Vec::new();
    for row in ROWS {
        let Who::Program(allowed) = row.who else { continue };
        for (login, _) in USERS.iter().filter(|(login, _)| !allowed.contains(login)) {
            let there = row.as_program(&server, login, true).await;
            let absent = row.as_program(&server, login, false).await;
            if let Err(why) = refused(&there, &absent, &server) {
                wrong.push(format!("{login} {} {}: {why}", row.method, row.address));
            }
        }
    }
    for row in ROWS {
        let Who::Program(allowed) = row.who else { continue };
        for login in allowed {
            let answer = row.as_program(&server, login, true).await;
            if [401, 403].contains(&answer.status.as_u16()) {
                wrong.push(format!("{login} {} {}: {}", row.method, row.address, answer.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn each_role_that_may_not_is_told_nothing_by_the_pages() -> TestResult {
    let server = Server::new().await?;
    let mut wrong = Vec::new();
    for (login, _) in USERS {
        let session = server.sign_in(login).await?;
        for row in ROWS {
            let Who::Page(allowed) = row.who else { continue };
            if row.address == "/sign-out" {
                continue;
            }
            let there = row.as_person(&server, Some(&session), true).await;
            if allowed.contains(&login) {
                if [401, 403].contains(&there.status.as_u16()) {
                    wrong.push(format!("{login} {} {}: {}", row.method, row.address, there.status));
                }
            } else {
                let absent = row.as_person(&server, Some(&session), false).await;
                if let Err(why) = refused(&there, &absent, &server) {
                    wrong.push(format!("{login} {} {}: {why:.200}", row.method, row.address));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn a_session_changes_something_only_with_the_token_of_our_pages() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let cookie = format!("__Host-dossier={}", session.reveal());
    for row in ROWS.iter().filter(|row| matches!(row.who, Who::Program(_))) {
        if ["GET", "HEAD", "OPTIONS"].contains(&row.method) {
            continue;
        }
        let ask = |token: &str, origin: &str| {
            let request =
                server.request("", row.method, &row.path(&server, false)).header(header::COOKIE, &cookie);
            let request =
                request.header(header::HOST, "dossier.bank").header(header::ORIGIN, origin.to_owned());
            request.header("x-csrf-token", token.to_owned()).body(Body::from(row.body)).unwrap()
        };
        for (token, origin) in
            [("", "https://dossier.bank"), (session.csrf().as_str(), "https://evil.example")]
        {
            let answer = server.send(ask(token, origin)).await;
            assert_eq!(answer.status, 403, "{} {}: {}", row.method, row.address, answer.text());
            assert_eq!(answer.json()["type"], "/problems/not-from-our-pages");
        }
        let ours = server.send(ask(&session.csrf(), "https://dossier.bank")).await;
        let is_forged = ours.status == 403 && ours.text().contains("not-from-our-pages");
        assert!(!is_forged, "{} {}", row.method, row.address);
    }
    Ok(())
}
