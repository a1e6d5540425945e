//! Moving applications along the bank's process, one or many, and back.

use std::collections::{BTreeMap, BTreeSet};

use dossier_access::{Action, Context, Resource};
use dossier_domain::{
    Application, ApplicationId, Language, MoveError, Outcome, Place, Position, PositionId, Stage, StageMove,
    text::Line,
};
use dossier_storage::{Scope, Stored};

use crate::{
    Archive, Error, Result, What,
    notices::occasion::{Happened, Step, note},
    permit::Permit,
    records::{self, APPLICATIONS, OWNERS, scope_of},
};

/// So many applications are moved at once at most.
pub const MOST_MOVED: usize = 5000;
/// So often a move of many is tried again when somebody moved one of them meanwhile.
const ATTEMPTS: usize = 3;

/// A move that is asked for.
#[derive(Debug, Clone)]
pub struct Move {
    /// Where to.
    pub to: Place,
    /// Why; a rejection needs a reason.
    pub reason: Option<Line>,
    /// How the application was when whoever asks saw it; the move is refused if somebody has moved it since.
    pub seen: Option<Seen>,
    /// What whoever asks takes the move to say of the place that is left; it is refused if it says something else.
    pub outcome: Option<Outcome>,
}

/// What tells that nobody has moved an application since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It had so many moves.
    Moves(usize),
    /// It stood in this stage.
    In(Stage),
}

impl Seen {
    fn holds(self, application: &Application) -> bool {
        match self {
            Self::Moves(moves) => application.moves.len() == moves,
            Self::In(stage) => application.stage() == stage,
        }
    }
}

impl Move {
    /// A move without a reason, wherever the application stands.
    pub fn to(to: impl Into<Place>) -> Self {
        Self { to: to.into(), reason: None, seen: None, outcome: None }
    }

    /// The same for a reason.
    #[must_use]
    pub fn because(self, reason: Option<Line>) -> Self {
        Self { reason, ..self }
    }

    /// The same, if nobody has moved the application since.
    #[must_use]
    pub fn seen(self, seen: Option<Seen>) -> Self {
        Self { seen, ..self }
    }
}

/// What came of a move of many.
#[derive(Debug)]
pub struct Moved {
    /// Those that were moved, all in one commit.
    pub moved: Vec<ApplicationId>,
    /// The others, with the reason of each.
    pub refused: Vec<(ApplicationId, Error)>,
}

impl Archive {
    /// Moves an application to another stage or step. What outcome that gives to the place that is left follows from the
    /// process.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`]; [`Error::Invalid`] for a move that the process does not know, and for a
    /// rejection without a person or a reason; [`Error::Moved`] if somebody else moved it first.
    pub async fn move_to(&self, ctx: &Context, id: ApplicationId, asked: &Move) -> Result<Application> {
        let (stored, permit) = self.application_to_move(ctx, id, None).await?;
        let moved = self.moved(ctx, &stored.value, asked)?;
        self.keep_move(ctx, stored, moved, permit).await
    }

    /// Takes the last move back that was not taken back yet, a rejection too.
    ///
    /// # Errors
    /// As [`Archive::move_to`]; [`Error::Invalid`] where there is nothing to take back.
    pub async fn undo_move(
        &self,
        ctx: &Context,
        id: ApplicationId,
        seen: Option<Seen>,
        reason: Option<Line>,
    ) -> Result<Application> {
        let (stored, permit) = self.application_to_move(ctx, id, seen).await?;
        let before = stored
            .value
            .place_before()
            .ok_or_else(|| Error::invalid("没有可以撤回的变更", "there is no move that can be taken back"))?;
        let to = self.settings().process.settled(before);
        let moved = with_move(ctx, &stored.value, to, Outcome::Undone, reason);
        self.keep_move(ctx, stored, moved, permit).await
    }

    /// Moves many applications in one commit; those that can't be moved stay, and are named with the reason.
    ///
    /// # Errors
    /// [`Error::Invalid`] for more than [`MOST_MOVED`], and for a rejection without a person or a reason;
    /// [`Error::Conflict`] if others kept moving the same ones.
    pub async fn move_many(&self, ctx: &Context, ids: &[ApplicationId], asked: &Move) -> Result<Moved> {
        if ids.len() > MOST_MOVED {
            return Err(Error::invalid(
                format!("一次最多移动 {MOST_MOVED} 个应聘"),
                format!("at most {MOST_MOVED} applications are moved at once"),
            ));
        }
        check_reason(ctx, asked)?;
        self.move_each(ctx, &ids.iter().map(|id| (*id, asked.clone())).collect()).await
    }

    /// Moves many applications in one commit, each to where it is asked to.
    pub(crate) async fn move_each(
        &self,
        ctx: &Context,
        asked: &BTreeMap<ApplicationId, Move>,
    ) -> Result<Moved> {
        let mut attempts = 1;
        loop {
            match self.try_move(ctx, asked).await {
                Err(Error::Conflict) if attempts < ATTEMPTS => attempts += 1,
                other => return other,
            }
        }
    }

