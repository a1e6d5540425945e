//! The behaviour that every adapter owes, as checks that an adapter crate runs against its simulator.
//!
//! ```text
//! let violations = conformance::violations(&subject).await;
//! assert!(violations.is_empty(), "{violations:#?}");
//! ```

use std::{collections::HashSet, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use dossier_domain::{MaterialKind, text::RemoteId};
use http::HeaderMap;

use crate::Adapter;

mod listing;
mod media;
mod parts;
mod webhooks;

/// An adapter together with a simulator that can be told to misbehave. The simulator holds at least 25 finished
/// interviews, none of them spoiled to begin with, and nothing changes but through these methods.
#[async_trait]
pub trait Subject: Send + Sync {
    /// The adapter, unwrapped, with a good key.
    fn adapter(&self) -> Arc<dyn Adapter>;

    /// The same with a key that the vendor does not know.
    fn with_wrong_key(&self) -> Arc<dyn Adapter>;

    /// The finished interviews at the vendor now.
    fn finished(&self) -> HashSet<RemoteId>;

    /// Makes the vendor's record of one interview nonsense at this JSON Pointer (of the record), and says which.
    async fn spoil_one(&self) -> (RemoteId, String);

    /// Adds a finished interview.
    async fn add_one(&self) -> RemoteId;

    /// Corrects the score of an interview that is listed already.
    async fn correct_one(&self) -> RemoteId;

    /// Adds a finished interview whose video is not ready.
    async fn add_without_video(&self) -> RemoteId;

    /// Makes the video of that interview ready.
    async fn release_video(&self, id: &RemoteId);

    /// The bytes that the vendor keeps as the video of an interview.
    fn video(&self, id: &RemoteId) -> Bytes;

    /// A webhook about an interview, as the vendor signs it at `now`; `None` where the vendor has none.
    fn webhook(&self, id: &RemoteId, now: DateTime<Utc>) -> Option<(HeaderMap, Bytes)>;
}

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which check.
    pub check: &'static str,
    /// What was seen.
    pub seen: String,
}

/// The result of one check; what was seen, if it was wrong.
type Check = Result<(), String>;

/// Runs all checks that the adapter's capabilities call for. They change the simulator, so begin with a fresh one.
pub async fn violations(subject: &dyn Subject) -> Vec<Violation> {
    let adapter = subject.adapter();
    let mut found = Vec::new();
    let mut note = |check, result: Check| {
        if let Err(seen) = result {
            found.push(Violation { check, seen });
        }
    };
    note("a good key is accepted and a wrong one needs a person", listing::keys(subject).await);
    note("positions are named and distinct", listing::positions(&*adapter).await);
    note("a full listing shows each finished interview once", listing::full(subject).await);
    note("the cursor moves and leads to what is new", listing::incremental(subject).await);
    note("a correction is listed again", listing::correction(subject).await);
    note("an unknown interview is not found", parts::unknown(&*adapter).await);
    note("fetching twice gives the same", parts::repeatable(subject).await);
    note("only announced kinds of material come", parts::announced(subject).await);
    note("a malformed record harms only itself", parts::spoiled(subject).await);
    if adapter.capabilities().materials.contains(&MaterialKind::Video) {
        note("a late video is not yet there, and later is", parts::late_video(subject).await);
        note("media at an offset equal the tail", media::offsets(subject).await);
        note("media resume to the same bytes", media::whole(subject).await);
    }
    if adapter.capabilities().webhook {
        note("a signed webhook becomes a hint, and any other is refused", webhooks::signatures(subject));
    }
    found
}

/// Turns a condition into a check.
fn ensure(holds: bool, seen: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(seen()) }
}

/// Some interview that is finished: the first by its id, so that every run takes the same.
fn some_finished(subject: &dyn Subject) -> Result<RemoteId, String> {
    subject.finished().into_iter().min().ok_or_else(|| "the simulator has no finished interview".to_owned())
}
