//! The tags that HR keeps ready.

use dossier_archive::Settings;
use dossier_domain::{PresetTag, TagColour, text::TagName};
use maud::{Markup, html};

use super::Change;
use crate::{
    failure::{Failure, Result},
    form::typed,
    layout::token,
    person::Person,
};

/// So many empty rows wait for further ones.
const EMPTY: usize = 3;

/// The settings with the tags of the form: a row without a name is none.
pub(super) fn read(form: &Change, before: &Settings) -> Result<Settings> {
    let mut presets = Vec::new();
    for (name, colour) in form.preset.iter().zip(&form.colour) {
        let (name, colour) = (name.trim(), colour.as_str());
        if name.is_empty() {
            continue;
        }
        let known = TagColour::from_name(colour);
        if !colour.is_empty() && known.is_none() {
            return Err(Failure::bad("未知的颜色", "there is no such colour"));
        }
        presets.push(PresetTag { name: typed::<TagName>(("标签", "a tag"), name)?, colour: known });
    }
    Ok(Settings { presets, ..before.clone() })
}

pub(super) fn show(settings: &Settings, person: &Person) -> Markup {
    let language = person.language();
    let rows = settings.presets.iter().map(Some).chain(std::iter::repeat_n(None, EMPTY));
    html! {
        form.card method="post" {
            (token(person))
            h2 { (language.pick("预设标签", "Tags kept ready")) }
            p.soft { (language.pick("打标签时供一键选用，如“AI得分80以上”“高潜力”。清空名称即删除；已打上的标签不受影响。",
                "Offered when tagging, to be put on with one press. A name that is emptied goes; tags that were put on stay.")) }
            div.presets {
                @for (number, preset) in rows.enumerate() {
                    @let chosen = preset.and_then(|preset| preset.colour);
                    div {
                        input name="preset" value=[preset.map(|preset| preset.name.as_str())] maxlength="60"
                            aria-label={ (language.pick("标签 ", "Tag ")) (number + 1) } {}
                        select name="colour" aria-label={ (language.pick("颜色 ", "Colour ")) (number + 1) } {
                            option value="" { (language.pick("无颜色", "No colour")) }
                            @for colour in TagColour::ALL {
                                option value=(colour.name()) selected[chosen == Some(colour)] { (colour.label(language)) }
                            }
                        }
                    }
                }
            }
            button name="act" value="presets" { (language.pick("保存", "Save")) }
        }
    }
}
