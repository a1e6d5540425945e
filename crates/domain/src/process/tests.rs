//! What a process knows, and what it refuses.

use super::*;
use Outcome::{Failed, Passed, Undone, Withdrawn};
use Stage::{AiInterview, BackgroundCheck, Hired, HumanInterview, Offer, Rejected};

fn key(text: &str) -> StepKey {
    StepKey::parse(text).unwrap()
}

fn label(zh: &str, en: &str) -> Label {
    Label { zh: Line::parse(zh).unwrap(), en: Line::parse(en).ok() }
}

fn step(name: &str, stage: Stage, zh: &str, en: &str) -> Step {
    Step { key: key(name), stage, name: label(zh, en), is_retired: false }
}

fn at(stage: Stage, step: &str) -> Place {
    Place { stage, step: Some(key(step)) }
}

/// A process with two rounds of human interviews.
fn rounds() -> Process {
    Process {
        names: BTreeMap::from([(BackgroundCheck, label("征信背调", "Credit check"))]),
        steps: vec![
            step("first", HumanInterview, "初面", "First round"),
            step("final", HumanInterview, "终面", "Final round"),
        ],
        ..Process::default()
    }
}

#[test]
fn the_banks_own_names_stand_before_ours() {
    let process = rounds();
    assert_eq!(process.check(), Ok(()));
    assert_eq!(process.name(BackgroundCheck, Language::Chinese), "征信背调");
    assert_eq!(process.name(Offer, Language::English), "Offer");
    assert_eq!(process.label(&at(HumanInterview, "final"), Language::Chinese), "人工面试 · 终面");
    assert_eq!(
        process.label(&at(HumanInterview, "final"), Language::English),
        "Human interview · Final round"
    );
    assert_eq!(process.places().len(), Stage::ALL.len() + 2);
    assert!(process.places().is_sorted_by_key(|place| place.stage));
}

#[test]
fn a_move_says_how_the_place_that_is_left_ended() {
    let process = rounds();
    let stage = |stage: Stage| Place::from(stage);
    for (from, to, outcome) in [
        (stage(AiInterview), stage(HumanInterview), Ok(Passed)),
        (stage(HumanInterview), at(HumanInterview, "first"), Ok(Passed)),
        (at(HumanInterview, "first"), at(HumanInterview, "final"), Ok(Passed)),
        (at(HumanInterview, "final"), at(HumanInterview, "first"), Ok(Undone)),
        (at(HumanInterview, "final"), stage(BackgroundCheck), Ok(Passed)),
        (stage(AiInterview), stage(Offer), Ok(Passed)),
        (stage(HumanInterview), stage(AiInterview), Ok(Undone)),
        (stage(AiInterview), stage(Rejected), Ok(Failed)),
        (stage(Offer), stage(Stage::Withdrawn), Ok(Withdrawn)),
        (stage(Hired), stage(Stage::Withdrawn), Ok(Withdrawn)),
        (stage(Rejected), stage(AiInterview), Ok(Undone)),
        (stage(Rejected), stage(Stage::Withdrawn), Err(MoveError::Ended)),
        (stage(Hired), stage(Rejected), Err(MoveError::Hired)),
        (stage(Offer), stage(Offer), Err(MoveError::AlreadyThere)),
        (stage(AiInterview), at(AiInterview, "final"), Err(MoveError::NoStep)),
        (stage(AiInterview), at(HumanInterview, "third"), Err(MoveError::NoStep)),
    ] {
        assert_eq!(process.outcome(&from, &to), outcome, "{from:?} → {to:?}");
    }
}

#[test]
fn what_stands_in_a_step_that_is_given_up_stands_in_its_stage() {
    let mut process = rounds();
    let place = at(HumanInterview, "first");
    assert_eq!(process.settled(place.clone()), place);
    process.steps[0].is_retired = true;
    assert_eq!(process.settled(place.clone()), Place::from(HumanInterview));
    assert_eq!(process.label(&place, Language::Chinese), "人工面试 · 初面", "history can be read");
    assert_eq!(process.outcome(&place, &Place::from(HumanInterview)), Err(MoveError::AlreadyThere));
    assert_eq!(process.outcome(&place, &at(HumanInterview, "final")), Ok(Passed));
    let gone = at(HumanInterview, "never was");
    assert_eq!(process.settled(gone), Place::from(HumanInterview));
}

