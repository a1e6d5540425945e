//! Servers that are slow, break off, change their mind or never stop: every wait ends, and every answer is bounded.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::time::Duration;

use Step::{Again, Hang, Say, Wait};
use async_trait::async_trait;
use bytes::Bytes;
use dossier_client::{Client, Error, ErrorKind, Options, Result, Source, log::Known};
use dossier_domain::{ApplicationId, Language, MaterialId};
use dossier_vendor::{Secret, http::channel::Fault};
use futures::{StreamExt, stream, stream::BoxStream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::sleep,
};

/// What a server does on a connection, after the head of a request has come.
#[derive(Debug, Clone)]
enum Step {
    Say(String),
    /// For so many milliseconds.
    Wait(u64),
    /// The same once more and again, until nobody listens.
    Again(String),
    /// Nothing more, without hanging up.
    Hang,
}

/// A client of a server that does on each connection what stands in its turn, and on all further ones what stands last.
async fn client_of(script: Vec<Vec<Step>>) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        for number in 0.. {
            let (mut connection, _) = listener.accept().await.unwrap();
            let steps = script[number.min(script.len() - 1)].clone();
            tokio::spawn(async move {
                let mut request = [0; 2048];
                let _ = connection.read(&mut request).await;
                for step in steps {
                    match step {
                        Say(text) => drop(connection.write_all(text.as_bytes()).await),
                        Wait(milliseconds) => sleep(Duration::from_millis(milliseconds)).await,
                        Again(text) => while connection.write_all(text.as_bytes()).await.is_ok() {},
                        Hang => std::future::pending().await,
                    }
                }
            });
        }
    });
    let token = Secret::new(format!("dossier_{}", "a".repeat(48)));
    let options = Options::new(server, token, Language::English);
    let (patience, long_patience) = (Duration::from_millis(300), Duration::from_secs(5));
    let pause = Duration::from_millis(5);
    Client::new(Options { patience, long_patience, pause, attempts: 3, ..options }).unwrap()
}

fn head(headers: &str) -> Step {
    Say(format!("HTTP/1.1 200 OK\r\n{headers}\r\nConnection: close\r\n\r\n"))
}

fn json(body: &str) -> Vec<Step> {
    let length = body.len();
    vec![head(&format!("Content-Type: application/json\r\nContent-Length: {length}")), Say(body.to_owned())]
}

#[track_caller]
fn timed_out<T>(result: Result<T>) {
    let error = result.err().unwrap();
    assert!(matches!(error, Error::Unreachable { fault: Fault::Timeout, .. }), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.message(Language::Chinese).contains("太久没有应答"));
}

