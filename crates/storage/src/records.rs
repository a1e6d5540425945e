//! The one trait that a database has to implement, and the plain values it deals in.

use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use crate::{
    Error, Result,
    key::{self, Collection, Key, Scope},
};

/// The greatest length in bytes of a value that a back end takes. A sealed value is somewhat longer than what
/// it seals, see [`SealedRecords::MAX_VALUE`](crate::SealedRecords::MAX_VALUE).
pub const MAX_VALUE: usize = 16 << 20;

/// An ordered key–value space with atomic batches and a change feed.
///
/// Every implementation has the same promises, which the module `suite` puts to the test:
///
/// - a commit is **atomic**: all of it or nothing is ever seen, by readers and after a crash;
/// - a commit is **durable** when `commit` returns, and nothing is readable before it is durable;
/// - commits are **totally ordered** by their sequence, preconditions are checked at their place in that order,
///   and a read begun after a commit returned sees it.
///
/// A dropped `commit` future leaves it open whether the commit happens.
#[async_trait]
pub trait Records: Send + Sync + 'static {
    /// The entries of these keys, in the order asked for; `None` where there is none.
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>>;

    /// The entries of a range, in key order. Fewer than `scan.limit` entries mean that the range is exhausted.
    async fn scan(&self, scan: Scan) -> Result<Vec<(Key, Entry)>>;

    /// Writes a batch and gives its sequence. A batch without writes only checks its preconditions and gives
    /// the newest sequence.
    ///
    /// # Errors
    /// [`Error::Conflict`] if a precondition does not hold; then nothing is written.
    async fn commit(&self, batch: Batch) -> Result<Sequence>;

    /// The commits after `since` in their order, at most `limit` of them.
    ///
    /// # Errors
    /// [`Error::ChangesTrimmed`] if some of them are no longer kept.
    async fn changes(&self, since: Sequence, limit: usize) -> Result<Vec<Change>>;

    /// Forgets the changes up to and with `through`. The records themselves stay.
    async fn trim_changes(&self, through: Sequence) -> Result<()>;

    /// The sequence of the newest commit, or [`Sequence::ZERO`].
    async fn sequence(&self) -> Result<Sequence>;

    /// The entry of one key.
    async fn get(&self, key: &Key) -> Result<Option<Entry>> {
        Ok(self.get_many(std::slice::from_ref(key)).await?.pop().flatten())
    }
}

/// The position of a commit in the order of all commits, from 1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Sequence(u64);

impl Sequence {
    /// Before the first commit.
    pub const ZERO: Self = Self(0);

    /// The position with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The position after this one.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is stored under a key.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The value.
    pub value: Bytes,
    /// The sequence of the commit that last wrote it.
    pub revision: Sequence,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({} bytes at {})", self.value.len(), self.revision)
    }
}

/// What one commit touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The commit.
    pub sequence: Sequence,
    /// The keys that it wrote or deleted, each once, in key order.
    pub keys: Vec<Key>,
}

/// The order of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the smallest key to the greatest.
    Forward,
    /// From the greatest key to the smallest.
    Backward,
}

/// A range of keys to read, a page at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The smallest key bytes that belong to the range.
    pub start: Bytes,
    /// The first key bytes beyond the range; `None` for no end.
    pub end: Option<Bytes>,
    /// At most this many entries.
    pub limit: usize,
    /// Where to begin.
    pub direction: Direction,
}

impl Scan {
    /// As many entries as a page holds unless [`limit`](Scan::limit) says otherwise.
    pub const PAGE: usize = 256;

    /// All keys in `start..end`.
    pub fn range(start: impl Into<Bytes>, end: impl Into<Bytes>) -> Self {
        Self { start: start.into(), end: Some(end.into()), limit: Self::PAGE, direction: Direction::Forward }
    }

    /// All keys that begin with `prefix`.
    pub fn prefix(prefix: impl Into<Bytes>) -> Self {
        let start = prefix.into();
        let end = after_prefix(&start);
        Self { start, end, limit: Self::PAGE, direction: Direction::Forward }
    }

    /// All records of `collection` in `scope`.
    pub fn collection(scope: Scope, collection: Collection) -> Self {
        Self::prefix(key::prefix(scope, collection, 0))
    }

    /// The records of `collection` in `scope` whose ids begin with `id`.
    pub fn collection_under(scope: Scope, collection: Collection, id: impl AsRef<[u8]>) -> Self {
        let mut prefix = key::prefix(scope, collection, id.as_ref().len());
        prefix.extend_from_slice(id.as_ref());
        Self::prefix(prefix)
    }

    /// All records of `scope`.
    pub fn scope(scope: Scope) -> Self {
        Self::prefix(key::scope_prefix(scope))
    }

    /// All records of all candidates, those of one candidate together.
    pub fn candidates() -> Self {
        Self::prefix(key::CANDIDATES)
    }

