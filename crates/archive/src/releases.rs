//! Two persons for large downloads: from so many applications on, somebody else releases a batch download before a byte of
//! it leaves.
//!
//! What counts is what one person takes away in batches within a day, so that many small downloads are no way around. A
//! release is for the very applications and contents that were asked for, for whoever asked, and for a day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Action, Context, Resource};
use dossier_domain::{
    ApplicationId, Language, MaterialKind, ReleaseId, UserId,
    text::{Line, Login},
};
use dossier_search::Sort;
use dossier_storage::{Scope, Stored};
use serde::{Deserialize, Serialize};

use crate::{
    Archive, Download, Error, FetchRequest, Result, What,
    permit::person,
    records::{RELEASE_RULE, RELEASES, TAKEN, USERS, all_past_damage},
};

/// So long a request waits, and so long a release is good.
const LASTS: TimeDelta = TimeDelta::hours(24);
/// So many requests of one person wait at most.
const MOST_WAITING: usize = 20;
/// From how many on a release may be demanded, at most: no batch is larger.
const LARGEST: u32 = 1000;
/// How often it is tried again to count what is taken while other downloads of the same person begin.
const ATTEMPTS: usize = 20;

/// When a batch download needs another person's release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseRule {
    /// From so many applications within a day on; never, if there is none.
    pub from: Option<u32>,
}

impl Default for ReleaseRule {
    /// More than the work of a day with single candidates, and less than a talent pool.
    fn default() -> Self {
        Self { from: Some(200) }
    }
}

/// A batch download that waits for somebody's release, or has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub id: ReleaseId,
    /// Who asks.
    pub by: UserId,
    /// Their sign-in name.
    pub login: Option<Login>,
    /// When they asked.
    pub asked_at: DateTime<Utc>,
    /// What they searched for.
    pub query: String,
    /// Which kinds of material they ask for.
    pub contents: Vec<MaterialKind>,
    /// What for.
    pub reason: Line,
    /// How many applications are in it.
    pub applications: u64,
    /// Whether it is released.
    pub state: ReleaseState,
    /// The sign-in name of who has decided.
    pub decided_by: Option<Login>,
    /// Until when it waits, or is good.
    pub ends_at: DateTime<Utc>,
}

/// Whether a batch download is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseState {
    /// It waits.
    Waiting,
    /// It may be taken away.
    Released,
    /// It may not.
    Refused,
}

/// A batch download that was asked for, as it is stored. It lies in the archive's scope: it names nobody but by ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReleaseRecord {
    by: UserId,
    asked_at: DateTime<Utc>,
    query: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sort: Option<Sort>,
    applications: Vec<ApplicationId>,
    contents: Vec<MaterialKind>,
    reason: Line,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decided: Option<Decided>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Decided {
    by: UserId,
    at: DateTime<Utc>,
    is_released: bool,
}

impl ReleaseRecord {
    fn ends_at(&self) -> DateTime<Utc> {
        self.decided.map_or(self.asked_at, |decided| decided.at) + LASTS
    }

    fn shown(&self, id: ReleaseId, logins: &BTreeMap<UserId, Login>) -> Release {
        let state = match self.decided {
            None => ReleaseState::Waiting,
            Some(Decided { is_released: true, .. }) => ReleaseState::Released,
            Some(_) => ReleaseState::Refused,
        };
        Release {
            id,
            by: self.by,
            login: logins.get(&self.by).cloned(),
            decided_by: self.decided.and_then(|decided| logins.get(&decided.by).cloned()),
            asked_at: self.asked_at,
            query: self.query.clone(),
            contents: self.contents.clone(),
            reason: self.reason.clone(),
            applications: self.applications.len() as u64,
            state,
            ends_at: self.ends_at(),
        }
    }
}

/// How many applications somebody has taken away in batches, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Taken(Vec<(DateTime<Utc>, u64)>);

impl Archive {
    /// When a batch download needs another person's release.
    ///
    /// # Errors
    /// When the rule can't be read.
    pub async fn release_rule(&self) -> Result<ReleaseRule> {
        let stored = self.store.get(RELEASE_RULE, Scope::Archive, []).await?;
        Ok(stored.map(|stored| stored.value).unwrap_or_default())
    }

