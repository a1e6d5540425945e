//! How long the session still lasts: asked by a page that is left alone for a while, so that it can say so in time.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap};
use dossier_archive::SessionEnd;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use crate::{
    failure::{Failure, Result},
    form::Sent,
    person::{Person, Session, form_token},
    site::Site,
    visitor::Visitor,
};

/// A page tells this long before the end, or for the last quarter of the idle time where that is short.
const EARLY: i64 = 120;

/// How a session stands.
#[derive(Serialize)]
pub(crate) struct Standing {
    /// Whose it is.
    user: String,
    /// In how many seconds it ends if nothing is asked for.
    left: i64,
    /// Whether it goes on if something is.
    goes_on: bool,
    /// What forms send from now on; another session has another one.
    csrf: String,
}

/// `GET /session`: counts as no use, so that pages that ask do not keep a session from ending.
pub(crate) async fn look(
    visitor: Visitor,
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
) -> Result<Json<Standing>> {
    let session = Session::of(&headers).ok_or(Failure::SignIn)?;
    let (ctx, end) = site.archive.session_end(session.token(), visitor.origin).await?;
    let user = ctx.actor().user().map(|user| user.id.to_string()).unwrap_or_default();
    Ok(Json(Standing::new(user, end, form_token(&session, &ctx)?)))
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// `POST /session`: a use like any, for whoever wants to stay.
pub(crate) async fn stay(sent: Sent<Nothing>) -> Result<Json<Standing>> {
    let person = sent.person;
    let user = person.ctx.actor().user().map(|user| user.id.to_string()).unwrap_or_default();
    Ok(Json(Standing::new(user, person.end, person.form_token)))
}

impl Standing {
    fn new(user: String, end: SessionEnd, csrf: String) -> Self {
        Self { user, left: end.left.num_seconds(), goes_on: end.goes_on, csrf }
    }
}

/// Where a page says that the end is near, or has come. It lies over the page and moves nothing. Only the script has
/// anything to say in it, so the words are the script's: every page would carry them in vain.
pub(crate) fn notice(person: &Person) -> Markup {
    let Some(user) = person.ctx.actor().user() else { return html! {} };
    let early = EARLY.min(person.end.idle.num_seconds() / 4);
    html! {
        div.ending role="alert" hidden data-left=(person.end.left.num_seconds()) data-early=(early) data-user=(user.id) {}
    }
}