    /// Of this range only what follows `last` in the direction of the scan: the next page.
    #[must_use]
    pub fn after(mut self, last: &Key) -> Self {
        match self.direction {
            Direction::Forward => {
                let mut start = BytesMut::from(last.as_bytes());
                start.extend_from_slice(&[0]);
                self.start = start.freeze().max(self.start);
            }
            Direction::Backward => {
                let last = last.to_bytes();
                self.end = Some(self.end.map_or(last.clone(), |end| end.min(last)));
            }
        }
        self
    }

    /// At most this many entries.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// From the greatest key to the smallest. Say this before [`after`](Scan::after).
    #[must_use]
    pub fn backward(mut self) -> Self {
        self.direction = Direction::Backward;
        self
    }

    /// Whether no key can be in the range.
    pub fn is_empty(&self) -> bool {
        self.limit == 0 || self.end.as_ref().is_some_and(|end| *end <= self.start)
    }
}

/// The smallest bytes that are greater than everything that begins with `prefix`.
fn after_prefix(prefix: &[u8]) -> Option<Bytes> {
    let kept = prefix.iter().rposition(|&byte| byte != 0xFF)?;
    let mut end = prefix[..=kept].to_vec();
    end[kept] += 1;
    Some(end.into())
}

/// What must hold for a commit to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// There is no entry under this key.
    Absent(Key),
    /// The entry under this key is of this revision.
    Revision(Key, Sequence),
}

impl Expect {
    /// The key that it is about.
    pub fn key(&self) -> &Key {
        match self {
            Self::Absent(key) | Self::Revision(key, _) => key,
        }
    }

    /// Compares with the revision found under the key.
    ///
    /// # Errors
    /// [`Error::Conflict`] if it does not hold.
    pub fn check(&self, found: Option<Sequence>) -> Result<()> {
        let holds = match self {
            Self::Absent(_) => found.is_none(),
            Self::Revision(_, revision) => found == Some(*revision),
        };
        if holds { Ok(()) } else { Err(Error::Conflict { key: self.key().clone() }) }
    }
}

/// Writes, deletes and preconditions that happen together or not at all.
///
/// A key is written once per batch: a later `put` or `delete` of the same key replaces an earlier one.
/// Deleting a key that has no entry is allowed, and appears in the change feed like any other delete.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    writes: BTreeMap<Key, Option<Bytes>>,
    expects: Vec<Expect>,
}

impl Batch {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes `value` under `key`.
    pub fn put(&mut self, key: Key, value: impl Into<Bytes>) -> &mut Self {
        self.writes.insert(key, Some(value.into()));
        self
    }

    /// Removes what is under `key`.
    pub fn delete(&mut self, key: Key) -> &mut Self {
        self.writes.insert(key, None);
        self
    }

    /// Commits only if this holds.
    pub fn expect(&mut self, expect: Expect) -> &mut Self {
        self.expects.push(expect);
        self
    }

    /// The writes in key order; `None` is a delete.
    pub fn writes(&self) -> impl ExactSizeIterator<Item = (&Key, Option<&Bytes>)> {
        self.writes.iter().map(|(key, value)| (key, value.as_ref()))
    }

    /// The preconditions.
    pub fn expects(&self) -> &[Expect] {
        &self.expects
    }

    /// The newest revision that it relies on; [`Sequence::ZERO`] if on none.
    pub fn newest_expected(&self) -> Sequence {
        let revision = |expect: &Expect| match expect {
            Expect::Absent(_) => Sequence::ZERO,
            Expect::Revision(_, revision) => *revision,
        };
        self.expects.iter().map(revision).max().unwrap_or_default()
    }

    /// The bytes of all its keys and values.
    pub fn size(&self) -> usize {
        self.writes().map(|(key, value)| key.as_bytes().len() + value.map_or(0, Bytes::len)).sum()
    }

    /// Refuses what no back end takes. Each implementation calls it first.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if a value is longer than [`MAX_VALUE`].
    pub fn check(&self) -> Result<()> {
        self.check_values(MAX_VALUE)
    }

    pub(crate) fn check_values(&self, limit: usize) -> Result<()> {
        let too_large = |value: &Bytes| value.len() > limit;
        match self
            .writes()
            .find_map(|(key, value)| value.filter(|value| too_large(value)).map(|value| (key, value)))
        {
            Some((key, value)) => Err(Error::TooLarge { key: key.clone(), length: value.len(), limit }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_is_exact() {
        assert_eq!(after_prefix(b"ab").unwrap(), Bytes::from_static(b"ac"));
        assert_eq!(after_prefix(&[1, 0xFF, 0xFF]).unwrap(), Bytes::from_static(&[2]));
        assert_eq!(after_prefix(&[0xFF, 0xFF]), None);
        assert_eq!(after_prefix(&[]), None);
    }

    #[test]
    fn the_next_page_never_leaves_the_range() {
        let key = Key::new(Scope::Archive, Collection::new(9), b"x").unwrap();
        let other = Scan::collection(Scope::Archive, Collection::new(200));
        assert_eq!(other.clone().after(&key), other);
        let backward = Scan::collection(Scope::Archive, Collection::new(3)).backward();
        assert_eq!(backward.clone().after(&key), backward);
    }
}
