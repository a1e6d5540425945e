//! A site over an archive in memory, and requests to it without a network.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use dossier_access::{Token, TokenScope, TokenScopes, Word};
use dossier_archive::{NewToken, SearchRequest, SignIn, SignedIn};
use dossier_domain::{ApplicationId, MaterialId, text::Line};
use dossier_testkit::{TestArchive, TestResult, USERS};
use dossier_web::{Options, Site, router};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// A site with three applications, the first of which has a PDF.
pub(crate) struct Server {
    pub(crate) test: TestArchive,
    app: Router,
    tokens: BTreeMap<&'static str, String>,
    pub(crate) application: ApplicationId,
    pub(crate) material: MaterialId,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: impl AsRef<str>) -> &str {
        self.headers.get(name.as_ref()).map_or("", |value| value.to_str().unwrap())
    }

    /// The answer, which must have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

/// The form tokens of a page.
pub(crate) fn form_tokens(page: &str) -> BTreeSet<&str> {
    let fields = page.split(r#"name="csrf" "#).skip(1);
    fields.filter_map(|field| field.split('"').nth(1)).collect()
}

/// The file that the first application has.
pub(crate) const PDF: &[u8] = b"%PDF-1.7 a supplement that is read in ranges";

impl Server {
    pub(crate) async fn new() -> TestResult<Self> {
        Self::over(TestArchive::new().await?).await
    }

    /// A site with so many candidates of a made-up bank.
    pub(crate) async fn with(candidates: usize) -> TestResult<Self> {
        Self::filled(TestArchive::new().await?, candidates).await
    }

    /// The same over an archive that is empty yet.
    pub(crate) async fn over(test: TestArchive) -> TestResult<Self> {
        Self::filled(test, 3).await
    }

    async fn filled(test: TestArchive, candidates: usize) -> TestResult<Self> {
        let connection = test.connection().await?;
        test.ingest(&connection, candidates).await?;
        Self::beside(test).await
    }

    /// The same over an archive that has candidates.
    pub(crate) async fn beside(test: TestArchive) -> TestResult<Self> {
        let hr = test.as_user("hr").await?;
        let found = test.archive.search(&hr, SearchRequest::default()).await?;
        let application = found.hits.hits[0].application;
        let input = futures::stream::iter([Ok::<_, std::io::Error>(PDF.into())]);
        let material = test.archive.upload(&hr, application, "证书.pdf", None, input).await?.id;
        let mut tokens = BTreeMap::new();
        for (login, _) in USERS {
            let new = NewToken {
                name: Line::parse("test")?,
                scopes: TokenScopes::new(TokenScope::ALL)?,
                days: None,
            };
            let made = test.archive.make_token(&test.as_user(login).await?, new).await?;
            tokens.insert(login, made.token.reveal().to_owned());
        }
        let site = Site::new(Arc::clone(&test.archive), Options::default());
        let app = router(site);
        Ok(Self { test, app, tokens, application, material })
    }

    /// The answer as it begins, before any of its body is taken.
    pub(crate) async fn unread(&self, request: Request<Body>) -> axum::response::Response {
        self.app.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.unread(request).await;
        let (parts, body) = response.into_parts();
        let whole = async { body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default() };
        let is_stream = parts.headers.get(header::CONTENT_TYPE).is_some_and(|of| of == "text/event-stream");
        // Events come as long as they are waited for.
        let patience = std::time::Duration::from_secs(if is_stream { 1 } else { 600 });
        let bytes = tokio::time::timeout(patience, whole).await.unwrap_or_default();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub(crate) fn token(&self, login: &str) -> &str {
        &self.tokens[login]
    }

    /// A request with the token of a user.
    pub(crate) fn request(&self, login: &str, method: &str, path: &str) -> axum::http::request::Builder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let builder = Request::builder().method(method).uri(path).header(header::ACCEPT_LANGUAGE, "en");
        match login {
            "" => builder,
            login => builder.header(header::AUTHORIZATION, format!("Bearer {}", self.token(login))),
        }
    }

    pub(crate) async fn get(&self, login: &str, path: &str) -> Answer {
        self.send(self.request(login, "GET", path).body(Body::empty()).unwrap()).await
    }

    /// A page, as the browser of somebody who is signed in asks for it.
    pub(crate) async fn read(&self, session: &Token, language: &'static str, path: &str) -> Answer {
        let request = Request::builder().uri(path).header(header::ACCEPT_LANGUAGE, language);
        let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form of a page, as the browser of somebody who is signed in sends it.
    pub(crate) async fn submit(&self, session: &Token, path: &str, form: &str) -> Answer {
        let request = self.request("", "POST", path);
        let request = request.header(header::COOKIE, format!("__Host-dossier={}", session.reveal()));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let form = format!("csrf={}&{form}", session.csrf());
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    /// A request with a body of JSON; none where it is null.
    pub(crate) async fn ask(&self, login: &str, method: &str, path: &str, body: Value) -> Answer {
        let builder = self.request(login, method, path);
        let request = match body {
            Value::Null => builder.body(Body::empty()),
            body => builder.header(header::CONTENT_TYPE, "application/json").body(body.to_string().into()),
        };
        self.send(request.unwrap()).await
    }

    /// The session of a user who signs in with a password.
    pub(crate) async fn sign_in(&self, login: &str) -> TestResult<Token> {
        let password = "correct horse battery staple 7";
        self.test.give_password(login, password).await?;
        let asked = SignIn { login, password, code: None, origin: Word::parse("test")? };
        match self.test.archive.sign_in(asked).await? {
            SignedIn::Session(session) => Ok(session.token),
            SignedIn::CodeNeeded { .. } => Err("a code is needed".into()),
        }
    }
}
