//! `preset`: the tags that HR keeps ready.
//!
//! JSON: `{"presets":[{"name","colour"}]}`, as they are now.

use dossier_domain::{PresetTag, TagColour, text::TagName};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    exit::Kind,
    input,
    table::{Side, Table},
    text::{Style, Text},
};

const COLOURS: &str = "green、amber、red、grey";

/// `preset …`
pub(super) async fn run(asked: &args::Preset, desk: &Desk<'_>) -> Result<()> {
    let before = desk.service.preset_tags().await?;
    let presets = match asked {
        args::Preset::List => before,
        args::Preset::Add(new) => {
            let preset = preset(new)?;
            let mut presets = before.clone();
            match presets.iter_mut().find(|one| one.name == preset.name) {
                Some(known) => *known = preset,
                None => presets.push(preset),
            }
            kept(&before, presets, desk).await?
        }
        args::Preset::Remove(remove) => {
            let name = input::text::<TagName>("标签", &remove.name)?;
            let presets: Vec<PresetTag> = before.iter().filter(|one| one.name != name).cloned().collect();
            if presets.len() == before.len() {
                return Err(Error::new(
                    Kind::NotFound,
                    format!("没有预设标签“{name}”；用 dossier preset list 查看"),
                    format!("no tag “{name}” is kept ready; dossier preset list shows them"),
                ));
            }
            kept(&before, presets, desk).await?
        }
    };
    show(&presets, desk);
    Ok(())
}

async fn kept(before: &[PresetTag], presets: Vec<PresetTag>, desk: &Desk<'_>) -> Result<Vec<PresetTag>> {
    desk.service.set_preset_tags(before, &presets).await?;
    Ok(presets)
}

fn preset(asked: &args::PresetAdd) -> Result<PresetTag> {
    let known = |name: &String| {
        TagColour::from_name(name).ok_or_else(|| {
            Error::invalid(
                format!("没有颜色“{name}”；可用：{COLOURS}"),
                format!("there is no colour “{name}”; there are: {}", COLOURS.replace('、', ", ")),
            )
        })
    };
    Ok(PresetTag {
        name: input::text::<TagName>("标签", &asked.name)?,
        colour: asked.colour.as_ref().map(known).transpose()?,
    })
}

fn show(presets: &[PresetTag], desk: &Desk<'_>) {
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("预设标签", "Tag kept ready")),
        (Side::Left, language.pick("颜色", "Colour")),
    ]);
    for preset in presets {
        let colour = preset.colour.map_or("", |colour| colour.label(language));
        table.row([Text::of(Style::Bold, &preset.name), Text::from(colour)]);
    }
    desk.out.table(&table);
    desk.out.document(&json!({ "presets": presets }));
}
