//! Figures from the literature, and from SciPy 1.17 and statsmodels 0.15 where that is said.

use dossier_analytics::{
    Comparison, Pairs, Rate, Rows, Sample, Trend, Verdicts,
    fairness::{impact, scoring},
};

use crate::{estimated, near};

fn compared(first: (u64, u64), second: (u64, u64)) -> Comparison {
    let rate = |(hits, of)| Rate { hits, of };
    Comparison { first: rate(first), second: rate(second) }
}

#[test]
fn differences_are_newcombe_s() {
    // Newcombe 1998, table II, method 10.
    for (second, first, difference, low, high) in [
        ((56, 70), (48, 80), 0.2, 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.6, 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.5714, 0.0582, 0.8062),
        ((5, 56), (0, 29), 0.0893, -0.0381, 0.1926),
        ((0, 10), (0, 10), 0.0, -0.2775, 0.2775),
        ((10, 10), (0, 10), 1.0, 0.6075, 1.0),
    ] {
        estimated(compared(first, second).difference(), [difference, low, high], 5e-5);
    }
}

#[test]
fn tests_of_two_shares_are_those_of_scipy() {
    // chi2_contingency without correction, times (N − 1)/N.
    for (first, second, p) in [
        ((56, 70), (48, 80), 0.008_258_287_9),
        ((9, 10), (3, 10), 0.007_601_641_5),
        ((40, 80), (48, 80), 0.205_046_444_7),
    ] {
        near(compared(first, second).p_value().unwrap(), p, 1e-9);
    }
    // fisher_exact, where fewer than one hit is expected on a side.
    for (first, second, p) in [((1, 3), (0, 47), 0.06), ((0, 5), (2, 1002), 1.0)] {
        near(compared(first, second).p_value().unwrap(), p, 1e-6);
    }
}

#[test]
fn samples_are_described_as_numpy_and_scipy_do() {
    let sample = Sample::of(vec![82.0, 90.0, 61.0, 75.0, 75.0, 88.0, 54.0, 93.0]);
    let five = sample.five_numbers().unwrap();
    let five = [five.lowest, five.first_quartile, five.median, five.third_quartile, five.highest];
    assert_eq!(five, [54.0, 71.5, 78.5, 88.5, 93.0]);
    estimated(sample.mean(), [77.25, 65.582, 88.918], 1e-3);
    assert_eq!(sample.at_least(75.0), Rate { hits: 6, of: 8 });
    // Of eight values, the second to the seventh hold the median with 93 %, so it takes the first to the eighth.
    estimated(sample.median(), [78.5, 54.0, 93.0], 0.0);
}

#[test]
fn trends_are_those_of_theil_sen_and_mann_kendall() {
    let days = [45.0, 44.0, 44.0, 41.0, 42.0, 38.0, 36.0, 35.0, 31.0, 30.0];
    let points: Vec<(f64, f64)> = (1u32..).map(f64::from).zip(days).collect();
    let trend = Trend::of(&points).unwrap();
    estimated(Some(trend.slope), [-1.75, -2.0, -1.428_571], 1e-6); // theilslopes
    near(trend.p_value, 0.000_231_494, 1e-9); // by hand from the sum −42 and its variance 124
}

#[test]
fn kappa_is_cohen_s_with_the_standard_error_of_fleiss() {
    // statsmodels' cohens_kappa: kappa, kappa_low, kappa_upp.
    let verdicts =
        |both, only_first, only_second, neither| Verdicts { both, only_first, only_second, neither };
    estimated(verdicts(20, 5, 10, 15).kappa(), [0.4, 0.151_092, 0.648_908], 1e-6);
    estimated(verdicts(44, 5, 8, 43).kappa(), [0.740_208, 0.608_718, 0.871_698], 1e-6);
    assert_eq!(verdicts(20, 5, 10, 15).agreed(), Rate { hits: 35, of: 50 });
    estimated(verdicts(25, 25, 25, 25).kappa(), [0.0, -0.196, 0.196], 1e-3);
}

