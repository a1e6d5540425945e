//! No data, one row, all the same, and numbers that are none.

use dossier_analytics::{
    Comparison, Lack, Pairs, Rate, Rows, Sample, Samples, Scan, Trend, Verdict, Verdicts, WhatIf,
    fairness::{impact, scoring},
};

/// Values that a column should not hold, and does.
const ODD: [f64; 9] =
    [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, f64::MIN_POSITIVE, -0.0, 0.0, 1e300];

#[test]
fn of_nothing_nothing_is_said() {
    let sample = Sample::of(vec![f64::NAN, f64::INFINITY]);
    assert_eq!((sample.count(), sample.quantile(0.5), sample.median(), sample.mean()), (0, None, None, None));
    assert!(sample.five_numbers().is_none());
    assert!(sample.bins([]).is_empty() && sample.bins([0.0, 1.0])[0].count == 0);
    assert_eq!(sample.at_least(0.0).share(), None);
    let nothing = Comparison { first: Rate::default(), second: Rate { hits: 1, of: 2 } };
    assert_eq!((nothing.difference(), nothing.ratio(), nothing.p_value()), (None, None, None));
    assert_eq!(Trend::of(&[]), None);
    assert_eq!(Verdicts::default().kappa(), None);
    let pairs = Pairs::default();
    assert_eq!((pairs.pearson(), pairs.spearman(), pairs.mean_difference()), (None, None, None));
    for size in 0..4 {
        let grades = pairs.grades(size, |_| 0);
        assert_eq!((grades.kappa(), grades.count(0, 0)), (None, 0));
    }
    assert!(impact(&[]).is_empty() && scoring(&[]).is_none() && Scan::new(0).findings(1).is_empty());
    let nobody = impact(&[Rate::default(), Rate { hits: 0, of: 50 }]);
    assert!(nobody.iter().all(|impact| impact.ratio.is_none() && !impact.below_four_fifths), "{nobody:?}");
    assert_eq!((WhatIf::default().change(), WhatIf::default().revised().bounds()), (None, None));
}

#[test]
fn one_value_and_equal_values_are_described_without_a_spread() {
    let one = Sample::of(vec![70.0]);
    assert!(one.mean().unwrap().high.is_infinite());
    let equal = Sample::of(vec![70.0; 1000]);
    let mean = equal.mean().unwrap();
    assert!((mean.value - 70.0).abs() < 1e-9 && mean.high - mean.low < 1e-9);
    assert_eq!(equal.bins([0.0, 70.0]).iter().map(|bin| bin.count).sum::<u64>(), 1000);
    let flat: Vec<(f64, f64)> = (0..10).map(|place| (f64::from(place), 5.0)).collect();
    let trend = Trend::of(&flat).unwrap();
    assert_eq!((trend.slope.low, trend.slope.high, trend.p_value), (0.0, 0.0, 1.0));
    let all = Comparison { first: Rate { hits: 5, of: 5 }, second: Rate { hits: 7, of: 7 } };
    assert_eq!(all.p_value(), Some(1.0));
    let none = Comparison { first: Rate { hits: 0, of: 5 }, second: Rate { hits: 7, of: 7 } };
    assert_eq!(none.ratio(), None, "nothing is many times nothing");
    let same = Verdicts { both: 9, ..Verdicts::default() };
    assert_eq!((same.agreed().share(), same.kappa()), (Some(1.0), None));
    let mut pairs = Pairs::default();
    pairs.add(Rows::all(10), |_| 70.0, |row| [1.0, 2.0][row % 2]);
    assert_eq!((pairs.pearson(), pairs.spearman(), pairs.count()), (None, None, 10));
    assert_eq!(pairs.grades(3, |_| 2).kappa(), None, "both gave one and the same");
    let one = pairs.grades(3, |number| number as usize / 70);
    assert_eq!((one.count(1, 0), one.kappa()), (10, None), "one gave the same to all");
    assert_eq!(pairs.grades(1, |_| 0).kappa(), None, "there is but one grade");
    assert_eq!(pairs.grades(3, |_| 7).count(2, 2), 0, "there is no such grade");
    let mut scan = Scan::new(1);
    scan.add(Rows::all(100), 0, |_| 70.0, |row| Some(row % 2 == 0));
    assert_eq!(scan.findings(1)[0].verdict, Verdict::NotEnough(Lack::Spread));
}

#[test]
fn odd_numbers_give_no_odd_results() {
    let sample = Sample::of(ODD.to_vec());
    assert_eq!(sample.count(), 6);
    assert!((0..=10).all(|part| sample.quantile(f64::from(part) / 10.0).unwrap().is_finite()));
    assert_eq!(sample.quantile(f64::NAN), None);
    assert!(sample.mean().is_some_and(|mean| mean.value.is_finite()));
    let mut pairs = Pairs::default();
    pairs.add(Rows::all(81), |row| ODD[row / 9], |row| ODD[row % 9]);
    assert_eq!(pairs.count(), 36);
    assert!(pairs.pearson().is_none_or(|found| found.value.abs() <= 1.0));
    assert!(pairs.spearman().is_some_and(|found| found.value.abs() < 1e-9));
    let mut scan = Scan::new(1);
    (0..20).for_each(|_| scan.add(Rows::all(9), 0, |row| ODD[row], |row| Some(row % 2 == 0)));
    assert_eq!(scan.findings(1)[0].known.of, 120, "what is not finite is missing");
    let points: Vec<(f64, f64)> = ODD.iter().flat_map(|x| ODD.map(|y| (*x, y))).collect();
    assert!(Trend::of(&points).is_some());
}

#[test]
fn groups_that_are_not_there_are_not_counted() {
    let mut samples = Samples::new(1);
    samples.add(Rows::all(2), |row| [0, u32::MAX][row], |_| 1.0);
    assert_eq!(samples.finish()[0].count(), 1);
}
