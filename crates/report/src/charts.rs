//! Charts as SVG: drawn with presentation attributes, so that they are whole on paper and without any style sheet, and with
//! classes, so that [`STYLE`] can adapt them to a page in light and dark.
//!
//! A chart shows a table that stands beside it, and links to what the table links to. It is one picture to who can't see
//! it, with a title and a description; its links are for the mouse, the table's for everybody.

mod bars;
mod beside;
mod boxes;
mod curves;
mod document;
mod funnel;
mod heat;
mod lines;
pub(crate) mod look;
mod plane;
pub(crate) mod plot;
mod scale;
mod sheet;
mod words;

use dossier_domain::Language;
use maud::Markup;

pub use self::document::charts_svg;
pub(crate) use self::{
    curves::{Axis, Curve, curves},
    look::swatch,
};
use self::{
    plot::Plot,
    sheet::{Drawn, Sheet},
};
use crate::model::{ChartKind, Part};

/// The style of charts inside a page, which takes its colours from custom properties.
pub const STYLE: &str = include_str!("charts/charts.css");

/// Turns the query behind a number into an address, if there is one for it.
pub type Links<'a> = &'a dyn Fn(&str) -> Option<String>;

/// How a chart is drawn.
#[derive(Clone, Copy)]
pub struct Drawing<'a> {
    /// The language of what it says besides the table's words.
    pub language: Language,
    /// A name for it, unlike that of any other thing on the page: letters, digits, `-`.
    pub id: &'a str,
    /// The addresses behind its marks.
    pub links: Links<'a>,
    /// How wide it is, in pixels: [`WIDE`], or [`NARROW`] for one among several.
    pub width: f64,
}

/// The width of a chart that stands by itself.
pub const WIDE: f64 = 720.0;
/// The width of a chart that stands among others.
pub const NARROW: f64 = 440.0;

/// The chart of a part; `None` where it has none, or one of columns that its table has not.
#[must_use]
pub fn chart(part: &Part, drawing: &Drawing<'_>) -> Option<Markup> {
    drawn(part, drawing).map(|drawn| drawn.markup)
}

/// The chart of a part, and what it shows in words, for where a picture's own description is not read.
#[must_use]
pub fn chart_and_words(part: &Part, drawing: &Drawing<'_>) -> Option<(Markup, String)> {
    drawn(part, drawing).map(|drawn| (drawn.markup, drawn.description))
}

fn drawn(part: &Part, drawing: &Drawing<'_>) -> Option<Drawn> {
    let chart = part.chart.as_ref()?;
    let plot = Plot::of(&part.table, chart, drawing.language)?;
    let sheet = Sheet::new(drawing, &part.title, chart.kind, &plot);
    let body = match chart.kind {
        ChartKind::Bars | ChartKind::Stacked | ChartKind::Histogram => bars::draw(&sheet, chart.kind),
        ChartKind::Lines => lines::draw(&sheet),
        ChartKind::HeatMap => heat::draw(&sheet),
        ChartKind::Funnel => funnel::draw(&sheet),
        ChartKind::Boxes => boxes::draw(&sheet),
    };
    Some(sheet.finish(&body))
}

#[cfg(test)]
mod tests;
