//! Typed collections and look-ups on top of any [`Records`].
//!
//! # Formats
//!
//! A record's value is a version byte, 01, and the value as JSON. A look-up's value is 01 and the bytes looked up;
//! its key is `archive scope, collection FF, HMAC-SHA256 of (name, value)` under the look-up key
//! (`dossier_seal::lookup_hash`), so that keys tell nothing of what they find.

use std::{marker::PhantomData, sync::Arc};

use bytes::Bytes;
use dossier_seal::{Key as SealKey, lookup_hash};
use futures::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Batch, Collection, Entry, Error, Expect, Key, Records, Result, Scan, Scope, Sequence};

const JSON: u8 = 1;
const LOOKUP: u8 = 1;

/// A collection and the type of its values; declared once, as a constant.
pub struct Table<T> {
    collection: Collection,
    values: PhantomData<fn() -> T>,
}

impl<T> Table<T> {
    /// The table of a collection, of which no other type is a member.
    pub const fn new(collection: Collection) -> Self {
        Self { collection, values: PhantomData }
    }

    /// The collection.
    pub const fn collection(self) -> Collection {
        self.collection
    }
}

// Written out, because a derive would ask the same of the values.
impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Table<T> {}

impl<T: DeserializeOwned> Table<T> {
    /// Reads an entry of this table, as a scan over several tables finds it.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the entry is another collection's, or its value is no `T`.
    pub fn decode(self, key: Key, entry: &Entry) -> Result<Stored<T>> {
        if key.collection() != self.collection {
            return Err(Error::damaged(&key, "it belongs to another collection"));
        }
        let value = match entry.value.split_first() {
            Some((&JSON, json)) => {
                serde_json::from_slice(json).map_err(|cause| Error::damaged(&key, place_of(&cause)))
            }
            Some((version, _)) => {
                Err(Error::damaged(&key, format!("its version {version} is unknown; upgrade")))
            }
            None => Err(Error::damaged(&key, "it is empty")),
        }?;
        Ok(Stored { value, revision: entry.revision, key })
    }
}

/// A value as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<T> {
    /// Its key.
    pub key: Key,
    /// The value.
    pub value: T,
    /// The commit that last wrote it; a [`Tx::update`] of it succeeds only if nobody wrote meanwhile.
    pub revision: Sequence,
}

/// Typed access to records. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    records: Arc<dyn Records>,
    lookup_key: Arc<SealKey>,
}

impl Store {
    /// A store over records that seal, with the key that names look-ups (`Keyring::archive_key("look-up")`).
    pub fn new(records: Arc<dyn Records>, lookup_key: SealKey) -> Self {
        Self { records, lookup_key: Arc::new(lookup_key) }
    }

    /// The records below, for the change feed and for what is no typed collection.
    pub fn records(&self) -> &Arc<dyn Records> {
        &self.records
    }

