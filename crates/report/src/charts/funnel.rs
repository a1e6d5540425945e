//! A funnel: a bar for each step in the middle of the picture, and how much of the step before has come on.

use dossier_domain::Language;
use maud::{Markup, html};

use super::{
    beside::Beside,
    look::Look,
    plot::Mark,
    sheet::{Body, EDGE, Sheet, surface, text},
};
use crate::{figures::figure, model::Kind};

/// How high a step is.
const ROW: f64 = 34.0;
/// The room to the right, for figures.
const FIGURES: f64 = 130.0;
/// The widest that labels beside the bars may be.
const BESIDE: f64 = 170.0;

pub(super) fn draw(sheet: &Sheet<'_>) -> Body {
    let plot = sheet.plot;
    let labels = Beside::new(plot.places.iter(), BESIDE);
    let left = labels.right() + 12.0;
    let room = sheet.drawing.width - EDGE - FIGURES - left;
    let marks = plot.series.first().map_or(&[][..], |series| series.marks.as_slice());
    let most = marks.iter().filter_map(Mark::value).fold(0.0, f64::max);
    let markup = html! {
        @for (index, mark) in marks.iter().enumerate() {
            @let y = sheet.top + index as f64 * ROW;
            @let before = index.checked_sub(1).and_then(|before| marks[before].value());
            (labels.label(index, left - 10.0, y + ROW / 2.0))
            (step(sheet, index, mark, before, most, [left, y, room]))
        }
    };
    let remarks = if marks.len() > 1 { vec![remark(sheet.language()).to_owned()] } else { Vec::new() };
    Body { markup, bottom: sheet.top + plot.places.len() as f64 * ROW + 4.0, remarks }
}

fn remark(language: Language) -> &'static str {
    language.pick("箭头后为相对上一步的比例", "After the arrow: the share of the step before")
}

fn step(
    sheet: &Sheet<'_>,
    index: usize,
    mark: &Mark<'_>,
    before: Option<f64>,
    most: f64,
    [left, y, room]: [f64; 3],
) -> Markup {
    let Mark::At { value, cell, .. } = mark else {
        return Sheet::sign(mark, left + room / 2.0, y + ROW / 2.0 + 4.0);
    };
    let wide = if most > 0.0 { room * value.max(0.0) / most } else { 0.0 };
    let share = before.filter(|before| *before > 0.0).map(|before| figure(Kind::Share, value / before));
    let said = figure(sheet.plot.kind, *value) + &share.map_or(String::new(), |share| format!(" → {share}"));
    let shape = html! {
        rect class="lane" x=(left) y=(y + 3.0) width=(room) height=(ROW - 6.0) fill="#eef1f4" {}
        (surface(sheet.drawing.id, Look::of(0), [left + (room - wide) / 2.0, y + 3.0, wide.max(1.0), ROW - 6.0]))
        (text(left + room + 10.0, y + ROW / 2.0 + 4.0, "start", &[said]))
    };
    sheet.mark(0, index, cell, &shape)
}
