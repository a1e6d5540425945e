//! The same parts of two times as one: for each number the former, the present, and by how much it changed.
//!
//! Compared are counts and what is estimated with an interval. Those of two times are of different applications, so the
//! change has an interval as well. Behind the numbers of each time stands their own search; behind a change there is none.

use std::collections::{HashMap, HashSet};

use dossier_analytics::Estimate;
use dossier_domain::Language;
use dossier_report::model::{Cell, Chart, ChartKind, Column, Kind, Part, Table, Value};

use super::{
    figures::{estimated, in_points, withheld},
    sheet::column,
};

/// A table of so many columns is as wide as pages allow; what is more becomes a part of its own.
const WIDEST: usize = 12;

/// What is the same for all parts.
struct Comparing<'a> {
    language: Language,
    /// What the former time and the present one are called.
    names: &'a [String; 2],
}

/// What of a table is compared.
struct Chosen {
    /// The columns that tell rows apart.
    labels: Vec<usize>,
    /// The columns with numbers, and whether each is estimated.
    values: Vec<(usize, bool)>,
}

/// The parts of both times, compared. Parts belong together that have one title.
pub(super) fn compared(
    [former, present]: [&[Part]; 2],
    names: &[String; 2],
    language: Language,
) -> Vec<Part> {
    let comparing = Comparing { language, names };
    let nothing = Table::default();
    let of_both = present.iter().map(|part| {
        let before = former.iter().find(|other| other.title == part.title);
        comparing.parts(part, [before.map_or(&nothing, |part| &part.table), &part.table])
    });
    let gone = former.iter().filter(|part| !present.iter().any(|other| other.title == part.title));
    let gone = gone.map(|part| comparing.parts(part, [&part.table, &nothing]));
    of_both.chain(gone).flatten().collect()
}

impl Comparing<'_> {
    /// A part of both times: as one, or as several that fit on a page.
    fn parts(&self, like: &Part, tables: [&Table; 2]) -> Vec<Part> {
        let columns = &like.table.columns;
        let labels: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].kind == Kind::Text).collect();
        let intervals = tables.map(Table::intervals);
        let value = |at: usize| {
            let is_estimate = intervals.iter().any(|has| has.get(at) == Some(&true));
            (is_estimate || columns[at].kind == Kind::Count).then_some((at, is_estimate))
        };
        let parted = parted((0..columns.len()).filter_map(value));
        let several = parted.len() > 1;
        let part = |(number, mut values): (usize, Vec<(usize, bool)>)| {
            // What changed comes first, and what it was counted from behind it.
            values.sort_by_key(|(_, is_estimate)| !is_estimate);
            let title = match several {
                true => format!("{} · {}", like.title, columns[values[0].0].label),
                false => like.title.clone(),
            };
            let has_changes = values.iter().any(|(_, is_estimate)| *is_estimate);
            let chosen = Chosen { labels: labels.clone(), values };
            let mut notes = if number == 0 { like.notes.clone() } else { Vec::new() };
            notes.extend(has_changes.then(|| self.note()).filter(|_| number == 0));
            Part { title, notes, table: self.table(columns, tables, &chosen), chart: chart(&chosen) }
        };
        parted.into_iter().enumerate().map(part).collect()
    }

    fn note(&self) -> String {
        let note = self.language.pick(
            "变化＝后一时段减前一时段。其95%区间由两个时段各自的区间合成（Zou与Donner 2008）；区间含0的，可能只是偶然。",
            "The change is the later time less the earlier one. Its 95 % interval is put together from those of both (Zou and Donner 2008); where it includes 0, it may be chance.",
        );
        note.to_owned()
    }

    /// A row for whatever is told apart in one of the times.
    fn table(&self, columns: &[Column], [former, present]: [&Table; 2], chosen: &Chosen) -> Table {
        let key = |row: &Vec<Cell>| chosen.labels.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
        let word = |row: &Vec<Cell>| format!("{:?}", key(row));
        let before: HashMap<String, &Vec<Cell>> = former.rows.iter().map(|row| (word(row), row)).collect();
        let known: HashSet<String> = present.rows.iter().map(word).collect();
        let of_both = present
            .rows
            .iter()
            .map(|row| self.row(key(row), [before.get(&word(row)).copied(), Some(row)], columns, chosen));
        let gone = former.rows.iter().filter(|row| !known.contains(&word(row)));
        let gone = gone.map(|row| self.row(key(row), [Some(row), None], columns, chosen));
        let totals = [former.total.as_ref(), present.total.as_ref()];
        let total = totals.into_iter().flatten().next_back();
        Table {
            columns: self.columns(columns, chosen),
            rows: of_both.chain(gone).collect(),
            total: total.map(|row| self.row(key(row), totals, columns, chosen)),
        }
    }

    fn row(
        &self,
        labels: Vec<Cell>,
        rows: [Option<&Vec<Cell>>; 2],
        columns: &[Column],
        chosen: &Chosen,
    ) -> Vec<Cell> {
        // Without a column that tells rows apart there is one of them, which is all.
        let all = labels.is_empty().then(|| Cell::text(self.language.pick("全部", "All")));
        let mut cells: Vec<Cell> = labels.into_iter().chain(all).collect();
        for (at, is_estimate) in &chosen.values {
            let both =
                rows.map(|row| row.and_then(|row| row.get(*at)).cloned().unwrap_or_else(Cell::nothing));
            let change = is_estimate.then(|| change(&both[0].value, &both[1].value, columns[*at].kind));
            cells.extend(both.into_iter().chain(change));
        }
        cells
    }

    fn columns(&self, columns: &[Column], chosen: &Chosen) -> Vec<Column> {
        let all = column("group", self.language.pick("范围", "Of whom"), Kind::Text);
        let mut made: Vec<Column> = chosen.labels.iter().map(|at| columns[*at].clone()).collect();
        made.extend(chosen.labels.is_empty().then_some(all));
        for (at, is_estimate) in &chosen.values {
            let Column { id, label, kind } = &columns[*at];
            let of = |time: &str| match self.language {
                Language::Chinese => format!("{label}（{time}）"),
                Language::English => format!("{label} ({time})"),
            };
            let (change, unit) = match kind {
                Kind::Share => (self.language.pick("变化，百分点", "change in points"), Kind::Points),
                kind => (self.language.pick("变化", "change"), *kind),
            };
            let [former, present] = self.names;
            made.push(Column { id: format!("{id}_before").into(), label: of(former), kind: *kind });
            made.push(Column { id: id.clone(), label: of(present), kind: *kind });
            let change = || Column { id: format!("{id}_change").into(), label: of(change), kind: unit };
            made.extend(is_estimate.then(change));
        }
        made
    }
}

