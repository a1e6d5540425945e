//! Connections: setting vendors up, testing, choosing fields, suspending, and what is late or made no sense.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_access::Context;
use dossier_archive::{
    ConnectionState, Failing, NewConnection, NewCredentials, Pending, Polling, Quarantined,
};
use dossier_domain::{
    ConnectionId, FieldSelection,
    text::{Line, VendorName},
};
use dossier_vendor::{Credentials, Secret};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    applications::shape::KindName,
    caller::Caller,
    extract::{Asked, At, Body, IfMatch, Paging, Removed, tagged},
    table::Table,
    text,
};
use crate::{
    failure::{Failure, Result},
    site::Site,
};

pub(super) fn routes(table: Table) -> Table {
    let table =
        table.with(__path_list, list).with(__path_add, add).with(__path_one, one).with(__path_remove, remove);
    let table = table.with(__path_test, test).with(__path_fields, fields).with(__path_retry, retry);
    let table = table.with(__path_suspend, suspend).with(__path_resume, resume);
    table.with(__path_credentials, credentials).with(__path_polling, polling)
}

/// A configured vendor. Its key is never shown.
#[derive(Serialize, ToSchema)]
struct Connection {
    #[schema(value_type = String)]
    id: ConnectionId,
    #[schema(value_type = String, min_length = 1)]
    name: Line,
    #[schema(value_type = String)]
    vendor: VendorName,
    /// The adapter's settings.
    #[schema(value_type = Object)]
    settings: serde_json::Value,
    /// What is synced.
    #[schema(value_type = Vec<FieldName>)]
    fields: FieldSelection,
    requests_per_second: f64,
    /// Up to where everything is stored; opaque.
    cursor: serde_json::Value,
    created_at: DateTime<Utc>,
    /// When the last sync ended well.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    synced_at: Option<DateTime<Utc>>,
    /// Since when nothing is fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    suspended_at: Option<DateTime<Utc>>,
    /// How often it is synced by itself.
    #[schema(value_type = PollingName)]
    polling: Polling,
}

/// How often a connection is synced by itself; webhooks, and people who ask, are followed at any time.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum PollingName {
    Always,
    Hourly,
    Daily,
    Never,
}

/// Something that can be synced.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum FieldName {
    CandidateName,
    Position,
    InterviewTime,
    AiScore,
    Video,
    Transcript,
    Emotion,
    SkillAssessment,
    ResumeReport,
}

impl From<dossier_archive::Connection> for Connection {
    fn from(of: dossier_archive::Connection) -> Self {
        Self {
            id: of.id,
            name: of.name,
            vendor: of.vendor,
            settings: of.settings,
            fields: of.fields,
            requests_per_second: of.requests_per_second,
            cursor: serde_json::to_value(&of.cursor).unwrap_or_default(),
            created_at: of.created_at,
            synced_at: of.synced_at,
            suspended_at: of.suspended_at,
            polling: of.polling,
        }
    }
}

/// A connection and how it stands.
#[derive(Serialize, ToSchema)]
struct Standing {
    connection: Connection,
    /// Interviews of which something is still to come.
    #[schema(value_type = Vec<Waiting>)]
    pending: Vec<Pending>,
    /// What made no sense.
    #[schema(value_type = Vec<Aside>)]
    quarantined: Vec<Quarantined>,
    /// That its last syncs failed, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Failed, nullable = false)]
    failing: Option<Failing>,
    /// Whether it has the secret by which webhooks are verified.
    hears_webhooks: bool,
}

/// That syncs fail.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, never made")]
struct Failed {
    /// Since when.
    since: DateTime<Utc>,
    /// When the last one failed.
    at: DateTime<Utc>,
    problem: Sentence,
}

/// An interview of which something is still to come.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, never made")]
struct Waiting {
    connection: String,
    remote_id: String,
    kinds: Vec<KindName>,
    since: DateTime<Utc>,
    #[schema(nullable = false)]
    problem: Option<Sentence>,
}

/// Something that was set aside.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, never made")]
struct Aside {
    connection: String,
    #[schema(nullable = false)]
    remote_id: Option<String>,
    /// `interview`, `listing_entry` or `video`.
    part: String,
    /// Where in the vendor's data: a JSON Pointer.
    pointer: String,
    problem: Sentence,
    first_seen: DateTime<Utc>,
    last_seen: DateTime<Utc>,
    attempts: u32,
}

/// A sentence in both languages.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, never made")]
struct Sentence {
    zh: String,
    en: String,
}

