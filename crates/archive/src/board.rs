//! The board of a position: its applications in columns, as far along the process as they are.

use std::hash::{DefaultHasher, Hash, Hasher};

use dossier_access::{Action, Actor, Context, Resource};
use dossier_domain::{
    ApplicationId, Place, Position, PositionId, Stage,
    process::{Bar, MoveRule},
};
use dossier_search::{
    Hit, Hits, Query, Sort,
    query::{Condition, Scores},
};
use dossier_storage::Scope;

use crate::{
    Archive, Error, Result, SearchRequest, What,
    records::{OWNERS, POSITIONS},
    search::LONGEST_PAGE,
    stages::{Move, Moved},
};

/// So many cards stand in a column; the rest is a search away.
const CARDS: usize = 25;

/// The applications of a position, as far as the actor may see them.
#[derive(Debug, Clone)]
pub struct Board {
    /// The position.
    pub position: Position,
    /// The stages that the actor may see, in order.
    pub columns: Vec<Column>,
}

/// The applications that stand in one stage.
#[derive(Debug, Clone)]
pub struct Column {
    /// The stage.
    pub stage: Stage,
    /// How many there are.
    pub total: u64,
    /// The first of them, the highest AI score first.
    pub cards: Vec<Card>,
    /// How many a rule suggests to move on; 0 for who moves nothing.
    pub suggested: u64,
}

/// An application on the board.
#[derive(Debug, Clone)]
pub struct Card {
    /// What a search shows of it.
    pub hit: Hit,
    /// Where a rule suggests to move it.
    pub suggested: Option<Place>,
}

/// What somebody looks at, to be told of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// An application.
    Application(ApplicationId),
    /// The board of a position.
    Board(PositionId),
    /// What an interviewer has before them.
    Interviews,
    /// What one was told and has not read.
    Notices,
}

impl Archive {
    /// The board of a position.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such position, or none of its applications may be seen in any stage.
    pub async fn board(&self, ctx: &Context, id: PositionId) -> Result<Board> {
        let permit = self.authorise_on(ctx, Action::Search, &Resource::Archive, &[id.into()]).await?;
        let position = self.position_seen(ctx, id).await?;
        let intent = self.journal.intend(permit.part("view_board")?.on(id)).await?;
        let board = self.read_board(ctx, position).await;
        let shown = board.as_ref().map_or(0, |board| board.columns.iter().map(|of| of.cards.len()).sum());
        self.conclude(intent, &board, &[("hits", shown as u64)]);
        board
    }

    /// A position of which the actor may see applications in some stage.
    async fn position_seen(&self, ctx: &Context, id: PositionId) -> Result<Position> {
        let stored = self.store.get(POSITIONS, Scope::Archive, id.to_bytes()).await?;
        match stored.filter(|_| !stages_seen(ctx, id).is_empty()) {
            Some(stored) => Ok(stored.value),
            None => Err(self.absent(ctx, Action::Search, What::Position, &[id.into()]).await?),
        }
    }

    async fn read_board(&self, ctx: &Context, position: Position) -> Result<Board> {
        let mut columns = Vec::new();
        for stage in stages_seen(ctx, position.id) {
            columns.push(self.column(ctx, &position, stage).await?);
        }
        Ok(Board { position, columns })
    }

    async fn column(&self, ctx: &Context, position: &Position, stage: Stage) -> Result<Column> {
        let process = &self.settings().process;
        let found = self.standing(ctx, position.id, in_stage(stage), Sort::HighestScore, CARDS).await?;
        let resource = Resource::Application { position: position.id, stage };
        let moves = ctx.decide(Action::MoveStage, &resource).is_allowed();
        let rule = process.rule_from(&stage.into()).filter(|_| moves);
        let suggested = match rule {
            Some(rule) => {
                let query = reaching(stage, rule.at_least);
                self.standing(ctx, position.id, query, Sort::HighestScore, 1).await?.total
            }
            None => 0,
        };
        let suggestion = |hit: &Hit| {
            let passes = position.passes(hit.score, hit.weighted);
            let rule = process.suggested(&stage.into(), hit.score, passes);
            rule.filter(|_| moves).map(|rule| rule.to.clone())
        };
        let cards = found.hits.into_iter().map(|hit| Card { suggested: suggestion(&hit), hit }).collect();
        Ok(Column { stage, total: found.total, cards, suggested })
    }

    /// The applications of a position that a query finds.
    pub(crate) async fn standing(
        &self,
        ctx: &Context,
        position: PositionId,
        query: Query,
        sort: Sort,
        limit: usize,
    ) -> Result<Hits> {
        let request = SearchRequest { limit: Some(limit), sort: Some(sort), ..SearchRequest::default() };
        Ok(self.search_within(ctx.scope().only(position), query, request).await?.hits)
    }

