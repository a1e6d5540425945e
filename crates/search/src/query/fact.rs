//! What may be unknown of an application.

use dossier_domain::Language;

use super::field::Field;

/// Something that may be unknown of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// The branch that hires.
    Branch,
    /// When the interview was.
    Date,
    /// The AI score.
    Score,
    /// The emotion label.
    Emotion,
    /// The vendor.
    Vendor,
    /// The vendor's model that gave the score.
    Model,
    /// A tag, any.
    Tag,
    /// Whether the AI score reaches the position's pass mark.
    PassMark,
    /// When all materials were here.
    Held,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Branch,
        Self::Date,
        Self::Score,
        Self::Emotion,
        Self::Vendor,
        Self::Model,
        Self::Tag,
        Self::PassMark,
        Self::Held,
    ];

    /// The field that asks for it.
    pub(super) fn field(self) -> Field {
        match self {
            Self::Branch => Field::Branch,
            Self::Date => Field::Date,
            Self::Score => Field::Score,
            Self::Emotion => Field::Emotion,
            Self::Vendor => Field::Vendor,
            Self::Model => Field::Model,
            Self::Tag => Field::Tag,
            Self::PassMark => Field::PassMark,
            Self::Held => Field::Held,
        }
    }

    /// What people write and read: the name of the field that asks for it.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = self.field().names();
        language.pick(chinese, english)
    }
}
