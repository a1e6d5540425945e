//! From a query and a scope to the engine's query.
//!
//! Whatever looks into a kind of material is joined with the part of the scope that shows this kind, right where it
//! stands, so that neither it nor its negation tells anything about other applications. No score depends on how often
//! something occurs: each field has its own constant.

mod answers;
mod excluded;

use std::{collections::BTreeSet, ops::Bound};

use dossier_domain::{BankZone, MaterialKind, Scoring, Stage, Standing, position::Weight, text::SkillName};
use tantivy::{
    DocId, Searcher, SegmentReader, Term,
    query::{
        AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, InvertedIndexRangeQuery, Occur,
        PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
        doc_predicate_query::{DocPredicateQuery, FunctionPredicate},
    },
    schema::{Field, IndexRecordOption},
};

use self::excluded::Excluded;
use crate::{
    Grant, Positions, Scope, Scorecards,
    analysis::{
        self, folded,
        name::{self, Wanted},
    },
    columns::numbers::of_skill,
    query::{Condition, Days, Fact, Named, Node, Scores, key},
    schema::{Fields, LEVEL, Mark, column, skill_term, standing_term, tag_of},
};

type Compiled = tantivy::Result<Box<dyn Query>>;

/// How much a word counts by where it is found.
const IN_NAME: f32 = 16.0;
const IN_OPEN: f32 = 8.0;
const IN_FACTS: f32 = 4.0;
const IN_TRANSCRIPT: f32 = 1.0;

pub(crate) struct Compiler<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) searcher: &'a Searcher,
    pub(crate) scope: &'a Scope,
    pub(crate) zone: BankZone,
}

