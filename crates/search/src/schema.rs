//! The fields of the index, and an entry as a document of it.

use chrono::Datelike;
use dossier_domain::{
    MaterialKind, Scoring, Stage, Standing,
    text::{BranchName, PositionName},
};
use serde::{Deserialize, Serialize};
use tantivy::{
    TantivyDocument,
    schema::{
        FAST, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing,
        TextOptions,
    },
};

use crate::{
    Entry, Passage,
    analysis::{self, CUT, WORDS, name},
    query::Wording,
};

/// Counted up when the fields or the analysis change, so that an older index is rebuilt.
pub(crate) const VERSION: u32 = 4;

/// Parts a folder's levels, and a skill from its score.
pub(crate) const LEVEL: char = '\u{1F}';

/// Names of the columns that are read by name.
pub(crate) mod column {
    pub(crate) const POSITION: &str = "position";
    pub(crate) const POSITION_NAME: &str = "position_name";
    pub(crate) const STAGE: &str = "stage";
    pub(crate) const INTERVIEWED: &str = "interviewed";
    pub(crate) const SCORE: &str = "score";
    pub(crate) const EMOTION: &str = "emotion";
    pub(crate) const TAG: &str = "tag";
    pub(crate) const FOLDER: &str = "folder";
    pub(crate) const NAME_ORDER: &str = "name_order";
    pub(crate) const ID_HIGH: &str = "id_high";
    pub(crate) const ID_LOW: &str = "id_low";
    pub(crate) const BRANCH: &str = "branch";
    pub(crate) const VENDOR: &str = "vendor";
    pub(crate) const MODEL: &str = "model";
    pub(crate) const STANDINGS: &str = "standings";
    pub(crate) const PASS_MARK: &str = "pass_mark";
    pub(crate) const HELD: &str = "held";
    pub(crate) const CYCLE: &str = "cycle";
    pub(crate) const HUMAN: &str = "human";
    pub(crate) const KIND: &str = "kind";

    /// The days in a stage.
    pub(crate) fn days(stage: dossier_domain::Stage) -> String {
        format!("days_{}", stage.name())
    }
}

/// The fields.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    /// The application's id; what replaces and removes go by.
    pub(crate) application: Field,
    /// The two halves of the application's id, to order and name hits without a look into the store.
    id: [Field; 2],
    pub(crate) position: Field,
    pub(crate) position_name: Field,
    /// What the entry says of its position; see [`position_term`].
    pub(crate) position_facts: Field,
    pub(crate) stage: Field,
    pub(crate) interviewed: Field,
    pub(crate) score: Field,
    pub(crate) emotion: Field,
    /// Tags behind the mark of what they reveal; see [`tag_term`].
    pub(crate) tag: Field,
    /// The folder and each above it.
    pub(crate) folder: Field,
    pub(crate) vendor: Field,
    pub(crate) branch: Field,
    pub(crate) model: Field,
    /// What came of stages; see [`standing_term`].
    pub(crate) standing: Field,
    /// All standings in one number; see [`packed`].
    standings: Field,
    /// Days in each stage that was left.
    pub(crate) days: [Field; Stage::ALL.len()],
    /// What the position's pass mark says of it; see [`Mark`].
    pub(crate) pass_mark: Field,
    pub(crate) held: Field,
    /// Days from interview to hiring.
    pub(crate) cycle: Field,
    /// The mean of the scorecards that were handed in, and who handed them in.
    pub(crate) human: Field,
    pub(crate) judged_by: Field,
    pub(crate) skill: Field,
    /// Skill and score in one term that sorts by score; see [`skill_term`].
    pub(crate) skill_score: Field,
    pub(crate) kind: Field,
    pub(crate) name: Field,
    name_order: Field,
    /// Questions that were answered; see [`question_term`].
    pub(crate) question: Field,
    /// Words of answers behind the mark of the question; see [`answer_mark`].
    pub(crate) answer: Field,
    /// Words that tell nothing about a material, and for each kind those that do.
    words: [Field; 1 + MaterialKind::ALL.len()],
    /// The entry without its long texts.
    pub(crate) row: Field,
    /// The long texts.
    pub(crate) texts: Field,
}

