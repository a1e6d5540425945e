//! The bank: fixed people, distributions, and dependence on seed and number alone.

use std::collections::{HashMap, HashSet};

use chrono::Datelike as _;
use dossier_domain::{EmotionLabel, EmotionThresholds, Language, Outcome, Stage};
use proptest::prelude::*;

use super::*;

fn bank(candidates: usize) -> Bank {
    Bank::generate(BankOptions { candidates, ..BankOptions::default() })
}

#[test]
fn the_first_candidates_are_those_of_the_tutorial() {
    let bank = bank(300);
    let first = bank.interview(0);
    assert_eq!((first.person.full_name().as_str(), first.position.name), ("张三", "客户经理"));
    assert!(first.score >= 80.0);
    assert_eq!(BankZone::default().month(first.started_at).label(Language::Chinese), "2023年10月");
    assert!(first.turns[1].answer.starts_with("我认同贵行的企业文化，也看好贵行的发展前景。"));
    assert!(first.resume.keywords.contains(&"CFA证书"));
    let positive = first.fetched().emotion.into_ready().unwrap().label(EmotionThresholds::default());
    assert_eq!(positive, Some(EmotionLabel::Positive));
    let names: Vec<String> = (3..8).map(|index| bank.interview(index).person.full_name()).collect();
    assert_eq!(names, ["曾文静", "单晓峰", "仇海燕", "解天宇", "周𠮷祥"]);
}

#[test]
fn a_thousand_interviews_are_valid_distinct_and_of_the_year() {
    let bank = bank(1000);
    let mut ids = HashSet::new();
    for sitting in bank.interviews() {
        let fetched = sitting.fetched();
        assert!(ids.insert(fetched.remote_id.clone()));
        let month = BankZone::default().month(sitting.started_at).label(Language::English);
        assert!(month.starts_with("2023-"), "{month}");
        assert_eq!(bank.find(&sitting.remote_id), Some(sitting.index));
    }
    assert_eq!(bank.find("00000000-0000-4000-8000-000000000001"), None);
    assert_eq!(bank.find("𠮷"), None);
}

#[test]
fn the_distributions_are_those_of_a_bank() {
    let sittings: Vec<Sitting> = bank(3000).interviews().collect();
    let mean = sittings.iter().map(|sitting| sitting.score).sum::<f64>() / 3000.0;
    assert!((72.0..76.0).contains(&mean), "{mean}");
    let passed = sittings.iter().filter(|sitting| sitting.score >= 80.0).count();
    assert!((600..1200).contains(&passed), "{passed}");
    let mut labels: HashMap<EmotionLabel, usize> = HashMap::new();
    for sitting in &sittings {
        let emotion = sitting.fetched().emotion.into_ready().unwrap();
        *labels.entry(emotion.label(EmotionThresholds::default()).unwrap()).or_default() += 1;
    }
    assert!(labels.values().all(|count| *count > 200) && labels.len() == 3, "{labels:?}");
}

#[test]
fn transcripts_are_of_a_realistic_size_and_words_discriminate() {
    let texts: Vec<String> = bank(2000)
        .interviews()
        .map(|sitting| sitting.turns.iter().map(|turn| turn.answer.as_str()).collect())
        .collect();
    let mean = texts.iter().map(String::len).sum::<usize>() / texts.len();
    assert!((1000..2200).contains(&mean), "{mean} bytes");
    let share = |word: &str| texts.iter().filter(|text| text.contains(word)).count() * 100 / texts.len();
    for (word, range) in
        [("企业文化", 5..30), ("发展前景", 5..30), ("围棋", 1..15), ("仓单", 0..5), ("我", 99..101)]
    {
        assert!(range.contains(&share(word)), "{word}: {} %", share(word));
    }
    assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len());
}

#[test]
fn the_case_is_as_it_is_told() {
    let bank =
        Bank::generate(BankOptions { candidates: 20_000, story: Story::Case, ..BankOptions::default() });
    let told: Vec<_> = bank.interviews().map(|sitting| (bank.decisions(sitting.index), sitting)).collect();
    let month = |sitting: &Sitting| BankZone::default().date(sitting.started_at).month();
    let managers = || told.iter().filter(|(_, sitting)| sitting.position.name == "客户经理");
    let share = |people: &mut dyn Iterator<Item = bool>| {
        let (hits, of) =
            people.fold((0.0, 0.0), |(hits, of), hit| (hits + f64::from(u8::from(hit)), of + 1.0));
        assert!(of > 1000.0, "{of} are too few to tell");
        hits / of
    };
    let passed = |decisions: &[case::Decision], stage: usize| {
        decisions.get(stage).map(|decision| decision.outcome == Outcome::Passed)
    };
    let human = |months: std::ops::Range<u32>| {
        managers().filter(move |it| months.contains(&month(&it.1))).filter_map(|it| passed(&it.0, 1))
    };
    let below = |sitting: &Sitting| sitting.skills[0].score < case::THRESHOLD;
    let sides =
        |low: bool| managers().filter(move |it| below(&it.1) == low).filter_map(|it| passed(&it.0, 1));
    let themes =
        case::THEMES.map(|(theme, _)| share(&mut told.iter().map(|it| it.1.turns[1].answer.contains(theme))));
    let python = told
        .iter()
        .filter(|it| it.1.position.name == "软件开发工程师")
        .map(|it| it.1.skills[0].score >= 80.0);
    let days = |months: std::ops::Range<u32>| {
        let hired = told.iter().filter(|it| {
            months.contains(&month(&it.1)) && it.0.last().is_some_and(|it| it.to == Stage::Hired)
        });
        let days = hired.map(|it| (it.0[3].at - it.1.ended_at).num_hours() as f64 / 24.0);
        let (sum, of) = days.fold((0.0, 0.0), |(sum, of), days| (sum + days, of + 1.0));
        sum / of
    };
    for (what, found, told, within) in [
        (
            "AI pass rate",
            share(&mut managers().filter(|it| month(&it.1) < 10).filter_map(|it| passed(&it.0, 0))),
            case::AI_PASS_RATE,
            0.015,
        ),
        ("below", share(&mut sides(true)), case::PASS_RATE_BELOW, 0.02),
        ("at or above", share(&mut sides(false)), case::PASS_RATE_ABOVE, 0.02),
        ("human, first weight", share(&mut human(1..10)), case::HUMAN_PASS_RATES.0, 0.02),
        ("human, second weight", share(&mut human(10..13)), case::HUMAN_PASS_RATES.1, 0.03),
        ("culture", themes[0], case::THEMES[0].1, 0.01),
        ("prospects", themes[1], case::THEMES[1].1, 0.01),
        ("Python", share(&mut python.into_iter()), case::PYTHON_FROM_80, 0.02),
        ("days until July", days(1..7), case::CYCLES.0, 0.3),
        ("days from July", days(7..13), case::CYCLES.1, 0.3),
    ] {
        assert!((found - told).abs() < within, "{what}: {found}, told was {told}");
    }
}

proptest! {
    #[test]
    fn an_interview_depends_on_seed_and_number_alone(seed: u64, index in 0usize..1_000_000) {
        let of = |candidates| Bank::generate(BankOptions { seed, candidates, ..BankOptions::default() });
        prop_assert_eq!(of(1_000_000).interview(index), of(2_000_000).interview(index));
        prop_assert_eq!(of(1).find(&of(1).remote_id(index)), Some(index));
    }
}
