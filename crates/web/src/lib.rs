//! The pages and the HTTP API of an archive.
//!
//! Handlers read the request, call one use case of the archive with the [`Context`](dossier_access::Context) of whoever
//! is signed in, and show the answer. They decide nobody's rights, and hold nothing that could not be lost: whatever
//! must last is in the archive.
//!
//! What every answer has in common stands in the middlewares around the router: language, security headers, errors in
//! words, metrics. Pages work without scripts; scripts make them quicker.

mod api;
mod assets;
mod compression;
mod events;
mod failure;
mod form;
mod guard;
mod headers;
mod hooks;
mod layout;
mod media;
mod metrics;
mod notices;
mod pages;
mod parts;
mod person;
mod router;
pub mod serve;
mod site;
mod syncs;
mod visitor;
mod zips;

pub use pages::provider::PROVIDER_RETURN;
pub use router::{addresses, router};
pub use site::{DemoUser, Options, Site};