    /// An empty transaction.
    pub fn batch(&self) -> Tx<'_> {
        Tx { store: self, batch: Batch::new() }
    }

    /// Commits a transaction: all of it or nothing, durable on return.
    ///
    /// # Errors
    /// [`Error::Conflict`] if something it expects does not hold, [`Error::Erased`] if it writes for an erased
    /// candidate.
    pub async fn commit(&self, tx: Tx<'_>) -> Result<Sequence> {
        self.records.commit(tx.batch).await
    }

    /// The record of this id.
    ///
    /// # Errors
    /// [`Error::Damaged`] if what is there is no `T`.
    pub async fn get<T: DeserializeOwned>(
        &self,
        table: Table<T>,
        scope: Scope,
        id: impl AsRef<[u8]>,
    ) -> Result<Option<Stored<T>>> {
        let key = Key::new(scope, table.collection, id)?;
        self.records.get(&key).await?.map(|entry| table.decode(key, &entry)).transpose()
    }

    /// The records of these ids, in their order, with one read.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn get_many<T: DeserializeOwned + Send + 'static, I: AsRef<[u8]>>(
        &self,
        table: Table<T>,
        ids: impl IntoIterator<Item = (Scope, I)>,
    ) -> BoxFuture<'_, Result<Vec<Option<Stored<T>>>>> {
        // The iterator is used up before the future begins: one that is kept in it would spoil it for other threads.
        let keys = ids
            .into_iter()
            .map(|(scope, id)| Key::new(scope, table.collection, id))
            .collect::<Result<Vec<_>>>();
        Box::pin(async move {
            let keys = keys?;
            let entries = self.records.get_many(&keys).await?;
            keys.into_iter()
                .zip(entries)
                .map(|(key, entry)| entry.map(|entry| table.decode(key, &entry)).transpose())
                .collect()
        })
    }

    /// A page of the records in a scope: those after `after`, at most `limit`, in the order of their ids.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn page<T: DeserializeOwned>(
        &self,
        table: Table<T>,
        scope: Scope,
        after: Option<&Key>,
        limit: usize,
    ) -> Result<Vec<Stored<T>>> {
        let scan = Scan::collection(scope, table.collection).limit(limit);
        self.scan(table, after.map_or(scan.clone(), |last| scan.after(last))).await
    }

    /// All records in a scope, in the order of their ids, read page by page.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn all<T: DeserializeOwned>(&self, table: Table<T>, scope: Scope) -> Result<Vec<Stored<T>>> {
        let mut all: Vec<Stored<T>> = Vec::new();
        loop {
            let page = self.page(table, scope, all.last().map(|last| &last.key), Scan::PAGE).await?;
            let exhausted = page.len() < Scan::PAGE;
            all.extend(page);
            if exhausted {
                return Ok(all);
            }
        }
    }

    /// The records of a range, which lies within the collection of `T`.
    ///
    /// # Errors
    /// As [`get`](Self::get); [`Error::Damaged`] for a key of another collection, too.
    pub async fn scan<T: DeserializeOwned>(&self, table: Table<T>, scan: Scan) -> Result<Vec<Stored<T>>> {
        self.records.scan(scan).await?.into_iter().map(|(key, entry)| table.decode(key, &entry)).collect()
    }

    /// What was put for this value of the look-up of this name.
    ///
    /// # Errors
    /// [`Error::Damaged`] if what is there is no look-up.
    pub async fn lookup(&self, name: &str, value: &[u8]) -> Result<Option<Bytes>> {
        Ok(self.lookup_many([(name, value)]).await?.pop().flatten())
    }

    /// What was put for these values of these look-ups, in their order, with one read.
    ///
    /// # Errors
    /// As [`lookup`](Self::lookup).
    pub fn lookup_many<'a>(
        &self,
        names_and_values: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> BoxFuture<'_, Result<Vec<Option<Bytes>>>> {
        let finding = self.find_many(names_and_values);
        Box::pin(async move {
            Ok(finding.await?.into_iter().map(|found| found.map(|found| found.value)).collect())
        })
    }

    /// As [`lookup_many`](Self::lookup_many), with what [`Tx::repoint`] needs to change a look-up.
    ///
    /// # Errors
    /// As [`lookup`](Self::lookup).
    pub fn find_many<'a>(
        &self,
        names_and_values: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> BoxFuture<'_, Result<Vec<Option<Stored<Bytes>>>>> {
        let keys = names_and_values
            .into_iter()
            .map(|(name, value)| self.lookup_key(name, value))
            .collect::<Result<Vec<_>>>();
        Box::pin(self.find_keys(keys))
    }

    async fn find_keys(&self, keys: Result<Vec<Key>>) -> Result<Vec<Option<Stored<Bytes>>>> {
        let keys = keys?;
        let entries = self.records.get_many(&keys).await?;
        let target = |(key, entry): (Key, Option<Entry>)| match entry {
            None => Ok(None),
            Some(Entry { value, revision }) if value.first() == Some(&LOOKUP) => {
                Ok(Some(Stored { key, value: value.slice(1..), revision }))
            }
            Some(_) => Err(Error::damaged(&key, "it is no look-up of a known version")),
        };
        keys.into_iter().zip(entries).map(target).collect()
    }

    fn lookup_key(&self, name: &str, value: &[u8]) -> Result<Key> {
        let hash = lookup_hash(&self.lookup_key, &[name.as_bytes(), value]);
        Key::new(Scope::Archive, Collection::LOOKUPS, hash)
    }
}

/// What a [`Store`] is to change, together or not at all.
#[must_use = "nothing happens before it is committed"]
pub struct Tx<'a> {
    store: &'a Store,
    batch: Batch,
}

