//! What statistics needs of mathematics.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// The normal distribution's 97.5 % point: intervals reach so many standard errors to each side.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// A count as a number; exact, since counts stay far below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
pub(crate) fn real(count: u64) -> f64 {
    count as f64
}

/// The number of things as a count.
pub(crate) fn count(things: usize) -> u64 {
    u64::try_from(things).unwrap_or(u64::MAX)
}

/// How likely a standard normal value lies at least so far from zero, on either side.
pub(crate) fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() * FRAC_1_SQRT_2).min(1.0)
}

/// The density of the standard normal distribution.
pub(crate) fn density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / (2.0 * PI).sqrt()
}

/// The logarithm of `n` over `k`.
pub(crate) fn ln_choose(n: u64, k: u64) -> f64 {
    let ln_factorial = |n: u64| libm::lgamma(real(n) + 1.0);
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// Student's 97.5 % point, by the expansion in Abramowitz and Stegun 26.7.5; exact for 1 and 2 degrees of freedom, and
/// within 0.2 % from 3 on.
pub(crate) fn student(degrees: u64) -> f64 {
    match degrees {
        0 => f64::INFINITY,
        1 => 12.706_204_736,
        2 => 4.302_652_730,
        _ => {
            let (v, z2) = (real(degrees), Z * Z);
            let g1 = (z2 + 1.0) / 4.0;
            let g2 = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
            let g3 = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
            let g4 = ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0;
            Z * (1.0 + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() <= within, "{a} {b}");
    }

    #[test]
    fn the_tables_of_the_books_come_out() {
        near(two_sided(Z), 0.05, 1e-12);
        near(two_sided(-2.575_829_303_549), 0.01, 1e-12);
        near(two_sided(0.0), 1.0, 0.0);

        near(density(0.0), 0.398_942_280_401, 1e-12);
        near(ln_choose(49, 6).exp(), 13_983_816.0, 1e-3);
        near(ln_choose(5, 0), 0.0, 1e-12);
        // Fisher and Yates, table III.
        for (degrees, point) in [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042)] {
            near(student(degrees) / point, 1.0, 2e-3);
        }
        near(student(1_000_000), Z, 1e-5);
    }
}
