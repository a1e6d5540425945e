//! Curves of readings of 0–100 over the time of an interview.

use dossier_domain::Language;
use maud::{Markup, html};

use super::look::Look;
use crate::figures::{self, number};

const WIDTH: f64 = 720.0;
/// The usual height, and that of a curve which stands below something that it belongs to.
const HEIGHT: f64 = 300.0;
const LOW: f64 = 170.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;

/// One line of a chart: values of 0–100 over time or count.
pub(crate) struct Curve<'a> {
    pub(crate) name: &'a str,
    /// Place and value, in any order.
    pub(crate) points: Vec<(f64, f64)>,
}

/// What the places of points are.
#[derive(Clone, Copy)]
pub(crate) enum Axis {
    /// Seconds.
    Time,
    /// Seconds of a film, from its beginning to its end, or to the last point where that is not known.
    Film(Option<f64>),
    /// Numbers from 1.
    Count,
}

/// Curves over a common axis. The description says in words what is drawn; the values belong into a table beside it.
///
/// `id` is unlike that of any other thing on the page.
pub(crate) fn curves(language: Language, id: &str, title: &str, axis: Axis, curves: &[Curve<'_>]) -> Markup {
    let frame = Frame::around(curves, axis);
    html! {
        svg.chart role="img" aria-labelledby={ (id) "-t " (id) "-d" } xmlns="http://www.w3.org/2000/svg"
            viewBox={ "0 0 " (WIDTH) " " (frame.height()) } font-size="12"
            data-left=(LEFT) data-right=(WIDTH - RIGHT) data-top=(TOP) data-bottom=(frame.height() - BOTTOM)
            data-from=[frame.time(frame.from)] data-to=[frame.time(frame.to)] {
            title id={ (id) "-t" } { (title) }
            desc id={ (id) "-d" } { (description(language, curves)) }
            @for value in [0.0, 25.0, 50.0, 75.0, 100.0] {
                path.grid d={ "M" (LEFT) " " (number(frame.y(value))) "H" (WIDTH - RIGHT) } stroke="#dfe3e8" fill="none" {}
                text.label x=(LEFT - 8.0) y=(number(frame.y(value) + 4.0)) text-anchor="end" fill="#5b6570" { (value) }
            }
            @for place in frame.ticks() {
                text.label x=(number(frame.x(place))) y=(frame.height() - 8.0) text-anchor="middle" fill="#5b6570" {
                    (frame.label(place))
                }
            }
            @for (index, curve) in curves.iter().enumerate() { (line(&frame, index, curve)) }
        }
    }
}

fn line(frame: &Frame, index: usize, curve: &Curve<'_>) -> Markup {
    let look = Look::of(index);
    let mut points = curve.points.clone();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let spots: Vec<(String, String)> =
        points.iter().map(|(place, value)| (number(frame.x(*place)), number(frame.y(*value)))).collect();
    let path: Vec<String> = spots.iter().map(|(x, y)| format!("{x} {y}")).collect();
    html! {
        @if !path.is_empty() {
            path class={ "curve c" (look.class) } d={ "M" (path.join("L")) } fill="none" stroke=(look.colour)
                stroke-width="2" stroke-linejoin="round" stroke-linecap="round" stroke-dasharray=(look.dash) {}
        }
        @for ((x, y), (place, value)) in spots.iter().zip(&points) {
            circle class={ "spot c" (look.class) } cx=(x) cy=(y) r="3" fill=(look.colour) {
                title { (curve.name) " " (frame.label(*place)) " " (number(*value)) }
            }
        }
    }
}

fn description(language: Language, curves: &[Curve<'_>]) -> String {
    let parts = curves.iter().filter(|curve| !curve.points.is_empty()).map(|curve| {
        let values = || curve.points.iter().map(|(_, value)| *value);
        let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
        let (name, count, low, high) = (curve.name, curve.points.len(), number(low), number(high));
        match language {
            Language::Chinese => format!("{name}：{count} 个读数，{low} 至 {high}"),
            Language::English => format!("{name}: {count} readings from {low} to {high}"),
        }
    });
    parts.collect::<Vec<_>>().join(language.pick("；", "; "))
}

/// The stretch of the axis that the points need.
struct Frame {
    axis: Axis,
    from: f64,
    to: f64,
}

impl Frame {
    fn around(curves: &[Curve<'_>], axis: Axis) -> Self {
        let from = match axis {
            Axis::Time | Axis::Film(_) => 0.0,
            Axis::Count => 1.0,
        };
        let places = curves.iter().flat_map(|curve| &curve.points).map(|(place, _)| *place);
        let end = if let Axis::Film(end) = axis { end.filter(|end| end.is_finite()) } else { None };
        Self { axis, from, to: places.chain(end).fold(from + 1.0, f64::max) }
    }

    fn height(&self) -> f64 {
        if matches!(self.axis, Axis::Film(_)) { LOW } else { HEIGHT }
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (1.0 - value.clamp(0.0, 100.0) / 100.0) * (self.height() - TOP - BOTTOM)
    }

    fn x(&self, place: f64) -> f64 {
        let share = (place - self.from) / (self.to - self.from);
        LEFT + share * (WIDTH - LEFT - RIGHT)
    }

    /// Round places, nine at most.
    fn ticks(&self) -> impl Iterator<Item = f64> {
        let round: &[f64] = match self.axis {
            Axis::Time | Axis::Film(_) => &[1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0],
            Axis::Count => &[1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1000.0],
        };
        let span = self.to - self.from;
        let step = round.iter().copied().find(|step| span / step <= 8.0).unwrap_or(span / 5.0);
        let (from, to) = (self.from, self.to);
        (0..=8).map(move |index| f64::from(index).mul_add(step, from)).take_while(move |place| *place <= to)
    }

    /// A place as seconds, where the axis is time: for a page that moves along.
    fn time(&self, place: f64) -> Option<String> {
        (!matches!(self.axis, Axis::Count)).then(|| number(place))
    }

    fn label(&self, place: f64) -> String {
        match self.axis {
            Axis::Time | Axis::Film(_) => figures::place(place),
            Axis::Count => format!("{place:.0}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(axis: Axis, points: &[(f64, f64)]) -> String {
        let curve = Curve { name: "紧张度", points: points.to_vec() };
        curves(Language::English, "c", "t", axis, &[curve]).into_string()
    }

    #[test]
    fn a_curve_runs_over_the_whole_frame_in_order_of_time() {
        let svg = drawn(Axis::Time, &[(600.0, 0.0), (0.0, 100.0)]);
        assert!(svg.contains("M40 12L708 272"), "{svg}");
        assert!(svg.contains("紧张度: 2 readings from 0 to 100"), "{svg}");
        assert!(svg.contains(">10:00</text>"), "{svg}");
    }

    #[test]
    fn below_a_film_the_axis_is_as_long_as_the_film() {
        let svg = drawn(Axis::Film(Some(32.0)), &[(28.0, 50.0)]);
        assert!(svg.contains("data-from=\"0\" data-to=\"32\""), "{svg}");
        assert!(drawn(Axis::Film(None), &[(28.0, 50.0)]).contains("data-to=\"28\""));
    }

    #[test]
    fn odd_values_stay_inside_the_frame() {
        for points in [&[(0.0, -5.0)][..], &[(0.0, 1e9)], &[(1e300, 50.0), (1e299, 50.0)], &[]] {
            let svg = drawn(Axis::Time, points);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(svg.matches("<text").count() <= 5 + 9);
        }
        assert!(drawn(Axis::Count, &[(1.0, 50.0)]).contains("M40 142\""));
    }
}
