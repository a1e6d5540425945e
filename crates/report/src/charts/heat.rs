//! A heat map: series down, places across, and a cell for each, the darker the more, in five steps.

use maud::{Markup, html};

use super::{
    beside::Beside,
    plot::Mark,
    sheet::{Body, EDGE, Sheet, text},
    words::{self, LINE},
};
use crate::figures::{number, short};

/// How strong the colour of a step is; texts stand out from each, in light and dark.
const STEPS: [f64; 5] = [0.10, 0.22, 0.36, 0.52, 1.0];
/// How high a row is.
const ROW: f64 = 30.0;
/// The widest that labels beside the rows may be.
const BESIDE: f64 = 170.0;

pub(super) fn draw(sheet: &Sheet<'_>) -> Body {
    let plot = sheet.plot;
    let labels = Beside::new(plot.series.iter().map(|series| &series.name), BESIDE);
    let left = labels.right() + 10.0;
    let slot = (sheet.drawing.width - EDGE - left) / plot.places.len().max(1) as f64;
    let heads = heads(&plot.places, slot);
    let head_lines = heads.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
    let top = sheet.top + head_lines as f64 * LINE + 6.0;
    let range = Range::of(plot.marks());
    let markup = html! {
        @for (index, lines) in &heads { (text(left + (*index as f64 + 0.5) * slot, sheet.top + LINE - 3.0, "middle", lines)) }
        @for (row, series) in plot.series.iter().enumerate() {
            @let y = top + row as f64 * ROW;
            (labels.label(row, left - 8.0, y + ROW / 2.0))
            @for (place, mark) in series.marks.iter().enumerate() {
                (cell(sheet, (row, place), mark, &range, [left + place as f64 * slot, y, slot]))
            }
        }
        (key(sheet, &range, left, top + plot.series.len() as f64 * ROW + 10.0))
    };
    Body { markup, bottom: top + plot.series.len() as f64 * ROW + 34.0, remarks: Vec::new() }
}

/// The labels above the columns: all in up to three lines where they fit, else every so many in one.
fn heads(places: &[String], slot: f64) -> Vec<(usize, Vec<String>)> {
    if places.iter().all(|place| words::fits(place, slot - 4.0, 3)) {
        return places
            .iter()
            .enumerate()
            .map(|(index, place)| (index, words::wrap(place, slot - 4.0, 3)))
            .collect();
    }
    let each = (64.0 / slot).ceil().max(1.0) as usize;
    let room = slot * each as f64 - 6.0;
    places
        .iter()
        .enumerate()
        .step_by(each)
        .map(|(index, place)| (index, words::wrap(place, room, 2)))
        .collect()
}

fn cell(
    sheet: &Sheet<'_>,
    (row, place): (usize, usize),
    mark: &Mark<'_>,
    range: &Range,
    [x, y, slot]: [f64; 3],
) -> Markup {
    let Mark::At { value, cell, .. } = mark else {
        return Sheet::sign(mark, x + slot / 2.0, y + ROW / 2.0 + 4.0);
    };
    let step = range.step(*value);
    let said = short(sheet.plot.kind, *value);
    let fits = words::width(&said) <= slot - 4.0;
    let shape = html! {
        (patch(step, [x + 1.0, y + 1.0, slot - 2.0, ROW - 2.0]))
        @if fits {
            text class=(if step == 4 { "over" } else { "ink" }) x=(number(x + slot / 2.0)) y=(number(y + ROW / 2.0 + 4.0))
                text-anchor="middle" fill=(if step == 4 { "#ffffff" } else { "#1b232c" }) { (said) }
        }
    };
    sheet.mark(row, place, cell, &shape)
}

fn patch(step: usize, [x, y, width, height]: [f64; 4]) -> Markup {
    let [x, y, width, height] = [x, y, width.max(1.0), height].map(number);
    html! {
        rect class="mark c0" x=(x) y=(y) width=(width) height=(height) rx="2" fill="#0072b2" fill-opacity=(STEPS[step]) {}
    }
}

/// What the steps mean.
fn key(sheet: &Sheet<'_>, range: &Range, left: f64, y: f64) -> Markup {
    let kind = sheet.plot.kind;
    let (low, high) = (short(kind, range.low), short(kind, range.high));
    let begin = left + words::width(&low) + 8.0;
    html! {
        @if range.low < range.high {
            (text(left, y + 10.0, "start", &[low]))
            @for step in 0..STEPS.len() { (patch(step, [begin + step as f64 * 30.0, y, 29.0, 12.0])) }
            (text(begin + STEPS.len() as f64 * 30.0 + 8.0, y + 10.0, "start", &[high]))
        }
    }
}

struct Range {
    low: f64,
    high: f64,
}

impl Range {
    fn of<'a>(marks: impl Iterator<Item = &'a Mark<'a>>) -> Self {
        let values = marks.filter_map(Mark::value);
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), of| (low.min(of), high.max(of)));
        Self { low, high }
    }

    fn step(&self, value: f64) -> usize {
        if self.low >= self.high {
            return 2;
        }
        let share = (value - self.low) / (self.high - self.low);
        ((share * STEPS.len() as f64) as usize).min(STEPS.len() - 1)
    }
}