/// The columns with numbers in parts that fit on a page. What was counted stands with what is estimated of it, which
/// comes behind.
fn parted(values: impl Iterator<Item = (usize, bool)>) -> Vec<Vec<(usize, bool)>> {
    let width = |(_, is_estimate): &(usize, bool)| if *is_estimate { 3 } else { 2 };
    let mut parts: Vec<Vec<(usize, bool)>> = Vec::new();
    for value in values {
        let has_room = |part: &Vec<(usize, bool)>| {
            let is_new_count = !value.1 && part.last().is_some_and(|(_, was_estimate)| *was_estimate);
            !is_new_count && part.iter().chain([&value]).map(width).sum::<usize>() <= WIDEST
        };
        match parts.last_mut().filter(|part| has_room(part)) {
            Some(part) => part.push(value),
            None => parts.push(vec![value]),
        }
    }
    parts
}

/// Bars of both times beside each other, where one thing at most tells rows apart.
fn chart(chosen: &Chosen) -> Option<Chart> {
    let values = vec![1, 2];
    (chosen.labels.len() <= 1).then_some(Chart {
        kind: ChartKind::Bars,
        along: 0,
        by: None,
        order: Vec::new(),
        values,
    })
}

/// By how much a number changed; shares in points.
fn change(former: &Value, present: &Value, kind: Kind) -> Cell {
    let scale = if kind == Kind::Share { 100.0 } else { 1.0 };
    let estimate = |value: &Value| match value.sound() {
        Value::Estimate { value, low, high } => Some(Estimate { value: *value, low: *low, high: *high }),
        _ => None,
    };
    match (former, present) {
        (Value::Withheld, _) | (_, Value::Withheld) => withheld(1).remove(0),
        _ => match (estimate(former), estimate(present), former.as_number(), present.as_number()) {
            (Some(former), Some(present), ..) => {
                let Estimate { value, low, high } = present.above(former);
                estimated(Some(match kind {
                    Kind::Share => in_points(Estimate { value, low: low.max(-1.0), high: high.min(1.0) }),
                    _ => Estimate { value, low, high },
                }))
            }
            (_, _, Some(former), Some(present)) => Cell::number((present - former) * scale),
            _ => Cell::nothing(),
        },
    }
}
