//! The board of a position: a column for each stage, cards that are moved by button, by key or by hand.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::{Action, Resource};
use dossier_archive::{Board, Card, Column, Error, Move, Moved, Seen};
use dossier_domain::{ApplicationId, Language, PositionId, Process, Stage};
use dossier_search::{
    Query,
    query::{Condition, Named},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    sign_in::alert,
    stage::{name_of, place, reason},
};
use crate::{
    assets, events,
    failure::{Failure, Result},
    form::Sent,
    layout::{self, Page, token},
    parts::{self, address},
    person::Person,
    site::Site,
};

/// `GET /positions/{position}/board`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(position): Path<String>,
) -> Result<Markup> {
    let id: PositionId = position.parse().map_err(|_| Failure::NoPage)?;
    show(&person, &site, id, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    /// The applications that are ticked.
    application: Vec<String>,
    to: String,
    reason: String,
    /// The stage in which the page showed them; for a card that is moved by itself.
    from: String,
    /// One card's own button: the application, where from and where to, with spaces between them.
    one: String,
    /// The stage whose rule is confirmed.
    confirm: String,
}

/// `POST /positions/{position}/board`
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    Path(position): Path<String>,
    sent: Sent<Change>,
) -> Result<Response> {
    let id: PositionId = position.parse().map_err(|_| Failure::NoPage)?;
    match act(&sent, &site, id).await {
        Ok(moved) if moved.refused.is_empty() => {
            Ok(Redirect::to(&format!("/positions/{id}/board")).into_response())
        }
        Ok(moved) => Ok(show(&sent.person, &site, id, Some(&Told::Moved(moved))).await?.into_response()),
        Err(failure) if [400, 409, 422].contains(&failure.status().as_u16()) => {
            let status = failure.status();
            Ok((status, show(&sent.person, &site, id, Some(&Told::Refused(failure))).await?).into_response())
        }
        Err(other) => Err(other),
    }
}

/// What came of a move, where not all went well.
enum Told {
    Moved(Moved),
    Refused(Failure),
}

async fn act(sent: &Sent<Change>, site: &Site, id: PositionId) -> Result<Moved> {
    let (ctx, form) = (&sent.person.ctx, &sent.form);
    if !form.confirm.is_empty() {
        return Ok(site.archive.confirm_suggestions(ctx, id, &place(&form.confirm)?).await?);
    }
    let words: Vec<&str> = form.one.split(' ').collect();
    let (applications, from, to) = match words.as_slice() {
        [application, from, to @ ..] if !to.is_empty() => (vec![*application], *from, to.join(" ")),
        _ => (form.application.iter().map(String::as_str).collect(), form.from.as_str(), form.to.clone()),
    };
    let ids = applications.into_iter().map(str::parse).collect::<Result<Vec<ApplicationId>, _>>();
    let ids = ids.map_err(|_| Failure::NoPage)?;
    if ids.is_empty() {
        return Err(Failure::bad("请先勾选候选人", "tick candidates first"));
    }
    let seen = from.parse::<Stage>().ok().map(Seen::In);
    let asked = Move::to(place(&to)?).because(reason(&form.reason)?).seen(seen);
    match ids.as_slice() {
        // Why a single one is not moved is the whole answer.
        [only] => {
            site.archive.move_to(ctx, *only, &asked).await?;
            Ok(Moved { moved: ids, refused: Vec::new() })
        }
        _ => Ok(site.archive.move_many(ctx, &ids, &asked).await?),
    }
}

async fn show(person: &Person, site: &Site, id: PositionId, told: Option<&Told>) -> Result<Markup> {
    let board = site.archive.board(&person.ctx, id).await?;
    let settings = site.archive.settings();
    let language = person.language();
    let moves = |stage| {
        let resource = Resource::Application { position: id, stage };
        person.ctx.decide(Action::MoveStage, &resource).is_allowed()
    };
    let may_move = board.columns.iter().any(|column| moves(column.stage));
    let name = &board.position.name;
    let content = html! {
        div.bar {
            h1 { (name) " " span.soft { (language.pick("看板", "board")) } }
            @if board.position.closed_at.is_some() { span.warn { (language.pick("已关闭", "closed")) } }
            @if let Some(mark) = board.position.pass_mark {
                span.soft { (language.pick("通过分数线 ", "pass mark ")) (parts::number(mark)) }
            }
        }
        div data-live="told" { @if let Some(told) = told { (outcome(told, &board, language)) } }
        form #move method="post" data-reason=(language.pick("淘汰的理由：", "Reason for the rejection:")) {
            (token(person))
            @if may_move { (bar(&settings.process, language)) }
            div.board data-live="board" data-events=(events::of_board(id)) tabindex="0" role="region"
                aria-label=(language.pick("看板", "Board")) {
                @for column in &board.columns { (self::column(column, &board, &settings.process, moves(column.stage), person)) }
            }
        }
    };
    let page = Page::of(person, layout::Place::Positions).wide().script(assets::LIVE).script(assets::BOARD);
    Ok(page.render(&format!("{name} · {}", language.pick("看板", "board")), &content))
}

