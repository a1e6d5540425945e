//! A report as a page: what was asked, and for each part its notes, its chart and its table. Every number leads to those
//! behind it.

use dossier_archive::Measure;
use dossier_domain::Language;
use dossier_report::{
    charts::{self, Drawing},
    figures,
    model::{Cell, Column, Kind, Part, Table, Value},
};
use dossier_search::Query;
use maud::{Markup, html};

use super::{Shown, asked::Asked, choice, export, saved};
use crate::{
    failure::Result,
    pages::{
        candidates::conditions::{self, Controls},
        lexicon,
    },
    parts::{address, empty},
    person::Person,
    site::Site,
};

/// So many rows of a table are shown; files have all.
const MOST_ROWS: usize = 1_000;

/// The candidates that a query finds.
pub(super) fn candidates(query: &str) -> String {
    address("/candidates", &[("q", query)])
}

pub(super) async fn show(person: &Person, site: &Site, asked: &Asked) -> Result<Shown> {
    let language = person.language();
    let report = site.archive.report(&person.ctx, asked.request(language)?).await?;
    let kept = saved::of(person, site).await?;
    let chips = Query::parse(&asked.q).map(|query| query.chips(language)).unwrap_or_default();
    let content = html! {
        header.report {
            h1 { (report.title) }
            (conditions::chips(&chips, language, &|q| asked.with(q).page()))
            dl.facts { @for fact in report.about() { div { dt { (fact.name) } dd { (fact.text) } } } }
            (export::links(asked, &report, language))
            @if Measure::find(&asked.measure) == Some(Measure::Answers) {
                p { a href=(lexicon::PATH) { (language.pick("词库：主题与词语", "The lexicon: themes and words")) } }
            }
            (saved::show(&kept, asked, person))
        }
        details.change {
            summary { (language.pick("更改报表", "Change the report")) }
            (choice::form(person, asked, (&Controls::default(), &[]), None))
        }
        (parts(&report.parts, language))
    };
    Ok((report.title, content))
}

/// The parts of a report.
pub(super) fn parts(parts: &[Part], language: Language) -> Markup {
    html! { @for (index, part) in parts.iter().enumerate() { (show_part(index, part, language)) } }
}

fn show_part(index: usize, part: &Part, language: Language) -> Markup {
    let id = format!("chart-{index}");
    let links = |query: &str| Some(candidates(query));
    html! {
        section.card.part {
            h2 { (part.title) }
            @for note in &part.notes { p.soft { (note) } }
            @if part.table.rows.is_empty() {
                (empty(language.pick("没有可统计的应聘", "There is nothing to count"), &html! {
                    (language.pick("符合条件、您可以查看的应聘中没有一份可以计入；请放宽条件。",
                        "None of the applications that fit the conditions and that you may see count here; loosen the conditions."))
                }))
            } @else {
                @if let Some(chart) = charts::chart(part, &Drawing { language, id: &id, links: &links, width: charts::WIDE }) {
                    figure.drawn { (chart) }
                }
                (table(&part.title, &part.table, language))
            }
        }
    }
}

fn table(title: &str, table: &Table, language: Language) -> Markup {
    let row = |cells: &[Cell]| {
        html! {
            tr { @for (index, (column, value)) in table.columns.iter().zip(cells).enumerate() {
                @if index == 0 && column.kind == Kind::Text { th scope="row" { (cell(column, value, language)) } }
                @else { td.number[column.kind.is_number()].date[is_date(column)] { (cell(column, value, language)) } }
            } }
        }
    };
    let more = table.rows.len().saturating_sub(MOST_ROWS);
    let withheld = table.rows.iter().chain(&table.total).flatten().any(|cell| cell.value == Value::Withheld);
    html! {
        div.scroll { table.list {
            caption.unseen { (title) }
            thead { tr { @for column in &table.columns { th.number[column.kind.is_number()] scope="col" { (column.label) } } } }
            tbody { @for cells in table.rows.iter().take(MOST_ROWS) { (row(cells)) } }
            @if let Some(total) = &table.total { tfoot { (row(total)) } }
        } }
        @if withheld {
            p.soft { (language.pick(
                "“人数过少”的组不给出数字，以免看出个人。",
                "Groups marked “too few” have no figures, so that no single person can be made out.",
            )) }
        }
        @if more > 0 {
            p.soft { (language.pick("另有 ", "The files have ")) (more) (language.pick(" 行见导出文件。", " more rows.")) }
        }
    }
}

fn is_date(column: &Column) -> bool {
    matches!(column.kind, Kind::Date | Kind::Month)
}

/// What a cell says, as a link to those behind it.
pub(super) fn cell(column: &Column, cell: &Cell, language: Language) -> Markup {
    let said = figures::said(column.kind, &cell.value, language);
    html! {
        @match (&cell.behind, &cell.value) {
            (_, Value::Withheld) => span.soft { (said) },
            (_, Value::Nothing) => span.soft { "–" },
            (Some(query), _) => a href=(candidates(query)) { (said) },
            (None, _) => (said),
        }
    }
}