impl Tx<'_> {
    /// Writes a record, whatever was there.
    ///
    /// # Errors
    /// [`Error::BadKey`] if the id is too long, [`Error::Unwritable`] if the value has no JSON form.
    pub fn put<T: Serialize>(
        &mut self,
        table: Table<T>,
        scope: Scope,
        id: impl AsRef<[u8]>,
        value: &T,
    ) -> Result<&mut Self> {
        let key = Key::new(scope, table.collection, id)?;
        let mut bytes = vec![JSON];
        serde_json::to_writer(&mut bytes, value)
            .map_err(|cause| Error::Unwritable { key: key.clone(), cause: Arc::new(cause) })?;
        self.batch.put(key, bytes);
        Ok(self)
    }

    /// Writes a record that must not be there yet.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn insert<T: Serialize>(
        &mut self,
        table: Table<T>,
        scope: Scope,
        id: impl AsRef<[u8]>,
        value: &T,
    ) -> Result<&mut Self> {
        self.expect_absent(table, scope, id.as_ref())?.put(table, scope, id, value)
    }

    /// Writes a record that must not have changed since it was read.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn update<T: Serialize>(
        &mut self,
        table: Table<T>,
        read: &Stored<T>,
        value: &T,
    ) -> Result<&mut Self> {
        self.batch.expect(Expect::Revision(read.key.clone(), read.revision));
        self.put(table, read.key.scope(), read.key.id(), value)
    }

    /// Removes a record, if it is there.
    ///
    /// # Errors
    /// [`Error::BadKey`] if the id is too long.
    pub fn delete<T>(&mut self, table: Table<T>, scope: Scope, id: impl AsRef<[u8]>) -> Result<&mut Self> {
        self.batch.delete(Key::new(scope, table.collection, id)?);
        Ok(self)
    }

    /// Commits only if there is no such record.
    ///
    /// # Errors
    /// [`Error::BadKey`] if the id is too long.
    pub fn expect_absent<T>(
        &mut self,
        table: Table<T>,
        scope: Scope,
        id: impl AsRef<[u8]>,
    ) -> Result<&mut Self> {
        self.batch.expect(Expect::Absent(Key::new(scope, table.collection, id)?));
        Ok(self)
    }

    /// Commits only if the record is as it was read.
    pub fn expect_unchanged<T>(&mut self, read: &Stored<T>) -> &mut Self {
        self.batch.expect(Expect::Revision(read.key.clone(), read.revision));
        self
    }

    /// Lets `value` of the look-up `name` find `target`, whatever it found before. Values are compared byte by byte,
    /// so the caller brings them into one form first.
    ///
    /// # Errors
    /// None but those of a key's length, which does not arise.
    pub fn point(&mut self, name: &str, value: &[u8], target: &[u8]) -> Result<&mut Self> {
        let key = self.store.lookup_key(name, value)?;
        self.batch.put(key, [&[LOOKUP], target].concat());
        Ok(self)
    }

    /// Lets `value` find `target`, and commits only if it found nothing before: the value is unique.
    ///
    /// # Errors
    /// As [`point`](Self::point).
    pub fn claim(&mut self, name: &str, value: &[u8], target: &[u8]) -> Result<&mut Self> {
        let key = self.store.lookup_key(name, value)?;
        self.batch.expect(Expect::Absent(key));
        self.point(name, value, target)
    }

    /// Lets a look-up that was read find `target`, and commits only if nobody changed it since.
    pub fn repoint<T>(&mut self, read: &Stored<T>, target: &[u8]) -> &mut Self {
        self.expect_unchanged(read);
        self.batch.put(read.key.clone(), [&[LOOKUP], target].concat());
        self
    }

    /// Lets `value` of the look-up `name` find nothing any more.
    ///
    /// # Errors
    /// As [`point`](Self::point).
    pub fn release(&mut self, name: &str, value: &[u8]) -> Result<&mut Self> {
        let key = self.store.lookup_key(name, value)?;
        self.batch.delete(key);
        Ok(self)
    }

    /// The batch as it is by now.
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The batch itself, for records that are no typed collection, such as the operation log's.
    pub fn raw(&mut self) -> &mut Batch {
        &mut self.batch
    }
}

/// Where JSON failed, without the text that serde quotes, which may be personal.
fn place_of(cause: &serde_json::Error) -> String {
    format!("its JSON is wrong at line {} column {}", cause.line(), cause.column())
}
