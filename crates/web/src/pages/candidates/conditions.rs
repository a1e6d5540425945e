//! Conditions of a search: as they were understood, as fields of a form, and what is wrong with them.

use std::ops::Range;

use chrono::NaiveDate;
use dossier_domain::{EmotionLabel, Language, MaterialKind, Stage};
use dossier_search::{
    Chip, Query, QueryError,
    query::{Condition, Days, Named, Node, Scores},
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{form, parts::field, person::Person};

/// Where a query leads to.
pub(in crate::pages) type Link<'a> = &'a dyn Fn(&str) -> String;

/// The query as it was understood, each part with a way to do without it.
pub(in crate::pages) fn chips(chips: &[Chip], language: Language, link: Link<'_>) -> Markup {
    html! {
        @if !chips.is_empty() {
            ul.chips aria-label=(language.pick("已理解的条件", "The query as understood")) {
                @for chip in chips {
                    li.chip {
                        (chip.label)
                        a href=(link(&chip.without))
                            aria-label={ (language.pick("去掉条件：", "Remove: ")) (chip.label) } { "×" }
                    }
                }
                li { a.quiet href=(link("")) { (language.pick("清除全部", "Clear all")) } }
            }
        }
    }
}

/// A mistake with the spot marked in the query itself.
pub(in crate::pages) fn explain(
    mistake: &QueryError,
    typed: &str,
    language: Language,
    link: Link<'_>,
) -> Markup {
    let part = |span: Range<usize>| typed.chars().skip(span.start).take(span.len()).collect::<String>();
    let end = typed.chars().count();
    let spot = mistake.span.start.min(end)..mistake.span.end.min(end);
    html! {
        div.mistake role="alert" {
            p { (mistake.message(language)) }
            @if !typed.is_empty() && end <= 200 {
                p.spot { code { (part(0..spot.start)) mark { (part(spot.clone())) @if spot.is_empty() { "␣" } } (part(spot.end..end)) } }
            }
            @if let Some(mended) = mistake.mended(typed) {
                p {
                    (language.pick("是否想写：", "Did you mean: "))
                    a href=(link(&mended)) { (mended) }
                }
            }
        }
    }
}

/// The same conditions as fields of a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Controls {
    position: String,
    stage: String,
    score: String,
    emotion: String,
    from: String,
    to: String,
}

/// What can't be meant by what is typed into a field.
pub(in crate::pages) struct Wrong {
    /// The name of the field.
    field: &'static str,
    zh: String,
    en: String,
}

/// Whether somebody may see emotion data of anybody.
pub(in crate::pages) fn sees_emotion(person: &Person) -> bool {
    person.ctx.scope().grants.iter().any(|grant| grant.kinds.contains(&MaterialKind::Emotion))
}

/// The fields, for what a person may look for, with what is wrong beside each.
pub(in crate::pages) fn fields(person: &Person, filled: &Controls, wrong: &[Wrong]) -> Markup {
    let language = person.language();
    let any = language.pick("不限", "any");
    let invalid = |name: &str| wrong.iter().any(|of| of.field == name).then_some("true");
    let control = |name: &str, zh: &str, en: &str, control: &Markup| {
        let why = wrong.iter().find(|of| of.field == name);
        let why = why.map(|of| language.pick(of.zh.as_str(), of.en.as_str()));
        html! {
            (field(language.pick(zh, en), &html! {
                (control)
                @if let Some(why) = why { span.wrong-field role="alert" { (why) } }
            }, None))
        }
    };
    html! {
        (control("position", "岗位", "Position", &html! {
            input name="position" value=(filled.position) placeholder=(any) maxlength="100" {}
        }))
        (control("stage", "阶段", "Stage", &html! {
            select name="stage" aria-invalid=[invalid("stage")] {
                option value="" { (any) }
                @for stage in Stage::ALL {
                    option value=(stage.name()) selected[filled.stage == stage.name()] { (stage.label(language)) }
                }
            }
        }))
        (control("score", "AI得分不低于", "AI score at least", &html! {
            input name="score" value=(filled.score) inputmode="decimal" maxlength="20" placeholder="0–100" aria-invalid=[invalid("score")] {}
        }))
        @if sees_emotion(person) {
            (control("emotion", "情绪", "Emotion", &html! {
                select name="emotion" aria-invalid=[invalid("emotion")] {
                    option value="" { (any) }
                    @for label in EmotionLabel::ALL {
                        option value=(label.name()) selected[filled.emotion == label.name()] { (label.label(language)) }
                    }
                }
            }))
        }
        (control("from", "面试日期从", "Interviewed from", &html! {
            input type="date" name="from" value=(filled.from) aria-invalid=[invalid("from")] {}
        }))
        (control("to", "到", "to", &html! {
            input type="date" name="to" value=(filled.to) aria-invalid=[invalid("to")] {}
        }))
    }
}

