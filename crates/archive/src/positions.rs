//! Positions and their interviewers.

mod import;

use dossier_access::{Action, Context, Resource, Role, User};
use dossier_domain::{
    Language, Position, PositionChange,
    text::{BranchName, Line, Login, PositionName},
};
use dossier_storage::{Scope, Stored, Tx};

use crate::{
    Archive, Error, Result, What,
    records::{POSITIONS, all_past_damage},
};

pub use import::POSITION_COLUMNS;

/// The look-up of a position's names.
const NAME: &str = "position";

/// A position to be set up.
#[derive(Debug, Clone)]
pub struct NewPosition {
    /// Its name.
    pub name: PositionName,
    /// Other names under which vendors list it.
    pub aliases: Vec<PositionName>,
    /// The branch of the bank that hires for it.
    pub branch: Option<BranchName>,
    /// The AI score from which an interview counts as passed.
    pub pass_mark: Option<f64>,
    /// The questions asked.
    pub questions: Vec<Line>,
}

impl Archive {
    /// Sets up a position.
    ///
    /// # Errors
    /// [`Error::Exists`] if the name, or an alias, is taken; [`Error::Invalid`] for a pass mark that is no score.
    pub async fn add_position(&self, ctx: &Context, new: NewPosition) -> Result<Position> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let position = Position {
            aliases: new.aliases,
            branch: new.branch,
            pass_mark: new.pass_mark,
            questions: new.questions,
            ..Position::new(ctx.new_id()?, new.name, ctx.now())
        };
        let (known, _) = all_past_damage(&self.store, POSITIONS).await?;
        check(&position, known.iter().map(|stored| &stored.value))?;
        let mut tx = self.store.batch();
        tx.insert(POSITIONS, Scope::Archive, position.id.to_bytes(), &position)?;
        claim(&mut tx, None, &position)?;
        self.journal.change([permit.on(position.id)], tx).await?;
        Ok(position)
    }

    /// Changes a position: its names, its branch, how it judges. Applications that are there follow.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Exists`] if a name is another position's; [`Error::Invalid`] for what makes no sense.
    pub async fn edit_position(
        &self,
        ctx: &Context,
        position: &PositionName,
        change: &PositionChange,
    ) -> Result<Position> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let (known, _) = all_past_damage(&self.store, POSITIONS).await?;
        let stored = known.iter().find(|stored| stored.value.is_called(position));
        let stored = stored.ok_or_else(|| Error::not_found(What::Position, position))?;
        let changed = stored.value.after(change);
        check(&changed, known.iter().map(|stored| &stored.value))?;
        self.change_position(permit.part("edit_position")?.on(changed.id), stored, changed).await
    }

    /// All positions, open and closed. What is damaged is left out: `doctor` names it.
    ///
    /// # Errors
    /// [`Error::Denied`] for who manages no positions.
    pub async fn positions(&self, ctx: &Context) -> Result<Vec<Position>> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("list_positions")?).await?;
        let all = all_past_damage(&self.store, POSITIONS).await;
        let all = all.map(|(all, _)| all.into_iter().map(|stored| stored.value).collect());
        self.conclude(intent, &all, &[]);
        all
    }

    /// The users who can be named as interviewers.
    ///
    /// # Errors
    /// [`Error::Denied`] for who does not manage positions.
    pub async fn interviewers(&self, ctx: &Context) -> Result<Vec<User>> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("list_interviewers")?).await?;
        let users = self.all_users().await.map(|mut users| {
            users.retain(|user| user.roles.contains(Role::Interviewer));
            users
        });
        self.conclude(intent, &users, &[]);
        users
    }

    /// Makes someone the interviewer of a position, or ends it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] if the user is no interviewer.
    pub async fn set_interviewer(
        &self,
        ctx: &Context,
        position: &PositionName,
        login: &Login,
        responsible: bool,
    ) -> Result<Position> {
        let user = self.find_user(login).await?;
        let id = user.as_ref().map_or_else(|| ctx.new_id(), |stored| Ok(stored.value.id))?;
        let objects = [id.into()];
        let permit =
            self.authorise_on(ctx, Action::GrantInterviewer, &Resource::User { id }, &objects).await?;
        let user = user.ok_or_else(|| Error::not_found(What::User, login))?.value;
        if !user.roles.contains(dossier_access::Role::Interviewer) {
            return Err(no_interviewer(login));
        }
        let stored = self.position_called(position).await?;
        let mut changed = stored.value.clone();
        changed.interviewers.retain(|other| *other != user.id);
        if responsible {
            changed.interviewers.push(user.id);
        }
        self.change_position(permit.on(changed.id), &stored, changed).await
    }

    /// Closes a position, which takes its interviewers' rights away, or opens it again.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn close_position(
        &self,
        ctx: &Context,
        position: &PositionName,
        closed: bool,
    ) -> Result<Position> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let stored = self.position_called(position).await?;
        let changed = Position { closed_at: closed.then(|| ctx.now()), ..stored.value.clone() };
        self.change_position(permit.on(changed.id), &stored, changed).await
    }

    /// Says which branch of the bank hires for a position, or that none does.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn set_branch(
        &self,
        ctx: &Context,
        position: &PositionName,
        branch: Option<BranchName>,
    ) -> Result<Position> {
        let change = PositionChange { branch: Some(branch), ..PositionChange::default() };
        self.edit_position(ctx, position, &change).await
    }

    pub(crate) async fn change_position(
        &self,
        permit: crate::permit::Permit,
        stored: &Stored<Position>,
        changed: Position,
    ) -> Result<Position> {
        let mut tx = self.store.batch();
        tx.update(POSITIONS, stored, &changed)?;
        claim(&mut tx, Some(&stored.value), &changed)?;
        self.journal.change([permit], tx).await?;
        Ok(changed)
    }

    pub(crate) async fn position_called(&self, name: &PositionName) -> Result<Stored<Position>> {
        let (all, _) = all_past_damage(&self.store, POSITIONS).await?;
        all.into_iter()
            .find(|stored| stored.value.is_called(name))
            .ok_or_else(|| Error::not_found(What::Position, name))
    }
}

fn no_interviewer(login: &Login) -> Error {
    Error::invalid(
        format!("{login} 没有面试官角色，不能负责岗位"),
        format!("{login} does not hold the role interviewer and can't be responsible for a position"),
    )
}

/// Whether a position makes sense beside the others: nobody else has one of its names.
pub(crate) fn check<'a>(position: &Position, others: impl Iterator<Item = &'a Position>) -> Result<()> {
    position.check().map_err(|error| {
        Error::invalid(error.message(Language::Chinese), error.message(Language::English))
    })?;
    let taken = others
        .filter(|other| other.id != position.id)
        .find_map(|other| position.names().find(|name| other.is_called(name)));
    taken.map_or(Ok(()), |name| Err(Error::exists(What::Position, name)))
}

/// Holds the names of a position for it alone, and lets those go that it has no more.
pub(crate) fn claim(tx: &mut Tx<'_>, before: Option<&Position>, after: &Position) -> Result<()> {
    for name in before.iter().flat_map(|before| before.names()).filter(|name| !after.is_called(name)) {
        tx.release(NAME, name.as_str().as_bytes())?;
    }
    for name in after.names().filter(|name| before.is_none_or(|before| !before.is_called(name))) {
        tx.claim(NAME, name.as_str().as_bytes(), &after.id.to_bytes())?;
    }
    Ok(())
}
