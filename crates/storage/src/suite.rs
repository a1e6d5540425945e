//! The behaviour of [`Records`], as tests that any implementation and any wrapper runs.
//!
//! ```ignore
//! struct Mine(tempfile::TempDir);
//!
//! #[async_trait::async_trait]
//! impl dossier_storage::suite::Place for Mine {
//!     async fn open(&self) -> Arc<dyn Records> { /* open what is in the folder */ }
//! }
//!
//! dossier_storage::behaviour_suite!(async { Mine(tempfile::tempdir().unwrap()) });
//! ```
//!
//! The caller needs `tokio` with the features `macros` and `rt-multi-thread`. A failure is a panic: these are tests.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "each function is a test, named for what it shows"
)]

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Batch, Collection, Key, Records, Scope};

mod changes;
mod commits;
mod reads;

pub use changes::*;
pub use commits::*;
pub use reads::*;

/// Where a store under test lives.
#[async_trait]
pub trait Place: Send + Sync {
    /// Opens the store, empty the first time. Each test has a place of its own and never opens it twice at once.
    async fn open(&self) -> Arc<dyn Records>;
}

/// Makes a test of each behaviour. The argument is a future that gives a fresh [`Place`](crate::suite::Place).
#[macro_export]
macro_rules! behaviour_suite {
    ($place:expr) => {
        $crate::behaviour_suite! { @each $place;
            entries_come_back_in_the_order_asked_for
            entries_are_read_in_the_order_of_their_bytes
            a_range_has_its_start_and_not_its_end
            a_scan_goes_backward
            pages_meet_without_gap_or_overlap
            scopes_and_collections_are_apart
            large_values_come_back_whole
            a_large_value_gives_way_to_a_small_one
            too_large_a_value_is_refused
            a_commit_is_read_at_once
            a_commit_survives_reopening
            a_failed_precondition_writes_nothing
            preconditions_tell_absent_from_present_and_old_from_new
            a_batch_may_only_check
            the_last_write_of_a_key_counts
            deleting_what_is_absent_is_a_change
            increments_are_never_lost
            only_one_claim_of_a_key_succeeds
            batches_are_never_seen_in_part
            a_model_agrees
            changes_come_in_commit_order
            changes_are_paged
            trimmed_changes_are_refused
            the_feed_survives_reopening
            a_long_batch_has_one_change
        }
    };
    (@each $place:expr; $($behaviour:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $behaviour() {
                let place = $place.await;
                $crate::suite::$behaviour(&place).await;
            }
        )*
    };
}

const COLLECTION: Collection = Collection::new(7);
const CANDIDATES: [Scope; 3] =
    [Scope::Candidate([1; 16]), Scope::Candidate([2; 16]), Scope::Candidate([0xFF; 16])];

fn key(id: impl AsRef<[u8]>) -> Key {
    key_in(Scope::Archive, id)
}

fn key_in(scope: Scope, id: impl AsRef<[u8]>) -> Key {
    Key::new(scope, COLLECTION, id).unwrap()
}

fn puts<I: AsRef<[u8]>>(ids: impl IntoIterator<Item = I>) -> Batch {
    let mut batch = Batch::new();
    for id in ids {
        batch.put(key(&id), id.as_ref().to_vec());
    }
    batch
}
