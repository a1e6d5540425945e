//! What was counted, by the values of one or more dimensions.

use dossier_analytics::{
    Rows, Sample,
    cube::{self, Axis, AxisCodes},
};
use dossier_search::columns::{Columns, Part};

use crate::{Error, Result};

/// So many combinations of values at most: what is more fits no table.
const MOST_CELLS: usize = 1 << 20;

/// One thing for each combination of the values of some dimensions.
#[derive(Debug)]
pub(super) struct Cube<T> {
    sizes: Vec<usize>,
    cells: Vec<T>,
}

impl<T> Cube<T> {
    /// What stands at this combination of values.
    pub(super) fn at(&self, places: &[usize]) -> Option<&T> {
        let place = places.iter().zip(&self.sizes).fold(0, |place, (value, size)| place * size + value);
        self.cells.get(place)
    }
}

impl Cube<u64> {
    /// The count at this combination; of dimensions that are not named, all together.
    pub(super) fn count(&self, places: &[usize]) -> u64 {
        let rest: usize = self.sizes.iter().skip(places.len()).product();
        let first = places.iter().zip(&self.sizes).fold(0, |place, (value, size)| place * size + value);
        self.cells.get(first * rest..(first + 1) * rest).map_or(0, |cells| cells.iter().sum())
    }

    /// The combinations of which something was counted, in order.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        let sizes = &self.sizes;
        let all = 0..sizes.iter().product();
        let places = |mut number: usize| {
            let mut places = vec![0; sizes.len()];
            for (place, size) in places.iter_mut().zip(sizes).rev() {
                *place = number % size;
                number /= size;
            }
            places
        };
        all.map(places).filter(|places| self.count(places) > 0).collect()
    }
}

/// Counts the applications found, or those of a subset, by these dimensions.
pub(super) fn counts(columns: &Columns, dimensions: &[usize], subset: Option<usize>) -> Result<Cube<u64>> {
    let mut cube = empty(columns, dimensions)?;
    for part in &columns.parts {
        let bits = rows(part, dimensions, subset, None);
        let axes = axes(part, dimensions);
        let counted = cube::counts(&axes, Rows::with_bits(&bits, part.len));
        merge(&mut cube, part, dimensions, counted, |sum, count| *sum += count);
    }
    Ok(cube)
}

/// The numbers of the applications found, by these dimensions.
pub(super) fn samples(columns: &Columns, dimensions: &[usize], number: usize) -> Result<Cube<Sample>> {
    let mut cube: Cube<Vec<f64>> = empty(columns, dimensions)?;
    for part in &columns.parts {
        let bits = rows(part, dimensions, None, Some(number));
        let (axes, numbers) = (axes(part, dimensions), &part.numbers[number].values);
        let grouped = cube::grouped(&axes, Rows::with_bits(&bits, part.len), |row| numbers.of(row));
        merge(&mut cube, part, dimensions, grouped, |all, more| all.extend(more));
    }
    Ok(Cube { sizes: cube.sizes, cells: cube.cells.into_iter().map(Sample::of).collect() })
}

fn empty<T: Clone + Default>(columns: &Columns, dimensions: &[usize]) -> Result<Cube<T>> {
    let sizes: Vec<usize> = dimensions.iter().map(|of| columns.values[*of].len()).collect();
    let cells = sizes.iter().try_fold(1_usize, |all, size| all.checked_mul(*size));
    match cells.filter(|cells| *cells <= MOST_CELLS) {
        Some(cells) => Ok(Cube { sizes, cells: vec![T::default(); cells] }),
        None => Err(Error::invalid(
            "分组太细，组合超过一百万种；请减少分组项或缩小条件",
            "there are more than a million combinations of groups; use fewer groupings or narrower conditions",
        )),
    }
}

fn axes<'a>(part: &'a Part, dimensions: &[usize]) -> Vec<Axis<'a>> {
    let axis = |of: &usize| {
        let codes = &part.dimensions[*of].codes;
        let codes = match codes.starts.is_empty() {
            true => AxisCodes::One(&codes.one),
            false => AxisCodes::Many { starts: &codes.starts, codes: &codes.codes },
        };
        Axis { codes, size: part.dimensions[*of].places.len() }
    };
    dimensions.iter().map(axis).collect()
}

/// The rows that count: what is not shown of them counts nowhere.
fn rows(part: &Part, dimensions: &[usize], subset: Option<usize>, number: Option<usize>) -> Vec<u64> {
    let found = subset.map_or(&part.rows, |subset| &part.subsets[subset]);
    let shown = dimensions.iter().filter_map(|of| part.dimensions[*of].shown.as_ref());
    let shown = shown.chain(number.and_then(|number| part.numbers[number].shown.as_ref()));
    shown.fold(found.clone(), |rows, shown| rows.and(shown)).words().to_vec()
}

/// Adds what was counted in a part, where each dimension has codes of its own.
fn merge<T, U>(
    cube: &mut Cube<T>,
    part: &Part,
    dimensions: &[usize],
    counted: Vec<U>,
    add: impl Fn(&mut T, U),
) {
    for (mut number, counted) in counted.into_iter().enumerate() {
        let (mut place, mut step, mut counts) = (0, 1, true);
        for (of, size) in dimensions.iter().zip(&cube.sizes).rev() {
            let places = &part.dimensions[*of].places;
            let code = number % places.len();
            number /= places.len();
            counts &= code > 0;
            place += places[code] * step;
            step *= size;
        }
        if let Some(cell) = cube.cells.get_mut(place).filter(|_| counts) {
            add(cell, counted);
        }
    }
}
