//! The pages in a real browser: an archive that is served, Chromium that visits it, and what tests ask of both.
//!
//! A crate of its own, so that a test of anything else waits neither for a browser nor for its library. Everything runs
//! in the test's process but chromedriver and Chromium, which Debian has (`chromium`, `chromium-driver`), and the
//! [`ProviderProcess`] that people sign in at.
//!
//! Tests that only look share one archive, [`shared`]; a test that changes what others would see starts a [`Served`] of
//! its own, which takes a fraction of a second.

mod browser;
mod chromedriver;
mod provider;
mod served;

pub use browser::{Browser, Look, PHONE, root};
pub use provider::ProviderProcess;
pub use served::{PASSWORD, Served, Setting, shared};
