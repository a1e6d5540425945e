//! Columns: what reports count. Dense arrays, one for each segment of the index, gathered at their first use and kept,
//! since segments never change; and a bit for each application that a query finds within a scope.
//!
//! A column of [`Dimension`] says for each application a small code of its value, one of [`Number`] a number. What tells
//! something about a kind of material counts only where the scope shows that kind, as in a search.

pub(crate) mod answers;
mod cache;
mod codes;
mod dimension;
mod kept;
pub(crate) mod numbers;
mod rows;

use std::{collections::BTreeMap, sync::Arc};

use dossier_domain::{BankZone, MaterialKind, text::SkillName};
use tantivy::{Searcher, SegmentReader};

pub(crate) use self::cache::Cache;
use self::rows::CollectRows;
pub use self::{
    answers::{Answered, Question, Wish},
    codes::Codes,
    dimension::{Dimension, Value},
    kept::Numbers,
    numbers::Number,
    rows::Rows,
};
use crate::{
    Query, Scope,
    collect::Shown,
    compile::Compiler,
    query::Node,
    schema::{Fields, Mark, column},
};

/// What columns are wanted, of which applications.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The applications that this finds …
    pub query: &'a Query,
    /// … in here.
    pub scope: &'a Scope,
    /// The zone in which dates and months are meant.
    pub zone: BankZone,
    /// These properties,
    pub dimensions: &'a [Dimension],
    /// these numbers,
    pub numbers: &'a [Number],
    /// and for each of these whether it fits.
    pub subsets: &'a [Node],
}

/// Columns of the applications that were found.
#[derive(Debug)]
pub struct Columns {
    /// For each dimension the values that occur anywhere in the index, in order.
    pub values: Vec<Vec<Value>>,
    /// The segments.
    pub parts: Vec<Part>,
}

/// The columns of one segment. Rows are numbered from 0 in all of them alike.
#[derive(Debug)]
pub struct Part {
    /// How many rows there are.
    pub len: usize,
    /// The applications that were found.
    pub rows: Rows,
    /// For each dimension its codes.
    pub dimensions: Vec<Coded>,
    /// For each number its values.
    pub numbers: Vec<Numbered>,
    /// For each subset the applications found that belong to it.
    pub subsets: Vec<Rows>,
}

/// A dimension in one segment.
#[derive(Debug)]
pub struct Coded {
    /// The codes. Code 0 stands for what is not counted.
    pub codes: Arc<Codes>,
    /// For each code its place among [`Columns::values`]; that of code 0 means nothing.
    pub places: Vec<usize>,
    /// The rows whose value may be seen; `None` for all.
    pub shown: Option<Rows>,
}

/// A number in one segment.
#[derive(Debug)]
pub struct Numbered {
    /// The values.
    pub values: Arc<Numbers>,
    /// The rows whose value may be seen; `None` for all.
    pub shown: Option<Rows>,
}

/// Gathers columns.
pub(crate) struct Gather<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) searcher: &'a Searcher,
    pub(crate) cache: &'a Cache,
}

