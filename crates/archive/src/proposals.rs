//! Proposals to judge by another rule: made from what it would have meant in the past, applied by a person.

use dossier_access::{Action, Context, Resource};
use dossier_domain::{
    Fate, Language, Position, PositionChange, Proposal, ProposalId, Scoring,
    text::{Line, PositionName},
};
use dossier_storage::{Scope, Stored};

use crate::{
    Archive, Error, Result, What,
    permit::person,
    records::{POSITIONS, PROPOSALS, all_past_damage},
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
    /// [`Error::NotFound`]; [`Error::Invalid`] for a rule that makes no sense; [`Error::Query`].
    pub async fn propose(&self, ctx: &Context, new: NewProposal) -> Result<Proposal> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        check(&new.to)?;
        let position = self.position_called(&new.position).await?.value;
        let (former, revised) = self.try_rule(ctx, &position, &new.to, &new.query).await?;
        let proposal = Proposal {
            id: ctx.new_id()?,
            position: position.id,
            from: position.scoring(),
            to: new.to,
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

    /// All proposals, the newest first.
    ///
    /// # Errors
    /// [`Error::Denied`] for who manages no positions.
    pub async fn proposals(&self, ctx: &Context) -> Result<Vec<Proposal>> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("list_proposals")?).await?;
        let all = all_past_damage(&self.store, PROPOSALS).await;
        let all = all.map(|(all, _)| all.into_iter().rev().map(|stored| stored.value).collect());
        self.conclude(intent, &all, &[]);
        all
    }

    /// Judges by the proposed rule from now on. What vendors scored stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] if the proposal was decided on already, or the position judges by another
    /// rule by now than when it was made.
    pub async fn apply_proposal(&self, ctx: &Context, id: ProposalId) -> Result<Position> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let stored = self.open_proposal(id).await?;
        let proposal = &stored.value;
        let position = self.store.get(POSITIONS, Scope::Archive, proposal.position.to_bytes()).await?;
        let position = position.ok_or_else(|| Error::not_found(What::Position, &proposal.position))?;
        if position.value.scoring() != proposal.from {
            return Err(Error::Conflict);
        }
        let changed = position.value.clone().judging_by(proposal.to.clone());
        let applied = Fate::Applied { by: person(ctx)?.id, at: ctx.now() };
        let mut tx = self.store.batch();
        tx.update(POSITIONS, &position, &changed)?;
        tx.update(PROPOSALS, &stored, &Proposal { fate: applied, ..proposal.clone() })?;
        self.journal.change([permit.part("apply_proposal")?.on(id).on(changed.id)], tx).await?;
        Ok(changed)
    }

    /// Decides against a proposal. It is kept.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] if it was decided on already.
    pub async fn drop_proposal(&self, ctx: &Context, id: ProposalId) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let stored = self.open_proposal(id).await?;
        let dropped = Fate::Dropped { by: person(ctx)?.id, at: ctx.now() };
        let mut tx = self.store.batch();
        tx.update(PROPOSALS, &stored, &Proposal { fate: dropped, ..stored.value.clone() })?;
        self.journal.change([permit.part("drop_proposal")?.on(id)], tx).await?;
        Ok(())
    }

    async fn open_proposal(&self, id: ProposalId) -> Result<Stored<Proposal>> {
        let stored = self.store.get(PROPOSALS, Scope::Archive, id.to_bytes()).await?;
        let stored = stored.ok_or_else(|| Error::not_found(What::Proposal, &id))?;
        if stored.value.fate == Fate::Open { Ok(stored) } else { Err(Error::Conflict) }
    }
}

/// Whether a rule makes sense.
pub(crate) fn check(rule: &Scoring) -> Result<()> {
    rule.check()
        .map_err(|error| Error::invalid(error.message(Language::Chinese), error.message(Language::English)))
}
