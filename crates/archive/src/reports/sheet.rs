//! What a measure gets: columns to count over, and words and queries for what it counts.

use dossier_analytics::{Estimate, Rate, Sample};
use dossier_domain::Language;
use dossier_report::model::{Cell, Chart, ChartKind, Column, Kind, Table, Value};
use dossier_search::{
    Columns, Dimension, Query,
    columns::{self, Number},
    query::Node,
};

use super::{
    asked::Asked,
    cube::{self, Cube},
    figures::{estimated, withheld},
    withholding::{Row, never_one_alone},
};
use crate::Result;

/// Columns of the applications that are counted. The first dimensions are those that were asked for.
pub(super) struct Sheet<'a> {
    pub(super) asked: &'a Asked,
    /// What finds the applications that are counted.
    pub(super) query: &'a Query,
    pub(super) dimensions: &'a [Dimension],
    pub(super) numbers: &'a [Number],
    pub(super) columns: &'a Columns,
}

/// Applications that have the same values of the dimensions asked for.
pub(super) struct Group {
    /// The place of each value.
    pub(super) places: Vec<usize>,
    /// How many applications it has.
    pub(super) count: u64,
    /// What finds them.
    pub(super) query: Query,
}

/// So many of a group, at a place along each of some scales: a bin, a band, a grade.
pub(super) struct Placed<'a> {
    pub(super) group: &'a Group,
    /// The place along each scale, and what it is called.
    pub(super) at: Vec<(usize, String)>,
    pub(super) count: u64,
    /// What finds them in the group.
    pub(super) found_by: Vec<Node>,
}

/// Counts for each group, and of all.
pub(super) struct Counts<'a> {
    values: &'a [columns::Value],
    by: Cube<u64>,
    all: Cube<u64>,
}

impl Counts<'_> {
    /// How many of a group have this value.
    pub(super) fn of(&self, group: &Group, value: &columns::Value) -> u64 {
        match self.values.iter().position(|other| other == value) {
            Some(place) => self.at(group, Some(place)),
            None => 0,
        }
    }

    /// How many of a group belong to the subset that was counted.
    pub(super) fn inside(&self, group: &Group) -> u64 {
        self.at(group, None)
    }

    fn at(&self, group: &Group, value: Option<usize>) -> u64 {
        let cube = if group.places.is_empty() { &self.all } else { &self.by };
        let places: Vec<usize> = group.places.iter().copied().chain(value).collect();
        cube.count(&places)
    }
}

/// Numbers of each group, and of all.
pub(super) struct Samples {
    by: Cube<Sample>,
    all: Cube<Sample>,
}

impl Samples {
    /// The numbers of a group.
    pub(super) fn of(&self, group: &Group) -> Option<&Sample> {
        let cube = if group.places.is_empty() { &self.all } else { &self.by };
        cube.at(&group.places)
    }
}

