//! Serves an archive of made-up data at the address that is given, with a token for each user, until its input ends: for
//! trying the API out, and for fuzzing it by its own description.

use std::{sync::Arc, time::Duration};

use dossier_access::{TokenScope, TokenScopes};
use dossier_archive::NewToken;
use dossier_domain::text::Line;
use dossier_testkit::{TestArchive, TestResult, USERS};
use dossier_web::{Options, Site};
use tokio::net::TcpListener;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 20).await?;
    for (login, _) in USERS {
        let scopes = TokenScopes::new(TokenScope::ALL)?;
        let new = NewToken { name: Line::parse("example")?, scopes, days: Some(1) };
        let made = test.archive.make_token(&test.as_user(login).await?, new).await?;
        println!("{login} {}", made.token.reveal());
    }
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let site = Site::new(Arc::clone(&test.archive), Options::default());
    let listener = TcpListener::bind(address).await?;
    println!("http://{}/api", listener.local_addr()?);
    site.run(listener, None, Duration::from_secs(3600), async {
        // Whatever ends the input ends the server.
        let _ =
            tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await;
    })
    .await;
    Ok(())
}
