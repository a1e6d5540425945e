//! What must hold for all data.

use dossier_analytics::{Comparison, Rate, Rows, Sample, Samples, Trend};
use proptest::prelude::*;

fn rate() -> impl Strategy<Value = Rate> {
    (0u64..500, 0u64..500).prop_map(|(hits, misses)| Rate { hits, of: hits + misses })
}

/// Rows: a group and a value.
type Row = (u32, f64);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let value = prop_oneof![Just(f64::NAN), (0i16..=100).prop_map(f64::from), 0.0f64..100.0];
    prop::collection::vec((0u32..5, value), 0..200)
}

fn samples(chunks: &[&[Row]]) -> Vec<Sample> {
    let mut samples = Samples::new(4);
    for chunk in chunks {
        samples.add(Rows::all(chunk.len()), |row| chunk[row].0, |row| chunk[row].1);
    }
    samples.finish()
}

proptest! {
    #[test]
    fn neither_chunks_nor_order_change_a_result(rows in rows(), cut in 0usize..200, shift in 0usize..200) {
        let cut = cut.min(rows.len());
        let mut turned = rows.clone();
        turned.rotate_left(shift.min(rows.len()));
        turned.reverse();
        for chunks in [[&rows[..cut], &rows[cut..]], [&turned[..], &[]]] {
            prop_assert_eq!(samples(&chunks), samples(&[&rows]));
        }
    }

    #[test]
    fn a_comparison_seen_from_the_other_side_is_its_mirror(first in rate(), second in rate()) {
        let (here, there) = (Comparison { first, second }, Comparison { first: second, second: first });
        // Sums in another order differ in their last digit.
        match (here.p_value(), there.p_value()) {
            (Some(a), Some(b)) => prop_assert!((a - b).abs() <= 1e-12 * a.max(b), "{a} {b}"),
            (a, b) => prop_assert_eq!(a, b),
        }
        if let (Some(a), Some(b)) = (here.difference(), there.difference()) {
            prop_assert!((a.value + b.value).abs() < 1e-12);
            prop_assert!((a.low + b.high).abs() < 1e-12 && (a.high + b.low).abs() < 1e-12);
        }
        if let (Some(a), Some(b)) = (here.ratio(), there.ratio()) {
            prop_assert!((a.value * b.value - 1.0).abs() < 1e-9);
            prop_assert!((a.low * b.high - 1.0).abs() < 1e-6, "{a:?} {b:?}");
            prop_assert!((a.high * b.low - 1.0).abs() < 1e-6, "{a:?} {b:?}");
        }
        if let Some(p) = here.p_value() {
            prop_assert!((0.0..=1.0).contains(&p));
        }
    }

    #[test]
    fn quantiles_rise_and_bins_hold_every_value(
        values in prop::collection::vec(prop_oneof![0.0f64..100.0, (0i8..=100).prop_map(f64::from)], 0..200),
        most in 1u8..40,
    ) {
        let sample = Sample::of(values);
        let bins = sample.bins((0..=most).map(|edge| 100.0 * f64::from(edge) / f64::from(most)));
        prop_assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), sample.count());
        prop_assert_eq!(bins.len(), usize::from(most));
        prop_assert!(bins.windows(2).all(|pair| pair[0].to == pair[1].from));
        let quantiles: Vec<f64> = (0..=20).filter_map(|part| sample.quantile(f64::from(part) / 20.0)).collect();
        prop_assert!(quantiles.is_sorted());
        prop_assert_eq!(quantiles.first().copied(), sample.sorted().first().copied());
        prop_assert_eq!(quantiles.last().copied(), sample.sorted().last().copied());
        if let (Some(median), Some(mean)) = (sample.median(), sample.mean()) {
            prop_assert!(median.low <= median.value && median.value <= median.high);
            prop_assert!(mean.low <= mean.value && mean.value <= mean.high);
        }
    }

    #[test]
    fn a_trend_follows_scale_and_direction(values in prop::collection::vec(0i16..100, 3..30), times in 1i8..10) {
        let of = |sign: f64| -> Vec<(f64, f64)> {
            (0u32..).map(f64::from).zip(values.iter().map(|value| f64::from(*value) * sign)).collect()
        };
        let (up, scaled) = (Trend::of(&of(1.0)).unwrap(), Trend::of(&of(-f64::from(times))).unwrap());
        prop_assert!((up.slope.value * f64::from(-times) - scaled.slope.value).abs() < 1e-9);
        prop_assert!((up.p_value - scaled.p_value).abs() < 1e-12);
        prop_assert!(up.slope.low <= up.slope.value && up.slope.value <= up.slope.high);
    }
}
