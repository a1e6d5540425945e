//! The rules by which applications are filed and tagged.

use dossier_archive::Settings;
use dossier_domain::{EmotionThresholds, FilingRule, Language, TagRule, filing::Level};
use maud::{Markup, html};

use super::Change;
use crate::{
    failure::{Failure, Result},
    form,
    layout::token,
    parts::{field, number},
    person::Person,
};

/// So many levels a folder has at most.
const LEVELS: usize = 4;
const NAMES: [(&str, &str, &str); 4] = [
    ("position", "岗位", "Position"),
    ("stage", "阶段", "Stage"),
    ("month", "面试月份", "Month"),
    ("score_band", "得分段", "Score band"),
];

/// The settings with what the form says.
pub(super) fn read(form: &Change, before: &Settings) -> Result<Settings> {
    let percent = |text: &str| {
        let value = form::number::<f64>(text).filter(|value| (0.0..=100.0).contains(value));
        value.ok_or_else(|| {
            Failure::bad(
                format!("“{text}”须是 0 到 100 之间的数"),
                format!("“{text}” must be a number from 0 to 100"),
            )
        })
    };
    let zone = form.zone.trim().parse().map_err(|_| {
        Failure::bad(format!("没有“{}”这个时区", form.zone), format!("there is no zone “{}”", form.zone))
    })?;
    let emotion = EmotionThresholds {
        positive_from: percent(&form.positive_from)?,
        negative_below: percent(&form.negative_below)?,
    };
    if emotion.negative_below > emotion.positive_from {
        return Err(Failure::bad(
            "消极的上限不能高于积极的下限",
            "negative must end where positive begins, or below",
        ));
    }
    let ends = form.bands.split([',', '，', ' ']).filter(|end| !end.trim().is_empty());
    let from = ends.map(|end| percent(end).map(|end| end as u8)).collect::<Result<Vec<u8>>>()?;
    let mut levels = Vec::new();
    for name in form.level.iter().filter(|name| !name.is_empty()) {
        let level = match name.as_str() {
            "position" => Level::Position,
            "stage" => Level::Stage,
            "month" => Level::Month,
            "score_band" => Level::ScoreBand { from: from.clone() },
            _ => return Err(Failure::bad("未知的层级", "there is no such level")),
        };
        if levels.contains(&level) {
            return Err(Failure::bad("每种层级只能用一次", "each level can stand once only"));
        }
        levels.push(level);
    }
    let (score, skill) = (percent(&form.score_tag)?, percent(&form.skill_tag)?);
    let tagging = before.tagging.iter().cloned().map(|rule| match rule {
        TagRule::Score { .. } => TagRule::Score { at_least: score },
        TagRule::Skill { skill: None, .. } => TagRule::Skill { skill: None, at_least: skill },
        other => other,
    });
    Ok(Settings {
        zone,
        emotion,
        filing: FilingRule { levels },
        tagging: tagging.collect(),
        ..before.clone()
    })
}

pub(super) fn show(settings: &Settings, person: &Person) -> Markup {
    let language = person.language();
    let percent = |name: &str, value: f64| {
        html! {
            input inputmode="decimal" maxlength="20" name=(name) value=(number(value)) required {}
        }
    };
    let tag = |find: fn(&TagRule) -> Option<f64>| settings.tagging.iter().find_map(find).unwrap_or(100.0);
    html! {
        form.card.narrow method="post" {
            (token(person))
            h2 { (language.pick("归档与标签规则", "Filing and tags")) }
            fieldset {
                (field(language.pick("银行时区（决定面试归入哪个月）", "The bank’s zone, which decides months"),
                    &html! { input name="zone" value=(settings.zone) required maxlength="60" {} }, None))
                p.label { (language.pick("文件夹层级，由外到内", "Folder levels, from the outermost")) }
                div.levels { @for place in 0..LEVELS { (level(settings.filing.levels.get(place), place, language)) } }
                (field(language.pick("得分段的下限", "Lower ends of the score bands"),
                    &html! { input name="bands" value=(bands(&settings.filing)) maxlength="60" {} }, None))
                (field(language.pick("情绪积极：平均积极度不低于", "Positive: mean positivity at least"), &percent("positive_from", settings.emotion.positive_from), None))
                (field(language.pick("情绪消极：平均积极度低于", "Negative: mean positivity below"), &percent("negative_below", settings.emotion.negative_below), None))
                (field(language.pick("自动标签“AI得分…”：不低于", "Automatic tag for AI scores of at least"), &percent("score_tag", tag(score_tag)), None))
                (field(language.pick("自动标签“…技能优秀”：不低于", "Automatic tag for skills of at least"), &percent("skill_tag", tag(skill_tag)), None))
                button name="act" value="rules" { (language.pick("保存，并重新归档全部档案", "Save, and file everything anew")) }
            }
        }
    }
}

fn level(chosen: Option<&Level>, place: usize, language: Language) -> Markup {
    let chosen = match chosen {
        None => "",
        Some(Level::Position) => "position",
        Some(Level::Stage) => "stage",
        Some(Level::Month) => "month",
        Some(Level::ScoreBand { .. }) => "score_band",
    };
    html! {
        select name="level" aria-label={ (language.pick("第 ", "Level ")) (place + 1) (language.pick(" 层", "")) } {
            option value="" { "–" }
            @for (name, zh, en) in NAMES { option value=(name) selected[name == chosen] { (language.pick(zh, en)) } }
        }
    }
}

fn bands(rule: &FilingRule) -> String {
    let from = rule.levels.iter().find_map(|level| match level {
        Level::ScoreBand { from } => Some(from.as_slice()),
        _ => None,
    });
    from.unwrap_or(&[80, 60]).iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn score_tag(rule: &TagRule) -> Option<f64> {
    if let TagRule::Score { at_least } = rule { Some(*at_least) } else { None }
}

fn skill_tag(rule: &TagRule) -> Option<f64> {
    if let TagRule::Skill { skill: None, at_least } = rule { Some(*at_least) } else { None }
}
