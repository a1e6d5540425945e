//! The candidates' keys: random, wrapped by the keyring, in a small store of their own, and destroyed one by one.
//!
//! # Format 1
//!
//! Under the key `archive scope, collection FE, candidate's id` (see [`Key`](crate::Key)) stands either
//!
//! ```text
//! 01 wrapped key   a living candidate's key, see `dossier_seal::WrappedKey`
//! 02               a tombstone: the key was destroyed, and the candidate never gets another one
//! ```
//!
//! Destroying overwrites the entry. Copies of the old bytes that an engine or a disk has not yet reused are wrapped
//! by an epoch key, so they are gone for good once the keyring has rotated, [`CandidateKeys::rewrap_all`] has moved
//! the living keys on, and the old epoch is retired.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use bytes::Bytes;
use dossier_seal::{Entropy, Key as SealKey, Keyring, RecordCipher, WrappedKey};
use quick_cache::sync::Cache;

use crate::{Batch, Collection, Entry, Error, ErrorKind, Expect, Key, Records, Result, Scan, Scope};

const LIVING: u8 = 1;
const TOMBSTONE: u8 = 2;

/// So many candidates' keys are kept unwrapped, at less than 1 KiB each.
const CACHED: usize = 4096;

/// The keyring, shared by all that seal with it, and exchanged as a whole when it rotates.
pub type SharedKeyring = Arc<RwLock<Keyring>>;

/// A living candidate's key, unwrapped.
pub struct CandidateKey {
    /// Seals the candidate's records.
    pub records: RecordCipher,
    /// Seals the candidate's blobs.
    pub blobs: SealKey,
}

/// What is known of a candidate's key.
#[derive(Clone)]
pub enum KeyState {
    /// The candidate has a key.
    Living(Arc<CandidateKey>),
    /// The key was destroyed.
    Erased,
    /// There has never been one.
    Absent,
}

/// How far a rewrapping has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rewrapped {
    /// Keys that were wrapped anew.
    pub rewrapped: u64,
    /// Keys that were wrapped in the current epoch already.
    pub current: u64,
    /// Candidates whose key is destroyed.
    pub erased: u64,
}

/// The store of candidates' keys.
pub struct CandidateKeys {
    records: Arc<dyn Records>,
    keyring: SharedKeyring,
    entropy: Arc<dyn Entropy>,
    living: Cache<[u8; 16], Arc<CandidateKey>>,
    /// How many keys were destroyed. A key read before a destruction may not enter the cache after it.
    destroyed: Mutex<u64>,
}

impl CandidateKeys {
    /// The keys in `records`, which hold nothing else and are no part of the data's backups.
    pub fn new(records: Arc<dyn Records>, keyring: SharedKeyring, entropy: Arc<dyn Entropy>) -> Self {
        Self { records, keyring, entropy, living: Cache::new(CACHED), destroyed: Mutex::new(0) }
    }

    /// One candidate's key.
    ///
    /// # Errors
    /// As [`get_many`](Self::get_many).
    pub async fn get(&self, candidate: [u8; 16]) -> Result<KeyState> {
        Ok(self.get_many([candidate]).await?.remove(&candidate).unwrap_or(KeyState::Absent))
    }

    /// The keys of these candidates, with one read for all that are not at hand.
    ///
    /// # Errors
    /// [`Error::Damaged`] if an entry is not a wrapped key, [`Error::Seal`] if it can't be unwrapped.
    pub async fn get_many(
        &self,
        candidates: impl IntoIterator<Item = [u8; 16]>,
    ) -> Result<HashMap<[u8; 16], KeyState>> {
        let wanted: HashSet<[u8; 16]> = candidates.into_iter().collect();
        let mut states = HashMap::with_capacity(wanted.len());
        let mut unknown = Vec::new();
        for candidate in wanted {
            match self.living.get(&candidate) {
                Some(key) => drop(states.insert(candidate, KeyState::Living(key))),
                None => unknown.push(candidate),
            }
        }
        if unknown.is_empty() {
            return Ok(states);
        }
        let destroyed_before = *self.destroyed();
        let keys = unknown.iter().map(key_of).collect::<Result<Vec<_>>>()?;
        let entries = self.records.get_many(&keys).await?;
        for (candidate, entry) in unknown.into_iter().zip(entries) {
            let state = self.state(candidate, entry.as_ref())?;
            self.remember(candidate, &state, destroyed_before);
            states.insert(candidate, state);
        }
        Ok(states)
    }

