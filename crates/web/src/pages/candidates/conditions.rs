//! Conditions of a search: as they were understood, as fields of a form, and what is wrong with them.

use std::{ops::Range, str::FromStr};

use chrono::NaiveDate;
use dossier_domain::{EmotionLabel, Language, MaterialKind, Stage};
use dossier_search::{
    Chip, Query, QueryError,
    query::{Condition, Days, Named, Scores},
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    parts::field,
    person::Person,
};

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
            @if let Some(suggestion) = &mistake.suggestion {
                p {
                    (language.pick("是否想写：", "Did you mean: "))
                    a href=(link(suggestion)) { (suggestion) }
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

/// Whether somebody may see emotion data of anybody.
pub(in crate::pages) fn sees_emotion(person: &Person) -> bool {
    person.ctx.scope().grants.iter().any(|grant| grant.kinds.contains(&MaterialKind::Emotion))
}

/// The fields, for what a person may look for.
pub(in crate::pages) fn fields(person: &Person, filled: &Controls) -> Markup {
    let language = person.language();
    let any = language.pick("不限", "any");
    html! {
        (field(language.pick("岗位", "Position"), &html! {
            input name="position" value=(filled.position) placeholder=(any) maxlength="100" {}
        }, None))
        (field(language.pick("阶段", "Stage"), &html! {
            select name="stage" {
                option value="" { (any) }
                @for stage in Stage::ALL {
                    option value=(stage.name()) selected[filled.stage == stage.name()] { (stage.label(language)) }
                }
            }
        }, None))
        (field(language.pick("AI得分不低于", "AI score at least"), &html! {
            input type="number" name="score" value=(filled.score) min="0" max="100" step="any" placeholder="0–100" {}
        }, None))
        @if sees_emotion(person) {
            (field(language.pick("情绪", "Emotion"), &html! {
                select name="emotion" {
                    option value="" { (any) }
                    @for label in EmotionLabel::ALL {
                        option value=(label.name()) selected[filled.emotion == label.name()] { (label.label(language)) }
                    }
                }
            }, None))
        }
        (field(language.pick("面试日期从", "Interviewed from"), &html! { input type="date" name="from" value=(filled.from) {} }, None))
        (field(language.pick("到", "to"), &html! { input type="date" name="to" value=(filled.to) {} }, None))
    }
}

impl Controls {
    /// Whether nothing was filled in.
    pub(in crate::pages) fn are_empty(&self) -> bool {
        let Self { position, stage, score, emotion, from, to } = self;
        [position, stage, score, emotion, from, to].into_iter().all(|given| given.trim().is_empty())
    }

    /// The query with what the fields say.
    pub(in crate::pages) fn added_to(&self, query: Query) -> Result<Query> {
        Ok(self.conditions()?.into_iter().fold(query, Query::with))
    }

    fn conditions(&self) -> Result<Vec<Condition>> {
        fn given<T: FromStr>(text: &str, zh: &str, en: &str) -> Result<Option<T>> {
            let text = text.trim();
            let parsed = (!text.is_empty()).then(|| text.parse::<T>());
            parsed
                .transpose()
                .map_err(|_| Failure::bad(format!("{zh}不能是“{text}”"), format!("“{text}” is no {en}")))
        }
        let score = given::<f64>(&self.score, "得分", "score")?.filter(|score| score.is_finite());
        let first = given::<NaiveDate>(&self.from, "日期", "date")?;
        let last = given::<NaiveDate>(&self.to, "日期", "date")?;
        let position = self.position.trim();
        let conditions = [
            (!position.is_empty()).then(|| Condition::Position(Named::holding(position))),
            given::<Stage>(&self.stage, "阶段", "stage")?.map(Condition::Stage),
            score.map(|score| Condition::Score(Scores::AtLeast(score))),
            given::<EmotionLabel>(&self.emotion, "情绪", "emotion label")?.map(Condition::Emotion),
            (first.is_some() || last.is_some()).then_some(Condition::Interviewed(Days { first, last })),
        ];
        Ok(conditions.into_iter().flatten().collect())
    }
}
