//! What of a table is drawn: places along an axis, series, and a mark for each place of each series.

use std::collections::{HashMap, HashSet};

use super::look;
use crate::{
    figures::said,
    model::{Cell, Chart, ChartKind, Column, Kind, Table, Value},
    plain,
};
use dossier_domain::Language;

/// Beyond this a number is drawn at the edge.
const FARTHEST: f64 = 1e15;

/// What is drawn.
pub(crate) struct Plot<'a> {
    /// The language of the report.
    language: Language,
    /// The column of places.
    pub(crate) along: &'a Column,
    /// What the values are.
    pub(crate) kind: Kind,
    /// What the values are called.
    pub(crate) label: &'a str,
    pub(crate) places: Vec<String>,
    pub(crate) series: Vec<Series<'a>>,
    /// How many places and how many series are in the table alone.
    pub(crate) omitted: (usize, usize),
}

/// Marks that belong together.
pub(crate) struct Series<'a> {
    pub(crate) name: String,
    /// One for each place.
    pub(crate) marks: Vec<Mark<'a>>,
}

/// What there is at a place.
#[derive(Clone, Copy)]
pub(crate) enum Mark<'a> {
    /// No data.
    Missing,
    /// A group too small to be shown.
    Withheld,
    /// A value, with the ends of its interval.
    At { value: f64, ends: Option<(f64, f64)>, cell: &'a Cell },
}

impl Series<'_> {
    fn named(name: String) -> Self {
        Self { name, marks: Vec::new() }
    }
}

impl<'a> Mark<'a> {
    fn of(cell: Option<&'a Cell>) -> Self {
        let near = |number: f64| number.clamp(-FARTHEST, FARTHEST);
        let Some(cell) = cell else { return Self::Missing };
        match cell.value.sound() {
            Value::Withheld => Self::Withheld,
            Value::Number(value) => Self::At { value: near(*value), ends: None, cell },
            Value::Estimate { value, low, high } => {
                let ends = (near(low.min(*high)), near(high.max(*low)));
                Self::At { value: near(*value), ends: Some(ends), cell }
            }
            Value::Nothing | Value::Text(_) | Value::Date(_) => Self::Missing,
        }
    }

    /// The value, if there is one to see.
    pub(crate) fn value(&self) -> Option<f64> {
        if let Self::At { value, .. } = self { Some(*value) } else { None }
    }
}

impl<'a> Plot<'a> {
    /// What the chart draws of the table; `None` if it names columns that the table has not.
    pub(crate) fn of(table: &'a Table, chart: &Chart, language: Language) -> Option<Self> {
        let column = |index: usize| table.columns.get(index);
        let values: Vec<&Column> = chart.values.iter().map(|index| column(*index)).collect::<Option<_>>()?;
        let first = values.first()?;
        let along = column(chart.along)?;
        if chart.by.is_some_and(|by| column(by).is_none())
            || (chart.kind == ChartKind::Boxes && values.len() != 5)
        {
            return None;
        }
        let mut plot = Self {
            language,
            along,
            kind: first.kind,
            label: if chart.by.is_some() || values.len() == 1 { &first.label } else { "" },
            places: Vec::new(),
            series: Vec::new(),
            omitted: (0, 0),
        };
        match chart.by {
            Some(by) => plot.gather(table, chart, by),
            None => plot.take(table, chart, &values),
        }
        Some(plot)
    }

    /// A row for each place, a column for each series.
    fn take(&mut self, table: &'a Table, chart: &Chart, values: &[&Column]) {
        self.places = table.rows.iter().map(|row| self.word(row.get(chart.along), self.along)).collect();
        self.series = values.iter().map(|column| Series::named(plain(&column.label).into_owned())).collect();
        self.limit(chart.kind);
        for (series, index) in self.series.iter_mut().zip(&chart.values) {
            let rows = table.rows.iter().take(self.places.len());
            series.marks = rows.map(|row| Mark::of(row.get(*index))).collect();
        }
    }

