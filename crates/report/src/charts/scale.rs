//! The axis of values: where it begins and ends, and its round ticks.

use crate::{figures::grouped, model::Kind};

/// An axis from a round number to a round number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    kind: Kind,
    pub(super) from: f64,
    pub(super) to: f64,
    step: f64,
}

impl Scale {
    /// The axis that holds all values. A bar's length is its value, so its axis begins at zero.
    pub(super) fn around(values: impl Iterator<Item = f64>, kind: Kind, from_zero: bool) -> Self {
        let (mut low, mut high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), of| (low.min(of), high.max(of)));
        if low > high {
            (low, high) = (0.0, 0.0);
        }
        // A line that stays high is drawn from near its lowest value, else its course could not be seen.
        if from_zero || low < 0.75 * high || low == high {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        if low == high {
            high = 1.0;
        }
        let step = round_step((high - low) / 5.0, kind);
        let (mut from, mut to) = ((low / step).floor() * step, (high / step).ceil() * step);
        if kind == Kind::Share {
            // There is no share over one, and none below zero, unless somebody gives one.
            to = if high <= 1.0 { to.min(1.0) } else { to };
            from = if low >= 0.0 { from.max(0.0) } else { from };
        }
        Self { kind, from, to, step }
    }

    /// Where a value lies: 0 at the beginning, 1 at the end.
    pub(super) fn at(&self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// Where bars begin.
    pub(super) fn zero(&self) -> f64 {
        0.0_f64.clamp(self.from, self.to)
    }

    /// The ticks with their labels.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let count = ((self.to - self.from) / self.step).round().clamp(1.0, 12.0) as u32;
        let places = (0..=count).map(|index| f64::from(index).mul_add(self.step, self.from));
        places
            .filter(|place| *place <= self.to + self.step / 2.0)
            .map(|place| (place, self.label(place)))
            .collect()
    }

    /// A number on the axis, with as many decimals as the step needs.
    fn label(&self, value: f64) -> String {
        let (factor, unit) = if self.kind == Kind::Share { (100.0, "%") } else { (1.0, "") };
        let decimals = (-(self.step * factor).log10() - 1e-9).ceil().clamp(0.0, 8.0) as usize;
        let value = if value.abs() < self.step / 1e6 { 0.0 } else { value };
        format!("{}{unit}", grouped(value * factor, decimals))
    }
}

/// The least of 1, 2, 5, 10 × a power of ten that is not less; whole for counts.
fn round_step(least: f64, kind: Kind) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|round| round * power).find(|step| *step >= least * 0.999);
    let step = step.unwrap_or(10.0 * power);
    if kind == Kind::Count { step.max(1.0) } else { step }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(values: &[f64], kind: Kind, from_zero: bool) -> Vec<String> {
        let scale = Scale::around(values.iter().copied(), kind, from_zero);
        assert!(values.iter().all(|value| (0.0..=1.0).contains(&scale.at(*value))), "{scale:?}");
        scale.ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(&[0.3, 0.75], Kind::Share, true), ["0%", "20%", "40%", "60%", "80%"]);
        assert_eq!(labels(&[0.97, 1.0], Kind::Share, true), ["0%", "20%", "40%", "60%", "80%", "100%"]);
        assert_eq!(labels(&[0.91, 0.952], Kind::Share, false), ["91%", "92%", "93%", "94%", "95%", "96%"]);
        assert_eq!(labels(&[1.0, 2.0], Kind::Count, true), ["0", "1", "2"]);
        assert_eq!(labels(&[-3.0, 5.0], Kind::Days, true), ["−4", "−2", "0", "2", "4", "6"]);
        assert_eq!(labels(&[30_500.0], Kind::Count, true)[1], "10,000");
        assert_eq!(labels(&[0.0004], Kind::Number, true)[1], "0.0001");
    }

    #[test]
    fn no_values_equal_values_and_huge_ones_make_an_axis() {
        for values in [&[][..], &[0.0], &[7.0, 7.0], &[-7.0], &[1e15, -1e15], &[1e-12], &[1.0, 1.0 + 1e-13]] {
            for kind in [Kind::Count, Kind::Share, Kind::Number] {
                for from_zero in [true, false] {
                    let ticks = labels(values, kind, from_zero);
                    assert!((2..=13).contains(&ticks.len()), "{values:?} {kind:?} {ticks:?}");
                }
            }
        }
    }
}
