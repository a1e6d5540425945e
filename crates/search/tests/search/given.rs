//! Entries and indexes to test with.

use std::path::Path;

use dossier_domain::{
    ApplicationId, CandidateId, EmotionLabel, MaterialKind, PositionId, Scoring, Stage, Standing, UserId,
    position::Weight,
};
use dossier_seal::Key;
use dossier_search::{
    Entry, EntrySkill, EntryTag, Grant, Index, Options, Passage, Positions, Query, Request, Scope, Scorecards,
};

pub(crate) fn position(number: u8) -> PositionId {
    PositionId::from_bytes([number; 16])
}

pub(crate) fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

pub(crate) fn application(number: u32) -> ApplicationId {
    let mut bytes = [0; 16];
    bytes[2..6].copy_from_slice(&number.to_be_bytes());
    ApplicationId::from_bytes(bytes)
}

pub(crate) fn entry(number: u32, name: &str, position_number: u8, position_name: &str) -> Entry {
    Entry {
        application: application(number),
        candidate: CandidateId::from_bytes(application(number).to_bytes()),
        name: Some(name.parse().unwrap()),
        position: position(position_number),
        position_name: position_name.parse().unwrap(),
        branch: Some("上海分行".parse().unwrap()),
        rule: rule(Some(70.0), &[]),
        standings: [Standing::NotReached; Stage::ALL.len()],
        stayed: Vec::new(),
        model: Some("v1".parse().unwrap()),
        held_after: Some(8.0),
        hired_after: Some(30.0),
        human: None,
        judged_by: Vec::new(),
        stage: Stage::AiInterview,
        stage_since: "2023-10-01T00:00:00Z".parse().unwrap(),
        created_at: "2023-09-01T00:00:00Z".parse().unwrap(),
        interviewed_at: Some("2023-10-12T02:00:00Z".parse().unwrap()),
        score: Some(85.0),
        emotion: Some(EmotionLabel::Positive),
        tags: vec![tag("高潜力", None)],
        folder: vec![position_name.to_owned(), "AI面试".into(), "2023年10月".into()],
        vendor: Some("ribbon".parse().unwrap()),
        skills: vec![skill("Python", 91.0)],
        resume: vec!["银行从业经验".into()],
        transcript: vec![
            passage(3.5, "我在分行做过风险控制的工作"),
            passage(20.0, "I like Account manager jobs"),
        ],
        kinds: MaterialKind::OF_AN_INTERVIEW.to_vec(),
    }
}

/// A rule with these shares of assessments.
pub(crate) fn rule(pass_mark: Option<f64>, shares: &[(&str, f64)]) -> Scoring {
    let weight = |(skill, share): &(&str, f64)| Weight { skill: skill.parse().unwrap(), share: *share };
    Scoring { weights: shares.iter().map(weight).collect(), pass_mark }
}

pub(crate) fn tag(name: &str, reveals: Option<MaterialKind>) -> EntryTag {
    EntryTag { name: name.parse().unwrap(), reveals }
}

pub(crate) fn skill(name: &str, score: f64) -> EntrySkill {
    EntrySkill { name: name.parse().unwrap(), score }
}

pub(crate) fn passage(starts: f64, text: &str) -> Passage {
    Passage { starts: Some(starts), text: text.into(), answers: None }
}

pub(crate) fn answer(question: &str, text: &str) -> Passage {
    Passage { answers: Some(question.into()), ..passage(1.0, text) }
}

pub(crate) fn grant(positions: Positions, stages: &[Stage], kinds: &[MaterialKind]) -> Grant {
    let (stages, kinds) = (stages.iter().copied().collect(), kinds.iter().copied().collect());
    Grant { positions, stages, kinds, scorecards: Scorecards::None }
}

pub(crate) fn key(byte: u8) -> Key {
    Key::from_bytes(&[byte; Key::LEN])
}

pub(crate) fn open(path: &Path) -> Index {
    try_open(path, 1).unwrap()
}

pub(crate) fn try_open(path: &Path, key_byte: u8) -> dossier_search::Result<Index> {
    let options = Options::sealed(path, key(key_byte));
    Index::open(Options { writer_memory: 16 << 20, ..options })
}

pub(crate) fn index_of(entries: &[Entry]) -> (tempfile::TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    index.apply(entries, &[], 1).unwrap();
    (folder, index)
}

/// The names of what is found, in the order of the answer.
pub(crate) fn names(index: &Index, scope: &Scope, query: &str) -> Vec<String> {
    let query = Query::parse(query).unwrap();
    let hits = index.search(&Request::new(&query, scope)).unwrap();
    assert_eq!(hits.total, hits.hits.len() as u64);
    hits.hits.iter().map(|hit| hit.name.as_ref().unwrap().to_string()).collect()
}
