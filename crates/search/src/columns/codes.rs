//! Codes: a dimension of a segment as small numbers.

use std::collections::BTreeMap;

use chrono::DateTime;
use dossier_domain::{BankZone, EmotionLabel, MaterialKind, Month, Stage, Standing};
use tantivy::{DocId, SegmentReader, columnar::Dictionary};

use super::{Dimension, Value};
use crate::{
    ScoreBand,
    query::key,
    schema::{Mark, column, standing_of, tag_of},
};

/// For each row of a segment the code of its value; code 0 stands for what is not counted.
#[derive(Debug, Default)]
pub struct Codes {
    /// One code for each row; empty where rows have several.
    pub one: Vec<u16>,
    /// Where rows have several codes: for each row where its codes begin in `codes`, and where the last ones end.
    pub starts: Vec<u32>,
    /// The codes of all rows.
    pub codes: Vec<u16>,
    /// The value of each code from 1.
    pub(super) values: Vec<Value>,
}

/// Numbers the values of a segment as they come.
#[derive(Default)]
struct Numbering {
    codes: BTreeMap<Value, u16>,
    values: Vec<Value>,
}

impl Numbering {
    fn code(&mut self, value: Value) -> tantivy::Result<u16> {
        if let Some(code) = self.codes.get(&value) {
            return Ok(*code);
        }
        let code = u16::try_from(self.values.len() + 1).map_err(|_| too_many())?;
        self.values.push(value.clone());
        self.codes.insert(value, code);
        Ok(code)
    }

    /// The codes of a segment; those of rows of which nothing is known are still 0.
    fn finish(mut self, mut one: Vec<u16>) -> tantivy::Result<Codes> {
        if one.contains(&0) {
            let nothing = self.code(Value::Nothing)?;
            one.iter_mut().filter(|code| **code == 0).for_each(|code| *code = nothing);
        }
        Ok(Codes { one, values: self.values, ..Codes::default() })
    }

    /// The code of a name: names with one key share it, under the first of them.
    fn named(&mut self, name: &str, by_key: &mut BTreeMap<String, u16>) -> tantivy::Result<u16> {
        let key = key(name);
        if let Some(code) = by_key.get(&key) {
            return Ok(*code);
        }
        let code = self.code(Value::name(name))?;
        by_key.insert(key, code);
        Ok(code)
    }
}

/// There are more values than codes: no bank has so many, so the index is not what it should be.
fn too_many() -> tantivy::TantivyError {
    tantivy::TantivyError::InternalError("a column holds more than 65,535 values".into())
}

impl Codes {
    /// Reads a dimension of a segment.
    pub(super) fn read(
        dimension: Dimension,
        zone: BankZone,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        match dimension {
            Dimension::Position => Self::of_names(segment, column::POSITION_NAME),
            Dimension::Branch => Self::of_names(segment, column::BRANCH),
            Dimension::Vendor => Self::of_names(segment, column::VENDOR),
            Dimension::Model => Self::of_names(segment, column::MODEL),
            Dimension::Stage => Self::of_numbers(segment, column::STAGE, |stage| {
                Stage::ALL.get(stage).map(|stage| Value::Stage(*stage))
            }),
            Dimension::Emotion => Self::of_numbers(segment, column::EMOTION, |label| {
                EmotionLabel::ALL.get(label).map(|label| Value::Emotion(*label))
            }),
            Dimension::PassMark => Self::of_numbers(segment, column::PASS_MARK, |mark| {
                Mark::is_reached(mark as u64).map(Value::Is)
            }),
            Dimension::Standing(stage) => Self::of_numbers(segment, column::STANDINGS, |packed| {
                let place = usize::try_from(standing_of(packed as u64, stage)).ok()?;
                Standing::ALL.get(place).map(|standing| Value::Standing(*standing))
            }),
            Dimension::Month => Self::of_months(segment, zone, Value::Month),
            Dimension::Quarter => Self::of_months(segment, zone, Value::quarter),
            Dimension::ScoreBand => {
                let scores = segment.fast_fields().f64(column::SCORE)?;
                Self::by(segment, |row| {
                    scores.first(row).map(|score| Value::Band(ScoreBand::ALL[ScoreBand::index_of(score)]))
                })
            }
            Dimension::Has(kind) => {
                let kinds = segment.fast_fields().u64(column::KIND)?;
                Self::by(segment, |row| {
                    Some(Value::Is(kinds.values_for_doc(row).any(|of| of == kind as u64)))
                })
            }
            Dimension::Tag => Self::of_tags(segment, |_, _| true),
        }
    }

    fn by(segment: &SegmentReader, mut value: impl FnMut(DocId) -> Option<Value>) -> tantivy::Result<Self> {
        let mut numbering = Numbering::default();
        let codes = (0..segment.max_doc()).map(|row| numbering.code(value(row).unwrap_or(Value::Nothing)));
        Ok(Self { one: codes.collect::<tantivy::Result<_>>()?, values: numbering.values, ..Self::default() })
    }

