//! Every field of every stored record is in the table.

use serde_json::Value;

use super::*;
use crate::{
    position::Weight,
    text::{BranchName, Line, PersonName, PositionName, SkillName},
    *,
};

fn at() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

/// One of each record with every optional field filled.
fn samples() -> Vec<(&'static str, Value)> {
    let line = |text| Line::parse(text).unwrap();
    let candidate = Candidate {
        id: CandidateId::new(at(), 1),
        identity: Identity { name: PersonName::parse("张三").ok(), ..Identity::default() },
        created_at: at(),
    };
    let application = Application {
        id: ApplicationId::new(at(), 1),
        candidate: candidate.id,
        position: PositionId::new(at(), 1),
        moves: Vec::new(),
        tags: Vec::new(),
        created_at: at(),
    };
    let interview = Interview {
        id: InterviewId::new(at(), 1),
        candidate: candidate.id,
        application: application.id,
        connection: ConnectionId::new(at(), 1),
        vendor: "ribbon".parse().unwrap(),
        remote_id: "1".parse().unwrap(),
        started_at: Some(at()),
        ended_at: Some(at()),
        questions: Vec::new(),
        scores: Vec::new(),
        criteria: Vec::new(),
        emotion: Some(EmotionLabel::Neutral),
        synced_at: at(),
    };
    let material = Material {
        id: MaterialId::new(at(), 1),
        candidate: candidate.id,
        application: application.id,
        interview: Some(interview.id),
        content: Content::Transcript(Transcript::default()),
        received_at: at(),
        provenance: Provenance::Upload { by: UserId::new(at(), 1) },
        revision: 1,
    };
    let scorecard = Scorecard {
        candidate: candidate.id,
        application: application.id,
        by: UserId::new(at(), 1),
        judgement: Judgement::default(),
        revision: 1,
        written_at: at(),
        handed_in_at: Some(at()),
    };
    let check = BackgroundCheck::new(candidate.id, application.id);
    let offers = Offers::none(candidate.id, application.id);
    let position = Position {
        id: application.position,
        name: PositionName::parse("客户经理").unwrap(),
        aliases: Vec::new(),
        branch: Some(BranchName::parse("上海分行").unwrap()),
        interviewers: Vec::new(),
        pass_mark: Some(60.0),
        questions: vec![line("为什么选择我们银行")],
        criteria: vec![line("专业能力")],
        weights: vec![Weight { skill: SkillName::parse("Python").unwrap(), share: 0.2 }],
        created_at: at(),
        closed_at: Some(at()),
    };
    let proposal = Proposal {
        id: ProposalId::new(at(), 1),
        position: position.id,
        from: position.scoring(),
        to: position.scoring(),
        query: String::new(),
        former: Reach::default(),
        revised: Reach::default(),
        reason: Some(line("更重视沟通")),
        by: UserId::new(at(), 1),
        at: at(),
        fate: Fate::Open,
    };
    vec![
        ("candidate", serde_json::to_value(candidate).unwrap()),
        ("application", serde_json::to_value(application).unwrap()),
        ("interview", serde_json::to_value(interview).unwrap()),
        ("material", serde_json::to_value(material).unwrap()),
        ("scorecard", serde_json::to_value(scorecard).unwrap()),
        ("background_check", serde_json::to_value(check).unwrap()),
        ("offers", serde_json::to_value(offers).unwrap()),
        ("position", serde_json::to_value(position).unwrap()),
        ("proposal", serde_json::to_value(proposal).unwrap()),
        ("lexicon", serde_json::to_value(Lexicon::default()).unwrap()),
    ]
}

#[test]
fn every_stored_field_has_a_class_and_every_class_a_field() {
    let stored: Vec<String> = samples()
        .into_iter()
        .flat_map(|(record, value)| {
            value.as_object().unwrap().keys().map(|key| format!("{record}/{key}")).collect::<Vec<_>>()
        })
        .collect();
    for path in &stored {
        assert!(classify(path).is_some(), "{path} is stored but not classified");
    }
    for (path, _) in CLASSES {
        assert!(stored.iter().any(|stored| stored == path), "{path} is classified but not stored");
    }
}

#[test]
fn a_path_covers_what_lies_below_it_and_nothing_beside() {
    assert_eq!(classify("candidate/identity/phone"), Some(Class::Identity));
    assert_eq!(classify("candidate/identity_card"), None);
}
