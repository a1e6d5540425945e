//! Where notices go, as a real HTTP server on loopback: the robots of WeCom, DingTalk and Feishu with their oddities, and a
//! receiver of webhooks.
//!
//! The robots answer HTTP 200 whatever happens, and tell of failure in the body. They count what they take by the clock
//! they are given, check signatures where they have a secret, want a keyword when told to, and misbehave when told to. How
//! a signature is made is written down here once more, from its definition: nothing is borrowed from the side that signs.

mod receiver;

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, Query, Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_domain::{ChannelKind, Clock};
use futures::{StreamExt, stream};
use ring::hmac;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

pub use receiver::Event;

/// How far a signed time may lie from the server's.
const SIGNED_FOR: TimeDelta = TimeDelta::hours(1);
/// So long DingTalk takes nothing from a robot that said too much.
const BLOCKED: TimeDelta = TimeDelta::minutes(10);

/// The server at work. Stops when dropped.
pub struct RobotServer {
    shared: Arc<Shared>,
    url: Url,
    task: JoinHandle<()>,
}

/// What a place answers instead of what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mischief {
    /// This status.
    Status(u16),
    /// No end of bytes.
    Endless,
    /// A byte now and then.
    Drip,
    /// Nothing at all.
    Silence,
    /// What it should, but it never says so.
    Forgetful,
    /// Something that is no JSON.
    Nonsense,
    /// To another place.
    Redirect(String),
    /// A code of its own, inside of HTTP 200.
    Code(i64),
}

/// What a robot has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Which robot.
    pub by: ChannelKind,
    /// The text.
    pub text: String,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    said: Vec<Said>,
    /// Every request to a robot, taken or not.
    asked: BTreeMap<&'static str, Vec<DateTime<Utc>>>,
    blocked_until: Option<DateTime<Utc>>,
    keyword: Option<String>,
    mischief: BTreeMap<&'static str, Mischief>,
    events: Vec<Event>,
    forged: usize,
    requests: usize,
}

impl RobotServer {
    /// The key of every robot.
    pub const KEY: &str = "7d4f1c2a-made-up-0001";
    /// The secret of the robots that sign.
    pub const SECRET: &str = "SECmadeup";
    /// The secret of the receiver of webhooks.
    pub const WEBHOOK_SECRET: &str = "whsec_bWFkZSB1cCBzZWNyZXQgb2YgdGhlIHJlY2VpdmVyIQ==";

    /// Serves on a free port of loopback, by this clock.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(clock: Arc<dyn Clock>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = Url::parse(&format!("http://{}/", listener.local_addr()?)).map_err(io::Error::other)?;
        let shared = Arc::new(Shared { clock, state: Mutex::default() });
        let router = router(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // The listener is ours and open; there is nobody to tell.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { shared, url, task })
    }

    /// Where a channel of this kind leads.
    pub fn address(&self, kind: ChannelKind) -> Url {
        let path = match kind {
            ChannelKind::WeCom => "cgi-bin/webhook/send",
            ChannelKind::DingTalk => "robot/send",
            ChannelKind::Feishu => "open-apis/bot/v2/hook",
            ChannelKind::Webhook | ChannelKind::Email => "receiver",
        };
        let mut url = self.url.clone();
        url.set_path(path);
        url
    }

    /// What the robots have said, in order.
    pub fn said(&self) -> Vec<Said> {
        self.shared.inside().said.clone()
    }

    /// The webhooks that came and were signed as they should be, in order.
    pub fn events(&self) -> Vec<Event> {
        self.shared.inside().events.clone()
    }

    /// How many webhooks came that were not.
    pub fn forged(&self) -> usize {
        self.shared.inside().forged
    }

    /// How many requests have come in all.
    pub fn requests(&self) -> usize {
        self.shared.inside().requests
    }

    /// Misbehaves from now on, or no more.
    pub fn misbehave(&self, kind: ChannelKind, mischief: Option<Mischief>) {
        let mut inside = self.shared.inside();
        match mischief {
            Some(mischief) => drop(inside.mischief.insert(kind.name(), mischief)),
            None => drop(inside.mischief.remove(kind.name())),
        }
    }

    /// Wants this word in every message from now on.
    pub fn want_keyword(&self, word: Option<&str>) {
        self.shared.inside().keyword = word.map(str::to_owned);
    }
}

impl Drop for RobotServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/cgi-bin/webhook/send", post(wecom))
        .route("/robot/send", post(dingtalk))
        .route("/open-apis/bot/v2/hook/{id}", post(feishu))
        .route("/receiver", post(receiver::receive))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), gate))
        .with_state(shared)
}

