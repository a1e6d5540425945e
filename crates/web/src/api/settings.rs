//! The bank's settings.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use dossier_domain::{BankZone, EmotionThresholds, FilingRule, Language, PresetTag, Process, TagRule};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{AdditionalProperties, ObjectBuilder, OneOfBuilder, Type},
    },
};

use super::{
    applications::shape::StageName,
    caller::Caller,
    extract::{Body, IfMatch, parsed, tagged},
    process::PlaceOf,
    table::Table,
    text,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_get, get).with(__path_put, put)
}

/// What a bank decides for itself.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The zone by which times are shown and months filed.
    #[schema(example = "Asia/Shanghai")]
    zone: String,
    /// The language of what the archive writes by itself.
    #[schema(value_type = LanguageName)]
    language: Language,
    /// How applications are filed, from the outer level to the inner.
    #[schema(value_type = Vec<Level>)]
    filing: FilingRule,
    /// Which tags are put automatically.
    #[schema(value_type = Vec<Rule>)]
    tagging: Vec<TagRule>,
    /// Tags that are kept ready, to be offered when tagging.
    #[schema(value_type = Vec<Preset>)]
    presets: Vec<PresetTag>,
    /// From which mean positivity on an interview counts as positive or negative.
    #[schema(value_type = Thresholds)]
    emotion: EmotionThresholds,
    /// What the stages are called, the steps within them, and which moves are suggested.
    #[serde(default)]
    #[schema(value_type = BankProcess)]
    process: Process,
}

/// The bank's own process.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it is described, never made")]
struct BankProcess {
    /// The bank's own names, by stage.
    names: BTreeMap<StageName, Label>,
    steps: Vec<Step>,
    /// Which moves are suggested; the first that fits counts.
    rules: Vec<MoveRule>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it is described, never made")]
struct Label {
    zh: text::LineText,
    #[schema(nullable = false)]
    en: Option<text::LineText>,
}

/// A step within a stage.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it is described, never made")]
struct Step {
    key: text::StepKeyText,
    stage: StageName,
    name: Label,
    /// Whether nothing is moved there any more; what stands in it counts as standing in the stage.
    #[schema(nullable = false)]
    is_retired: Option<bool>,
}

/// Suggests to move what stands in one place, and has the score for it, to another.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it is described, never made")]
struct MoveRule {
    from: PlaceOf,
    to: PlaceOf,
    at_least: Bar,
}

/// A score to be reached: the position's pass mark, or one of 0 to 100.
enum Bar {}

impl PartialSchema for Bar {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["pass_mark"]));
        let score = ObjectBuilder::new().property("score", f64::schema()).required("score");
        let score = score.additional_properties(Some(AdditionalProperties::FreeForm(false)));
        OneOfBuilder::new().item(text).item(score).into()
    }
}

impl ToSchema for Bar {}

/// A language.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, never made")]
pub(super) enum LanguageName {
    #[schema(rename = "zh")]
    Chinese,
    #[schema(rename = "en")]
    English,
}

/// A level of folders.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[serde(tag = "by")]
#[allow(dead_code, reason = "it is described, never made")]
enum Level {
    Position,
    Stage,
    Month,
    /// By the bands that begin at these scores.
    ScoreBand {
        from: Vec<text::Byte>,
    },
}

/// When a tag is put.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[serde(tag = "when")]
#[allow(dead_code, reason = "it is described, never made")]
enum Rule {
    Score { at_least: f64 },
    Skill { skill: Option<text::LineText>, at_least: f64 },
    Emotion { label: super::applications::shape::EmotionName },
    Keyword { keyword: text::LineText, tag: text::TagText },
}

/// A tag that is kept ready.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it is described, never made")]
struct Preset {
    name: text::TagText,
    /// The colour in which pages show it.
    colour: Option<Colour>,
}

/// A colour of tags.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum Colour {
    Green,
    Amber,
    Red,
    Grey,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it is described, never made")]
struct Thresholds {
    positive_from: f64,
    negative_below: f64,
}

impl From<&dossier_archive::Settings> for Settings {
    fn from(of: &dossier_archive::Settings) -> Self {
        Self {
            zone: of.zone.to_string(),
            language: of.language,
            filing: of.filing.clone(),
            tagging: of.tagging.clone(),
            presets: of.presets.clone(),
            emotion: of.emotion,
            process: of.process.clone(),
        }
    }
}

impl Settings {
    fn parsed(self) -> Result<dossier_archive::Settings> {
        let Self { zone, language, filing, tagging, presets, emotion, process } = self;
        let zone = parsed(("时区", "the zone"), &zone, str::parse::<BankZone>)?;
        Ok(dossier_archive::Settings { zone, language, filing, tagging, presets, emotion, process })
    }
}

/// The settings.
#[utoipa::path(
    get, path = "/api/v1/settings", tag = "settings",
    responses((status = 200, description = "The settings", body = Settings, headers(("ETag", description = "Their state"))))
)]
async fn get(_: Caller, State(site): State<Arc<Site>>) -> Result<Response> {
    tagged(Settings::from(&*site.archive.settings()))
}

/// Chooses other settings.
///
/// Folders, automatic tags and emotion labels follow at once.
#[utoipa::path(
    put, path = "/api/v1/settings", tag = "settings", request_body = Settings,
    params(("If-Match" = Option<String>, Header, description = "The state that is known")),
    responses((status = 200, description = "The settings", body = Settings, headers(("ETag", description = "Their state"))))
)]
async fn put(
    caller: Caller,
    State(site): State<Arc<Site>>,
    when: IfMatch,
    Body(wanted): Body<Settings>,
) -> Result<Response> {
    let before = site.archive.settings();
    let ctx = when.holds(caller, &site, async |_| Ok(Settings::from(&*before))).await?;
    site.archive.change_settings(&ctx, &before, wanted.parsed()?).await?;
    tagged(Settings::from(&*site.archive.settings()))
}
