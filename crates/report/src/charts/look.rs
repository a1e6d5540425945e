//! What tells series apart: a colour, and a dash or a hatching for who sees no colours.

use maud::{Markup, html};

/// So many series are told apart.
pub(super) const MOST: usize = 6;

/// Colours that people with any kind of colour vision tell apart (after Okabe and Ito, darkened for lines on white).
pub(crate) const COLOURS: [&str; MOST] = ["#0072b2", "#d55e00", "#007a5e", "#a8518a", "#9a7400", "#4b5563"];
/// The second mark of lines.
const DASHES: [&str; 5] = ["none", "7 4", "2 4", "12 4 2 4", "4 2"];
/// The second mark of surfaces, drawn in the colour of the paper on tiles of 6 × 6.
const HATCHES: [&str; MOST] =
    ["", "M0 6L6 0M-1 1L1 -1M5 7L7 5", "M0 3H6", "M0 0L6 6M-1 5L1 7M5 -1L7 1", "M3 0V6", "M0 3H6M3 0V6"];

/// Colour, dash and hatching of a series, by its number.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) class: usize,
    pub(super) colour: &'static str,
    pub(super) dash: &'static str,
}

impl Look {
    pub(super) fn of(index: usize) -> Self {
        let class = index % COLOURS.len();
        Self { class, colour: COLOURS[class], dash: DASHES[index % DASHES.len()] }
    }

    /// The hatching to lay over a surface; none for the first series.
    pub(super) fn hatch(self, id: &str) -> Option<String> {
        (self.class > 0).then(|| format!("url(#{id}-h{})", self.class))
    }
}

/// The hatchings that so many series need.
pub(super) fn hatches(id: &str, series: usize) -> Markup {
    html! {
        @if series > 1 {
            defs { @for (index, tile) in HATCHES.iter().enumerate().take(series).skip(1) {
                pattern id={ (id) "-h" (index) } width="6" height="6" patternUnits="userSpaceOnUse" {
                    path class="hatch" d=(tile) fill="none" stroke="#ffffff" stroke-width="1.2" stroke-opacity="0.6" {}
                }
            } }
        }
    }
}

/// The mark of a curve for a legend.
pub(crate) fn swatch(index: usize) -> Markup {
    let look = Look::of(index);
    html! {
        svg.swatch viewBox="0 0 26 10" width="26" height="10" aria-hidden="true" {
            path class={ "curve c" (look.class) } d="M1 5H25" fill="none" stroke=(look.colour) stroke-width="2.5"
                stroke-dasharray=(look.dash) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_differ_in_colour_and_dash() {
        for index in 0..30 {
            let (this, next) = (Look::of(index), Look::of(index + 1));
            assert!(this.colour != next.colour && this.dash != next.dash);
        }
    }
}
