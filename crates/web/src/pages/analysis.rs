//! Analysis: what to measure, the report that comes of it, and an overview to begin with. A report is an address that can
//! be kept and given to others, who see in it what they may see.

mod asked;
mod choice;
mod export;
mod overview;
mod proposals;
mod report;
mod saved;
mod what_if;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{ErrorKind, Measure};
use dossier_search::Query;
use maud::{Markup, html};

use self::asked::Asked;
pub(crate) use self::{
    export::export,
    proposals::{change as decide, page as proposals},
    saved::{change as saved, open as open_saved},
    what_if::{page as what_if, save as propose},
};
use super::candidates::conditions::Controls;
use crate::{
    failure::{Failure, Result},
    form,
    layout::{Page, Place},
    person::Person,
    site::Site,
};

const PATH: &str = "/analysis";

/// `GET /analysis`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let query = query.unwrap_or_default();
    let asked = Asked::read(query.as_bytes())?;
    if Measure::find(&asked.measure) == Some(Measure::WhatIf) {
        return Ok(Redirect::to(&asked.page()).into_response());
    }
    // What is tried here has no position of its own: that is a condition like others.
    let asked = Asked { position: String::new(), ..asked };
    let controls: Controls = form::read(query.as_bytes())?;
    if !controls.are_empty()
        && let Ok(query) = Query::parse(&asked.q)
    {
        match controls.added_to(&query) {
            // What the fields say becomes a part of the query, so that an address has one form.
            Ok(query) => {
                let q = query.text(person.language());
                return Ok(Redirect::to(&Asked { q, ..asked }.page()).into_response());
            }
            Err(wrong) => {
                let title = Place::Analysis.label(person.language());
                let form = choice::form(&person, &asked, (&controls, &wrong), None);
                let page = Page::of(&person, Place::Analysis).render(title, &html! { h1 { (title) } (form) });
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
        }
    }
    let shown = match asked.measure.as_str() {
        "" => overview::show(&person, &site, &asked).await,
        _ => report::show(&person, &site, &asked).await,
    };
    let page = Page::of(&person, Place::Analysis);
    let title = Place::Analysis.label(person.language());
    match shown {
        Ok((title, content)) => Ok(page.render(&title, &content).into_response()),
        Err(Failure::Archive(error)) if error.kind() == ErrorKind::Invalid => {
            let content =
                html! { h1 { (title) } (choice::form(&person, &asked, (&controls, &[]), Some(&error))) };
            let status = Failure::Archive(Arc::clone(&error)).status();
            Ok((status, page.render(title, &content)).into_response())
        }
        Err(other) => Err(other),
    }
}

/// A page's title and content.
type Shown = (String, Markup);
