//! Rows by the codes of any number of columns.

use crate::Rows;

/// A column of codes, all below `size`.
#[derive(Debug, Clone, Copy)]
pub struct Axis<'a> {
    /// The codes of the rows.
    pub codes: AxisCodes<'a>,
    /// How many different codes there are.
    pub size: usize,
}

/// The codes of the rows.
#[derive(Debug, Clone, Copy)]
pub enum AxisCodes<'a> {
    /// One for each row.
    One(&'a [u16]),
    /// Any number for each row: those of row `r` stand from `starts[r]` to `starts[r + 1]`.
    Many {
        /// Where the codes of each row begin; one more than there are rows.
        starts: &'a [u32],
        /// The codes of all rows.
        codes: &'a [u16],
    },
}

impl Axis<'_> {
    fn of_row(&self, row: usize) -> &[u16] {
        match self.codes {
            AxisCodes::One(codes) => codes.get(row..=row).unwrap_or_default(),
            AxisCodes::Many { starts, codes } => match starts.get(row..row + 2) {
                Some(&[from, to]) => codes.get(from as usize..to as usize).unwrap_or_default(),
                _ => &[],
            },
        }
    }
}

/// How many of the rows have which codes: for codes `a`, `b`, `c` of three axes the count stands at
/// `(a × size_b + b) × size_c + c`. A row with several codes counts with each.
#[must_use]
pub fn counts(axes: &[Axis<'_>], set: Rows<'_>) -> Vec<u64> {
    let mut counts = vec![0; axes.iter().map(|axis| axis.size).product()];
    each(axes, set, |_, place| {
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    });
    counts
}

/// The numbers of the rows of the set, one group for each combination of codes, placed as by [`counts`]. What is not a
/// number is left out.
#[must_use]
pub fn grouped(axes: &[Axis<'_>], set: Rows<'_>, number: impl Fn(usize) -> f64) -> Vec<Vec<f64>> {
    let mut groups = vec![Vec::new(); axes.iter().map(|axis| axis.size).product()];
    each(axes, set, |row, place| {
        let number = number(row);
        if let (false, Some(group)) = (number.is_nan(), groups.get_mut(place)) {
            group.push(number);
        }
    });
    groups
}

/// Calls `take` with each of the rows and the place of each combination of its codes.
fn each(axes: &[Axis<'_>], set: Rows<'_>, mut take: impl FnMut(usize, usize)) {
    // The cases that reports mostly ask for are loops that the compiler can make short.
    match axes {
        [] => set.each(|row| take(row, 0)),
        [Axis { codes: AxisCodes::One(a), .. }] => set.each(|row| {
            if let Some(a) = a.get(row) {
                take(row, usize::from(*a));
            }
        }),
        [Axis { codes: AxisCodes::One(a), .. }, Axis { codes: AxisCodes::One(b), size }] => set.each(|row| {
            if let (Some(a), Some(b)) = (a.get(row), b.get(row)) {
                take(row, usize::from(*a) * size + usize::from(*b));
            }
        }),
        [
            Axis { codes: AxisCodes::One(a), .. },
            Axis { codes: AxisCodes::One(b), size: of_b },
            Axis { codes: AxisCodes::One(c), size: of_c },
        ] => set.each(|row| {
            if let (Some(a), Some(b), Some(c)) = (a.get(row), b.get(row), c.get(row)) {
                take(row, (usize::from(*a) * of_b + usize::from(*b)) * of_c + usize::from(*c));
            }
        }),
        _ => set.each(|row| combine(axes, row, 0, &mut take)),
    }
}

fn combine(axes: &[Axis<'_>], row: usize, place: usize, take: &mut impl FnMut(usize, usize)) {
    let Some((axis, rest)) = axes.split_first() else { return take(row, place) };
    for code in axis.of_row(row) {
        combine(rest, row, place * axis.size + usize::from(*code), take);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Axis<'_> = Axis { codes: AxisCodes::One(&[0, 1, 1, 0, 1]), size: 2 };
    const B: Axis<'_> = Axis { codes: AxisCodes::One(&[2, 0, 1, 2, 1]), size: 3 };
    const MANY: Axis<'_> =
        Axis { codes: AxisCodes::Many { starts: &[0, 2, 2, 3, 3, 5], codes: &[0, 1, 1, 0, 1] }, size: 2 };

    fn of(axes: &[Axis<'_>], bits: u64) -> Vec<u64> {
        counts(axes, Rows::with_bits(&[bits], 5))
    }

    #[test]
    fn rows_are_counted_by_all_their_codes() {
        assert_eq!(of(&[], 0b10110), [3]);
        assert_eq!(of(&[A], 0b11111), [2, 3]);
        assert_eq!(of(&[A], 0b00110), [0, 2]);
        assert_eq!(of(&[A, B], 0b11111), [0, 0, 2, 1, 2, 0]);
        assert_eq!(of(&[A, B, A], 0b11111), [0, 0, 0, 0, 2, 0, 0, 1, 0, 2, 0, 0]);
        assert_eq!(of(&[A, B, A, A], 0b11111).iter().sum::<u64>(), 5);
        assert_eq!(of(&[MANY], 0b11111), [2, 3]);
        assert_eq!(of(&[A, MANY], 0b11111), [1, 1, 1, 2]);
    }

    #[test]
    fn numbers_go_to_their_groups() {
        let numbers = [1.0, f64::NAN, 3.0, 4.0, 5.0];
        assert_eq!(grouped(&[A], Rows::all(5), |row| numbers[row]), [vec![1.0, 4.0], vec![3.0, 5.0]]);
        assert_eq!(grouped(&[], Rows::with_bits(&[0b00011], 5), |row| numbers[row]), [vec![1.0]]);
    }

    #[test]
    fn what_is_out_of_bounds_is_not_counted() {
        assert_eq!(counts(&[A], Rows::all(500)), [2, 3]);
        assert_eq!(counts(&[MANY], Rows::all(500)), [2, 3]);
        assert_eq!(of(&[Axis { codes: AxisCodes::One(&[9]), size: 2 }], 1), [0, 0]);
        assert_eq!(counts(&[A], Rows::all(0)), [0, 0]);
    }
}
