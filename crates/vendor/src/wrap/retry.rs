//! Trying again, after longer and longer pauses.

use std::{future::Future, time::Duration};

use tokio::time::{Instant, sleep};

use super::{Call, Layer};
use crate::{Error, ErrorKind, Result};

/// Repeats calls that failed for reasons that pass within seconds: rate limits and transient trouble. An interview
/// that is not ready is not waited for here; the schedule asks for it again. Nor is [`Call::Test`] repeated: somebody
/// waits for what it says, and can ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How often a call is made at most.
    pub attempts: u32,
    /// The pause after the first failure; it doubles with each further one, and half of it is left to chance so that
    /// many callers do not come back at the same moment.
    pub pause: Duration,
    /// The time after which no further attempt is begun. A vendor that asks for a longer wait is not waited for.
    pub budget: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 5, pause: Duration::from_millis(500), budget: Duration::from_secs(90) }
    }
}

impl Retry {
    /// The pause after `failures` failures, the last of which was `error`; `None` if it is not to be tried again.
    fn pause_after(self, failures: u32, error: &Error) -> Option<Duration> {
        let asked = match error {
            Error::RateLimited { retry_after, .. } => retry_after.unwrap_or_default(),
            _ if error.kind() == ErrorKind::Transient => Duration::ZERO,
            _ => return None,
        };
        let doubled = self.pause.saturating_mul(1 << (failures - 1).min(16));
        (failures < self.attempts).then(|| asked.max(doubled / 2) + chance(doubled / 2))
    }
}

/// A random part of `most`.
fn chance(most: Duration) -> Duration {
    most.mul_f64(f64::from(getrandom::u32().unwrap_or(u32::MAX / 2)) / f64::from(u32::MAX))
}

impl Layer for Retry {
    async fn around<'a, T, F, R>(&'a self, call: Call, run: F) -> Result<T>
    where
        T: Send + 'a,
        F: Fn() -> R + Send + Sync + 'a,
        R: Future<Output = Result<T>> + Send + 'a,
    {
        let began = Instant::now();
        let mut failures = 0;
        loop {
            let error = match run().await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            failures += 1;
            match self.pause_after(failures, &error) {
                Some(pause) if call != Call::Test && began.elapsed() + pause <= self.budget => {
                    sleep(pause).await
                }
                _ => return Err(error),
            }
        }
    }
}
