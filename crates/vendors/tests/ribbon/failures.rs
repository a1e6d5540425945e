//! What the vendor can do wrong, and what a wrong address could do to us.

use std::{sync::Arc, time::Duration};

use dossier_simulator::{ApiFault, Behaviour, RetryAfter, RibbonServer};
use dossier_vendor::{
    Adapter, AuthProblem, ConfigurationProblem, Credentials, Error, ErrorKind, Got, Malformed, SyncPoint,
    Trouble,
    wrap::{Policy, Retry, wrap},
};
use serde_json::json;
use tokio::time::Instant;

use crate::{adapter, adapter_with, nth, server, sweep};

async fn failing(fault: ApiFault) -> Error {
    let server = server(3, Behaviour::default()).await;
    server.fail_api(fault);
    adapter(&server).positions().await.unwrap_err()
}

/// The adapter in all its layers, impatient enough for a test.
fn wrapped(server: &RibbonServer) -> Arc<dyn Adapter> {
    let retry = Retry { pause: Duration::from_millis(10), ..Retry::default() };
    let policy =
        Policy { retry, per_second: 10_000.0, timeout: Duration::from_millis(300), ..Policy::default() };
    wrap(adapter(server), policy)
}

#[tokio::test]
async fn each_style_of_429_is_understood() {
    for (style, wait) in [
        (RetryAfter::Silent, None),
        (RetryAfter::Seconds(7), Some(Duration::from_secs(7))),
        (RetryAfter::Date(9), Some(Duration::from_secs(9))),
    ] {
        match failing(ApiFault::TooMany(style)).await {
            Error::RateLimited { retry_after, .. } => assert_eq!(retry_after, wait),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn the_date_of_a_429_is_taken_against_the_vendors_own_clock() {
    let server = server(3, Behaviour { clock_skew: -40_000, ..Behaviour::default() }).await;
    server.fail_api(ApiFault::TooMany(RetryAfter::Date(9)));
    match adapter(&server).positions().await.unwrap_err() {
        Error::RateLimited { retry_after, .. } => assert_eq!(retry_after, Some(Duration::from_secs(9))),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn statuses_mean_what_they_say() {
    for (status, kind) in [
        (400, ErrorKind::Configuration),
        (401, ErrorKind::Auth),
        (403, ErrorKind::Permission),
        (404, ErrorKind::NotFound),
        (410, ErrorKind::Gone),
        (500, ErrorKind::Transient),
        (502, ErrorKind::Transient),
        (204, ErrorKind::Configuration),
    ] {
        assert_eq!(failing(ApiFault::Status(status)).await.kind(), kind, "{status}");
    }
}

#[tokio::test]
async fn a_wrong_key_and_one_without_rights_are_told_apart() {
    let server = server(3, Behaviour::default()).await;
    let wrong = dossier_vendors::open("ribbon", server.settings(), Credentials::key("wrong")).unwrap();
    assert!(matches!(wrong.test().await, Err(Error::Auth(AuthProblem::Key))));
    server.behave(|behaviour| behaviour.permits = false);
    assert!(matches!(adapter(&server).test().await, Err(Error::Permission)));
}

#[tokio::test]
async fn bad_json_is_pointed_at_by_line_and_column() {
    let error = failing(ApiFault::BadJson).await;
    assert!(
        matches!(&error, Error::Malformed(Malformed { got: Got::NotJson { line: 1, column }, .. }) if *column > 10),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_huge_answer_is_cut_off_at_the_limit() {
    let error = failing(ApiFault::Huge(10 * 1024 * 1024 * 1024)).await;
    let limit = 16 * 1024 * 1024;
    assert!(
        matches!(&error, Error::Malformed(Malformed { got: Got::MoreThan(bytes), .. }) if *bytes == limit),
        "{error:?}"
    );
}

#[tokio::test]
async fn redirects_of_the_api_are_not_followed() {
    let other = server(3, Behaviour::default()).await;
    let error = failing(ApiFault::Redirect(format!("{}/interview-flows", other.base_url()))).await;
    assert!(matches!(error, Error::Configuration(ConfigurationProblem::Redirected(302))), "{error:?}");
    assert_eq!(other.stats().api_requests, 0);
}

#[tokio::test]
async fn addresses_of_this_machine_are_refused_unless_the_connection_says_so() {
    let server = server(3, Behaviour::default()).await;
    for allow in [json!(false), json!(null)] {
        let mut settings = server.settings();
        settings["allow_loopback"] = allow.clone();
        let opened = dossier_vendors::open("ribbon", settings, Credentials::key(server.key()));
        assert_eq!(opened.err().map(|error| error.kind()), Some(ErrorKind::Configuration), "{allow}");
    }
    for base_url in ["http://10.0.0.1/", "https://[::ffff:192.168.0.1]/", "https://169.254.169.254/latest"] {
        let settings = json!({ "base_url": base_url, "allow_loopback": true });
        let error = dossier_vendors::open("ribbon", settings, Credentials::key("k")).err().unwrap();
        let problem = matches!(&error, Error::Configuration(ConfigurationProblem::AddressForbidden(_)));
        assert!(problem, "{base_url}: {error:?}");
    }
}

#[tokio::test]
async fn retries_carry_a_sync_through_trouble_and_limits() {
    let server =
        server(120, Behaviour { limit: Some((3, RetryAfter::Silent)), ..Behaviour::default() }).await;
    let adapter = wrapped(&server);
    for fault in [
        ApiFault::Status(500),
        ApiFault::Status(503),
        ApiFault::Hang,
        ApiFault::TooMany(RetryAfter::Seconds(0)),
    ] {
        server.fail_api(fault);
    }
    let swept = sweep(&*adapter, &SyncPoint::beginning()).await;
    assert_eq!(swept.listed.len(), 120);
    for index in 0..20 {
        adapter.fetch(&nth(&server, index)).await.unwrap();
    }
}

#[tokio::test]
async fn a_vendor_that_hangs_is_given_up_in_time() {
    let server = server(3, Behaviour::default()).await;
    for _ in 0..10 {
        server.fail_api(ApiFault::Hang);
    }
    let began = Instant::now();
    let error = wrapped(&server).positions().await.unwrap_err();
    assert!(matches!(error, Error::Transient { trouble: Trouble::Timeout, .. }), "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_vendor_that_is_gone_is_trouble_that_passes() {
    let server = server(3, Behaviour::default()).await;
    let adapter = adapter_with(&server, &json!({}));
    adapter.test().await.unwrap();
    server.stop().await;
    let error = adapter.test().await.unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
}