/// What snippets are cut from.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Texts {
    pub(crate) resume: Vec<String>,
    pub(crate) transcript: Vec<Passage>,
}

impl Fields {
    pub(crate) fn new() -> (Self, Schema) {
        let mut schema = Schema::builder();
        let number = || NumericOptions::default().set_fast().set_indexed();
        let cut_by = |tokenizer| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions);
            TextOptions::default().set_indexing_options(indexing)
        };
        let mut word_field = |name: &str, cut_by| schema.add_text_field(&format!("words_{name}"), cut_by);
        let mut word_fields = [word_field("open", cut_by(WORDS)); 1 + MaterialKind::ALL.len()];
        for (field, kind) in word_fields[1..].iter_mut().zip(MaterialKind::ALL) {
            // Transcripts are cut when the document is made.
            let tokenizer = if kind == MaterialKind::Transcript { CUT } else { WORDS };
            *field = word_field(kind.name(), cut_by(tokenizer));
        }
        let fields = Self {
            application: schema.add_text_field("application", STRING),
            id: [column::ID_HIGH, column::ID_LOW].map(|name| schema.add_u64_field(name, FAST)),
            position: schema.add_text_field(column::POSITION, STRING | FAST),
            position_name: schema.add_text_field(column::POSITION_NAME, STRING | FAST),
            position_facts: schema.add_text_field("position_facts", STRING),
            stage: schema.add_u64_field(column::STAGE, number()),
            interviewed: schema.add_i64_field(column::INTERVIEWED, number()),
            score: schema.add_f64_field(column::SCORE, number()),
            emotion: schema.add_u64_field(column::EMOTION, number()),
            tag: schema.add_text_field(column::TAG, STRING | FAST),
            folder: schema.add_text_field(column::FOLDER, STRING | FAST),
            vendor: schema.add_text_field(column::VENDOR, STRING | FAST),
            branch: schema.add_text_field(column::BRANCH, STRING | FAST),
            model: schema.add_text_field(column::MODEL, STRING | FAST),
            standing: schema.add_text_field("standing", STRING),
            standings: schema.add_u64_field(column::STANDINGS, FAST),
            days: Stage::ALL.map(|stage| schema.add_f64_field(&column::days(stage), FAST)),
            pass_mark: schema.add_u64_field(column::PASS_MARK, number()),
            held: schema.add_f64_field(column::HELD, FAST),
            cycle: schema.add_f64_field(column::CYCLE, FAST),
            human: schema.add_f64_field(column::HUMAN, FAST),
            judged_by: schema.add_text_field("judged_by", STRING),
            skill: schema.add_text_field("skill", STRING),
            skill_score: schema.add_text_field("skill_score", STRING),
            kind: schema.add_u64_field(column::KIND, number()),
            name: schema.add_text_field("name", STRING),
            name_order: schema.add_text_field(column::NAME_ORDER, FAST),
            question: schema.add_text_field("question", STRING),
            answer: schema.add_text_field("answer", cut_by(CUT)),
            words: word_fields,
            row: schema.add_bytes_field("row", STORED),
            texts: schema.add_bytes_field("texts", STORED),
        };
        (fields, schema.build())
    }

    /// The words that tell something about this kind of material, or about none.
    pub(crate) fn words(&self, kind: Option<MaterialKind>) -> Field {
        self.words[kind.map_or(0, |kind| 1 + kind as usize)]
    }

    /// The document of an entry.
    pub(crate) fn document(&self, entry: &Entry) -> Result<TantivyDocument, serde_json::Error> {
        let mut document = TantivyDocument::default();
        self.add_facts(&mut document, entry);
        self.add_names(&mut document, entry);
        self.add_words(&mut document, entry);
        let texts = Texts { resume: entry.resume.clone(), transcript: entry.transcript.clone() };
        let row = Entry { resume: Vec::new(), transcript: Vec::new(), ..entry.clone() };
        document.add_bytes(self.row, &serde_json::to_vec(&row)?);
        document.add_bytes(self.texts, &serde_json::to_vec(&texts)?);
        Ok(document)
    }

    fn add_facts(&self, document: &mut TantivyDocument, entry: &Entry) {
        document.add_text(self.application, entry.application.to_string());
        let id = u128::from_be_bytes(entry.application.to_bytes());
        for (field, half) in self.id.into_iter().zip(halves(id)) {
            document.add_u64(field, half);
        }
        document.add_u64(self.stage, entry.stage as u64);
        // A year that no query can name is as good as none.
        if let Some(at) = entry.interviewed_at.filter(|at| (1970..9999).contains(&at.year())) {
            document.add_i64(self.interviewed, at.timestamp_millis());
        }
        if let Some(score) = entry.score.filter(|score| score.is_finite()) {
            document.add_f64(self.score, score);
        }
        if let Some(mark) = Mark::of(entry) {
            document.add_u64(self.pass_mark, mark as u64);
        }
        if let Some(minutes) = entry.held_after.filter(|minutes| *minutes >= 0.0) {
            document.add_f64(self.held, minutes);
        }
        if let Some(days) = entry.hired_after.filter(|days| *days >= 0.0 && days.is_finite()) {
            document.add_f64(self.cycle, days);
        }
        if let Some(score) = entry.human.filter(|score| score.is_finite()) {
            document.add_f64(self.human, score);
        }
        for user in &entry.judged_by {
            document.add_text(self.judged_by, user.to_string());
        }
        self.add_journey(document, entry);
        if let Some(emotion) = entry.emotion {
            document.add_u64(self.emotion, emotion as u64);
        }
        for kind in &entry.kinds {
            document.add_u64(self.kind, *kind as u64);
        }
        for skill in &entry.skills {
            document.add_text(self.skill, skill.name.as_str());
            document.add_text(self.skill_score, skill_term(skill.name.as_str(), skill.score));
        }
    }

    fn add_journey(&self, document: &mut TantivyDocument, entry: &Entry) {
        document.add_u64(self.standings, packed(&entry.standings));
        for (stage, standing) in Stage::ALL.into_iter().zip(entry.standings) {
            if standing != Standing::NotReached {
                document.add_text(self.standing, standing_term(stage, Standing::Open));
            }
            if matches!(standing, Standing::Passed | Standing::Failed) {
                document.add_text(self.standing, standing_term(stage, standing));
            }
        }
        // Of several stays in a stage the last one counts.
        for stage in Stage::ALL {
            let days = entry.stayed.iter().rev().find(|(of, _)| *of == stage).map(|(_, days)| *days);
            if let Some(days) = days.filter(|days| days.is_finite()) {
                document.add_f64(self.days[stage as usize], days);
            }
        }
    }

    fn add_names(&self, document: &mut TantivyDocument, entry: &Entry) {
        document.add_text(self.position, entry.position.to_string());
        document.add_text(self.position_name, entry.position_name.as_str());
        let facts = position_term(&entry.position_name, entry.branch.as_ref(), &entry.rule);
        document.add_text(self.position_facts, facts);
        if let Some(branch) = &entry.branch {
            document.add_text(self.branch, branch.as_str());
        }
        if let Some(vendor) = &entry.vendor {
            document.add_text(self.vendor, vendor.as_str());
        }
        if let Some(model) = &entry.model {
            document.add_text(self.model, model.as_str());
        }
        for tag in &entry.tags {
            document.add_text(self.tag, tag_term(tag.name.as_str(), tag.reveals));
        }
        for depth in 1..=entry.folder.len() {
            document.add_text(self.folder, folder_term(&entry.folder[..depth]));
        }
        if let Some(name) = &entry.name {
            for term in name::terms(name.as_str()) {
                document.add_text(self.name, term);
            }
            document.add_text(self.name_order, name::order(name.as_str()));
        }
    }

    fn add_words(&self, document: &mut TantivyDocument, entry: &Entry) {
        document.add_text(self.words(None), entry.position_name.as_str());
        for tag in &entry.tags {
            document.add_text(self.words(tag.reveals), tag.name.as_str());
        }
        for skill in &entry.skills {
            document.add_text(self.words(Some(MaterialKind::SkillAssessment)), skill.name.as_str());
        }
        for text in &entry.resume {
            document.add_text(self.words(Some(MaterialKind::ResumeReport)), text);
        }
        for passage in &entry.transcript {
            let words = analysis::words(&passage.text);
            document.add_text(self.words(Some(MaterialKind::Transcript)), analysis::joined(&words, ""));
            let Some(question) = &passage.answers else { continue };
            let Some(wording) = Wording::of(question) else { continue };
            document.add_text(self.question, question_term(&wording, question));
            document.add_text(self.answer, analysis::joined(&words, &answer_mark(&wording)));
        }
    }
}