    async fn try_move(&self, ctx: &Context, asked: &BTreeMap<ApplicationId, Move>) -> Result<Moved> {
        let known = records::positions(&self.store).await?;
        let stored = self.stored_applications(&asked.keys().copied().collect(), &known).await?;
        let mut tx = self.store.batch();
        let (mut permits, mut done) = (Vec::new(), Moved { moved: Vec::new(), refused: Vec::new() });
        let mut steps = Vec::new();
        for (id, asked) in asked {
            let found = match stored.get(id) {
                Some(stored) => {
                    let resource = Resource::of(&stored.value);
                    self.authorise_on(ctx, Action::MoveStage, &resource, &[(*id).into()]).await
                }
                None => Err(self.absent(ctx, Action::MoveStage, What::Application, &[(*id).into()]).await?),
            };
            let moved = found.and_then(|permit| {
                let stored = stored.get(id).ok_or(Error::Conflict)?;
                let moved = self.moved(ctx, &stored.value, asked)?;
                tx.update(APPLICATIONS, stored, &moved)?;
                steps.extend(Step::last_of(&moved));
                Ok(permit)
            });
            match moved {
                Ok(permit) => {
                    permits.push(permit);
                    done.moved.push(*id);
                }
                Err(
                    error @ (Error::NotFound { .. }
                    | Error::Denied(_)
                    | Error::Invalid { .. }
                    | Error::Moved { .. }),
                ) => {
                    done.refused.push((*id, error));
                }
                Err(error) => return Err(error),
            }
        }
        if !permits.is_empty() {
            note(&mut tx, ctx, Happened::Moved(steps))?;
            self.journal.change(permits, tx).await?;
        }
        Ok(done)
    }

    /// The records of those applications that are there, read together.
    pub(crate) async fn stored_applications(
        &self,
        ids: &BTreeSet<ApplicationId>,
        known: &BTreeMap<PositionId, Position>,
    ) -> Result<BTreeMap<ApplicationId, Stored<Application>>> {
        let keys: Vec<_> = ids.iter().map(|id| (Scope::Archive, id.to_bytes())).collect();
        let owners = self.store.get_many(OWNERS, keys).await?;
        let owned = ids.iter().zip(owners).filter_map(|(id, owner)| Some((*id, owner?.value)));
        let keys: Vec<_> = owned.map(|(id, owner)| (scope_of(owner), id.to_bytes())).collect();
        let found = self.store.get_many(APPLICATIONS, keys).await?;
        let found = found.into_iter().flatten().filter(|of| known.contains_key(&of.value.position));
        Ok(found.map(|stored| (stored.value.id, stored)).collect())
    }

    async fn application_to_move(
        &self,
        ctx: &Context,
        id: ApplicationId,
        seen: Option<Seen>,
    ) -> Result<(Stored<Application>, Permit)> {
        let (file, _, _, permit) = self.find(ctx, Action::MoveStage, id).await?;
        let scope = scope_of(file.application.candidate);
        let stored = self.store.get(APPLICATIONS, scope, id.to_bytes()).await?.ok_or(Error::Conflict)?;
        permit.relies_on(&stored)?;
        match seen.is_none_or(|seen| seen.holds(&stored.value)) {
            true => Ok((stored, permit)),
            false => Err(self.moved_by_another(&stored.value)),
        }
    }

    /// The application after the move.
    pub(crate) fn moved(
        &self,
        ctx: &Context,
        application: &Application,
        asked: &Move,
    ) -> Result<Application> {
        if asked.seen.is_some_and(|seen| !seen.holds(application)) {
            return Err(self.moved_by_another(application));
        }
        let outcome = self
            .settings()
            .process
            .outcome(&application.place(), &asked.to)
            .map_err(|error| refused(&error))?;
        check_reason(ctx, asked)?;
        if asked.outcome.is_some_and(|asked| asked != outcome) {
            return Err(Error::invalid(
                "所给的结果与这次变更不符；可以不填，由系统得出",
                "this move has another outcome; leave it out, it follows from the move",
            ));
        }
        Ok(with_move(ctx, application, asked.to.clone(), outcome, asked.reason.clone()))
    }

    async fn keep_move(
        &self,
        ctx: &Context,
        stored: Stored<Application>,
        moved: Application,
        permit: Permit,
    ) -> Result<Application> {
        let mut tx = self.store.batch();
        tx.update(APPLICATIONS, &stored, &moved)?;
        note(&mut tx, ctx, Happened::Moved(Step::last_of(&moved).into_iter().collect()))?;
        match self.journal.change([permit], tx).await {
            Ok(_) => Ok(moved),
            Err(Error::Conflict) => {
                let now = self.store.get(APPLICATIONS, stored.key.scope(), stored.key.id()).await?;
                let now = now.filter(|now| now.value.moves.len() != stored.value.moves.len());
                Err(now.map_or(Error::Conflict, |now| self.moved_by_another(&now.value)))
            }
            Err(error) => Err(error),
        }
    }

    /// Where it stood when somebody else was first, so that whoever comes second knows.
    fn moved_by_another(&self, now: &Application) -> Error {
        let process = &self.settings().process;
        let place = |language| process.label(&process.settled(now.place()), language);
        Error::Moved { zh: place(Language::Chinese), en: place(Language::English) }
    }
}

fn with_move(
    ctx: &Context,
    application: &Application,
    to: Place,
    outcome: Outcome,
    reason: Option<Line>,
) -> Application {
    let mut moved = application.clone();
    moved.moves.push(StageMove {
        from: Some(application.stage()),
        to: to.stage,
        step: to.step,
        at: ctx.now(),
        by: ctx.actor().user().map(|user| user.id),
        outcome,
        reason,
    });
    moved
}

fn check_reason(ctx: &Context, asked: &Move) -> Result<()> {
    if asked.to.stage == Stage::Rejected && (ctx.actor().user().is_none() || asked.reason.is_none()) {
        return Err(Error::invalid("淘汰须由人决定并写明理由", "a rejection needs a person and a reason"));
    }
    Ok(())
}

fn refused(error: &MoveError) -> Error {
    Error::invalid(error.message(Language::Chinese), error.message(Language::English))
}
