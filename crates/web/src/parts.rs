//! Small things that several pages show.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use dossier_archive::Settings;
use dossier_domain::{
    EmotionLabel, Language, MaterialKind, Stage,
    text::{PersonName, TagName},
};
pub(crate) use dossier_report::figures::number;
use dossier_report::figures::place;
use maud::{Markup, html};

use crate::{failure::Failure, pages::sign_in::alert};

/// A score of 0–100 with a bar, so that a column of them can be taken in at a glance.
pub(crate) fn score(value: Option<f64>) -> Markup {
    html! {
        @match value {
            None => span.soft { "–" },
            Some(value) => span.score {
                span.figure { (number(value)) }
                svg.gauge viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" {
                    rect.track x="0" y="0" width="100" height="4" {}
                    rect.fill x="0" y="0" width=(number(value.clamp(0.0, 100.0))) height="4" {}
                }
            }
        }
    }
}

/// A candidate's name, or that there is none.
pub(crate) fn name(name: Option<&PersonName>, language: Language) -> &str {
    name.map_or(language.pick("（无姓名）", "(no name)"), |name| name.as_str())
}

/// A number of days.
pub(crate) fn days(days: i64, language: Language) -> String {
    match (language, days) {
        (Language::Chinese, days) => format!("{days} 天"),
        (Language::English, 1) => "1 day".to_owned(),
        (Language::English, days) => format!("{days} days"),
    }
}

/// A place in the video: pressed, the player goes there, where there is a video.
pub(crate) fn play(at: f64, has_video: bool, language: Language) -> Markup {
    html! {
        @if has_video {
            a.at data-at=(number(at)) href={ "#t=" (number(at)) }
                aria-label={ (language.pick("从此处播放：", "Play from ")) (place(at)) } { (place(at)) }
        } @else { span.at { (place(at)) } }
    }
}

/// The label of an interview's emotion data.
pub(crate) fn emotion(label: Option<EmotionLabel>, language: Language) -> Markup {
    html! {
        @match label {
            None => span.soft { "–" },
            Some(label) => span class={ "mood " (label.name()) } { (label.label(language)) }
        }
    }
}

/// A stage, with the class of how far it is.
pub(crate) fn stage(stage: Stage, language: Language) -> Markup {
    html! { span class={ "stage " (stage.name()) } { (stage.label(language)) } }
}

/// Which kinds of material are there: a sign for each kind that an interview leaves.
pub(crate) fn kinds(there: &[MaterialKind], language: Language) -> Markup {
    let is_there = |kind: &MaterialKind| there.contains(kind);
    let names = |wanted: bool| {
        let named = MaterialKind::OF_AN_INTERVIEW.into_iter().filter(|kind| is_there(kind) == wanted);
        named.map(|kind| kind.label(language)).collect::<Vec<_>>().join(language.pick("、", ", "))
    };
    let (has, lacks) = (names(true), names(false));
    let title = match (has.is_empty(), lacks.is_empty()) {
        (_, true) => language.pick("资料齐全", "complete").to_owned(),
        (true, _) => language.pick("尚无资料", "no materials yet").to_owned(),
        _ => format!("{}{has}{}{lacks}", language.pick("有：", "has "), language.pick("；缺：", "; lacks ")),
    };
    html! {
        span.kinds title=(title) {
            span.unseen { (title) }
            @for kind in MaterialKind::OF_AN_INTERVIEW {
                span.kind.there[is_there(&kind)] aria-hidden="true" { (sign(kind, language)) }
            }
        }
    }
}

fn sign(kind: MaterialKind, language: Language) -> &'static str {
    let (zh, en) = match kind {
        MaterialKind::ResumeReport => ("简", "R"),
        MaterialKind::Video => ("视", "V"),
        MaterialKind::Transcript => ("文", "T"),
        MaterialKind::Emotion => ("情", "E"),
        MaterialKind::SkillAssessment => ("技", "S"),
        MaterialKind::Supplement => ("附", "+"),
    };
    language.pick(zh, en)
}

/// A time as the bank's clock shows it.
pub(crate) fn time(at: DateTime<Utc>, zone: dossier_domain::BankZone) -> Markup {
    html! { time datetime=(at.to_rfc3339()) { (zone.show(at)) } }
}

/// The class of a tag: with its colour, if it is one that is kept ready with one.
pub(crate) fn tag_class(tag: &TagName, settings: &Settings, class: &str) -> String {
    settings.colour_of(tag).map_or_else(|| class.to_owned(), |colour| format!("{class} {}", colour.name()))
}

/// A size as people read it.
pub(crate) fn bytes(length: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = length as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 || value >= 9.95 {
        format!("{value:.0} {}", UNITS[unit])
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

/// What to say where there is nothing.
pub(crate) fn empty(title: &str, advice: &Markup) -> Markup {
    html! { div.empty { p.title { (title) } div.soft { (advice) } } }
}

/// An address with a query.
pub(crate) fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut written = url::form_urlencoded::Serializer::new(String::new());
    query.iter().filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| {
        written.append_pair(name, value);
    });
    let written = written.finish();
    if written.is_empty() { path.to_owned() } else { format!("{path}?{written}") }
}

/// A labelled field of a form.
pub(crate) fn field(label: impl Display, control: &Markup, hint: Option<&str>) -> Markup {
    checked(label, control, hint, None)
}

/// A labelled field of a form, and beside it what is wrong with what it holds.
pub(crate) fn checked(
    label: impl Display,
    control: &Markup,
    hint: Option<&str>,
    mistake: Option<&str>,
) -> Markup {
    html! {
        label.field {
            span.label { (label.to_string()) }
            (control)
            (beside(mistake))
            @if let Some(hint) = hint { span.hint { (hint) } }
        }
    }
}

/// What is wrong with a field, beside it.
pub(crate) fn beside(mistake: Option<&str>) -> Markup {
    html! { @if let Some(mistake) = mistake { span.mistake role="alert" { (mistake) } } }
}

/// A form that came back: what is wrong with it, and where.
#[derive(Clone, Copy)]
pub(crate) struct Mistakes<'a> {
    failure: Option<&'a Failure>,
    language: Language,
}

impl<'a> Mistakes<'a> {
    pub(crate) fn of(failure: Option<&'a Failure>, language: Language) -> Self {
        Self { failure, language }
    }

    /// What is wrong with this field.
    pub(crate) fn of_field(self, field: &str) -> Option<String> {
        let failure = self.failure.filter(|failure| failure.field() == Some(field))?;
        Some(failure.detail(self.language))
    }

    /// Whether it is this field: the browser goes there.
    pub(crate) fn is_in(self, field: &str) -> bool {
        self.failure.is_some_and(|failure| failure.field() == Some(field))
    }

    /// What is wrong with the whole, and with no field of it.
    pub(crate) fn of_all(self) -> Markup {
        let failure = self.failure.filter(|failure| failure.field().is_none());
        alert(failure.map(|failure| failure.detail(self.language)).as_deref())
    }
}
