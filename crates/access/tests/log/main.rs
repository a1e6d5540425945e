//! The operation log as others meet it: written, exported, tampered with, verified by two verifiers.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may fail as tests do")]

mod golden;
mod sample;
mod tampering;
mod writing;
