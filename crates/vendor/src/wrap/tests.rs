//! The layers, in paused time.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use dossier_domain::text::VendorName;
use tokio::time::Instant;

use super::*;
use crate::{AuthProblem, Error, LimitScope, Trouble};

/// Calls `layer` around an action that fails with each of `errors` in turn and then succeeds; returns the result, the
/// number of calls and the time that passed.
async fn around(layer: &impl Layer, errors: Vec<Error>) -> (Result<()>, u32, Duration) {
    let errors = Mutex::new(errors.into_iter());
    let calls = AtomicU32::new(0);
    let began = Instant::now();
    let run = || async {
        calls.fetch_add(1, Ordering::SeqCst);
        errors.lock().unwrap().next().map_or(Ok(()), Err)
    };
    let result = layer.around(Call::Fetch, run).await;
    (result, calls.load(Ordering::SeqCst), began.elapsed())
}

fn trouble() -> Error {
    Error::transient(Trouble::Status(502))
}

fn limited(seconds: Option<u64>) -> Error {
    Error::RateLimited { retry_after: seconds.map(Duration::from_secs), scope: LimitScope::Connection }
}

#[tokio::test(start_paused = true)]
async fn trouble_is_met_by_longer_and_longer_pauses() {
    let (result, calls, passed) = around(&Retry::default(), vec![trouble(), trouble(), trouble()]).await;
    assert!(result.is_ok());
    assert_eq!(calls, 4);
    // Half of 0.5 + 1 + 2 seconds at least, all of it at most, and the timer's granularity.
    assert!((Duration::from_millis(1750)..Duration::from_millis(3510)).contains(&passed), "{passed:?}");
}

#[tokio::test(start_paused = true)]
async fn the_vendors_wait_is_honoured_and_one_beyond_the_budget_is_not_waited_for() {
    let (result, _, passed) = around(&Retry::default(), vec![limited(Some(20))]).await;
    assert!(
        result.is_ok() && passed >= Duration::from_secs(20) && passed < Duration::from_secs(21),
        "{passed:?}"
    );
    let (result, calls, passed) = around(&Retry::default(), vec![limited(Some(3600))]).await;
    assert!(matches!(result, Err(Error::RateLimited { .. })));
    assert_eq!((calls, passed), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn attempts_end_and_the_last_error_comes_out() {
    let errors = (0..9).map(|_| limited(None)).collect();
    let (result, calls, _) = around(&Retry { attempts: 3, ..Retry::default() }, errors).await;
    assert!(result.is_err());
    assert_eq!(calls, 3);
}

#[tokio::test(start_paused = true)]
async fn what_a_person_must_mend_and_what_is_not_ready_is_asked_once() {
    for error in [Error::Auth(AuthProblem::Key), Error::NotReady, Error::NotFound, Error::CursorExpired] {
        let (result, calls, passed) = around(&Retry::default(), vec![error]).await;
        assert!(result.is_err());
        assert_eq!((calls, passed), (1, Duration::ZERO));
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
    let limit = RateLimit::new(10.0, 5);
    let began = Instant::now();
    for _ in 0..25 {
        around(&limit, Vec::new()).await.0.unwrap();
    }
    let passed = began.elapsed();
    assert!((Duration::from_millis(1990)..Duration::from_millis(2050)).contains(&passed), "{passed:?}");
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let began = Instant::now();
    for _ in 0..6 {
        around(&limit, Vec::new()).await.0.unwrap();
    }
    assert!(began.elapsed() >= Duration::from_millis(99), "an hour saves no more than the burst");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_is_ended() {
    // Whoever tests a connection waits for it.
    for (call, seconds) in [(Call::Fetch, 60), (Call::Test, 9)] {
        let began = Instant::now();
        let hang = || std::future::pending::<Result<()>>();
        let result = Timeout(Duration::from_secs(60)).around(call, hang).await;
        assert!(matches!(result, Err(Error::Transient { trouble: Trouble::Timeout, .. })));
        let passed = began.elapsed();
        assert!(
            (Duration::from_secs(seconds)..Duration::from_secs(seconds + 1)).contains(&passed),
            "{passed:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_test_is_made_once() {
    let began = Instant::now();
    let calls = AtomicU32::new(0);
    let run = || async {
        calls.fetch_add(1, Ordering::SeqCst);
        Err::<(), _>(trouble())
    };
    assert!(Retry::default().around(Call::Test, run).await.is_err());
    assert_eq!((calls.into_inner(), began.elapsed()), (1, Duration::ZERO));
}

/// Collects what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn the_log_tells_vendor_call_and_outcome_and_nothing_of_the_record() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let source = std::io::Error::other("https://cdn.example/?signature=s3cret of 张三");
    let error = Error::transient_from(Trouble::Cut, source);
    around(&Traced(VendorName::parse("ribbon").unwrap()), vec![error]).await.0.unwrap_err();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("ribbon") && text.contains("fetch") && text.contains("transient"), "{text}");
    assert!(!text.contains("s3cret") && !text.contains("张三"), "{text}");
}
