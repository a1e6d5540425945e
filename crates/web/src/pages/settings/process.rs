//! The bank's own process: what stages are called, their steps, and which moves are suggested.

use std::collections::BTreeMap;

use dossier_archive::Settings;
use dossier_domain::{
    Language, MoveRule, Place, Process, Stage, Step,
    process::{Bar, Label},
    text::{Line, StepKey},
};
use maud::{Markup, html};

use super::Change;
use crate::{
    failure::{Failure, Result},
    form::{self, typed},
    layout::token,
    pages::stage::{name_of, place},
    parts::number,
    person::Person,
};

/// So many empty rows wait for further steps, and for further rules.
const EMPTY: usize = 2;

/// The settings with the process of the form. A stage without a name keeps its usual one, and a row without a key or a
/// place is none; a step that is not there any more is given up by the archive, since something may stand in it.
pub(super) fn read(form: &Change, before: &Settings) -> Result<Settings> {
    let mut names = BTreeMap::new();
    for ((stage, zh), en) in Stage::ALL.into_iter().zip(&form.stage_zh).zip(&form.stage_en) {
        if !zh.trim().is_empty() {
            names.insert(stage, label(zh, en)?);
        }
    }
    let steps = steps(form)?;
    let mut rules = Vec::new();
    for ((from, to), bar) in form.rule_from.iter().zip(&form.rule_to).zip(&form.rule_bar) {
        if from.is_empty() || to.is_empty() {
            continue;
        }
        rules.push(MoveRule { from: place(from)?, to: place(to)?, at_least: self::bar(bar)? });
    }
    Ok(Settings { process: Process { names, steps, rules }, ..before.clone() })
}

fn label(zh: &str, en: &str) -> Result<Label> {
    let en = Some(en.trim()).filter(|en| !en.is_empty());
    let en = en.map(|en| typed::<Line>(("英文名称", "a name in English"), en)).transpose()?;
    Ok(Label { zh: typed::<Line>(("名称", "a name"), zh)?, en })
}

fn steps(form: &Change) -> Result<Vec<Step>> {
    let rows = form.step_key.iter().zip(&form.step_stage).zip(form.step_zh.iter().zip(&form.step_en));
    let mut steps: Vec<Step> = Vec::new();
    for ((key, stage), (zh, en)) in rows {
        if key.trim().is_empty() {
            continue;
        }
        let key = typed::<StepKey>(("环节代号", "a step's key"), key)?;
        let is_retired = form.step_retired.iter().any(|retired| retired.trim() == key.as_str());
        let stage = stage.parse().map_err(|_| Failure::bad("请选择阶段", "choose a stage"))?;
        steps.push(Step { key, stage, name: label(zh, en)?, is_retired });
    }
    Ok(steps)
}

/// A score to be reached; the position's pass mark where there is none.
fn bar(text: &str) -> Result<Bar> {
    match text.trim() {
        "" => Ok(Bar::PassMark),
        text => form::number(text)
            .map(Bar::Score)
            .ok_or_else(|| Failure::bad(format!("“{text}”不是分数"), format!("“{text}” is no score"))),
    }
}

pub(super) fn show(settings: &Settings, person: &Person) -> Markup {
    let (language, process) = (person.language(), &settings.process);
    html! {
        form.card method="post" #process {
            (token(person))
            h2 { (language.pick("招聘流程", "The hiring process")) }
            (stages(process, language))
            (step_rows(process, language))
            (rule_rows(process, language))
            button name="act" value="process" { (language.pick("保存", "Save")) }
        }
    }
}

fn stages(process: &Process, language: Language) -> Markup {
    html! {
        details {
            summary { (language.pick("阶段名称", "What stages are called")) }
            div.scroll { table.list {
                thead { tr {
                    th scope="col" { (language.pick("阶段", "Stage")) }
                    th scope="col" { (language.pick("本行名称", "In Chinese")) }
                    th scope="col" { (language.pick("英文名称", "In English")) }
                } }
                tbody { @for stage in Stage::ALL {
                    @let own = process.names.get(&stage);
                    @let usual = stage.label(language);
                    tr {
                        th scope="row" { (usual) }
                        td { input name="stage_zh" maxlength="60" value=[own.map(|own| own.zh.as_str())]
                            placeholder=(stage.label(Language::Chinese)) aria-label={ (usual) (language.pick("：本行名称", ": in Chinese")) } {} }
                        td { input name="stage_en" maxlength="60" value=[own.and_then(|own| own.en.as_ref()).map(|en| en.as_str())]
                            placeholder=(stage.label(Language::English)) aria-label={ (usual) (language.pick("：英文名称", ": in English")) } {} }
                    }
                } }
            } }
        }
    }
}