    /// Moves all of a position that the rule of a place suggests to move: a person confirms it. At most a thousand at a time.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the position, [`Error::Invalid`] if no such rule holds; and as [`Archive::move_many`].
    pub async fn confirm_suggestions(&self, ctx: &Context, id: PositionId, from: &Place) -> Result<Moved> {
        let board = self.board(ctx, id).await?;
        let settings = self.settings();
        let holds = |rule: &&MoveRule| rule.at_least != Bar::PassMark || board.position.pass_mark.is_some();
        let Some(rule) = settings.process.rule_from(from).filter(holds) else {
            return Err(Error::invalid("没有这条流转规则", "there is no such rule"));
        };
        let query = reaching(rule.from.stage, rule.at_least);
        let found = self.standing(ctx, id, query, Sort::HighestScore, LONGEST_PAGE).await?;
        let ids: Vec<ApplicationId> = found.hits.iter().map(|hit| hit.application).collect();
        self.move_many(ctx, &ids, &Move::to(rule.to.clone())).await
    }

    /// The number of the newest commit: while it stays, nothing has changed.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn newest_commit(&self) -> Result<u64> {
        Ok(self.store.records().sequence().await?.number())
    }

    /// The number of the newest commit that may make something look different to whoever sees as much as before: for a board
    /// the newest one that concerned its position, for an interviewer's list their positions, for an application its
    /// candidate. So a thousand open pages do not look again whenever anybody does anything.
    ///
    /// # Errors
    /// When the store or the index can't be read.
    pub async fn newest_commit_of(&self, ctx: &Context, watched: Watched) -> Result<u64> {
        let positions: Vec<PositionId> = match watched {
            Watched::Board(id) => vec![id],
            Watched::Interviews => match ctx.actor() {
                Actor::Person { positions, .. } => positions.iter().copied().collect(),
                Actor::Archive(_) => Vec::new(),
            },
            Watched::Application(id) => {
                return match self.store.get(OWNERS, Scope::Archive, id.to_bytes()).await? {
                    Some(of) => Ok(self.concerned.newest_of(&self.store, of.value).await?.number()),
                    None => self.newest_commit().await,
                };
            }
            Watched::Notices => return self.newest_commit().await,
        };
        Ok(self.projector.newest_of(&self.store, &self.settings(), &positions).await?.number())
    }

    /// A number that changes with what the actor sees of something: for whoever looks at it already, so it is not
    /// recorded again. Numbers of one process alone can be compared.
    ///
    /// # Errors
    /// [`Error::NotFound`] or [`Error::Denied`] once it may not be seen any more.
    pub async fn state_of(&self, ctx: &Context, watched: Watched) -> Result<u64> {
        let mut state = DefaultHasher::new();
        match watched {
            Watched::Application(id) => {
                let (file, ..) = self.find(ctx, Action::ViewApplication, id).await?;
                (file.application.moves.len(), file.application.tags.len(), file.materials.len())
                    .hash(&mut state);
                let findings = file.check.iter().flat_map(|of| &of.findings).map(|of| of.revision);
                (findings.sum::<u32>(), file.offers.as_ref().map(|of| of.offers.len())).hash(&mut state);
                for card in self.visible_scorecards(ctx, &file) {
                    (card.by, card.revision).hash(&mut state);
                }
            }
            Watched::Board(id) => {
                let position = self.position_seen(ctx, id).await?;
                for stage in stages_seen(ctx, id) {
                    let query = in_stage(stage);
                    let found = self.standing(ctx, position.id, query, Sort::HighestScore, CARDS).await?;
                    found.total.hash(&mut state);
                    found.hits.iter().for_each(|hit| seen_of(hit).hash(&mut state));
                }
            }
            Watched::Notices => {
                self.notices_state(ctx).await?.hash(&mut state);
            }
            Watched::Interviews => {
                drop(self.authorise(ctx, Action::Search, &Resource::Archive).await?);
                let mine = self.list_interviews(ctx).await?;
                for of in mine.waiting.iter().chain(&mine.coming).chain(&mine.done) {
                    (seen_of(&of.hit), of.progress).hash(&mut state);
                }
            }
        }
        Ok(state.finish())
    }
}

/// What stands in a stage.
pub(crate) fn in_stage(stage: Stage) -> Query {
    Query::everything().with(Condition::Stage(stage))
}

/// What stands in a stage and reaches the bar of a rule.
fn reaching(stage: Stage, bar: Bar) -> Query {
    in_stage(stage).with(match bar {
        Bar::PassMark => Condition::PassMark { reached: true },
        Bar::Score(score) => Condition::Score(Scores::AtLeast(score)),
    })
}

/// What of a hit makes a difference to who looks at it.
fn seen_of(hit: &Hit) -> impl Hash + use<> {
    (
        hit.application,
        hit.stage,
        hit.stage_since,
        [hit.score, hit.weighted].map(|of| of.map(f64::to_bits)),
        hit.kinds.clone(),
    )
}

/// The stages in which the actor may see applications of a position.
fn stages_seen(ctx: &Context, position: PositionId) -> Vec<Stage> {
    let scope = ctx.scope();
    Stage::ALL.into_iter().filter(|stage| scope.allows(position, *stage, None)).collect()
}
