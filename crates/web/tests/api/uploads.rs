//! Uploads that are interrupted and gone on with.

use axum::{
    body::Body,
    http::{HeaderName, Request, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use chrono::TimeDelta;
use dossier_testkit::TestResult;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectStore, ObjectStoreExt};

use crate::server::{Answer, PDF, Server};

impl Server {
    fn tus(&self, login: &str, method: &str, path: &str) -> axum::http::request::Builder {
        self.request(login, method, path).header("tus-resumable", "1.0.0")
    }

    async fn begin(&self, length: usize, name: &str) -> Answer {
        let path = format!("/api/v1/applications/{}/uploads", self.application);
        let metadata = format!("filetype YQ==,filename {}", STANDARD.encode(name));
        let request = self.tus("hr", "POST", &path).header("upload-length", length);
        self.send(request.header("upload-metadata", metadata).body(Body::empty()).unwrap()).await
    }

    fn part(&self, login: &str, path: &str, offset: usize) -> axum::http::request::Builder {
        let request = self.tus(login, "PATCH", path).header("upload-offset", offset);
        request.header(header::CONTENT_TYPE, "application/offset+octet-stream")
    }

    async fn part_of(&self, path: &str, offset: usize, bytes: &'static [u8]) -> Answer {
        self.send(self.part("hr", path, offset).body(Body::from(bytes)).unwrap()).await
    }

    async fn blobs(&self) -> Vec<Bytes> {
        let listed: Vec<_> = self.test.objects.list(None).try_collect().await.unwrap();
        let mut all = Vec::new();
        for found in listed {
            all.push(self.test.objects.get(&found.location).await.unwrap().bytes().await.unwrap());
        }
        all
    }
}

fn offset(answer: &Answer) -> &str {
    answer.header(HeaderName::from_static("upload-offset"))
}

#[tokio::test]
async fn an_interrupted_upload_goes_on_where_it_was() -> TestResult {
    let server = Server::new().await?;
    let before = server.blobs().await.len();
    let begun = server.begin(PDF.len(), "证书.pdf").await.expect(201);
    let path = begun.header(header::LOCATION).to_owned();
    assert_eq!(offset(&begun), "0");
    assert_eq!(offset(&server.part_of(&path, 0, &PDF[..9]).await.expect(204)), "9");
    server.part_of(&path, 0, &PDF[..9]).await.expect(409);
    server.part_of(&path, 10, &PDF[10..]).await.expect(409);

    // The connection breaks off in the middle; what came is there.
    let broken = stream::iter([Ok(Bytes::from_static(&PDF[9..20])), Err(std::io::Error::other("gone"))]);
    let broken: Request<Body> = server.part("hr", &path, 9).body(Body::from_stream(broken))?;
    assert!(!server.send(broken).await.status.is_success());
    let head = server.send(server.tus("hr", "HEAD", &path).body(Body::empty())?).await.expect(200);
    assert_eq!((offset(&head), head.header(header::CACHE_CONTROL)), ("20", "no-store"));
    for blob in server.blobs().await {
        assert!(!blob.windows(5).any(|bytes| bytes == b"%PDF-"), "a part can be read");
    }

    let done = server.part_of(&path, 20, &PDF[20..]).await.expect(204);
    let material = done.header("dossier-material").to_owned();
    let file = format!("/api/v1/applications/{}/materials/{material}", server.application);
    assert_eq!(server.get("hr", &file).await.expect(200).bytes, PDF);
    assert_eq!(server.blobs().await.len(), before + 1, "parts are left");
    // Who missed the answer learns that it is done.
    let head = server.send(server.tus("hr", "HEAD", &path).body(Body::empty())?).await.expect(200);
    assert_eq!(
        (offset(&head), head.header("dossier-material")),
        (PDF.len().to_string().as_str(), material.as_str())
    );
    Ok(())
}

#[tokio::test]
async fn an_upload_is_its_owners_and_ends_after_a_day_or_when_it_is_given_up() -> TestResult {
    let server = Server::new().await?;
    let before = server.blobs().await.len();
    let path = server.begin(PDF.len(), "a.pdf").await.expect(201).header(header::LOCATION).to_owned();
    server.part_of(&path, 0, &PDF[..9]).await.expect(204);
    for login in ["li", "checker", "auditor", "admin"] {
        let answer = server.send(server.part(login, &path, 9).body(Body::from(&PDF[9..]))?).await;
        assert_eq!(answer.status, 404, "{login}");
    }
    let admin = server.test.as_user("admin").await?;
    server.test.clock.advance(TimeDelta::hours(23));
    server.test.archive.tend().await?;
    server.test.archive.remove_left_over_files(&admin).await?;
    assert_eq!(server.blobs().await.len(), before + 1, "a part of an upload under way was removed");
    server.test.clock.advance(TimeDelta::hours(1));
    server.send(server.tus("hr", "HEAD", &path).body(Body::empty())?).await.expect(404);
    server.test.archive.tend().await?;
    assert_eq!(server.blobs().await.len(), before);

    let path = server.begin(PDF.len(), "a.pdf").await.expect(201).header(header::LOCATION).to_owned();
    server.part_of(&path, 0, &PDF[..9]).await.expect(204);
    server.send(server.tus("hr", "DELETE", &path).body(Body::empty())?).await.expect(204);
    server.part_of(&path, 9, &PDF[9..]).await.expect(404);
    assert_eq!(server.blobs().await.len(), before);
    Ok(())
}

#[tokio::test]
async fn an_upload_that_makes_no_sense_is_refused() -> TestResult {
    let server = Server::new().await?;
    let before = server.blobs().await.len();
    server.begin(0, "a.pdf").await.expect(422);
    server.begin(usize::MAX, "a.pdf").await.expect(422);
    server.begin(5, "a\u{202E}.pdf").await.expect(422);
    let path = format!("/api/v1/applications/{}/uploads", server.application);
    for (name, value) in [
        ("upload-length", "x"),
        ("upload-length", "-1"),
        ("upload-length", "+5"),
        ("upload-length", "1e3"),
        ("upload-metadata", "filename"),
        ("upload-metadata", "filename !"),
        ("upload-metadata", "filename /w=="),
    ] {
        let request = server.tus("hr", "POST", &path).header(name, value);
        server.send(request.body(Body::empty())?).await.expect(400);
    }
    let request =
        server.request("hr", "POST", &path).header("tus-resumable", "0.2.2").header("upload-length", 5);
    let answer = server.send(request.body(Body::empty())?).await.expect(412);
    assert_eq!(answer.json()["type"], "/problems/tus-version");
    let options = server.send(server.request("hr", "OPTIONS", &path).body(Body::empty())?).await.expect(204);
    assert_eq!(options.header("tus-version"), "1.0.0");

    let path = server.begin(9, "a.pdf").await.expect(201).header(header::LOCATION).to_owned();
    server.part_of(&path, 0, PDF).await.expect(422);
    let request = server.tus("hr", "PATCH", &path).header("upload-offset", 0);
    server.send(request.body(Body::from("%PDF-1.7!"))?).await.expect(415);
    server.part_of(&path, 0, b"#!/bin/sh").await.expect(422);
    server.part_of(&path, 0, b"%PDF-1.7!").await.expect(404);
    assert_eq!(server.blobs().await.len(), before, "something of what was refused is kept");
    Ok(())
}

#[tokio::test]
async fn more_than_one_part_at_once_is_put_together() -> TestResult {
    let server = Server::new().await?;
    let piece = Bytes::from(vec![7; 1 << 20]);
    let length = PDF.len() + (20 << 20);
    let path = server.begin(length, "large.pdf").await.expect(201).header(header::LOCATION).to_owned();
    let start = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(PDF))]);
    let whole = start.chain(stream::iter((0..20).map(move |_| Ok(piece.clone()))));
    let done = server.send(server.part("hr", &path, 0).body(Body::from_stream(whole))?).await.expect(204);
    let file =
        format!("/api/v1/applications/{}/materials/{}", server.application, done.header("dossier-material"));
    let read = server.get("hr", &file).await.expect(200);
    assert!(read.bytes.len() == length && read.bytes.starts_with(PDF) && read.bytes.ends_with(&[7; 99]));
    Ok(())
}

