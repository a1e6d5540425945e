//! Lines over a course, with their intervals as bands where these can be told apart. A line ends where there is no value.

use maud::{Markup, html};

use super::{
    look::Look,
    plane::Plane,
    plot::Mark,
    scale::Scale,
    sheet::{Body, Sheet, text},
};
use crate::figures::number;

/// The bands of more lines cover each other.
const MOST_BANDS: usize = 3;
/// How high the plane is.
const HEIGHT: f64 = 230.0;

/// A point of a line.
#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
    /// The ends of its interval.
    ends: Option<(f64, f64)>,
}

pub(super) fn draw(sheet: &Sheet<'_>) -> Body {
    let plot = sheet.plot;
    let plane = Plane::upright(
        sheet.top + 4.0,
        [sheet.drawing.width, HEIGHT],
        Scale::around(plot.extent(), plot.kind, false),
    );
    let slot = plane.width / plot.places.len().max(1) as f64;
    let x = |place: usize| plane.left + (place as f64 + 0.5) * slot;
    let (labels, height) = plane.labels_below(&plot.places, x, true);
    let runs: Vec<Vec<Vec<Point>>> =
        plot.series.iter().map(|series| runs(&plane, &series.marks, x)).collect();
    let has_intervals = plot.marks().any(|mark| matches!(mark, Mark::At { ends: Some(_), .. }));
    let has_bands = runs.len() <= MOST_BANDS;
    let left_out = sheet.language().pick("区间见表", "Intervals are in the table");
    let remarks = if has_intervals && !has_bands { vec![left_out.to_owned()] } else { Vec::new() };
    let markup = html! {
        (plane.grid())
        @if has_bands { @for (index, runs) in runs.iter().enumerate() { @for run in runs { (band(index, run)) } } }
        @for (index, runs) in runs.iter().enumerate() { @for run in runs { (line(index, run)) } }
        @for index in 0..plot.series.len() { (spots(sheet, &plane, index, x)) }
        (labels)
    };
    Body { markup, bottom: plane.top + plane.height + height, remarks }
}

/// The points of a series, in stretches without a gap.
fn runs(plane: &Plane, marks: &[Mark<'_>], x: impl Fn(usize) -> f64) -> Vec<Vec<Point>> {
    let point = |(place, mark): (usize, &Mark<'_>)| match mark {
        Mark::At { value, ends, .. } => {
            let ends = ends.map(|(low, high)| (plane.value(low), plane.value(high)));
            Some(Point { x: x(place), y: plane.value(*value), ends })
        }
        Mark::Missing | Mark::Withheld => None,
    };
    let points: Vec<Option<Point>> = marks.iter().enumerate().map(point).collect();
    points.split(Option::is_none).map(|run| run.iter().copied().flatten().collect()).collect()
}

fn band(index: usize, run: &[Point]) -> Markup {
    let look = Look::of(index);
    let ends: Vec<(f64, f64, f64)> =
        run.iter().filter_map(|point| point.ends.map(|(low, high)| (point.x, low, high))).collect();
    let there = ends.iter().map(|(x, _, high)| format!("{x:.1} {high:.1}"));
    let back = ends.iter().rev().map(|(x, low, _)| format!("{x:.1} {low:.1}"));
    let outline: Vec<String> = there.chain(back).collect();
    html! {
        @match ends.as_slice() {
            [] => {},
            [(x, low, high)] => path class={ "curve c" (look.class) } d=(format!("M{x:.1} {low:.1}V{high:.1}"))
                stroke=(look.colour) stroke-width="1.5" fill="none" {},
            _ => path class={ "mark c" (look.class) } d={ "M" (outline.join("L")) "Z" } fill=(look.colour) fill-opacity="0.13" {},
        }
    }
}

fn line(index: usize, run: &[Point]) -> Markup {
    let look = Look::of(index);
    let path: Vec<String> =
        run.iter().map(|point| format!("{} {}", number(point.x), number(point.y))).collect();
    html! {
        @if path.len() > 1 {
            path class={ "curve c" (look.class) } d={ "M" (path.join("L")) } fill="none" stroke=(look.colour)
                stroke-width="2" stroke-linejoin="round" stroke-linecap="round" stroke-dasharray=(look.dash) {}
        }
    }
}

/// A spot for each value, and a sign at the foot where one is withheld.
fn spots(sheet: &Sheet<'_>, plane: &Plane, index: usize, x: impl Fn(usize) -> f64) -> Markup {
    let look = Look::of(index);
    let radius = if sheet.plot.places.len() > 60 { 2.0 } else { 3.2 };
    html! {
        @for (place, mark) in sheet.plot.series[index].marks.iter().enumerate() {
            @match mark {
                Mark::At { value, cell, .. } => (sheet.mark(index, place, cell, &html! {
                    circle class={ "spot c" (look.class) } cx=(number(x(place))) cy=(number(plane.value(*value)))
                        r=(radius) fill=(look.colour) {}
                })),
                Mark::Withheld => (text(x(place), plane.top + plane.height - 3.0 - 10.0 * index as f64, "middle",
                    &["*".to_owned()])),
                Mark::Missing => {},
            }
        }
    }
}
