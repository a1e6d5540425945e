//! The bank's own login: a provider of OpenID Connect on loopback that asks nobody for a password, keeps to the protocol,
//! and lies in its tokens when told to.
//!
//! It knows one program, `dossier` with the secret of [`LoginProvider::SECRET`], and takes whoever comes for the person of
//! [`LoginProvider::sign_in_as`]. Codes are good once, for the program that shows the verifier of its challenge.

mod statement;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use dossier_domain::Clock;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

pub use statement::{SignedBy, Statement};
use statement::{SigningKey, failed};

/// What is made of each token before it is signed.
type Lie = Box<dyn Fn(&mut Statement) + Send>;

/// The provider at work. Stops when dropped.
pub struct LoginProvider {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    issuer: String,
    clock: Arc<dyn Clock>,
    state: Mutex<Inside>,
}

struct Inside {
    key: SigningKey,
    stranger: SigningKey,
    subject: String,
    login: String,
    codes: BTreeMap<String, Asked>,
    used: BTreeSet<String>,
    forgetful: bool,
    down: bool,
    lie: Option<Lie>,
    requests: usize,
}

/// What a program asked for on somebody's behalf.
#[derive(Clone, Deserialize)]
struct Asked {
    client_id: String,
    redirect_uri: String,
    state: String,
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
    response_type: String,
    scope: String,
}

impl LoginProvider {
    /// The program's name.
    pub const CLIENT: &str = "dossier";
    /// The program's secret.
    pub const SECRET: &str = "a secret: between+us";

    /// Serves on a free port of loopback, by this clock.
    ///
    /// # Errors
    /// When there is no port or no key.
    pub async fn start(clock: Arc<dyn Clock>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let inside = Inside {
            key: SigningKey::generate("first")?,
            stranger: SigningKey::generate("first")?,
            subject: String::new(),
            login: String::new(),
            codes: BTreeMap::new(),
            used: BTreeSet::new(),
            forgetful: false,
            down: false,
            lie: None,
            requests: 0,
        };
        let shared = Arc::new(Shared { issuer: issuer(address), clock, state: Mutex::new(inside) });
        let router = router(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // The listener is ours and open; there is nobody to tell.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { shared, task })
    }

    /// Its name for itself.
    pub fn issuer(&self) -> &str {
        &self.shared.issuer
    }

    /// Who is signed in from now on: its own name for them, and their sign-in name.
    pub fn sign_in_as(&self, subject: &str, login: &str) {
        let mut inside = self.shared.inside();
        (inside.subject, inside.login) = (subject.to_owned(), login.to_owned());
    }

    /// Where a browser that follows this link comes out in the end.
    pub fn follow(&self, link: &Url) -> Option<Url> {
        let pairs: serde_json::Map<String, Value> =
            link.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect();
        self.shared.authorize(serde_json::from_value(pairs.into()).ok()?)
    }

    /// Changes every token from now on, before it is signed.
    pub fn lie(&self, lie: impl Fn(&mut Statement) + Send + 'static) {
        self.shared.inside().lie = Some(Box::new(lie));
    }

    /// Says the truth again.
    pub fn be_honest(&self) {
        self.shared.inside().lie = None;
    }

    /// Signs with another key from now on, and forgets the one before.
    ///
    /// # Errors
    /// When there is no key.
    pub fn rotate(&self, id: &str) -> io::Result<()> {
        self.shared.inside().key = SigningKey::generate(id)?;
        Ok(())
    }

    /// Whether it takes codes again that were used.
    pub fn forget_used_codes(&self, forgetful: bool) {
        self.shared.inside().forgetful = forgetful;
    }

    /// Whether it answers nothing but 503.
    pub fn go_down(&self, down: bool) {
        self.shared.inside().down = down;
    }

    /// How many requests have come.
    pub fn requests(&self) -> usize {
        self.shared.inside().requests
    }
}

impl Drop for LoginProvider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn issuer(address: SocketAddr) -> String {
    format!("http://{address}")
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(description))
        .route("/keys", get(keys))
        .route("/authorize", get(authorize))
        .route("/token", post(token))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), gate))
        .with_state(shared)
}

async fn gate(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let is_down = {
        let mut inside = shared.inside();
        inside.requests += 1;
        inside.down
    };
    if is_down { StatusCode::SERVICE_UNAVAILABLE.into_response() } else { next.run(request).await }
}

async fn description(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", shared.issuer);
    Json(json!({
        "issuer": shared.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }))
}

async fn keys(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({ "keys": [shared.inside().key.public()] }))
}

/// Nobody is asked anything: whoever comes is the person who is signed in.
async fn authorize(State(shared): State<Arc<Shared>>, Query(asked): Query<Asked>) -> Response {
    match shared.authorize(asked) {
        Some(back) => Redirect::to(back.as_str()).into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn token(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: String) -> Response {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if !is_program(&headers) {
        return error(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let mut inside = shared.inside();
    let asked = inside.codes.get(field("code")).cloned();
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, field("code_verifier").as_bytes()));
    let fits = |asked: &Asked| {
        asked.code_challenge == challenge
            && asked.redirect_uri == field("redirect_uri")
            && field("grant_type") == "authorization_code"
    };
    let is_first = inside.used.insert(field("code").to_owned()) || inside.forgetful;
    let Some(asked) = asked.filter(fits).filter(|_| is_first) else {
        return error(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    match shared.id_token(&inside, &asked) {
        Ok(id_token) => Json(json!({
            "access_token": "unused", "token_type": "Bearer", "expires_in": 60, "id_token": id_token,
        }))
        .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn error(status: StatusCode, name: &str) -> Response {
    (status, Json(json!({ "error": name }))).into_response()
}

/// Whether the program has shown its secret.
fn is_program(headers: &HeaderMap) -> bool {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let expected = format!("{}:{}", encoded(LoginProvider::CLIENT), encoded(LoginProvider::SECRET));
    shown == Some(&format!("Basic {}", STANDARD.encode(expected)))
}

impl Shared {
    /// Where whoever comes is sent back to, with a code.
    fn authorize(&self, asked: Asked) -> Option<Url> {
        let is_ours = asked.client_id == LoginProvider::CLIENT
            && asked.response_type == "code"
            && asked.code_challenge_method == "S256"
            && asked.scope.split(' ').any(|scope| scope == "openid");
        let mut back = Url::parse(&asked.redirect_uri).ok().filter(|_| is_ours)?;
        let mut inside = self.inside();
        let code = format!("code-{}", inside.codes.len());
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &asked.state)
            .append_pair("iss", &self.issuer);
        inside.codes.insert(code, asked);
        Some(back)
    }

    fn id_token(&self, inside: &Inside, asked: &Asked) -> io::Result<String> {
        let now = self.clock.now().timestamp();
        let claims = json!({
            "iss": self.issuer,
            "sub": inside.subject,
            "aud": asked.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": asked.nonce,
            "preferred_username": inside.login,
        });
        let (Value::Object(claims), Value::Object(header)) = (claims, inside.key.header()) else {
            return Err(failed("claims that are no object"));
        };
        let mut statement = Statement { header, claims, signed_by: SignedBy::Provider };
        if let Some(lie) = &inside.lie {
            lie(&mut statement);
        }
        statement.sign(&inside.key, &inside.stranger)
    }
}