impl Compiler<'_> {
    /// The applications in the scope that fit.
    pub(crate) fn compile(&self, root: &Node) -> Compiled {
        let inside = self.scope_filter(&self.scope.grants.iter().collect::<Vec<_>>());
        let fits = self.node(root)?;
        Ok(match inside {
            Some(inside) => both(silent(inside), fits),
            None => fits,
        })
    }

    fn node(&self, node: &Node) -> Compiled {
        match node {
            Node::All(nodes) => self.all(nodes),
            Node::Any(nodes) => {
                let nodes: tantivy::Result<Vec<_>> = nodes.iter().map(|node| self.node(node)).collect();
                Ok(Box::new(BooleanQuery::union(nodes?)))
            }
            Node::Not(_) => self.all(std::slice::from_ref(node)),
            Node::Is(Condition::Words { text, phrase }) => self.words(text, *phrase),
            Node::Is(condition) => self.condition(condition),
        }
    }

    fn all(&self, nodes: &[Node]) -> Compiled {
        let mut clauses = Vec::with_capacity(nodes.len() + 1);
        for node in nodes {
            clauses.push(match node {
                Node::Not(inner) => (Occur::MustNot, excluded(self.node(inner)?)),
                node => (Occur::Must, self.node(node)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, silent(Box::new(AllQuery))));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn condition(&self, condition: &Condition) -> Compiled {
        let query = match condition {
            Condition::Words { text, phrase } => return self.words(text, *phrase),
            Condition::Name(text) => return Ok(scored(self.name(text), IN_NAME)),
            Condition::Position(name) => self.called(self.fields.position_name, name)?,
            Condition::Branch(name) => self.called(self.fields.branch, name)?,
            Condition::Vendor(name) => self.called(self.fields.vendor, name)?,
            Condition::Model(name) => self.called(self.fields.model, name)?,
            Condition::Reached(stage) => self.standing(*stage, Standing::Open),
            Condition::Passed(stage) => self.standing(*stage, Standing::Passed),
            Condition::Failed(stage) => self.standing(*stage, Standing::Failed),
            Condition::Stayed { stage, days } => {
                numbers(self.fields.days[*stage as usize], &column::days(*stage), *days)
            }
            Condition::PassMark { reached: true } => self.mark(Mark::Reached, Mark::WeightedReached),
            Condition::PassMark { reached: false } => self.mark(Mark::Missed, Mark::WeightedMissed),
            Condition::Cycle(days) => numbers(self.fields.cycle, column::CYCLE, *days),
            Condition::Human(scores) => self.judged_by_people(*scores),
            Condition::Held(minutes) => {
                self.whole_interview(numbers(self.fields.held, column::HELD, *minutes))
            }
            Condition::Judged { rule, passed } => self.judged(rule, *passed),
            Condition::Answered(name) => self.shown(MaterialKind::Transcript, self.answered(name)?),
            Condition::Mentions { question, words } => {
                self.shown(MaterialKind::Transcript, self.mentions(question, words))
            }
            Condition::Without(fact) => self.without(*fact)?,
            Condition::Stage(stage) => self.stages(std::iter::once(stage)),
            Condition::Interviewed(days) => self.interviewed(*days),
            Condition::Score(scores) => numbers(self.fields.score, column::SCORE, *scores),
            Condition::Emotion(label) => {
                let term = Term::from_field_u64(self.fields.emotion, *label as u64);
                self.shown(MaterialKind::Emotion, term_query(term))
            }
            Condition::Tag(name) => self.tags(|tag| fits(name, tag))?,
            Condition::Skill { name, score } => {
                self.shown(MaterialKind::SkillAssessment, self.skill(name, *score)?)
            }
            Condition::Folder(path) => self.folder(path)?,
            Condition::Has(kind) => self.shown(*kind, self.has(*kind)),
            Condition::Lacks(kind) => self.shown(*kind, all_but(self.has(*kind))),
        };
        Ok(silent(query))
    }

    /// The query, where the scope shows this kind of material.
    fn shown(&self, kind: MaterialKind, query: Box<dyn Query>) -> Box<dyn Query> {
        let showing: Vec<&Grant> =
            self.scope.grants.iter().filter(|grant| grant.kinds.contains(&kind)).collect();
        if showing.len() == self.scope.grants.len() {
            return query; // what is outside of the scope is left out as a whole
        }
        match self.scope_filter(&showing) {
            Some(filter) => both(silent(filter), query),
            None => query,
        }
    }

    /// Those whom people gave such a score, where the scope shows scorecards.
    fn judged_by_people(&self, scores: Scores) -> Box<dyn Query> {
        let query = numbers(self.fields.human, column::HUMAN, scores);
        match self.scorecards() {
            Some(filter) => both(silent(filter), query),
            None => query,
        }
    }

    /// What of the scope shows scorecards that were handed in; `None` for all of it.
    pub(crate) fn scorecards(&self) -> Option<Box<dyn Query>> {
        let grants = &self.scope.grants;
        if grants.iter().all(|grant| grant.scorecards == Scorecards::All) {
            return None; // what is outside of the scope is left out as a whole
        }
        let of = |grant: &Grant| {
            let here = self.scope_filter(&[grant]).unwrap_or_else(all_documents);
            match grant.scorecards {
                Scorecards::None => None,
                Scorecards::BesideOwn(user) => {
                    let own = Term::from_field_text(self.fields.judged_by, &user.to_string());
                    Some(both(here, term_query(own)))
                }
                Scorecards::All => Some(here),
            }
        };
        Some(Box::new(BooleanQuery::union(grants.iter().filter_map(of).collect())))
    }

    /// What any of these grants covers; `None` for everything.
    fn scope_filter(&self, grants: &[&Grant]) -> Option<Box<dyn Query>> {
        let mut covered: Vec<Box<dyn Query>> = Vec::new();
        for grant in grants {
            let positions = match &grant.positions {
                Positions::All => None,
                Positions::Only(ids) => {
                    Some(self.any_of(self.fields.position, ids.iter().map(ToString::to_string)))
                }
            };
            let stages = (grant.stages.len() < Stage::ALL.len()).then(|| self.stages(&grant.stages));
            covered.push(match (positions, stages) {
                (None, None) => return None,
                (Some(one), None) | (None, Some(one)) => one,
                (Some(positions), Some(stages)) => both(positions, stages),
            });
        }
        Some(Box::new(BooleanQuery::union(covered)))
    }

    fn stages<'s>(&self, stages: impl IntoIterator<Item = &'s Stage>) -> Box<dyn Query> {
        let terms = stages.into_iter().map(|stage| Term::from_field_u64(self.fields.stage, *stage as u64));
        Box::new(BooleanQuery::union(terms.map(term_query).collect()))
    }

    fn has(&self, kind: MaterialKind) -> Box<dyn Query> {
        term_query(Term::from_field_u64(self.fields.kind, kind as u64))
    }

    fn interviewed(&self, days: Days) -> Box<dyn Query> {
        let start = |day| {
            let millis = self.zone.start_of(day).timestamp_millis();
            Term::from_field_i64(self.fields.interviewed, millis)
        };
        let after_last = days.last.and_then(|day| day.succ_opt());
        let lower = days.first.map_or(Bound::Unbounded, |day| Bound::Included(start(day)));
        let upper = after_last.map_or(Bound::Unbounded, |day| Bound::Excluded(start(day)));
        range(lower, upper)
    }

    fn standing(&self, stage: Stage, standing: Standing) -> Box<dyn Query> {
        term_query(Term::from_field_text(self.fields.standing, &standing_term(stage, standing)))
    }

    /// The query, where the scope shows all that an interview leaves.
    fn whole_interview(&self, query: Box<dyn Query>) -> Box<dyn Query> {
        MaterialKind::OF_AN_INTERVIEW.into_iter().fold(query, |query, kind| self.shown(kind, query))
    }

    /// Those with this mark by the AI score alone, or with that one by weights, where assessments are shown.
    fn mark(&self, plain: Mark, weighted: Mark) -> Box<dyn Query> {
        let of = |mark: Mark| term_query(Term::from_field_u64(self.fields.pass_mark, mark as u64));
        let weighted = self.shown(MaterialKind::SkillAssessment, of(weighted));
        Box::new(BooleanQuery::union(vec![of(plain), weighted]))
    }

    /// Those that a rule would let pass, or not. Where it looks at assessments, they must be shown.
    fn judged(&self, rule: &Scoring, passed: bool) -> Box<dyn Query> {
        let (rule, skills) = (rule.clone(), self.fields.skill_score);
        let judge = move |segment: &SegmentReader| {
            let ai = segment.fast_fields().f64(column::SCORE)?;
            let of = |weight: &Weight| Ok((weight.skill.clone(), of_skill(&weight.skill, skills, segment)?));
            let scores = rule.weights.iter().map(of).collect::<tantivy::Result<Vec<_>>>()?;
            let rule = rule.clone();
            Ok(move |row: DocId| {
                let of = |skill: &SkillName| {
                    let (_, scores) = scores.iter().find(|(name, _)| name == skill)?;
                    scores.get(row as usize).copied().filter(|score| !score.is_nan())
                };
                rule.passes(ai.first(row), of) == Some(passed)
            })
        };
        let judged = Box::new(DocPredicateQuery::from(FunctionPredicate::from(judge)));
        self.shown(MaterialKind::SkillAssessment, judged)
    }

    fn without(&self, fact: Fact) -> Compiled {
        let lacking = |name: &str| all_but(exists(name));
        Ok(match fact {
            Fact::Branch => lacking(column::BRANCH),
            Fact::Date => lacking(column::INTERVIEWED),
            Fact::Score => lacking(column::SCORE),
            Fact::Vendor => lacking(column::VENDOR),
            Fact::Model => lacking(column::MODEL),
            Fact::PassMark => {
                let unknown = Term::from_field_u64(self.fields.pass_mark, Mark::WeightedUnknown as u64);
                let unknown = self.shown(MaterialKind::SkillAssessment, term_query(unknown));
                Box::new(BooleanQuery::union(vec![lacking(column::PASS_MARK), unknown]))
            }
            Fact::Emotion => self.shown(MaterialKind::Emotion, lacking(column::EMOTION)),
            Fact::Held => self.whole_interview(lacking(column::HELD)),
            // Whether there is a tag that may not be seen makes no difference.
            Fact::Tag => all_but(self.tags(|_| true)?),
        })
    }

    fn tags(&self, fits: impl Fn(&str) -> bool) -> Compiled {
        let terms = self.terms_where(self.fields.tag, |term| fits(tag_of(term).0))?;
        let mut tags: Vec<Box<dyn Query>> = Vec::new();
        for reveals in [None].into_iter().chain(MaterialKind::ALL.map(Some)) {
            let of_kind: Vec<_> = terms.iter().filter(|term| tag_of(term).1 == reveals).cloned().collect();
            if of_kind.is_empty() {
                continue;
            }
            let query = self.any_of(self.fields.tag, of_kind);
            tags.push(match reveals {
                Some(kind) => self.shown(kind, query),
                None => query,
            });
        }
        Ok(Box::new(BooleanQuery::union(tags)))
    }

    fn skill(&self, name: &Named, score: Scores) -> Compiled {
        if score == Scores::Any {
            return self.called(self.fields.skill, name);
        }
        let names = self.terms_where(self.fields.skill, |term| fits(name, term))?;
        let (lower, upper) = score.bounds();
        let ranges = names.iter().map(|name| {
            let term = |score| Term::from_field_text(self.fields.skill_score, &skill_term(name, score));
            let lower = lower.map(term);
            let upper = upper.map(term);
            let lowest = Bound::Included(term(f64::NEG_INFINITY));
            let highest = Bound::Included(term(f64::INFINITY));
            let lower = if lower == Bound::Unbounded { lowest } else { lower };
            let upper = if upper == Bound::Unbounded { highest } else { upper };
            Box::new(InvertedIndexRangeQuery::new(lower, upper)) as Box<dyn Query>
        });
        Ok(Box::new(BooleanQuery::union(ranges.collect())))
    }

    fn folder(&self, path: &str) -> Compiled {
        let wanted = folded(path);
        let terms =
            self.terms_where(self.fields.folder, |term| folded(&term.replace(LEVEL, "/")) == wanted)?;
        Ok(self.any_of(self.fields.folder, terms))
    }

    fn called(&self, field: Field, name: &Named) -> Compiled {
        let terms = self.terms_where(field, |term| fits(name, term))?;
        Ok(self.any_of(field, terms))
    }

    /// The terms of a field with few different ones that fit.
    fn terms_where(&self, field: Field, fits: impl Fn(&str) -> bool) -> tantivy::Result<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                let term = String::from_utf8_lossy(terms.key());
                if !found.contains(term.as_ref()) && fits(&term) {
                    found.insert(term.into_owned());
                }
            }
        }
        Ok(found)
    }

    fn any_of(&self, field: Field, terms: impl IntoIterator<Item = String>) -> Box<dyn Query> {
        let terms: Vec<Term> = terms.into_iter().map(|term| Term::from_field_text(field, &term)).collect();
        match terms.as_slice() {
            [] => Box::new(EmptyQuery),
            [term] => term_query(term.clone()),
            _ => Box::new(TermSetQuery::new(terms)),
        }
    }

    /// Free words: in the name, or in what is open, or in what tells of a kind of material that is shown.
    fn words(&self, text: &str, phrase: bool) -> Compiled {
        let words = analysis::words(text);
        let mut places = vec![scored(self.name(text), IN_NAME)];
        if !words.is_empty() {
            places.push(scored(in_field(self.fields.words(None), &words, phrase), IN_OPEN));
            for kind in MaterialKind::ALL {
                let weight = if kind == MaterialKind::Transcript { IN_TRANSCRIPT } else { IN_FACTS };
                let found = in_field(self.fields.words(Some(kind)), &words, phrase);
                places.push(self.shown(kind, scored(found, weight)));
            }
        }
        Ok(Box::new(BooleanQuery::union(places)))
    }

    fn name(&self, text: &str) -> Box<dyn Query> {
        let field = self.fields.name;
        let term = |text: &str| Term::from_field_text(field, text);
        let parts: Vec<Box<dyn Query>> = name::wanted(text)
            .iter()
            .map(|wanted| match wanted {
                Wanted::All(terms) => intersection(terms.iter().map(|text| term_query(term(text))).collect()),
                Wanted::Whole(text) => term_query(term(text)),
                Wanted::Beginning(text) => Box::new(InvertedIndexRangeQuery::new(
                    Bound::Included(term(text)),
                    Bound::Excluded(term(&format!("{text}{}", char::MAX))),
                )),
            })
            .collect();
        intersection(parts)
    }
}