impl From<ConnectionState> for Standing {
    fn from(of: ConnectionState) -> Self {
        Self {
            connection: of.connection.into(),
            pending: of.pending,
            quarantined: of.quarantined,
            failing: of.failing,
            hears_webhooks: of.hears_webhooks,
        }
    }
}

/// Connections, by id.
#[derive(Serialize, ToSchema)]
struct Connections {
    connections: Vec<Standing>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
}

/// All connections.
#[utoipa::path(
    get, path = "/api/v1/connections", tag = "connections", params(Paging),
    responses((status = 200, description = "The connections", body = Connections))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Connections>> {
    let all = site.archive.connections(&caller.ctx).await?;
    let (page, next) = paging.page(all, |of| of.connection.id.to_string())?;
    Ok(Json(Connections { connections: page.into_iter().map(Standing::from).collect(), next }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewConnection)]
#[serde(deny_unknown_fields)]
struct NewOne {
    #[schema(value_type = text::LineText)]
    name: Line,
    /// Which vendor.
    #[schema(value_type = text::VendorText)]
    vendor: VendorName,
    /// The key that the vendor gave.
    #[schema(min_length = 1, pattern = r"\S")]
    api_key: String,
    /// The secret of the vendor's webhooks.
    webhook_secret: Option<String>,
    /// The adapter's settings.
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: serde_json::Map<String, serde_json::Value>,
    /// What is synced; everything unless said otherwise.
    #[serde(default)]
    #[schema(value_type = Vec<FieldName>)]
    fields: FieldSelection,
    /// How many requests the vendor gets in the long run.
    #[schema(minimum = 0.1, maximum = 10000)]
    requests_per_second: Option<f64>,
}

/// Sets up a connection.
///
/// Its settings are checked; the vendor is not asked.
#[utoipa::path(
    post, path = "/api/v1/connections", tag = "connections", request_body = NewOne,
    responses((status = 201, description = "The connection", body = Connection))
)]
async fn add(caller: Caller, State(site): State<Arc<Site>>, Body(new): Body<NewOne>) -> Result<Response> {
    if new.api_key.trim().is_empty() {
        return Err(Failure::bad("请填写 API 密钥", "enter the API key"));
    }
    let webhook = new.webhook_secret.filter(|secret| !secret.trim().is_empty()).map(Secret::new);
    let new = NewConnection {
        name: new.name,
        vendor: new.vendor,
        settings: new.settings.into(),
        credentials: Credentials { key: Secret::new(new.api_key), webhook },
        fields: new.fields,
        requests_per_second: new.requests_per_second,
    };
    let connection = Connection::from(site.archive.add_connection(&caller.ctx, new).await?);
    Ok((StatusCode::CREATED, Json(connection)).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OfConnection {
    /// The connection's name or id.
    pub(super) connection: String,
}

/// One connection, with what is pending and quarantined.
#[utoipa::path(
    get, path = "/api/v1/connections/{connection}", tag = "connections", params(OfConnection),
    responses((status = 200, description = "The connection", body = Standing, headers(("ETag", description = "Its state"))))
)]
async fn one(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfConnection>) -> Result<Response> {
    tagged(find(&caller.ctx, &site, &of.connection).await?)
}

async fn find(ctx: &Context, site: &Site, called: &str) -> Result<Standing> {
    let all = site.archive.connections(ctx).await?;
    let is_it = |of: &ConnectionState| {
        of.connection.name.as_str() == called || of.connection.id.to_string() == called
    };
    all.into_iter().find(is_it).map(Standing::from).ok_or(Failure::NoPage)
}

/// The context for a change of a connection that is in the state demanded.
async fn holding(when: IfMatch, caller: Caller, site: &Site, called: &str) -> Result<Context> {
    when.holds(caller, site, async |ctx| find(ctx, site, called).await).await
}

/// Removes a connection and its key; what it brought stays.
#[utoipa::path(
    delete, path = "/api/v1/connections/{connection}", tag = "connections",
    params(OfConnection, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "It is removed", body = Removed))
)]
async fn remove(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
    when: IfMatch,
) -> Result<Json<Removed>> {
    let ctx = holding(when, caller, &site, &of.connection).await?;
    site.archive.remove_connection(&ctx, &of.connection).await?;
    Ok(Removed::new(of.connection))
}

/// Who we are at the vendor.
#[derive(Serialize, ToSchema)]
struct Account {
    /// The account's name, where the vendor tells it.
    account: Option<String>,
    /// How many positions the account shows.
    positions: usize,
    /// The vendor's clock.
    server_time: Option<DateTime<Utc>>,
}

