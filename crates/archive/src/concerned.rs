//! Which dossiers the newest commits concerned, as the change feed tells: whoever has one open looks at it again for its own
//! sake, and not whenever anybody does anything. It is kept by each process for itself, and needs no index.

use std::collections::BTreeMap;

use dossier_domain::CandidateId;
use dossier_storage::{Error as StorageError, Scope, Sequence, Store};
use tokio::sync::Mutex;

use crate::Result;

/// So many commits are read at once.
const AT_ONCE: usize = 512;
/// So many candidates are remembered; then all of them are taken to have been concerned once more.
const MOST: usize = 20_000;

/// What is known of the feed.
#[derive(Default)]
pub(crate) struct Concerned(Mutex<State>);

#[derive(Default)]
struct State {
    /// Up to where the feed was read.
    seen: Sequence,
    /// From where on it is known whom a commit concerned.
    known_from: Sequence,
    /// The newest commit that concerned somebody.
    newest: BTreeMap<CandidateId, Sequence>,
}

impl Concerned {
    /// The newest commit that may have concerned a candidate.
    pub(crate) async fn newest_of(&self, store: &Store, candidate: CandidateId) -> Result<Sequence> {
        let mut state = self.0.lock().await;
        if state.seen == Sequence::ZERO || state.newest.len() > MOST {
            state.begin(store.records().sequence().await?);
        }
        loop {
            let changes = match store.records().changes(state.seen, AT_ONCE).await {
                Err(StorageError::ChangesTrimmed { .. }) => {
                    state.begin(store.records().sequence().await?);
                    break;
                }
                other => other?,
            };
            let Some(last) = changes.last() else { break };
            state.seen = last.sequence;
            for change in &changes {
                for key in &change.keys {
                    if let Scope::Candidate(id) = key.scope() {
                        state.newest.insert(CandidateId::from_bytes(id), change.sequence);
                    }
                }
            }
        }
        let newest = state.newest.get(&candidate).copied().unwrap_or_default();
        Ok(newest.max(state.known_from))
    }
}

impl State {
    /// Knows nothing of what was before.
    fn begin(&mut self, at: Sequence) {
        *self = Self { seen: at, known_from: at, newest: BTreeMap::new() };
    }
}
