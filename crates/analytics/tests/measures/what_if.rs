//! Rules that might have been.

use dossier_analytics::{Rows, WhatIf};
use proptest::prelude::*;

use crate::near;

/// Whether both rules let somebody pass, and what came later.
type Person = (Option<bool>, Option<bool>, Option<bool>);

fn what_if(people: &[Person]) -> WhatIf {
    let mut what_if = WhatIf::default();
    what_if.add(Rows::all(people.len()), |row| people[row].0, |row| people[row].1, |row| people[row].2);
    what_if
}

#[test]
fn those_who_never_came_to_the_later_stage_stay_unknown() {
    let (yes, no) = (Some(true), Some(false));
    let mut people = vec![(yes, yes, yes); 60];
    people.extend([(yes, yes, no); 20]);
    people.extend([(yes, no, yes); 5]);
    people.extend([(yes, no, no); 35]);
    people.extend([(no, yes, None); 30]);
    people.extend([(no, no, None); 50]);
    people.push((None, yes, yes));
    let found = what_if(&people);
    assert_eq!((found.former().count, found.revised().count, found.unjudged), (120, 110, 1));
    assert_eq!((found.gained.count, found.gained.unknown(), found.revised().unknown()), (30, 30, 30));
    let change = found.change().unwrap();
    near(change.value, 60.0 / 80.0 - 65.0 / 120.0, 1e-12);
    assert!(change.low > 0.0 && change.high < 0.4, "{change:?}");
    let (least, most) = found.revised().bounds().unwrap();
    near(least, 60.0 / 110.0, 1e-12);
    near(most, 90.0 / 110.0, 1e-12);
}

#[test]
fn the_interval_of_the_change_holds_the_truth_as_often_as_it_says() {
    use rand_chacha::{
        ChaCha8Rng,
        rand_core::{RngCore, SeedableRng},
    };
    // Of 200 who passed, a quarter would not under the new rule. They pass later with 30 %, the others with 60 %.
    let truth = 0.6 - (0.75 * 0.6 + 0.25 * 0.3);
    let held = (0..1000).filter(|seed| {
        let mut chance = ChaCha8Rng::seed_from_u64(*seed);
        let mut draw = |percent: u32| chance.next_u32() % 100 < percent;
        let people: Vec<Person> = (0..200)
            .map(|_| {
                let lost = draw(25);
                (Some(true), Some(!lost), Some(draw(if lost { 30 } else { 60 })))
            })
            .collect();
        let change = what_if(&people).change().unwrap();
        change.low <= truth && truth <= change.high
    });
    let held = held.count();
    assert!((925..=985).contains(&held), "95 % are wanted, {held} of 1000 held");
}

proptest! {
    #[test]
    fn everybody_is_in_one_place(people in prop::collection::vec(any::<Person>(), 0..100), cut in 0usize..100) {
        let found = what_if(&people);
        let cells = [found.kept, found.gained, found.lost, found.out];
        prop_assert_eq!(cells.map(|cell| cell.count).iter().sum::<u64>() + found.unjudged, people.len() as u64);
        prop_assert_eq!(found.former().count, people.iter().filter(|it| it.0 == Some(true) && it.1.is_some()).count() as u64);
        if let (Some((least, most)), Some(known)) = (found.revised().bounds(), found.revised().known.share()) {
            prop_assert!(least <= known + 1e-12 && known <= most + 1e-12);
        }
        if found.gained.count + found.lost.count == 0 {
            prop_assert!(found.change().is_none_or(|change| change.low == 0.0 && change.high == 0.0));
        }
        let (first, second) = people.split_at(cut.min(people.len()));
        let mut halves = what_if(second);
        halves.add(Rows::all(first.len()), |row| first[row].0, |row| first[row].1, |row| first[row].2);
        prop_assert_eq!(halves, found);
    }
}
