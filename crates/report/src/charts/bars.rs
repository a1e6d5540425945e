//! Bars beside each other, on top of each other, or touching: upright where the labels have room below, else lying.

use maud::{Markup, html};

use super::{
    beside::Beside,
    look::Look,
    plane::{Plane, Way},
    plot::Mark,
    scale::Scale,
    sheet::{Body, EDGE, Sheet, surface, text},
    words::{self, LINE},
};
use crate::{figures::short, model::ChartKind};

/// How high an upright plane is.
const HEIGHT: f64 = 220.0;
/// The widest that labels beside lying bars may be.
const BESIDE: f64 = 200.0;
/// The thickest a bar may be.
const THICKEST: f64 = 46.0;

pub(super) fn draw(sheet: &Sheet<'_>, kind: ChartKind) -> Body {
    let plot = sheet.plot;
    let scale = match kind {
        ChartKind::Stacked => Scale::around(stack_ends(sheet), plot.kind, true),
        _ => Scale::around(plot.extent(), plot.kind, true),
    };
    let touching = kind == ChartKind::Histogram;
    // Above the highest bar there is room for its figure.
    let upright = Plane::upright(sheet.top + LINE, [sheet.drawing.width, HEIGHT], scale);
    let slot = upright.width / plot.places.len().max(1) as f64;
    let beside = if kind == ChartKind::Stacked { 1 } else { plot.series.len().max(1) };
    let fits = plot.places.iter().all(|place| words::fits(place, slot - 6.0, 3));
    if touching || plot.is_course() || (fits && slot >= 10.0 * beside as f64) {
        let bars = Bars { sheet, plane: &upright, slot, beside, touching };
        let (labels, height) =
            upright.labels_below(&plot.places, |index| bars.centre(index), plot.is_course() || touching);
        let markup = html! { (upright.grid()) (bars.all(kind)) (labels) };
        return Body { markup, bottom: upright.top + upright.height + height, remarks: Vec::new() };
    }
    lying(sheet, kind, scale, beside)
}

fn lying(sheet: &Sheet<'_>, kind: ChartKind, scale: Scale, beside: usize) -> Body {
    let places = &sheet.plot.places;
    let labels = Beside::new(places.iter(), BESIDE);
    let slot =
        (beside as f64 * if beside == 1 { 17.0 } else { 12.0 } + 9.0).max(labels.lines() as f64 * LINE + 5.0);
    let left = labels.right() + 10.0;
    let plane = Plane {
        way: Way::Right,
        left,
        top: sheet.top,
        width: sheet.drawing.width - EDGE - 56.0 - left,
        height: slot * places.len().max(1) as f64,
        scale,
    };
    let bars = Bars { sheet, plane: &plane, slot, beside, touching: false };
    let markup = html! {
        (plane.grid())
        (bars.all(kind))
        @for index in 0..places.len() {
            (labels.label(index, left - 8.0, plane.top + bars.centre(index) - plane.left))
        }
    };
    Body { markup, bottom: plane.top + plane.height + LINE + 8.0, remarks: Vec::new() }
}

/// Bars on a plane.
struct Bars<'a> {
    sheet: &'a Sheet<'a>,
    plane: &'a Plane,
    /// The room of a place along the axis.
    slot: f64,
    /// How many bars stand beside each other at a place.
    beside: usize,
    touching: bool,
}

