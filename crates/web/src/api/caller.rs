//! Who calls the API: a program with a token, or a page of ours with a session.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
};
use dossier_access::{ApiToken, Context};
use dossier_domain::Language;

use crate::{
    failure::Failure,
    form::TOKEN_HEADER,
    person::{Person, Proof},
    site::Site,
    visitor::Visitor,
};

/// Whoever calls, with the rights of this moment.
pub(crate) struct Caller {
    pub(crate) ctx: Context,
    pub(crate) visitor: Visitor,
    pub(crate) proof: Proof,
}

impl Caller {
    pub(crate) fn language(&self) -> Language {
        self.visitor.language
    }
}

impl FromRequestParts<Arc<Site>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Failure> {
        let Some(authorization) = parts.headers.get(header::AUTHORIZATION) else {
            return by_session(parts, site).await;
        };
        let token = token(authorization).ok_or(Failure::SignIn)?;
        let Ok(visitor) = Visitor::from_request_parts(parts, site).await;
        let ctx = site.archive.resume_token(token.reveal(), visitor.origin.clone()).await?;
        Ok(Self { ctx, visitor, proof: Proof::Token(token) })
    }
}

fn token(authorization: &HeaderValue) -> Option<ApiToken> {
    let (scheme, token) = authorization.to_str().ok()?.split_once(' ')?;
    ApiToken::parse(token.trim()).filter(|_| scheme.eq_ignore_ascii_case("bearer"))
}

/// A browser sends its cookie wherever it is told to; a change needs what only our own pages know.
async fn by_session(parts: &mut Parts, site: &Arc<Site>) -> Result<Caller, Failure> {
    let Person { ctx, visitor, session, .. } = Person::from_request_parts(parts, site).await?;
    if !parts.method.is_safe() {
        visitor.sent_by_our_pages()?;
        let sent = parts.headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
        if !sent.is_some_and(|token| session.is_token(token)) {
            return Err(Failure::Forged);
        }
    }
    Ok(Caller { ctx, visitor, proof: Proof::Session(session) })
}