    /// A row for each place and group, one column of values. What comes first at a place is drawn.
    fn gather(&mut self, table: &'a Table, chart: &Chart, by: usize) {
        let (mut places, mut groups) = (Numbers::default(), Numbers::default());
        let there: HashSet<String> =
            table.rows.iter().map(|row| self.word(row.get(chart.along), self.along)).collect();
        let order = chart.order.iter().map(|place| plain(place).into_owned());
        for place in order.filter(|place| there.contains(place)) {
            places.of(place);
        }
        let mut seen: Vec<(usize, usize, Mark<'a>)> = Vec::new();
        for row in &table.rows {
            let mark = chart.values.first().map_or(Mark::Missing, |index| Mark::of(row.get(*index)));
            let place = places.of(self.word(row.get(chart.along), self.along));
            seen.push((place, groups.of(self.word(row.get(by), &table.columns[by])), mark));
        }
        self.places = places.names;
        self.series = groups.names.into_iter().map(Series::named).collect();
        self.limit(chart.kind);
        for series in &mut self.series {
            series.marks = vec![Mark::Missing; self.places.len()];
        }
        for (place, group, mark) in seen.into_iter().rev() {
            if let Some(there) = self.series.get_mut(group).and_then(|series| series.marks.get_mut(place)) {
                *there = mark;
            }
        }
    }

    /// Leaves what would be too much for one picture to the table.
    fn limit(&mut self, kind: ChartKind) {
        let most = match kind {
            ChartKind::HeatMap => 40,
            ChartKind::Funnel => 1,
            _ => look::MOST,
        };
        self.omitted.1 = self.series.len().saturating_sub(most);
        self.series.truncate(most);
        let most = match kind {
            ChartKind::Bars | ChartKind::Stacked => {
                let bars = if kind == ChartKind::Stacked { 1 } else { self.series.len().max(1) };
                (160 / bars).min(if self.is_course() { 160 } else { 40 })
            }
            ChartKind::Lines | ChartKind::Histogram => 400,
            ChartKind::HeatMap => 60,
            ChartKind::Funnel => 20,
            ChartKind::Boxes => 40,
        };
        self.omitted.0 = self.places.len().saturating_sub(most);
        self.places.truncate(most);
    }

    /// All values, and the ends of their intervals.
    pub(crate) fn extent(&self) -> impl Iterator<Item = f64> {
        self.marks().flat_map(|mark| match mark {
            Mark::At { value, ends, .. } => {
                let (low, high) = ends.unwrap_or((*value, *value));
                vec![*value, low, high]
            }
            Mark::Missing | Mark::Withheld => Vec::new(),
        })
    }

    pub(crate) fn marks(&self) -> impl Iterator<Item = &Mark<'a>> {
        self.series.iter().flat_map(|series| &series.marks)
    }

    /// What a place or a group is called.
    fn word(&self, cell: Option<&Cell>, column: &Column) -> String {
        cell.map_or(String::new(), |cell| said(column.kind, &cell.value, self.language))
    }

    /// Whether the places are a course, in time or in number, of which some labels tell the others.
    pub(crate) fn is_course(&self) -> bool {
        let begins_with_digit =
            |place: &String| place.starts_with(|c: char| c.is_ascii_digit() || c == '−' || c == '<');
        self.along.kind != Kind::Text || (self.places.len() > 1 && self.places.iter().all(begins_with_digit))
    }
}

/// Names, numbered in the order of their first appearance.
#[derive(Default)]
struct Numbers {
    names: Vec<String>,
    known: HashMap<String, usize>,
}

impl Numbers {
    fn of(&mut self, name: String) -> usize {
        if let Some(number) = self.known.get(&name) {
            return *number;
        }
        self.names.push(name.clone());
        self.known.insert(name, self.names.len() - 1);
        self.names.len() - 1
    }
}
