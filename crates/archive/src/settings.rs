//! The bank's settings, kept as one record of the archive.

use std::collections::BTreeSet;

use dossier_domain::{
    BankZone, EmotionThresholds, FilingRule, Language, PresetTag, Process, TagColour, TagRule, text::TagName,
};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

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
    /// Tags that HR keeps ready, in their order.
    #[serde(default)]
    pub presets: Vec<PresetTag>,
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
            presets: Vec::new(),
            emotion: EmotionThresholds::default(),
            process: Process::default(),
        }
    }
}

impl Settings {
    /// So many tags are kept ready at most.
    pub const MOST_PRESETS: usize = 60;

    /// The colour of a tag, if it is one that is kept ready with a colour.
    pub fn colour_of(&self, tag: &TagName) -> Option<TagColour> {
        self.presets.iter().find(|preset| preset.name == *tag).and_then(|preset| preset.colour)
    }

    /// Refuses what the forms of the settings alone can't.
    pub(crate) fn check(&self) -> Result<()> {
        if self.presets.len() > Self::MOST_PRESETS {
            let most = Self::MOST_PRESETS;
            return Err(Error::invalid(
                format!("预设标签最多 {most} 个"),
                format!("no more than {most} tags are kept ready"),
            ));
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.presets.iter().find(|preset| !seen.insert(&preset.name)) {
            return Err(Error::invalid(
                format!("预设标签“{}”重复", twice.name),
                format!("the tag “{}” is kept ready twice", twice.name),
            ));
        }
        self.process.check().map_err(|error| {
            Error::invalid(error.message(Language::Chinese), error.message(Language::English))
        })
    }
}
