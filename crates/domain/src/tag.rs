//! Tags.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Language, MaterialKind, UserId, text::TagName};

/// A tag on an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The text.
    pub name: TagName,
    /// How it came to be there.
    pub origin: TagOrigin,
}

/// How a tag came to be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum TagOrigin {
    /// By a rule; goes when the rule no longer holds.
    Rule {
        /// The kind of material that the tag tells something about; who may not see it sees no such tag.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reveals: Option<MaterialKind>,
    },
    /// By a person.
    Person {
        /// Who.
        by: UserId,
        /// When.
        at: DateTime<Utc>,
    },
}

/// A tag that HR keeps ready, to be put on with one press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresetTag {
    /// The text.
    pub name: TagName,
    /// The colour in which pages show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<TagColour>,
}

/// The colour of a tag. It stands beside the text and says nothing alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagColour {
    /// Green.
    Green,
    /// Amber.
    Amber,
    /// Red.
    Red,
    /// Grey.
    Grey,
}

impl TagColour {
    /// All colours.
    pub const ALL: [Self; 4] = [Self::Green, Self::Amber, Self::Red, Self::Grey];

    /// The name in code, API and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
            Self::Grey => "grey",
        }
    }

    /// The colour of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colour| colour.name() == name)
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Green => ("绿", "Green"),
            Self::Amber => ("橙", "Amber"),
            Self::Red => ("红", "Red"),
            Self::Grey => ("灰", "Grey"),
        };
        language.pick(chinese, english)
    }
}
