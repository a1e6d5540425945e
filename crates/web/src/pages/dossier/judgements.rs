//! The scorecards that may be seen, side by side, and how far people and AI agree.

use dossier_archive::ApplicationView;
use dossier_domain::{Agreement, BankZone, Language, MaterialKind, Scorecard, UserId, scorecard::STEP};
use maud::{Markup, html};

use crate::{parts, person::Person};

/// Nothing where there is nothing to see.
pub(super) fn show(view: &ApplicationView, person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    let own = person.ctx.actor().user().map(|user| user.id);
    // One's own draft is in the form.
    let cards: Vec<&Scorecard> =
        view.scorecards.iter().filter(|card| card.is_final() || Some(card.by) != own).collect();
    html! {
        @if !cards.is_empty() {
            section.card.judgements #judgements {
                h2 { (language.pick("人工面试评分", "Scorecards")) }
                @if let Some(agreement) = view.agreement() { (together(&agreement, language)) }
                @for card in cards { (one(card, view, own, language, zone)) }
            }
        }
    }
}

/// What all say together, beside the AI.
fn together(agreement: &Agreement, language: Language) -> Markup {
    html! {
        p {
            (language.pick("推荐 ", "For: "))
            strong { (agreement.in_favour) " / " (agreement.people) }
            @if agreement.is_split() { " " span.warn { (language.pick("意见不一", "opinions differ")) } }
            @if let Some(gap) = agreement.gap() {
                " · " (language.pick("人工均分较 AI 得分", "people stand ")) " "
                (difference(gap, language))
            }
        }
        @if !agreement.criteria.is_empty() {
            table.list.agreement {
                thead { tr {
                    th scope="col" { (language.pick("评分项", "Criterion")) }
                    th scope="col" { (language.pick("人工均分", "People")) }
                    th scope="col" { "AI" }
                    th scope="col" { (language.pick("最低–最高", "Range")) }
                } }
                tbody {
                    @for judged in &agreement.criteria {
                        tr {
                            th scope="row" { (judged.criterion) }
                            td { (parts::score(Some(judged.mean))) }
                            td.number.warn[judged.gap().is_some_and(is_wide)] { (judged.ai.map_or("–".to_owned(), parts::number)) }
                            td.number.warn[judged.is_split()] { (parts::number(judged.lowest)) "–" (parts::number(judged.highest)) }
                        }
                    }
                    tr.total {
                        th scope="row" { (language.pick("总分", "Overall")) }
                        td { (parts::score(agreement.mean)) }
                        td.number.warn[agreement.gap().is_some_and(is_wide)] { (agreement.ai.map_or("–".to_owned(), parts::number)) }
                        td {}
                    }
                }
            }
            p.soft { small { (language.pick("换算为 0–100 分；相差一档（25 分）及以上以颜色标出。", "On 0–100; a step of 25 or more is marked.")) } }
        }
    }
}

fn is_wide(gap: f64) -> bool {
    gap.abs() >= STEP
}

fn difference(gap: f64, language: Language) -> Markup {
    let (by, above) = (parts::number(gap.abs()), gap >= 0.0);
    let text = match (language, above) {
        (Language::Chinese, true) => format!("高 {by} 分"),
        (Language::Chinese, false) => format!("低 {by} 分"),
        (Language::English, true) => format!("{by} above the AI score"),
        (Language::English, false) => format!("{by} below the AI score"),
    };
    html! { span.warn[is_wide(gap)] { (text) } }
}

/// One person's scorecard.
fn one(
    card: &Scorecard,
    view: &ApplicationView,
    own: Option<UserId>,
    language: Language,
    zone: BankZone,
) -> Markup {
    let has_video = view.materials.iter().any(|of| of.kind() == MaterialKind::Video);
    let name = view.people.get(&card.by).map_or("–", |name| name.as_str());
    html! {
        details open[view.scorecards.len() <= 3] {
            summary {
                strong { (name) }
                @if Some(card.by) == own { " " (language.pick("（本人）", "(you)")) }
                " "
                @match card.handed_in_at {
                    Some(at) => span.soft { (parts::time(at, zone)) },
                    None => span.soft { (language.pick("草稿", "draft")) },
                }
                @if let Some(recommendation) = card.judgement.recommendation {
                    " " span.good[recommendation.is_for()].bad[!recommendation.is_for()] { (recommendation.label(language)) }
                }
            }
            dl.marks {
                @for mark in &card.judgement.marks {
                    div { dt { (mark.criterion) } dd { (parts::number(mark.score.raw())) " / " (parts::number(mark.score.scale().max())) } }
                }
            }
            @if !card.judgement.summary.as_str().is_empty() { p.words { (card.judgement.summary) } }
            @if !card.judgement.notes.is_empty() {
                ul.noted {
                    @for note in &card.judgement.notes {
                        li {
                            @if let Some(at) = note.at { (parts::play(at, has_video, language)) " " }
                            (note.text)
                        }
                    }
                }
            }
        }
    }
}
