//! Numbers as they are kept: exactly, and in as few bytes as that allows.

use std::collections::HashMap;

/// A number for each row of a segment; not a number where there is none.
///
/// Scores are few different numbers over and over, which two bytes a row can name: twenty assessments of a million
/// applications are 40 MB so, and 160 MB as they are.
#[derive(Debug)]
pub struct Numbers(Form);

#[derive(Debug)]
enum Form {
    /// Each row's place among the different numbers.
    Few {
        different: Vec<f64>,
        places: Vec<u16>,
    },
    Many(Vec<f64>),
}

impl Numbers {
    pub(super) fn keep(numbers: Vec<f64>) -> Self {
        let mut known = HashMap::new();
        let mut different = Vec::new();
        let mut places = Vec::with_capacity(numbers.len());
        for number in &numbers {
            let place = *known.entry(number.to_bits()).or_insert_with(|| {
                different.push(*number);
                different.len() - 1
            });
            match u16::try_from(place) {
                Ok(place) => places.push(place),
                Err(_) => return Self(Form::Many(numbers)),
            }
        }
        Self(Form::Few { different, places })
    }

    /// The number of a row; not a number where there is none, or no such row.
    #[must_use]
    pub fn of(&self, row: usize) -> f64 {
        let number = match &self.0 {
            Form::Few { different, places } => {
                places.get(row).and_then(|place| different.get(usize::from(*place)))
            }
            Form::Many(numbers) => numbers.get(row),
        };
        number.copied().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_numbers_come_out_as_they_went_in() {
        let few: Vec<f64> = (0..200_000).map(|row| f64::from(row % 1001) / 10.0).chain([f64::NAN]).collect();
        let many: Vec<f64> = (0..=65_536).map(f64::from).collect();
        for (numbers, is_few) in [(few, true), (many, false), (Vec::new(), true)] {
            let kept = Numbers::keep(numbers.clone());
            assert_eq!(matches!(kept.0, Form::Few { .. }), is_few);
            let same = |(row, number): (usize, &f64)| kept.of(row).to_bits() == number.to_bits();
            assert!(numbers.iter().enumerate().all(same));
            assert!(kept.of(numbers.len()).is_nan());
        }
    }
}
