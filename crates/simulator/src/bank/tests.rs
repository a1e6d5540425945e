//! The bank: fixed people, distributions, and dependence on seed and number alone.

use std::collections::{HashMap, HashSet};

use dossier_domain::{EmotionLabel, EmotionThresholds, Language};
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

proptest! {
    #[test]
    fn an_interview_depends_on_seed_and_number_alone(seed: u64, index in 0usize..1_000_000) {
        let of = |candidates| Bank::generate(BankOptions { seed, candidates, ..BankOptions::default() });
        prop_assert_eq!(of(1_000_000).interview(index), of(2_000_000).interview(index));
        prop_assert_eq!(of(1).find(&of(1).remote_id(index)), Some(index));
    }
}
