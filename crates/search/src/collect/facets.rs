//! Counts by the values of columns: dense while a segment is read, by value when segments are put together.

use std::{collections::BTreeMap, sync::Arc};

use chrono::DateTime;
use dossier_domain::{BankZone, EmotionLabel, MaterialKind, Month, Stage};
use tantivy::{
    DocId, SegmentReader,
    columnar::{Column, Dictionary},
};

use super::shown::Shown;
use crate::{
    Counts, Facet, Scope, ScoreBand,
    schema::{LEVEL, column, folder_term, tag_of},
};

/// A value that was counted, such that it sorts as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Number(usize),
    Month(Month),
    Text(String),
}

pub(super) type Counted = BTreeMap<Value, u64>;

/// Counts one facet in one segment.
pub(super) struct SegmentFacet {
    facet: Facet,
    source: Source,
    shown: Shown,
}

enum Source {
    /// No document of the segment has a value.
    Nothing,
    Terms {
        ordinals: Column<u64>,
        terms: Arc<Dictionary>,
        needs: Vec<Option<MaterialKind>>,
        counts: Vec<u64>,
    },
    Numbers {
        column: Column<u64>,
        needs: Option<MaterialKind>,
        counts: [u64; 8],
    },
    Scores {
        column: Column<f64>,
        counts: [u64; ScoreBand::ALL.len()],
    },
    Months {
        column: Column<i64>,
        zone: BankZone,
        months: Vec<MonthCount>,
        last: usize,
    },
}

struct MonthCount {
    month: Month,
    from: i64,
    until: i64,
    count: u64,
}

impl SegmentFacet {
    pub(super) fn new(
        facet: &Facet,
        scope: &Scope,
        zone: BankZone,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let numbers = |name, needs| -> tantivy::Result<Source> {
            Ok(Source::Numbers { column: columns.u64(name)?, needs, counts: [0; 8] })
        };
        let source = match facet {
            Facet::Position => terms(segment, column::POSITION_NAME, |_| None)?,
            Facet::Tag => terms(segment, column::TAG, |term| tag_of(term).1)?,
            Facet::Folder(_) => terms(segment, column::FOLDER, |_| None)?,
            Facet::Stage => numbers(column::STAGE, None)?,
            Facet::Emotion => numbers(column::EMOTION, Some(MaterialKind::Emotion))?,
            Facet::ScoreBand => {
                Source::Scores { column: columns.f64(column::SCORE)?, counts: Default::default() }
            }
            Facet::Month => Source::Months {
                column: columns.i64(column::INTERVIEWED)?,
                zone,
                months: Vec::new(),
                last: 0,
            },
        };
        let reveals = matches!(facet, Facet::Tag | Facet::Emotion);
        let shown = if reveals { Shown::new(scope, segment)? } else { Shown::everything() };
        Ok(Self { facet: facet.clone(), source, shown })
    }

    pub(super) fn facet(&self) -> &Facet {
        &self.facet
    }

    pub(super) fn collect(&mut self, document: DocId) {
        match &mut self.source {
            Source::Nothing => {}
            Source::Terms { ordinals, needs, counts, .. } => {
                for ordinal in ordinals.values_for_doc(document) {
                    let Ok(place) = usize::try_from(ordinal) else { continue };
                    let need = needs.get(place).copied().flatten();
                    if let Some(count) = counts.get_mut(place)
                        && need.is_none_or(|kind| self.shown.shows(document, kind))
                    {
                        *count += 1;
                    }
                }
            }
            Source::Numbers { column, needs, counts } => {
                let value = column.first(document).and_then(|value| usize::try_from(value).ok());
                if let Some(count) = value.and_then(|value| counts.get_mut(value))
                    && needs.is_none_or(|kind| self.shown.shows(document, kind))
                {
                    *count += 1;
                }
            }
            Source::Scores { column, counts } => {
                if let Some(score) = column.first(document) {
                    counts[ScoreBand::index_of(score)] += 1;
                }
            }
            Source::Months { column, zone, months, last } => {
                if let Some(at) = column.first(document) {
                    count_month(at, *zone, months, last);
                }
            }
        }
    }

    pub(super) fn harvest(self) -> tantivy::Result<Counted> {
        let numbers = |counts: &[u64]| {
            let counted = counts.iter().enumerate().filter(|(_, count)| **count > 0);
            counted.map(|(value, count)| (Value::Number(value), *count)).collect()
        };
        Ok(match self.source {
            Source::Nothing => Counted::new(),
            Source::Terms { terms, counts, .. } => harvest_terms(&self.facet, &terms, &counts)?,
            Source::Numbers { counts, .. } => numbers(&counts),
            Source::Scores { counts, .. } => numbers(&counts),
            Source::Months { months, .. } => {
                months.into_iter().map(|month| (Value::Month(month.month), month.count)).collect()
            }
        })
    }
}

