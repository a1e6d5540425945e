//! Searches that people keep under a name, each for themselves.

use chrono::{DateTime, Utc};
use dossier_access::{Action, Context, Resource};
use dossier_domain::{SavedSearchId, UserId, id::SavedSearchKind, text::Line};
use dossier_search::{Query, Sort};
use dossier_storage::{Scan, Scope, Stored};
use serde::{Deserialize, Serialize};

use crate::{
    Archive, Error, Result, What,
    permit::{Permit, person},
    records::SAVED_SEARCHES,
    signin::{key_of, split},
};

/// So many searches somebody keeps at most.
const MOST: usize = 100;
/// So long may the text of a search be, in bytes: as much as the search box takes.
const LONGEST: usize = 8000;
/// The look-up that makes a name unique for its owner.
const NAME: &str = "saved search";

/// A search to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSavedSearch {
    /// What it is called.
    pub name: Line,
    /// What is searched for, as typed.
    pub query: String,
    /// The order of the hits, if another than usual.
    pub sort: Option<Sort>,
}

/// A search that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SavedSearch {
    /// Its id.
    pub id: SavedSearchId,
    /// What it is called.
    pub name: Line,
    /// What is searched for, as it was typed.
    pub query: String,
    /// The order of the hits, if another than usual.
    pub sort: Option<Sort>,
    /// When it was kept.
    pub saved_at: DateTime<Utc>,
}

/// The same as it is stored. It lies in the archive's scope: what somebody searches for is theirs, and names nobody for
/// certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedSearchRecord {
    name: Line,
    query: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sort: Option<Sort>,
    saved_at: DateTime<Utc>,
}

impl Archive {
    /// The searches that whoever acts has kept, by name.
    ///
    /// # Errors
    /// [`Error::Denied`] for who does not search.
    pub async fn saved_searches(&self, ctx: &Context) -> Result<Vec<SavedSearch>> {
        let (user, permit) = self.may_keep_searches(ctx, Action::Search).await?;
        let intent = self.journal.intend(permit.part("list_saved_searches")?.on(user)).await?;
        let found = self.read_saved(user).await;
        self.conclude(intent, &found, &[]);
        let mut found: Vec<SavedSearch> = found?.iter().filter_map(view).collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// Keeps a search for whoever acts. The log says that, and not what is searched for.
    ///
    /// # Errors
    /// [`Error::Query`] for one that can't be understood, [`Error::Exists`] for a name that is in use, [`Error::Invalid`]
    /// for too many or too long.
    pub async fn save_search(&self, ctx: &Context, new: NewSavedSearch) -> Result<SavedSearch> {
        let (user, permit) = self.may_keep_searches(ctx, Action::SaveSearches).await?;
        if new.query.len() > LONGEST {
            return Err(Error::invalid("检索式过长", "the query is too long"));
        }
        Query::parse(&new.query)?;
        if self.read_saved(user).await?.len() >= MOST {
            return Err(Error::invalid(
                format!("每人最多保存 {MOST} 个检索，请先删除不用的"),
                format!("nobody keeps more than {MOST} searches; remove those that are not used"),
            ));
        }
        let id: SavedSearchId = ctx.new_id()?;
        let NewSavedSearch { name, query, sort } = new;
        let record = SavedSearchRecord { name, query, sort, saved_at: ctx.now() };
        let mut tx = self.store.batch();
        let key = key_of(user, id.to_bytes());
        tx.insert(SAVED_SEARCHES, Scope::Archive, key, &record)?;
        tx.claim(NAME, &own_name(user, &record.name), &key)?;
        let done = self.journal.change([permit.part("save_search")?.on(user).on(id)], tx).await;
        self.unless_taken(done.map(drop), user, &record.name).await?;
        Ok(shown(id, record))
    }

    /// Gives a search of whoever acts another name.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such search, [`Error::Exists`] for a name that is in use.
    pub async fn rename_saved_search(
        &self,
        ctx: &Context,
        id: SavedSearchId,
        name: Line,
    ) -> Result<SavedSearch> {
        let (user, permit) = self.may_keep_searches(ctx, Action::SaveSearches).await?;
        let stored = self.own_saved(user, id).await?;
        let renamed = SavedSearchRecord { name, ..stored.value.clone() };
        if renamed == stored.value {
            return Ok(shown(id, renamed));
        }
        let mut tx = self.store.batch();
        tx.update(SAVED_SEARCHES, &stored, &renamed)?;
        tx.release(NAME, &own_name(user, &stored.value.name))?;
        tx.claim(NAME, &own_name(user, &renamed.name), stored.key.id())?;
        let done = self.journal.change([permit.part("rename_saved_search")?.on(user).on(id)], tx).await;
        self.unless_taken(done.map(drop), user, &renamed.name).await?;
        Ok(shown(id, renamed))
    }

    /// Forgets a search of whoever acts.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such search.
    pub async fn remove_saved_search(&self, ctx: &Context, id: SavedSearchId) -> Result<()> {
        let (user, permit) = self.may_keep_searches(ctx, Action::SaveSearches).await?;
        let stored = self.own_saved(user, id).await?;
        let mut tx = self.store.batch();
        tx.expect_unchanged(&stored);
        tx.delete(SAVED_SEARCHES, Scope::Archive, stored.key.id())?;
        tx.release(NAME, &own_name(user, &stored.value.name))?;
        self.journal.change([permit.part("remove_saved_search")?.on(user).on(id)], tx).await?;
        Ok(())
    }

    async fn may_keep_searches(&self, ctx: &Context, action: Action) -> Result<(UserId, Permit)> {
        let permit = self.authorise(ctx, action, &Resource::Archive).await?;
        Ok((person(ctx)?.id, permit))
    }

    /// A conflict about a name that somebody has taken, as that: it stays so when it is tried again.
    async fn unless_taken(&self, done: Result<()>, user: UserId, name: &Line) -> Result<()> {
        match done {
            Err(Error::Conflict) if self.store.lookup(NAME, &own_name(user, name)).await?.is_some() => {
                Err(Error::exists(What::SavedSearch, name))
            }
            other => other,
        }
    }

    async fn read_saved(&self, user: UserId) -> Result<Vec<Stored<SavedSearchRecord>>> {
        let collection = SAVED_SEARCHES.collection();
        let scan = Scan::collection_under(Scope::Archive, collection, user.to_bytes());
        Ok(self.store.scan(SAVED_SEARCHES, scan).await?)
    }

    async fn own_saved(&self, user: UserId, id: SavedSearchId) -> Result<Stored<SavedSearchRecord>> {
        let found = self.store.get(SAVED_SEARCHES, Scope::Archive, key_of(user, id.to_bytes())).await?;
        found.ok_or_else(|| Error::not_found(What::SavedSearch, &id))
    }
}

fn own_name(user: UserId, name: &Line) -> Vec<u8> {
    [&user.to_bytes()[..], name.as_str().as_bytes()].concat()
}

fn view(stored: &Stored<SavedSearchRecord>) -> Option<SavedSearch> {
    let (_, id) = split::<SavedSearchKind>(stored.key.id())?;
    Some(shown(id, stored.value.clone()))
}

fn shown(id: SavedSearchId, record: SavedSearchRecord) -> SavedSearch {
    let SavedSearchRecord { name, query, sort, saved_at } = record;
    SavedSearch { id, name, query, sort, saved_at }
}
