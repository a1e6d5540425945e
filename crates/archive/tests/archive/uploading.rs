//! Uploads: what a file is, is found by its content, before anything of it is stored.

use bytes::Bytes;
use dossier_archive::{ErrorKind, LARGEST_UPLOAD, SearchRequest};
use dossier_domain::{ApplicationId, Content};
use dossier_testkit::{TestArchive, TestResult};
use futures::{StreamExt, stream};
use object_store::ObjectStore;

const BMP: &[u8] = b"BM<script>alert(1)</script>";

async fn one() -> TestResult<(TestArchive, ApplicationId)> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 1).await?;
    let hr = test.as_user("hr").await?;
    let application = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits[0].application;
    Ok((test, application))
}

fn pieces(bytes: &'static [u8]) -> impl futures::Stream<Item = std::io::Result<Bytes>> + Send {
    stream::iter(bytes.chunks(5).map(|piece| Ok(Bytes::from_static(piece))))
}

#[tokio::test]
async fn a_name_ends_as_the_content_does() -> TestResult {
    let (test, application) = one().await?;
    let hr = test.as_user("hr").await?;
    for (given, kept) in [("a.html", "a.html.bmp"), ("扫描件.BMP", "扫描件.BMP"), ("照片", "照片.bmp")]
    {
        let material = test.archive.upload(&hr, application, given, None, pieces(BMP)).await?;
        let Content::Supplement(file) = &material.content else { return Err("no supplement".into()) };
        assert_eq!((file.name.as_str(), file.media_type.as_str()), (kept, "image/bmp"));
        assert_eq!(file.length, BMP.len() as u64);
    }
    Ok(())
}

#[tokio::test]
async fn what_the_first_bytes_or_the_length_forbid_is_refused_before_it_is_read() -> TestResult {
    let (test, application) = one().await?;
    let hr = test.as_user("hr").await?;
    let endless = || {
        let start = Bytes::from("<html><body>".repeat(1000));
        stream::iter([Ok::<_, std::io::Error>(start)]).chain(stream::pending())
    };
    let refused = test.archive.upload(&hr, application, "a.pdf", None, endless()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    let never = stream::pending::<std::io::Result<Bytes>>;
    let length = Some(LARGEST_UPLOAD + 1);
    let refused = test.archive.upload(&hr, application, "a.pdf", length, never()).await.unwrap_err();
    assert!(refused.to_string().contains("8 GiB"), "{refused}");
    let refused = test.archive.upload(&hr, application, "a.pdf", None, pieces(b"")).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    assert_eq!(test.objects.list(None).count().await, 0);
    Ok(())
}