/// The upper and the lower half of an id.
pub(crate) fn halves(id: u128) -> [u64; 2] {
    #[expect(clippy::cast_possible_truncation, reason = "each half has 64 bits")]
    let halves = [(id >> 64) as u64, id as u64];
    halves
}

/// A question that was answered: the mark of its wording before how it was spelled, so that one question's spellings stand
/// together.
pub(crate) fn question_term(wording: &Wording, spelled: &str) -> String {
    format!("{}{spelled}", answer_mark(wording))
}

/// What stands before words of an answer to this question.
pub(crate) fn answer_mark(wording: &Wording) -> String {
    format!("{}{LEVEL}", wording.mark())
}

/// The term behind all that begin with this mark.
pub(crate) fn behind(mark: &str) -> String {
    format!("{mark}{}", char::MAX)
}

/// The term of applications that passed or failed in a stage, or, for [`Standing::Open`], reached it at all.
pub(crate) fn standing_term(stage: Stage, standing: Standing) -> String {
    let what = match standing {
        Standing::Passed => "passed",
        Standing::Failed => "failed",
        Standing::Open | Standing::NotReached => "reached",
    };
    format!("{}{LEVEL}{what}", stage.name())
}

/// Standings in one number, two bits for each, the first stage's lowest.
pub(crate) fn packed(standings: &[Standing]) -> u64 {
    standings.iter().rev().fold(0, |bits, standing| bits << 2 | *standing as u64)
}

