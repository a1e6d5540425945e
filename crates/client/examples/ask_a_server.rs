//! Serves an archive of made-up data, and asks it as a program elsewhere would.

use std::{sync::Arc, time::Duration};

use dossier_access::{TokenScope, TokenScopes};
use dossier_archive::NewToken;
use dossier_client::{
    Client, Options,
    applications::{Search, Sort},
};
use dossier_domain::{Language, text::Line};
use dossier_testkit::{TestArchive, TestResult};
use dossier_web::Site;
use tokio::{net::TcpListener, sync::oneshot};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 20).await?;
    let scopes = TokenScopes::from(TokenScope::Read);
    let new = NewToken { name: Line::parse("example")?, scopes, days: Some(1) };
    let made = test.archive.make_token(&test.as_user("hr").await?, new).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = format!("http://{}", listener.local_addr()?).parse()?;
    let (end, ended) = oneshot::channel::<()>();
    let site = Site::new(Arc::clone(&test.archive), dossier_web::Options::default());
    let serving =
        tokio::spawn(site.run(listener, None, Duration::from_secs(3600), async { drop(ended.await) }));

    let token = made.token.reveal().to_owned().into();
    let client = Client::new(Options::new(server, token, Language::English))?;
    let best = Search { query: "score>=60".to_owned(), sort: Some(Sort::HighestScore), ..Search::default() };
    let found = client.search(&best).await?;
    println!("{} applications", found.total);
    if let Some(first) = found.hits.first() {
        let shown = client.show(first.application).await?;
        println!("{}: {} materials", shown.position.name, shown.materials.len());
    }
    let refused = client.search(&Search { query: "(score".to_owned(), ..Search::default() }).await;
    println!("{}", refused.err().map(|error| error.message(Language::English)).unwrap_or_default());

    drop(end);
    serving.await?;
    Ok(())
}
