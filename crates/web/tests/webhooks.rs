//! Webhooks on a real socket: shuffled, repeated, forged.

use std::{sync::Arc, time::Duration};

use dossier_archive::SearchRequest;
use dossier_domain::MaterialKind;
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use dossier_testkit::{TestArchive, TestResult};
use dossier_web::{Options, Site};
use tokio::{net::TcpListener, sync::oneshot};

const CANDIDATES: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_webhooks_has_one_effect_for_each_interview() -> TestResult {
    let test = TestArchive::new().await?;
    let bank = Bank::generate(BankOptions { candidates: CANDIDATES, ..BankOptions::default() });
    let vendor = RibbonServer::start(bank, Behaviour::default()).await?;
    let connection = test.connect_to(&vendor).await?;
    let hr = test.as_user("hr").await?;
    // Nothing is found by asking: whatever arrives came by a webhook.
    let archive = Arc::clone(&test.archive);
    let (end, ended) = oneshot::channel::<()>();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let target = url::Url::parse(&format!("http://{}/hooks/{}", listener.local_addr()?, connection.id))?;
    archive.suspend_connection(&hr, "ribbon", true).await?;
    let site = Site::new(Arc::clone(&archive), Options::default());
    let serving = tokio::spawn(site.run(listener, None, Duration::from_secs(3600), async {
        let _ = ended.await;
    }));
    // The schedule has looked once, and found the connection suspended.
    tokio::time::sleep(Duration::from_millis(300)).await;
    archive.suspend_connection(&hr, "ribbon", false).await?;

    let sent = vendor.send_webhooks(&target, 20, 7).await?;
    assert_eq!(sent, CANDIDATES * 2 * 20, "all are answered with success");
    let whole = async || {
        let request = SearchRequest { limit: Some(100), ..SearchRequest::default() };
        let hits = archive.search(&hr, request).await?.hits.hits;
        let is_whole = |kinds: &[MaterialKind]| kinds.len() == MaterialKind::OF_AN_INTERVIEW.len();
        TestResult::Ok((hits.len(), hits.iter().filter(|hit| is_whole(&hit.kinds)).count()))
    };
    let arrived = tokio::time::timeout(Duration::from_secs(30), async {
        while whole().await? != (CANDIDATES, CANDIDATES) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        TestResult::Ok(())
    });
    arrived.await.map_err(|_| "not all interviews arrived in time")??;
    for hit in archive.search(&hr, SearchRequest::default()).await?.hits.hits {
        let view = archive.show(&hr, hit.application).await?;
        assert_eq!((view.interviews.len(), view.materials.len()), (1, 5), "one effect each");
    }
    drop(end);
    serving.await?;
    vendor.stop().await;
    Ok(())
}
