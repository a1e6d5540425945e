//! Axes: values go up and places to the right, or values to the right and places down.

use maud::{Markup, html};

use super::{
    scale::Scale,
    sheet::{EDGE, text},
    words::{self, LINE},
};
use crate::figures::number;

/// Which way values go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Right,
}

/// The inner part of a chart.
pub(super) struct Plane {
    pub(super) way: Way,
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) scale: Scale,
}

impl Plane {
    /// A plane with values upwards in a chart of this width, with its labels below.
    pub(super) fn upright(top: f64, [width, height]: [f64; 2], scale: Scale) -> Self {
        let label = scale.ticks().iter().map(|(_, label)| words::width(label)).fold(20.0, f64::max);
        let left = EDGE + label + 8.0;
        Self { way: Way::Up, left, top, width: width - EDGE - left, height, scale }
    }

    /// Where a value lies, in pixels across or down.
    pub(super) fn value(&self, value: f64) -> f64 {
        match self.way {
            Way::Up => self.top + (1.0 - self.scale.at(value)) * self.height,
            Way::Right => self.left + self.scale.at(value) * self.width,
        }
    }

    /// A point at a place along the axis, counted from its beginning.
    pub(super) fn point(&self, along: f64, value: f64) -> (f64, f64) {
        match self.way {
            Way::Up => (self.left + along, self.value(value)),
            Way::Right => (self.value(value), self.top + along),
        }
    }

    /// A bar at a place along the axis, between two values: left, top, width, height.
    pub(super) fn bar(&self, along: f64, thick: f64, from: f64, to: f64) -> [f64; 4] {
        let (a, b) = (self.value(from), self.value(to));
        match self.way {
            Way::Up => [self.left + along, a.min(b), thick, (a - b).abs()],
            Way::Right => [a.min(b), self.top + along, (a - b).abs(), thick],
        }
    }

    /// An interval as a line with ends.
    pub(super) fn whisker(&self, along: f64, low: f64, high: f64) -> Markup {
        const END: f64 = 3.0;
        let ((x, y), (to_x, to_y)) = (self.point(along, low), self.point(along, high));
        let line = match self.way {
            Way::Up => format!(
                "M{x:.1} {y:.1}V{to_y:.1}M{:.1} {y:.1}h{}M{:.1} {to_y:.1}h{}",
                x - END,
                2.0 * END,
                x - END,
                2.0 * END
            ),
            Way::Right => format!(
                "M{x:.1} {y:.1}H{to_x:.1}M{x:.1} {:.1}v{}M{to_x:.1} {:.1}v{}",
                y - END,
                2.0 * END,
                y - END,
                2.0 * END
            ),
        };
        html! { path.whisker d=(line) fill="none" stroke="#1b232c" stroke-width="1.2" {} }
    }

    /// The lines of the ticks, and their labels.
    pub(super) fn grid(&self) -> Markup {
        html! {
            @for (value, label) in self.scale.ticks() {
                @let at = self.value(value);
                @match self.way {
                    Way::Up => {
                        path class=(rule(value)) d={ "M" (number(self.left)) " " (number(at)) "h" (number(self.width)) }
                            stroke=(ink(value)) fill="none" {}
                        (text(self.left - 8.0, at + 4.0, "end", &[label]))
                    }
                    Way::Right => {
                        path class=(rule(value)) d={ "M" (number(at)) " " (number(self.top)) "v" (number(self.height)) }
                            stroke=(ink(value)) fill="none" {}
                        (text(at, self.top + self.height + LINE, "middle", &[label]))
                    }
                }
            }
        }
    }

    /// Labels below the places, all of them where they fit in three lines, else every so many; and how high they are.
    pub(super) fn labels_below(
        &self,
        places: &[String],
        centre: impl Fn(usize) -> f64,
        is_course: bool,
    ) -> (Markup, f64) {
        let slot = self.width / places.len().max(1) as f64;
        let each = if is_course { step(places, slot) } else { 1 };
        let room = (slot * each as f64 - 6.0).max(12.0);
        let labels: Vec<(f64, Vec<String>)> = places
            .iter()
            .enumerate()
            .step_by(each)
            .map(|(index, place)| {
                (centre(index), words::wrap(place, room, if each > 1 || is_course { 1 } else { 3 }))
            })
            .collect();
        let lines = labels.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        // Below zero, figures hang under their bars.
        let hanging = if self.scale.from < 0.0 { LINE } else { 0.0 };
        let y = self.top + self.height + hanging + LINE + 1.0;
        let whole = self.left + self.width + EDGE;
        let markup = html! { @for (x, lines) in &labels {
            @let half = words::width(lines.first().map_or("", String::as_str)) / 2.0;
            (text(x.clamp(half.min(whole / 2.0), whole - half.min(whole / 2.0)), y, "middle", lines))
        } };
        (markup, hanging + lines as f64 * LINE + 6.0)
    }
}

/// Every so many places have a label, so that none touches the next.
fn step(places: &[String], slot: f64) -> usize {
    let widest = places.iter().map(|place| words::width(place).min(120.0)).fold(0.0, f64::max) + 10.0;
    ((widest / slot).ceil() as usize).max(1)
}

fn rule(value: f64) -> &'static str {
    if value == 0.0 { "zero" } else { "grid" }
}

fn ink(value: f64) -> &'static str {
    if value == 0.0 { "#8a949e" } else { "#dfe3e8" }
}
