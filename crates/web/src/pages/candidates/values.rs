//! The values of one property among what a search finds, for where there are too many to stand beside the results.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use dossier_archive::SearchRequest;
use dossier_search::Query;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Asked, PATH, facets, sort_name};
use crate::{
    failure::{Failure, Result},
    form,
    layout::{Page, Place},
    parts::{address, empty},
    person::Person,
    site::Site,
};

pub(super) const VALUES: &str = "/candidates/values";
/// So many are shown; who looks for another one types more of it.
const MOST: usize = 200;

/// What is asked for besides the search itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Within {
    of: String,
    find: String,
}

/// `GET /candidates/values`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Markup> {
    let query = query.unwrap_or_default();
    let (asked, within): (Asked, Within) = (form::read(query.as_bytes())?, form::read(query.as_bytes())?);
    let folder = Query::parse(&asked.q).map(|query| query.folder()).unwrap_or_default();
    let facet = facets::named(&within.of, folder).ok_or(Failure::NoPage)?;
    let request = SearchRequest {
        query: asked.q.clone(),
        limit: Some(1),
        facets: vec![facet],
        ..SearchRequest::default()
    };
    let answer = site.archive.search(&person.ctx, request).await?;
    let counts = answer.hits.facets.first().ok_or(Failure::NoPage)?;
    let language = person.language();
    let (title, mut values) = facets::values(counts, &answer, language);
    let find = within.find.trim().to_lowercase();
    values.retain(|(label, ..)| label.to_lowercase().contains(&find));
    let back = address(PATH, &[("q", &asked.q), ("sort", asked.sort.map_or("", sort_name))]);
    let content = html! {
        h1 { (title) }
        section.card.values {
            (facets::within(&within.of, title, &asked, &within.find, language))
            p.soft role="status" {
                (values.len()) (language.pick(" 项", " found"))
                @if values.len() > MOST {
                    (language.pick("，只显示前 ", ", the first ")) (MOST) (language.pick(" 项；多输入几个字可缩小范围", " are shown; type more of it"))
                }
            }
            @if values.is_empty() {
                (empty(language.pick("没有这样的值", "There is none"), &html! {
                    (language.pick("换一个说法，或清空输入框。", "Put it in other words, or empty the box."))
                }))
            } @else {
                div.facet { (facets::list(&values[..values.len().min(MOST)], &answer, &asked, language)) }
            }
            p { a href=(back) { (language.pick("回到候选人", "Back to the candidates")) } }
        }
    };
    Ok(Page::of(&person, Place::Candidates).render(title, &content))
}
