//! Texts and numbers that are sent, as the description has them: what [`dossier_domain::text`] parses, for the description alone.

use dossier_domain::id::{self, Kind as _};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

/// Nothing that is not seen, and something that is no space.
const VISIBLE: &str = "^[^{hidden}]*[^{hidden}\\s\u{85}\u{180E}]+[^{hidden}]*$";
/// Control characters, line and paragraph ends, and what changes how the text around it is shown.
const HIDDEN: &str = "\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\
    \u{E0000}-\u{E007F}";

macro_rules! lines {
    ($($(#[$doc:meta])* $name:ident $limit:literal;)*) => {$(
        $(#[$doc])*
        pub(super) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                line($limit)
            }
        }

        impl ToSchema for $name {}
    )*};
}

lines! {
    /// A short text in one line.
    LineText 400;
    /// The name of a position.
    PositionNameText 80;
    /// What is assessed.
    SkillText 80;
    /// A sign-in name.
    LoginText 60;
    /// A tag.
    TagText 60;
    /// A vendor's short name.
    VendorText 40;
    /// A person's name.
    PersonNameText 80;
    /// A theme, or a word that names it.
    ThemeText 40;
    /// What moves and the API call a step of the bank's process.
    StepKeyText 40;
    /// The name of a branch of the bank.
    BranchText 80;
}

/// Running text: it may be empty, and hold line breaks and tabs.
pub(super) enum ProseText {}

impl PartialSchema for ProseText {
    fn schema() -> RefOr<Schema> {
        // The same characters as in a line, but for tab, line feed and carriage return.
        let hidden = HIDDEN.replace("\\u0000-\\u001f", "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f");
        let hidden = hidden.replace("\\u2028-\\u202e", "\\u202a-\\u202e");
        let object = ObjectBuilder::new().schema_type(Type::String).pattern(Some(format!("^[^{hidden}]*$")));
        object.description(Some("Running text without control characters")).max_length(Some(10_000)).into()
    }
}

impl ToSchema for ProseText {}

/// A whole number of at most 255.
pub(super) enum Byte {}

impl PartialSchema for Byte {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(255)).into()
    }
}

impl ToSchema for Byte {}

/// Bytes as they are.
pub(super) enum Raw {}

impl PartialSchema for Raw {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for Raw {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $kind:ident;)*) => {$(
        $(#[$doc])*
        pub(super) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let pattern = format!("^{}_[0-7][0-9A-HJKMNP-TV-Z]{{25}}$", id::$kind::PREFIX);
                ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

ids! {
    /// The id of an application.
    ApplicationIdText ApplicationKind;
    /// The id of a position.
    PositionIdText PositionKind;
    /// The id of a material.
    MaterialIdText MaterialIdKind;
    /// The id of a notice.
    NoticeIdText NoticeIdKind;
    /// The id of a channel.
    ChannelIdText ChannelIdKind;
}

fn line(limit: usize) -> RefOr<Schema> {
    let pattern = VISIBLE.replace("{hidden}", HIDDEN);
    let object = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("One line without control characters"));
    object.min_length(Some(1)).max_length(Some(limit)).pattern(Some(pattern)).into()
}

#[cfg(test)]
mod tests {
    use dossier_domain::text::{
        BranchName, Line, Login, PersonName, PositionName, StepKey, TagName, ThemeName, ThemeWord, VendorName,
    };

    use super::*;

    #[test]
    fn the_limits_are_those_that_are_kept_to() {
        fn parses<T: std::str::FromStr>(limit: usize) -> bool {
            "长".repeat(limit).parse::<T>().is_ok() && "长".repeat(limit + 1).parse::<T>().is_err()
        }
        fn limit<T: PartialSchema>() -> usize {
            match T::schema() {
                RefOr::T(Schema::Object(object)) => object.max_length.unwrap(),
                _ => 0,
            }
        }
        assert!(parses::<Line>(limit::<LineText>()) && parses::<PositionName>(limit::<PositionNameText>()));
        assert!(parses::<Login>(limit::<LoginText>()) && parses::<TagName>(limit::<TagText>()));
        assert!(
            parses::<VendorName>(limit::<VendorText>()) && parses::<PersonName>(limit::<PersonNameText>())
        );
        assert!(parses::<ThemeName>(limit::<ThemeText>()) && parses::<ThemeWord>(limit::<ThemeText>()));
        assert!(parses::<StepKey>(limit::<StepKeyText>()) && parses::<BranchName>(limit::<BranchText>()));
    }
}