#[tokio::test]
async fn silence_ends() {
    timed_out(client_of(vec![vec![Hang]]).await.zone().await);
    let begun = head("Content-Type: application/json\r\nContent-Length: 100");
    timed_out(client_of(vec![vec![begun, Say("{".to_owned()), Hang]]).await.zone().await);
    let slow = |wait: u64, body: &str| [vec![Wait(wait)], json(body)].concat();
    timed_out(client_of(vec![slow(1000, r#"{"zone":"Asia/Shanghai"}"#)]).await.zone().await);
    let verdict = r#"{"verified":true,"records":1,"covered":1,"root":"","key":null,"findings":[]}"#;
    let patient = client_of(vec![slow(1000, verdict)]).await;
    assert!(patient.verify_log(&Known::default()).await.unwrap().verified, "this may take its time");
}

#[tokio::test]
async fn what_never_stops_is_not_kept() {
    let endless = head("Content-Type: application/json");
    let client = client_of(vec![vec![endless, Again("[".repeat(1 << 16))]]).await;
    assert!(matches!(client.zone().await, Err(Error::Strange { .. })));
    let half = vec![head("Content-Type: application/jsonl"), Say("{\"a\":1}\n{\"b\":".to_owned())];
    let mut export = client_of(vec![half]).await.export_log().await.unwrap();
    let last = loop {
        match export.next().await {
            Ok(Some(_)) => {}
            other => break other,
        }
    };
    assert!(matches!(last, Err(Error::Unreachable { fault: Fault::Cut, .. })), "half a line is no line");
    assert_eq!(export.lines(), 1);
    let state = r#"{"begun":true,"number":1,"running":true,"listed":0,"ingested":0,"videos_wanted":0,"videos":0,"bytes":0}"#;
    let events = vec![head("Content-Type: text/event-stream"), Again("data: x".repeat(1 << 12))];
    let client = client_of(vec![json(state), events]).await;
    assert!(matches!(client.sync("ribbon", false, &|_| {}).await, Err(Error::Strange { .. })));
}

#[tokio::test]
async fn a_file_is_never_joined_from_two() {
    let first =
        |tag: &str| vec![head(&format!("Content-Length: 10\r\nETag: {tag}")), Say("01234".to_owned())];
    let rest = |status: &str, tag: &str, range: &str| {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: 5\r\nETag: {tag}\r\nContent-Range: bytes {range}\r\n"
        );
        vec![Say(format!("{head}Connection: close\r\n\r\n56789"))]
    };
    let part = "206 Partial Content";
    let came = async |script: Vec<Vec<Step>>| -> Result<Vec<u8>> {
        let client = client_of(script).await;
        let (of, material) = (ApplicationId::from_bytes([1; 16]), MaterialId::from_bytes([2; 16]));
        let mut download = client.download(of, material).await?;
        let mut bytes = Vec::new();
        while let Some(piece) = download.next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    };
    let whole = came(vec![first("\"a\""), rest(part, "\"a\"", "5-9/10")]).await.unwrap();
    assert_eq!(whole, b"0123456789");
    let changed = |result: Result<Vec<u8>>| assert!(matches!(result, Err(Error::Changed)), "{result:?}");
    changed(came(vec![first("\"a\""), rest(part, "\"b\"", "5-9/10")]).await);
    changed(came(vec![first("\"a\""), rest(part, "\"a\"", "4-8/10")]).await);
    changed(came(vec![first("\"a\""), rest(part, "\"a\"", "5-9/11")]).await);
    changed(came(vec![first("\"a\""), rest("200 OK", "\"a\"", "5-9/10")]).await);
    // Without a strong tag nothing says that it is the same file.
    let cut = came(vec![first("W/\"a\""), rest(part, "W/\"a\"", "5-9/10")]).await;
    assert!(matches!(cut, Err(Error::Unreachable { fault: Fault::Cut, .. })), "{cut:?}");
    // It breaks off at the same place again and again.
    let never = vec![Say(format!(
        "HTTP/1.1 {part}\r\nContent-Length: 5\r\nETag: \"a\"\r\nContent-Range: bytes 5-9/10\r\n\r\n"
    ))];
    let never = came(vec![first("\"a\""), never]).await;
    assert!(matches!(never, Err(Error::Unreachable { .. })), "{never:?}");
}

/// A file of so many bytes.
struct Long(u64);

#[async_trait]
impl Source for Long {
    fn length(&self) -> u64 {
        self.0
    }

    async fn read_from(&self, offset: u64) -> std::io::Result<BoxStream<'static, std::io::Result<Bytes>>> {
        let left = usize::try_from(self.0 - offset).unwrap();
        let pieces = std::iter::repeat_n(1 << 16, left >> 16).chain([left & 0xffff]);
        Ok(stream::iter(pieces.map(|length| Ok(vec![1; length].into()))).boxed())
    }
}

#[tokio::test]
async fn a_server_that_takes_nothing_more_is_left() {
    let begun =
        Say("HTTP/1.1 201 Created\r\nLocation: /up\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_owned());
    let client = client_of(vec![vec![begun], vec![Hang]]).await;
    timed_out(client.upload(ApplicationId::from_bytes([1; 16]), "a.pdf", &Long(64 << 20)).await);
    let elsewhere =
        Say("HTTP/1.1 201 Created\r\nLocation: http://other.example/up\r\nContent-Length: 0\r\n\r\n"
            .to_owned());
    let client = client_of(vec![vec![elsewhere]]).await;
    let led_away = client.upload(ApplicationId::from_bytes([1; 16]), "a.pdf", &Long(9)).await;
    assert!(matches!(led_away, Err(Error::Strange { .. })), "a token goes to its own server alone");
}

#[tokio::test]
async fn names_that_no_address_can_hold_are_not_there() {
    let client = client_of(vec![vec![Hang]]).await;
    for name in ["", ".", ".."] {
        assert_eq!(
            client.test_connection(name).await.err().map(|error| error.kind()),
            Some(ErrorKind::NotFound)
        );
    }
}