impl Sheet<'_> {
    /// The language of the report.
    pub(super) fn language(&self) -> Language {
        self.asked.language
    }

    /// Counts by what was asked for and by the values of this dimension.
    pub(super) fn counts(&self, dimension: Dimension) -> Result<Counts<'_>> {
        let place = self.dimensions.iter().rposition(|other| *other == dimension).unwrap_or_default();
        let by = self.asked_for().chain([place]).collect::<Vec<_>>();
        Ok(Counts {
            values: &self.columns.values[place],
            by: cube::counts(self.columns, &by, None)?,
            all: cube::counts(self.columns, &[place], None)?,
        })
    }

    /// Counts those of a subset by what was asked for.
    pub(super) fn counts_in(&self, subset: usize) -> Result<Counts<'_>> {
        let by: Vec<_> = self.asked_for().collect();
        Ok(Counts {
            values: &[],
            by: cube::counts(self.columns, &by, Some(subset))?,
            all: cube::counts(self.columns, &[], Some(subset))?,
        })
    }

    /// The places of the dimensions that were asked for.
    fn asked_for(&self) -> impl Iterator<Item = usize> {
        0..self.asked.by.len()
    }

    /// The numbers by what was asked for, and all of them.
    pub(super) fn samples(&self, number: usize) -> Result<Samples> {
        let by: Vec<_> = self.asked_for().collect();
        Ok(Samples {
            by: cube::samples(self.columns, &by, number)?,
            all: cube::samples(self.columns, &[], number)?,
        })
    }

    /// The groups by what was asked for, in order.
    pub(super) fn groups(&self) -> Result<Vec<Group>> {
        let by: Vec<_> = self.asked_for().collect();
        let counts = cube::counts(self.columns, &by, None)?;
        let group = |places: Vec<usize>| {
            let condition = |(of, place): (usize, &usize)| {
                self.dimensions[of].condition(&self.columns.values[of][*place])
            };
            let query = self.query.and(places.iter().enumerate().map(condition));
            Group { count: counts.count(&places), query, places }
        };
        Ok(counts.groups().into_iter().map(group).collect())
    }

    /// The groups by what was asked for; all as one group where nothing was.
    pub(super) fn groups_or_all(&self) -> Result<Vec<Group>> {
        if self.asked.by.is_empty() { Ok(vec![self.everything()]) } else { self.groups() }
    }

    /// All that is counted, as one group.
    pub(super) fn everything(&self) -> Group {
        let count = self.columns.parts.iter().map(|part| part.rows.count()).sum();
        Group { places: Vec::new(), count, query: self.query.clone() }
    }

    /// The columns that tell groups apart.
    pub(super) fn headings(&self) -> Vec<Column> {
        let kind = |of: &Dimension| if *of == Dimension::Month { Kind::Month } else { Kind::Text };
        let heading = |of: &Dimension| column(of.name(), of.label(self.language()), kind(of));
        self.asked.by.iter().map(heading).collect()
    }

    /// What tells a group apart.
    pub(super) fn names(&self, group: &Group) -> Vec<String> {
        let name = |(of, place): (usize, &usize)| self.columns.values[of][*place].label(self.language());
        group.places.iter().enumerate().map(name).collect()
    }

    /// The same as cells: a month as its first day.
    fn labels(&self, group: &Group) -> Vec<Cell> {
        let label = |(of, place): (usize, &usize)| match &self.columns.values[of][*place] {
            columns::Value::Month(month) => Cell { value: Value::Date(month.first_day()), behind: None },
            other => Cell::text(other.label(self.language())),
        };
        group.places.iter().enumerate().map(label).collect()
    }

    /// A row for each group, and one for all of them, under the headings of the groups and these columns. The cells of a
    /// group that is too small for the reader are withheld.
    pub(super) fn table(
        &self,
        columns: Vec<Column>,
        groups: &[Group],
        cells: impl Fn(&Group) -> Vec<Cell>,
    ) -> Table {
        let judged = |group: &Group| match self.is_small(group.count) {
            true => withheld(columns.len()),
            false => cells(group),
        };
        let row = |group| row(group, judged(group));
        let mut rows: Vec<Row<'_>> = groups.iter().map(row).collect();
        never_one_alone(&mut rows);
        let labelled = |(group, row): (&Group, Row<'_>)| [self.labels(group), row.cells].concat();
        let rows = groups.iter().zip(rows).map(labelled).collect();
        let total = self.everything();
        let label = |place| match place {
            0 => Cell::text(self.language().pick("合计", "All")),
            _ => Cell::nothing(),
        };
        let labels: Vec<Cell> = (0..self.asked.by.len()).map(label).collect();
        let total = (!labels.is_empty()).then(|| [labels, judged(&total)].concat());
        Table { columns: [self.headings(), columns].concat(), rows, total }
    }

    /// As [`Sheet::table`], with a row of each group for each of some things, whose names stand in a column more.
    pub(super) fn long_table(
        &self,
        thing: Column,
        columns: Vec<Column>,
        groups: &[Group],
        rows: impl Fn(&Group) -> Vec<(String, Vec<Cell>)>,
    ) -> Table {
        let judged = |group: &Group, cells: Vec<Cell>| match self.is_small(group.count) {
            true => withheld(cells.len()),
            false => cells,
        };
        let mut made = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            let (places, count) = (group.places.as_slice(), group.count);
            let row = |(thing, cells)| (number, Row { places, thing, count, cells: judged(group, cells) });
            made.extend(rows(group).into_iter().map(row));
        }
        let (numbers, mut rows): (Vec<usize>, Vec<Row<'_>>) = made.into_iter().unzip();
        never_one_alone(&mut rows);
        let labelled = |(number, row): (usize, Row<'_>)| {
            [self.labels(&groups[number]), vec![Cell::text(row.thing)], row.cells].concat()
        };
        Table {
            rows: numbers.into_iter().zip(rows).map(labelled).collect(),
            columns: [self.headings(), vec![thing], columns].concat(),
            total: None,
        }
    }

    /// A count for each place along some scales, beside the groups.
    pub(super) fn placed(&self, scales: Vec<Column>, counted: Column, placed: &[Placed<'_>]) -> Table {
        let labelled = |(of, cell): (&Placed<'_>, Cell)| {
            let names = of.at.iter().map(|(_, name)| Cell::text(name.as_str())).collect();
            [self.labels(of.group), names, vec![cell]].concat()
        };
        Table {
            rows: placed.iter().zip(self.counted(placed)).map(labelled).collect(),
            columns: [self.headings(), scales, vec![counted]].concat(),
            total: None,
        }
    }

    /// The counts of places along some scales. They are withheld as groups are.
    pub(super) fn counted(&self, placed: &[Placed<'_>]) -> Vec<Cell> {
        let along = |of: &Placed<'_>| {
            of.group.places.iter().copied().chain(of.at.iter().map(|(place, _)| *place)).collect()
        };
        let places: Vec<Vec<usize>> = placed.iter().map(along).collect();
        let mut rows = Vec::with_capacity(placed.len());
        for (of, places) in placed.iter().zip(&places) {
            let cells = match self.is_small(of.group.count) || self.is_small(of.count) {
                true => withheld(1),
                false => vec![self.cell(of.group, of.count, of.found_by.clone())],
            };
            rows.push(Row { places, thing: String::new(), count: of.count, cells });
        }
        never_one_alone(&mut rows);
        rows.into_iter().flat_map(|row| row.cells).collect()
    }

    /// Which of some groups that stand beside each other are shown, by how many they have; fewer than `least` are shown to
    /// nobody.
    pub(super) fn shown(&self, counts: &[u64], least: u64) -> Vec<bool> {
        let places: Vec<[usize; 1]> = (0..counts.len()).map(|place| [place]).collect();
        let mut rows = Vec::with_capacity(counts.len());
        for (places, count) in places.iter().zip(counts) {
            let is_few = self.is_small(*count) || (1..least).contains(count);
            let cells = if is_few { withheld(1) } else { vec![Cell::count(*count, None)] };
            rows.push(Row { places, thing: String::new(), count: *count, cells });
        }
        // Who sees every group can't work out more than they see.
        if self.asked.smallest_group > 1 {
            never_one_alone(&mut rows);
        }
        rows.iter().map(|row| !row.is_withheld()).collect()
    }

    /// Whether so many are too few for the reader.
    pub(super) fn is_small(&self, count: u64) -> bool {
        (1..self.asked.smallest_group).contains(&count)
    }

    /// A count of applications of a group that fit these conditions besides.
    pub(super) fn cell(&self, group: &Group, count: u64, besides: impl IntoIterator<Item = Node>) -> Cell {
        Cell::count(count, group.query.and(besides).text(self.language()))
    }

    /// A share of a group, behind which stand the applications that fit these conditions.
    pub(super) fn share(&self, group: &Group, rate: Rate, besides: impl IntoIterator<Item = Node>) -> Cell {
        self.estimate(group, rate.estimate(), besides)
    }

    /// A number that a group's applications give together, behind which stand those that fit these conditions.
    pub(super) fn estimate(
        &self,
        group: &Group,
        estimate: Option<Estimate>,
        besides: impl IntoIterator<Item = Node>,
    ) -> Cell {
        let behind = estimate.map(|_| group.query.and(besides).text(self.language()));
        Cell { behind, ..estimated(estimate) }
    }

    /// A number that a group's applications give together, behind which stand those that fit these conditions.
    pub(super) fn number(
        &self,
        group: &Group,
        number: Option<f64>,
        besides: impl IntoIterator<Item = Node>,
    ) -> Cell {
        let cell = number.map_or_else(Cell::nothing, Cell::number);
        let behind = number.map(|_| group.query.and(besides).text(self.language()));
        Cell { behind, ..cell }
    }

    /// How a value of each group is best drawn: over time as lines, else as bars, where one or two things tell the groups
    /// apart. `value` is the place of its column.
    pub(super) fn chart(&self, value: usize) -> Option<Chart> {
        let (along, by) = match self.asked.by.as_slice() {
            [_] => (0, None),
            [a, b] if b.is_time() && !a.is_time() => (1, Some(0)),
            [_, _] => (0, Some(1)),
            _ => return None,
        };
        let kind = if self.asked.by[along].is_time() { ChartKind::Lines } else { ChartKind::Bars };
        // A group may lack what another has, so their rows together don't tell the order.
        let order = self.columns.values[along].iter().map(|value| value.label(self.language())).collect();
        Some(Chart { kind, along, by, order, values: vec![value] })
    }
}

/// The row of a group.
fn row(group: &Group, cells: Vec<Cell>) -> Row<'_> {
    Row { places: &group.places, thing: String::new(), count: group.count, cells }
}

/// A column.
pub(super) fn column(id: &'static str, label: impl Into<String>, kind: Kind) -> Column {
    Column { id: id.into(), label: label.into(), kind }
}
