//! Moving applications through the stages.

use dossier_access::{Action, Context};
use dossier_domain::{Application, ApplicationId, Outcome, Stage, StageMove, text::Line};

use crate::{
    Archive, Error, Result,
    records::{APPLICATIONS, scope_of},
};

impl Archive {
    /// Moves an application to another stage.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`]; [`Error::Invalid`] for a move to where it stands, and for a rejection without
    /// a person or a reason.
    pub async fn move_stage(
        &self,
        ctx: &Context,
        id: ApplicationId,
        to: Stage,
        outcome: Outcome,
        reason: Option<Line>,
    ) -> Result<Application> {
        let (file, _, _, permit) = self.find(ctx, Action::MoveStage, id).await?;
        let scope = scope_of(file.application.candidate);
        let stored = self.store.get(APPLICATIONS, scope, id.to_bytes()).await?.ok_or(Error::Conflict)?;
        permit.relies_on(&stored)?;
        let from = stored.value.stage();
        let by = ctx.actor().user().map(|user| user.id);
        if from == to {
            return Err(Error::invalid("应聘已在此阶段", "the application stands in this stage already"));
        }
        if to == Stage::Rejected && (by.is_none() || reason.is_none()) {
            return Err(Error::invalid(
                "淘汰须由人决定并写明理由",
                "a rejection needs a person and a reason",
            ));
        }
        let mut application = stored.value.clone();
        application.moves.push(StageMove { from: Some(from), to, at: ctx.now(), by, outcome, reason });
        let mut tx = self.store.batch();
        tx.update(APPLICATIONS, &stored, &application)?;
        self.journal.change([permit], tx).await?;
        Ok(application)
    }
}