fn step_rows(process: &Process, language: Language) -> Markup {
    let rows = process.steps.iter().map(Some).chain(std::iter::repeat_n(None, EMPTY));
    let pick = |zh, en| language.pick(zh, en);
    html! {
        details open[!process.steps.is_empty()] {
            summary { (pick("阶段中的环节，如初面、终面", "Steps within stages, such as a first and a final round")) }
            p.soft { (pick("看得到某阶段的人，也看得到其中的环节。停用的环节仍可查阅历史，其中的应聘视为处于该阶段。",
                "Whoever sees a stage sees its steps. A step that is given up stays known; what stands in it counts as standing in its stage.")) }
            div.scroll { table.list {
                thead { tr {
                    th scope="col" { (pick("代号", "Key")) } th scope="col" { (pick("阶段", "Stage")) }
                    th scope="col" { (pick("名称", "In Chinese")) } th scope="col" { (pick("英文名称", "In English")) }
                    th scope="col" { (pick("停用", "Given up")) }
                } }
                tbody { @for (number, step) in rows.enumerate() {
                    @let row = number + 1;
                    tr {
                        td { input name="step_key" maxlength="40" value=[step.map(|step| step.key.as_str())] readonly[step.is_some()]
                            aria-label={ (pick("代号 ", "Key ")) (row) } {} }
                        td { select name="step_stage" aria-label={ (pick("阶段 ", "Stage ")) (row) } {
                            @for stage in Stage::ALL.into_iter().filter(|stage| *stage < Stage::Hired) {
                                option value=(stage.name()) selected[step.is_some_and(|step| step.stage == stage)] { (process.name(stage, language)) }
                            }
                        } }
                        td { input name="step_zh" maxlength="60" value=[step.map(|step| step.name.zh.as_str())] aria-label={ (pick("名称 ", "In Chinese ")) (row) } {} }
                        td { input name="step_en" maxlength="60" value=[step.and_then(|step| step.name.en.as_ref()).map(|en| en.as_str())]
                            aria-label={ (pick("英文名称 ", "In English ")) (row) } {} }
                        td { @if let Some(step) = step {
                            input type="checkbox" name="step_retired" value=(step.key) checked[step.is_retired]
                                aria-label={ (pick("停用 ", "Given up: ")) (step.name.text(language)) } {}
                        } }
                    }
                } }
            } }
        }
    }
}

fn rule_rows(process: &Process, language: Language) -> Markup {
    let rows = process.rules.iter().map(Some).chain(std::iter::repeat_n(None, EMPTY));
    let pick = |zh, en| language.pick(zh, en);
    html! {
        details open {
            summary { (pick("流转建议", "Suggested moves")) }
            p.soft { (pick("达到分数即建议推进，由人确认；分数留空则按岗位的通过分数线。规则不能淘汰候选人。",
                "Whoever reaches the score is suggested to move on, and a person confirms. Without a score it is the position's pass mark. No rule rejects.")) }
            div.scroll { table.list {
                thead { tr {
                    th scope="col" { (pick("从", "From")) } th scope="col" { (pick("到", "To")) } th scope="col" { (pick("分数不低于", "From which score")) }
                } }
                tbody { @for (number, rule) in rows.enumerate() {
                    @let row = number + 1;
                    tr {
                        td { (choice("rule_from", rule.map(|rule| &rule.from), process, (pick("从 ", "From "), row), language)) }
                        td { (choice("rule_to", rule.map(|rule| &rule.to), process, (pick("到 ", "To "), row), language)) }
                        td { input inputmode="decimal" maxlength="20" name="rule_bar" value=[rule.and_then(|rule| score(rule.at_least))]
                            placeholder=(pick("通过分数线", "pass mark")) aria-label={ (pick("分数 ", "Score ")) (row) } {} }
                    }
                } }
            } }
        }
    }
}

fn score(bar: Bar) -> Option<String> {
    if let Bar::Score(score) = bar { Some(number(score)) } else { None }
}

fn choice(
    name: &str,
    chosen: Option<&Place>,
    process: &Process,
    (what, row): (&str, usize),
    language: Language,
) -> Markup {
    let places = process.places();
    html! {
        select name=(name) aria-label={ (what) (row) } {
            option value="" { "–" }
            @for place in places.iter().filter(|place| !place.stage.is_end_without_hire()) {
                option value=(name_of(place)) selected[chosen == Some(place)] { (process.label(place, language)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Change {
        let text = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        Change {
            stage_zh: text(&["", "", "面谈", "", "", "", "", ""]),
            stage_en: text(&["", "", "Talk", "", "", "", "", ""]),
            step_key: text(&["first", "final", ""]),
            step_stage: text(&["human_interview", "human_interview", "human_interview"]),
            step_zh: text(&["初面", "终面", ""]),
            step_en: text(&["", "Final", ""]),
            rule_from: text(&["ai_interview", "human_interview/first", ""]),
            rule_to: text(&["human_interview/first", "human_interview/final", ""]),
            rule_bar: text(&["", "80", ""]),
            ..Change::default()
        }
    }

    #[test]
    fn a_form_is_read_as_a_process_that_makes_sense() {
        let settings = read(&form(), &Settings::default()).unwrap();
        let process = &settings.process;
        assert_eq!(process.check(), Ok(()));
        assert_eq!(process.name(Stage::HumanInterview, Language::English), "Talk");
        assert_eq!((process.steps.len(), process.rules.len()), (2, 2));
        assert_eq!(process.rules[0].at_least, Bar::PassMark);
        assert_eq!(process.rules[1].at_least, Bar::Score(80.0));
    }

    #[test]
    fn a_step_is_left_out_or_given_up() {
        let before = read(&form(), &Settings::default()).unwrap();
        let mut less = form();
        less.step_key[1].clear();
        less.rule_to[1].clear();
        assert_eq!(read(&less, &before).unwrap().process.steps.len(), 1, "the archive knows it still");
        let mut retired = form();
        retired.step_retired = vec!["first".to_owned()];
        assert!(read(&retired, &before).unwrap().process.steps[0].is_retired);
        let mut wrong = form();
        wrong.rule_bar[1] = "much".to_owned();
        assert!(read(&wrong, &before).is_err());
    }
}
