//! Who is signed in: the session cookie, made into a context with the rights of this moment.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, request::Parts},
};
use cookie::{Cookie, SameSite};
use dossier_access::{Action, ApiToken, Context, Resource, Token};
use dossier_archive::SessionEnd;
use dossier_domain::Language;

use crate::{
    failure::Failure,
    site::Site,
    visitor::{self, Visitor},
};

/// The session's cookie. The prefix makes browsers refuse it from anywhere but this very host over a safe connection.
const COOKIE: &str = "__Host-dossier";

/// A signed-in person.
pub(crate) struct Person {
    pub(crate) ctx: Context,
    pub(crate) visitor: Visitor,
    pub(crate) session: Session,
    /// What forms of this answer send along, and nobody who does not hold the session can know; another one each time.
    pub(crate) form_token: String,
    /// When the session ends.
    pub(crate) end: SessionEnd,
    /// How many notices wait for them, for the head of a page.
    pub(crate) unread: u64,
}

/// With what a request was let in; by it, it is asked again while the answer is under way.
pub(crate) enum Proof {
    /// A session's cookie.
    Session(Session),
    /// A token of the API.
    Token(ApiToken),
}

impl Proof {
    /// The text to ask the archive with.
    pub(crate) fn reveal(&self) -> &str {
        match self {
            Self::Session(session) => session.token(),
            Self::Token(token) => token.reveal(),
        }
    }
}

/// The token of a session as the browser holds it.
pub(crate) struct Session(Token);

impl Session {
    pub(crate) fn new(token: Token) -> Self {
        Self(token)
    }

    /// The session of a request, if it names one.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        visitor::cookie(headers, COOKIE).and_then(|token| Token::parse(&token)).map(Self)
    }

    pub(crate) fn token(&self) -> &str {
        self.0.reveal()
    }

    /// The cookie to send.
    pub(crate) fn to_cookie(&self) -> HeaderValue {
        cookie(Cookie::new(COOKIE, self.0.reveal().to_owned()))
    }

    /// The cookie that ends it.
    pub(crate) fn end_cookie() -> HeaderValue {
        let mut ended = Cookie::new(COOKIE, "");
        ended.make_removal();
        cookie(ended)
    }

    pub(crate) fn is_token(&self, sent: &str) -> bool {
        self.0.is_csrf(sent)
    }
}

/// A cookie of this very host, for no script and no other site's requests.
pub(crate) fn cookie(mut cookie: Cookie<'static>) -> HeaderValue {
    cookie.set_path("/");
    cookie.set_secure(true);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}

impl Person {
    /// Whose session it is.
    pub(crate) async fn of(site: &Site, visitor: Visitor, session: Option<Session>) -> Result<Self, Failure> {
        let session = session.ok_or(Failure::SignIn)?;
        let (ctx, end) = site.archive.resume_until(session.token(), visitor.origin.clone()).await?;
        let form_token = form_token(&session, &ctx)?;
        let unread = match ctx.actor().barred().is_none() && !visitor.is_program {
            true => site.archive.unread_notices(&ctx).await?,
            false => 0,
        };
        Ok(Self { ctx, visitor, session, form_token, end, unread })
    }

    pub(crate) fn language(&self) -> Language {
        self.visitor.language
    }

    /// Whether they may do this to the archive as a whole: to know what to offer, never to allow it.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.ctx.decide(action, &Resource::Archive).is_allowed()
    }
}

/// What forms of a page send along: another text for each page.
pub(crate) fn form_token(session: &Session, ctx: &Context) -> Result<String, Failure> {
    let mut pad = [0; 32];
    let filled = ctx.entropy().fill(&mut pad).map_err(dossier_access::Error::Entropy);
    filled.map_err(dossier_archive::Error::from)?;
    Ok(session.0.masked_csrf(&pad))
}

impl FromRequestParts<Arc<Site>> for Person {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Failure> {
        let Ok(visitor) = Visitor::from_request_parts(parts, site).await;
        Self::of(site, visitor, Session::of(&parts.headers)).await
    }
}
