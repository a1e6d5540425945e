//! Events: of a sync, over a real connection, and of work that takes its time.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use dossier_testkit::TestResult;
use dossier_web::{Options, Site};
use http_body_util::BodyExt as _;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use crate::server::Server;

async fn ask(address: std::net::SocketAddr, token: &str, what: &str) -> TestResult<String> {
    let mut connection = TcpStream::connect(address).await?;
    let request = format!(
        "{what} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn a_sync_is_begun_and_followed_to_its_end() -> TestResult {
    let server = Server::new().await?;
    let bank = Bank::generate(BankOptions { candidates: 4, ..BankOptions::default() });
    let vendor = RibbonServer::start(bank, Behaviour::default()).await?;
    server.test.connect_to(&vendor).await?;
    let site = Site::new(Arc::clone(&server.test.archive), Options::default());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (end, ended) = oneshot::channel::<()>();
    let serving = tokio::spawn(site.run(listener, None, Duration::from_secs(3600), async {
        let _ = ended.await;
    }));
    let (hr, admin) = (server.token("hr"), server.token("admin"));
    let begun = ask(address, hr, "POST /api/v1/connections/ribbon/sync?full=true").await?;
    assert!(begun.starts_with("HTTP/1.1 202"), "{begun}");
    let events = ask(address, hr, "GET /api/v1/connections/ribbon/sync/events").await?;
    assert!(events.contains("content-type: text/event-stream"), "{events}");
    assert!(events.contains("event: progress") && events.contains("\"running\":false"), "{events}");
    let state = ask(address, hr, "GET /api/v1/connections/ribbon/sync").await?;
    assert!(state.contains("\"new\":4"), "{state}");
    for who in [admin, "dossier_none"] {
        let refused = ask(address, who, "GET /api/v1/connections/ribbon/sync/events").await?;
        assert!(refused.starts_with("HTTP/1.1 40"), "{refused}");
    }
    drop(end);
    serving.await?;
    Ok(())
}

#[tokio::test]
async fn a_rebuild_tells_who_reads_events_how_far_it_is() -> TestResult {
    let server = Server::new().await?;
    let asked = server.request("admin", "POST", "/api/v1/index/rebuild");
    let response = server.unread(asked.header("accept", "text/event-stream").body(Body::empty())?).await;
    let events = String::from_utf8(response.into_body().collect().await?.to_bytes().to_vec())?;
    let told: Vec<&str> = events.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    assert!(told.first().is_some_and(|first| first.starts_with(r#"{"progress":"#)), "{events}");
    assert!(told.last().is_some_and(|last| last.starts_with(r#"{"done":{"entries":"#)), "{events}");
    let asked = server.request("hr", "POST", "/api/v1/index/rebuild").header("accept", "text/event-stream");
    assert_eq!(server.unread(asked.body(Body::empty())?).await.status(), 403);
    Ok(())
}