/// What comes before every answer: mischief.
async fn gate(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let kind = match request.uri().path() {
        path if path.starts_with("/cgi-bin") => ChannelKind::WeCom,
        path if path.starts_with("/robot") => ChannelKind::DingTalk,
        path if path.starts_with("/open-apis") => ChannelKind::Feishu,
        _ => ChannelKind::Webhook,
    };
    let mischief = {
        let mut inside = shared.inside();
        inside.requests += 1;
        inside.mischief.get(kind.name()).cloned()
    };
    let drip = |every: Duration, piece: &'static [u8]| {
        let bytes = stream::repeat(()).then(move |()| async move {
            tokio::time::sleep(every).await;
            Ok::<_, io::Error>(Bytes::from_static(piece))
        });
        Body::from_stream(bytes).into_response()
    };
    match mischief {
        None => next.run(request).await,
        Some(Mischief::Status(status)) => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
        Some(Mischief::Endless) => drip(Duration::ZERO, &[b' '; 4096]),
        Some(Mischief::Drip) => drip(Duration::from_secs(1), b" "),
        Some(Mischief::Silence) => std::future::pending().await,
        Some(Mischief::Forgetful) => {
            next.run(request).await;
            std::future::pending().await
        }
        Some(Mischief::Nonsense) => "<html>sign in first</html>".into_response(),
        Some(Mischief::Redirect(to)) => Redirect::temporary(&to).into_response(),
        Some(Mischief::Code(code)) if kind == ChannelKind::Feishu => feishu_answer(code),
        Some(Mischief::Code(code)) => wecom_answer(code),
    }
}

fn wecom_answer(code: i64) -> Response {
    let message = if code == 0 { "ok" } else { "made up failure" };
    Json(json!({ "errcode": code, "errmsg": message })).into_response()
}

fn feishu_answer(code: i64) -> Response {
    let message = if code == 0 { "success" } else { "made up failure" };
    // Of old, it said it under another name, and says so still.
    Json(json!({ "StatusCode": code, "StatusMessage": message, "code": code, "msg": message, "data": {} }))
        .into_response()
}

async fn wecom(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BTreeMap<String, String>>,
    body: Bytes,
) -> Response {
    if query.get("key").map(String::as_str) != Some(RobotServer::KEY) {
        return wecom_answer(93000);
    }
    if shared.is_too_often("wecom", 20, usize::MAX) {
        return wecom_answer(45009);
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = body["markdown"]["content"].as_str().or_else(|| body["text"]["content"].as_str());
    match text {
        Some(text) if text.len() <= 4096 => shared.say(ChannelKind::WeCom, text),
        _ => return wecom_answer(40058),
    }
    wecom_answer(0)
}

async fn dingtalk(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BTreeMap<String, String>>,
    body: Bytes,
) -> Response {
    let of = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    if of("access_token") != RobotServer::KEY {
        return wecom_answer(300_001);
    }
    let now = shared.clock.now();
    if shared.inside().blocked_until.is_some_and(|until| now < until) {
        return wecom_answer(130_101);
    }
    let signed_at = of("timestamp").parse().ok().and_then(DateTime::from_timestamp_millis);
    let expected = signature(RobotServer::SECRET, &format!("{}\n{}", of("timestamp"), RobotServer::SECRET));
    if of("sign") != expected || signed_at.is_none_or(|at| (now - at).abs() > SIGNED_FOR) {
        return wecom_answer(310_000);
    }
    if shared.is_too_often("dingtalk", 20, usize::MAX) {
        shared.inside().blocked_until = Some(now + BLOCKED);
        return wecom_answer(130_101);
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(text) = body["text"]["content"].as_str() else { return wecom_answer(40035) };
    if shared.misses_keyword(text) {
        return wecom_answer(310_000);
    }
    shared.say(ChannelKind::DingTalk, text);
    wecom_answer(0)
}

async fn feishu(State(shared): State<Arc<Shared>>, Path(id): Path<String>, body: Bytes) -> Response {
    if id != RobotServer::KEY {
        return feishu_answer(19001);
    }
    if body.len() > 20 << 10 {
        return feishu_answer(9499);
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(text) = body["content"]["text"].as_str() else { return feishu_answer(9499) };
    let at = body["timestamp"].as_str().unwrap_or_default();
    let signed_at = at.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let expected = signature(&format!("{at}\n{}", RobotServer::SECRET), "");
    let now = shared.clock.now();
    if body["sign"] != expected || signed_at.is_none_or(|at| (now - at).abs() > SIGNED_FOR) {
        return feishu_answer(19021);
    }
    if shared.misses_keyword(text) {
        return feishu_answer(19024);
    }
    if shared.is_too_often("feishu", 100, 5) {
        return feishu_answer(11232);
    }
    shared.say(ChannelKind::Feishu, text);
    feishu_answer(0)
}

fn signature(key: &str, text: &str) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), text.as_bytes()))
}

impl Shared {
    /// Counts a request; whether there were too many before it.
    fn is_too_often(&self, robot: &'static str, per_minute: usize, per_second: usize) -> bool {
        let now = self.clock.now();
        let mut inside = self.inside();
        let asked = inside.asked.entry(robot).or_default();
        let since = |span: TimeDelta| asked.iter().filter(|at| **at > now - span).count();
        let is_too_often =
            since(TimeDelta::minutes(1)) >= per_minute || since(TimeDelta::seconds(1)) >= per_second;
        asked.push(now);
        is_too_often
    }

    fn misses_keyword(&self, text: &str) -> bool {
        self.inside().keyword.as_ref().is_some_and(|word| !text.contains(word))
    }

    fn say(&self, by: ChannelKind, text: &str) {
        let at = self.clock.now();
        self.inside().said.push(Said { by, text: text.to_owned(), at });
    }
}

/// What a header says, or nothing.
fn header_text<'a>(headers: &'a axum::http::HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Whether a body calls itself JSON.
fn is_json(headers: &axum::http::HeaderMap) -> bool {
    header_text(headers, header::CONTENT_TYPE.as_str()).starts_with("application/json")
}