impl Gather<'_> {
    pub(crate) fn columns(&self, wanted: &Wanted<'_>) -> tantivy::Result<Columns> {
        self.cache.keep(self.searcher, wanted.zone);
        let judged = self.judged(wanted)?;
        let rows = self.rows(wanted, wanted.query.root())?;
        let subsets = wanted.subsets.iter().map(|node| self.rows(wanted, node));
        let mut subsets = subsets.map(|of| Ok(of?.into_iter())).collect::<tantivy::Result<Vec<_>>>()?;
        let mut parts = Vec::with_capacity(rows.len());
        let segments = self.searcher.segment_readers().iter().enumerate();
        for (rows, (place, segment)) in rows.into_iter().zip(segments) {
            let subsets = subsets.iter_mut().filter_map(Iterator::next).map(|subset| subset.and(&rows));
            let subsets = subsets.collect();
            let shown = Shown::new(wanted.scope, segment)?;
            let dimensions = wanted.dimensions.iter().map(|of| self.coded(*of, wanted, segment, &shown));
            let judged = judged.as_ref().and_then(|rows| rows.get(place));
            let numbers = wanted.numbers.iter().map(|of| self.numbered(of, segment, &shown, judged));
            parts.push(Part {
                len: segment.max_doc() as usize,
                dimensions: dimensions.collect::<tantivy::Result<_>>()?,
                numbers: numbers.collect::<tantivy::Result<_>>()?,
                subsets,
                rows,
            });
        }
        let values = (0..wanted.dimensions.len()).map(|place| in_order(place, &mut parts)).collect();
        Ok(Columns { values, parts })
    }

    /// The skills of what was found, those that most have first.
    pub(crate) fn skills(
        &self,
        query: &Query,
        scope: &Scope,
        zone: BankZone,
    ) -> tantivy::Result<Vec<SkillName>> {
        let nothing = Wanted { query, scope, zone, dimensions: &[], numbers: &[], subsets: &[] };
        let mut found = BTreeMap::new();
        let rows = self.rows(&nothing, query.root())?;
        for (rows, segment) in rows.into_iter().zip(self.searcher.segment_readers()) {
            let shown = Shown::new(scope, segment)?;
            let rows = match shown_rows(&[MaterialKind::SkillAssessment], segment, &shown) {
                Some(shown) => rows.and(&shown),
                None => rows,
            };
            numbers::skills(self.fields.skill, segment, &rows, &mut found)?;
        }
        let mut skills: Vec<(SkillName, u64)> = found.into_values().collect();
        skills.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(skills.into_iter().map(|(name, _)| name).collect())
    }

    /// The rows that fit, segment by segment.
    fn rows(&self, wanted: &Wanted<'_>, node: &Node) -> tantivy::Result<Vec<Rows>> {
        self.searcher.search(&self.compiler(wanted).compile(node)?, &CollectRows)
    }

    /// Where people's scores are wanted, the rows of which scorecards may be seen, segment by segment; `None` for all.
    fn judged(&self, wanted: &Wanted<'_>) -> tantivy::Result<Option<Vec<Rows>>> {
        let filter = wanted.numbers.contains(&Number::Human).then(|| self.compiler(wanted).scorecards());
        filter.flatten().map(|filter| self.searcher.search(&filter, &CollectRows)).transpose()
    }

    fn compiler<'b>(&'b self, wanted: &Wanted<'b>) -> Compiler<'b> {
        let Wanted { scope, zone, .. } = *wanted;
        Compiler { fields: self.fields, searcher: self.searcher, scope, zone }
    }

    fn coded(
        &self,
        dimension: Dimension,
        wanted: &Wanted<'_>,
        segment: &SegmentReader,
        shown: &Shown,
    ) -> tantivy::Result<Coded> {
        let codes = match dimension {
            Dimension::Tag if !shown.is_everything() => {
                Arc::new(Codes::of_tags(segment, |row, kind| shown.shows(row, kind))?)
            }
            _ => self.cache.codes(dimension, wanted.zone, segment)?,
        };
        let kinds: Vec<MaterialKind> = dimension.reveals().into_iter().collect();
        let rows = match dimension {
            Dimension::PassMark => shown_marks(segment, shown)?,
            _ => shown_rows(&kinds, segment, shown),
        };
        Ok(Coded { codes, places: Vec::new(), shown: rows })
    }

    fn numbered(
        &self,
        number: &Number,
        segment: &SegmentReader,
        shown: &Shown,
        judged: Option<&Rows>,
    ) -> tantivy::Result<Numbered> {
        let values = self.cache.numbers(number, self.fields.skill_score, segment)?;
        let shown = match number {
            Number::Human => judged.cloned(),
            _ => shown_rows(number.reveals(), segment, shown),
        };
        Ok(Numbered { values, shown })
    }
}

/// The rows of which all these kinds may be seen.
fn shown_rows(kinds: &[MaterialKind], segment: &SegmentReader, shown: &Shown) -> Option<Rows> {
    if shown.is_everything() || kinds.is_empty() {
        return None;
    }
    Some(Rows::of(segment.max_doc(), |row| kinds.iter().all(|kind| shown.shows(row, *kind))))
}

/// The rows of which may be seen how they stand to the pass mark: by weights, where assessments may be seen.
fn shown_marks(segment: &SegmentReader, shown: &Shown) -> tantivy::Result<Option<Rows>> {
    if shown.is_everything() {
        return Ok(None);
    }
    let marks = segment.fast_fields().u64(column::PASS_MARK)?;
    let is_weighted = |row| marks.first(row).is_some_and(|mark| mark >= Mark::FIRST_OF_WEIGHTED);
    let shows = |row| !is_weighted(row) || shown.shows(row, MaterialKind::SkillAssessment);
    Ok(Some(Rows::of(segment.max_doc(), shows)))
}

/// The values of a dimension in all segments, in order; and for each segment where its own stand among them.
fn in_order(place: usize, parts: &mut [Part]) -> Vec<Value> {
    let identity = |value: &Value| match value {
        Value::Name { key, .. } => Value::Name { key: key.clone(), text: String::new() },
        other => other.clone(),
    };
    let mut all: BTreeMap<Value, (Value, usize)> = BTreeMap::new();
    for value in parts.iter().flat_map(|part| &part.dimensions[place].codes.values) {
        all.entry(identity(value)).or_insert_with(|| (value.clone(), 0));
    }
    for (number, (_, place)) in all.values_mut().enumerate() {
        *place = number;
    }
    for part in parts {
        let coded = &mut part.dimensions[place];
        let places =
            coded.codes.values.iter().map(|value| all.get(&identity(value)).map_or(0, |(_, place)| *place));
        coded.places = std::iter::once(0).chain(places).collect();
    }
    all.into_values().map(|(value, _)| value).collect()
}
