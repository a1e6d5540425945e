//! Channels by which notices leave, webhooks for stage moves among them.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_archive::{ChannelChange, ChannelKey, ChannelSettings, ChannelState, NewChannel};
use dossier_domain::{
    ChannelId, ChannelKind, PositionId,
    text::{Email, Line},
};
use dossier_vendor::Secret;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    extract::{Asked, At, Body, Paging, Removed, parsed},
    table::Table,
    text,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    let table = table.with(__path_list, list).with(__path_add, add).with(__path_remove, remove);
    let table = table.with(__path_change, change);
    table.with(__path_test, test).with(__path_suspend, suspend).with(__path_resume, resume)
}

/// A sort of channel.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code, reason = "it is described, never made")]
pub(super) enum KindOfChannel {
    WeCom,
    DingTalk,
    Feishu,
    Email,
    Webhook,
}

/// A channel. Its key is never shown.
#[derive(Serialize, ToSchema)]
struct Channel {
    #[schema(value_type = String)]
    id: ChannelId,
    #[schema(value_type = String)]
    name: Line,
    #[schema(value_type = KindOfChannel)]
    kind: ChannelKind,
    /// A webhook's or a mail server's address; for a robot another place than usual.
    #[schema(value_type = Option<String>)]
    address: Option<Url>,
    /// Whether it stands in the bank's own network.
    private_network: bool,
    /// Certificates in PEM that are trusted.
    authorities: Option<String>,
    /// The mailbox that letters come from.
    #[schema(value_type = Option<String>)]
    from: Option<Email>,
    /// The domains to which letters may go; all where there is none.
    domains: Vec<String>,
    /// The positions whose moves a webhook tells of; all where there is none.
    #[schema(value_type = Vec<String>)]
    positions: Vec<PositionId>,
    /// Whether it is that of everybody who chose none.
    is_usual: bool,
    created_at: DateTime<Utc>,
    /// Since when nothing leaves by it.
    suspended_at: Option<DateTime<Utc>>,
}

impl From<dossier_archive::Channel> for Channel {
    fn from(of: dossier_archive::Channel) -> Self {
        let ChannelSettings { kind, address, private_network, authorities, from, domains } = of.settings;
        Self {
            id: of.id,
            name: of.name,
            kind,
            address,
            private_network,
            authorities,
            from,
            domains,
            positions: of.positions,
            is_usual: of.is_usual,
            created_at: of.created_at,
            suspended_at: of.suspended_at,
        }
    }
}

/// A channel and how it stands.
#[derive(Serialize, ToSchema)]
struct StandingOfChannel {
    channel: Channel,
    /// How many messages wait for it, 512 standing for that many and more.
    waiting: u64,
    /// When it last took one.
    delivered_at: Option<DateTime<Utc>>,
    /// What is wrong with it.
    trouble: Option<TroubleOfChannel>,
    /// How many messages were given up.
    given_up: u64,
}

/// What is wrong with a channel.
#[derive(Serialize, ToSchema)]
struct TroubleOfChannel {
    problem: String,
    since: DateTime<Utc>,
    retry_at: DateTime<Utc>,
}

/// Channels, by id.
#[derive(Serialize, ToSchema)]
struct Channels {
    channels: Vec<StandingOfChannel>,
    /// Where the next page begins; null on the last one.
    next: Option<String>,
}