impl Controls {
    /// The conditions of a query that the fields can say, for what a person may look for.
    pub(in crate::pages) fn of(query: &Query, person: &Person) -> Self {
        let mut filled = Self::default();
        for part in query.parts() {
            let Node::Is(condition) = part else { continue };
            match condition {
                Condition::Position(name) if !name.is_whole() => filled.position = name.text().to_owned(),
                Condition::Stage(stage) => filled.stage = stage.name().to_owned(),
                Condition::Score(Scores::AtLeast(score)) => filled.score = score.to_string(),
                Condition::Emotion(label) if sees_emotion(person) => filled.emotion = label.name().to_owned(),
                Condition::Interviewed(days) => {
                    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
                    (filled.from, filled.to) = (day(days.first), day(days.last));
                }
                _ => {}
            }
        }
        filled
    }

    /// Whether nothing was filled in.
    pub(in crate::pages) fn are_empty(&self) -> bool {
        let Self { position, stage, score, emotion, from, to } = self;
        [position, stage, score, emotion, from, to].into_iter().all(|given| given.trim().is_empty())
    }

    /// The query with what the fields say.
    pub(in crate::pages) fn added_to(&self, query: Query) -> Result<Query, Vec<Wrong>> {
        Ok(self.conditions()?.into_iter().fold(query, Query::with))
    }

    /// The query with what the fields say in place of what they said before, as [`Controls::of`] filled them in.
    pub(in crate::pages) fn put_into(&self, query: &Query, person: &Person) -> Result<Query, Vec<Wrong>> {
        let before = Self::of(query, person).conditions()?;
        let was_there = |part: &&Node| matches!(part, Node::Is(condition) if before.contains(condition));
        let others = query.parts().iter().filter(|part| !was_there(part)).cloned();
        self.added_to(Query::everything().and(others))
    }

    fn conditions(&self) -> Result<Vec<Condition>, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let score = given(&mut wrong, "score", &self.score, |text| {
            let score: f64 = form::number(text)?;
            (0.0..=100.0).contains(&score).then_some(score)
        });
        let first = given(&mut wrong, "from", &self.from, |text| text.parse::<NaiveDate>().ok());
        let last = given(&mut wrong, "to", &self.to, |text| text.parse::<NaiveDate>().ok());
        let stage = given(&mut wrong, "stage", &self.stage, |text| text.parse::<Stage>().ok());
        let emotion = given(&mut wrong, "emotion", &self.emotion, |text| text.parse::<EmotionLabel>().ok());
        if first.zip(last).is_some_and(|(first, last)| first > last) {
            let (zh, en) = ("早于起始日期", "this is before the day that it begins with");
            wrong.push(Wrong { field: "to", zh: zh.into(), en: en.into() });
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let position = self.position.trim();
        let conditions = [
            (!position.is_empty()).then(|| Condition::Position(Named::holding(position))),
            stage.map(Condition::Stage),
            score.map(|score| Condition::Score(Scores::AtLeast(score))),
            emotion.map(Condition::Emotion),
            (first.is_some() || last.is_some()).then_some(Condition::Interviewed(Days { first, last })),
        ];
        Ok(conditions.into_iter().flatten().collect())
    }
}

/// What is typed into a field, if anything is; what can't be read is noted.
fn given<T>(
    wrong: &mut Vec<Wrong>,
    field: &'static str,
    text: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let value = read(text);
    if value.is_none() {
        let (zh, en) = match field {
            "score" => ("须是 0 到 100 之间的数", "a number from 0 to 100 is needed"),
            "from" | "to" => ("须是日期，如 2023-10-12", "a date is needed, such as 2023-10-12"),
            _ => ("没有这个选项", "there is no such choice"),
        };
        wrong.push(Wrong { field, zh: format!("“{text}”：{zh}"), en: format!("“{text}”: {en}") });
    }
    value
}
