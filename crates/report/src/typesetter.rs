//! Who makes a PDF: a contract, so that nothing here waits for a typesetter.

use crate::{Result, charts::Links, model::Report};

/// Makes PDFs of reports.
pub trait Typesetter: Send + Sync {
    /// The report as PDF. `links` gives whole addresses for the queries behind numbers, if there are any.
    ///
    /// This computes for a while and takes memory: call it on a blocking thread, and for few reports at a time.
    ///
    /// # Errors
    /// [`Error::NoFont`](crate::Error::NoFont), [`Error::TooManyRows`](crate::Error::TooManyRows),
    /// [`Error::TooManyColumns`](crate::Error::TooManyColumns); [`Error::Typesetter`](crate::Error::Typesetter), which no
    /// report should cause.
    fn pdf(&self, report: &Report, links: Links<'_>) -> Result<Vec<u8>>;

    /// The families with Chinese characters that it has, in the order in which they are used.
    ///
    /// # Errors
    /// [`Error::NoFont`](crate::Error::NoFont)
    fn families(&self) -> Result<Vec<String>>;
}
