//! What a scorecard takes, and what several say together.

use super::*;
use crate::{
    InterviewId, SkillResult,
    interview::{Criterion, Interview},
    skill::SkillAssessment,
};

fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

fn mark(criterion: &str, raw: f64) -> Mark {
    Mark { criterion: line(criterion), score: Score::new(raw, Scale::FIVE).unwrap() }
}

fn criteria() -> Vec<Line> {
    vec![line("专业能力"), line("沟通表达")]
}

fn whole(recommendation: Recommendation, marks: [f64; 2]) -> Judgement {
    Judgement {
        marks: vec![mark("专业能力", marks[0]), mark("沟通表达", marks[1])],
        recommendation: Some(recommendation),
        ..Judgement::default()
    }
}

fn card(judgement: Judgement, is_final: bool) -> Scorecard {
    let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    Scorecard {
        candidate: CandidateId::new(at, 1),
        application: ApplicationId::new(at, 1),
        by: UserId::new(at, 1),
        judgement,
        revision: 1,
        written_at: at,
        handed_in_at: is_final.then_some(at),
    }
}

#[test]
fn a_draft_may_lack_what_a_final_scorecard_needs() {
    let mut judgement = Judgement { marks: vec![mark("专业能力", 4.0)], ..Judgement::default() };
    assert_eq!(judgement.check(&criteria(), false), Ok(()));
    assert_eq!(judgement.check(&criteria(), true), Err(JudgementError::Unscored(line("沟通表达"))));
    judgement.marks.push(mark("沟通表达", 2.0));
    assert_eq!(judgement.check(&criteria(), true), Err(JudgementError::NoRecommendation));
    judgement.recommendation = Some(Recommendation::Against);
    assert_eq!(judgement.check(&criteria(), true), Ok(()));
    assert_eq!(judgement.mean(), Some(50.0));
}

#[test]
fn what_is_no_judgement_is_refused_and_named() {
    let with = |mark| Judgement { marks: vec![mark], ..Judgement::default() }.check(&criteria(), false);
    assert_eq!(with(mark("酒量", 5.0)), Err(JudgementError::NoCriterion(line("酒量"))));
    let percent = Mark { criterion: line("专业能力"), score: Score::percent(80.0).unwrap() };
    assert_eq!(with(percent), Err(JudgementError::OtherScale(line("专业能力"))));
    let twice = Judgement {
        marks: vec![mark("专业能力", 1.0), mark("专业能力", 5.0)],
        ..Judgement::default()
    };
    assert_eq!(twice.check(&criteria(), false), Err(JudgementError::Twice(line("专业能力"))));
    for at in [-1.0, f64::NAN, f64::INFINITY, 90_000.0] {
        let notes = vec![Note { at: Some(at), text: line("？") }];
        let refused = Judgement { notes, ..Judgement::default() }.check(&criteria(), false);
        assert!(matches!(refused, Err(JudgementError::NoSecond(_))), "{at}");
    }
    let notes = vec![Note { at: None, text: line("好") }; MOST_NOTES + 1];
    let many = Judgement { notes, ..Judgement::default() };
    assert_eq!(many.check(&criteria(), false), Err(JudgementError::TooManyNotes));
    let summary = Prose::parse(&"长".repeat(LONGEST_SUMMARY + 1)).unwrap();
    let long = Judgement { summary, ..Judgement::default() };
    assert_eq!(long.check(&criteria(), false), Err(JudgementError::TooLong));
}

#[test]
fn recommendations_are_found_by_all_their_names() {
    for of in Recommendation::ALL {
        for name in [of.name(), of.label(Language::Chinese), of.label(Language::English)] {
            assert_eq!(name.parse::<Recommendation>().unwrap(), of);
        }
    }
    assert!("perhaps".parse::<Recommendation>().is_err());
}

