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

/// How many kinds of conditions the fields say: position, stage, score, emotion, and days of the interview, in this order.
const KINDS: usize = 5;

/// What can't be meant by what is typed into a field.
#[derive(PartialEq, Eq)]
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
        Self::shown(query, sees_emotion(person)).0
    }

    /// What the fields say of a query, and which of its parts each kind of condition is taken from: of several, the first
    /// that a field can say. The two ends of the days may stand in two.
    fn shown(query: &Query, with_emotion: bool) -> (Self, [Vec<usize>; KINDS]) {
        let mut filled = Self::default();
        let mut places: [Vec<usize>; KINDS] = Default::default();
        for (place, part) in query.parts().iter().enumerate() {
            let Node::Is(condition) = part else { continue };
            let (kind, fields) = match condition {
                Condition::Position(name) if !name.is_whole() => {
                    (0, vec![(&mut filled.position, name.text().to_owned())])
                }
                Condition::Stage(stage) => (1, vec![(&mut filled.stage, stage.name().to_owned())]),
                Condition::Score(Scores::AtLeast(score)) => (2, vec![(&mut filled.score, score.to_string())]),
                Condition::Emotion(label) if with_emotion => {
                    (3, vec![(&mut filled.emotion, label.name().to_owned())])
                }
                Condition::Interviewed(days) => {
                    let ends = [(&mut filled.from, days.first), (&mut filled.to, days.last)];
                    (4, ends.into_iter().filter_map(|(field, day)| Some((field, day?.to_string()))).collect())
                }
                _ => continue,
            };
            if fields.iter().all(|(field, _)| field.is_empty()) {
                fields.into_iter().for_each(|(field, said)| *field = said);
                places[kind].push(place);
            }
        }
        (filled, places)
    }

    /// Whether nothing was filled in.
    pub(in crate::pages) fn are_empty(&self) -> bool {
        let Self { position, stage, score, emotion, from, to } = self;
        [position, stage, score, emotion, from, to].into_iter().all(|given| given.trim().is_empty())
    }

    /// The query with what the fields say besides.
    pub(in crate::pages) fn added_to(&self, query: &Query) -> Result<Query, Vec<Wrong>> {
        let (said, wrong) = self.conditions();
        let new = said.into_iter().flatten().map(Node::Is).filter(|part| !query.parts().contains(part));
        if wrong.is_empty() { Ok(query.and(new)) } else { Err(wrong) }
    }

    /// The query with what was changed in the fields since [`Controls::of`] filled them in; all else in it stays.
    pub(in crate::pages) fn put_into(&self, query: &Query, person: &Person) -> Result<Query, Vec<Wrong>> {
        self.changed(query, sees_emotion(person))
    }

    fn changed(&self, query: &Query, with_emotion: bool) -> Result<Query, Vec<Wrong>> {
        let (filled, places) = Self::shown(query, with_emotion);
        let ((before, odd), (said, mut wrong)) = (filled.conditions(), self.conditions());
        // What the query itself asks is not the form's to find fault with.
        wrong.retain(|of| !odd.contains(of));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut parts: Vec<Option<Node>> = query.parts().iter().cloned().map(Some).collect();
        for ((places, before), said) in places.into_iter().zip(before).zip(said) {
            if said == before {
                continue;
            }
            for place in &places {
                parts[*place] = None;
            }
            let said = said.map(Node::Is);
            match places.first() {
                Some(place) => parts[*place] = said,
                None => parts.push(said),
            }
        }
        Ok(Query::everything().and(parts.into_iter().flatten()))
    }

    /// What the fields say, one condition of each kind, and what in them can't be meant.
    fn conditions(&self) -> ([Option<Condition>; KINDS], Vec<Wrong>) {
        let mut wrong = Vec::new();
        let score = given(&mut wrong, "score", &self.score, |text| {
            let score: f64 = form::number(text)?;
            (0.0..=100.0).contains(&score).then_some(score)
        });
        let first = given(&mut wrong, "from", &self.from, |text| text.parse::<NaiveDate>().ok());
        let last = given(&mut wrong, "to", &self.to, |text| text.parse::<NaiveDate>().ok());
        let stage = given(&mut wrong, "stage", &self.stage, |text| text.parse::<Stage>().ok());
        let emotion = given(&mut wrong, "emotion", &self.emotion, |text| text.parse::<EmotionLabel>().ok());
        if let Some((first, last)) = first.zip(last).filter(|(first, last)| first > last) {
            let zh = format!("“{last}”：早于起始日期 {first}");
            let en = format!("“{last}”: this is before {first}, the day that it begins with");
            wrong.push(Wrong { field: "to", zh, en });
        }
        let position = self.position.trim();
        let conditions = [
            (!position.is_empty()).then(|| Condition::Position(Named::holding(position))),
            stage.map(Condition::Stage),
            score.map(|score| Condition::Score(Scores::AtLeast(score))),
            emotion.map(Condition::Emotion),
            (first.is_some() || last.is_some()).then_some(Condition::Interviewed(Days { first, last })),
        ];
        (conditions, wrong)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The query once the form, as it was filled in, was changed like this and sent.
    fn sent(typed: &str, change: impl FnOnce(&mut Controls)) -> String {
        let query = Query::parse(typed).unwrap();
        let (mut filled, _) = Controls::shown(&query, true);
        change(&mut filled);
        let changed = filled.changed(&query, true).unwrap_or_else(|_| panic!("{typed}: {filled:?}"));
        changed.to_string()
    }

    #[test]
    fn a_form_that_is_sent_as_it_was_filled_in_changes_nothing() {
        for typed in [
            "AI得分>=60 AI得分<80",
            "AI得分>=60 AI得分>=70 AI得分=50..90",
            "面试时间=2023-10-01.. 面试时间=..2023-10-31",
            "面试时间=..2023-10-31 面试时间=2023-10-01.. 面试时间=2023-10-05..2023-10-06",
            "面试时间=2023-12-01.. 面试时间=..2023-10-31",
            "岗位:客户经理 岗位:风险 岗位==客户经理",
            "阶段:AI面试 阶段:offer发放 情绪:积极 情绪:中性",
            "张三 (岗位:客户经理 OR AI得分>=80) -阶段:淘汰",
            "",
        ] {
            let canonical = Query::parse(typed).unwrap().to_string();
            assert_eq!(sent(typed, |_| ()), canonical);
        }
    }

    #[test]
    fn a_field_changes_the_one_condition_that_it_showed() {
        let stage = |form: &mut Controls| form.stage = "offer".to_owned();
        assert_eq!(sent("AI得分>=60 AI得分<80", stage), "AI得分>=60 AI得分<80 阶段:offer发放");
        let score = |form: &mut Controls| form.score = "７０".to_owned();
        assert_eq!(sent("AI得分>=60 张三 AI得分<80", score), "AI得分>=70 张三 AI得分<80");
        assert_eq!(sent("AI得分<80", score), "AI得分<80 AI得分>=70");
        let position = |form: &mut Controls| form.position = "柜员".to_owned();
        assert_eq!(sent("岗位:客户经理 岗位:风险", position), "岗位:柜员 岗位:风险");
        let none = |form: &mut Controls| form.position.clear();
        assert_eq!(sent("岗位:客户经理 岗位:风险", none), "岗位:风险");
    }

    #[test]
    fn both_ends_of_the_days_are_shown_wherever_they_stand() {
        let typed = "面试时间>=2023-10-01 张三 面试时间<=2023-10-31";
        let (filled, _) = Controls::shown(&Query::parse(typed).unwrap(), true);
        assert_eq!((filled.from.as_str(), filled.to.as_str()), ("2023-10-01", "2023-10-31"));
        let later = |form: &mut Controls| form.from = "2023-10-10".to_owned();
        assert_eq!(sent(typed, later), "面试时间=2023-10-10..2023-10-31 张三");
        let open = |form: &mut Controls| form.from.clear();
        assert_eq!(sent(typed, open), "面试时间=..2023-10-31 张三");
        let none = |form: &mut Controls| (form.from, form.to) = Default::default();
        assert_eq!(sent(typed, none), "张三");
    }

    #[test]
    fn what_somebody_may_not_look_for_stays_in_the_query() {
        let query = Query::parse("情绪:积极 AI得分>=60").unwrap();
        let (mut filled, _) = Controls::shown(&query, false);
        assert!(filled.emotion.is_empty());
        filled.score.clear();
        let changed = filled.changed(&query, false).unwrap_or_else(|_| panic!("{filled:?}"));
        assert_eq!(changed.to_string(), "情绪分析:积极");
    }

    #[test]
    fn what_is_added_takes_nothing_away_and_stands_once() {
        let query = Query::parse("AI得分<80 阶段:offer发放").unwrap();
        let form = Controls { score: "60".to_owned(), stage: "offer".to_owned(), ..Controls::default() };
        let added = form.added_to(&query).unwrap_or_else(|_| panic!("{form:?}"));
        assert_eq!(added.to_string(), "AI得分<80 阶段:offer发放 AI得分>=60");
    }
}
