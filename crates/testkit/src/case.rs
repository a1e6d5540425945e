//! The bank of the case: synced from the simulator through the real adapter, and moved through the stages day by day.

use std::collections::HashMap;

use crate::{TestArchive, TestResult};
use chrono::{DateTime, Utc};
use dossier_access::Context;
use dossier_archive::{Move, NewConnection, SearchRequest, SyncMode};
use dossier_domain::{
    ApplicationId, Clock as _, FieldSelection, SyncField,
    text::{Line, VendorName},
};
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer, Story, bank::case::Decision};
use dossier_vendor::Credentials;

/// So many candidates: enough that each interval tells something, few enough to be moved one by one.
const CANDIDATES: usize = 1200;

/// The archive of the bank after its year.
pub async fn after_the_year() -> TestResult<TestArchive> {
    let bank = Bank::generate(BankOptions {
        seed: 2023,
        candidates: CANDIDATES,
        story: Story::Case,
        ..BankOptions::default()
    });
    let test = TestArchive::new().await?;
    set_clock(&test, "2023-01-01T00:00:00Z".parse()?);
    let hr = test.as_user("hr").await?;
    sync(&test, &hr, bank).await?;
    let applications = by_remote_id(&test, &hr).await?;
    let mut decisions: Vec<(Decision, ApplicationId)> = (0..bank.len())
        .flat_map(|index| {
            let application = applications.get(&bank.remote_id(index)).copied();
            bank.decisions(index).into_iter().zip(std::iter::repeat(application))
        })
        .map(|(decision, application)| Ok((decision, application.ok_or("an interview is missing")?)))
        .collect::<TestResult<_>>()?;
    decisions.sort_by_key(|(decision, _)| decision.at);
    for (Decision { at, to, reason, .. }, application) in decisions {
        set_clock(&test, at);
        test.archive.move_to(&hr, application, &Move::to(to).because(Some(Line::parse(reason)?))).await?;
    }
    Ok(test)
}

/// Brings all interviews in; no films, which tell no report anything.
async fn sync(test: &TestArchive, hr: &Context, bank: Bank) -> TestResult {
    let server = RibbonServer::start(bank, Behaviour::default()).await?;
    let fields: FieldSelection =
        SyncField::ALL.into_iter().filter(|field| *field != SyncField::Video).collect();
    let connection = NewConnection {
        name: Line::parse("ribbon")?,
        vendor: VendorName::parse("ribbon")?,
        settings: server.settings(),
        credentials: Credentials::key(server.key()),
        fields,
        requests_per_second: Some(10_000.0),
    };
    test.archive.add_connection(hr, connection).await?;
    let report = test.archive.sync(hr, "ribbon", SyncMode::Full, &|_| {}).await?;
    assert_eq!((report.new, report.quarantined), (CANDIDATES as u64, 0), "{report:?}");
    server.stop().await;
    Ok(())
}

async fn by_remote_id(test: &TestArchive, hr: &Context) -> TestResult<HashMap<String, ApplicationId>> {
    let mut found = HashMap::new();
    for application in applications(test, hr, "").await? {
        let view = test.archive.show(hr, application).await?;
        found.insert(view.interviews[0].remote_id.to_string(), application);
    }
    Ok(found)
}

/// All that a query finds.
pub async fn applications(test: &TestArchive, hr: &Context, query: &str) -> TestResult<Vec<ApplicationId>> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let asked =
            SearchRequest { query: query.to_owned(), limit: Some(1000), after, ..SearchRequest::default() };
        let hits = test.archive.search(hr, asked).await?.hits;
        found.extend(hits.hits.iter().map(|hit| hit.application));
        after = hits.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

fn set_clock(test: &TestArchive, at: DateTime<Utc>) {
    test.clock.advance(at - test.clock.now());
}
