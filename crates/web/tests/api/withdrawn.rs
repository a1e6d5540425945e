//! A role that is withdrawn while something large is on its way.

use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::body::Body;
use bytes::Bytes;
use dossier_access::{Role, RoleSet};
use dossier_archive::SearchRequest;
use dossier_domain::text::Login;
use dossier_testkit::TestResult;
use dossier_web::{Options, Site};
use futures::stream;
use http_body_util::BodyExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket},
};

use crate::server::Server;

const LENGTH: usize = 48 << 20;
/// What the visitor's machine takes before it is read: the server is not to blame for what has left it.
const RECEIVED: u32 = 64 << 10;
/// So much is read at a time, and so long is waited then: some four megabytes a second.
const PIECE: usize = 64 << 10;
const PAUSE: Duration = Duration::from_millis(15);

/// A site with a large file, and HR's session.
async fn with_a_large_file() -> TestResult<(Server, String, String)> {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?.reveal().to_owned();
    let hr = server.test.as_user("hr").await?;
    let large = Bytes::from([b"%PDF-1.7\n".as_slice(), &vec![b'x'; LENGTH]].concat());
    let pieces = stream::iter([Ok::<_, Infallible>(large)]);
    let material = server.test.archive.upload(&hr, server.application, "large.pdf", None, pieces).await?;
    let path = format!("/applications/{}/materials/{}", server.application, material.id);
    Ok((server, session, path))
}

async fn withdraw(server: &Server, login: &str) -> TestResult {
    let admin = server.test.as_user("admin").await?;
    let roles = RoleSet::from(Role::Interviewer);
    server.test.archive.set_roles(&admin, &Login::parse(login)?, roles).await?;
    Ok(())
}

/// Asks, takes HR's role away while the answer comes, and wants it to end.
async fn ends_within_a_second(server: &Server, request: &str) -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let site = Site::new(Arc::clone(&server.test.archive), Options::default());
    let serving = tokio::spawn(site.run(listener, None, Duration::from_secs(3600), std::future::pending()));
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(RECEIVED)?;
    let mut visitor = socket.connect(address).await?;
    visitor.write_all(request.as_bytes()).await?;

    let mut buffer = vec![0; PIECE];
    let (mut read, mut withdrawn) = (0, None);
    let took = loop {
        match visitor.read(&mut buffer).await {
            Ok(0) | Err(_) => break withdrawn.map(|since: Instant| since.elapsed()),
            Ok(length) => read += length,
        }
        if withdrawn.is_none() && read > 4 << 20 {
            withdraw(server, "hr").await?;
            withdrawn = Some(Instant::now());
        }
        tokio::time::sleep(PAUSE).await;
    };
    serving.abort();
    let took = took.ok_or("it ended before the role was withdrawn")?;
    assert!(read < LENGTH / 2, "{read} bytes came");
    assert!(took < Duration::from_secs(1), "the stream went on for {took:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_open_stream_ends_within_a_second() -> TestResult {
    let (server, session, path) = with_a_large_file().await?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-dossier={session}\r\n\r\n");
    ends_within_a_second(&server, &request).await
}

/// The token stays good, what it is good for does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_zip_under_way_ends_within_a_second() -> TestResult {
    let (server, ..) = with_a_large_file().await?;
    let body = r#"{ "contents": ["supplement"], "reason": "test" }"#;
    let head = "POST /api/v1/fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    let (token, length) = (server.token("hr"), body.len());
    let request = format!("{head}Authorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n{body}");
    ends_within_a_second(&server, &request).await
}

/// Nobody takes what was begun, so that it waits; it has ended by the time when somebody does.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_export_of_the_log_that_waits_ends_within_a_second() -> TestResult {
    let server = Server::new().await?;
    let hr = server.test.as_user("hr").await?;
    for _ in 0..4000 {
        server.test.archive.search(&hr, SearchRequest { limit: Some(1), ..SearchRequest::default() }).await?;
    }
    let export = || server.request("auditor", "GET", "/api/v1/log/export").body(Body::empty());
    let whole = server.send(export()?).await.expect(200).bytes;
    let mut waiting = server.unread(export()?).await.into_body();
    let first = waiting.frame().await.ok_or("nothing came")??.into_data().map_err(|_| "no data")?;
    assert!(whole.starts_with(&first));
    let second = serde_json::json!({ "login": "auditor2", "roles": ["auditor"] });
    server.ask("admin", "POST", "/api/v1/users", second).await.expect(201);
    withdraw(&server, "auditor").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut read = first.len();
    let broken = loop {
        match waiting.frame().await {
            Some(Ok(frame)) => read += frame.into_data().map_or(0, |data| data.len()),
            Some(Err(_)) => break true,
            None => break false,
        }
    };
    assert!(broken && read < whole.len(), "{read} of {} bytes came, broken off: {broken}", whole.len());
    server.get("auditor", "/api/v1/log/export").await.expect(403);
    Ok(())
}
