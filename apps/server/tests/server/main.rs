//! The program as it is run: a process over a data folder, and what becomes of it when the world is against it.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod bombs;
mod ends;
mod killed;
mod place;
mod program;
