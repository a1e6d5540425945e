//! Scores: the raw value on the vendor's scale, never lost, and the same on 0–100.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::material::Provenance;

/// The range that a vendor's scores can take, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawScale")]
pub struct Scale {
    min: f64,
    max: f64,
}

#[derive(Deserialize)]
struct RawScale {
    min: f64,
    max: f64,
}

impl TryFrom<RawScale> for Scale {
    type Error = ScoreError;
    fn try_from(raw: RawScale) -> Result<Self, ScoreError> {
        Self::new(raw.min, raw.max)
    }
}

/// Why a number is no score.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// The ends are not finite, or the lower is not below the upper.
    #[error("a scale from {min} to {max} is not possible")]
    Scale {
        /// The lower end.
        min: f64,
        /// The upper end.
        max: f64,
    },
    /// The value lies outside of its scale, or is not a number.
    #[error("the score {value} lies outside of its scale, {min} to {max}")]
    OutOfScale {
        /// The value.
        value: f64,
        /// The scale's lower end.
        min: f64,
        /// The scale's upper end.
        max: f64,
    },
}

impl Scale {
    /// 0 to 100.
    pub const PERCENT: Self = Self { min: 0.0, max: 100.0 };
    /// 1 to 5, on which people judge.
    pub const FIVE: Self = Self { min: 1.0, max: 5.0 };

    /// A scale between two finite ends.
    pub fn new(min: f64, max: f64) -> Result<Self, ScoreError> {
        if min.is_finite() && max.is_finite() && min < max {
            Ok(Self { min, max })
        } else {
            Err(ScoreError::Scale { min, max })
        }
    }

    /// The lower end.
    pub fn min(self) -> f64 {
        self.min
    }

    /// The upper end.
    pub fn max(self) -> f64 {
        self.max
    }
}

/// A raw value and its scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawScore")]
pub struct Score {
    raw: f64,
    scale: Scale,
}

#[derive(Deserialize)]
struct RawScore {
    raw: f64,
    scale: Scale,
}

impl TryFrom<RawScore> for Score {
    type Error = ScoreError;
    fn try_from(value: RawScore) -> Result<Self, ScoreError> {
        Self::new(value.raw, value.scale)
    }
}

impl Score {
    /// A score that lies on its scale.
    pub fn new(raw: f64, scale: Scale) -> Result<Self, ScoreError> {
        if raw >= scale.min && raw <= scale.max {
            Ok(Self { raw, scale })
        } else {
            Err(ScoreError::OutOfScale { value: raw, min: scale.min, max: scale.max })
        }
    }

    /// A score on the scale 0 to 100.
    pub fn percent(value: f64) -> Result<Self, ScoreError> {
        Self::new(value, Scale::PERCENT)
    }

    /// The value as the vendor gave it.
    pub fn raw(self) -> f64 {
        self.raw
    }

    /// The vendor's scale.
    pub fn scale(self) -> Scale {
        self.scale
    }

    /// The value on 0–100, rounded to a hundredth so that 3.7 of 5 is 74 and not 74.00000000000001.
    pub fn normalised(self) -> f64 {
        let share = (self.raw - self.scale.min) / (self.scale.max - self.scale.min);
        (share * 10_000.0).round() / 100.0
    }
}

/// One state of a score: what it was, from when on, and where it came from. A corrected score adds a revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoreRevision {
    /// The score.
    pub score: Score,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Where it came from.
    pub provenance: Provenance,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn vendors_scales_come_out_on_the_same() {
        let on = |raw, min, max| Score::new(raw, Scale::new(min, max).unwrap()).unwrap().normalised();
        assert_eq!(on(5.0, 0.5, 5.0), 100.0);
        assert_eq!(on(1.0, 1.0, 5.0), 0.0);
        assert_eq!(on(4.0, 1.0, 5.0), 75.0);
        assert_eq!(on(85.0, 0.0, 100.0), 85.0);
    }

    #[test]
    fn what_is_no_score_is_refused() {
        for value in [f64::NAN, f64::INFINITY, -0.1, 100.1] {
            assert!(Score::percent(value).is_err(), "{value}");
        }
        assert!(Scale::new(5.0, 5.0).is_err() && Scale::new(f64::NAN, 1.0).is_err());
        assert!(serde_json::from_str::<Score>(r#"{"raw":7,"scale":{"min":1,"max":5}}"#).is_err());
    }

    proptest! {
        #[test]
        fn the_original_is_never_lost(raw in 0.5f64..=5.0) {
            let score = Score::new(raw, Scale::new(0.5, 5.0).unwrap()).unwrap();
            let text = serde_json::to_string(&score).unwrap();
            let back: Score = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(back.raw(), raw);
            prop_assert!((0.0..=100.0).contains(&back.normalised()));
        }
    }
}
