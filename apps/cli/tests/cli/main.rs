//! The built binary, run on folders of its own as a person would run it.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected stops there")]

mod answers;
mod archives;
mod damage;
mod demo;
mod hostile;
mod killed;
mod place;
mod remote;
mod served;
mod signing_in;
mod unreachable;