/// Asks the vendor who we are there.
///
/// What is wrong with key, scope, address, clock or expiry is answered with 502 and in words.
#[utoipa::path(
    post, path = "/api/v1/connections/{connection}/test", tag = "connections", params(OfConnection),
    responses((status = 200, description = "The connection works", body = Account))
)]
async fn test(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
) -> Result<Json<Account>> {
    let account = site.archive.test_connection(&caller.ctx, &of.connection).await?;
    let name = account.name.map(|name| name.to_string());
    Ok(Json(Account { account: name, positions: account.positions, server_time: account.server_time }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Fields {
    /// What is synced from now on.
    #[schema(value_type = Vec<FieldName>)]
    fields: FieldSelection,
}

/// Chooses what is synced from now on; what is here stays.
#[utoipa::path(
    put, path = "/api/v1/connections/{connection}/fields", tag = "connections", request_body = Fields,
    params(OfConnection, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The connection", body = Connection))
)]
async fn fields(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
    when: IfMatch,
    Body(chosen): Body<Fields>,
) -> Result<Json<Connection>> {
    let ctx = holding(when, caller, &site, &of.connection).await?;
    Ok(Json(site.archive.choose_fields(&ctx, &of.connection, chosen.fields).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Keys {
    /// Another key that the vendor gave.
    #[schema(min_length = 1, pattern = r"\S")]
    api_key: Option<String>,
    /// Another secret of the vendor's webhooks, or the first one.
    #[schema(min_length = 1, pattern = r"\S")]
    webhook_secret: Option<String>,
}

/// Replaces the key, or the secret of the webhooks, or both.
///
/// What is not given stays. The vendor is not asked.
#[utoipa::path(
    put, path = "/api/v1/connections/{connection}/credentials", tag = "connections", request_body = Keys,
    params(OfConnection, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The connection", body = Connection))
)]
async fn credentials(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
    when: IfMatch,
    Body(keys): Body<Keys>,
) -> Result<Json<Connection>> {
    let ctx = holding(when, caller, &site, &of.connection).await?;
    let secret = |given: Option<String>| {
        let given = given.map(|secret| secret.trim().to_owned());
        given.filter(|secret| !secret.is_empty()).map(Secret::new)
    };
    let new = NewCredentials { key: secret(keys.api_key), webhook: secret(keys.webhook_secret) };
    Ok(Json(site.archive.change_credentials(&ctx, &of.connection, new).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Schedule {
    #[schema(value_type = PollingName)]
    polling: Polling,
}

/// Chooses how often a connection is synced by itself.
#[utoipa::path(
    put, path = "/api/v1/connections/{connection}/polling", tag = "connections", request_body = Schedule,
    params(OfConnection, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The connection", body = Connection))
)]
async fn polling(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
    when: IfMatch,
    Body(chosen): Body<Schedule>,
) -> Result<Json<Connection>> {
    let ctx = holding(when, caller, &site, &of.connection).await?;
    Ok(Json(site.archive.choose_polling(&ctx, &of.connection, chosen.polling).await?.into()))
}

/// Stops a connection from fetching anything; a sync under way ends.
#[utoipa::path(
    post, path = "/api/v1/connections/{connection}/suspend", tag = "connections",
    params(OfConnection, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The connection", body = Connection))
)]
async fn suspend(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
    when: IfMatch,
) -> Result<Json<Connection>> {
    let ctx = holding(when, caller, &site, &of.connection).await?;
    Ok(Json(site.archive.suspend_connection(&ctx, &of.connection, true).await?.into()))
}

/// Lets a connection fetch again.
#[utoipa::path(
    post, path = "/api/v1/connections/{connection}/resume", tag = "connections",
    params(OfConnection, ("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The connection", body = Connection))
)]
async fn resume(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
    when: IfMatch,
) -> Result<Json<Connection>> {
    let ctx = holding(when, caller, &site, &of.connection).await?;
    Ok(Json(site.archive.suspend_connection(&ctx, &of.connection, false).await?.into()))
}

/// How many entries the next sync tries again.
#[derive(Serialize, ToSchema)]
struct Retried {
    retried: u64,
}

/// Lets the next sync try everything again that is quarantined.
#[utoipa::path(
    post, path = "/api/v1/connections/{connection}/retry", tag = "connections", params(OfConnection),
    responses((status = 200, description = "How many entries that are", body = Retried))
)]
async fn retry(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfConnection>,
) -> Result<Json<Retried>> {
    Ok(Json(Retried { retried: site.archive.retry_quarantined(&caller.ctx, &of.connection).await? }))
}
