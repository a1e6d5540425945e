//! Emotion data as vendors give it: readings per question, each with its own dimension, span, modality and source.
//! No vendor's format was found to be a standard; a reading keeps what the vendor said and is never forced onto
//! another's meaning.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    Language,
    text::{Dimension, Line},
};

/// All readings of one interview.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct EmotionProfile {
    /// The readings, in order of time.
    pub readings: Vec<EmotionReading>,
}

/// One reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmotionReading {
    /// What was measured: 紧张度, 积极度, 自信, or the vendor's own name.
    pub dimension: Dimension,
    /// How much, 0–100.
    pub value: f64,
    /// The question during which it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Line>,
    /// Where the span begins, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<f64>,
    /// Where the span ends, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<f64>,
    /// From what it was read: face, voice, words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Line>,
    /// The model that read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Line>,
}

/// The name of the dimension from which the label is taken.
pub const POSITIVITY: &str = "积极度";
/// The name of the dimension that tells how tense an answer was.
pub const TENSION: &str = "紧张度";

impl EmotionProfile {
    /// The mean of one dimension over all readings.
    pub fn mean(&self, dimension: &str) -> Option<f64> {
        let values = self.readings.iter().filter(|r| r.dimension.as_str() == dimension).map(|r| r.value);
        let (count, sum) = values.fold((0u32, 0.0), |(count, sum), value| (count + 1, sum + value));
        (count > 0).then(|| sum / f64::from(count))
    }

    /// The interview's label: that of its mean positivity.
    pub fn label(&self, thresholds: EmotionThresholds) -> Option<EmotionLabel> {
        self.mean(POSITIVITY).map(|value| thresholds.label(value))
    }
}

/// From which mean positivity on an interview counts as positive, and below which as negative.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EmotionThresholds {
    /// Positive from here on.
    pub positive_from: f64,
    /// Negative below this.
    pub negative_below: f64,
}

impl Default for EmotionThresholds {
    fn default() -> Self {
        Self { positive_from: 60.0, negative_below: 40.0 }
    }
}

impl EmotionThresholds {
    /// The label of a mean positivity.
    pub fn label(self, positivity: f64) -> EmotionLabel {
        if positivity >= self.positive_from {
            EmotionLabel::Positive
        } else if positivity < self.negative_below {
            EmotionLabel::Negative
        } else {
            EmotionLabel::Neutral
        }
    }
}

/// The label of an interview's emotion data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmotionLabel {
    /// 积极
    Positive,
    /// 中性
    Neutral,
    /// 消极
    Negative,
}

impl EmotionLabel {
    /// All labels.
    pub const ALL: [Self; 3] = [Self::Positive, Self::Neutral, Self::Negative];

    /// The name in code, API and query language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        match self {
            Self::Positive => language.pick("积极", "positive"),
            Self::Neutral => language.pick("中性", "neutral"),
            Self::Negative => language.pick("消极", "negative"),
        }
    }
}

impl fmt::Display for EmotionLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No label has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an emotion label; use 积极, 中性 or 消极")]
pub struct UnknownEmotion(String);

impl FromStr for EmotionLabel {
    type Err = UnknownEmotion;

    fn from_str(text: &str) -> Result<Self, UnknownEmotion> {
        Self::ALL
            .into_iter()
            .find(|label| text.eq_ignore_ascii_case(label.name()) || text == label.label(Language::Chinese))
            .ok_or_else(|| UnknownEmotion(text.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(dimension: &str, value: f64) -> EmotionReading {
        EmotionReading {
            dimension: Dimension::parse(dimension).unwrap(),
            value,
            question: None,
            starts: None,
            ends: None,
            modality: None,
            source: None,
        }
    }

    #[test]
    fn the_label_is_that_of_the_mean_positivity() {
        let profile = EmotionProfile {
            readings: vec![reading("积极度", 90.0), reading("紧张度", 10.0), reading("积极度", 30.0)],
        };
        assert_eq!(profile.mean("积极度"), Some(60.0));
        assert_eq!(profile.label(EmotionThresholds::default()), Some(EmotionLabel::Positive));
        assert_eq!(EmotionProfile::default().label(EmotionThresholds::default()), None);
    }

    #[test]
    fn thresholds_are_closed_below() {
        let label = |value| EmotionThresholds::default().label(value);
        assert_eq!(
            [label(59.9), label(40.0), label(39.9)],
            [EmotionLabel::Neutral, EmotionLabel::Neutral, EmotionLabel::Negative]
        );
    }
}
