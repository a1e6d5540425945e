//! What signals of willingness are made of, and what becomes of offers.

use super::*;
use crate::{
    ConnectionId, Content, EmotionProfile, EmotionReading, InterviewId, Provenance, Question, text::Dimension,
};

fn at(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + day * 86_400, 0).unwrap()
}

fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

fn interview(n: u128, questions: &[(&str, f64)]) -> Interview {
    let question =
        |(text, starts): &(&str, f64)| Question { text: line(text), starts: Some(*starts), ends: None };
    Interview {
        id: InterviewId::new(at(0), n),
        candidate: CandidateId::new(at(0), 1),
        application: ApplicationId::new(at(0), 1),
        connection: ConnectionId::new(at(0), 1),
        vendor: "ribbon".parse().unwrap(),
        remote_id: "1".parse().unwrap(),
        started_at: Some(at(n.try_into().unwrap())),
        ended_at: None,
        questions: questions.iter().map(question).collect(),
        scores: Vec::new(),
        criteria: Vec::new(),
        emotion: None,
        synced_at: at(0),
    }
}

fn readings(n: u128, readings: &[(&str, Option<&str>, f64, f64)]) -> Material {
    let reading = |(dimension, question, starts, value): &(&str, Option<&str>, f64, f64)| EmotionReading {
        dimension: Dimension::parse(dimension).unwrap(),
        value: *value,
        question: question.map(line),
        starts: Some(*starts),
        ends: None,
        modality: None,
        source: Some(line("v1")),
    };
    Material {
        id: MaterialId::new(at(0), n),
        candidate: CandidateId::new(at(0), 1),
        application: ApplicationId::new(at(0), 1),
        interview: Some(InterviewId::new(at(0), n)),
        content: Content::Emotion(EmotionProfile { readings: readings.iter().map(reading).collect() }),
        received_at: at(0),
        provenance: Provenance::Upload { by: UserId::new(at(0), 1) },
        revision: 1,
    }
}

#[test]
fn answers_on_plans_and_pay_tell_of_the_will_to_come() {
    let interviews = [
        interview(1, &[("请介绍自己", 0.0), ("您的职业规划是什么？", 60.0), ("您期望的薪资？", 120.0)]),
        interview(2, &[("您的职业规划是什么？", 5.0)]),
    ];
    let plan = Some("您的职业规划是什么？");
    let materials = [
        readings(
            1,
            &[
                (POSITIVITY, plan, 70.0, 80.0),
                (POSITIVITY, plan, 65.0, 60.0),
                ("紧张度", plan, 66.0, 99.0),
                (POSITIVITY, None, 130.0, 30.0),
                (POSITIVITY, Some("请介绍自己"), 2.0, 50.0),
            ],
        ),
        readings(2, &[(POSITIVITY, plan, 6.0, 40.0)]),
    ];
    let found = willingness(&interviews, &materials);
    let told: Vec<_> = found.iter().map(|of| (of.topic, of.positivity, of.at, of.interviewed_at)).collect();
    assert_eq!(
        told,
        [
            (Topic::CareerPlan, 40.0, Some(6.0), Some(at(2))),
            (Topic::CareerPlan, 70.0, Some(65.0), Some(at(1))),
            (Topic::Pay, 30.0, Some(130.0), Some(at(1))),
        ]
    );
    assert_eq!(found[2].question.as_str(), "您期望的薪资？", "known by its second alone");
    assert_eq!(willingness(&interviews, &[]), [], "who sees no emotion data sees none of it");
}

#[test]
fn an_offer_waits_until_it_is_answered() {
    let by = UserId::new(at(0), 1);
    let mut offers = Offers::none(CandidateId::new(at(0), 1), ApplicationId::new(at(0), 1));
    assert!(offers.open().is_none());
    offers.offers.push(Offer { terms: None, by, extended_at: at(1), answer: None });
    assert_eq!(offers.open().unwrap().state(), OfferState::Extended);
    offers.open_mut().unwrap().answer = Some(Answer { declined: Some(line("薪资")), by, at: at(2) });
    assert_eq!((offers.open(), offers.offers[0].state()), (None, OfferState::Declined));
    offers.offers[0].answer = Some(Answer { declined: None, by, at: at(2) });
    assert_eq!(offers.offers[0].state(), OfferState::Accepted);
}
