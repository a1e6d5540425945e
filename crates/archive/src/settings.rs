//! The bank's settings, kept as one record of the archive.

use dossier_domain::{BankZone, EmotionThresholds, FilingRule, Language, Process, TagRule};
use serde::{Deserialize, Serialize};

/// What a bank decides for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The zone by which times are shown and months filed.
    #[serde(default)]
    pub zone: BankZone,
    /// The language of what the archive writes by itself.
    #[serde(default)]
    pub language: Language,
    /// How applications are filed.
    #[serde(default)]
    pub filing: FilingRule,
    /// Which tags are put automatically.
    #[serde(default = "TagRule::defaults")]
    pub tagging: Vec<TagRule>,
    /// From which mean positivity on an interview counts as positive or negative.
    #[serde(default)]
    pub emotion: EmotionThresholds,
    /// What the stages are called, their steps, and which moves are suggested.
    #[serde(default)]
    pub process: Process,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zone: BankZone::default(),
            language: Language::default(),
            filing: FilingRule::default(),
            tagging: TagRule::defaults(),
            emotion: EmotionThresholds::default(),
            process: Process::default(),
        }
    }
}
