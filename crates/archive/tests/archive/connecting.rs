//! Connections: what can be set up and changed of them, and how they stand.

use chrono::TimeDelta;
use dossier_archive::{
    ConnectionState, Failing, LogFilter, NewConnection, NewCredentials, Polling, SyncMode,
};
use dossier_domain::{
    Clock, FieldSelection, Language,
    text::{Line, VendorName},
};
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use dossier_testkit::{TestArchive, TestResult};
use dossier_vendor::{Credentials, Secret};

async fn state(test: &TestArchive) -> TestResult<ConnectionState> {
    Ok(test.archive.connections(&test.as_user("hr").await?).await?.swap_remove(0))
}

async fn sync(test: &TestArchive, name: &str) -> TestResult<bool> {
    Ok(test.archive.sync(&test.as_sync()?, name, SyncMode::Incremental, &|_| {}).await.is_ok())
}

#[tokio::test]
async fn a_connection_without_any_field_is_refused() -> TestResult {
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    let new = NewConnection {
        name: Line::parse("bank")?,
        vendor: VendorName::parse("ribbon")?,
        settings: serde_json::json!({}),
        credentials: Credentials::key("k"),
        fields: FieldSelection::from_iter([]),
        requests_per_second: None,
    };
    let refused = test.archive.add_connection(&hr, new).await.unwrap_err();
    assert_eq!(refused.message(Language::English), "choose at least one field to sync");
    assert_eq!(test.archive.connections(&hr).await?.len(), 0);
    test.connection().await?;
    assert!(test.archive.choose_fields(&hr, "bank", FieldSelection::from_iter([])).await.is_err());
    assert_eq!(state(&test).await?.connection.fields, FieldSelection::default());
    Ok(())
}

#[tokio::test]
async fn a_wrong_key_is_told_and_can_be_replaced_and_is_shown_nowhere() -> TestResult {
    let test = TestArchive::new().await?;
    let bank = Bank::generate(BankOptions { candidates: 2, ..BankOptions::default() });
    let server = RibbonServer::start(bank, Behaviour::default()).await?;
    test.connect("ribbon", server.settings(), Credentials::key("mistyped")).await?;
    let before = state(&test).await?;
    assert!(before.failing.is_none() && !before.hears_webhooks);
    let since = test.clock.now();
    for minutes in [0, 5] {
        test.clock.advance(TimeDelta::minutes(minutes));
        assert!(!sync(&test, "ribbon").await?);
        let failing = state(&test).await?.failing.ok_or("it is not told")?;
        let Failing { since: first, at, problem } = failing;
        assert_eq!((first, at), (since, since + TimeDelta::minutes(minutes)));
        assert!(problem.text(Language::English).contains("does not accept the API key"), "{problem:?}");
    }

    let hr = test.as_user("hr").await?;
    let change = async |new| test.archive.change_credentials(&hr, "ribbon", new).await;
    assert!(change(NewCredentials::default()).await.is_err(), "nothing is given");
    let secret = Some(Secret::new(server.webhook_secret()));
    change(NewCredentials { webhook: secret, ..NewCredentials::default() }).await?;
    assert!(state(&test).await?.hears_webhooks);
    assert!(!sync(&test, "ribbon").await?, "the key is still the wrong one");
    change(NewCredentials { key: Some(Secret::new(server.key())), ..NewCredentials::default() }).await?;
    assert!(sync(&test, "ribbon").await?);
    let after = state(&test).await?;
    assert!(after.failing.is_none() && after.hears_webhooks, "what was not given stays");
    assert!(!format!("{after:?}").contains(server.key()));

    let filter = LogFilter { actions: ["change_credentials".to_owned()].into(), ..LogFilter::default() };
    let log = test.archive.log_records(&test.as_user("auditor").await?, filter).await?.records;
    assert_eq!(log.len(), 2);
    assert!(!format!("{log:?}").contains(server.key()));
    let li = test.as_user("li").await?;
    let refused =
        test.archive.change_credentials(&li, "ribbon", NewCredentials::default()).await.unwrap_err();
    assert_eq!(refused.kind(), dossier_archive::ErrorKind::Denied);
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn each_connection_has_its_turn_as_it_was_chosen() -> TestResult {
    let test = TestArchive::new().await?;
    let bank = Bank::generate(BankOptions { candidates: 1, ..BankOptions::default() });
    let server = RibbonServer::start(bank, Behaviour::default()).await?;
    test.connect_to(&server).await?;
    let hr = test.as_user("hr").await?;
    assert!(sync(&test, "ribbon").await?);
    for (polling, minutes) in
        [(Polling::Always, 0), (Polling::Hourly, 60), (Polling::Daily, 24 * 60), (Polling::Never, i64::MAX)]
    {
        test.archive.choose_polling(&hr, "ribbon", polling).await?;
        for later in [0, 59, 60, 23 * 60, 24 * 60] {
            test.clock.advance(TimeDelta::minutes(later));
            let is_due = !test.archive.connections_to_sync().await?.is_empty();
            assert_eq!(is_due, later >= minutes, "{polling:?} after {later} minutes");
            test.clock.advance(TimeDelta::minutes(-later));
        }
    }
    test.archive.choose_polling(&hr, "ribbon", Polling::Hourly).await?;
    server.stop().await;
    test.clock.advance(TimeDelta::hours(2));
    assert!(!sync(&test, "ribbon").await?);
    assert!(
        test.archive.connections_to_sync().await?.is_empty(),
        "one that fails waits for its turn as well"
    );
    Ok(())
}
