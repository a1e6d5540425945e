//! Scorecards: what interviewers judge, and what of it is still to come.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use dossier_access::{Action, Actor, Context, Reason, Resource};
use dossier_domain::{
    ApplicationId, Judgement, Scorecard, Stage, UserId,
    scorecard::{JudgementChange, JudgementError},
    text::PersonName,
};
use dossier_search::{Hit, Sort};
use dossier_storage::{Scan, Scope};
use serde::{Deserialize, Serialize};

use crate::{
    Archive, Error, Result,
    board::in_stage,
    dossier::ApplicationFile,
    notices::occasion::{Happened, note},
    records::{self, APPLICATIONS, SCORECARDS, USERS, WRITTEN, scope_of},
};

/// So many applications of a position and stage are listed to an interviewer.
const LISTED: usize = 200;

/// That somebody has written a scorecard, without what is in it: ids and times alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    application: ApplicationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handed_in_at: Option<DateTime<Utc>>,
}

/// How far one's scorecard of an application is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// It is begun.
    Draft,
    /// There is none.
    Open,
    /// It was handed in then.
    HandedIn(DateTime<Utc>),
}

/// An application of a position that one is responsible for.
#[derive(Debug, Clone)]
pub struct ComingInterview {
    /// What a search would show of it.
    pub hit: Hit,
    /// How far one's scorecard is.
    pub progress: Progress,
}

/// What an interviewer has before them.
#[derive(Debug, Clone, Default)]
pub struct MyInterviews {
    /// In the human interview, with one's scorecard still to be handed in; begun ones first, then who waits longest.
    pub waiting: Vec<ComingInterview>,
    /// Still in the AI interview, the newest first.
    pub coming: Vec<ComingInterview>,
    /// In the human interview, with one's scorecard handed in.
    pub done: Vec<ComingInterview>,
}

impl Archive {
    /// Writes one's scorecard of an application, and hands it in if `hand_in`. `known` is the revision on which it is
    /// based, 0 for the first; without it whatever was written before is replaced.
    ///
    /// # Errors
    /// [`Error::NotToBeJudged`] if there is no such application in an interview of a position of one's own;
    /// [`Error::Invalid`] for a judgement that can't be kept or is not whole, and once the scorecard was handed in;
    /// [`Error::Conflict`] if the scorecard, or the application's stage, is another one by now.
    pub async fn write_scorecard(
        &self,
        ctx: &Context,
        id: ApplicationId,
        judgement: Judgement,
        known: Option<u32>,
        hand_in: bool,
    ) -> Result<Scorecard> {
        self.keep_scorecard(ctx, id, (known, hand_in), |_| Ok(judgement)).await
    }

    /// Changes one's scorecard of an application and lets the rest of it stay, or begins it; and hands it in if `hand_in`.
    /// `known` is as in [`Archive::write_scorecard`].
    ///
    /// # Errors
    /// As [`Archive::write_scorecard`].
    pub async fn change_scorecard(
        &self,
        ctx: &Context,
        id: ApplicationId,
        change: &JudgementChange,
        known: Option<u32>,
        hand_in: bool,
    ) -> Result<Scorecard> {
        self.keep_scorecard(ctx, id, (known, hand_in), |before| before.after(change)).await
    }

    /// Writes what somebody judges now instead of what they wrote before.
    async fn keep_scorecard(
        &self,
        ctx: &Context,
        id: ApplicationId,
        (known, hand_in): (Option<u32>, bool),
        judged: impl FnOnce(Judgement) -> Result<Judgement, JudgementError>,
    ) -> Result<Scorecard> {
        let found = self.find(ctx, Action::WriteScorecard, id).await;
        let (file, _, _, permit) = found.map_err(|error| match error {
            Error::NotFound { .. } | Error::Denied(Reason::NotYourDuty | Reason::NotInThisStage) => {
                Error::NotToBeJudged
            }
            other => other,
        })?;
        let by = ctx.actor().user().map(|user| user.id).ok_or(Error::NotToBeJudged)?;
        let scope = scope_of(file.application.candidate);
        let application = self.store.get(APPLICATIONS, scope, id.to_bytes()).await?;
        // The stage was judged by this very state of the application, and is the same when the scorecard is written.
        let application =
            application.filter(|stored| stored.value == file.application).ok_or(Error::Conflict)?;
        let key = [id.to_bytes(), by.to_bytes()].concat();
        let before = self.store.get(SCORECARDS, scope, &key).await?;
        let revision = before.as_ref().map_or(0, |stored| stored.value.revision);
        if before.as_ref().is_some_and(|stored| stored.value.is_final()) {
            return Err(Error::invalid(
                "评分表已提交，不能再修改",
                "the scorecard was handed in and can't be changed",
            ));
        }
        if known.is_some_and(|known| known != revision) {
            return Err(Error::Conflict);
        }
        let criteria = file.position.criteria(self.settings().language);
        let written = before.as_ref().map(|stored| stored.value.judgement.clone()).unwrap_or_default();
        let judgement = judged(written).and_then(|of| of.check(&criteria, hand_in).map(|()| of));
        let judgement = judgement.map_err(|error| Error::in_words(|language| error.message(language)))?;
        let card = Scorecard {
            candidate: file.application.candidate,
            application: id,
            by,
            judgement,
            revision: revision + 1,
            written_at: ctx.now(),
            handed_in_at: hand_in.then(|| ctx.now()),
        };
        let mut tx = self.store.batch();
        tx.expect_unchanged(&application);
        match &before {
            Some(before) => tx.update(SCORECARDS, before, &card)?,
            None => tx.insert(SCORECARDS, scope, &key, &card)?,
        };
        let written = Written { application: id, handed_in_at: card.handed_in_at };
        tx.put(WRITTEN, Scope::Archive, [by.to_bytes(), id.to_bytes()].concat(), &written)?;
        if hand_in {
            let (position, stage) = (file.position.id, file.application.stage());
            note(&mut tx, ctx, Happened::HandedIn { application: id, position, stage })?;
        }
        let permit = if hand_in { permit.part("hand_in_scorecard")?.on(id) } else { permit };
        self.journal.change([permit], tx).await?;
        Ok(card)
    }