    fn of_numbers(
        segment: &SegmentReader,
        name: &str,
        value: impl Fn(usize) -> Option<Value>,
    ) -> tantivy::Result<Self> {
        let numbers = segment.fast_fields().u64(name)?;
        Self::by(segment, |row| numbers.first(row).and_then(|number| value(usize::try_from(number).ok()?)))
    }

    fn of_names(segment: &SegmentReader, name: &str) -> tantivy::Result<Self> {
        let mut numbering = Numbering::default();
        let Some(column) = segment.fast_fields().str(name)? else {
            return numbering.finish(vec![0; segment.max_doc() as usize]);
        };
        let (terms, ordinals) = column.into_parts();
        let mut codes = Vec::with_capacity(terms.num_terms());
        let mut by_key = BTreeMap::new();
        let mut stream = terms.stream()?;
        while stream.advance() {
            codes.push(numbering.named(&String::from_utf8_lossy(stream.key()), &mut by_key)?);
        }
        let code = |row| {
            let ordinal = ordinals.first(row).and_then(|ordinal| usize::try_from(ordinal).ok());
            ordinal.and_then(|ordinal| codes.get(ordinal)).copied().unwrap_or(0)
        };
        numbering.finish((0..segment.max_doc()).map(code).collect())
    }

    /// Months are looked up in the calendar once each; neighbours are mostly of the same month.
    fn of_months(
        segment: &SegmentReader,
        zone: BankZone,
        value: impl Fn(Month) -> Value,
    ) -> tantivy::Result<Self> {
        let times = segment.fast_fields().i64(column::INTERVIEWED)?;
        let mut numbering = Numbering::default();
        let mut months: Vec<(std::ops::Range<i64>, u16)> = Vec::new();
        let mut last = 0;
        let mut one = Vec::with_capacity(segment.max_doc() as usize);
        for row in 0..segment.max_doc() {
            let Some(at) = times.first(row) else {
                one.push(0);
                continue;
            };
            if !months.get(last).is_some_and(|(span, _)| span.contains(&at)) {
                last = months.iter().position(|(span, _)| span.contains(&at)).unwrap_or(months.len());
            }
            if last == months.len() {
                let month = zone.month(DateTime::from_timestamp_millis(at).unwrap_or_default());
                let start = |month: Month| zone.start_of(month.first_day()).timestamp_millis();
                months.push((start(month)..start(month.next()), numbering.code(value(month))?));
            }
            one.push(months[last].1);
        }
        numbering.finish(one)
    }

    /// The tags of each row that may be seen, each name once.
    pub(super) fn of_tags(
        segment: &SegmentReader,
        shows: impl Fn(DocId, MaterialKind) -> bool,
    ) -> tantivy::Result<Self> {
        let mut numbering = Numbering::default();
        let nothing = numbering.code(Value::Nothing)?;
        let mut tags = Self { starts: vec![0], ..Self::default() };
        let column = segment.fast_fields().str(column::TAG)?;
        let column = column.map(tantivy::columnar::StrColumn::into_parts);
        let known = column.as_ref().map(|(terms, _)| tag_codes(terms, &mut numbering)).transpose()?;
        let known = known.unwrap_or_default();
        for row in 0..segment.max_doc() {
            let begin = tags.codes.len();
            let ordinals = column.iter().flat_map(|(_, ordinals)| ordinals.values_for_doc(row));
            for ordinal in ordinals {
                let tag = usize::try_from(ordinal).ok().and_then(|ordinal| known.get(ordinal));
                if let Some((code, reveals)) = tag
                    && reveals.is_none_or(|kind| shows(row, kind))
                    && !tags.codes[begin..].contains(code)
                {
                    tags.codes.push(*code);
                }
            }
            if tags.codes.len() == begin {
                tags.codes.push(nothing);
            }
            tags.starts.push(u32::try_from(tags.codes.len()).map_err(|_| too_many())?);
        }
        Ok(Self { values: numbering.values, ..tags })
    }

    /// The codes of a row.
    pub fn of(&self, row: usize) -> &[u16] {
        match self.starts.get(row..row + 2) {
            Some(&[from, to]) => self.codes.get(from as usize..to as usize).unwrap_or_default(),
            _ => self.one.get(row..=row).unwrap_or_default(),
        }
    }
}

/// For each tag of a segment the code of its name, and what it reveals.
fn tag_codes(
    terms: &Dictionary,
    numbering: &mut Numbering,
) -> tantivy::Result<Vec<(u16, Option<MaterialKind>)>> {
    let mut by_key = BTreeMap::new();
    let mut codes = Vec::with_capacity(terms.num_terms());
    let mut stream = terms.stream()?;
    while stream.advance() {
        let term = String::from_utf8_lossy(stream.key());
        let (name, reveals) = tag_of(&term);
        codes.push((numbering.named(name, &mut by_key)?, reveals));
    }
    Ok(codes)
}
