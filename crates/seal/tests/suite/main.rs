//! The crate from outside: round trips, everything that must fail, and the published vectors.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may fail like tests")]

mod entropy;
mod files;
mod keyrings;
mod records;
mod roots;
mod vectors;
