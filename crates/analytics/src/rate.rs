//! A share of a count, with its interval.

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// How many fit.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
}

impl Rate {
    /// The share, 0–1; `None` of nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// The ends of the 95 % interval of the share, by Wilson's score (Wilson 1927); `None` of nothing.
    ///
    /// Unlike the textbook interval it stays within 0–1, and says something for small counts and for shares at an end.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
    pub fn interval(self) -> Option<(f64, f64)> {
        /// The normal distribution's 97.5 % point.
        const Z: f64 = 1.959_963_984_540_054;
        let (share, n) = (self.share()?, self.of as f64);
        let scale = 1.0 / (1.0 + Z * Z / n);
        let centre = share + Z * Z / (2.0 * n);
        let reach = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        Some(((scale * (centre - reach)).max(0.0), (scale * (centre + reach)).min(1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilson_s() {
        // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (hits, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (l, h) = Rate { hits, of }.interval().unwrap();
            assert!((l - low).abs() < 5e-5 && (h - high).abs() < 5e-5, "{hits}/{of}: {l} {h}");
        }
        assert_eq!(Rate::default().interval(), None);
    }
}
