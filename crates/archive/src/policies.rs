//! What the bank decides of who sees which materials at which stages: kept as one record, read at each request.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use dossier_access::{
    Action, Actor, Cell, Context, Error as AccessError, Pass, PolicyTable, Resource, Role, Sight, User, Word,
};
use dossier_domain::{Language, UserId, text::PersonName};
use dossier_storage::Scope;
use serde::{Deserialize, Serialize};

use crate::{
    Archive, Error, Result,
    permit::person,
    records::{self, POLICY},
};

/// The table as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct StoredPolicy {
    pub(crate) table: Arc<PolicyTable>,
    /// How often it was changed.
    pub(crate) revision: u32,
    /// For each role the last change that took something from it: sessions that began before have ended.
    #[serde(default)]
    shrunk: BTreeMap<Role, u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed: Option<(DateTime<Utc>, UserId)>,
}

impl StoredPolicy {
    /// Whether something was taken from a user's roles since this revision.
    pub(crate) fn shrank_since(&self, revision: u32, user: &User) -> bool {
        user.roles.iter().any(|role| self.shrunk.get(&role).is_some_and(|shrunk| *shrunk > revision))
    }
}

/// Who sees which materials at which stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The table.
    pub table: Arc<PolicyTable>,
    /// How often it was changed.
    pub revision: u32,
    /// When it was changed last, and by whom.
    pub changed: Option<(DateTime<Utc>, UserId)>,
    /// The name of whom.
    pub changed_by: Option<PersonName>,
}

impl Archive {
    /// The table of who sees which materials at which stages.
    ///
    /// # Errors
    /// [`Error::Denied`] for who does not decide it.
    pub async fn policy(&self, ctx: &Context) -> Result<Policy> {
        let permit = self.authorise(ctx, Action::ManagePolicy, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("view_policy")?).await?;
        let policy = async { self.shown_policy(self.stored_policy().await?).await }.await;
        self.conclude(intent, &policy, &[]);
        policy
    }

    async fn shown_policy(&self, of: StoredPolicy) -> Result<Policy> {
        let names = self.names(of.changed.map(|(_, by)| by)).await?;
        let changed_by = names.into_values().next();
        Ok(Policy { table: of.table, revision: of.revision, changed: of.changed, changed_by })
    }

    /// Decides cells of the table. It holds from the next request of everybody; the sessions of those end from whose roles
    /// something is taken, as with other roles. `known` is the revision on which that is based.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] for more than anybody may decide, and then nothing is changed;
    /// [`Error::Conflict`] if somebody else has changed the table since.
    pub async fn change_policy(
        &self,
        ctx: &Context,
        cells: &[(Cell, Sight)],
        known: Option<u32>,
    ) -> Result<Policy> {
        let permit = self.authorise(ctx, Action::ManagePolicy, &Resource::Archive).await?;
        let stored = self.store.get(POLICY, Scope::Archive, []).await?;
        let before = stored.as_ref().map(|stored| stored.value.clone()).unwrap_or_default();
        if known.is_some_and(|known| known != before.revision) {
            return Err(Error::Conflict);
        }
        let mut table = (*before.table).clone();
        for (cell, sight) in cells {
            table.decide(*cell, *sight).map_err(outside)?;
        }
        let differences = before.table.differences(&table);
        if differences.is_empty() {
            return self.shown_policy(before).await;
        }
        let revision = before.revision + 1;
        let taken = Role::ALL.into_iter().filter(|role| before.table.shrinks(&table, *role));
        let mut shrunk = before.shrunk.clone();
        shrunk.extend(taken.map(|role| (role, revision)));
        let changed = Some((ctx.now(), person(ctx)?.id));
        let after = StoredPolicy { table: Arc::new(table), revision, shrunk, changed };
        let permit = differences.iter().try_fold(permit, |permit, (cell, sight)| {
            let Cell { role, stage, kind } = cell;
            Ok::<_, Error>(permit.on(Word::parse(&format!("{role}:{stage}:{kind}:{sight}"))?))
        })?;
        let mut tx = self.store.batch();
        match &stored {
            Some(stored) => tx.update(POLICY, stored, &after)?,
            None => tx.insert(POLICY, Scope::Archive, [], &after)?,
        };
        self.journal.change([permit], tx).await?;
        self.shown_policy(after).await
    }

    /// A person with the positions that they are responsible for at this moment.
    pub(crate) async fn person(&self, user: User, pass: Pass, policy: &StoredPolicy) -> Result<Actor> {
        let positions = match user.roles.contains(Role::Interviewer) {
            true => records::positions(&self.store).await?,
            false => Default::default(),
        };
        Ok(Actor::person(user, positions.values()).with_pass(pass).under(Arc::clone(&policy.table)))
    }

    /// The table of this moment.
    pub(crate) async fn stored_policy(&self) -> Result<StoredPolicy> {
        let stored = self.store.get(POLICY, Scope::Archive, []).await?;
        Ok(stored.map(|stored| stored.value).unwrap_or_default())
    }
}

fn outside(error: AccessError) -> Error {
    let AccessError::OutsideLimits(Cell { role, stage, kind }) = error else { return error.into() };
    let say = |language| (role.label(language), stage.label(language), kind.label(language));
    let ((role, stage, kind), en) = (say(Language::Chinese), say(Language::English));
    Error::invalid(
        format!("“{role}”在“{stage}”阶段对“{kind}”的权限受法规或职责分离限制，不能如此设置"),
        format!(
            "what “{}” may do with “{}” in the stage “{}” is limited by law or by separation of duties",
            en.0, en.2, en.1
        ),
    )
}
