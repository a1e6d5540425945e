//! Telling the log what was asked of a vendor and how it went.

use std::future::Future;

use dossier_domain::text::VendorName;
use tokio::time::Instant;

use super::{Call, Layer};
use crate::{Remedy, Result};

/// Logs vendor, call, outcome and milliseconds of each call. Never ids, names, links or texts of the vendor.
#[derive(Debug, Clone)]
pub struct Traced(pub VendorName);

impl Layer for Traced {
    async fn around<'a, T, F, R>(&'a self, call: Call, run: F) -> Result<T>
    where
        T: Send + 'a,
        F: Fn() -> R + Send + Sync + 'a,
        R: Future<Output = Result<T>> + Send + 'a,
    {
        let began = Instant::now();
        let result = run().await;
        let (vendor, call) = (self.0.as_str(), call.name());
        let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &result {
            Ok(_) => tracing::debug!(vendor, call, millis, "vendor answered"),
            Err(error) if error.remedy() == Remedy::Person => {
                tracing::warn!(
                    vendor,
                    call,
                    millis,
                    kind = error.kind().name(),
                    "vendor call needs a person"
                );
            }
            Err(error) => {
                tracing::info!(vendor, call, millis, kind = error.kind().name(), "vendor call failed")
            }
        }
        result
    }
}
