//! The server on a real socket: slow and greedy visitors, and an orderly end.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    routing::{get, post},
};
use dossier_testkit::TestResult;
use dossier_web::serve::{Limits, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};
use tokio_util::sync::{CancellationToken, DropGuard};

struct Server {
    address: std::net::SocketAddr,
    end: DropGuard,
    task: JoinHandle<()>,
    go_on: Arc<Notify>,
}

async fn start(limits: Limits) -> TestResult<Server> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let go_on = Arc::new(Notify::new());
    let waiting = Arc::clone(&go_on);
    let app = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/large", get(|| async { vec![b'x'; 64 << 20] }))
        .route("/length", post(|body: Bytes| async move { body.len().to_string() }))
        .route(
            "/slow",
            get(|| async move {
                waiting.notified().await;
                "done"
            }),
        );
    let ending = CancellationToken::new();
    let end = ending.clone().drop_guard();
    let task = tokio::spawn(async move { serve(listener, None, app, limits, &ending).await });
    Ok(Server { address, end, task, go_on })
}

async fn ask(address: std::net::SocketAddr, request: &str) -> TestResult<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut answer)).await??;
    Ok(answer)
}

const PLAIN: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_slowly_is_let_go_and_holds_nobody_up() -> TestResult {
    let limits =
        Limits { headers: Duration::from_millis(300), body: Duration::from_millis(300), ..Limits::default() };
    let server = start(limits).await?;
    let mut slow = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(server.address).await?;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: ").await?;
        slow.push(stream);
    }
    assert!(ask(server.address, PLAIN).await?.ends_with("here"));
    // Headers that never end, and a body that never comes.
    let mut rest = Vec::new();
    slow.remove(0).read_to_end(&mut rest).await?;
    let unfinished = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this";
    let answer = ask(server.address, unfinished).await?;
    assert!(!answer.contains("200 OK"), "{answer}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_drop_by_drop_is_let_go() -> TestResult {
    let server = start(Limits { body: Duration::from_millis(300), ..Limits::default() }).await?;
    let mut stream = TcpStream::connect(server.address).await?;
    stream.write_all(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n").await?;
    let (mut reading, mut writing) = stream.into_split();
    let dripping = tokio::spawn(async move {
        while writing.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let mut answer = Vec::new();
    // A connection that is reset has been let go as well.
    let _ = tokio::time::timeout(Duration::from_secs(10), reading.read_to_end(&mut answer)).await?;
    dripping.abort();
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_nothing_of_an_answer_is_let_go() -> TestResult {
    let limits =
        Limits { writing: Duration::from_millis(300), from_one_address: Some(1), ..Limits::default() };
    let server = start(limits).await?;
    let mut greedy = TcpStream::connect(server.address).await?;
    greedy.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await?;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if ask(server.address, PLAIN).await.is_ok_and(|answer| answer.ends_with("here")) {
            return Ok(());
        }
    }
    Err("it holds its place".into())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_gets_so_many_connections_and_no_more() -> TestResult {
    let server = start(Limits { from_one_address: Some(3), ..Limits::default() }).await?;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(server.address).await?;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await?;
        let mut first = [0; 15];
        stream.read_exact(&mut first).await?;
        held.push(stream);
    }
    assert!(ask(server.address, PLAIN).await.map_or(true, |answer| answer.is_empty()));
    held.clear();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(ask(server.address, PLAIN).await?.ends_with("here"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_is_finished_at_the_end() -> TestResult {
    let server = start(Limits::default()).await?;
    let address = server.address;
    let asked = tokio::spawn(async move {
        ask(address, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await.map_err(|error| error.to_string())
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(server.end);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(TcpStream::connect(address).await.is_err(), "nobody new is let in");
    server.go_on.notify_one();
    assert!(asked.await??.ends_with("done"));
    server.task.await?;
    Ok(())
}
