//! Cards of a dashboard: one figure with its change, or a small chart; each leads to the whole report.

use dossier_archive::Glance;
use dossier_domain::Language;
use dossier_report::{
    charts::{self, Drawing},
    figures,
    model::{Cell, Chart, ChartKind, Column, Kind, Part, Value},
};
use maud::{Markup, html};

use super::super::{
    asked::Asked,
    report::{candidates, cell},
};

/// So many bars stand in a small chart.
const BARS: usize = 8;

/// The first figure of a column in a report of two times, with the one before and the change. Nothing where no part has it.
pub(super) fn tile(of: &Glance, id: &str, label: &str, language: Language) -> Markup {
    let Some((part, at)) = of.parts.iter().rev().find_map(|part| Some((part, place(part, id)?))) else {
        return html! {};
    };
    let row = part.table.total.as_ref().or_else(|| part.table.rows.first());
    let figure = |id: &str| {
        let at = place(part, id)?;
        Some((part.table.columns.get(at)?, row?.get(at)?))
    };
    let now = part.table.columns.get(at).zip(row.and_then(|row| row.get(at)));
    html! {
        div.tile {
            p.label { (label) }
            p.figure { @match now {
                Some((column, now)) => (cell(column, &without_interval(now), language)),
                None => span.soft { "–" },
            } }
            p.soft.change {
                @if let Some((column, before)) = figure(&format!("{id}_before")) {
                    (language.pick("上季度 ", "before: ")) (cell(column, &without_interval(before), language))
                }
                @if let Some((column, change)) = figure(&format!("{id}_change")) {
                    @if change.value.as_number().is_some() {
                        br; (direction(&change.value)) " " (figures::said(column.kind, &change.value, language))
                        @if column.kind == Kind::Points { (language.pick(" 个百分点", " points")) }
                    }
                }
            }
            p.whole { a href=(Asked::from(of.words.clone()).page()) aria-label={ (label) (language.pick("：查看报表", ": see the report")) } {
                (language.pick("查看报表", "See the report")) } }
        }
    }
}

/// Up or down, where chance alone would hardly do it.
fn direction(change: &Value) -> &'static str {
    match change {
        Value::Estimate { low, .. } if *low > 0.0 => "▲",
        Value::Estimate { high, .. } if *high < 0.0 => "▼",
        _ => "≈",
    }
}

fn place(part: &Part, id: &str) -> Option<usize> {
    // What is told apart by stage or group is no figure of all.
    let is_single = part.table.columns.iter().filter(|column| column.kind == Kind::Text).count() <= 1
        && part.table.rows.len() <= 1;
    part.table.columns.iter().position(|column| column.id == id).filter(|_| is_single)
}

/// A figure for a card: the report has the interval.
fn without_interval(cell: &Cell) -> Cell {
    let value = match cell.value {
        Value::Estimate { value, .. } => Value::Number(value),
        ref other => other.clone(),
    };
    Cell { value, behind: cell.behind.clone() }
}

/// The first chart of a report.
pub(super) fn chart(of: &Glance, id: &str, title: &str, language: Language) -> Markup {
    match of.parts.iter().find(|part| part.chart.is_some()) {
        Some(part) => card(of, part, id, title, language),
        None => html! {},
    }
}

/// The first chart of a report on answers, under its question.
pub(super) fn questions(of: &Glance, id: &str, language: Language) -> Markup {
    match of.parts.iter().find(|part| part.chart.is_some()) {
        Some(part) => {
            card(of, part, id, &format!("{}{}{}", of.title, language.pick("：", ": "), part.title), language)
        }
        None => html! {},
    }
}

/// The first chart of a report, of the groups that have most.
pub(super) fn most(of: &Glance, count: &str, id: &str, title: &str, language: Language) -> Markup {
    let Some(part) = of.parts.iter().find(|part| part.chart.is_some()) else { return html! {} };
    let mut part = part.clone();
    let is_count = |column: &Column| column.id == count;
    if let Some(at) = part.table.columns.iter().position(is_count) {
        let counted = |row: &Vec<Cell>| row.get(at).and_then(|cell| cell.value.as_number()).unwrap_or(0.0);
        part.table.rows.sort_by(|one, other| counted(other).total_cmp(&counted(one)));
    }
    part.table.rows.truncate(BARS);
    if let Some(chart) = &mut part.chart {
        chart.order = Vec::new();
    }
    card(of, &part, id, title, language)
}

/// A column of the first part of a report as bars.
pub(super) fn bars(of: &Glance, column: &str, id: &str, title: &str, language: Language) -> Markup {
    let Some(part) = of.parts.first() else { return html! {} };
    let Some(value) = part.table.columns.iter().position(|of| of.id == column) else { return html! {} };
    let mut part = part.clone();
    part.table.rows.retain(|row| row.get(value).is_some_and(|cell| cell.value != Value::Nothing));
    let chart = Chart { kind: ChartKind::Bars, along: 0, by: None, order: Vec::new(), values: vec![value] };
    card(of, &Part { chart: Some(chart), ..part }, id, title, language)
}

fn card(of: &Glance, part: &Part, id: &str, title: &str, language: Language) -> Markup {
    let id = format!("glance-{id}");
    let links = |query: &str| Some(candidates(query));
    let drawing = Drawing { language, id: &id, links: &links, width: charts::NARROW };
    html! {
        @if !part.table.rows.is_empty() {
            section.card {
                h2 { (title) }
                @if let Some(drawn) = charts::chart(part, &drawing) { figure.drawn { (drawn) } }
                p.whole { a href=(Asked::from(of.words.clone()).page()) aria-label={ (title) (language.pick("：查看报表", ": see the report")) } {
                    (language.pick("查看报表", "See the report")) } }
            }
        }
    }
}
