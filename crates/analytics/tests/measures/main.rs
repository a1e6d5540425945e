//! Measures against published figures, against their own laws, and against data that nobody should have.

mod golden;
mod hostile;
mod laws;
mod scanning;
mod what_if;

/// Whether two numbers agree to so many of the units of the tolerance.
#[track_caller]
fn near(left: f64, right: f64, within: f64) {
    assert!((left - right).abs() <= within, "{left} is not near {right}");
}

/// Whether an estimate has these figures.
#[track_caller]
fn estimated(estimate: Option<dossier_analytics::Estimate>, figures: [f64; 3], within: f64) {
    let estimate = estimate.map_or([f64::NAN; 3], |found| [found.value, found.low, found.high]);
    for (left, right) in estimate.into_iter().zip(figures) {
        near(left, right, within);
    }
}
