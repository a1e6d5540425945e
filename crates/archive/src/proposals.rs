//! Proposals to judge by another rule: made from what it would have meant in the past, applied by a person.

use dossier_access::{Action, Context, Resource};
use dossier_analytics::Rate;
use dossier_domain::{
    Decision, Fate, Language, Position, PositionChange, Proposal, ProposalId, Reach, Scoring, UserId,
    text::{Line, Login, PositionName},
};
use dossier_report::model::Value;
use dossier_search::Query;
use dossier_storage::{Scope, Stored};

use crate::{
    Archive, Error, Result, What,
    permit::{Permit, person},
    records::{POSITIONS, PROPOSALS, all_past_damage, positions},
    reports::{estimated, passed_by},
};

/// A proposal to be made.
#[derive(Debug, Clone)]
pub struct NewProposal {
    /// The position.
    pub position: PositionName,
    /// The rule.
    pub to: Scoring,
    /// Which of the position's past applications it is tried on, as a search; empty for all.
    pub query: String,
    /// Why it is proposed.
    pub reason: Option<Line>,
}

/// A proposal with what people call those that it names.
#[derive(Debug, Clone)]
pub struct ProposalView {
    /// The proposal.
    pub proposal: Proposal,
    /// The position's name.
    pub position: PositionName,
    /// Who proposed it; `None` where that user can't be read.
    pub by: Option<Login>,
    /// Who decided on it.
    pub decided_by: Option<Login>,
    /// Whether the position still judges by the rule of then: else it can't be applied.
    pub is_current: bool,
    /// What is known of those whom the rule of then let pass.
    pub former: Passing,
    /// The same of the proposed rule.
    pub revised: Passing,
}

/// Whom a rule lets pass.
#[derive(Debug, Clone)]
pub struct Passing {
    /// The pass rate of the human interview of those with an outcome, as it was when the rule was tried.
    pub later_rate: Value,
    /// What finds those whom it lets pass now, of those that both rules can judge.
    pub found_by: Query,
}

impl Archive {
    /// Says by which rule a position judges, without a trial: for a position that has none yet.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a rule that makes no sense.
    pub async fn set_scoring(
        &self,
        ctx: &Context,
        position: &PositionName,
        rule: Scoring,
    ) -> Result<Position> {
        let Scoring { weights, pass_mark } = rule;
        let change = PositionChange {
            weights: Some(weights),
            pass_mark: Some(pass_mark),
            ..PositionChange::default()
        };
        self.edit_position(ctx, position, &change).await
    }

