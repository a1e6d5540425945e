//! A search index of a million interviews, in a folder of its own: what reports count.
//!
//! The interviews are those of the made-up bank, with the answers that they give and twenty assessments each. They are in
//! the index alone: reports read nothing else.

use std::{collections::BTreeMap, path::Path};

use chrono::{DateTime, Utc};
use dossier_archive::Archive;
use dossier_domain::{
    ApplicationId, BankZone, CandidateId, MaterialKind, Outcome, PositionId, Scoring, Stage, Standing,
};
use dossier_search::{Entry, EntrySkill, Index, Options, Passage};
use dossier_simulator::{Bank, BankOptions, Story, bank::Sitting, bank::case::Decision};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{Result, folder::Folder, options::Bench};

/// So many assessments each has.
pub(crate) const ASSESSMENTS: usize = 20;
const VENDORS: [&str; 3] = ["ribbon", "hall", "desk"];

/// The folder of the million, filled if it is not there yet.
pub(crate) fn filled(bench: &Bench) -> Result<std::path::PathBuf> {
    let path = bench.large().with_file_name("million");
    if !Folder::at(&path).exists() {
        crate::child::run::<()>(&crate::child::Job::Million {
            folder: path.clone(),
            interviews: bench.interviews,
        })?;
    }
    Ok(path)
}

/// Makes an archive without dossiers and an index full of them.
pub(crate) async fn fill(path: &Path, interviews: usize) -> Result {
    let folder = Folder::at(path);
    let (archive, _) = folder.create().await?;
    let position = newest(&archive).await?;
    archive.close().await?;
    drop(archive);
    Index::discard(&folder.index())?;
    let index = Index::open(Options::sealed(folder.index(), folder.index_key()?))?;
    let bank = Bank::generate(BankOptions {
        seed: 1,
        candidates: interviews,
        story: Story::Case,
        ..BankOptions::default()
    });
    let mut bulk = index.bulk()?;
    for number in 0..interviews {
        bulk.add(&entry(&bank.interview(number), &bank.decisions(number))?)?;
    }
    // Later commits are of the log alone, which concerns no entry.
    bulk.commit(position)?;
    drop(bulk);
    folder.note_filled()
}

/// The number of the newest commit.
async fn newest(archive: &Archive) -> Result<u64> {
    let hr = crate::folder::user(archive, "hr").await?;
    let now = archive.as_of_now(hr).await?;
    now.base().ok_or_else(|| "the context is based on no commit".into())
}

fn entry(sitting: &Sitting, decisions: &[Decision]) -> Result<Entry> {
    let mut chance = ChaCha8Rng::seed_from_u64(sitting.index as u64);
    let (at, id) = (sitting.started_at, sitting.index as u128);
    let skills = (0..ASSESSMENTS).map(|number| {
        let score = f64::from(chance.random_range(0..201_u32)) / 2.0;
        Ok(EntrySkill { name: format!("测评{number:02}").parse()?, score })
    });
    let skills: Vec<EntrySkill> = skills.collect::<Result<_>>()?;
    let (standings, stayed) = journey(at, decisions);
    let hired = decisions.iter().find(|decision| decision.to == Stage::Hired);
    let number = positions().get(sitting.position.name).copied().unwrap_or_default();
    let zone = BankZone::default();
    Ok(Entry {
        application: ApplicationId::new(at, id),
        candidate: CandidateId::new(at, id),
        name: Some(sitting.person.full_name().parse()?),
        position: PositionId::from_bytes([number; 16]),
        position_name: sitting.position.name.parse()?,
        branch: Some(["上海分行", "北京分行", "深圳分行"][sitting.index % 3].parse()?),
        rule: Scoring { weights: Vec::new(), pass_mark: Some(70.0) },
        stage: decisions.last().map_or(Stage::AiInterview, |decision| decision.to),
        stage_since: at,
        standings,
        stayed,
        created_at: at,
        interviewed_at: Some(at),
        score: Some(sitting.score),
        emotion: None,
        tags: Vec::new(),
        folder: vec![
            sitting.position.name.to_owned(),
            zone.month(at).label(dossier_domain::Language::Chinese),
        ],
        vendor: Some(VENDORS[sitting.index % VENDORS.len()].parse()?),
        model: Some("v1".parse()?),
        held_after: Some(f64::from(chance.random_range(1..12_u32))),
        hired_after: hired.map(|hired| days(at, hired.at)),
        human: None,
        judged_by: Vec::new(),
        skills,
        resume: Vec::new(),
        transcript: sitting.turns.iter().map(answer).collect(),
        kinds: MaterialKind::OF_AN_INTERVIEW.to_vec(),
    })
}

fn answer(turn: &dossier_simulator::bank::Turn) -> Passage {
    Passage { starts: Some(turn.starts), text: turn.answer.clone(), answers: Some(turn.question.to_owned()) }
}

fn positions() -> BTreeMap<&'static str, u8> {
    dossier_simulator::bank::POSITIONS.iter().map(|position| position.name).zip(1..).collect()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a year stay far below 2⁵³")]
fn days(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).num_milliseconds() as f64 / 86_400_000.0
}

/// How it stands with each stage, and how long it stayed.
fn journey(at: DateTime<Utc>, decisions: &[Decision]) -> ([Standing; Stage::ALL.len()], Vec<(Stage, f64)>) {
    let mut standings = [Standing::NotReached; Stage::ALL.len()];
    let mut stayed = Vec::new();
    let (mut here, mut since) = (Stage::AiInterview, at);
    for decision in decisions {
        standings[here as usize] = match decision.outcome {
            Outcome::Passed => Standing::Passed,
            Outcome::Failed => Standing::Failed,
            Outcome::Withdrawn | Outcome::Entered | Outcome::Undone => Standing::Open,
        };
        stayed.push((here, days(since, decision.at)));
        (here, since) = (decision.to, decision.at);
    }
    standings[here as usize] = Standing::Open;
    (standings, stayed)
}
