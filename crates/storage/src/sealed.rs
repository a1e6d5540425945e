//! Sealing between callers and any store, so that no plaintext reaches a back end.

use std::{
    array,
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use dossier_seal::{Entropy, RecordCipher};

use crate::{
    Batch, CandidateKeys, Change, Collection, Entry, Error, Key, KeyState, MAX_VALUE, Records, Result, Scan,
    Scope, Sequence, SharedKeyring, candidate_keys::CandidateKey,
};

/// [`Records`] that seals values on their way into another store and opens them on their way out.
///
/// Each value is a `dossier_seal` record, format 1, bound to its whole key, so that it opens under no other key. Who
/// opens it is told by the key's scope:
///
/// - **archive**: the archive's key for the purpose `records/<number of the collection>`;
/// - **candidate**: a key derived (label `records`) from the candidate's random key. A commit that writes for a new
///   candidate first makes that key durable.
///
/// After a candidate's key is destroyed, what is left of their records is **absent** to every read, and a commit that
/// writes for them fails with [`Error::Erased`]. Deletes still pass, so that leftovers can be swept away.
/// A value that does not open is [`Error::Damaged`] and named; a scan fails as a whole.
///
/// Keys, revisions, sequences, lengths and the change feed are as in the store below.
pub struct SealedRecords {
    inner: Arc<dyn Records>,
    keyring: SharedKeyring,
    candidates: Arc<CandidateKeys>,
    entropy: Arc<dyn Entropy>,
    archive: [OnceLock<Arc<RecordCipher>>; 256],
}

/// What opens the values of a scope.
enum Opener {
    Archive,
    Candidate(Arc<CandidateKey>),
    /// The candidate is erased: what is found is not there.
    Erased,
    /// No key was ever made, so nothing can rightly be there.
    Keyless,
}

impl SealedRecords {
    /// The greatest length in bytes of a value that can be sealed.
    pub const MAX_VALUE: usize = MAX_VALUE - RecordCipher::OVERHEAD;

    /// Seals what goes into `inner` and opens what comes out.
    pub fn new(
        inner: Arc<dyn Records>,
        keyring: SharedKeyring,
        candidates: Arc<CandidateKeys>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { inner, keyring, candidates, entropy, archive: array::from_fn(|_| OnceLock::new()) }
    }

    fn archive_cipher(&self, collection: Collection) -> Arc<RecordCipher> {
        let number = collection.number();
        let derive = || {
            let keyring = self.keyring.read().unwrap_or_else(PoisonError::into_inner);
            Arc::new(RecordCipher::new(&keyring.archive_key(&format!("records/{number}")), keyring.archive()))
        };
        self.archive[usize::from(number)].get_or_init(derive).clone()
    }

    /// Opens what was found, entry by entry.
    async fn open_all(&self, found: Vec<(&Key, Option<Entry>)>) -> Result<Vec<Option<Entry>>> {
        let candidates =
            found.iter().filter(|(_, entry)| entry.is_some()).filter_map(|(key, _)| candidate(key));
        let states = self.candidates.get_many(candidates).await?;
        let open = |(key, entry): (&Key, Option<Entry>)| match entry {
            Some(entry) => self.open(key, &entry, &opener(key, &states)),
            None => Ok(None),
        };
        found.into_iter().map(open).collect()
    }

    fn open(&self, key: &Key, entry: &Entry, opener: &Opener) -> Result<Option<Entry>> {
        let opened = match opener {
            Opener::Archive => self.archive_cipher(key.collection()).open(key.as_bytes(), &entry.value),
            Opener::Candidate(candidate) => candidate.records.open(key.as_bytes(), &entry.value),
            Opener::Erased => return Ok(None),
            Opener::Keyless => return Err(Error::damaged(key, "its candidate's key is missing")),
        };
        let value = opened.map_err(|cause| Error::damaged(key, cause.to_string()))?.into();
        Ok(Some(Entry { value, revision: entry.revision }))
    }

    /// The same batch with sealed values, after the keys it needs are durable.
    async fn seal(&self, batch: &Batch) -> Result<Batch> {
        let writes = batch.writes().filter(|(_, value)| value.is_some());
        let keys = self.candidates.create_missing(writes.filter_map(|(key, _)| candidate(key))).await?;
        let mut sealed = Batch::new();
        for (key, value) in batch.writes() {
            match value {
                Some(value) => sealed.put(key.clone(), self.seal_value(key, value, &keys)?),
                None => sealed.delete(key.clone()),
            };
        }
        for expect in batch.expects() {
            sealed.expect(expect.clone());
        }
        Ok(sealed)
    }

    fn seal_value(
        &self,
        key: &Key,
        value: &Bytes,
        keys: &HashMap<[u8; 16], Arc<CandidateKey>>,
    ) -> Result<Vec<u8>> {
        let sealed = match candidate(key) {
            None => self.archive_cipher(key.collection()).seal(key.as_bytes(), value, &*self.entropy),
            Some(candidate) => {
                let key_of = keys.get(&candidate).ok_or(Error::Erased { candidate })?;
                key_of.records.seal(key.as_bytes(), value, &*self.entropy)
            }
        };
        sealed.map_err(|cause| Error::seal("sealing a record", cause))
    }
}

fn candidate(key: &Key) -> Option<[u8; 16]> {
    match key.scope() {
        Scope::Archive => None,
        Scope::Candidate(candidate) => Some(candidate),
    }
}

fn opener(key: &Key, states: &HashMap<[u8; 16], KeyState>) -> Opener {
    match candidate(key).map(|candidate| states.get(&candidate)) {
        None => Opener::Archive,
        Some(Some(KeyState::Living(key))) => Opener::Candidate(key.clone()),
        Some(Some(KeyState::Erased)) => Opener::Erased,
        Some(Some(KeyState::Absent) | None) => Opener::Keyless,
    }
}

#[async_trait]
impl Records for SealedRecords {
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        let found = self.inner.get_many(keys).await?;
        self.open_all(keys.iter().zip(found).collect()).await
    }

    /// Pages are filled up where entries of erased candidates were left out.
    async fn scan(&self, scan: Scan) -> Result<Vec<(Key, Entry)>> {
        let mut opened = Vec::new();
        let mut rest = scan.clone();
        while opened.len() < scan.limit {
            rest.limit = scan.limit - opened.len();
            let page = self.inner.scan(rest.clone()).await?;
            let exhausted = page.len() < rest.limit;
            if let Some((last, _)) = page.last() {
                rest = rest.after(last);
            }
            let (keys, entries): (Vec<Key>, Vec<Entry>) = page.into_iter().unzip();
            let entries = self.open_all(keys.iter().zip(entries.into_iter().map(Some)).collect()).await?;
            opened.extend(keys.into_iter().zip(entries).filter_map(|(key, entry)| Some((key, entry?))));
            if exhausted {
                break;
            }
        }
        Ok(opened)
    }

    async fn commit(&self, batch: Batch) -> Result<Sequence> {
        batch.check_values(Self::MAX_VALUE)?;
        self.inner.commit(self.seal(&batch).await?).await
    }

    async fn changes(&self, since: Sequence, limit: usize) -> Result<Vec<Change>> {
        self.inner.changes(since, limit).await
    }

    async fn trim_changes(&self, through: Sequence) -> Result<()> {
        self.inner.trim_changes(through).await
    }

    async fn sequence(&self) -> Result<Sequence> {
        self.inner.sequence().await
    }
}
