//! Serves the pages of an archive on a free port, asks for one as a browser would, and ends in an orderly way.

use std::time::Duration;

use dossier_testkit::{TestArchive, TestResult};
use dossier_web::{Options, Site};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> TestResult {
    let test = TestArchive::new().await?;
    let site = Site::new(test.archive, Options::default());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (end, ended) = oneshot::channel::<()>();
    let serving = tokio::spawn(site.run(listener, None, Duration::from_secs(60), async {
        // It ends as well when nobody is left to end it.
        let _ = ended.await;
    }));

    let mut connection = TcpStream::connect(address).await?;
    connection.write_all(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    println!("{}", answer.lines().next().unwrap_or_default());

    drop(end);
    serving.await?;
    Ok(())
}
