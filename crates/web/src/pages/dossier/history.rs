//! How it came so far: the moves, the sittings, and what the scores were before they were corrected.

use dossier_archive::ApplicationView;
use dossier_domain::{BankZone, Interview, Language, Process, Score};
use maud::{Markup, html};

use crate::parts;

pub(super) fn show(view: &ApplicationView, process: &Process, language: Language, zone: BankZone) -> Markup {
    html! {
        section.card #history {
            h2.head { (language.pick("经过", "History")) }
            ol.moves { @for number in (0..view.application.moves.len()).rev() { (moved(view, number, process, (language, zone))) } }
            @for interview in view.interviews.iter().rev() { (sitting(interview, language, zone)) }
        }
    }
}

fn moved(
    view: &ApplicationView,
    number: usize,
    process: &Process,
    (language, zone): (Language, BankZone),
) -> Markup {
    let step = &view.application.moves[number];
    let outcome = step.outcome_label(view.application.is_undo(number), language);
    html! {
        li {
            (parts::time(step.at, zone))
            span {
                @if let Some(from) = step.from { (process.name(from, language)) " → " }
                strong { (process.label(&step.place(), language)) }
                " " span.soft { (outcome) }
                @if let Some(reason) = &step.reason { span.soft { "：" (reason) } }
            }
        }
    }
}

/// One sitting: where, how long, with what scores on whose scale.
fn sitting(interview: &Interview, language: Language, zone: BankZone) -> Markup {
    let minutes = interview.started_at.zip(interview.ended_at).map(|(from, to)| (to - from).num_minutes());
    html! {
        div.sitting-facts {
            h3 { (language.pick("AI面试", "AI interview")) " · " (interview.vendor) }
            p.soft {
                @if let Some(at) = interview.started_at { (parts::time(at, zone)) }
                @if let Some(minutes) = minutes.filter(|minutes| *minutes > 0) {
                    " · " (minutes) (language.pick(" 分钟", " min"))
                }
                " · " (language.pick("供应商编号 ", "vendor’s id ")) code { (interview.remote_id) }
                " · " (language.pick("同步于 ", "synced ")) (parts::time(interview.synced_at, zone))
            }
            @if !interview.scores.is_empty() {
                table.list.scores {
                    caption { (language.pick("得分与更正", "Scores and corrections")) }
                    tbody { @for (age, revision) in interview.scores.iter().rev().enumerate() {
                        tr.superseded[age > 0] {
                            td { (parts::score(Some(revision.score.normalised()))) }
                            td.soft { (raw(revision.score, language)) }
                            td { (parts::time(revision.received_at, zone)) }
                            td.soft { @if age > 0 { (language.pick("已被更正", "corrected since")) } }
                        }
                    } }
                }
            }
            @if !interview.criteria.is_empty() {
                table.list.scores {
                    caption { (language.pick("分项", "Criteria")) }
                    tbody { @for criterion in &interview.criteria {
                        tr { th scope="row" { (criterion.label(language)) } td { (parts::score(Some(criterion.score.normalised()))) }
                            td.soft { (raw(criterion.score, language)) } }
                    } }
                }
            }
        }
    }
}

/// The score on the vendor's own scale.
fn raw(score: Score, language: Language) -> String {
    let (raw, min, max) = (score.raw(), score.scale().min(), score.scale().max());
    match language {
        Language::Chinese => format!("原始分 {raw}（{min}–{max}）"),
        Language::English => format!("raw {raw} ({min}–{max})"),
    }
}