/// All channels and how they stand.
#[utoipa::path(
    get, path = "/api/v1/channels", tag = "channels", params(Paging),
    responses((status = 200, description = "The channels", body = Channels))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Channels>> {
    let language = caller.language();
    let all = site.archive.channels(&caller.ctx).await?;
    let (page, next) = paging.page(all, |of| of.channel.id.to_string())?;
    let standing = |of: ChannelState| StandingOfChannel {
        channel: of.channel.into(),
        waiting: of.waiting,
        delivered_at: of.delivered_at,
        trouble: of.trouble.map(|of| TroubleOfChannel {
            problem: of.problem.text(language).to_owned(),
            since: of.since,
            retry_at: of.retry_at,
        }),
        given_up: of.given_up,
    };
    Ok(Json(Channels { channels: page.into_iter().map(standing).collect(), next }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewChannel)]
#[serde(deny_unknown_fields)]
struct NewOne {
    #[schema(value_type = text::LineText)]
    name: Line,
    #[schema(value_type = KindOfChannel)]
    kind: ChannelKind,
    /// A webhook's or a mail server's address (`smtps://USER@HOST`); for a robot another place than usual.
    address: Option<String>,
    /// Whether it stands in the bank's own network, or on this machine.
    #[serde(default)]
    private_network: bool,
    /// Certificates in PEM that are trusted.
    authorities: Option<String>,
    /// The mailbox that letters come from.
    from: Option<String>,
    /// The domains to which letters may go; all where there is none.
    #[serde(default)]
    domains: Vec<String>,
    /// A robot's whole address, or the key in it; the password of the mail server.
    key: Option<String>,
    /// The secret by which a robot's messages, or webhooks, are signed. A webhook without one gets one.
    secret: Option<String>,
    /// The positions whose moves a webhook tells of; all where there is none.
    #[serde(default)]
    #[schema(value_type = Vec<text::PositionIdText>)]
    positions: Vec<PositionId>,
    /// Whether it is that of everybody who chose none.
    #[serde(default)]
    is_usual: bool,
}

/// A channel that was set up.
#[derive(Serialize, ToSchema)]
struct Added {
    #[serde(flatten)]
    channel: Channel,
    /// The secret that was made for a webhook; it is shown only now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    secret: Option<String>,
}

/// Sets up a channel.
///
/// Its settings are checked; nobody is asked.
#[utoipa::path(
    post, path = "/api/v1/channels", tag = "channels", request_body = NewOne,
    responses((status = 201, description = "The channel", body = Added))
)]
async fn add(caller: Caller, State(site): State<Arc<Site>>, Body(new): Body<NewOne>) -> Result<Response> {
    let NewOne { name, kind, address, private_network, authorities, from, domains, .. } = new;
    let (address, from) = (parsed_address(address)?, parsed_mailbox(from)?);
    let settings = ChannelSettings { kind, address, private_network, authorities, from, domains };
    let (key, secret, positions, is_usual) = (new.key, new.secret, new.positions, new.is_usual);
    let key = ChannelKey { key: given(key), secret: given(secret) };
    let new = NewChannel { name, settings, key, positions, is_usual };
    let added = site.archive.add_channel(&caller.ctx, new).await?;
    let secret = added.secret.map(|secret| secret.reveal().to_owned());
    Ok((StatusCode::CREATED, Json(Added { channel: added.channel.into(), secret })).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfChannel {
    /// The channel's id.
    #[param(value_type = String)]
    channel: ChannelId,
}

fn parsed_address(text: Option<String>) -> Result<Option<Url>> {
    text.map(|text| parsed(("地址", "the address"), &text, Url::parse)).transpose()
}

fn parsed_mailbox(text: Option<String>) -> Result<Option<Email>> {
    text.map(|text| parsed(("发件邮箱", "the mailbox"), &text, Email::parse)).transpose()
}

fn given(text: Option<String>) -> Option<Secret> {
    text.filter(|text| !text.trim().is_empty()).map(Secret::new)
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ChangedChannel)]
#[serde(deny_unknown_fields)]
struct Changed {
    #[schema(value_type = Option<text::LineText>)]
    name: Option<Line>,
    /// A webhook's or a mail server's address; for a robot another place than usual.
    address: Option<String>,
    private_network: Option<bool>,
    authorities: Option<String>,
    from: Option<String>,
    domains: Option<Vec<String>>,
    /// A robot's whole address, or the key in it; the password of the mail server.
    key: Option<String>,
    /// The secret by which messages are signed.
    secret: Option<String>,
    #[schema(value_type = Option<Vec<text::PositionIdText>>)]
    positions: Option<Vec<PositionId>>,
    is_usual: Option<bool>,
}

/// Changes a channel; what is left out stays. It is tried at once.
#[utoipa::path(
    patch, path = "/api/v1/channels/{channel}", tag = "channels", params(OfChannel), request_body = Changed,
    responses((status = 200, description = "The channel", body = Channel))
)]
async fn change(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfChannel>,
    Body(new): Body<Changed>,
) -> Result<Json<Channel>> {
    let Changed { name, address, private_network, authorities, from, domains, .. } = new;
    let (address, from) = (parsed_address(address)?, parsed_mailbox(from)?);
    let all = site.archive.channels(&caller.ctx).await?;
    let known =
        all.into_iter().find(|known| known.channel.id == of.channel).map(|known| known.channel.settings);
    let settings = known.map(|known| ChannelSettings {
        address: address.or(known.address),
        private_network: private_network.unwrap_or(known.private_network),
        authorities: authorities.or(known.authorities),
        from: from.or(known.from),
        domains: domains.unwrap_or(known.domains),
        kind: known.kind,
    });
    let key = ChannelKey { key: given(new.key), secret: given(new.secret) };
    let change = ChannelChange { name, settings, key, positions: new.positions, is_usual: new.is_usual };
    Ok(Json(site.archive.change_channel(&caller.ctx, of.channel, change).await?.into()))
}

/// What a test came to.
#[derive(Serialize, ToSchema)]
struct Tested {
    /// That the other side took the message.
    delivered: bool,
}

/// Sends a message that says so by a channel.
#[utoipa::path(
    post, path = "/api/v1/channels/{channel}/test", tag = "channels", params(OfChannel),
    responses((status = 200, description = "The other side took it", body = Tested))
)]
async fn test(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfChannel>) -> Result<Json<Tested>> {
    site.archive.test_channel(&caller.ctx, of.channel).await?;
    Ok(Json(Tested { delivered: true }))
}

/// Stops a channel from sending anything.
#[utoipa::path(
    post, path = "/api/v1/channels/{channel}/suspend", tag = "channels", params(OfChannel),
    responses((status = 200, description = "The channel", body = Channel))
)]
async fn suspend(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfChannel>,
) -> Result<Json<Channel>> {
    Ok(Json(site.archive.suspend_channel(&caller.ctx, of.channel, true).await?.into()))
}

/// Lets a channel send again, at once.
#[utoipa::path(
    post, path = "/api/v1/channels/{channel}/resume", tag = "channels", params(OfChannel),
    responses((status = 200, description = "The channel", body = Channel))
)]
async fn resume(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfChannel>,
) -> Result<Json<Channel>> {
    Ok(Json(site.archive.suspend_channel(&caller.ctx, of.channel, false).await?.into()))
}

/// Removes a channel, its key, and what waits for it.
#[utoipa::path(
    delete, path = "/api/v1/channels/{channel}", tag = "channels", params(OfChannel),
    responses((status = 200, description = "It is removed", body = Removed))
)]
async fn remove(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfChannel>,
) -> Result<Json<Removed>> {
    site.archive.remove_channel(&caller.ctx, of.channel).await?;
    Ok(Removed::new(of.channel))
}
