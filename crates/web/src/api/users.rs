//! Users and their roles.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_access::{Context, Role, RoleSet};
use dossier_archive::NewUser;
use dossier_domain::{
    UserId,
    text::{Login, PersonName},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::{Asked, At, Body, IfMatch, Paging, tagged},
    table::Table,
    text,
};
use crate::{
    failure::{Failure, Result},
    site::Site,
};

pub(super) fn routes(table: Table) -> Table {
    let table =
        table.with(__path_list, list).with(__path_add, add).with(__path_one, one).with(__path_roles, roles);
    table.with(__path_suspend, suspend).with(__path_resume, resume).with(__path_invite, invite)
}

/// What somebody does here.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
pub(super) enum RoleName {
    HrAdministrator,
    Interviewer,
    BackgroundChecker,
    Auditor,
    SystemAdministrator,
}

/// A user.
#[derive(Serialize, ToSchema)]
pub(super) struct User {
    #[schema(value_type = String)]
    id: UserId,
    #[schema(value_type = String, min_length = 1)]
    login: Login,
    #[schema(value_type = String, min_length = 1)]
    name: PersonName,
    #[schema(value_type = Vec<RoleName>)]
    roles: RoleSet,
    created_at: DateTime<Utc>,
    /// Since when they may do nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    suspended_at: Option<DateTime<Utc>>,
}

impl From<dossier_access::User> for User {
    fn from(of: dossier_access::User) -> Self {
        let dossier_access::User { id, login, name, roles, created_at, suspended_at } = of;
        Self { id, login, name, roles, created_at, suspended_at }
    }
}

/// Users, by id.
#[derive(Serialize, ToSchema)]
struct Users {
    users: Vec<User>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
}

/// All users.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "users", params(Paging),
    responses((status = 200, description = "The users", body = Users))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Users>> {
    let (page, next) = paging.page(site.archive.users(&caller.ctx).await?, |user| user.id.to_string())?;
    Ok(Json(Users { users: page.into_iter().map(User::from).collect(), next }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewUser)]
#[serde(deny_unknown_fields)]
struct NewOne {
    /// The name to sign in with.
    #[schema(value_type = text::LoginText)]
    login: Login,
    /// The name that people read; the sign-in name unless said otherwise.
    #[schema(value_type = Option<text::PersonNameText>)]
    name: Option<String>,
    #[schema(value_type = Vec<RoleName>, min_items = 1)]
    roles: Vec<Role>,
}

/// Roles that go together.
fn together(roles: Vec<Role>) -> Result<RoleSet> {
    RoleSet::new(roles).map_err(|error| Failure::from(dossier_archive::Error::from(error)))
}

/// Sets up a user.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "users", request_body = NewOne,
    responses((status = 201, description = "The user", body = User))
)]
async fn add(caller: Caller, State(site): State<Arc<Site>>, Body(new): Body<NewOne>) -> Result<Response> {
    let name = new.name.as_deref().unwrap_or(new.login.as_str());
    let name = super::extract::parsed(("姓名", "the name"), name, PersonName::parse)?;
    let new = NewUser { login: new.login, name, roles: together(new.roles)? };
    let user = User::from(site.archive.add_user(&caller.ctx, new).await?);
    Ok((StatusCode::CREATED, Json(user)).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfUser {
    /// The sign-in name.
    #[param(value_type = String)]
    login: Login,
}

/// One user.
#[utoipa::path(
    get, path = "/api/v1/users/{login}", tag = "users", params(OfUser),
    responses((status = 200, description = "The user", body = User, headers(("ETag", description = "Their state"))))
)]
async fn one(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfUser>) -> Result<Response> {
    tagged(find(&caller.ctx, &site, &of.login).await?)
}

async fn find(ctx: &Context, site: &Site, login: &Login) -> Result<User> {
    let all = site.archive.users(ctx).await?;
    all.into_iter().find(|user| user.login == *login).map(User::from).ok_or(Failure::NoPage)
}

/// The context for a change of a user who is in the state demanded.
async fn holding(when: IfMatch, caller: Caller, site: &Site, login: &Login) -> Result<Context> {
    when.holds(caller, site, async |ctx| find(ctx, site, login).await).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Roles {
    #[schema(value_type = Vec<RoleName>, min_items = 1)]
    roles: Vec<Role>,
}

/// Gives a user other roles.
///
/// Nobody changes their own, auditors and system administrators hold no other, and somebody is left in each role that
/// somebody must have.
#[utoipa::path(
    put, path = "/api/v1/users/{login}/roles", tag = "users", request_body = Roles,
    params(OfUser, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The user", body = User, headers(("ETag", description = "Their state"))))
)]
async fn roles(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfUser>,
    when: IfMatch,
    Body(wanted): Body<Roles>,
) -> Result<Response> {
    let ctx = holding(when, caller, &site, &of.login).await?;
    tagged(User::from(site.archive.set_roles(&ctx, &of.login, together(wanted.roles)?).await?))
}

/// Takes all rights from a user.
#[utoipa::path(
    post, path = "/api/v1/users/{login}/suspend", tag = "users",
    params(OfUser, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The user", body = User, headers(("ETag", description = "Their state"))))
)]
async fn suspend(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfUser>,
    when: IfMatch,
) -> Result<Response> {
    let ctx = holding(when, caller, &site, &of.login).await?;
    tagged(User::from(site.archive.suspend_user(&ctx, &of.login, true).await?))
}

/// Gives a user their rights back.
#[utoipa::path(
    post, path = "/api/v1/users/{login}/resume", tag = "users",
    params(OfUser, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The user", body = User, headers(("ETag", description = "Their state"))))
)]
async fn resume(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfUser>,
    when: IfMatch,
) -> Result<Response> {
    let ctx = holding(when, caller, &site, &of.login).await?;
    tagged(User::from(site.archive.suspend_user(&ctx, &of.login, false).await?))
}

/// A one-time link by which somebody sets a password.
#[derive(Serialize, ToSchema)]
struct Link {
    #[schema(value_type = String, min_length = 1)]
    login: Login,
    /// Where it leads on this server.
    path: String,
    expires_at: DateTime<Utc>,
}

/// Makes a one-time link by which a user sets a password.
///
/// Nobody does that by a token: a link that sets somebody's password is given by a person.
#[utoipa::path(
    post, path = "/api/v1/users/{login}/invite", tag = "users", params(OfUser),
    responses((status = 201, description = "The link, shown only now", body = Link))
)]
async fn invite(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfUser>) -> Result<Response> {
    let link = site.archive.invite(&caller.ctx, &of.login).await?;
    let path = format!("/welcome/{}", link.token.reveal());
    Ok((StatusCode::CREATED, Json(Link { login: of.login, path, expires_at: link.expires_at }))
        .into_response())
}
