//! What must hold for all data.

use dossier_analytics::{Comparison, Funnel, Rate, Rows, Sample, Samples, Tally, Trend};
use proptest::prelude::*;

fn rate() -> impl Strategy<Value = Rate> {
    (0u64..500, 0u64..500).prop_map(|(hits, misses)| Rate { hits, of: hits + misses })
}

/// Rows: two groups, whether it fits, a value.
type Row = (u32, u32, Option<bool>, f64);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let value = prop_oneof![Just(f64::NAN), (0i16..=100).prop_map(f64::from), 0.0f64..100.0];
    prop::collection::vec((0u32..5, 0u32..4, any::<Option<bool>>(), value), 0..200)
}

fn tally(chunks: &[&[Row]]) -> Tally {
    let mut tally = Tally::new(4, 3);
    for chunk in chunks {
        tally.add(Rows::all(chunk.len()), |row| (chunk[row].0, chunk[row].1), |row| chunk[row].2);
    }
    tally
}

fn samples(chunks: &[&[Row]]) -> Vec<Sample> {
    let mut samples = Samples::new(4);
    for chunk in chunks {
        samples.add(Rows::all(chunk.len()), |row| chunk[row].0, |row| chunk[row].3);
    }
    samples.finish()
}

fn funnel(chunks: &[&[Row]]) -> Funnel {
    let mut funnel = Funnel::new(4);
    for chunk in chunks {
        funnel.add(Rows::all(chunk.len()), |row| Some(chunk[row].0 as usize));
    }
    funnel
}

proptest! {
    #[test]
    fn neither_chunks_nor_order_change_a_result(rows in rows(), cut in 0usize..200, shift in 0usize..200) {
        let cut = cut.min(rows.len());
        let mut turned = rows.clone();
        turned.rotate_left(shift.min(rows.len()));
        turned.reverse();
        for chunks in [[&rows[..cut], &rows[cut..]], [&turned[..], &[]]] {
            prop_assert_eq!(tally(&chunks), tally(&[&rows]));
            prop_assert_eq!(samples(&chunks), samples(&[&rows]));
            prop_assert_eq!(funnel(&chunks), funnel(&[&rows]));
        }
    }

    #[test]
    fn cells_add_up_to_their_margins(rows in rows()) {
        let tally = tally(&[&rows]);
        let total = tally.total();
        prop_assert_eq!((0..4).map(|row| tally.of_row(row)).sum::<Rate>(), total);
        prop_assert_eq!((0..3).map(|column| tally.of_column(column)).sum::<Rate>(), total);
        let inside = rows.iter().filter(|row| row.0 < 4 && row.1 < 3);
        prop_assert_eq!(total.of, inside.filter(|row| row.2.is_some()).count() as u64);
        prop_assert_eq!(tally.of_row(4), Rate::default());
        prop_assert_eq!(tally.of_column(3), Rate::default());
    }

    #[test]
    fn a_funnel_only_narrows(rows in rows()) {
        let steps: Vec<_> = funnel(&[&rows]).steps().collect();
        prop_assert_eq!(steps[0].of_all.hits, steps[0].of_all.of);
        for pair in steps.windows(2) {
            prop_assert_eq!(pair[1].of_previous.of, pair[0].of_all.hits);
            prop_assert!(pair[1].of_all.hits <= pair[0].of_all.hits);
        }
    }

    #[test]
    fn a_comparison_seen_from_the_other_side_is_its_mirror(first in rate(), second in rate()) {
        let (here, there) = (Comparison { first, second }, Comparison { first: second, second: first });
        prop_assert_eq!(here.p_value(), there.p_value());
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
    fn quantiles_rise_and_a_histogram_holds_every_value(
        values in prop::collection::vec(prop_oneof![-1e6f64..1e6, (0i8..=100).prop_map(f64::from)], 0..200),
        most in 1usize..40,
    ) {
        let sample = Sample::of(values);
        let bins = sample.histogram(most);
        prop_assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), sample.count());
        prop_assert!(bins.len() <= most.max(2));
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
