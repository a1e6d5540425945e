//! A role that is withdrawn while a large file is on its way.

use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use dossier_access::{Role, RoleSet};
use dossier_domain::text::Login;
use dossier_testkit::TestResult;
use dossier_web::{Options, Site};
use futures::stream;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_open_stream_ends_within_a_second() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let archive = &server.test.archive;
    let hr = server.test.as_user("hr").await?;
    let large = Bytes::from([b"%PDF-1.7\n".as_slice(), &vec![b'x'; LENGTH]].concat());
    let pieces = stream::iter([Ok::<_, Infallible>(large)]);
    let material = archive.upload(&hr, server.application, "large.pdf", None, pieces).await?;

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let site = Site::new(Arc::clone(archive), Options::default());
    let serving = tokio::spawn(site.run(listener, None, Duration::from_secs(3600), std::future::pending()));
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(RECEIVED)?;
    let mut visitor = socket.connect(address).await?;
    let request = format!(
        "GET /applications/{}/materials/{} HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-dossier={}\r\n\r\n",
        server.application,
        material.id,
        session.reveal()
    );
    visitor.write_all(request.as_bytes()).await?;

    let mut buffer = vec![0; PIECE];
    let (mut read, mut withdrawn) = (0, None);
    let took = loop {
        match visitor.read(&mut buffer).await {
            Ok(0) | Err(_) => break withdrawn.map(|since: Instant| since.elapsed()),
            Ok(length) => read += length,
        }
        if withdrawn.is_none() && read > 4 << 20 {
            let admin = server.test.as_user("admin").await?;
            archive.set_roles(&admin, &Login::parse("hr")?, RoleSet::from(Role::Interviewer)).await?;
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
