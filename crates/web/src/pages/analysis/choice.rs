//! The choice of a report: what is measured, by what it is grouped, and of whom.

use dossier_archive::{Error, Measure, Preset};
use dossier_domain::Language;
use dossier_search::Dimension;
use maud::{Markup, html};

use super::{PATH, asked::Asked};
use crate::{
    pages::candidates::conditions::{self, Controls, Wrong},
    parts::field,
    person::Person,
};

/// The form, filled in with what was asked, and what is wrong with that.
pub(super) fn form(
    person: &Person,
    asked: &Asked,
    (controls, wrong): (&Controls, &[Wrong]),
    error: Option<&Error>,
) -> Markup {
    let language = person.language();
    let mistake = match error {
        Some(Error::Query(mistake)) => Some(mistake),
        _ => None,
    };
    let offered =
        |dimension: &Dimension| *dimension != Dimension::Emotion || conditions::sees_emotion(person);
    let measure = Measure::find(&asked.measure);
    html! {
        form.card.choose action=(PATH) method="get" {
            (field(language.pick("指标", "Measure"), &html! {
                select name="measure" {
                    @for of in Measure::by_conditions() {
                        option value=(of.name()) selected[measure == Some(of)] { (of.label(language)) }
                    }
                }
            }, None))
            fieldset.ticks {
                legend { (language.pick("分组（最多三项）", "Grouped by (three at most)")) }
                @for dimension in Dimension::CHOICES.iter().filter(|of| offered(of)) {
                    label {
                        input type="checkbox" name="by" value=(dimension.name()) checked[asked.is_by(*dimension)] {}
                        (dimension.label(language))
                    }
                }
            }
            (times(asked, language))
            (field(language.pick("条件（与候选人搜索相同）", "Conditions, as in the search"), &html! {
                input type="search" name="q" value=(asked.q) maxlength="2000" autocomplete="off" spellcheck="false"
                    aria-invalid=[mistake.map(|_| "true")]
                    placeholder=(language.pick("不填则统计全部；如 岗位=客户经理 面试时间=2023年10月",
                        "all, if empty; or position:\"Account manager\" date:2023-10")) {}
            }, None))
            @match (mistake, error) {
                (Some(mistake), _) => (conditions::explain(mistake, &asked.q, language, &|q| asked.with(q).page())),
                (None, Some(error)) => div.mistake role="alert" { p { (error.message(language)) } },
                (None, None) => {}
            }
            details open[!controls.are_empty()] {
                summary { (language.pick("常用条件", "Common conditions")) }
                div.inline { (conditions::fields(person, controls, wrong)) }
            }
            button.primary { (language.pick("生成报表", "Make the report")) }
        }
    }
}

/// Two times that are compared: by name, or by dates.
fn times(asked: &Asked, language: Language) -> Markup {
    let named = Preset::ALL.iter().find(|preset| preset.name() == asked.period.replace('-', "_"));
    let dates = if named.is_none() { asked.period.as_str() } else { "" };
    html! {
        div.inline.times {
            (field(language.pick("对比两个时段", "Two times compared"), &html! {
                select name="period" {
                    option value="" { (language.pick("不对比", "no")) }
                    @for preset in Preset::ALL {
                        option value=(preset.name()) selected[named == Some(&preset)] { (preset.label(language)) }
                    }
                }
            }, None))
            (field(language.pick("或按日期", "or these dates"), &html! {
                input name="dates" value=(dates) maxlength="60" placeholder=(language.pick("2023年第三季度", "2023-Q3")) {}
            }, None))
            (field(language.pick("与之对比", "against"), &html! {
                input name="against" value=(asked.against) maxlength="60"
                    placeholder=(language.pick("不填则为前一时段；如 2022-07..2022-09", "the time before, if empty; or 2022-07..2022-09")) {}
            }, None))
        }
    }
}
