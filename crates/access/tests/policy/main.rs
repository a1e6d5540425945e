//! The policy: its golden table, and the laws that hold for every actor.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod laws;
mod people;
mod table;
