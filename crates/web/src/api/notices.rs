//! Notices: what whoever calls was told, and what they want to hear of.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State, response::Response};
use chrono::{DateTime, Utc};
use dossier_archive::{NoticeRules, NoticeView, Watched};
use dossier_domain::{
    ApplicationId, ChannelId, ChannelKind, Language, NoticeId, NoticeKind, PositionId, Preferences, Wish,
    notice::{Template, Texts},
    text::{Email, Line},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    caller::Caller,
    extract::{Body, parsed, whole},
    settings::LanguageName,
    table::Table,
    text,
};
use crate::{
    events,
    failure::{Failure, Result},
    site::Site,
};

pub(super) fn routes(table: Table) -> Table {
    let table = table.with(__path_list, list).with(__path_read, read).with(__path_follow, follow);
    let table = table.with(__path_wanted, wanted).with(__path_want, want);
    table.with(__path_rules, rules).with(__path_change_rules, change_rules)
}

/// What sort of thing happened.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum KindOfNotice {
    Materials,
    NewCase,
    SuggestedMove,
    Scorecard,
    SyncTrouble,
    Lateness,
    ChannelTrouble,
    Report,
}

/// How somebody wants to hear of it; `at_once` and `daily` go into the inbox as well.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum WishName {
    Not,
    Inbox,
    AtOnce,
    Daily,
}

/// A notice. It names no candidate.
#[derive(Serialize, ToSchema)]
struct Notice {
    #[schema(value_type = String)]
    id: NoticeId,
    #[schema(value_type = KindOfNotice)]
    kind: NoticeKind,
    text: String,
    #[schema(value_type = Option<String>)]
    position: Option<PositionId>,
    /// The applications that it is about, as many as are named.
    #[schema(value_type = Vec<String>)]
    applications: Vec<ApplicationId>,
    /// How many times it was caused.
    count: u64,
    at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

impl Notice {
    fn new(of: NoticeView, language: Language) -> Self {
        let text = of.text(language).to_owned();
        let NoticeView { id, kind, position, applications, count, at, read_at, .. } = of;
        Self { id, kind, text, position, applications, count, at, read_at }
    }
}

/// What somebody was told.
#[derive(Serialize, ToSchema)]
struct Inbox {
    /// How many of the notices are not read.
    unread: u64,
    /// Those that are not read, then those that are, the newest first; at most 100.
    notices: Vec<Notice>,
}

/// The caller's notices.
#[utoipa::path(
    get, path = "/api/v1/me/notices", tag = "notices",
    responses((status = 200, description = "The notices", body = Inbox))
)]
async fn list(caller: Caller, State(site): State<Arc<Site>>) -> Result<Json<Inbox>> {
    let language = caller.language();
    let inbox = site.archive.inbox(&caller.ctx).await?;
    let notices = inbox.notices.into_iter().map(|of| Notice::new(of, language)).collect();
    Ok(Json(Inbox { unread: inbox.unread, notices }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToBeRead {
    /// Which ones; all where there is none.
    #[schema(value_type = Option<Vec<text::NoticeIdText>>)]
    notices: Option<Vec<NoticeId>>,
}

/// How many were marked.
#[derive(Serialize, ToSchema)]
struct MarkedRead {
    read: u64,
}

/// Marks notices as read.
#[utoipa::path(
    post, path = "/api/v1/me/notices/read", tag = "notices", request_body = ToBeRead,
    responses((status = 200, description = "They are marked", body = MarkedRead))
)]
async fn read(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Body(these): Body<ToBeRead>,
) -> Result<Json<MarkedRead>> {
    let read = site.archive.read_notices(&caller.ctx, these.notices.as_deref()).await?;
    Ok(Json(MarkedRead { read }))
}

/// Tells when there are other unread notices than before: how many.
#[utoipa::path(
    get, path = "/api/v1/me/notices/events", tag = "notices",
    responses((status = 200, description = "Server-sent events: `changed` with the number, or `gone`",
        content_type = "text/event-stream", body = String))
)]
async fn follow(caller: Caller, State(site): State<Arc<Site>>) -> Result<Response> {
    events::follow(caller, site, Watched::Notices).await
}

/// What somebody wants to hear of, and how.
#[derive(Serialize, ToSchema)]
struct Wanted {
    /// By kind of notice.
    #[schema(value_type = BTreeMap<KindOfNotice, WishName>)]
    wishes: BTreeMap<NoticeKind, Wish>,
    /// The channel that they chose.
    #[schema(value_type = Option<text::ChannelIdText>)]
    channel: Option<ChannelId>,
    /// Where letters go.
    #[schema(value_type = Option<String>)]
    email: Option<Email>,
    /// The language of letters.
    #[schema(value_type = Option<LanguageName>)]
    language: Option<Language>,
    /// The channels that there are to choose from.
    channels: Vec<Offered>,
}

/// A channel to choose.
#[derive(Serialize, ToSchema)]
struct Offered {
    #[schema(value_type = String)]
    id: ChannelId,
    #[schema(value_type = String)]
    name: Line,
    #[schema(value_type = super::channels::KindOfChannel)]
    kind: ChannelKind,
    /// Whether it is that of everybody who chose none.
    is_usual: bool,
}

