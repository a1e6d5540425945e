//! The contract between Dossier and the vendors of AI interviews, and what every adapter shares: errors that say what
//! to do, guarded HTTP, media that resume, wrappers (retry, rate limit, timeout, tracing), webhook signatures, and the
//! conformance suite that each adapter runs against a simulator.
//!
//! An [`Adapter`] knows one vendor's way of speaking and nothing else: no storage, no rights, no keys of the archive.
//! **Webhooks are hints**: whoever gets one fetches again. **There are two cursors**: the page token is volatile; the
//! sync point is durable, and the caller moves it only when everything listed up to it is stored.

pub mod adapter;
pub mod capabilities;
pub mod conformance;
pub mod error;
pub mod fetched;
pub mod http;
pub mod json;
pub mod media;
pub mod page;
pub mod resuming;
pub mod secret;
pub mod webhook;
pub mod wrap;

/// Headers of a webhook, as they came.
pub use ::http::HeaderMap;
pub use adapter::{Account, Adapter};
pub use capabilities::{Capabilities, Incremental};
pub use error::{
    AuthProblem, ConfigurationProblem, Error, ErrorKind, Got, LimitScope, Malformed, Phrase, Remedy, Result,
    Trouble, WebhookProblem,
};
pub use fetched::{Fetched, MediaRef, Part, RemoteCandidate, RemotePosition};
pub use media::MediaStream;
pub use page::{Listed, Page, PageToken, Rejected, RemoteStatus, SyncPoint};
pub use resuming::{MediaLimits, ResumingMedia};
pub use secret::{Credentials, Secret};
pub use webhook::{Hint, HintKind};
