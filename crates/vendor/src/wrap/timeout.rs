//! Ending calls that take too long.

use std::{future::Future, time::Duration};

use super::{Call, Layer};
use crate::{Error, Result, Trouble};

/// Ends a call after this time.
#[derive(Debug, Clone, Copy)]
pub struct Timeout(pub Duration);

impl Layer for Timeout {
    async fn around<'a, T, F, R>(&'a self, _: Call, run: F) -> Result<T>
    where
        T: Send + 'a,
        F: Fn() -> R + Send + Sync + 'a,
        R: Future<Output = Result<T>> + Send + 'a,
    {
        match tokio::time::timeout(self.0, run()).await {
            Ok(result) => result,
            Err(elapsed) => Err(Error::transient_from(Trouble::Timeout, elapsed)),
        }
    }
}