/// What the caller wants to hear of.
#[utoipa::path(
    get, path = "/api/v1/me/notices/preferences", tag = "notices",
    responses((status = 200, description = "What they want", body = Wanted))
)]
async fn wanted(caller: Caller, State(site): State<Arc<Site>>) -> Result<Json<Wanted>> {
    let choices = site.archive.notice_choices(&caller.ctx).await?;
    let wishes = NoticeKind::ALL.iter().map(|kind| (*kind, choices.preferences.wish(*kind))).collect();
    let Preferences { channel, email, language, .. } = choices.preferences;
    let offered = |of: dossier_archive::OfferedChannel| Offered {
        id: of.id,
        name: of.name,
        kind: of.kind,
        is_usual: of.is_usual,
    };
    let channels = choices.channels.into_iter().map(offered).collect();
    Ok(Json(Wanted { wishes, channel, email, language, channels }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToBeWanted {
    /// By kind of notice; what is left out is as usual.
    #[serde(default)]
    #[schema(value_type = BTreeMap<KindOfNotice, WishName>)]
    wishes: BTreeMap<NoticeKind, Wish>,
    #[schema(value_type = Option<text::ChannelIdText>)]
    channel: Option<ChannelId>,
    email: Option<String>,
    #[schema(value_type = Option<LanguageName>)]
    language: Option<Language>,
}

/// Says what the caller wants to hear of, all of it anew.
#[utoipa::path(
    put, path = "/api/v1/me/notices/preferences", tag = "notices", request_body = ToBeWanted,
    responses((status = 200, description = "What they want from now on", body = Wanted))
)]
async fn want(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Body(new): Body<ToBeWanted>,
) -> Result<Json<Wanted>> {
    let ToBeWanted { wishes, channel, email, language } = new;
    let email = email.map(|text| parsed(("邮箱", "the e-mail address"), &text, Email::parse)).transpose()?;
    site.archive.choose_notices(&caller.ctx, Preferences { wishes, channel, email, language }).await?;
    wanted(caller, State(site)).await
}

/// What the archive says in notices, and when it sums them up.
#[derive(Serialize, ToSchema)]
struct RulesOfNotices {
    /// By kind of notice.
    #[schema(value_type = BTreeMap<KindOfNotice, TextsOfNotice>)]
    texts: BTreeMap<NoticeKind, TextsOfNotice>,
    /// The hour, by the bank's clock, from which the digest of the day before leaves.
    digest_hour: u32,
}

/// The text of a kind of notice. `{position}`, `{count}`, `{connection}` and `{channel}` are filled in, each where it fits.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TextsOfNotice {
    #[schema(value_type = text::LineText)]
    zh: Line,
    #[schema(value_type = text::LineText)]
    en: Line,
}

/// What the archive says in notices.
#[utoipa::path(
    get, path = "/api/v1/settings/notices", tag = "settings",
    responses((status = 200, description = "The rules", body = RulesOfNotices))
)]
async fn rules(_caller: Caller, State(site): State<Arc<Site>>) -> Result<Json<RulesOfNotices>> {
    let rules = site.archive.notice_rules().await?;
    let texts = NoticeKind::ALL.iter().filter_map(|kind| {
        let text = |language| {
            let own = rules.texts.get(kind).map(|texts| texts.of(language).as_str());
            Line::parse(own.unwrap_or_else(|| kind.usual_text(language))).ok()
        };
        Some((*kind, TextsOfNotice { zh: text(Language::Chinese)?, en: text(Language::English)? }))
    });
    Ok(Json(RulesOfNotices { texts: texts.collect(), digest_hour: rules.digest_hour }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRulesOfNotices {
    /// By kind of notice; what is left out says what it usually does.
    #[serde(default)]
    #[schema(value_type = BTreeMap<KindOfNotice, TextsOfNotice>)]
    texts: BTreeMap<NoticeKind, TextsOfNotice>,
    /// 8 unless said otherwise.
    #[schema(minimum = 0, maximum = 23)]
    #[serde(default, deserialize_with = "whole")]
    digest_hour: Option<u32>,
}

/// Chooses what the archive says in notices, all of it anew.
#[utoipa::path(
    put, path = "/api/v1/settings/notices", tag = "settings", request_body = NewRulesOfNotices,
    responses((status = 200, description = "The rules from now on", body = RulesOfNotices))
)]
async fn change_rules(
    caller: Caller,
    State(site): State<Arc<Site>>,
    Body(new): Body<NewRulesOfNotices>,
) -> Result<Json<RulesOfNotices>> {
    let mut rules = NoticeRules::default();
    rules.digest_hour = new.digest_hour.unwrap_or(rules.digest_hour);
    for (kind, texts) in new.texts {
        if let Some(texts) = texts_of(kind, texts.zh.as_str(), texts.en.as_str())? {
            rules.texts.insert(kind, texts);
        }
    }
    site.archive.change_notice_rules(&caller.ctx, rules).await?;
    self::rules(caller, State(site)).await
}

/// The texts of a kind as they were typed; none where they are the usual ones.
pub(crate) fn texts_of(kind: NoticeKind, zh: &str, en: &str) -> Result<Option<Texts>> {
    let is_usual = [(Language::Chinese, zh), (Language::English, en)]
        .into_iter()
        .all(|(language, text)| text.trim() == kind.usual_text(language));
    if is_usual {
        return Ok(None);
    }
    let template = |text: &str| {
        Template::parse(kind, text).map_err(|error| {
            Failure::from(dossier_archive::Error::Invalid {
                zh: error.message(Language::Chinese),
                en: error.message(Language::English),
            })
        })
    };
    Ok(Some(Texts { zh: template(zh)?, en: template(en)? }))
}
