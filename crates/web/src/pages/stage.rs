//! Moving an application to another stage, and back.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::{Action, Resource};
use dossier_archive::{ApplicationView, Move, Seen, Settings};
use dossier_domain::{
    ApplicationId, Language, Outcome, Place, Process, Stage,
    text::{Line, StepKey},
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    form::{Sent, typed},
    layout::{self, Page, token},
    parts,
    person::Person,
    site::Site,
};

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    act: String,
    /// Where the page showed it.
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    reason: String,
    /// Whether whoever asks was told that this is no usual move, and wants it.
    #[serde(default)]
    sure: bool,
    /// How many moves the page showed.
    seen: Option<usize>,
}

/// `POST /applications/{application}/stage`
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
    sent: Sent<Asked>,
) -> Result<Response> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    let (ctx, asked) = (&sent.person.ctx, &sent.form);
    let (reason, seen) = (reason(&asked.reason)?, asked.seen.map(Seen::Moves));
    match asked.act.as_str() {
        "undo" => drop(site.archive.undo_move(ctx, id, seen, reason).await?),
        _ => {
            let to = place(&asked.to)?;
            if !asked.sure
                && let Some(doubt) = doubt(&site.archive.settings().process, &asked.from, &to)
            {
                return Ok(ask_again(&sent, &site, id, &to, &doubt).await?.into_response());
            }
            site.archive.move_to(ctx, id, &Move::to(to).because(reason).seen(seen)).await?;
        }
    }
    Ok(Redirect::to(&format!("/applications/{id}#history")).into_response())
}

/// What makes a move one that is asked about once more.
#[derive(Debug, PartialEq)]
enum Doubt {
    /// It leads back, or out of an end.
    Back,
    /// It leaves these stages out.
    Skips(Vec<Stage>),
}

/// Whether a move from the place that a page showed is one to ask about; those that a rule suggests are not.
fn doubt(process: &Process, from: &str, to: &Place) -> Option<Doubt> {
    let from = place(from).ok()?;
    match process.outcome(&from, to).ok()? {
        Outcome::Undone => Some(Doubt::Back),
        Outcome::Passed if process.rule_from(&from).is_none_or(|rule| rule.to != *to) => {
            let between = |stage: &Stage| from.stage < *stage && *stage < to.stage;
            let left_out: Vec<Stage> = Stage::ALL.into_iter().filter(between).collect();
            (!left_out.is_empty()).then_some(Doubt::Skips(left_out))
        }
        _ => None,
    }
}

/// The same move as a page of its own, with what is unusual in it.
async fn ask_again(
    sent: &Sent<Asked>,
    site: &Site,
    id: ApplicationId,
    to: &Place,
    doubt: &Doubt,
) -> Result<Markup> {
    let (person, asked) = (&sent.person, &sent.form);
    let view = site.archive.show(&person.ctx, id).await?;
    let process = &site.archive.settings().process;
    let language = person.language();
    let title = language.pick("确认变更阶段", "Confirm the move");
    let back = format!("/applications/{id}");
    let content = html! {
        form.card.narrow.sure method="post" action={ (back) "/stage" } {
            h1 { (title) }
            p { (parts::name(view.identity.name.as_ref(), language)) " · " (view.position.name) }
            p {
                (process.label(&process.settled(view.application.place()), language)) " → "
                strong { (process.label(to, language)) }
            }
            p.notice.problem { (why(doubt, process, language)) }
            (token(person))
            input type="hidden" name="from" value=(asked.from);
            input type="hidden" name="to" value=(asked.to);
            @if let Some(seen) = asked.seen { input type="hidden" name="seen" value=(seen); }
            (parts::field(language.pick("理由", "Reason"), &html! {
                input name="reason" maxlength="200" value=(asked.reason);
            }, None))
            button.primary name="sure" value="true" { (language.pick("确认变更", "Move")) } " "
            a.button href=(back) { (language.pick("不变更", "Leave it as it is")) }
        }
    };
    Ok(Page::of(person, layout::Place::Candidates).render(title, &content))
}

fn why(doubt: &Doubt, process: &Process, language: Language) -> String {
    match doubt {
        Doubt::Back => language
            .pick(
                "这是往回移：所离开的阶段不算通过。",
                "This moves the application back: the stage that it leaves does not count as passed.",
            )
            .to_owned(),
        Doubt::Skips(stages) => {
            let names: Vec<&str> = stages.iter().map(|stage| process.name(*stage, language)).collect();
            format!(
                "{}{}{}",
                language.pick("这会跳过：", "This skips: "),
                names.join(language.pick("、", ", ")),
                language.pick("。", ".")
            )
        }
    }
}

pub(super) fn reason(typed_text: &str) -> Result<Option<Line>> {
    match typed_text.trim() {
        "" => Ok(None),
        text => typed::<Line>(("理由", "a reason"), text).map(Some),
    }
}

