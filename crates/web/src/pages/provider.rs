//! Signing in by the bank's own login: the way there, and the way back.
//!
//! Leaving is a link and no form, because a form may lead to no other site (`form-action` of the content policy). Nothing
//! changes by it: what an attempt goes by is kept in a cookie of this browser.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use cookie::{Cookie, time::Duration};
use dossier_archive::{Arrived, Error, SignedIn};
use serde::Deserialize;

use super::{
    choice::local,
    sign_in::{self, first_step, second_step},
};
use crate::{
    failure::{Failure, Result},
    form,
    person::{Session, cookie},
    site::Site,
    visitor::{self, Visitor},
};

/// The address under a site's own to which the provider must send people back.
pub const PROVIDER_RETURN: &str = "/sign-in/provider/return";
/// What the browser keeps of an attempt: what the archive gave, a line, and where to go afterwards.
const COOKIE: &str = "__Host-dossier-provider";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    next: String,
}

/// `GET /sign-in/provider`
pub(crate) async fn depart(
    visitor: Visitor,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let Wanted { next } = form::read(query.unwrap_or_default().as_bytes())?;
    match site.archive.depart(visitor.origin.clone()).await {
        Ok(departure) => {
            // What would end a cookie is not worth coming back to.
            let next = Some(local(&next)).filter(|next| !next.contains([';', ',', '"'])).unwrap_or("/");
            let kept = format!("{}|{next}", departure.kept);
            Ok(([(header::SET_COOKIE, keep(kept))], Redirect::to(departure.url.as_str())).into_response())
        }
        Err(error) => refused(&visitor, &site, error, &next),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Returned {
    code: String,
    state: String,
    iss: Option<String>,
}

/// `GET /sign-in/provider/return`
pub(crate) async fn arrive(
    visitor: Visitor,
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let Returned { code, state, iss } = form::read(query.unwrap_or_default().as_bytes())?;
    let cookie = visitor::cookie(&headers, COOKIE).unwrap_or_default();
    let (kept, next) = cookie.split_once('|').unwrap_or_default();
    let arrived = Arrived { kept: kept.to_owned(), state, code, issuer: iss };
    let (archive, origin) = (Arc::clone(&site.archive), visitor.origin.clone());
    // In a task of its own: an attempt counts, whether or not somebody waits for the answer.
    let answer = tokio::spawn(async move { archive.arrive(&arrived, origin).await }).await;
    let answer = answer.map_err(|_| Failure::bad("登录中断，请重试", "signing in broke off; try again"))?;
    let spent = (header::SET_COOKIE, spent());
    match answer {
        Ok(SignedIn::Session(session)) => {
            let cookies = [spent, (header::SET_COOKIE, Session::new(session.token).to_cookie())];
            Ok((AppendHeaders(cookies), Redirect::to(local(next))).into_response())
        }
        Ok(SignedIn::CodeNeeded { challenge, .. }) => {
            let page = second_step(&visitor, challenge.reveal(), next, None);
            Ok((AppendHeaders([spent]), page).into_response())
        }
        Err(error) => Ok((AppendHeaders([spent]), refused(&visitor, &site, error, next)?).into_response()),
    }
}

/// The sign-in page with what went wrong, where trying again or a password may help.
fn refused(visitor: &Visitor, site: &Site, error: Error, next: &str) -> Result<Response> {
    match error {
        Error::ProviderSignIn | Error::ProviderUnavailable | Error::TooMany { .. } => {
            let (status, said) = (sign_in::status_of(&error), error.message(visitor.language));
            let page = first_step(visitor, site, &sign_in::Typed::going_to(next), Some(&said));
            Ok((status, page).into_response())
        }
        other => Err(other.into()),
    }
}

fn keep(kept: String) -> HeaderValue {
    let mut kept = Cookie::new(COOKIE, kept);
    kept.set_max_age(Duration::minutes(10));
    cookie(kept)
}

fn spent() -> HeaderValue {
    let mut spent = Cookie::new(COOKIE, "");
    spent.make_removal();
    cookie(spent)
}