#[test]
fn weighted_kappa_is_that_of_statsmodels() {
    // cohens_kappa with wt="quadratic".
    let five = [[5, 2, 0, 0, 0], [3, 9, 4, 1, 0], [1, 4, 14, 6, 1], [0, 1, 5, 12, 4], [0, 0, 2, 5, 8]];
    let three = [[106, 10, 4], [22, 28, 10], [2, 12, 6]];
    let of = |table: &[&[u32]]| {
        let mut pairs = Pairs::default();
        for (first, row) in (0_u32..).zip(table) {
            for (second, times) in (0_u32..).zip(*row) {
                let times = usize::try_from(*times).unwrap();
                pairs.add(Rows::all(times), |_| f64::from(first), |_| f64::from(second));
            }
        }
        let grades = pairs.grades(table.len(), |number| number as usize);
        assert_eq!(grades.count(0, 0), u64::from(table[0][0]));
        assert_eq!((grades.count(0, table.len()), grades.count(9, 9)), (0, 0));
        grades.kappa()
    };
    estimated(of(&five.each_ref().map(|row| &row[..])), [0.769_488, 0.680_923, 0.858_053], 1e-6);
    estimated(of(&three.each_ref().map(|row| &row[..])), [0.566_667, 0.457_563, 0.675_771], 1e-6);
}

#[test]
fn correlations_are_those_of_scipy() {
    let first = [82.0, 90.0, 61.0, 75.0, 75.0, 88.0, 54.0, 93.0];
    let second = [78.0, 85.0, 70.0, 72.0, 80.0, 91.0, 50.0, 88.0];
    let mut pairs = Pairs::default();
    pairs.add(Rows::all(8), |row| first[row], |row| second[row]);
    estimated(pairs.pearson(), [0.922_260, 0.621_483, 0.986_085], 1e-6); // pearsonr, confidence_interval
    near(pairs.spearman().unwrap().value, 0.886_243, 1e-6); // spearmanr
    estimated(pairs.mean_difference(), [-0.5, -5.0132, 4.0132], 2e-3); // t.interval
}

#[test]
fn impact_ratios_are_those_of_the_law() {
    let rates =
        |counts: &[(u64, u64)]| -> Vec<Rate> { counts.iter().map(|&(hits, of)| Rate { hits, of }).collect() };
    let found = impact(&rates(&[(48, 80), (12, 25), (40, 80)]));
    for (impact, ratio) in found.iter().zip([1.0, 0.8, 0.8333]) {
        near(impact.ratio.unwrap(), ratio, 5e-5);
        assert!(!impact.below_four_fifths, "four fifths themselves are not below: {impact:?}");
    }
    assert_eq!(found.iter().map(|impact| impact.doubtful).collect::<Vec<_>>(), [false, true, true]);
    assert!(
        found[0].interval.is_none()
            && found[2].interval.is_some_and(|ends| ends.low < 0.8 && ends.high > 1.0)
    );
    // Questions and answers on the Uniform Guidelines (44 FR 11996), no. 12: 48 of 80 and 12 of 40, "30/60 or 50 %".
    let found = impact(&rates(&[(48, 80), (12, 40)]));
    near(found[1].ratio.unwrap(), 0.5, 1e-12);
    assert!(found[1].below_four_fifths && !found[1].doubtful);
    // One person fewer than four fifths, among few: flagged, and doubted.
    let few = impact(&rates(&[(10, 10), (7, 10)]));
    assert!(few[1].below_four_fifths && few[1].doubtful);
}

#[test]
fn scoring_rates_count_strictly_above_the_median_of_all() {
    let groups =
        [[90.0, 80.0, 70.0, 60.0], [85.0, 60.0, 55.0, 50.0]].map(|scores| Sample::of(scores.to_vec()));
    let (median, rates) = scoring(&groups).unwrap();
    near(median, 65.0, 0.0);
    assert_eq!(rates, [Rate { hits: 3, of: 4 }, Rate { hits: 1, of: 4 }]);
    near(impact(&rates)[1].ratio.unwrap(), 0.3333, 5e-5);
    let equal = [Sample::of(vec![70.0; 3])];
    assert_eq!(scoring(&equal).unwrap().1, [Rate { hits: 0, of: 3 }], "the median itself is not above it");
}
