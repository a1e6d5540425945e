//! Whoever calls: who they are, and their tokens.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_access::{Actor, Pass, TokenScope, TokenScopes};
use dossier_archive::{NewToken, TokenView};
use dossier_domain::{PositionId, TokenId, text::Line};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::{Asked, At, Body, Paging, Removed, whole},
    table::Table,
    text,
    users::User,
};
use crate::{
    failure::{Failure, Result},
    site::Site,
};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_me, me).with(__path_list, list).with(__path_add, add).with(__path_revoke, revoke)
}

/// What a token is good for.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum ScopeName {
    Read,
    Write,
    Sync,
    Manage,
    Log,
}

/// Whoever calls.
#[derive(Serialize, ToSchema)]
struct Me {
    user: User,
    /// The positions that they are responsible for.
    #[schema(value_type = Vec<String>)]
    positions: BTreeSet<PositionId>,
    /// What the token is good for; null in a session.
    #[schema(value_type = Option<Vec<ScopeName>>)]
    scopes: Option<TokenScopes>,
    /// Whether nothing but setting up a second factor is possible.
    second_factor_missing: bool,
}

/// Who calls, and what the call is good for.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "me", responses((status = 200, description = "Whoever calls", body = Me))
)]
async fn me(caller: Caller) -> Result<Json<Me>> {
    let Actor::Person { user, positions, pass, .. } = caller.ctx.actor().clone() else {
        return Err(Failure::SignIn);
    };
    let second_factor_missing = pass == Pass::PasswordOnly;
    let scopes = match pass {
        Pass::Token(scopes) => Some(scopes),
        Pass::Full | Pass::PasswordOnly => None,
    };
    Ok(Json(Me { user: user.into(), positions, scopes, second_factor_missing }))
}

/// A token, as its owner sees it.
#[derive(Serialize, ToSchema)]
struct Token {
    #[schema(value_type = String)]
    id: TokenId,
    /// What it is for.
    #[schema(value_type = String, min_length = 1)]
    name: Line,
    #[schema(value_type = Vec<ScopeName>)]
    scopes: TokenScopes,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    used_from: Option<String>,
}

impl From<TokenView> for Token {
    fn from(of: TokenView) -> Self {
        let TokenView { id, name, scopes, created_at, expires_at, used_at, used_from } = of;
        Self {
            id,
            name,
            scopes,
            created_at,
            expires_at,
            used_at,
            used_from: used_from.map(|word| word.to_string()),
        }
    }
}

/// Tokens, by id.
#[derive(Serialize, ToSchema)]
struct Tokens {
    tokens: Vec<Token>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
}

/// The caller's tokens.
///
/// Only in a session: no token knows of others.
#[utoipa::path(
    get, path = "/api/v1/me/tokens", tag = "me", params(Paging),
    responses((status = 200, description = "The tokens", body = Tokens))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Tokens>> {
    let (page, next) = paging.page(site.archive.tokens(&caller.ctx).await?, |token| token.id.to_string())?;
    Ok(Json(Tokens { tokens: page.into_iter().map(Token::from).collect(), next }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewToken)]
#[serde(deny_unknown_fields)]
struct NewOne {
    /// What it is for.
    #[schema(value_type = text::LineText)]
    name: Line,
    #[schema(value_type = Vec<ScopeName>, min_items = 1)]
    scopes: Vec<TokenScope>,
    /// In how many days it ends; 90 unless said otherwise.
    #[schema(minimum = 1, maximum = 366)]
    #[serde(default, deserialize_with = "whole")]
    days: Option<u32>,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
struct Made {
    #[serde(flatten)]
    view: Token,
    /// What the program sends; it is shown only now.
    token: String,
}

/// Makes a token.
///
/// Only in a session.
#[utoipa::path(
    post, path = "/api/v1/me/tokens", tag = "me", request_body = NewOne,
    responses((status = 201, description = "The token", body = Made))
)]
async fn add(caller: Caller, State(site): State<Arc<Site>>, Body(new): Body<NewOne>) -> Result<Response> {
    let scopes = TokenScopes::new(new.scopes).map_err(dossier_archive::Error::from)?;
    let new = NewToken { name: new.name, scopes, days: new.days };
    let made = site.archive.make_token(&caller.ctx, new).await?;
    let made = Made { token: made.token.reveal().to_owned(), view: made.view.into() };
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfToken {
    /// The token's id.
    #[param(value_type = String)]
    token: TokenId,
}

/// Revokes a token.
#[utoipa::path(
    delete, path = "/api/v1/me/tokens/{token}", tag = "me", params(OfToken),
    responses((status = 200, description = "It is revoked", body = Removed))
)]
async fn revoke(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfToken>) -> Result<Json<Removed>> {
    site.archive.revoke_token(&caller.ctx, of.token).await?;
    Ok(Removed::new(of.token))
}
