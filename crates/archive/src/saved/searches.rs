//! Searches that people keep under a name, each for themselves.

use chrono::{DateTime, Utc};
use dossier_access::{Action, Context, Resource};
use dossier_domain::{SavedSearchId, UserId, id::SavedSearchKind, text::Line};
use dossier_search::Sort;
use dossier_storage::{Stored, Table};
use serde::{Deserialize, Serialize};

use super::{Kept, understood};
use crate::{
    Archive, Result, What,
    permit::{Permit, person},
    records::SAVED_SEARCHES,
    signin::split,
};

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

/// The same as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedSearchRecord {
    name: Line,
    query: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sort: Option<Sort>,
    saved_at: DateTime<Utc>,
}

impl Kept for SavedSearchRecord {
    const TABLE: Table<Self> = SAVED_SEARCHES;
    const LOOKUP: &'static str = "saved search";
    const WHAT: What = What::SavedSearch;

    fn name(&self) -> &Line {
        &self.name
    }

    fn called(self, name: Line) -> Self {
        Self { name, ..self }
    }
}

impl Archive {
    /// The searches that whoever acts has kept, by name.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied) for who does not search.
    pub async fn saved_searches(&self, ctx: &Context) -> Result<Vec<SavedSearch>> {
        let (user, permit) = self.may_keep_searches(ctx, Action::Search).await?;
        let intent = self.journal.intend(permit.part("list_saved_searches")?.on(user)).await?;
        let found = self.read_kept::<SavedSearchRecord>(user).await;
        self.conclude(intent, &found, &[]);
        let mut found: Vec<SavedSearch> = found?.iter().filter_map(view).collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// Keeps a search for whoever acts. The log says that, and not what is searched for.
    ///
    /// # Errors
    /// [`Error::Query`](crate::Error::Query) for one that can't be understood, [`Error::Exists`](crate::Error::Exists) for a
    /// name that is in use, [`Error::Invalid`](crate::Error::Invalid) for too many or too long.
    pub async fn save_search(&self, ctx: &Context, new: NewSavedSearch) -> Result<SavedSearch> {
        let (user, permit) = self.may_keep_searches(ctx, Action::SaveSearches).await?;
        understood(&new.query)?;
        let id: SavedSearchId = ctx.new_id()?;
        let NewSavedSearch { name, query, sort } = new;
        let record = SavedSearchRecord { name, query, sort, saved_at: ctx.now() };
        self.keep(permit.part("save_search")?.on(user).on(id), user, id.to_bytes(), &record).await?;
        Ok(shown(id, record))
    }

    /// Gives a search of whoever acts another name.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if they have no such search, [`Error::Exists`](crate::Error::Exists) for a
    /// name that is in use.
    pub async fn rename_saved_search(
        &self,
        ctx: &Context,
        id: SavedSearchId,
        name: Line,
    ) -> Result<SavedSearch> {
        let (user, permit) = self.may_keep_searches(ctx, Action::SaveSearches).await?;
        let stored = self.own_kept(user, id.to_bytes(), &id).await?;
        let permit = permit.part("rename_saved_search")?.on(user).on(id);
        Ok(shown(id, self.rename_kept(permit, user, &stored, name).await?))
    }

    /// Forgets a search of whoever acts.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if they have no such search.
    pub async fn remove_saved_search(&self, ctx: &Context, id: SavedSearchId) -> Result<()> {
        let (user, permit) = self.may_keep_searches(ctx, Action::SaveSearches).await?;
        let stored = self.own_kept::<SavedSearchRecord>(user, id.to_bytes(), &id).await?;
        self.forget_kept(permit.part("remove_saved_search")?.on(user).on(id), user, &stored).await
    }

    async fn may_keep_searches(&self, ctx: &Context, action: Action) -> Result<(UserId, Permit)> {
        let permit = self.authorise(ctx, action, &Resource::Archive).await?;
        Ok((person(ctx)?.id, permit))
    }
}

fn view(stored: &Stored<SavedSearchRecord>) -> Option<SavedSearch> {
    let (_, id) = split::<SavedSearchKind>(stored.key.id())?;
    Some(shown(id, stored.value.clone()))
}

fn shown(id: SavedSearchId, record: SavedSearchRecord) -> SavedSearch {
    let SavedSearchRecord { name, query, sort, saved_at } = record;
    SavedSearch { id, name, query, sort, saved_at }
}
