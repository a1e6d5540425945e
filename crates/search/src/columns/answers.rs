//! What answers say: which questions were answered, and which words stand out in the answers to one.

use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

use dossier_domain::MaterialKind;
use tantivy::{InvertedIndexReader, postings::TermInfo, schema::Field, termdict::TermMerger};

use super::{Gather, Rows, Wanted, numbers::Having, shown_rows};
use crate::{
    analysis,
    collect::Shown,
    query::Wording,
    schema::{LEVEL, answer_mark, behind},
};

/// How much more often a word must be in answers to a question than in those to others to stand out there.
const STANDS_OUT: f64 = 2.0;
/// A word goes where one that it is a part of is nearly as frequent.
const NEARLY: f64 = 0.8;
/// So many words are looked at more closely for each that is wanted.
const CANDIDATES: usize = 6;

/// A question that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What tells it from others.
    pub wording: Wording,
    /// How it is spelled most often.
    pub text: String,
    /// How many answers there are.
    pub answers: u64,
}

/// Questions that were answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answered {
    /// Those with most answers first.
    pub questions: Vec<Question>,
    /// How many questions there are.
    pub all: u64,
}

/// Which questions or words are wanted.
pub struct Wish<'a> {
    /// Those with so many answers at least, …
    pub least: u64,
    /// … so many at most, …
    pub most: usize,
    /// … but not these; a question is given as the text of its wording.
    pub unless: &'a dyn Fn(&str) -> bool,
}

/// The rows that count, and the terms of a field, segment by segment.
struct Terms {
    segments: Vec<(Rows, Arc<InvertedIndexReader>)>,
}

impl Gather<'_> {
    pub(crate) fn questions(&self, wanted: &Wanted<'_>, wish: &Wish<'_>) -> tantivy::Result<Answered> {
        let terms = self.terms(wanted, self.fields.question)?;
        let mut best: BinaryHeap<Reverse<(u64, Reverse<Wording>, String)>> = BinaryHeap::new();
        let mut all = 0;
        let mut take = |asked: Option<Spelled>| {
            let Some(Spelled { wording, text, answers, .. }) = asked else { return };
            if answers >= wish.least.max(1) && !(wish.unless)(wording.text()) {
                all += 1;
                best.push(Reverse((answers, Reverse(wording), text)));
                if best.len() > wish.most {
                    best.pop();
                }
            }
        };
        let mut open: Option<Spelled> = None;
        terms.each("", |term, infos| {
            let Some((mark, spelled)) = term.split_once(LEVEL) else { return Ok(()) };
            let count = terms.count(infos)?;
            if count == 0 {
                return Ok(());
            }
            if open.as_ref().is_none_or(|open| open.mark != mark) {
                take(open.take());
            }
            match (&mut open, Wording::of(spelled)) {
                (Some(open), _) => open.also(spelled, count),
                (None, Some(wording)) => open = Some(Spelled::new(mark, wording, spelled, count)),
                (None, None) => {}
            }
            Ok(())
        })?;
        take(open);
        let question = |Reverse((answers, Reverse(wording), text))| Question { wording, text, answers };
        Ok(Answered { questions: best.into_sorted_vec().into_iter().map(question).collect(), all })
    }

    pub(crate) fn outstanding(
        &self,
        wanted: &Wanted<'_>,
        question: &Question,
        others: &[Question],
        wish: &Wish<'_>,
    ) -> tantivy::Result<Vec<(String, u64)>> {
        let terms = self.terms(wanted, self.fields.answer)?;
        let mark = answer_mark(&question.wording);
        let mut best: BinaryHeap<Reverse<(u64, Reverse<String>)>> = BinaryHeap::new();
        terms.each(&mark, |term, infos| {
            let Some(word) = term.strip_prefix(&mark) else { return Ok(()) };
            if (wish.unless)(word) || !analysis::tells(word) {
                return Ok(());
            }
            let count = terms.count(infos)?;
            if count >= wish.least.max(1) {
                best.push(Reverse((count, Reverse(word.to_owned()))));
                if best.len() > wish.most.saturating_mul(CANDIDATES) {
                    best.pop();
                }
            }
            Ok(())
        })?;
        let found = best.into_sorted_vec().into_iter();
        let found: Vec<(String, u64)> = found.map(|Reverse((count, Reverse(word)))| (word, count)).collect();
        let is_part = |word: &str, count: u64| {
            let longer = |(other, of): &(String, u64)| {
                other != word && other.contains(word) && *of as f64 >= NEARLY * count as f64
            };
            found.iter().any(longer)
        };
        let others: Vec<&Question> = others.iter().filter(|of| of.wording != question.wording).collect();
        let elsewhere: u64 = others.iter().map(|of| of.answers).sum();
        let mut kept = Vec::new();
        for (word, count) in &found {
            let mut there = 0;
            for other in &others {
                there += terms.count_of(&format!("{}{word}", answer_mark(&other.wording)))?;
            }
            let share = |count: u64, of: u64| if of == 0 { 0.0 } else { count as f64 / of as f64 };
            let stands_out = share(*count, question.answers) >= STANDS_OUT * share(there, elsewhere);
            if stands_out && !is_part(word, *count) {
                kept.push((word.clone(), *count));
            }
            if kept.len() == wish.most {
                break;
            }
        }
        Ok(kept)
    }

    /// The terms of a field in transcripts that may be seen.
    fn terms(&self, wanted: &Wanted<'_>, field: Field) -> tantivy::Result<Terms> {
        let rows = self.rows(wanted, wanted.query.root())?.into_iter();
        let segments = rows.zip(self.searcher.segment_readers()).map(|(rows, segment)| {
            let shown = Shown::new(wanted.scope, segment)?;
            let rows = match shown_rows(&[MaterialKind::Transcript], segment, &shown) {
                Some(shown) => rows.and(&shown),
                None => rows,
            };
            Ok((rows, segment.inverted_index(field)?))
        });
        Ok(Terms { segments: segments.collect::<tantivy::Result<_>>()? })
    }
}

