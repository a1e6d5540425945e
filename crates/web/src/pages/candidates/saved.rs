//! Searches that somebody keeps under a name, beside the search box.

use std::sync::Arc;

use axum::{extract::State, response::Redirect};
use dossier_access::Action;
use dossier_archive::{NewSavedSearch, SavedSearch};
use dossier_domain::{SavedSearchId, text::Line};
use dossier_search::Sort;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Asked, PATH, sort_name};
use crate::{
    failure::{Failure, Result},
    form::{Sent, typed},
    layout::token,
    parts::address,
    person::Person,
    site::Site,
};

/// Where they are changed.
const SAVED: &str = "/candidates/saved";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    search: String,
    name: String,
    q: String,
    sort: Option<Sort>,
}

/// `POST /candidates/saved`
pub(crate) async fn change(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Redirect> {
    let (ctx, form, archive) = (&sent.person.ctx, &sent.form, &site.archive);
    let id = || form.search.parse::<SavedSearchId>().map_err(|_| Failure::NoPage);
    let name = || typed::<Line>(("名称", "a name"), form.name.trim());
    match form.act.as_str() {
        "save" => {
            let new = NewSavedSearch { name: name()?, query: form.q.clone(), sort: form.sort };
            archive.save_search(ctx, new).await?;
        }
        "rename" => drop(archive.rename_saved_search(ctx, id()?, name()?).await?),
        "remove" => archive.remove_saved_search(ctx, id()?).await?,
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }
    Ok(Redirect::to(&address(PATH, &[("q", &form.q), ("sort", form.sort.map_or("", sort_name))])))
}

/// The searches that a person keeps; none for whom may not.
pub(super) async fn of(person: &Person, site: &Site) -> Result<Vec<SavedSearch>> {
    match person.may(Action::SaveSearches) {
        true => Ok(site.archive.saved_searches(&person.ctx).await?),
        false => Ok(Vec::new()),
    }
}

pub(super) fn show(saved: &[SavedSearch], asked: &Asked, person: &Person) -> Markup {
    let language = person.language();
    if !person.may(Action::SaveSearches) {
        return html! {};
    }
    let is_kept = |one: &&SavedSearch| one.query == asked.q && one.sort == asked.sort;
    let current = saved.iter().find(is_kept);
    html! {
        details.saved {
            summary {
                (language.pick("我的检索", "My searches"))
                @if !saved.is_empty() { " (" (saved.len()) ")" }
                @if let Some(current) = current { " · " strong { (current.name) } }
            }
            div.sheet {
                @if saved.is_empty() {
                    p.soft { (language.pick("还没有保存的检索。搜索之后，在这里给它起个名字，以后一按就到。",
                        "There are none yet. Search, then give the search a name here, and find it again with one press.")) }
                }
                ul { @for one in saved { li { (entry(one, asked, person)) } } }
                @if !asked.q.trim().is_empty() && current.is_none() {
                    form.keep method="post" action=(SAVED) {
                        (token(person)) (place(asked))
                        input name="name" required maxlength="200" placeholder=(language.pick("名称", "Name"))
                            aria-label=(language.pick("当前检索的名称", "Name of the current search")) {}
                        button name="act" value="save" { (language.pick("保存当前检索", "Keep this search")) }
                    }
                }
            }
        }
    }
}

/// A search that is kept, with what can be done with it.
fn entry(one: &SavedSearch, asked: &Asked, person: &Person) -> Markup {
    let language = person.language();
    let link = address(PATH, &[("q", &one.query), ("sort", one.sort.map_or("", sort_name))]);
    html! {
        a href=(link) { (one.name) } " " code.soft { (one.query) }
        details.more {
            summary aria-label={ (language.pick("更改", "Change ")) (one.name) } { (language.pick("更改", "Change")) }
            form method="post" action=(SAVED) {
                (token(person)) (place(asked))
                input type="hidden" name="search" value=(one.id) {}
                input name="name" value=(one.name) required maxlength="200" aria-label=(language.pick("新名称", "New name")) {}
                button name="act" value="rename" { (language.pick("改名", "Rename")) }
                button.danger name="act" value="remove" { (language.pick("删除", "Remove")) }
            }
        }
    }
}

/// Where one comes back to.
fn place(asked: &Asked) -> Markup {
    html! {
        input type="hidden" name="q" value=(asked.q) {}
        @if let Some(sort) = asked.sort { input type="hidden" name="sort" value=(sort_name(sort)) {} }
    }
}