    /// The keys of these candidates, after making one, durably, for each candidate that has none.
    ///
    /// # Errors
    /// [`Error::Erased`] if one of the candidates is erased; then no key is made.
    pub async fn create_missing(
        &self,
        candidates: impl IntoIterator<Item = [u8; 16]>,
    ) -> Result<HashMap<[u8; 16], Arc<CandidateKey>>> {
        let wanted: HashSet<[u8; 16]> = candidates.into_iter().collect();
        loop {
            let states = self.get_many(wanted.iter().copied()).await?;
            let mut living = HashMap::with_capacity(states.len());
            let mut missing = Vec::new();
            for (candidate, state) in states {
                match state {
                    KeyState::Living(key) => drop(living.insert(candidate, key)),
                    KeyState::Erased => return Err(Error::Erased { candidate }),
                    KeyState::Absent => missing.push(candidate),
                }
            }
            if missing.is_empty() {
                return Ok(living);
            }
            match self.records.commit(self.new_keys(&missing)?).await {
                // What was made is read back, so that a key destroyed meanwhile is not used.
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Destroys a candidate's key, durably: from now on all in the candidate's scope is unreadable, reads of it find
    /// nothing, and writes are refused. A candidate who never had a key gets a tombstone as well.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn destroy(&self, candidate: [u8; 16]) -> Result<()> {
        let mut batch = Batch::new();
        batch.put(key_of(&candidate)?, vec![TOMBSTONE]);
        self.records.commit(batch).await?;
        let mut destroyed = self.destroyed();
        *destroyed += 1;
        self.living.remove(&candidate);
        Ok(())
    }

    /// Wraps all keys in the keyring's current epoch, page by page. It can be interrupted at any point and begun again,
    /// and goes on beside all other work.
    ///
    /// # Errors
    /// As [`get_many`](Self::get_many).
    pub async fn rewrap_all(&self) -> Result<Rewrapped> {
        let mut counts = Rewrapped::default();
        let mut scan = Scan::collection(Scope::Archive, Collection::CANDIDATE_KEYS);
        loop {
            let page = self.records.scan(scan.clone()).await?;
            let Some((last, _)) = page.last() else { return Ok(counts) };
            let next = scan.clone().after(last);
            if self.rewrap_page(&page, &mut counts).await? {
                scan = next;
            }
        }
    }

    /// Rewraps one page in one commit, and says whether nobody got in between.
    async fn rewrap_page(&self, page: &[(Key, Entry)], counts: &mut Rewrapped) -> Result<bool> {
        let mut batch = Batch::new();
        let mut found = Rewrapped::default();
        for (key, entry) in page {
            let candidate = key.id().try_into().map_err(|_| Error::damaged(key, "it is no candidate's"))?;
            let Some(wrapped) = wrapped_key(key, &entry.value)? else {
                found.erased += 1;
                continue;
            };
            let keyring = self.keyring();
            if !keyring.needs_rewrap(&wrapped) {
                found.current += 1;
                continue;
            }
            let anew = keyring
                .rewrap_candidate_key(&candidate, &wrapped, &*self.entropy)
                .map_err(|cause| Error::seal("rewrapping a candidate's key", cause))?;
            batch.put(key.clone(), living(&anew));
            batch.expect(Expect::Revision(key.clone(), entry.revision));
            found.rewrapped += 1;
        }
        match self.records.commit(batch).await {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Conflict => return Ok(false),
            Err(error) => return Err(error),
        }
        counts.rewrapped += found.rewrapped;
        counts.current += found.current;
        counts.erased += found.erased;
        Ok(true)
    }

    fn new_keys(&self, candidates: &[[u8; 16]]) -> Result<Batch> {
        let keyring = self.keyring();
        let mut batch = Batch::new();
        for candidate in candidates {
            let wrapped = SealKey::generate(&*self.entropy)
                .and_then(|key| keyring.wrap_candidate_key(candidate, &key, &*self.entropy))
                .map_err(|cause| Error::seal("making a candidate's key", cause))?;
            let key = key_of(candidate)?;
            batch.put(key.clone(), living(&wrapped)).expect(Expect::Absent(key));
        }
        Ok(batch)
    }

    fn state(&self, candidate: [u8; 16], entry: Option<&Entry>) -> Result<KeyState> {
        let Some(entry) = entry else { return Ok(KeyState::Absent) };
        let Some(wrapped) = wrapped_key(&key_of(&candidate)?, &entry.value)? else {
            return Ok(KeyState::Erased);
        };
        let keyring = self.keyring();
        let key = keyring
            .unwrap_candidate_key(&candidate, &wrapped)
            .map_err(|cause| Error::seal("unwrapping a candidate's key", cause))?;
        let records = RecordCipher::new(&key.derive("records", &candidate), keyring.archive());
        let blobs = key.derive("blobs", &candidate);
        Ok(KeyState::Living(Arc::new(CandidateKey { records, blobs })))
    }

    fn remember(&self, candidate: [u8; 16], state: &KeyState, destroyed_before: u64) {
        let destroyed = self.destroyed();
        if let (KeyState::Living(key), true) = (state, *destroyed == destroyed_before) {
            self.living.insert(candidate, key.clone());
        }
    }

    fn keyring(&self) -> RwLockReadGuard<'_, Keyring> {
        self.keyring.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn destroyed(&self) -> MutexGuard<'_, u64> {
        self.destroyed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key_of(candidate: &[u8; 16]) -> Result<Key> {
    Key::new(Scope::Archive, Collection::CANDIDATE_KEYS, candidate)
}

fn living(wrapped: &WrappedKey) -> Bytes {
    [&[LIVING], &wrapped.as_bytes()[..]].concat().into()
}

/// The wrapped key in an entry; `None` for a tombstone.
fn wrapped_key(key: &Key, value: &[u8]) -> Result<Option<WrappedKey>> {
    match value.split_first() {
        Some((&LIVING, wrapped)) => {
            WrappedKey::from_bytes(wrapped).map(Some).map_err(|cause| Error::damaged(key, cause.to_string()))
        }
        Some((&TOMBSTONE, [])) => Ok(None),
        _ => Err(Error::damaged(key, "it is neither a wrapped key nor a tombstone")),
    }
}
