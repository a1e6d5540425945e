//! Tags.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{MaterialKind, UserId, text::TagName};

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