#[test]
fn people_are_held_beside_one_another_and_beside_the_ai() {
    let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let interview = Interview {
        id: InterviewId::new(at, 1),
        candidate: CandidateId::new(at, 1),
        application: ApplicationId::new(at, 1),
        connection: crate::ConnectionId::new(at, 1),
        vendor: "ribbon".parse().unwrap(),
        remote_id: "1".parse().unwrap(),
        started_at: None,
        ended_at: None,
        questions: Vec::new(),
        scores: vec![crate::ScoreRevision {
            score: Score::percent(90.0).unwrap(),
            received_at: at,
            provenance: crate::Provenance::Upload { by: UserId::new(at, 1) },
        }],
        criteria: vec![Criterion { name: line("沟通表达"), score: Score::percent(80.0).unwrap() }],
        emotion: None,
        synced_at: at,
    };
    let skills = SkillAssessment {
        results: vec![SkillResult {
            skill: "专业能力".parse().unwrap(),
            score: Score::percent(60.0).unwrap(),
            wrong_answers: Vec::new(),
            weak_points: Vec::new(),
        }],
    };
    let cards = [
        card(whole(Recommendation::For, [5.0, 3.0]), true),
        card(whole(Recommendation::Against, [2.0, 3.0]), true),
        card(whole(Recommendation::StronglyFor, [5.0, 5.0]), false),
    ];
    let agreement = Agreement::of(&cards, Some(&interview), Some(&skills)).unwrap();
    assert_eq!((agreement.people, agreement.in_favour), (2, 1), "a draft does not count");
    assert!(agreement.is_split());
    assert_eq!((agreement.mean, agreement.gap()), (Some(56.25), Some(-33.75)));
    let [knowledge, talking] = &agreement.criteria[..] else { panic!("{agreement:?}") };
    assert_eq!((knowledge.lowest, knowledge.mean, knowledge.highest), (25.0, 62.5, 100.0));
    assert_eq!(knowledge.ai, Some(60.0), "a skill of the same name");
    assert!(knowledge.is_split() && !talking.is_split());
    assert_eq!(talking.gap(), Some(-30.0), "a criterion of the vendor's of the same name");
    assert_eq!(Agreement::of(&cards[2..], Some(&interview), None), None);
}

#[test]
fn a_change_says_what_it_says_and_the_rest_stays() {
    let note = |at, text| Note { at, text: line(text) };
    let before = Judgement {
        summary: Prose::parse("先记一笔").unwrap(),
        notes: vec![note(Some(83.4), "讲得清楚"), note(None, "守时")],
        ..whole(Recommendation::For, [4.0, 3.0])
    };
    assert_eq!(before.after(&JudgementChange::default()).unwrap(), before);
    let change = JudgementChange {
        marks: vec![mark("沟通表达", 5.0)],
        unmarked: vec![line("专业能力")],
        recommendation: Some(None),
        removed: vec![NoteNamed { at: Some(83.0), text: None }],
        notes: vec![note(Some(90.0), "举例具体")],
        ..JudgementChange::default()
    };
    let after = before.after(&change).unwrap();
    assert_eq!(after.marks, [mark("沟通表达", 5.0)]);
    assert_eq!((after.recommendation, &after.summary), (None, &before.summary));
    assert_eq!(after.notes, [note(None, "守时"), note(Some(90.0), "举例具体")]);
}

#[test]
fn a_note_that_is_not_there_can_t_be_taken_away() {
    let before = Judgement {
        notes: vec![Note { at: Some(83.0), text: line("讲得清楚") }],
        ..Judgement::default()
    };
    let named = |at, text: Option<&str>| NoteNamed { at, text: text.map(line) };
    for wrong in [
        named(None, None),
        named(Some(84.0), None),
        named(None, Some("守时")),
        named(Some(84.0), Some("讲得清楚")),
    ] {
        let change = JudgementChange { removed: vec![wrong.clone()], ..JudgementChange::default() };
        let refused = before.after(&change).unwrap_err();
        assert_eq!(refused, JudgementError::NoNote(wrong));
        assert!(refused.message(Language::Chinese).contains("笔记"));
    }
    let twice = JudgementChange { marks: vec![mark("专业能力", 1.0); 2], ..JudgementChange::default() };
    assert_eq!(before.after(&twice), Err(JudgementError::Twice(line("专业能力"))));
}