impl Terms {
    /// Goes through the terms that begin with `mark`, in order, each once with where it stands.
    fn each(
        &self,
        mark: &str,
        mut see: impl FnMut(&str, &[(usize, TermInfo)]) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        let end = behind(mark);
        let mut streams = Vec::with_capacity(self.segments.len());
        for (_, inverted) in &self.segments {
            streams.push(inverted.terms().range().ge(mark).lt(&end).into_stream()?);
        }
        let mut merged = TermMerger::new(streams);
        while merged.advance() {
            let infos: Vec<_> = merged.current_segment_ords_and_term_infos().collect();
            see(&String::from_utf8_lossy(merged.key()), &infos)?;
        }
        Ok(())
    }

    /// How many rows that count have a term.
    fn count(&self, infos: &[(usize, TermInfo)]) -> tantivy::Result<u64> {
        let mut count = 0;
        for (segment, info) in infos {
            let (rows, inverted) = &self.segments[*segment];
            Having { inverted, info }.each(|row| count += u64::from(rows.has(row)))?;
        }
        Ok(count)
    }

    /// The same of the term that is spelled so.
    fn count_of(&self, term: &str) -> tantivy::Result<u64> {
        let mut infos = Vec::new();
        for (place, (_, inverted)) in self.segments.iter().enumerate() {
            infos.extend(inverted.terms().get(term)?.map(|info| (place, info)));
        }
        self.count(&infos)
    }
}

/// A question while its spellings are gone through.
struct Spelled {
    mark: String,
    wording: Wording,
    text: String,
    /// How many answers the spelling in `text` has.
    of_text: u64,
    answers: u64,
}

impl Spelled {
    fn new(mark: &str, wording: Wording, text: &str, count: u64) -> Self {
        Self { mark: mark.to_owned(), wording, text: text.to_owned(), of_text: count, answers: count }
    }

    fn also(&mut self, text: &str, count: u64) {
        self.answers += count;
        if count > self.of_text {
            (self.text, self.of_text) = (text.to_owned(), count);
        }
    }
}