fn in_field(field: Field, words: &[analysis::Word], phrase: bool) -> Box<dyn Query> {
    let terms = words.iter().map(|word| (word.position, Term::from_field_text(field, &word.text)));
    if phrase && words.len() > 1 {
        return Box::new(PhraseQuery::new_with_offset(terms.collect()));
    }
    intersection(terms.map(|(_, term)| term_query(term)).collect())
}

/// Whether something is called so.
fn fits(name: &Named, text: &str) -> bool {
    if name.is_whole() { key(text) == key(name.text()) } else { holds(&folded(text), &folded(name.text())) }
}

/// Whether `text` holds `wanted`, not in the middle of a word or number of Latin letters and digits.
fn holds(text: &str, wanted: &str) -> bool {
    let inside = |a: Option<char>, b: Option<char>| {
        a.zip(b).is_some_and(|(a, b)| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric())
    };
    text.match_indices(wanted).any(|(start, found)| {
        let (before, rest) = text.split_at(start);
        let behind = &rest[found.len()..];
        !inside(before.chars().next_back(), found.chars().next())
            && !inside(found.chars().next_back(), behind.chars().next())
    })
}

fn intersection(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::intersection(queries)),
    }
}

fn both(a: Box<dyn Query>, b: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(BooleanQuery::intersection(vec![a, b]))
}

fn excluded(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(Excluded(query))
}

fn all_but(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(vec![(Occur::Must, all_documents()), (Occur::MustNot, excluded(query))]))
}

fn exists(column: &str) -> Box<dyn Query> {
    Box::new(ExistsQuery::new(column.to_owned(), false))
}

/// Documents that have a number in here.
fn numbers(field: Field, column: &str, wanted: Scores) -> Box<dyn Query> {
    let term = |number| Term::from_field_f64(field, number);
    match wanted.bounds() {
        (Bound::Unbounded, Bound::Unbounded) => exists(column),
        (lower, upper) => range(lower.map(term), upper.map(term)),
    }
}

fn all_documents() -> Box<dyn Query> {
    Box::new(AllQuery)
}

fn term_query(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn range(lower: Bound<Term>, upper: Bound<Term>) -> Box<dyn Query> {
    if lower == Bound::Unbounded && upper == Bound::Unbounded {
        return all_documents();
    }
    Box::new(RangeQuery::new(lower, upper))
}

/// Counts this much towards relevance, whatever the engine thinks.
fn scored(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, weight))
}

/// Does not count towards relevance.
fn silent(query: Box<dyn Query>) -> Box<dyn Query> {
    scored(query, 0.0)
}
