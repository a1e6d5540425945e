//! Ending calls that take too long.

use std::{future::Future, time::Duration};

use super::{Call, Layer};
use crate::{Error, Result, Trouble};

/// So long somebody waits for what [`Call::Test`] says.
const PATIENCE: Duration = Duration::from_secs(9);

/// Ends a call after this time, and a test of the connection after nine seconds at most.
#[derive(Debug, Clone, Copy)]
pub struct Timeout(pub Duration);

impl Layer for Timeout {
    async fn around<'a, T, F, R>(&'a self, call: Call, run: F) -> Result<T>
    where
        T: Send + 'a,
        F: Fn() -> R + Send + Sync + 'a,
        R: Future<Output = Result<T>> + Send + 'a,
    {
        let longest = if call == Call::Test { self.0.min(PATIENCE) } else { self.0 };
        match tokio::time::timeout(longest, run()).await {
            Ok(result) => result,
            Err(elapsed) => Err(Error::transient_from(Trouble::Timeout, elapsed)),
        }
    }
}
