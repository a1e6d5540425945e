//! Numbers of applications, as arrays.

use std::collections::BTreeMap;

use dossier_domain::{MaterialKind, Stage, text::SkillName};
use tantivy::{
    DocSet, InvertedIndexReader, SegmentReader, TERMINATED,
    postings::TermInfo,
    schema::{Field, IndexRecordOption},
};

use super::Rows;
use crate::{
    query::{Condition, Named, Node, Scores, key},
    schema::{column, skill_score},
};

/// A number that an application may have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Number {
    /// The AI score, 0–100.
    Score,
    /// The days from coming into a stage to leaving it.
    Days(Stage),
    /// The days from the interview to being hired.
    Cycle,
    /// The minutes from the interview's end until all its materials were here.
    Held,
    /// The mean of the scorecards that were handed in, 0–100.
    Human,
    /// The score of a skill, 0–100: the best, where there are several of one name.
    Skill(SkillName),
}

impl Number {
    /// The kinds of material about which it tells something; [`Number::Human`] tells of scorecards.
    pub(super) fn reveals(&self) -> &'static [MaterialKind] {
        match self {
            Self::Score | Self::Days(_) | Self::Cycle | Self::Human => &[],
            Self::Held => &MaterialKind::OF_AN_INTERVIEW,
            Self::Skill(_) => &[MaterialKind::SkillAssessment],
        }
    }

    /// The condition that finds the applications with such a number in a range; for [`Scores::Any`], with any.
    pub fn condition(&self, range: Scores) -> Node {
        Node::Is(match self {
            // Without a bound these would look for a number that can't be written.
            Self::Score if range == Scores::Any => Condition::Score(Scores::AtLeast(0.0)),
            Self::Held if range == Scores::Any => Condition::Held(Scores::AtLeast(0.0)),
            Self::Cycle if range == Scores::Any => Condition::Cycle(Scores::AtLeast(0.0)),
            Self::Human if range == Scores::Any => Condition::Human(Scores::AtLeast(0.0)),
            Self::Score => Condition::Score(range),
            Self::Human => Condition::Human(range),
            Self::Cycle => Condition::Cycle(range),
            Self::Days(stage) => Condition::Stayed { stage: *stage, days: range },
            Self::Held => Condition::Held(range),
            Self::Skill(skill) => Condition::Skill { name: Named::exactly(skill.as_str()), score: range },
        })
    }

    /// Reads the numbers of a segment; where there is none stands what is not a number.
    pub(super) fn read(&self, skills: Field, segment: &SegmentReader) -> tantivy::Result<Vec<f64>> {
        let name = match self {
            Self::Skill(skill) => return of_skill(skill, skills, segment),
            Self::Score => column::SCORE.to_owned(),
            Self::Held => column::HELD.to_owned(),
            Self::Cycle => column::CYCLE.to_owned(),
            Self::Human => column::HUMAN.to_owned(),
            Self::Days(stage) => column::days(*stage),
        };
        let numbers = segment.fast_fields().f64(&name)?;
        Ok((0..segment.max_doc()).map(|row| numbers.first(row).unwrap_or(f64::NAN)).collect())
    }
}

pub(crate) fn of_skill(
    skill: &SkillName,
    field: Field,
    segment: &SegmentReader,
) -> tantivy::Result<Vec<f64>> {
    let mut numbers = vec![f64::NAN; segment.max_doc() as usize];
    let wanted = key(skill.as_str());
    each_term(field, segment, |term, rows| {
        let Some((_, score)) = skill_score(term).filter(|(name, _)| key(name) == wanted) else {
            return Ok(());
        };
        rows.each(|row| {
            if let Some(number) = numbers.get_mut(row) {
                *number = number.max(score);
            }
        })
    })?;
    Ok(numbers)
}

/// The names of the skills that applications have of which these rows hold, and how many have each, by the key of the
/// name.
pub(super) fn skills(
    field: Field,
    segment: &SegmentReader,
    rows: &Rows,
    found: &mut BTreeMap<String, (SkillName, u64)>,
) -> tantivy::Result<()> {
    each_term(field, segment, |term, having| {
        let Ok(name) = SkillName::parse(term) else { return Ok(()) };
        let mut count = 0;
        having.each(|row| count += u64::from(rows.has(row)))?;
        if count > 0 {
            found.entry(key(name.as_str())).or_insert((name, 0)).1 += count;
        }
        Ok(())
    })
}

/// The rows that have a term.
pub(super) struct Having<'a> {
    pub(super) inverted: &'a InvertedIndexReader,
    pub(super) info: &'a TermInfo,
}

impl Having<'_> {
    pub(super) fn each(&self, mut see: impl FnMut(usize)) -> tantivy::Result<()> {
        let mut postings = self.inverted.read_postings_from_terminfo(self.info, IndexRecordOption::Basic)?;
        let mut row = postings.doc();
        while row != TERMINATED {
            see(row as usize);
            row = postings.advance();
        }
        Ok(())
    }
}

/// Goes through the terms of a field with the rows that have each.
fn each_term(
    field: Field,
    segment: &SegmentReader,
    mut see: impl FnMut(&str, Having<'_>) -> tantivy::Result<()>,
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(field)?;
    let mut terms = inverted.terms().stream()?;
    while terms.advance() {
        let term = String::from_utf8_lossy(terms.key());
        see(&term, Having { inverted: &inverted, info: terms.value() })?;
    }
    Ok(())
}
