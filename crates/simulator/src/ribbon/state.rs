//! What the simulator knows: the bank, what was changed since, and what was asked.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Behaviour, Spoil};
use crate::bank::{Bank, Sitting};

/// What was asked of the simulator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Requests to the API, refused ones included.
    pub api_requests: u64,
    /// Requests for media.
    pub media_requests: u64,
}

/// Shared by all handlers.
pub(super) struct Shared {
    pub(super) bank: Bank,
    pub(super) key: String,
    pub(super) webhook_secret: String,
    pub(super) link_secret: String,
    pub(super) address: SocketAddr,
    behaviour: Mutex<Behaviour>,
    state: Mutex<State>,
}

/// What was changed and counted since the start.
#[derive(Default)]
pub(super) struct State {
    pub(super) stats: Stats,
    pub(super) corrections: HashMap<usize, u32>,
    pub(super) spoiled: HashMap<usize, Spoil>,
    pub(super) held_back: HashSet<usize>,
    pub(super) released: HashSet<usize>,
    pub(super) fetches: HashMap<usize, u32>,
    /// Signatures of links that are no longer good.
    pub(super) revoked: HashSet<String>,
    pub(super) links: u64,
    added: usize,
    /// The interviews by time, the newest first; made when asked for.
    by_time: Vec<usize>,
}

impl Shared {
    pub(super) fn new(bank: Bank, behaviour: Behaviour, address: SocketAddr) -> Self {
        Self {
            bank,
            key: "123e4567-e89b-12d3-a456-426614174000".to_owned(),
            webhook_secret: "simulated-webhook-secret".to_owned(),
            link_secret: "simulated-link-secret".to_owned(),
            address,
            behaviour: Mutex::new(behaviour),
            state: Mutex::default(),
        }
    }

    pub(super) fn behaviour(&self) -> MutexGuard<'_, Behaviour> {
        self.behaviour.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stats(&self) -> Stats {
        self.state().stats
    }

    pub(super) fn len(&self) -> usize {
        self.bank.len() + self.state().added
    }

    pub(super) fn add(&self) -> usize {
        let mut state = self.state();
        state.added += 1;
        state.by_time.clear();
        self.bank.len() + state.added - 1
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.bank.find(id).filter(|index| *index < self.len())
    }

    /// The interview as it is now.
    pub(super) fn sitting(&self, index: usize) -> Sitting {
        let mut sitting = self.bank.interview(index);
        let corrections = self.state().corrections.get(&index).copied().unwrap_or_default();
        let step = if sitting.score > 90.0 { -0.5 } else { 0.5 };
        sitting.score += f64::from(corrections.min(10)) * step;
        sitting
    }

    /// The interview with this id as it is now.
    pub(super) fn sitting_of(&self, id: &str) -> Option<Sitting> {
        self.find(id).map(|index| self.sitting(index))
    }

    /// The numbers of a page, in the order of the listing.
    pub(super) fn page(&self, offset: usize, limit: usize) -> Vec<usize> {
        let len = self.len();
        if !self.behaviour().newest_first {
            return (offset..len).take(limit).collect();
        }
        let mut state = self.state();
        if state.by_time.len() != len {
            state.by_time = (0..len).collect();
            state
                .by_time
                .sort_by_cached_key(|index| std::cmp::Reverse(self.bank.interview(*index).started_at));
        }
        state.by_time.iter().skip(offset).take(limit).copied().collect()
    }

    /// Counts a fetch and says whether the video is there.
    pub(super) fn video_is_ready(&self, index: usize, counts: bool) -> bool {
        let late = self.behaviour().late_videos;
        let mut state = self.state();
        let fetches = state.fetches.entry(index).or_default();
        *fetches += u32::from(counts);
        let fetched_enough = *fetches > late;
        state.released.contains(&index) || (fetched_enough && !state.held_back.contains(&index))
    }
}