    /// Changes when a batch download needs another person's release. It holds for whatever begins from then on.
    ///
    /// # Errors
    /// [`Error::Denied`] for who is no system administrator, [`Error::Invalid`] for a number out of bounds.
    pub async fn change_release_rule(&self, ctx: &Context, rule: ReleaseRule) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManageReleases, &Resource::Archive).await?;
        if rule.from.is_some_and(|from| !(1..=LARGEST).contains(&from)) {
            return Err(Error::invalid(
                format!("须为 1 至 {LARGEST} 份，或不限"),
                format!("from 1 to {LARGEST} applications on, or never"),
            ));
        }
        let mut tx = self.store.batch();
        tx.put(RELEASE_RULE, Scope::Archive, [], &rule)?;
        self.journal.change([permit], tx).await?;
        Ok(())
    }

    /// Asks somebody else to release a batch download.
    ///
    /// # Errors
    /// As [`Archive::fetch`] for what can't be fetched at all; [`Error::Invalid`] for who asks for too much at once.
    pub async fn ask_release(&self, ctx: &Context, request: FetchRequest) -> Result<Release> {
        let chosen = self.choose(ctx, &request).await?;
        let user = person(ctx)?.id;
        let permit = self.authorise(ctx, Action::Search, &Resource::Archive).await?;
        let (all, _) = all_past_damage(&self.store, RELEASES).await?;
        let now = ctx.now();
        let (waiting, ended): (Vec<_>, Vec<_>) = all.into_iter().partition(|of| of.value.ends_at() > now);
        let own = waiting.iter().filter(|of| of.value.by == user && of.value.decided.is_none()).count();
        if own >= MOST_WAITING {
            return Err(Error::invalid(
                format!("您已有 {own} 份申请等待放行"),
                format!("{own} requests of yours wait for a release already"),
            ));
        }
        let id: ReleaseId = ctx.new_id()?;
        let applications: Vec<_> = chosen.views.iter().map(|view| view.application.id).collect();
        let record = ReleaseRecord {
            by: user,
            asked_at: now,
            query: request.query,
            sort: request.sort,
            applications,
            contents: request.contents,
            reason: request.reason.clone(),
            decided: None,
        };
        let mut tx = self.store.batch();
        for ended in ended {
            tx.expect_unchanged(&ended);
            tx.delete(RELEASES, Scope::Archive, ended.key.id())?;
        }
        tx.insert(RELEASES, Scope::Archive, id.to_bytes(), &record)?;
        let permit = permit.part("ask_release")?.on(id).for_purpose(request.reason);
        let permit = permit.count("applications", record.applications.len() as u64);
        self.journal.change([permit], tx).await?;
        Ok(record.shown(id, &self.logins_of([&record]).await?))
    }

    /// The requests that have not ended: one's own, and for who may release them those of the others; the newest first.
    ///
    /// # Errors
    /// [`Error::Denied`] for who does not search.
    pub async fn releases(&self, ctx: &Context) -> Result<Vec<Release>> {
        let permit = self.authorise(ctx, Action::Search, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("list_releases")?).await?;
        let found = all_past_damage(&self.store, RELEASES).await;
        self.conclude(intent, &found, &[]);
        let (user, now) = (person(ctx)?.id, ctx.now());
        let is_shown = |of: &&Stored<ReleaseRecord>| {
            of.value.ends_at() > now && (of.value.by == user || may_decide(ctx, of.value.by))
        };
        let (all, _) = found?;
        let all: Vec<_> = all.iter().filter(is_shown).collect();
        let logins = self.logins_of(all.iter().map(|of| &of.value)).await?;
        let shown = all.into_iter().filter_map(|of| Some(of.value.shown(id_of(of)?, &logins)));
        let mut shown: Vec<Release> = shown.collect();
        shown.reverse();
        Ok(shown)
    }

    /// How many requests of others wait for whoever looks to release them: to be told in passing, without what they are.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn releases_waiting(&self, ctx: &Context) -> Result<usize> {
        let (all, _) = all_past_damage(&self.store, RELEASES).await?;
        let waits = |of: &&Stored<ReleaseRecord>| {
            let record = &of.value;
            record.decided.is_none() && record.ends_at() > ctx.now() && may_decide(ctx, record.by)
        };
        Ok(all.iter().filter(waits).count())
    }

    /// Releases what somebody else asked for, or refuses it.
    ///
    /// # Errors
    /// [`Error::Denied`] for who may not, and for one's own request; [`Error::NotFound`]; [`Error::Invalid`] for what was
    /// decided already.
    pub async fn decide_release(&self, ctx: &Context, id: ReleaseId, is_released: bool) -> Result<Release> {
        let Some(stored) = self.lasting_release(ctx, id).await? else {
            return Err(self.absent(ctx, Action::ReleaseDownload, What::Release, &[id.into()]).await?);
        };
        let resource = Resource::User { id: stored.value.by };
        let permit = self.authorise_on(ctx, Action::ReleaseDownload, &resource, &[id.into()]).await?;
        if stored.value.decided.is_some() {
            return Err(Error::invalid("此申请已有决定", "this request was decided already"));
        }
        let decided = Some(Decided { by: person(ctx)?.id, at: ctx.now(), is_released });
        let record = ReleaseRecord { decided, ..stored.value.clone() };
        let permit = match is_released {
            true => permit,
            false => permit.part("refuse_download")?.on(id),
        };
        let mut tx = self.store.batch();
        tx.update(RELEASES, &stored, &record)?;
        self.journal.change([permit], tx).await?;
        Ok(record.shown(id, &self.logins_of([&record]).await?))
    }

    /// Makes the ZIP that was released, for whoever asked for it. Each item in the log names the release.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else; [`Error::Invalid`] for what is not released; as [`Archive::fetch`].
    pub async fn fetch_released(
        &self,
        ctx: &Context,
        id: ReleaseId,
        language: Language,
    ) -> Result<Download<'_>> {
        let user = person(ctx)?.id;
        let stored = self.lasting_release(ctx, id).await?;
        let Some(record) = stored.map(|stored| stored.value).filter(|record| record.by == user) else {
            return Err(self.absent(ctx, Action::Search, What::Release, &[id.into()]).await?);
        };
        if !record.decided.is_some_and(|decided| decided.is_released) {
            return Err(Error::invalid("此申请尚未放行", "this request is not released"));
        }
        let request = FetchRequest {
            query: record.query,
            sort: record.sort,
            only: record.applications,
            limit: None,
            contents: record.contents,
            reason: record.reason,
            language,
        };
        self.fetch_as(ctx, request, Some(id)).await
    }

    /// Counts what is about to be taken away without a release, or refuses it.
    pub(crate) async fn count_taken(&self, ctx: &Context, applications: u64) -> Result<()> {
        let Some(from) = self.release_rule().await?.from else { return Ok(()) };
        let user = person(ctx)?.id;
        for _ in 0..ATTEMPTS {
            let stored = self.store.get(TAKEN, Scope::Archive, user.to_bytes()).await?;
            let mut taken = stored.as_ref().map(|stored| stored.value.clone()).unwrap_or_default();
            taken.0.retain(|(at, _)| (TimeDelta::zero()..LASTS).contains(&(ctx.now() - *at)));
            taken.0.push((ctx.now(), applications));
            let sum = taken.0.iter().map(|(_, count)| count).sum();
            let permit = self.authorise(ctx, Action::Search, &Resource::Archive).await?;
            let permit = permit.part("count_download")?.count("applications", sum);
            if sum >= u64::from(from) {
                self.journal.change([permit.denied("release_needed")?], self.store.batch()).await?;
                return Err(Error::ReleaseNeeded { from, taken: sum });
            }
            let mut tx = self.store.batch();
            match &stored {
                Some(stored) => tx.update(TAKEN, stored, &taken)?,
                None => tx.insert(TAKEN, Scope::Archive, user.to_bytes(), &taken)?,
            };
            match self.journal.change([permit], tx).await {
                Ok(_) => return Ok(()),
                Err(Error::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::Conflict)
    }

    /// The sign-in names of who asks and who has decided.
    async fn logins_of(
        &self,
        records: impl IntoIterator<Item = &ReleaseRecord>,
    ) -> Result<BTreeMap<UserId, Login>> {
        let people = records.into_iter().flat_map(|of| [Some(of.by), of.decided.map(|decided| decided.by)]);
        let people: BTreeSet<UserId> = people.flatten().collect();
        let keys: Vec<_> = people.into_iter().map(|id| (Scope::Archive, id.to_bytes())).collect();
        let found = self.store.get_many(USERS, keys).await?;
        Ok(found.into_iter().flatten().map(|stored| (stored.value.id, stored.value.login)).collect())
    }

    async fn lasting_release(&self, ctx: &Context, id: ReleaseId) -> Result<Option<Stored<ReleaseRecord>>> {
        let stored = self.store.get(RELEASES, Scope::Archive, id.to_bytes()).await?;
        Ok(stored.filter(|stored| stored.value.ends_at() > ctx.now()))
    }
}

fn may_decide(ctx: &Context, asker: UserId) -> bool {
    ctx.decide(Action::ReleaseDownload, &Resource::User { id: asker }).is_allowed()
}

fn id_of(stored: &Stored<ReleaseRecord>) -> Option<ReleaseId> {
    let bytes: [u8; 16] = stored.key.id().try_into().ok()?;
    Some(ReleaseId::from_bytes(bytes))
}