#[tokio::test]
async fn evidence_is_sent_as_uploads_are_by_who_checks_claims_and_becomes_a_part_of_the_finding() -> TestResult
{
    let server = Server::new().await?;
    let of = |what: &str| format!("/api/v1/applications/{}/{what}", server.application);
    let to = serde_json::json!({ "to": "background_check" });
    server.ask("hr", "POST", &of("stage"), to).await.expect(200);
    let before = server.blobs().await.len();
    let metadata = format!("claim {},filename {}", STANDARD.encode("CFA证书"), STANDARD.encode("证书.pdf"));
    let begin = |login: &str, metadata: &str| {
        let request = server.tus(login, "POST", &of("uploads")).header("upload-length", PDF.len());
        request.header("upload-metadata", metadata.to_owned()).body(Body::empty()).unwrap()
    };
    // A checker adds evidence and nothing else; an auditor neither.
    let plain = format!("filename {}", STANDARD.encode("a.pdf"));
    server.send(begin("checker", &plain)).await.expect(403);
    server.send(begin("auditor", &metadata)).await.expect(404);
    let wrong = format!("claim {},filename YQ==", STANDARD.encode("a\u{7}b"));
    server.send(begin("checker", &wrong)).await.expect(422);
    let begun = server.send(begin("checker", &metadata)).await.expect(201);
    let path = begun.header(header::LOCATION).to_owned();
    let (first, second) = PDF.split_at(9);
    server.send(server.part("checker", &path, 0).body(Body::from(first))?).await.expect(204);
    let head = server.send(server.tus("checker", "HEAD", &path).body(Body::empty())?).await.expect(200);
    assert_eq!(offset(&head), "9");
    let done = server.send(server.part("checker", &path, 9).body(Body::from(second))?).await.expect(204);
    let material = done.header("dossier-material").to_owned();
    assert_eq!(server.blobs().await.len(), before + 1, "parts are left");
    let became = server.get("checker", &path).await.expect(200).json();
    assert_eq!(became["material"]["id"], material);
    let claims = server.get("checker", &of("claims")).await.expect(200).json();
    let claims = claims["claims"].as_array().unwrap().clone();
    let claim = claims.iter().find(|of| of["claim"] == "CFA证书").unwrap();
    assert_eq!(claim["finding"]["evidence"], serde_json::json!([material]));
    Ok(())
}
