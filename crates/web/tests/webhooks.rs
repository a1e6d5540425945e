//! Webhooks on a real socket: shuffled, repeated, forged.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use dossier_archive::{Archive, NewConnection, SearchRequest};
use dossier_domain::{
    FieldSelection, MaterialKind, SyncField,
    text::{Line, VendorName},
};
use dossier_simulator::{Accepted, Bank, BankOptions, Behaviour, RibbonServer, Storm};
use dossier_testkit::{TestArchive, TestResult};
use dossier_vendor::{Credentials, Secret};
use dossier_web::{Options, Site};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// A site whose one connection is never listed: whatever arrives came by a webhook.
struct Hooked {
    test: TestArchive,
    vendor: RibbonServer,
    target: url::Url,
    serving: JoinHandle<()>,
    _end: oneshot::Sender<()>,
}

impl Hooked {
    async fn new(candidates: usize, fields: FieldSelection) -> TestResult<Self> {
        let test = TestArchive::new().await?;
        let bank = Bank::generate(BankOptions { candidates, ..BankOptions::default() });
        let vendor = RibbonServer::start(bank, Behaviour::default()).await?;
        let hr = test.as_user("hr").await?;
        let webhook = Some(Secret::new(vendor.webhook_secret()));
        let connection = NewConnection {
            name: Line::parse("ribbon")?,
            vendor: VendorName::parse("ribbon")?,
            settings: vendor.settings(),
            credentials: Credentials { webhook, ..Credentials::key(vendor.key()) },
            fields,
            requests_per_second: Some(10_000.0),
        };
        let connection = test.archive.add_connection(&hr, connection).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let target = format!("http://{}/hooks/{}", listener.local_addr()?, connection.id).parse()?;
        test.archive.suspend_connection(&hr, "ribbon", true).await?;
        let site = Site::new(Arc::clone(&test.archive), Options::default());
        let (end, ended) = oneshot::channel::<()>();
        let serving = tokio::spawn(site.run(listener, None, Duration::from_secs(3600), async {
            let _ = ended.await;
        }));
        // The schedule has looked once, and found the connection suspended.
        tokio::time::sleep(Duration::from_millis(300)).await;
        test.archive.suspend_connection(&hr, "ribbon", false).await?;
        Ok(Self { test, vendor, target, serving, _end: end })
    }

    /// The AI scores of all who are there, by the vendor's ids; and that each has one interview with this many materials.
    async fn scores(&self, materials: usize) -> TestResult<BTreeMap<String, f64>> {
        let (archive, hr) = (&self.test.archive, self.test.as_user("hr").await?);
        let mut scores = BTreeMap::new();
        let mut request = SearchRequest { limit: Some(1000), ..SearchRequest::default() };
        loop {
            let hits = archive.search(&hr, request.clone()).await?.hits;
            for hit in hits.hits {
                let view = archive.show(&hr, hit.application).await?;
                let [interview] = &view.interviews[..] else {
                    return Err(format!("{} interviews", view.interviews.len()).into());
                };
                assert_eq!(view.materials.len(), materials, "one effect each");
                let score = view.score.ok_or("no score")?;
                scores.insert(interview.remote_id.to_string(), score.normalised());
            }
            request.after = hits.next;
            if request.after.is_none() {
                return Ok(scores);
            }
        }
    }

    /// Waits until so many are there, whole.
    async fn arrived(&self, count: u64, materials: usize, patience: Duration) -> TestResult {
        let hr = self.test.as_user("hr").await?;
        let begun = Instant::now();
        loop {
            let (total, whole) = whole(&self.test.archive, &hr, materials).await?;
            if (total, whole) == (count, count) {
                return Ok(());
            }
            if begun.elapsed() > patience {
                return Err(format!("{total} of {count} have arrived, {whole} of them whole").into());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

async fn whole(archive: &Archive, hr: &dossier_access::Context, materials: usize) -> TestResult<(u64, u64)> {
    let mut request = SearchRequest { limit: Some(1000), ..SearchRequest::default() };
    let (mut total, mut whole) = (0, 0);
    loop {
        let hits = archive.search(hr, request.clone()).await?.hits;
        total += hits.hits.len() as u64;
        whole += hits.hits.iter().filter(|hit| hit.kinds.len() == materials).count() as u64;
        request.after = hits.next;
        if request.after.is_none() {
            return Ok((total, whole));
        }
    }
}

/// A storm of both events of each interview, five times each, one delivery in twenty forged; then the scores of some are
/// corrected, and all that was sent before is sent again, in another order.
async fn storm(candidates: usize, fields: FieldSelection, patience: Duration) -> TestResult {
    let materials = MaterialKind::OF_AN_INTERVIEW.into_iter().filter(|kind| fields.has_kind(*kind)).count();
    let hooked = Hooked::new(candidates, fields).await?;
    let ids = hooked.vendor.ids();
    let (forged, genuine) = ids.split_at(candidates / 20);
    let storm = Storm { genuine: genuine.to_vec(), forged: forged.to_vec(), copies: 5, seed: 7 };
    let all = Accepted { genuine: genuine.len() * 2 * 5, forged: 0 };
    assert_eq!(hooked.vendor.send_webhooks(&hooked.target, &storm).await?, all);
    hooked.arrived(genuine.len() as u64, materials, patience).await?;
    let before = hooked.scores(materials).await?;
    assert!(
        before.keys().eq(std::collections::BTreeSet::from_iter(genuine)),
        "those that were told of, and no forged one"
    );

    let corrected: Vec<String> = genuine.iter().step_by(7).cloned().collect();
    for id in &corrected {
        hooked.vendor.correct_score(id);
    }
    assert_eq!(hooked.vendor.send_webhooks(&hooked.target, &Storm { seed: 8, ..storm }).await?, all);
    let begun = Instant::now();
    loop {
        let after = hooked.scores(materials).await?;
        assert_eq!(after.len(), before.len());
        let changed: Vec<&String> = after.keys().filter(|id| after[*id] != before[*id]).collect();
        if changed.len() == corrected.len() {
            assert!(
                changed.into_iter().eq(std::collections::BTreeSet::from_iter(&corrected)),
                "the newest wins"
            );
            break;
        }
        assert!(begun.elapsed() < patience, "{} of {} corrections arrived", changed.len(), corrected.len());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    hooked.serving.abort();
    hooked.vendor.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_webhooks_has_one_effect_for_each_interview() -> TestResult {
    storm(40, FieldSelection::default(), Duration::from_secs(60)).await
}

/// More than a thousand different ones, in more than ten thousand deliveries. Videos are left out: they come one by one.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_webhooks_shuffled_repeated_and_forged_have_one_effect_each() -> TestResult {
    let fields = SyncField::ALL.into_iter().filter(|field| *field != SyncField::Video).collect();
    storm(600, fields, Duration::from_secs(120)).await
}

/// The size that `docs/security-tests.md` names: a hundred thousand deliveries of ten thousand interviews, and as many again.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes minutes; `cargo test --package dossier-web --test webhooks -- --ignored` runs it"]
async fn a_hundred_thousand_webhooks_have_one_effect_each() -> TestResult {
    let fields = SyncField::ALL.into_iter().filter(|field| *field != SyncField::Video).collect();
    storm(10_000, fields, Duration::from_secs(900)).await
}