impl Bars<'_> {
    /// The middle of a place, in pixels from the left edge of an upright plane.
    fn centre(&self, place: usize) -> f64 {
        self.plane.left + (place as f64 + 0.5) * self.slot
    }

    fn thick(&self) -> f64 {
        let share = if self.touching { 0.98 } else { 0.8 };
        let most = if self.touching { self.slot } else { THICKEST };
        (self.slot * share / self.beside as f64).min(most)
    }

    /// Where a bar of a place begins along the axis.
    fn begin(&self, place: usize, number: usize) -> f64 {
        let middle = (place as f64 + 0.5) * self.slot;
        middle + (number as f64 - self.beside as f64 / 2.0) * self.thick()
    }

    fn all(&self, kind: ChartKind) -> Markup {
        let plot = self.sheet.plot;
        html! {
            @for place in 0..plot.places.len() {
                @if kind == ChartKind::Stacked { (self.stack(place)) }
                @else {
                    @for (number, series) in plot.series.iter().enumerate() {
                        @if let Some(mark) = series.marks.get(place) { (self.one(place, number, mark)) }
                    }
                }
            }
        }
    }

    fn one(&self, place: usize, number: usize, mark: &Mark<'_>) -> Markup {
        let (begin, thick) = (self.begin(place, number), self.thick());
        let Mark::At { value, ends, cell } = mark else { return self.sign(begin + thick / 2.0, mark) };
        let zero = self.plane.scale.zero();
        let bar = surface(
            self.sheet.drawing.id,
            Look::of(number),
            self.plane.bar(begin, thick - 1.0, zero, *value),
        );
        let shape = html! {
            (bar)
            @if let Some((low, high)) = ends { (self.plane.whisker(begin + (thick - 1.0) / 2.0, *low, *high)) }
            @if self.has_figures() { (self.figure(begin + thick / 2.0, *value, ends.unwrap_or((*value, *value)))) }
        };
        self.sheet.mark(number, place, cell, &shape)
    }

    /// All series of a place on top of each other: what is positive one way, what is negative the other.
    fn stack(&self, place: usize) -> Markup {
        let (begin, thick) = (self.begin(place, 0), self.thick());
        let (mut above, mut below) = (0.0, 0.0);
        let marks = self.sheet.plot.series.iter().enumerate();
        let marks: Vec<_> =
            marks.filter_map(|(number, series)| Some((number, series.marks.get(place)?))).collect();
        let shapes = marks.iter().map(|(number, mark)| {
            let Mark::At { value, cell, .. } = mark else { return html! {} };
            let from = if *value < 0.0 { &mut below } else { &mut above };
            let bar = self.plane.bar(begin, thick, *from, *from + value);
            *from += value;
            self.sheet.mark(*number, place, cell, &surface(self.sheet.drawing.id, Look::of(*number), bar))
        });
        let shapes: Vec<Markup> = shapes.collect();
        let unseen = marks.iter().find(|(_, mark)| matches!(mark, Mark::Withheld)).or_else(|| marks.first());
        html! {
            @for shape in &shapes { (shape) }
            @if let Some((_, mark)) = unseen.filter(|(_, mark)| matches!(mark, Mark::Withheld) || above + below == 0.0) {
                (self.sign_at(begin + thick / 2.0, above, mark))
            }
        }
    }

    fn sign(&self, along: f64, mark: &Mark<'_>) -> Markup {
        self.sign_at(along, self.plane.scale.zero(), mark)
    }

    fn sign_at(&self, along: f64, value: f64, mark: &Mark<'_>) -> Markup {
        let (x, y) = self.plane.point(along, value);
        let (x, y) = if self.plane.way == Way::Up { (x, y - 4.0) } else { (x + 8.0, y + 4.0) };
        Sheet::sign(mark, x, y)
    }

    /// Whether each bar has its figure beside it.
    fn has_figures(&self) -> bool {
        self.plane.way == Way::Right || self.thick() >= 34.0 || (self.beside == 1 && self.slot >= 46.0)
    }

    fn figure(&self, along: f64, value: f64, (low, high): (f64, f64)) -> Markup {
        let outer = if value < 0.0 { low } else { high };
        let (x, y) = self.plane.point(along, outer);
        let said = vec![short(self.sheet.plot.kind, value)];
        match (self.plane.way, value < 0.0) {
            (Way::Up, false) => text(x, y - 5.0, "middle", &said),
            (Way::Up, true) => text(x, y + 14.0, "middle", &said),
            (Way::Right, false) => text(x + 6.0, y + 4.0, "start", &said),
            (Way::Right, true) => text(x - 6.0, y + 4.0, "end", &said),
        }
    }
}

/// How far the stacks reach, up and down.
fn stack_ends<'a>(sheet: &'a Sheet<'_>) -> impl Iterator<Item = f64> + 'a {
    let series = &sheet.plot.series;
    (0..sheet.plot.places.len()).flat_map(move |place| {
        let values = series.iter().filter_map(|series| series.marks.get(place)?.value());
        let (above, below): (Vec<f64>, Vec<f64>) = values.partition(|value| *value >= 0.0);
        [above.iter().sum::<f64>(), below.iter().sum()]
    })
}