/// The number of a stage's standing among [`Standing::ALL`].
pub(crate) fn standing_of(packed: u64, stage: Stage) -> u64 {
    packed >> (2 * stage as u32) & 3
}

/// What an entry says of its position besides the id, so that entries can be found that say something else.
pub(crate) fn position_term(name: &PositionName, branch: Option<&BranchName>, rule: &Scoring) -> String {
    let (branch, mark) = (branch.map(BranchName::as_str), rule.pass_mark.map(f64::to_bits));
    let weights = rule.weights.iter().map(|of| format!("{LEVEL}{}{LEVEL}{:x}", of.skill, of.share.to_bits()));
    let facts = format!("{name}{LEVEL}{}{LEVEL}{mark:x?}", branch.unwrap_or_default());
    std::iter::once(facts).chain(weights).collect()
}

/// What a position's pass mark says of an application.
///
/// Where the rule has weights, even that nothing is known tells something about
/// [`MaterialKind::SkillAssessment`], so those have numbers of their own, from [`Mark::FIRST_OF_WEIGHTED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Missed,
    Reached,
    WeightedMissed,
    WeightedReached,
    WeightedUnknown,
}

impl Mark {
    pub(crate) const FIRST_OF_WEIGHTED: u64 = Self::WeightedMissed as u64;

