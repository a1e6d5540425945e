//! Analysis: how the applications that a search finds are distributed. Every bar opens what is behind it.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use dossier_archive::{SearchAnswer, SearchRequest};
use dossier_domain::Language;
use dossier_search::Facet;
use maud::{Markup, html};
use serde::Deserialize;

use super::candidates::facets;
use crate::{
    failure::Result,
    form,
    layout::{Page, Place},
    parts::{address, field},
    person::Person,
    site::Site,
};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
}

/// `GET /analysis`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Markup> {
    let asked: Asked = form::read(query.unwrap_or_default().as_bytes())?;
    let measures =
        [Facet::Position, Facet::Stage, Facet::ScoreBand, Facet::Emotion, Facet::Month, Facet::Tag];
    let request = SearchRequest {
        query: asked.q.clone(),
        limit: Some(1),
        facets: measures.to_vec(),
        ..SearchRequest::default()
    };
    let answer = site.archive.search(&person.ctx, request).await?;
    let language = person.language();
    let title = Place::Analysis.label(language);
    let content = html! {
        h1 { (title) }
        form.card.inline method="get" {
            (field(language.pick("条件（与候选人搜索相同）", "Conditions, as in the search"),
                &html! { input type="search" name="q" value=(asked.q) maxlength="2000" {} }, None))
            button { (language.pick("分析", "Analyse")) }
            a href=(address("/candidates", &[("q", &asked.q)])) { (answer.hits.total) (language.pick(" 份应聘", " applications")) }
        }
        div.measures { (bars(&answer, language)) }
    };
    Ok(Page::of(&person, Place::Analysis).render(title, &content))
}

fn bars(answer: &SearchAnswer, language: Language) -> Markup {
    html! {
        @for counts in &answer.hits.facets {
            @let (title, values) = facets::values(counts, answer, language);
            @let most = values.iter().map(|(_, count, _)| *count).max().unwrap_or(1).max(1);
            @if !values.is_empty() {
                section.card {
                    h2 { (title) }
                    table.measure { tbody { @for (label, count, condition) in &values {
                        @let query = answer.query.clone().with(condition.clone()).text(language);
                        tr {
                            th scope="row" { a href=(address("/candidates", &[("q", &query)])) { (label) } }
                            td {
                                svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
                                    rect.fill x="0" y="0" width=(100 * count / most) height="6" {}
                                }
                            }
                            td.number { (count) }
                        }
                    } } }
                }
            }
        }
    }
}
