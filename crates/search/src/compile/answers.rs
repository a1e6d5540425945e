//! What was asked, and what answers name.

use std::ops::Bound;

use tantivy::{
    Term,
    query::{BooleanQuery, EmptyQuery, InvertedIndexRangeQuery, PhraseQuery, Query},
};

use super::{Compiled, Compiler, term_query};
use crate::{
    analysis,
    query::{Named, Wording},
    schema::{LEVEL, answer_mark, behind},
};

impl Compiler<'_> {
    /// Those who answered a question that is called so.
    pub(super) fn answered(&self, name: &Named) -> Compiled {
        let Some(wanted) = Wording::of(name.text()) else { return Ok(Box::new(EmptyQuery)) };
        if name.is_whole() {
            let mark = answer_mark(&wanted);
            let term = |text: &str| Term::from_field_text(self.fields.question, text);
            return Ok(Box::new(InvertedIndexRangeQuery::new(
                Bound::Included(term(&mark)),
                Bound::Excluded(term(&behind(&mark))),
            )));
        }
        let holds = |term: &str| {
            let wording = term.split_once(LEVEL).and_then(|(_, spelled)| Wording::of(spelled));
            wording.is_some_and(|wording| wording.is_called(name))
        };
        let terms = self.terms_where(self.fields.question, holds)?;
        Ok(self.any_of(self.fields.question, terms))
    }

    /// Those whose answer to a question names one of these words or phrases.
    pub(super) fn mentions(&self, question: &Wording, words: &[String]) -> Box<dyn Query> {
        let mark = answer_mark(question);
        let named = words.iter().map(|word| self.named(&mark, word));
        Box::new(BooleanQuery::union(named.collect()))
    }

    fn named(&self, mark: &str, word: &str) -> Box<dyn Query> {
        let words = analysis::words(word);
        let whole = analysis::folded(word);
        let term = |text: &str| Term::from_field_text(self.fields.answer, &format!("{mark}{text}"));
        // Where the dictionary knows a phrase as one word, its parts stand in every text that has the word.
        if let Some(one) = words.iter().find(|word| word.text == whole) {
            return term_query(term(&one.text));
        }
        match words.as_slice() {
            [] => Box::new(EmptyQuery),
            [one] => term_query(term(&one.text)),
            several => {
                let terms = several.iter().map(|word| (word.position, term(&word.text)));
                Box::new(PhraseQuery::new_with_offset(terms.collect()))
            }
        }
    }
}
