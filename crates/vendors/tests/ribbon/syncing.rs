//! Listings, sync points and webhooks.

use std::collections::HashSet;

use chrono::DateTime;
use dossier_domain::text::RemoteId;
use dossier_simulator::{Accepted, Behaviour, Storm};
use dossier_vendor::{ErrorKind, HintKind, SyncPoint};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use crate::{adapter, adapter_with, id, nth, server, sweep};

#[tokio::test]
async fn an_incremental_sync_lists_the_look_back_and_what_is_new() {
    let server = server(200, Behaviour::default()).await;
    let adapter = adapter(&server);
    let full = sweep(&*adapter, &SyncPoint::beginning()).await;
    assert_eq!((full.listed.len(), full.pages), (200, 5), "four full pages and an empty one");
    let added = server.add_interview();
    let next = sweep(&*adapter, &full.cursor).await;
    let newest = full.listed.iter().filter_map(|entry| entry.ended_at).max().unwrap();
    assert!(next.listed.len() > 1 && next.listed.len() < 40, "{}", next.listed.len());
    assert!(next.listed.iter().all(|entry| entry.ended_at.unwrap() >= newest - chrono::TimeDelta::days(14)));
    assert!(next.listed.iter().any(|entry| entry.remote_id.as_str() == added));
    assert_ne!(next.cursor, full.cursor);
}

#[tokio::test]
async fn marks_stand_while_nothing_changes_and_move_with_a_correction() {
    let server = server(60, Behaviour::default()).await;
    let adapter = adapter(&server);
    let first = sweep(&*adapter, &SyncPoint::beginning()).await.listed;
    assert_eq!(
        sweep(&*adapter, &SyncPoint::beginning()).await.listed,
        first,
        "links are signed anew each time"
    );
    server.correct_score(first[7].remote_id.as_str());
    let second = sweep(&*adapter, &SyncPoint::beginning()).await.listed;
    let moved: Vec<usize> = (0..60).filter(|index| first[*index].mark != second[*index].mark).collect();
    assert_eq!(moved, [7]);
    let before = adapter.fetch(&nth(&server, 8)).await.unwrap();
    server.correct_score(before.remote_id.as_str());
    let after = adapter.fetch(&nth(&server, 8)).await.unwrap();
    assert!(before.score != after.score && before.payload_sha256 != after.payload_sha256);
}

#[tokio::test]
async fn where_the_newest_come_first_a_sync_ends_early() {
    let server = server(400, Behaviour { newest_first: true, ..Behaviour::default() }).await;
    let adapter = adapter_with(&server, &json!({ "newest_first": true, "page_size": 20 }));
    let full = sweep(&*adapter, &SyncPoint::beginning()).await;
    assert_eq!((full.listed.len(), full.pages), (400, 21));
    let added = server.add_interview();
    let next = sweep(&*adapter, &full.cursor).await;
    assert!(next.pages < 6, "{} pages", next.pages);
    assert!(next.listed.iter().any(|entry| entry.remote_id.as_str() == added));
}

#[tokio::test]
async fn interviews_that_appear_while_paging_are_not_missed() {
    for newest_first in [false, true] {
        let server = server(90, Behaviour { newest_first, ..Behaviour::default() }).await;
        let adapter = adapter_with(&server, &json!({ "page_size": 20, "newest_first": newest_first }));
        let mut seen: HashSet<RemoteId> = HashSet::new();
        let (mut token, since) = (None, SyncPoint::beginning());
        loop {
            let page = adapter.changed(&since, token.as_ref()).await.unwrap();
            seen.extend(page.interviews.into_iter().map(|entry| entry.remote_id));
            if seen.len() < 60 {
                server.add_interview();
            }
            match page.next {
                Some(next) => token = Some(next),
                None => break,
            }
        }
        let there: HashSet<RemoteId> = server.ids()[..90].iter().map(|text| id(text)).collect();
        assert!(seen.is_superset(&there));
    }
}

#[tokio::test]
async fn without_times_everything_is_listed_each_time() {
    let server = server(30, Behaviour { extension: false, ..Behaviour::default() }).await;
    let adapter = adapter(&server);
    let full = sweep(&*adapter, &SyncPoint::beginning()).await;
    assert_ne!(full.cursor, SyncPoint::beginning());
    assert_eq!(sweep(&*adapter, &full.cursor).await.listed.len(), 30);
}

#[tokio::test]
async fn a_foreign_sync_point_asks_for_a_full_sync() {
    let server = server(3, Behaviour::default()).await;
    let error = adapter(&server).changed(&SyncPoint::new("v9:abc"), None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CursorExpired);
}

#[tokio::test]
async fn a_late_video_comes_by_itself_after_some_fetches() {
    let server = server(3, Behaviour { late_videos: 2, ..Behaviour::default() }).await;
    let adapter = adapter(&server);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(adapter.fetch(&nth(&server, 0)).await.unwrap().video.ready().is_some());
    }
    assert_eq!(seen, [false, false, true, true]);
}

#[tokio::test]
async fn webhooks_come_doubled_and_shuffled_and_each_verifies() {
    let server = server(10, Behaviour::default()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = url::Url::parse(&format!("http://{}/hooks/ribbon", listener.local_addr().unwrap())).unwrap();
    let receiving = tokio::spawn(receive(listener, 40));
    let storm = Storm { genuine: server.ids(), forged: Vec::new(), copies: 2, seed: 7 };
    let accepted = server.send_webhooks(&target, &storm).await.unwrap();
    assert_eq!(accepted, Accepted { genuine: 40, forged: 0 });
    let adapter = adapter(&server);
    let mut hints = Vec::new();
    for (headers, body) in receiving.await.unwrap() {
        hints.extend(adapter.verify_webhook(&headers, &body, DateTime::UNIX_EPOCH).unwrap());
    }
    assert_eq!(hints.len(), 40);
    let ready: Vec<&RemoteId> =
        hints.iter().filter(|hint| hint.kind == HintKind::VideoReady).map(|hint| &hint.remote_id).collect();
    assert_eq!((ready.len(), ready.iter().collect::<HashSet<_>>().len()), (20, 10));
    let in_order = server.ids();
    assert!(
        !hints.iter().map(|hint| hint.remote_id.as_str()).eq(in_order.iter().flat_map(|id| [id.as_str(); 4]))
    );
}

/// Takes so many requests, over as many connections as they come by, and answers each with 204.
async fn receive(listener: TcpListener, count: usize) -> Vec<(http::HeaderMap, Vec<u8>)> {
    let (came, mut coming) = mpsc::unbounded_channel();
    let accepting = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, came.clone()));
        }
    });
    let mut requests = Vec::new();
    while requests.len() < count {
        requests.push(coming.recv().await.unwrap());
    }
    accepting.abort();
    requests
}

async fn answer(mut stream: TcpStream, came: mpsc::UnboundedSender<(http::HeaderMap, Vec<u8>)>) {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&piece[..read]),
            _ => return,
        }
        if let Some(request) = parse(&bytes) {
            bytes.clear();
            came.send(request).unwrap();
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        }
    }
}

fn parse(bytes: &[u8]) -> Option<(http::HeaderMap, Vec<u8>)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let headers: http::HeaderMap = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap()))
        .collect();
    let length: usize = headers["content-length"].to_str().unwrap().parse().unwrap();
    (body.len() == length).then(|| (headers, body.as_bytes().to_vec()))
}