/// What to do with the cards that are ticked.
fn bar(process: &Process, language: Language) -> Markup {
    html! {
        div.move.ticked {
            label {
                span.soft { (language.pick("将勾选的移到 ", "Move those ticked to ")) }
                select name="to" {
                    option value="" { (language.pick("选择阶段…", "choose a stage…")) }
                    @for place in &process.places() { option value=(name_of(place)) { (process.label(place, language)) } }
                }
            }
            input name="reason" maxlength="200" aria-label=(language.pick("理由", "Reason"))
                placeholder=(language.pick("理由（淘汰时必填）", "Reason (needed for a rejection)"));
            button { (language.pick("移动", "Move")) }
            span.soft.keys hidden { (language.pick("也可拖动卡片，或选中后按 Shift+← →", "Or drag a card; or Shift+← → on one")) }
        }
    }
}

fn column(column: &Column, board: &Board, process: &Process, moves: bool, person: &Person) -> Markup {
    let language = person.language();
    let stage = column.stage;
    let rule = process.rule_from(&stage.into());
    let all = Query::everything()
        .with(Condition::Position(Named::exactly(board.position.name.as_str())))
        .with(Condition::Stage(stage))
        .text(language);
    html! {
        section.column data-stage=(stage) data-drop[moves] {
            header {
                h2 { (process.name(stage, language)) }
                span.soft { (column.total) }
            }
            @if let Some(rule) = rule.filter(|_| column.suggested > 0) {
                p.suggestion {
                    (language.pick("达到分数线，建议移到", "Reach the mark, suggested: ")) (process.label(&rule.to, language))
                    " " button name="confirm" value=(stage) { (language.pick("确认 ", "Confirm ")) (column.suggested) }
                }
            }
            ul { @for card in &column.cards { (self::card(card, process, moves, person)) } }
            @if column.total > column.cards.len() as u64 {
                a.more href=(address("/candidates", &[("q", &all)])) {
                    (language.pick("全部 ", "All ")) (column.total) (language.pick(" 人", ""))
                }
            }
        }
    }
}

fn card(card: &Card, process: &Process, moves: bool, person: &Person) -> Markup {
    let (language, hit) = (person.language(), &card.hit);
    let name = parts::name(hit.name.as_ref(), language);
    let days = (person.ctx.now() - hit.stage_since).num_days().max(0);
    // A search says in which stage somebody stands, and not in which step of it: the next stage is right for all.
    let next = card.suggested.clone().or_else(|| super::stage::next_stage(hit.stage)).filter(|_| moves);
    html! {
        li data-application=(hit.application) draggable=[moves.then_some("true")] {
            @if moves {
                input type="checkbox" name="application" value=(hit.application)
                    aria-label={ (language.pick("选择", "Choose ")) (name) };
            }
            a href={ "/applications/" (hit.application) } { (name) }
            (parts::score(hit.score))
            @if let Some(weighted) = hit.weighted { small.soft { (language.pick("加权 ", "weighted ")) (parts::number(weighted)) } }
            small.soft title=(language.pick("在此阶段的天数", "days in this stage")) {
                (parts::days(days, language))
            }
            @if let Some(next) = next {
                button.quiet.advance.suggested[card.suggested.is_some()]
                    name="one" value={ (hit.application) " " (hit.stage) " " (name_of(&next)) }
                    title={ (language.pick("移到 ", "Move to ")) (process.label(&next, language)) }
                    aria-label={ (name) (language.pick("：移到", ": move to ")) (process.label(&next, language)) } { "→" }
            }
        }
    }
}

/// What came of a move of several, or why one was refused.
fn outcome(told: &Told, board: &Board, language: Language) -> Markup {
    let name = |id: &ApplicationId| {
        let cards = board.columns.iter().flat_map(|column| &column.cards);
        let hit = cards.map(|card| &card.hit).find(|hit| hit.application == *id);
        hit.and_then(|hit| hit.name.as_ref()).map_or_else(|| id.to_string(), ToString::to_string)
    };
    match told {
        Told::Refused(failure) => alert(Some(&failure.detail(language))),
        Told::Moved(Moved { moved, refused }) => html! {
            div.notice.problem role="alert" {
                p {
                    (language.pick("已移动 ", "Moved: ")) (moved.len())
                    (language.pick(" 人，未移动 ", "; not moved: ")) (refused.len()) (language.pick(" 人：", ""))
                }
                ul { @for (id, error) in refused.iter().take(50) { li { (name(id)) " – " (Error::message(error, language)) } } }
            }
        },
    }
}
