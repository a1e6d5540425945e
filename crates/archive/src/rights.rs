//! Rights, explained: what somebody may do, and why not.

use dossier_access::{Action, Actor, Context, Reason, Resource, Target, decide};
use dossier_domain::{
    Position, Stage,
    text::{Login, PositionName},
};

use crate::{Archive, Error, Result, What, records};

/// What somebody may do to an application of a position in a stage, and to the archive.
#[derive(Debug, Clone)]
pub struct Rights {
    /// Who.
    pub actor: Actor,
    /// The position whose application it would be.
    pub position: Position,
    /// The stage in which it would stand.
    pub stage: Stage,
    /// Each action with the reason against it; `None` where it is allowed.
    pub actions: Vec<(Action, Option<Reason>)>,
}

impl Archive {
    /// Says what a user may do to an application of this position in this stage, by asking the very decision function
    /// that every use case asks. Nothing of any application is looked at.
    ///
    /// # Errors
    /// [`Error::Denied`] for who neither manages users nor names interviewers; [`Error::NotFound`].
    pub async fn explain_rights(
        &self,
        ctx: &Context,
        login: &Login,
        position: &PositionName,
        stage: Stage,
    ) -> Result<Rights> {
        let user = self.find_user(login).await?;
        let id = user.as_ref().map_or_else(|| ctx.new_id(), |stored| Ok(stored.value.id))?;
        let resource = Resource::User { id };
        let names_interviewers = ctx.decide(Action::GrantInterviewer, &resource).is_allowed();
        let action = if names_interviewers { Action::GrantInterviewer } else { Action::ManageUsers };
        let permit = self.authorise_on(ctx, action, &resource, &[id.into()]).await?;
        let user = user.ok_or_else(|| Error::not_found(What::User, login))?.value;
        let positions = records::positions(&self.store).await?;
        let found = positions.values().find(|of| of.is_called(position)).cloned();
        let position = found.ok_or_else(|| Error::not_found(What::Position, position))?;
        let intent = self.journal.intend(permit.part("explain_rights")?.on(id)).await?;
        let policy = self.stored_policy().await?;
        let actor = Actor::person(user, positions.values()).under(policy.table);
        let application = Resource::Application { position: position.id, stage };
        let actions = Action::all().filter_map(|action| {
            let resource = match action.target() {
                Target::Application => application,
                Target::Archive => Resource::Archive,
                Target::Scorecard | Target::User | Target::Account => return None,
            };
            Some((action, decide(&actor, action, &resource).into_result().err()))
        });
        let rights = Ok(Rights { actions: actions.collect(), position, stage, actor: actor.clone() });
        self.conclude(intent, &rights, &[]);
        rights
    }
}