fn terms(
    segment: &SegmentReader,
    name: &str,
    needs: impl Fn(&str) -> Option<MaterialKind>,
) -> tantivy::Result<Source> {
    let Some(column) = segment.fast_fields().str(name)? else { return Ok(Source::Nothing) };
    let (terms, ordinals) = column.into_parts();
    let counts = vec![0; terms.num_terms()];
    let mut needed = Vec::new();
    if name == column::TAG {
        let mut stream = terms.stream()?;
        while stream.advance() {
            needed.push(needs(&String::from_utf8_lossy(stream.key())));
        }
    }
    Ok(Source::Terms { ordinals, terms, needs: needed, counts })
}

/// Counts by value; a tag without the mark of what it reveals, a folder where it lies right below the one asked for.
fn harvest_terms(facet: &Facet, terms: &Dictionary, counts: &[u64]) -> tantivy::Result<Counted> {
    let mut counted = Counted::new();
    let parent = match facet {
        Facet::Folder(parent) if !parent.is_empty() => format!("{}{LEVEL}", folder_term(parent)),
        _ => String::new(),
    };
    let mut bytes = Vec::new();
    for (ordinal, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        terms.ord_to_term(ordinal as u64, &mut bytes)?;
        let term = String::from_utf8_lossy(&bytes);
        let value = match facet {
            Facet::Tag => tag_of(&term).0,
            Facet::Folder(_) => match term.strip_prefix(&parent) {
                Some(name) if !name.contains(LEVEL) => name,
                _ => continue,
            },
            _ => &term,
        };
        *counted.entry(Value::Text(value.to_owned())).or_default() += count;
    }
    Ok(counted)
}

/// Months are looked up in the calendar once each; neighbours are mostly of the same month.
fn count_month(at: i64, zone: BankZone, months: &mut Vec<MonthCount>, last: &mut usize) {
    let holds = |month: &MonthCount| (month.from..month.until).contains(&at);
    if !months.get(*last).is_some_and(holds) {
        *last = months.iter().position(holds).unwrap_or(months.len());
    }
    if *last == months.len() {
        let month = zone.month(DateTime::from_timestamp_millis(at).unwrap_or_default());
        let start = |month: Month| zone.start_of(month.first_day()).timestamp_millis();
        months.push(MonthCount { month, from: start(month), until: start(month.next()), count: 0 });
    }
    months[*last].count += 1;
}

/// The counts of all segments as they are answered.
pub(super) fn merged(facet: &Facet, counted: Counted) -> Counts {
    let texts = |counted: Counted| -> Vec<(String, u64)> {
        let text = |(value, count)| match value {
            Value::Text(text) => Some((text, count)),
            _ => None,
        };
        counted.into_iter().filter_map(text).collect()
    };
    match facet {
        Facet::Position => Counts::Position(texts(counted)),
        Facet::Folder(_) => {
            let mut folders = texts(counted);
            folders.sort_by(|a, b| by_number(&a.0, &b.0));
            Counts::Folder(folders)
        }
        Facet::Tag => {
            let mut tags = texts(counted);
            tags.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            Counts::Tag(tags)
        }
        Facet::Stage => Counts::Stage(numbered(counted, &Stage::ALL)),
        Facet::Emotion => Counts::Emotion(numbered(counted, &EmotionLabel::ALL)),
        Facet::ScoreBand => {
            let mut bands = numbered(counted, &ScoreBand::ALL);
            bands.reverse();
            Counts::ScoreBand(bands)
        }
        Facet::Month => {
            let month = |(value, count)| match value {
                Value::Month(month) => Some((month, count)),
                _ => None,
            };
            Counts::Month(counted.into_iter().filter_map(month).collect())
        }
    }
}

/// The order in which people read folders: `2023年9月` before `2023年10月`.
fn by_number(a: &str, b: &str) -> std::cmp::Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let number = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let order = match (number(left), number(right)) {
            (0, _) | (_, 0) => {
                let (one, other) = (left.chars().next(), right.chars().next());
                let length = one.map_or(0, char::len_utf8);
                if one.is_none() || one != other {
                    return one.cmp(&other).then_with(|| a.cmp(b));
                }
                (left, right) = (&left[length..], &right[length..]);
                continue;
            }
            (digits, others) => {
                let (one, rest) = left.split_at(digits);
                let (other, rest_of_other) = right.split_at(others);
                (left, right) = (rest, rest_of_other);
                let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
                one.len().cmp(&other.len()).then_with(|| one.cmp(other))
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn numbered<T: Copy>(counted: Counted, values: &[T]) -> Vec<(T, u64)> {
    let value = |(value, count)| match value {
        Value::Number(number) => values.get(number).map(|value| (*value, count)),
        _ => None,
    };
    counted.into_iter().filter_map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_sort_by_their_numbers() {
        let mut folders =
            ["2023年10月", "2024年1月", "2023年9月", "2023年", "得分80以上", "得分100", "a", "2023年09月"];
        folders.sort_by(|a, b| by_number(a, b));
        assert_eq!(
            folders,
            ["2023年", "2023年09月", "2023年9月", "2023年10月", "2024年1月", "a", "得分80以上", "得分100"]
        );
    }
}
