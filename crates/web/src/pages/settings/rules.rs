//! The rules by which applications are filed and tagged.

use dossier_archive::Settings;
use dossier_domain::{EmotionThresholds, FilingRule, Language, TagRule, filing::Level};
use maud::{Markup, html};

use super::Change;
use crate::{
    failure::{Failure, Result},
    form,
    layout::token,
    parts::{Mistakes, beside, checked, number},
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
    let of = |field, text: &str| percent(text).map_err(|failure| failure.beside(field));
    let zone = form.zone.trim().parse().map_err(|_| {
        Failure::bad(
            format!("没有“{}”这个时区，请写作 Asia/Shanghai", form.zone),
            format!("there is no zone “{}”; write it like Asia/Shanghai", form.zone),
        )
        .beside("zone")
    })?;
    let emotion = EmotionThresholds {
        positive_from: of("positive_from", &form.positive_from)?,
        negative_below: of("negative_below", &form.negative_below)?,
    };
    if emotion.negative_below > emotion.positive_from {
        return Err(Failure::bad(
            "消极的上限不能高于积极的下限",
            "negative must end where positive begins, or below",
        )
        .beside("negative_below"));
    }
    let ends = form.bands.split([',', '，', ' ']).filter(|end| !end.trim().is_empty());
    let from = ends.map(|end| of("bands", end).map(|end| end as u8)).collect::<Result<Vec<u8>>>()?;
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
            let twice = Failure::bad("每种层级只能用一次", "each level can stand once only");
            return Err(twice.beside("level"));
        }
        levels.push(level);
    }
    let (score, skill) = (of("score_tag", &form.score_tag)?, of("skill_tag", &form.skill_tag)?);
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

/// The rules as they stand in the form.
pub(super) struct Typed {
    zone: String,
    levels: Vec<String>,
    bands: String,
    positive_from: String,
    negative_below: String,
    score_tag: String,
    skill_tag: String,
}

impl Typed {
    /// As they are.
    pub(super) fn of(settings: &Settings) -> Self {
        let tag = |find: fn(&TagRule) -> Option<f64>| settings.tagging.iter().find_map(find).unwrap_or(100.0);
        Self {
            zone: settings.zone.to_string(),
            levels: settings.filing.levels.iter().map(|level| name_of(level).to_owned()).collect(),
            bands: bands(&settings.filing),
            positive_from: number(settings.emotion.positive_from),
            negative_below: number(settings.emotion.negative_below),
            score_tag: number(tag(score_tag)),
            skill_tag: number(tag(skill_tag)),
        }
    }

    /// As somebody typed them.
    pub(super) fn by(form: &Change) -> Self {
        Self {
            zone: form.zone.clone(),
            levels: form.level.clone(),
            bands: form.bands.clone(),
            positive_from: form.positive_from.clone(),
            negative_below: form.negative_below.clone(),
            score_tag: form.score_tag.clone(),
            skill_tag: form.skill_tag.clone(),
        }
    }
}

pub(super) fn show(typed: &Typed, wrong: Mistakes<'_>, person: &Person) -> Markup {
    let language = person.language();
    let text = |label: &str, name: &'static str, value: &str| {
        let control = html! {
            input name=(name) value=(value) required[name == "zone"] maxlength="60" autofocus[wrong.is_in(name)] {}
        };
        checked(label, &control, None, wrong.of_field(name).as_deref())
    };
    let percent = |label: &str, name: &'static str, value: &str| {
        let control = html! {
            input inputmode="decimal" maxlength="20" name=(name) value=(value) required autofocus[wrong.is_in(name)] {}
        };
        checked(label, &control, None, wrong.of_field(name).as_deref())
    };
    html! {
        form.card method="post" {
            (token(person))
            h2 { (language.pick("归档与标签规则", "Filing and tags")) }
            fieldset {
                (text(language.pick("银行时区（决定面试归入哪个月）", "The bank’s zone, which decides months"), "zone", &typed.zone))
                p.label { (language.pick("文件夹层级，由外到内", "Folder levels, from the outermost")) }
                div.levels { @for place in 0..LEVELS { (level(typed.levels.get(place), place, wrong.is_in("level"), language)) } }
                (beside(wrong.of_field("level").as_deref()))
                (text(language.pick("得分段的下限", "Lower ends of the score bands"), "bands", &typed.bands))
                (percent(language.pick("情绪积极：平均积极度不低于", "Positive: mean positivity at least"), "positive_from", &typed.positive_from))
                (percent(language.pick("情绪消极：平均积极度低于", "Negative: mean positivity below"), "negative_below", &typed.negative_below))
                (percent(language.pick("自动标签“AI得分…”：不低于", "Automatic tag for AI scores of at least"), "score_tag", &typed.score_tag))
                (percent(language.pick("自动标签“…技能优秀”：不低于", "Automatic tag for skills of at least"), "skill_tag", &typed.skill_tag))
                button name="act" value="rules" { (language.pick("保存，并重新归档全部档案", "Save, and file everything anew")) }
            }
        }
    }
}

fn name_of(level: &Level) -> &'static str {
    match level {
        Level::Position => "position",
        Level::Stage => "stage",
        Level::Month => "month",
        Level::ScoreBand { .. } => "score_band",
    }
}

fn level(chosen: Option<&String>, place: usize, is_wrong: bool, language: Language) -> Markup {
    let chosen = chosen.map_or("", String::as_str);
    html! {
        select name="level" aria-label={ (language.pick("第 ", "Level ")) (place + 1) (language.pick(" 层", "")) }
            autofocus[is_wrong && place == 0] {
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