    /// What somebody has before them as interviewer of their positions. At most the 200 newest of each position are
    /// listed of those that are still in the AI interview.
    ///
    /// # Errors
    /// [`Error::Denied`] for who may not search.
    pub async fn my_interviews(&self, ctx: &Context) -> Result<MyInterviews> {
        let permit = self.authorise(ctx, Action::Search, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("list_interviews")?).await?;
        let mine = self.list_interviews(ctx).await;
        self.conclude(intent, &mine, &[]);
        mine
    }

    pub(crate) async fn list_interviews(&self, ctx: &Context) -> Result<MyInterviews> {
        let Actor::Person { user, positions, .. } = ctx.actor() else { return Ok(MyInterviews::default()) };
        let written = self.written_by(user.id).await?;
        let mut mine = MyInterviews::default();
        for position in positions {
            for stage in [Stage::HumanInterview, Stage::AiInterview] {
                let resource = Resource::Application { position: *position, stage };
                if !ctx.decide(Action::WriteScorecard, &resource).is_allowed() {
                    continue;
                }
                let query = in_stage(stage);
                for hit in self.standing(ctx, *position, query, Sort::Newest, LISTED).await?.hits {
                    let progress = written.get(&hit.application).copied().unwrap_or(Progress::Open);
                    let list = match (stage, progress) {
                        (Stage::AiInterview, _) => &mut mine.coming,
                        (_, Progress::HandedIn(_)) => &mut mine.done,
                        _ => &mut mine.waiting,
                    };
                    list.push(ComingInterview { hit, progress });
                }
            }
        }
        mine.waiting.sort_by_key(|of| (of.progress, of.hit.stage_since));
        mine.done.sort_by_key(|of| std::cmp::Reverse(of.progress));
        mine.coming.sort_by_key(|of| std::cmp::Reverse(of.hit.interviewed_at));
        Ok(mine)
    }

    async fn written_by(&self, user: UserId) -> Result<BTreeMap<ApplicationId, Progress>> {
        let of_user = Scan::collection_under(Scope::Archive, WRITTEN.collection(), user.to_bytes());
        let (all, _) = records::read_past_damage(&self.store, WRITTEN, of_user).await?;
        let progress = |written: &Written| written.handed_in_at.map_or(Progress::Draft, Progress::HandedIn);
        Ok(all.into_iter().map(|stored| (stored.value.application, progress(&stored.value))).collect())
    }

    /// Those scorecards of an application that the actor may see.
    pub(crate) fn visible_scorecards(&self, ctx: &Context, file: &ApplicationFile) -> Vec<Scorecard> {
        let user = ctx.actor().user().map(|user| user.id);
        let own_is_final = file.scorecards.iter().any(|card| Some(card.by) == user && card.is_final());
        let is_visible = |card: &&Scorecard| {
            let resource = Resource::Scorecard {
                position: file.position.id,
                stage: file.application.stage(),
                by: card.by,
                is_final: card.is_final(),
                own_is_final,
            };
            ctx.decide(Action::ViewScorecard, &resource).is_allowed()
        };
        file.scorecards.iter().filter(is_visible).cloned().collect()
    }

    /// The names of these users, as far as they are known.
    pub(crate) async fn names(
        &self,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<BTreeMap<UserId, PersonName>> {
        let mut ids: Vec<UserId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let keys: Vec<_> = ids.into_iter().map(|id| (Scope::Archive, id.to_bytes())).collect();
        let found = self.store.get_many(USERS, keys).await?;
        Ok(found.into_iter().flatten().map(|stored| (stored.value.id, stored.value.name)).collect())
    }
}
