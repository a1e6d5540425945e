//! What people keep under a name: searches and reports, each their own; reports can be shared with roles.

mod reports;
mod searches;

use dossier_domain::{UserId, text::Line};
use dossier_storage::{Scan, Scope, Stored, Table};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) use self::{reports::SavedReportRecord, searches::SavedSearchRecord};
pub use self::{
    reports::{NewSavedReport, Rhythm, SavedReport},
    searches::{NewSavedSearch, SavedSearch},
};
use crate::{Archive, Error, Result, What, permit::Permit, signin::key_of};

/// So many of a sort somebody keeps at most.
const MOST: usize = 100;
/// So long may the text of a search be, in bytes: as much as the search box takes.
const LONGEST: usize = 8000;

/// A sort of thing that somebody keeps. It lies in the archive's scope: what somebody searches for is theirs, and names
/// nobody for certain.
trait Kept: Serialize + DeserializeOwned + Clone + PartialEq {
    /// Where it is kept: by its owner's id and its own.
    const TABLE: Table<Self>;
    /// The look-up that makes a name unique for its owner.
    const LOOKUP: &'static str;
    /// What it is.
    const WHAT: What;

    /// What it is called.
    fn name(&self) -> &Line;

    /// The same, called otherwise.
    fn called(self, name: Line) -> Self;
}

impl Archive {
    /// Keeps something more for a user, if there is room and nothing of theirs is so called.
    async fn keep<K: Kept>(&self, permit: Permit, user: UserId, id: [u8; 16], record: &K) -> Result<()> {
        if self.read_kept::<K>(user).await?.len() >= MOST {
            let what = |language| K::WHAT.label(language);
            let (zh, en) = (what(dossier_domain::Language::Chinese), what(dossier_domain::Language::English));
            return Err(Error::invalid(
                format!("{zh}每人最多 {MOST} 个，请先删除不用的"),
                format!("nobody keeps more than {MOST} of a kind ({en}); remove those that are not used"),
            ));
        }
        let mut tx = self.store.batch();
        let key = key_of(user, id);
        tx.insert(K::TABLE, Scope::Archive, key, record)?;
        tx.claim(K::LOOKUP, &own_name(user, record.name()), &key)?;
        let done = self.journal.change([permit], tx).await;
        self.unless_taken::<K>(done.map(drop), user, record.name()).await
    }

    /// Gives something that is kept another name.
    async fn rename_kept<K: Kept>(
        &self,
        permit: Permit,
        user: UserId,
        stored: &Stored<K>,
        name: Line,
    ) -> Result<K> {
        let renamed = stored.value.clone().called(name);
        if renamed == stored.value {
            return Ok(renamed);
        }
        let mut tx = self.store.batch();
        tx.update(K::TABLE, stored, &renamed)?;
        tx.release(K::LOOKUP, &own_name(user, stored.value.name()))?;
        tx.claim(K::LOOKUP, &own_name(user, renamed.name()), stored.key.id())?;
        let done = self.journal.change([permit], tx).await;
        self.unless_taken::<K>(done.map(drop), user, renamed.name()).await?;
        Ok(renamed)
    }

    /// Forgets something that is kept.
    async fn forget_kept<K: Kept>(&self, permit: Permit, user: UserId, stored: &Stored<K>) -> Result<()> {
        let mut tx = self.store.batch();
        tx.expect_unchanged(stored);
        tx.delete(K::TABLE, Scope::Archive, stored.key.id())?;
        tx.release(K::LOOKUP, &own_name(user, stored.value.name()))?;
        self.journal.change([permit], tx).await?;
        Ok(())
    }

    /// All that a user keeps.
    async fn read_kept<K: Kept>(&self, user: UserId) -> Result<Vec<Stored<K>>> {
        let scan = Scan::collection_under(Scope::Archive, K::TABLE.collection(), user.to_bytes());
        Ok(self.store.scan(K::TABLE, scan).await?)
    }

    /// One thing that a user keeps.
    async fn own_kept<K: Kept>(
        &self,
        user: UserId,
        id: [u8; 16],
        name: &(impl ToString + ?Sized),
    ) -> Result<Stored<K>> {
        let found = self.store.get(K::TABLE, Scope::Archive, key_of(user, id)).await?;
        found.ok_or_else(|| Error::not_found(K::WHAT, name))
    }

    /// A conflict about a name that somebody has taken, as that: it stays so when it is tried again.
    async fn unless_taken<K: Kept>(&self, done: Result<()>, user: UserId, name: &Line) -> Result<()> {
        match done {
            Err(Error::Conflict) if self.store.lookup(K::LOOKUP, &own_name(user, name)).await?.is_some() => {
                Err(Error::exists(K::WHAT, name))
            }
            other => other,
        }
    }
}

fn own_name(user: UserId, name: &Line) -> Vec<u8> {
    [&user.to_bytes()[..], name.as_str().as_bytes()].concat()
}

/// Refuses what is longer than the search box takes, and what can't be understood.
fn understood(query: &str) -> Result<()> {
    if query.len() > LONGEST {
        return Err(Error::invalid("检索式过长", "the query is too long"));
    }
    dossier_search::Query::parse(query)?;
    Ok(())
}