    /// Keeps a proposal, with what it would have meant for past applications.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a rule that makes no sense, or is the one that holds; [`Error::Query`].
    pub async fn propose(&self, ctx: &Context, new: NewProposal) -> Result<Proposal> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        check(&new.to)?;
        let position = self.position_called(&new.position).await?.value;
        if position.scoring() == new.to {
            return Err(Error::invalid(
                "岗位现在就按这个规则，无需提出方案",
                "the position judges by this rule already; there is nothing to propose",
            ));
        }
        let (former, revised) = self.try_rule(ctx, &position, &new.to, &new.query).await?;
        let proposal = Proposal {
            id: ctx.new_id()?,
            position: position.id,
            from: position.scoring(),
            to: new.to,
            query: new.query,
            former,
            revised,
            reason: new.reason,
            by: person(ctx)?.id,
            at: ctx.now(),
            fate: Fate::Open,
        };
        let mut tx = self.store.batch();
        tx.insert(PROPOSALS, Scope::Archive, proposal.id.to_bytes(), &proposal)?;
        self.journal.change([permit.part("propose")?.on(proposal.id).on(position.id)], tx).await?;
        Ok(proposal)
    }

    /// All proposals with their positions, the newest first.
    ///
    /// # Errors
    /// [`Error::Denied`] for who manages no positions.
    pub async fn proposals(&self, ctx: &Context) -> Result<Vec<ProposalView>> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("list_proposals")?).await?;
        let all = self.all_proposals().await;
        self.conclude(intent, &all, &[]);
        all
    }

    async fn all_proposals(&self) -> Result<Vec<ProposalView>> {
        let positions = positions(&self.store).await?;
        let users = self.all_users().await?;
        let (all, _) = all_past_damage(&self.store, PROPOSALS).await?;
        let view = |stored: Stored<Proposal>| {
            let proposal = stored.value;
            let position = positions.get(&proposal.position)?;
            let is_current = position.scoring() == proposal.from;
            let login = |id: UserId| users.iter().find(|user| user.id == id).map(|user| user.login.clone());
            let decided_by = match &proposal.fate {
                Fate::Open => None,
                Fate::Applied(decision) | Fate::Rejected(decision) => login(decision.by),
            };
            let (former, revised) = passing(position, &proposal);
            let (position, by) = (position.name.clone(), login(proposal.by));
            Some(ProposalView { proposal, position, by, decided_by, is_current, former, revised })
        };
        Ok(all.into_iter().rev().filter_map(view).collect())
    }

    /// Judges by the proposed rule from now on, which a person decides and says why. What vendors scored stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Decided`] if somebody has decided already; [`Error::Changed`] if the position judges by
    /// another rule by now than when it was made, or the proposal or the position is newer than what the actor relies on.
    pub async fn apply_proposal(&self, ctx: &Context, id: ProposalId, reason: Line) -> Result<Position> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let stored = self.open_proposal(id).await?;
        let proposal = &stored.value;
        let position = self.store.get(POSITIONS, Scope::Archive, proposal.position.to_bytes()).await?;
        let position = position.ok_or_else(|| Error::not_found(What::Position, &proposal.position))?;
        permit.relies_on(&position)?;
        if position.value.scoring() != proposal.from {
            return Err(Error::Changed);
        }
        let changed = position.value.clone().judging_by(proposal.to.clone());
        let applied = Fate::Applied(decision(ctx, Some(reason.clone()))?);
        let mut tx = self.store.batch();
        tx.update(POSITIONS, &position, &changed)?;
        tx.update(PROPOSALS, &stored, &Proposal { fate: applied, ..proposal.clone() })?;
        let permit = permit.part("apply_proposal")?.on(id).on(changed.id).for_purpose(reason);
        self.journal.change([permit], tx).await?;
        Ok(changed)
    }

    /// Decides against a proposal. It is kept.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Decided`] if somebody has decided already.
    pub async fn reject_proposal(&self, ctx: &Context, id: ProposalId, reason: Option<Line>) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let stored = self.open_proposal(id).await?;
        let rejected = Fate::Rejected(decision(ctx, reason.clone())?);
        let mut tx = self.store.batch();
        tx.update(PROPOSALS, &stored, &Proposal { fate: rejected, ..stored.value.clone() })?;
        let permit = permit.part("reject_proposal")?.on(id);
        let permit = reason.into_iter().fold(permit, Permit::for_purpose);
        self.journal.change([permit], tx).await?;
        Ok(())
    }

    async fn open_proposal(&self, id: ProposalId) -> Result<Stored<Proposal>> {
        let stored = self.store.get(PROPOSALS, Scope::Archive, id.to_bytes()).await?;
        let stored = stored.ok_or_else(|| Error::not_found(What::Proposal, &id))?;
        if stored.value.fate == Fate::Open { Ok(stored) } else { Err(Error::Decided) }
    }
}

/// What is known of both rules.
fn passing(position: &Position, proposal: &Proposal) -> (Passing, Passing) {
    // It was understood when it was tried.
    let query = Query::parse(&proposal.query).unwrap_or_else(|_| Query::everything());
    let of = |rule, other, reach: Reach| Passing {
        later_rate: estimated(Rate { hits: reach.known_passed, of: reach.known }.estimate()).value,
        found_by: passed_by(&query, position, rule, other),
    };
    let Proposal { from, to, former, revised, .. } = proposal;
    (of(from, to, *former), of(to, from, *revised))
}

/// A decision of who acts, as of now.
fn decision(ctx: &Context, reason: Option<Line>) -> Result<Decision> {
    Ok(Decision { by: person(ctx)?.id, at: ctx.now(), reason })
}

/// Whether a rule makes sense.
pub(crate) fn check(rule: &Scoring) -> Result<()> {
    rule.check()
        .map_err(|error| Error::invalid(error.message(Language::Chinese), error.message(Language::English)))
}
