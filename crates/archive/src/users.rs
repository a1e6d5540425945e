//! Users and their roles.

use dossier_access::{Action, Actor, Context, Job, Resource, Role, RoleSet, User, Word, decide_removal};
use dossier_domain::{
    UserId,
    text::{Login, PersonName},
};
use dossier_storage::{Scope, Stored};

use crate::{Archive, Error, Result, What, records, records::USERS};

/// A user to be set up.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name to sign in with.
    pub login: Login,
    /// The name that people read.
    pub name: PersonName,
    /// What they do here.
    pub roles: RoleSet,
}

impl Archive {
    /// Makes the first user, a system administrator, while there is none at all.
    ///
    /// # Errors
    /// [`Error::Denied`] once there is a user.
    pub async fn add_first_user(&self, origin: Word, new: NewUser) -> Result<User> {
        if !self.store.page(USERS, Scope::Archive, None, 1).await?.is_empty() {
            return Err(Error::Denied(dossier_access::Reason::NotYourDuty));
        }
        if !new.roles.contains(Role::SystemAdministrator) {
            return Err(Error::invalid(
                "首位用户须是系统管理员",
                "the first user must be a system administrator",
            ));
        }
        let ctx = self.context(Actor::system(Job::Setup), origin)?;
        self.add_user(&ctx, new).await
    }

    /// Sets up a user.
    ///
    /// # Errors
    /// [`Error::Exists`] if the sign-in name is taken.
    pub async fn add_user(&self, ctx: &Context, new: NewUser) -> Result<User> {
        let user = User {
            id: ctx.new_id()?,
            login: new.login,
            name: new.name,
            roles: new.roles,
            created_at: ctx.now(),
            suspended_at: None,
        };
        let resource = Resource::User { id: user.id };
        let manage = self.authorise_on(ctx, Action::ManageUsers, &resource, &[user.id.into()]).await?;
        let grant = self.authorise_on(ctx, Action::GrantRole, &resource, &[user.id.into()]).await?;
        if self.find_user(&user.login).await?.is_some() {
            return Err(Error::exists(What::User, &user.login));
        }
        let mut tx = self.store.batch();
        tx.insert(USERS, Scope::Archive, user.id.to_bytes(), &user)?;
        tx.claim("login", user.login.as_str().as_bytes(), &user.id.to_bytes())?;
        self.journal.change([manage, grant], tx).await?;
        Ok(user)
    }

    /// All users.
    ///
    /// # Errors
    /// [`Error::Denied`] for who does not manage users.
    pub async fn users(&self, ctx: &Context) -> Result<Vec<User>> {
        let permit = self.authorise(ctx, Action::ManageUsers, &Resource::User { id: ctx.new_id()? }).await?;
        let intent = self.journal.intend(permit.part("list_users")?).await?;
        let users = self.all_users().await;
        self.conclude(intent, &users, &[]);
        users
    }

    /// Gives a user other roles.
    ///
    /// # Errors
    /// [`Error::Denied`] for one's own roles, or when nobody would be left in a role that somebody must have.
    pub async fn set_roles(&self, ctx: &Context, login: &Login, roles: RoleSet) -> Result<User> {
        let (stored, permit) = self.user_to_change(ctx, Action::GrantRole, login).await?;
        let taken = stored.value.roles.iter().filter(|role| !roles.contains(*role));
        let keepers = self.keep_somebody(taken, stored.value.id).await?;
        let changed = User { roles, ..stored.value.clone() };
        self.change_user(permit, &stored, changed, &keepers).await
    }

    /// Takes all rights from a user, or gives them back.
    ///
    /// # Errors
    /// [`Error::Denied`] when nobody would be left in a role that somebody must have.
    pub async fn suspend_user(&self, ctx: &Context, login: &Login, suspended: bool) -> Result<User> {
        let (stored, permit) = self.user_to_change(ctx, Action::ManageUsers, login).await?;
        let taken = stored.value.roles.iter().filter(|_| suspended);
        let keepers = self.keep_somebody(taken, stored.value.id).await?;
        let changed = User { suspended_at: suspended.then(|| ctx.now()), ..stored.value.clone() };
        self.change_user(permit, &stored, changed, &keepers).await
    }

    /// The actor of this sign-in name with the rights of this moment. It decides nothing: who may act as whom is for the
    /// application to establish.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn actor(&self, login: &Login) -> Result<Actor> {
        let user = self.find_user(login).await?.ok_or_else(|| Error::not_found(What::User, login))?;
        let positions = records::positions(&self.store).await?;
        let policy = self.stored_policy().await?;
        Ok(Actor::person(user.value, positions.values()).under(policy.table))
    }

    pub(crate) async fn find_user(&self, login: &Login) -> Result<Option<Stored<User>>> {
        let Some(id) = self.store.lookup("login", login.as_str().as_bytes()).await? else { return Ok(None) };
        Ok(self.store.get(USERS, Scope::Archive, id).await?)
    }

    pub(crate) async fn all_users(&self) -> Result<Vec<User>> {
        Ok(self.store.all(USERS, Scope::Archive).await?.into_iter().map(|stored| stored.value).collect())
    }

    pub(crate) async fn user_to_change(
        &self,
        ctx: &Context,
        action: Action,
        login: &Login,
    ) -> Result<(Stored<User>, crate::permit::Permit)> {
        let stored = self.find_user(login).await?;
        // Who may not manage users does not learn which there are.
        let id = stored.as_ref().map_or_else(|| ctx.new_id(), |stored| Ok(stored.value.id))?;
        let permit = self.authorise_on(ctx, action, &Resource::User { id }, &[id.into()]).await?;
        let stored = stored.ok_or_else(|| Error::not_found(What::User, login))?;
        Ok((stored, permit))
    }

    /// Who holds these roles besides: one user for each, on whom the change relies.
    async fn keep_somebody(
        &self,
        roles: impl Iterator<Item = Role>,
        but: UserId,
    ) -> Result<Vec<Stored<User>>> {
        let users = self.store.all(USERS, Scope::Archive).await?;
        let mut keepers = Vec::new();
        for role in roles {
            let keeps = |user: &User| user.id != but && !user.is_suspended() && user.roles.contains(role);
            let remaining: Vec<_> = users.iter().filter(|stored| keeps(&stored.value)).collect();
            decide_removal(role, remaining.len()).into_result().map_err(Error::Denied)?;
            keepers.extend(remaining.first().copied().cloned());
        }
        Ok(keepers)
    }

    /// Changes a user, unless one of the `keepers` is changed at the same time: two administrators can't suspend each other.
    async fn change_user(
        &self,
        permit: crate::permit::Permit,
        stored: &Stored<User>,
        changed: User,
        keepers: &[Stored<User>],
    ) -> Result<User> {
        let mut tx = self.store.batch();
        for keeper in keepers {
            tx.expect_unchanged(keeper);
        }
        tx.update(USERS, stored, &changed)?;
        self.journal.change([permit], tx).await?;
        Ok(changed)
    }
}
