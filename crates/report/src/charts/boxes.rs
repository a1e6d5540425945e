//! Boxes: the middle half of the values with the median, and lines to the lowest and the highest.

use maud::{Markup, html};

use super::{
    beside::Beside,
    plane::{Plane, Way},
    plot::Mark,
    scale::Scale,
    sheet::{Body, EDGE, Sheet, text},
    words::LINE,
};
use crate::figures::figure;

/// How high a row is.
const ROW: f64 = 36.0;
/// The widest that labels beside the boxes may be.
const BESIDE: f64 = 200.0;

pub(super) fn draw(sheet: &Sheet<'_>) -> Body {
    let plot = sheet.plot;
    let labels = Beside::new(plot.places.iter(), BESIDE);
    let left = labels.right() + 10.0;
    let plane = Plane {
        way: Way::Right,
        left,
        top: sheet.top,
        width: sheet.drawing.width - EDGE - 46.0 - left,
        height: ROW * plot.places.len().max(1) as f64,
        scale: Scale::around(plot.extent(), plot.kind, false),
    };
    let markup = html! {
        (plane.grid())
        @for place in 0..plot.places.len() {
            @let middle = (place as f64 + 0.5) * ROW;
            (labels.label(place, left - 8.0, plane.top + middle))
            (one(sheet, &plane, place, middle))
        }
    };
    Body { markup, bottom: plane.top + plane.height + LINE + 8.0, remarks: Vec::new() }
}

fn one(sheet: &Sheet<'_>, plane: &Plane, place: usize, middle: f64) -> Markup {
    let marks: Vec<&Mark<'_>> =
        sheet.plot.series.iter().filter_map(|series| series.marks.get(place)).collect();
    let values: Vec<f64> = marks.iter().filter_map(|mark| mark.value()).collect();
    let (&[low, first, median, third, high], Some(Mark::At { cell, .. })) = (values.as_slice(), marks.get(2))
    else {
        let (x, y) = plane.point(middle, plane.scale.from);
        let unseen = marks.into_iter().find(|mark| matches!(mark, Mark::Withheld)).unwrap_or(&Mark::Missing);
        return Sheet::sign(unseen, x + 8.0, y + 4.0);
    };
    let [x, y, width, height] = plane.bar(middle - 9.0, 18.0, first, third).map(|of| format!("{of:.1}"));
    let ((at, _), (end, baseline)) = (plane.point(middle, median), plane.point(middle, high));
    let shape = html! {
        (plane.whisker(middle, low, high))
        rect class="box" x=(x) y=(y) width=(width) height=(height) fill="#cfe2f1" stroke="#0072b2" stroke-width="1.2" {}
        path class="curve c0" d=(format!("M{at:.1} {y}v18")) stroke="#0072b2" stroke-width="3" fill="none" {}
        (text(end + 8.0, baseline + 4.0, "start", &[figure(sheet.plot.kind, median)]))
    };
    sheet.mark(2, place, cell, &shape)
}
