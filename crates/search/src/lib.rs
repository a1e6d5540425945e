//! The search index of an archive: Chinese and Pinyin analysis, the query language, and the index itself in sealed
//! files.
//!
//! The index is a projection: whoever owns the records follows their changes, turns each application into an [`Entry`]
//! and hands it to [`Index::apply`] with the position in the feed. The index keeps that position in its own commit, and
//! can be thrown away and rebuilt at any time.
//!
//! Every search takes a [`Scope`], and what lies outside of it has no influence on the answer: neither on hits, order,
//! counts nor snippets. Two indexes that differ only there give identical answers.
//!
//! All calls block, some for as long as a disk takes: from async code, make them on a blocking thread.

mod analysis;
mod collect;
pub mod columns;
mod compile;
mod directory;
mod entry;
mod error;
mod hits;
mod index;
pub mod query;
mod request;
mod schema;
mod snippet;

pub use analysis::rest;
pub use columns::{Columns, Dimension};
pub use dossier_domain::scope::{Grant, Positions, Scope, Scorecards};
pub use entry::{Entry, EntrySkill, EntryTag, Passage};
pub use error::{Cause, Error, ErrorKind, Result};
pub use hits::{Counts, Hit, Hits, ScoreBand, Snippet};
pub use index::{Bulk, Index, Options};
pub use query::{Chip, Named, Query, QueryError, Wording};
pub use request::{Cursor, Facet, Request, Sort};