#[test]
fn a_process_that_makes_no_sense_is_refused() {
    let with = |change: fn(&mut Process)| {
        let mut process = rounds();
        change(&mut process);
        process.check().unwrap_err()
    };
    assert!(matches!(with(|of| of.steps[1].key = key("first")), ProcessError::SameKey(_)));
    assert!(matches!(with(|of| of.steps[1].name = label("AI面试", "x")), ProcessError::SameName(_)));
    assert!(matches!(with(|of| of.steps[1].stage = Rejected), ProcessError::EndWithSteps(Rejected)));
    assert!(matches!(with(|of| of.steps = vec![of.steps[0].clone(); 61]), ProcessError::TooMany));
}

fn rule(from: Place, to: Place) -> MoveRule {
    MoveRule { from, to, at_least: Bar::Score(80.0) }
}

#[test]
fn rules_that_move_in_a_circle_are_refused_and_the_circle_is_named() {
    let mut process = rounds();
    process.rules = vec![
        rule(AiInterview.into(), at(HumanInterview, "first")),
        rule(AiInterview.into(), Offer.into()),
        rule(at(HumanInterview, "first"), BackgroundCheck.into()),
        rule(BackgroundCheck.into(), Offer.into()),
    ];
    assert_eq!(process.check(), Ok(()));
    process.rules.push(rule(BackgroundCheck.into(), at(HumanInterview, "first")));
    let error = process.check().unwrap_err();
    assert_eq!(
        error.message(Language::Chinese),
        "流转规则循环：人工面试 · 初面 → 征信背调 → 人工面试 · 初面"
    );
    process.rules = vec![rule(Offer.into(), Offer.into())];
    assert_eq!(process.check().unwrap_err().to_string(), "the rules move in a circle: Offer → Offer");
}

#[test]
fn rules_end_nothing_and_name_what_there_is() {
    let mut process = rounds();
    for (rules, error) in [
        (rule(AiInterview.into(), Rejected.into()), RuleError::Ends),
        (rule(Stage::Withdrawn.into(), AiInterview.into()), RuleError::Ends),
        (rule(AiInterview.into(), at(HumanInterview, "third")), RuleError::NoPlace),
        (
            MoveRule { at_least: Bar::Score(f64::NAN), ..rule(AiInterview.into(), Offer.into()) },
            RuleError::NoScore,
        ),
    ] {
        process.rules = vec![rules];
        assert_eq!(process.check(), Err(ProcessError::Rule(error)));
    }
}

#[test]
fn the_first_rule_that_fits_suggests_a_move() {
    let mut process = rounds();
    let suggested = |process: &Process, score: Option<f64>, mark: Option<f64>| {
        let passes = score.zip(mark).map(|(score, mark)| score >= mark);
        process.suggested(&AiInterview.into(), score, passes).map(|rule| rule.to.clone())
    };
    assert_eq!(suggested(&process, Some(60.0), Some(60.0)), Some(HumanInterview.into()));
    assert_eq!(suggested(&process, Some(59.9), Some(60.0)), None);
    assert_eq!(suggested(&process, None, Some(60.0)), None);
    assert_eq!(suggested(&process, Some(99.0), None), None, "without a pass mark nobody passes by rule");
    process.rules.insert(0, rule(AiInterview.into(), at(HumanInterview, "final")));
    assert_eq!(suggested(&process, Some(85.0), Some(60.0)), Some(at(HumanInterview, "final")));
    assert_eq!(process.suggested(&Offer.into(), Some(99.0), Some(true)), None);
}

#[test]
fn a_process_reads_what_it_writes_and_an_empty_one_is_the_default() {
    let json = serde_json::to_string(&rounds()).unwrap();
    assert_eq!(serde_json::from_str::<Process>(&json).unwrap(), rounds());
    assert_eq!(serde_json::from_str::<Process>("{}").unwrap(), Process::default());
}

#[test]
fn a_step_that_is_left_out_is_given_up_and_known_still() {
    let mut less = rounds();
    less.steps.remove(0);
    let after = less.knowing(&rounds());
    assert_eq!(after.check(), Ok(()));
    assert!(!after.has(&at(HumanInterview, "first")) && after.has(&at(HumanInterview, "final")));
    assert_eq!(after.label(&at(HumanInterview, "first"), Language::Chinese), "人工面试 · 初面");
    assert_eq!(after.clone().knowing(&after), after);
}
