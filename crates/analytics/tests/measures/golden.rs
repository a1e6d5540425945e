//! Figures from the literature, and from SciPy 1.17 and statsmodels 0.15 where that is said.

use dossier_analytics::{Comparison, Rate, Sample, Trend};

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