/// A place as forms name it: the stage, and the step behind a slash.
pub(super) fn place(text: &str) -> Result<Place> {
    let unknown = || Failure::bad("请选择要移到的阶段", "choose the stage to move to");
    let (stage, step) = text.split_once('/').map_or((text, None), |(stage, step)| (stage, Some(step)));
    let stage: Stage = stage.parse().map_err(|_| unknown())?;
    let step = step.map(StepKey::parse).transpose().map_err(|_| unknown())?;
    Ok(Place { stage, step })
}

/// How forms name a place.
pub(super) fn name_of(place: &Place) -> String {
    match &place.step {
        Some(step) => format!("{}/{step}", place.stage),
        None => place.stage.to_string(),
    }
}

/// The form, for who may move the application.
pub(super) fn form(view: &ApplicationView, settings: &Settings, person: &Person) -> Markup {
    let language = person.language();
    let process = &settings.process;
    let now = process.settled(view.application.place());
    let may = person.ctx.decide(Action::MoveStage, &Resource::of(&view.application)).is_allowed();
    let score = view.score.map(dossier_domain::Score::normalised);
    let suggested = process.suggested(&now, score, view.position.passes(score, view.weighted));
    let suggested = suggested.map(|rule| rule.to.clone());
    html! {
        @if may {
            @if let Some(to) = &suggested {
                p.notice.suggestion {
                    (language.pick("得分已达分数线，建议移到：", "The score reaches the mark; suggested: "))
                    strong { (process.label(to, language)) }
                }
            }
            form.move method="post" action={ "/applications/" (view.application.id) "/stage" } {
                (token(person))
                input type="hidden" name="seen" value=(view.application.moves.len());
                input type="hidden" name="from" value=(name_of(&now));
                label {
                    span.soft { (language.pick("移到 ", "Move to ")) }
                    (choice(process, &now, suggested.or_else(|| next(process, &now)).as_ref(), language))
                }
                input name="reason" maxlength="200" aria-label=(language.pick("理由", "Reason"))
                    placeholder=(language.pick("理由（淘汰时必填）", "Reason (needed for a rejection)")) {}
                button { (language.pick("变更阶段", "Move")) }
                @if view.application.place_before().is_some() {
                    button.quiet name="act" value="undo" { (language.pick("撤回上一步", "Take the last move back")) }
                }
            }
        }
    }
}

/// A choice among all places that one can move to from here.
fn choice(process: &Process, now: &Place, chosen: Option<&Place>, language: Language) -> Markup {
    html! {
        select name="to" required {
            option value="" selected[chosen.is_none()] { (language.pick("选择阶段…", "choose a stage…")) }
            @for place in process.places().iter().filter(|place| process.outcome(now, place).is_ok()) {
                option value=(name_of(place)) selected[chosen == Some(place)] { (process.label(place, language)) }
            }
        }
    }
}

/// The stage that comes next.
pub(super) fn next_stage(now: Stage) -> Option<Place> {
    let next = Stage::ALL.into_iter().find(|stage| *stage > now)?;
    (!next.is_end_without_hire() && !now.is_end_without_hire()).then(|| next.into())
}

/// The place that comes next.
fn next(process: &Process, now: &Place) -> Option<Place> {
    let places = process.places();
    let here = places.iter().position(|place| place == now)?;
    places.into_iter().nth(here + 1).filter(|place| !place.stage.is_end_without_hire())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_read_the_names_of_places_that_they_write() {
        for step in [None, Some("终面"), Some("a/b")] {
            let step = step.map(|step| StepKey::parse(step).unwrap());
            let written = Place { stage: Stage::HumanInterview, step };
            assert_eq!(place(&name_of(&written)).unwrap(), written);
        }
        assert!(place("nowhere").is_err() && place("human_interview/").is_err());
    }

    #[test]
    fn moves_back_and_over_stages_are_asked_about() {
        let process = Process::default();
        let of = |from: Stage, to: Stage| doubt(&process, from.name(), &to.into());
        assert_eq!(of(Stage::HumanInterview, Stage::AiInterview), Some(Doubt::Back));
        assert_eq!(of(Stage::Rejected, Stage::Offer), Some(Doubt::Back));
        assert_eq!(
            of(Stage::AiInterview, Stage::Offer),
            Some(Doubt::Skips(vec![Stage::HumanInterview, Stage::BackgroundCheck]))
        );
        for to in [Stage::HumanInterview, Stage::Rejected, Stage::Withdrawn] {
            assert_eq!(of(Stage::AiInterview, to), None);
        }
        assert_eq!(doubt(&process, "", &Stage::Offer.into()), None, "a page that shows no place");
    }

    #[test]
    fn after_the_last_stage_nothing_comes_next() {
        let process = Process::default();
        assert_eq!(next(&process, &Stage::AiInterview.into()), Some(Stage::HumanInterview.into()));
        assert_eq!(next(&process, &Stage::Hired.into()), None);
        assert_eq!(next(&process, &Stage::Rejected.into()), None);
    }
}
