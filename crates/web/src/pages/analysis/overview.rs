//! What one sees first: the form, pass rates in few figures, and how the applications are distributed.

use dossier_archive::{Measure, SearchAnswer, SearchRequest};
use dossier_domain::{Language, zone::Month};
use dossier_report::{
    figures,
    model::{Part, Value as Said},
};
use dossier_search::{Counts, Dimension, Facet, Query, columns::Value};
use maud::{Markup, html};

use super::{
    PATH, Shown,
    asked::Asked,
    choice,
    report::{candidates, cell},
};
use crate::{
    failure::Result,
    layout::Place,
    pages::candidates::{conditions::Controls, facets},
    parts::empty,
    person::Person,
    site::Site,
};

/// So many rows stand in a card: the first of names, the last of times.
const ROWS: usize = 12;

pub(super) async fn show(person: &Person, site: &Site, asked: &Asked) -> Result<Shown> {
    let language = person.language();
    let counted = [Facet::Position, Facet::Stage, Facet::ScoreBand, Facet::Emotion, Facet::Month, Facet::Tag];
    let request = SearchRequest {
        query: asked.q.clone(),
        limit: Some(1),
        facets: counted.to_vec(),
        ..SearchRequest::default()
    };
    let answer = site.archive.search(&person.ctx, request).await?;
    let rates = match newest(&answer) {
        Some(month) => {
            let quarter = Value::quarter(month);
            let within = answer.query.and([Dimension::Quarter.condition(&quarter)]);
            let heading = Some(quarter.label(language));
            vec![
                pass_rates(person, site, &within, Dimension::Position, heading).await?,
                pass_rates(person, site, &answer.query, Dimension::Month, None).await?,
            ]
        }
        None => Vec::new(),
    };
    let title = Place::Analysis.label(language);
    let content = html! {
        h1 { (title) }
        (choice::form(person, asked, &Controls::default(), None))
        p { a href=(candidates(&asked.q)) { (answer.hits.total) (language.pick(" 份应聘", " applications")) } }
        @if answer.hits.total == 0 {
            (empty(language.pick("还没有可以分析的应聘", "There is nothing to analyse yet"), &html! {
                (language.pick("供应商的面试同步进来之后，这里就有数字了；或请放宽条件。",
                    "Figures are here once interviews have come in from a vendor; or loosen the conditions."))
            }))
        }
        div.measures { @for card in &rates { (card) } (distributions(&answer, language)) }
    };
    Ok((title.to_owned(), content))
}

/// The newest month with an interview.
fn newest(answer: &SearchAnswer) -> Option<Month> {
    answer.hits.facets.iter().find_map(|counts| match counts {
        Counts::Month(months) => months.iter().map(|(month, _)| *month).max(),
        _ => None,
    })
}

/// A card with the pass rates of the first part of a report, which leads to the whole.
async fn pass_rates(
    person: &Person,
    site: &Site,
    query: &Query,
    by: Dimension,
    heading: Option<String>,
) -> Result<Markup> {
    let language = person.language();
    let asked = Asked {
        measure: Measure::PassRate.name().to_owned(),
        by: vec![by.name().to_owned()],
        q: query.text(language),
    };
    let report = site.archive.report(&person.ctx, asked.request(language)?).await?;
    Ok(html! {
        @if let Some(part) = report.parts.first().filter(|part| !part.table.rows.is_empty()) {
            section.card {
                h2 { (report.title) @if let Some(heading) = heading { " " small.soft { (heading) } } }
                (rates(part, by, language))
                p.whole { a href=(asked.address(PATH)) { (language.pick("查看报表", "See the report")) } }
            }
        }
    })
}

/// The last column of a part as bars of a share of one.
fn rates(part: &Part, by: Dimension, language: Language) -> Markup {
    let rows = &part.table.rows;
    let shown =
        if by.is_time() { &rows[rows.len().saturating_sub(ROWS)..] } else { &rows[..rows.len().min(ROWS)] };
    html! {
        table.measure { tbody { @for row in shown {
            @if let (Some(label), Some(value), Some(column)) = (row.first(), row.last(), part.table.columns.last()) {
                @let share = value.value.as_number().unwrap_or_default().clamp(0.0, 1.0);
                tr {
                    th scope="row" { (figures::said(part.table.columns[0].kind, &label.value, language)) }
                    td { (bar(100.0 * share)) }
                    td.number { (cell(column, &without_interval(value), language)) }
                }
            }
        } } }
    }
}

/// A figure for a card: the report has the interval.
fn without_interval(cell: &dossier_report::model::Cell) -> dossier_report::model::Cell {
    let value = match cell.value {
        Said::Estimate { value, .. } => Said::Number(value),
        ref other => other.clone(),
    };
    dossier_report::model::Cell { value, behind: cell.behind.clone() }
}

fn bar(percent: f64) -> Markup {
    html! {
        svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            rect.track x="0" y="0" width="100" height="6" {}
            rect.fill x="0" y="0" width=(figures::number(percent)) height="6" {}
        }
    }
}

/// How the applications are distributed.
fn distributions(answer: &SearchAnswer, language: Language) -> Markup {
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
                            th scope="row" { a href=(candidates(&query)) { (label) } }
                            td { (bar(100.0 * *count as f64 / most as f64)) }
                            td.number { (count) }
                        }
                    } } }
                }
            }
        }
    }
}