    /// Nothing where there is no pass mark, or no score to compare with it.
    fn of(entry: &Entry) -> Option<Self> {
        entry.rule.pass_mark?;
        match (entry.rule.weights.is_empty(), entry.passes()) {
            (true, passes) => passes.map(|passes| if passes { Self::Reached } else { Self::Missed }),
            (false, Some(true)) => Some(Self::WeightedReached),
            (false, Some(false)) => Some(Self::WeightedMissed),
            (false, None) => Some(Self::WeightedUnknown),
        }
    }

    /// Whether the mark of this number is reached; `None` where it is not known.
    pub(crate) fn is_reached(number: u64) -> Option<bool> {
        let is = |mark: Self| number == mark as u64;
        (!is(Self::WeightedUnknown)).then(|| is(Self::Reached) || is(Self::WeightedReached))
    }
}

/// A folder's path.
pub(crate) fn folder_term(levels: &[String]) -> String {
    levels.join(&LEVEL.to_string())
}

/// A tag behind one character that says what it reveals: `0` for nothing, else the kind's number from `1`.
pub(crate) fn tag_term(name: &str, reveals: Option<MaterialKind>) -> String {
    let mark = reveals.map_or(0, |kind| 1 + kind as u8);
    format!("{}{name}", char::from(b'0' + mark))
}

/// The tag of a term and what it reveals.
pub(crate) fn tag_of(term: &str) -> (&str, Option<MaterialKind>) {
    let (mark, name) = term.split_at(usize::from(!term.is_empty()));
    let kind = mark.bytes().next().and_then(|mark| usize::from(mark).checked_sub(usize::from(b'1')));
    (name, kind.and_then(|kind| MaterialKind::ALL.get(kind).copied()))
}

/// A skill and its score such that terms of one skill sort by score.
pub(crate) fn skill_term(name: &str, score: f64) -> String {
    let bits = score.to_bits();
    let ordered = if bits >> 63 == 0 { bits ^ (1 << 63) } else { !bits };
    format!("{name}{LEVEL}{ordered:016x}")
}

/// The skill and the score of a term.
pub(crate) fn skill_score(term: &str) -> Option<(&str, f64)> {
    let (name, ordered) = term.rsplit_once(LEVEL)?;
    let ordered = u64::from_str_radix(ordered, 16).ok()?;
    let bits = if ordered >> 63 == 1 { ordered ^ (1 << 63) } else { !ordered };
    Some((name, f64::from_bits(bits)))
}

pub(crate) fn register(index: &tantivy::Index) {
    index.tokenizers().register(WORDS, analysis::analyzer());
    index.tokenizers().register(CUT, analysis::cut_analyzer());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_keep_what_they_say() {
        for reveals in [None].into_iter().chain(MaterialKind::ALL.map(Some)) {
            assert_eq!(tag_of(&tag_term("高潜力", reveals)), ("高潜力", reveals));
        }
        assert_eq!(tag_of(""), ("", None));
        let scores = [0.0, 0.5, 9.9, 10.0, 79.999, 80.0, 100.0];
        let terms = scores.map(|score| skill_term("Python", score));
        assert!(terms.is_sorted());
        for (term, score) in terms.iter().zip(scores) {
            assert_eq!(skill_score(term), Some(("Python", score)));
        }
    }

    #[test]
    fn kinds_have_the_numbers_that_the_index_relies_on() {
        for (number, kind) in MaterialKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, number);
        }
        for (number, stage) in Stage::ALL.into_iter().enumerate() {
            assert_eq!(stage as usize, number);
        }
        for (number, standing) in Standing::ALL.into_iter().enumerate() {
            assert_eq!(standing as usize, number);
        }
        let mut standings = [Standing::NotReached; Stage::ALL.len()];
        standings[1] = Standing::Failed;
        standings[7] = Standing::Passed;
        let packed = packed(&standings);
        let read = Stage::ALL.map(|stage| Standing::ALL[standing_of(packed, stage) as usize]);
        assert_eq!(read, standings);
    }
}
