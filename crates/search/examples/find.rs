//! Opens a sealed index, tells it about one application, and finds it as an interviewer would.
//!
//! `cargo run -p dossier-search --example find -- '张三+客户经理+80分'`

use std::error::Error;

use dossier_domain::{
    ApplicationId, CandidateId, Language, MaterialKind, PositionId, Scoring, Stage, Standing,
};
use dossier_seal::{Key, OsEntropy};
use dossier_search::{Entry, Grant, Index, Options, Passage, Positions, Query, Request, Scope, Scorecards};

#[expect(clippy::print_stdout, reason = "an example speaks to the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let typed = std::env::args().nth(1).unwrap_or_else(|| "zhangsan 风险控制 得分>=80".into());
    let query = match Query::parse(&typed) {
        Ok(query) => query,
        Err(error) => {
            println!("{}", error.render(&typed, Language::Chinese));
            return Ok(());
        }
    };
    for chip in query.chips(Language::Chinese) {
        println!("[{} x]", chip.label);
    }

    let folder = tempfile::tempdir()?;
    let index = Index::open(Options::sealed(folder.path(), Key::generate(&OsEntropy)?))?;
    let position = PositionId::from_bytes([1; 16]);
    index.apply(&[entry(position)?], &[], 1)?;

    let scope = Scope {
        grants: vec![Grant {
            positions: Positions::Only([position].into()),
            stages: [Stage::HumanInterview].into(),
            kinds: [MaterialKind::Transcript].into(),
            scorecards: Scorecards::None,
        }],
    };
    let hits = index.search(&Request::new(&query, &scope))?;
    println!("{} found", hits.total);
    for hit in hits.hits {
        println!("{:?} {} {:?}", hit.name, hit.position_name, hit.score);
        for snippet in hit.snippets {
            println!("  at {:?} s: {} (marks {:?})", snippet.starts, snippet.text, snippet.marks);
        }
    }
    Ok(())
}

fn entry(position: PositionId) -> Result<Entry, Box<dyn Error>> {
    Ok(Entry {
        application: ApplicationId::from_bytes([2; 16]),
        candidate: CandidateId::from_bytes([3; 16]),
        name: Some("张三".parse()?),
        position,
        position_name: "客户经理".parse()?,
        branch: None,
        rule: Scoring { pass_mark: Some(70.0), ..Scoring::default() },
        standings: [Standing::NotReached; Stage::ALL.len()],
        stayed: Vec::new(),
        model: None,
        held_after: None,
        hired_after: None,
        human: None,
        judged_by: Vec::new(),
        stage: Stage::HumanInterview,
        stage_since: "2023-10-20T02:00:00Z".parse()?,
        created_at: "2023-10-10T02:00:00Z".parse()?,
        interviewed_at: Some("2023-10-12T02:00:00Z".parse()?),
        score: Some(85.0),
        emotion: None,
        tags: Vec::new(),
        folder: vec!["客户经理".into(), "人工面试".into()],
        vendor: Some("ribbon".parse()?),
        skills: Vec::new(),
        resume: Vec::new(),
        transcript: vec![Passage {
            starts: Some(12.5),
            text: "我在分行做过三年风险控制".into(),
            answers: Some("请介绍一下你自己".into()),
        }],
        kinds: vec![MaterialKind::Transcript],
    })
}
