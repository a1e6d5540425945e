//! What of a judgement is changed while the rest stays.

use super::{Judgement, JudgementError, Mark, Note, Recommendation};
use crate::text::{Line, Prose};

/// What of a judgement is to be changed; what is not said stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JudgementChange {
    /// Scores that are given, instead of those before for the same criteria.
    pub marks: Vec<Mark>,
    /// Criteria whose scores are taken away.
    pub unmarked: Vec<Line>,
    /// The recommendation, or that there is none.
    pub recommendation: Option<Option<Recommendation>>,
    /// The summary.
    pub summary: Option<Prose>,
    /// Notes that are taken away; each must name one that is there.
    pub removed: Vec<NoteNamed>,
    /// Notes that are added.
    pub notes: Vec<Note>,
}

/// A note by its place in the video, by its text, or by both.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NoteNamed {
    /// The second of the video; a part of a second does not count.
    pub at: Option<f64>,
    /// Its text.
    pub text: Option<Line>,
}

impl NoteNamed {
    fn fits(&self, note: &Note) -> bool {
        let is_there = |at: f64| note.at.is_some_and(|of| of.trunc() == at.trunc());
        (self.at.is_some() || self.text.is_some())
            && self.at.is_none_or(is_there)
            && self.text.as_ref().is_none_or(|text| note.text == *text)
    }
}

impl Judgement {
    /// The judgement after a change.
    ///
    /// # Errors
    /// [`JudgementError::NoNote`] for a note that is to be taken away and is not there, [`JudgementError::Twice`] for a
    /// criterion that the change names twice.
    pub fn after(&self, change: &JudgementChange) -> Result<Self, JudgementError> {
        let mut after = self.clone();
        let named: Vec<&Line> =
            change.marks.iter().map(|mark| &mark.criterion).chain(&change.unmarked).collect();
        for (place, of) in named.iter().enumerate() {
            if named[..place].contains(of) {
                return Err(JudgementError::Twice((*of).clone()));
            }
        }
        after.marks.retain(|mark| !change.unmarked.contains(&mark.criterion));
        for mark in &change.marks {
            match after.marks.iter_mut().find(|of| of.criterion == mark.criterion) {
                Some(before) => before.score = mark.score,
                None => after.marks.push(mark.clone()),
            }
        }
        after.recommendation = change.recommendation.unwrap_or(after.recommendation);
        after.summary = change.summary.clone().unwrap_or(after.summary);
        for named in &change.removed {
            let before = after.notes.len();
            after.notes.retain(|note| !named.fits(note));
            if after.notes.len() == before {
                return Err(JudgementError::NoNote(named.clone()));
            }
        }
        after.notes.extend(change.notes.iter().cloned());
        Ok(after)
    }
}
